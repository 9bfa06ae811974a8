import Basics
import Pipeline

/// `compare:` which arm each arm is held against.
package struct CompareSection: Hashable, Sendable {
  /// Values of axes: an arm is compared with the arm that has these and is like it otherwise. Empty
  /// for no comparison.
  package var baseline: [SweepSetting] = []

  /// The settings of what an arm with `settings` is compared with; `nil` where that is itself.
  package func counterpart(
    of settings: [SweepSetting]
  ) -> [(path: String, value: String)]? {
    guard !baseline.isEmpty else { return nil }
    let other = settings.map { setting in
      (setting.path, baseline.first { $0.path == setting.path }?.value ?? setting.value)
    }
    return zip(other, settings).allSatisfy { $0.1 == $1.value } ? nil : other
  }

  /// Reads `compare` of a spec whose arms have the settings `arms`.
  static func read(
    _ top: SectionReader, arms: [[SweepSetting]]
  ) -> CompareSection {
    var section = CompareSection()
    guard let reader = top.section("compare") else { return section }
    defer { reader.finish() }
    guard let baseline = reader.section("baseline") else { return section }
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
