import Basics
import Pipeline

/// `compare:` which arm each arm is held against.
package struct CompareSection: Hashable, Sendable {
  /// Values of axes: an arm is compared with the arm that has these and is like it otherwise. Empty
  /// for no comparison.
  package var baseline: [SweepSetting] = []
  /// Whether `baseline` is one arm, which all others are compared with.
  package var isArm = false

  /// The settings of what an arm with `settings` is compared with; `nil` where that is itself.
  package func counterpart(
    of settings: [SweepSetting]
  ) -> [(path: String, value: String)]? {
    guard !baseline.isEmpty else { return nil }
    let other =
      isArm
      ? baseline.map { ($0.path, $0.value) }
      : settings.map { setting in
        (setting.path, baseline.first { $0.path == setting.path }?.value ?? setting.value)
      }
    let isItself = other.elementsEqual(settings) { $0.0 == $1.path && $0.1 == $1.value }
    return isItself ? nil : other
  }

  /// Reads `compare` of a spec.
  static func read(_ top: SectionReader, _ experiments: [Experiment]) -> CompareSection {
    guard let reader = top.section("compare") else { return CompareSection() }
    defer { reader.finish() }
    guard let node = reader.node("baseline") else { return CompareSection() }
    if let name = node.text {
      do {
        return try arm(name, among: experiments)
      } catch {
        reader.add(error.message, at: "baseline", hint: error.hint)
        return CompareSection()
      }
    }
    guard let baseline = reader.section("baseline") else { return CompareSection() }
    return read(baseline, in: reader, arms: experiments.map(\.settings))
  }

  /// The arm that `name` means, or some words of it, as what all others are compared with.
  static func arm(_ name: String, among experiments: [Experiment]) throws(Diagnostic)
    -> CompareSection
  {
    let found = ExperimentSearch.indices(of: name, among: experiments)
    guard let first = found.first else {
      throw ExperimentSearch.missing(name, among: experiments, as: "arm")
    }
    let arms = Set(found.map { experiments[$0].arm })
    guard arms.count == 1 else {
      throw Diagnostic("`\(name)` can be \(arms.sorted().prefix(10).quotedList)")
    }
    guard !experiments[first].settings.isEmpty else {
      throw Diagnostic("there is one arm, and nothing to compare it with")
    }
    return CompareSection(baseline: experiments[first].settings, isArm: true)
  }

  private static func read(
    _ baseline: SectionReader, in reader: SectionReader, arms: [[SweepSetting]]
  ) -> CompareSection {
    var section = CompareSection()
    var axes: [String] = []
    for setting in arms.joined() where !axes.contains(setting.path) { axes.append(setting.path) }
    for key in baseline.keys {
      guard let node = baseline.node(key) else { continue }
      guard axes.contains(key) else {
        reader.diagnostics.add(
          "`\(key)` is no axis of the sweep", at: baseline.keyPlace(of: key),
          hint: axes.isEmpty ? nil : "the axes are \(axes.quotedList)")
        continue
      }
      let values = arms.compactMap { $0.first { $0.path == key }?.value }
      guard values.contains(node.flow) else {
        let near = nearestName(to: node.flow, among: values)
        reader.diagnostics.add(
          "no arm has `\(node.flow)` for `\(key)`", at: node.place,
          hint: near.map { "did you mean `\($0)`?" })
        continue
      }
      section.baseline.append(SweepSetting(path: key, value: node.flow))
    }
    if baseline.keys.isEmpty {
      reader.add("`compare.baseline` names no axis of the sweep", at: "baseline")
    } else if section.baseline.count == baseline.keys.count, !section.comparesAny(of: arms) {
      reader.add("no two arms differ in `compare.baseline` and nothing else", at: "baseline")
    }
    return section
  }

  private func comparesAny(of arms: [[SweepSetting]]) -> Bool {
    let known = Set(arms.map { $0.map { "\($0.path)\n\($0.value)" } })
    return arms.contains { arm in
      counterpart(of: arm).map { known.contains($0.map { "\($0.path)\n\($0.value)" }) } ?? false
    }
  }
}
