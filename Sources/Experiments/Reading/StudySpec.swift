import Basics
import Catalogue
import Pipeline
import Radiographs

/// A spec, read and checked: the experiments of its sweep.
package struct StudySpec: Sendable {
  /// The name of the sweep, which names its folder in `runs/`.
  package let name: String
  /// Every experiment of the sweep, in its order: the members of an arm stand together.
  package let all: [Experiment]
  /// The experiments that are asked for, as ascending indices in `all`.
  package let selected: [Int]
  /// Which arms are compared.
  package let compare: CompareSection
  /// How often stages of a kind are tried again after a failure.
  package let retries: [String: Int]
  /// The file of the spec, and those that it extends.
  package let files: [String]

  /// The experiments that are asked for.
  package var experiments: [Experiment] { selected.map { all[$0] } }
  /// Whether that is the whole sweep.
  package var isWhole: Bool { selected.count == all.count }

  /// Keys that hold lists, so that a plain item of an axis over them means a list of one.
  static let listKeys: Set<String> = [
    "labels.findings", "labels.classes", "cohort.views", "split.stratify", "split.balance.groups",
    "split.match.on", "split.match.groups", "sample.groups", "fairness.by",
  ]

  /// Keys that all experiments of a sweep have in common.
  static let fixedKeys: Set<String> = ["name", "extends", "compare", "retry"]

  /// What is laid over a spec, and which part of it is asked for.
  package struct Options: Sendable {
    /// `key=value`.
    package var settings: [String]
    /// Arms or experiments; all where there are none.
    package var only: [String] = []
    /// Whether there may be more than 10,000 experiments.
    package var isLarge = false
    /// The arm that all others are compared with, in place of the spec's.
    package var baseline: String?

    /// The whole spec, with `settings` laid over it.
    package init(settings: [String] = []) { self.settings = settings }
  }

  /// Reads the spec at `path`.
  ///
  /// - Parameter machine: what `auto` means here.
  /// - Throws: everything that is wrong, as a `SpecError`.
  package static func read(
    _ path: String, _ options: Options = Options(), machine: Machine
  ) throws(SpecError) -> StudySpec {
    let diagnostics = DiagnosticList()
    var files: [String] = []
    let read = { (path: String) throws(Diagnostic) -> [UInt8] in
      files.append(path)
      return try Files.read(path)
    }
    guard let file = SpecFile.read(path: path, diagnostics: diagnostics, read: read) else {
      throw SpecError(diagnostics)
    }
    let root = SpecOverride.apply(options.settings, to: file.root, diagnostics: diagnostics)
    if let entry = root.entries?.first(where: { $0.key == "extends" }) {
      diagnostics.add("`extends` is read from the spec and cannot be set", at: entry.keyPlace)
    }
    var sweep = Sweep.Options()
    sweep.listKeys = listKeys
    sweep.fixedKeys = fixedKeys
    if options.isLarge { sweep.limit = Sweep.hardLimit }
    let points = Sweep.points(of: root, sweep, diagnostics: diagnostics)
    // Where the sweep itself is wrong, what is wrong beside it is said all the same.
    let shown =
      points.isEmpty
      ? Sweep.points(of: root.removing("sweep"), sweep, diagnostics: diagnostics) : points
    var headers: [ExperimentReader.HeaderKey: CohortHeader] = [:]
    var experiments: [Experiment] = []
    let phantoms = PhantomPlaces()
    for point in shown {
      let reader = ExperimentReader(
        point, diagnostics: diagnostics, machine: machine, phantoms: phantoms)
      if let experiment = reader.read(headers: &headers) { experiments.append(experiment) }
    }
    if !points.isEmpty, experiments.count == points.count {
      experiments = Origins(points: points, diagnostics: diagnostics).resolved(experiments)
    }
    let retries = retries(SectionReader(root, diagnostics: diagnostics))
    let name = SectionReader(root, diagnostics: diagnostics).string("name", default: stem(path))
    if !isFolderName(name) {
      diagnostics.add(
        "`\(name.prefix(100))` cannot name a folder", at: root["name"]?.place,
        hint: Store.reservedNames.contains(name)
          ? "the cache uses this name" : "use up to 100 letters, digits, `-`, `_` and `.`")
    }
    var compare = CompareSection.read(
      SectionReader(root, diagnostics: diagnostics), experiments)
    if let baseline = options.baseline {
      do {
        compare = try CompareSection.arm(baseline, among: experiments)
      } catch {
        diagnostics.add(error)
      }
    }
    let all = sorted(experiments)
    let selected = diagnostics.isEmpty ? select(options.only, among: all, diagnostics) : []
    guard diagnostics.isEmpty else { throw SpecError(diagnostics) }
    return StudySpec(
      name: name, all: all, selected: selected, compare: compare, retries: retries, files: files)
  }

  /// The names of the arms of the spec at `path`, as far as they can be told without reading its
  /// sections; for completions.
  package static func arms(path: String) -> [String] {
    let diagnostics = DiagnosticList()
    guard let file = SpecFile.read(path: path, diagnostics: diagnostics) else { return [] }
    var names: [String] = []
    for point in Sweep.points(of: file.root, diagnostics: diagnostics)
    where names.last != point.arm { names.append(point.arm) }
    return names
  }

  /// The experiments that one of `wanted` means; all where nothing is wanted.
  private static func select(
    _ wanted: [String], among all: [Experiment], _ diagnostics: DiagnosticList
  ) -> [Int] {
    guard !wanted.isEmpty else { return Array(all.indices) }
    let found = wanted.map { ExperimentSearch.indices(of: $0, among: all) }
    for (name, found) in zip(wanted, found) where found.isEmpty {
      diagnostics.add(ExperimentSearch.missing(name, among: all))
    }
    return Set(found.joined()).sorted()
  }

  /// Arms in the order of their first member; the sort is by arm only, seeds keep their order.
  private static func sorted(_ experiments: [Experiment]) -> [Experiment] {
    var order: [String: Int] = [:]
    for experiment in experiments where order[experiment.arm] == nil {
      order[experiment.arm] = order.count
    }
    let indices = experiments.indices.sorted {
      (order[experiments[$0].arm] ?? 0, $0) < (order[experiments[$1].arm] ?? 0, $1)
    }
    let places = Dictionary(zip(indices, indices.indices)) { first, _ in first }
    return indices.map { index in
      var experiment = experiments[index]
      experiment.network.resolve { places[$0.index] ?? 0 }
      return experiment
    }
  }

  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func isFolderName(_ name: String) -> Bool {
    let allowed = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
    }
    return allowed && !name.isEmpty && name.count <= 100 && !name.hasPrefix(".")
      && !Store.reservedNames.contains(name)
  }
}

/// A spec with something wrong in it.
package struct SpecError: Error {
  /// Each with its line and a caret, sorted by place.
  package let rendered: String
  /// The diagnostics.
  package let all: [Diagnostic]

  init(_ diagnostics: DiagnosticList) {
    rendered = diagnostics.rendered
    all = diagnostics.sorted
  }
}

/// What `auto` means on the machine that trains.
package struct Machine: Sendable {
  /// `cpu` or `cuda`.
  package var device: String
  /// Whether it computes in bfloat16.
  package var hasBFloat16: Bool
  /// The folder below which phantoms are drawn, and how.
  package var runs: String
  package var draw: PhantomSection.Draw
  /// Where weights of timm lie.
  package var weights = WeightsFolder()

  /// A machine.
  package init(
    device: String, hasBFloat16: Bool, runs: String, draw: @escaping PhantomSection.Draw
  ) {
    self.device = device
    self.hasBFloat16 = hasBFloat16
    self.runs = runs
    self.draw = draw
  }
}
