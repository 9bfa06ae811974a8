import Basics

/// What the headers of a data set promise.
public struct CohortHeader: Sendable, Equatable {
  /// The names that can be used as findings.
  public var findings: [String] = []
  /// The names that can be used as attributes.
  public var attributes: [String] = []
  /// What is wrong, as far as the headers show.
  public var wrong: [Diagnostic] = []
  /// For findings that only some of several sources have, those that lack them.
  public var lacking: [String: [String]] = [:]

  /// A header that promises `findings` and `attributes`.
  public init(
    findings: [String] = [], attributes: [String] = [], wrong: [Diagnostic] = []
  ) {
    self.findings = findings
    self.attributes = attributes
    self.wrong = wrong
  }
}

/// Reads one data set as its owners ship it.
protocol CohortReader {
  /// The name in a spec.
  static var name: String { get }
  /// Whether it takes a table of demographics.
  static var readsDemographics: Bool { get }
  /// The names that `labeler` can have, the usual one first; none where there is one set of labels.
  static var labelers: [String] { get }
  /// Whether the finding of this name, as the data set has it, is a pathology.
  static func isPathology(_ finding: String) -> Bool
  /// Whether `columns` says which column is which.
  static var takesColumns: Bool { get }
  /// The tables it reads but for those of demographics, the main one first.
  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String]
  /// The tables of demographics below the path that a person named.
  static func demographics(_ path: String) throws(Diagnostics) -> [String]
  /// What the headers promise.
  static func inspect(
    _ source: CohortSource, root: String
  ) throws(Diagnostics) -> CohortHeader
  /// The rows of the tables, with what is wrong with them.
  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft
}

extension CohortReader {
  static var readsDemographics: Bool { false }
  static var labelers: [String] { [] }
  static var takesColumns: Bool { false }
  static func isPathology(_ finding: String) -> Bool { NoFinding.isPathology(finding) }

  static func demographics(_ path: String) throws(Diagnostics) -> [String] {
    guard Files.exists(path), !Files.isFolder(path) else {
      throw Diagnostics([Diagnostic("there is no table `\(path)`")])
    }
    return [path]
  }

  /// The first of `names`, plain or gzip, that lies in `root`, or the table that `source` names.
  static func table(
    _ names: [String], _ source: CohortSource, root: String
  ) throws(Diagnostics) -> String {
    if let table = source.table {
      guard Files.exists(table) else {
        throw Diagnostics([Diagnostic("there is no table `\(table)`")])
      }
      return table
    }
    guard Files.exists(root) else {
      throw Diagnostics([Diagnostic("there is no folder `\(root)`")])
    }
    if let path = optional(names, root: root) { return path }
    throw Diagnostics([
      Diagnostic("`\(root)` holds no table \(names.quotedList)", hint: "name it with `table`")
    ])
  }

  /// The header of the table at `path` as a table without rows.
  static func header(_ path: String, with columns: [String] = []) throws(Diagnostics) -> CSV {
    try several { () throws(Diagnostic) in try CSV(headerOf: path, with: columns) }
  }

  /// The whole table at `path`; of a spreadsheet the first sheet with `columns`.
  static func csv(_ path: String, with columns: [String] = []) throws(Diagnostics) -> CSV {
    try several { () throws(Diagnostic) in try CSV(path: path, with: columns) }
  }

  /// The first of `names`, plain or gzip, that lies in `root`; `nil` where none does.
  static func optional(_ names: [String], root: String) -> String? {
    names.flatMap { [$0, $0 + ".gz"] }.map { Files.join(root, $0) }.first(where: Files.exists)
  }

  /// What is missing among `names` in the header of `csv`.
  static func missing(_ names: [String], in csv: CSV) -> [Diagnostic] {
    var wrong: [Diagnostic] = []
    for name in names {
      do { _ = try csv.requiredColumn(name) } catch { wrong.append(error) }
    }
    return wrong
  }
}
