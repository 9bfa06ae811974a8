import Basics

/// The `sweep` of a spec as written: its axes, the points it leaves out and those it adds.
struct SweepSection {
  /// The keys of `sweep` that name no axis.
  static let ownKeys = ["arms", "zip", "exclude", "include"]

  /// Axes that are walked together, in written order; the groups multiply.
  private(set) var groups: [[Axis]] = []
  /// Points to leave out, as the values of some axes.
  private(set) var excluded: [(place: Place, values: [AxisValue])] = []
  /// Points to add, for each seed.
  private(set) var included: [(place: Place, values: [AxisValue])] = []
  /// Whether nothing was wrong.
  private(set) var isRight = true

  /// The axes that are written, right or wrong.
  private var written: Set<String> = []
  private let root: SpecNode
  private let options: Sweep.Options
  private let diagnostics: DiagnosticList

  var axes: [Axis] { groups.flatMap { $0 } }

  /// Reads the section in `root`; what is wrong is noted.
  init(of root: SpecNode, _ options: Sweep.Options, diagnostics: DiagnosticList) {
    (self.root, self.options, self.diagnostics) = (root, options, diagnostics)
    if let section = root["sweep"], !section.isNull { read(section) }
  }

  private mutating func read(_ section: SpecNode) {
    guard let entries = section.entries else {
      return fail(
        "expected a section with keys for `sweep`, found \(section.shown)", at: section.place)
    }
    for entry in entries where !entry.value.isNull {
      switch entry.key {
      case "arms":
        written.insert(SweepSetting.arm)
        add([Axis(arms: entry, diagnostics: diagnostics)])
      case "zip": for map in maps(entry) { addZipped(map) }
      case "exclude", "include": continue
      default:
        written.insert(entry.key)
        add([axis(entry)])
      }
    }
    checkArms()
    for map in maps(entries.first { $0.key == "exclude" }) { exclude(map) }
    for map in maps(entries.first { $0.key == "include" }) { include(map) }
    checkSize(at: section.place)
  }

  private mutating func fail(_ message: String, at place: Place?, hint: String? = nil) {
    diagnostics.add(message, at: place, hint: hint)
    isRight = false
  }

  /// The maps of a list of maps; a single map is a list of one.
  private mutating func maps(_ entry: SpecEntry?) -> [SpecNode] {
    guard let entry, !entry.value.isNull else { return [] }
    var found: [SpecNode] = []
    for item in entry.value.items ?? [entry.value] {
      if item.entries?.isEmpty == false {
        found.append(item)
      } else {
        fail("expected a section with keys for `\(entry.key)`, found \(item.shown)", at: item.place)
      }
    }
    return found
  }

  private func axis(_ entry: SpecEntry) -> Axis? {
    Axis(entry, isList: options.listKeys.contains(entry.key), diagnostics: diagnostics)
  }

  private mutating func addZipped(_ map: SpecNode) {
    let entries = (map.entries ?? []).filter { !$0.value.isNull }
    written.formUnion(entries.map(\.key))
    let group = entries.map(axis)
    if let first = group.first ?? nil {
      for case let other? in group where other.values.count != first.values.count {
        fail(
          "`\(first.name)` and `\(other.name)` are walked together and have "
            + "\(first.values.count) and \(other.values.count) values", at: other.place)
      }
    }
    add(group)
  }

  private mutating func add(_ group: [Axis?]) {
    var good: [Axis] = []
    for axis in group {
      guard let axis, isFree(axis, beside: good) else {
        isRight = false
        continue
      }
      good.append(axis)
    }
    if !good.isEmpty { groups.append(good) }
  }

  /// Whether the axis can be set, hides none before it and is hidden by no option.
  private func isFree(_ axis: Axis, beside group: [Axis]) -> Bool {
    if options.fixedKeys.contains(axis.path[0]) {
      diagnostics.add("`\(axis.name)` cannot be an axis", at: axis.place)
      return false
    }
    if let old = root.node(at: axis.path), old.place.file == SpecOverride.file {
      diagnostics.add(
        "`\(axis.name)` is an axis of the sweep, and so this has no effect", at: old.place,
        hint: "set `sweep.\(axis.name)`")
      return false
    }
    if let hidden = (axes + group).first(where: { $0.path.starts(with: axis.path) }) {
      let isSame = hidden.path == axis.path
      diagnostics.add(
        isSame
          ? "`\(axis.name)` is an axis already"
          : "the axis `\(axis.name)` replaces what the axis `\(hidden.name)` sets", at: axis.place,
        hint: isSame ? nil : "put `\(axis.name)` first")
      return false
    }
    return axis.values.allSatisfy { canApply($0) }
  }

