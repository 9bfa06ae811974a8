import Basics
import Pipeline

/// `train.weights: {from: <arm>}`: which experiment of the sweep starts from which.
struct Origins {
  let points: [SweepPoint]
  let diagnostics: DiagnosticList

  /// The experiments with the index of what each starts from; a name that leads to none or to
  /// several, networks that do not fit and cycles are noted at the place of the name.
  ///
  /// - Parameter experiments: one for each of `points`.
  func resolved(_ experiments: [Experiment]) -> [Experiment] {
    var experiments = experiments
    var references = SweepReferences(points)
    var isWrong: Set<Place> = []
    for index in experiments.indices {
      guard let origin = experiments[index].origin, !isWrong.contains(origin.place) else {
        continue
      }
      let problem: Diagnostic?
      switch references.target(of: points[index], named: origin.arm) {
      case .point(let target):
        experiments[index].origin?.index = target
        problem = misfit(experiments[target], in: experiments[index], origin)
      case let other: problem = failure(other, experiments[index], origin)
      }
      guard let problem else { continue }
      diagnostics.add(problem)
      isWrong.insert(origin.place)
    }
    if isWrong.isEmpty { checkCycles(experiments) }
    return experiments
  }

  private func failure(
    _ target: SweepReferences.Target, _ experiment: Experiment, _ origin: Experiment.Origin
  ) -> Diagnostic? {
    switch target {
    case .point: return nil
    case .unknownArm:
      var names: [String] = []
      for point in points {
        for name in point.settings.map(\.word) + [point.arm] where !names.contains(name) {
          names.append(name)
        }
        if names.count > 100 { break }
      }
      return Diagnostic(
        "unknown arm `\(origin.arm)`", at: origin.place,
        hint: nearestName(to: origin.arm, among: names).map { "did you mean `\($0)`?" }
          ?? "the arms are \(names.prefix(20).quotedList)")
    case .noPoint:
      return Diagnostic(
        "`\(origin.arm)` has no experiment with the seed and the settings of `\(experiment.name)`",
        at: origin.place)
    case .several(let found):
      let names = found.prefix(10).map { points[$0].arm + " seed=\(points[$0].seed)" }
      return Diagnostic(
        "`\(origin.arm)` can be \(names.quotedList) for `\(experiment.name)`", at: origin.place,
        hint: "say more words of the arm: `arm, key=value`")
    }
  }

  private func misfit(
    _ source: Experiment, in experiment: Experiment, _ origin: Experiment.Origin
  ) -> Diagnostic? {
    if source.train.arch != experiment.train.arch {
      return Diagnostic(
        "`\(source.name)` is a \(source.train.arch), and `\(experiment.name)` a "
          + experiment.train.arch, at: origin.place,
        hint: "a network starts from one of its own architecture")
    }
    let (given, needed) = (source.images.channels, experiment.images.channels)
    if given != needed, given != 3 {
      return Diagnostic(
        "`\(source.name)` takes \(given) channels, and `\(experiment.name)` \(needed)",
        at: origin.place, hint: "only a network for 3 channels can be made to take fewer")
    }
    return nil
  }

  /// A cycle is found by walking from each experiment to what it starts from.
  private func checkCycles(_ experiments: [Experiment]) {
    var state = [Int](repeating: 0, count: experiments.count)
    var told: Set<Place> = []
    for start in experiments.indices where state[start] == 0 {
      var path: [Int] = []
      var next: Int? = start
      while let current = next, state[current] == 0 {
        state[current] = start + 1
        path.append(current)
        next = experiments[current].origin?.index
      }
      // Each seed has the same cycle: it is told once.
      guard let end = next, state[end] == start + 1, let first = path.firstIndex(of: end),
        let place = experiments[end].origin?.place, told.insert(place).inserted
      else { continue }
      let cycle = (path[first...] + [end]).map { "`\(experiments[$0].name)`" }
      diagnostics.add(
        cycle.count == 2
          ? "\(cycle[0]) starts from itself"
          : "experiments start from each other: \(cycle.joined(separator: " → "))",
        at: place)
    }
  }
}
