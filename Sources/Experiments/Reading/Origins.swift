import Basics
import Pipeline

/// `weights: {from: <arm>}`: which experiment of the sweep starts from which.
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
      for (part, start) in experiments[index].network.starts {
        guard case .experiment(let origin) = start, !isWrong.contains(origin.place) else {
          continue
        }
        let problem: Diagnostic?
        switch references.target(of: points[index], named: origin.arm) {
        case .point(let target):
          experiments[index].network.resolve { $0.place == origin.place ? target : $0.index }
          problem = misfit(experiments[target], in: experiments[index], part, origin)
        case let other: problem = failure(other, experiments[index], origin)
        }
        guard let problem else { continue }
        diagnostics.add(problem)
        isWrong.insert(origin.place)
      }
    }
    if isWrong.isEmpty, !checkCycles(experiments) { takeNormalization(&experiments) }
    return experiments
  }

  /// A network that goes on from another sees pictures as that one did, where its spec says nothing.
  private func takeNormalization(_ experiments: inout [Experiment]) {
    for index in experiments.indices where experiments[index].images.normalize == nil {
      var current = index
      while experiments[current].images.normalize == nil,
        case .experiment(let origin)? = experiments[current].network.starts.first?.start,
        experiments[origin.index].images.channels == experiments[index].images.channels
      { current = origin.index }
      experiments[index].images.normalize = experiments[current].images.normalize
    }
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
    _ source: Experiment, in experiment: Experiment, _ part: Int?, _ origin: Experiment.Origin
  ) -> Diagnostic? {
    let needed = part.map { experiment.network.parts[$0] } ?? experiment.network.arch
    if source.network.arch != needed {
      let whose = part.map { "part \($0 + 1) of `\(experiment.name)`" } ?? "`\(experiment.name)`"
      return Diagnostic(
        "`\(source.name)` is a \(source.network.arch), and \(whose) a \(needed)", at: origin.place,
        hint: "a network starts from one of its own architecture")
    }
    let (given, wanted) = (source.images.channels, experiment.images.channels)
    if given != wanted, given != 3 {
      return Diagnostic(
        "`\(source.name)` takes \(given) channels, and `\(experiment.name)` \(wanted)",
        at: origin.place, hint: "only a network for 3 channels can be made to take fewer")
    }
    return nil
  }

  /// Notes experiments that start from each other: a walk from each to what it starts from, that
  /// comes to one it is still on.
  private func checkCycles(_ experiments: [Experiment]) -> Bool {
    var isDone = [Bool](repeating: false, count: experiments.count)
    var told: Set<Place> = []
    for start in experiments.indices where !isDone[start] {
      var path = [(index: start, next: 0)]
      while let (index, next) = path.last {
        let origins = experiments[index].network.origins
        guard next < origins.count else {
          isDone[index] = true
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let origin = origins[next]
        guard let first = path.firstIndex(where: { $0.index == origin.index }) else {
          if !isDone[origin.index] { path.append((origin.index, 0)) }
          continue
        }
        // Each seed has the same cycle: it is told once.
        guard told.insert(experiments[path[first].index].network.origins[0].place).inserted else {
          continue
        }
        let cycle = (path[first...].map(\.index) + [origin.index]).map {
          "`\(experiments[$0].name)`"
        }
        diagnostics.add(
          cycle.count == 2
            ? "\(cycle[0]) starts from itself"
            : "experiments start from each other: \(cycle.joined(separator: " → "))",
          at: origin.place)
      }
    }
    return !told.isEmpty
  }
}