  private func canApply(_ value: AxisValue) -> Bool {
    do {
      _ = try value.applied(to: root.removing("sweep"))
      return true
    } catch {
      diagnostics.add(error)
      return false
    }
  }

  /// What an arm overrides is no axis, so that neither hides the other.
  private mutating func checkArms() {
    for key in axes.first(where: \.isArms)?.values.flatMap(\.keys) ?? [] {
      let name = key.path.joined(separator: ".")
      if let fixed = key.path.first, options.fixedKeys.contains(fixed) {
        fail("`\(fixed)` is the same for all arms", at: key.place)
      }
      for axis in axes
      where !axis.isArms && (axis.path.starts(with: key.path) || key.path.starts(with: axis.path)) {
        fail("an arm sets `\(name)`, and `\(axis.name)` is an axis of the sweep", at: key.place)
      }
    }
  }

  private mutating func exclude(_ map: SpecNode) {
    var values: [AxisValue] = []
    for entry in map.entries ?? [] {
      guard let axis = axes.first(where: { $0.name == entry.key }) else {
        if written.contains(entry.key) { continue }
        let names = axes.map(\.name)
        fail(
          "`\(entry.key)` is no axis of the sweep", at: entry.keyPlace,
          hint: SectionReader.hint(entry.key, among: names, name: "axes"))
        continue
      }
      guard let value = axis.value(entry.value) else {
        fail("\(entry.value.shown) is not on the axis `\(axis.name)`", at: entry.value.place)
        continue
      }
      values.append(value)
    }
    excluded.append((map.place, values))
  }

  /// The values of the point, those of axes in the order of the axes, others as written.
  private mutating func include(_ map: SpecNode) {
    var values: [AxisValue] = []
    for entry in map.entries ?? [] where !entry.value.isNull {
      let axis = axes.first { $0.name == entry.key }
      if let value = axis?.value(entry.value) {
        values.append(value)
        continue
      }
      if entry.key == SweepSetting.arm {
        if axis == nil, written.contains(SweepSetting.arm) { continue }
        let names = axis?.values.map(\.text) ?? []
        fail(
          "unknown arm \(entry.value.shown)", at: entry.value.place,
          hint: SectionReader.hint(entry.value.text ?? "", among: names, name: "arms"))
      } else if options.fixedKeys.contains(SpecNode.parts(of: entry.key)[0]) {
        fail("`\(entry.key)` is the same for all points", at: entry.keyPlace)
      } else if entry.key == "seed", Axis.seed(entry.value) == nil {
        fail(
          "expected a whole number of at least 0 for `seed`, found \(entry.value.shown)",
          at: entry.value.place)
      } else if let path = SpecNode.path(of: entry, diagnostics) {
        let value = AxisValue(
          entry.value, of: entry, path: path, isList: options.listKeys.contains(entry.key))
        if canApply(value) { values.append(value) } else { isRight = false }
      } else {
        isRight = false
      }
    }
    let order = axes.map(\.name)
    let known = order.flatMap { name in values.filter { $0.axis == name } }
    included.append((map.place, known + values.filter { !order.contains($0.axis) }))
  }

  private mutating func checkSize(at place: Place) {
    var count = 1
    for group in groups {
      let (product, overflow) = count.multipliedReportingOverflow(by: group[0].values.count)
      guard !overflow, product <= options.limit else {
        let limit = options.limit == Sweep.pointLimit ? "10,000" : "1,000,000"
        return fail(
          "the sweep has more than \(limit) points", at: place,
          hint: options.limit == Sweep.pointLimit ? "`--yes` if that is meant" : nil)
      }
      count = product
    }
  }
}
