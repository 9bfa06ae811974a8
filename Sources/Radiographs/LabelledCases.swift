import Basics

/// Cases that another program scored, with their labels and attributes, and without pictures.
public struct LabelledCases: Sendable {
  /// The cases; keys stand in place of pictures.
  public let cohort: Cohort
  /// How many ages above 120 years were taken as missing.
  public let implausibleAges: Int

  /// Reads `tables` one below the other.
  ///
  /// - Parameters:
  ///   - columns: which column holds what, as for a plain table; without `patient`, each case counts as
  ///     one.
  ///   - findings: columns whose cells must be labels.
  /// - Throws: all that is wrong with the tables, and keys that two of them have.
  public init(
    _ tables: [(path: String, layout: TableLayout)], columns: [String: String], findings: [String]
  ) throws(Diagnostics) {
    var cohorts: [Cohort] = []
    var ages = 0
    for (path, layout) in tables {
      let table = try KeyedTable(path: path, layout)
      var draft = try PlainTableReader.draft(
        table.csv, Self.source(path, layout, columns, table.csv))
      draft.lines = table.lines
      _ = draft.expectPictures()
      try draft.wrong.throwIfAny()
      let cohort = try draft.cohort()
      for finding in findings { _ = try cohort.labels(of: finding) }
      cohorts.append(cohort)
      ages += draft.implausibleAges
    }
    cohort = try Self.joined(cohorts)
    implausibleAges = ages
  }

  /// What the header of the table at `path` promises.
  public static func inspect(
    _ path: String, _ layout: TableLayout, columns: [String: String]
  ) throws(Diagnostics) -> CohortHeader {
    let table = try KeyedTable(path: path, layout)
    var header = PlainTableReader.inspect(
      table.csv, source(path, layout, columns, table.csv))
    if layout.finding != nil { header.findings = table.findings }
    return header
  }

  private static func source(
    _ path: String, _ layout: TableLayout, _ columns: [String: String], _ csv: CSV
  ) -> CohortSource {
    var columns = columns
    columns["image"] = layout.key
    if columns["patient"] == nil, csv.column("patient") == nil { columns["patient"] = layout.key }
    return CohortSource(source: PlainTableReader.name, table: path, columns: columns)
  }

  /// The cohorts as one; what one of them lacks is missing there.
  private static func joined(_ cohorts: [Cohort]) throws(Diagnostics) -> Cohort {
    guard cohorts.count > 1, let first = cohorts.first else {
      if let only = cohorts.first { return only }
      throw Diagnostics([Diagnostic("there is no table of labels")])
    }
    var known = Set(first.images)
    for cohort in cohorts.dropFirst() {
      let doubled = cohort.images.filter { !known.insert($0).inserted }
      if !doubled.isEmpty {
        throw Diagnostics([
          Diagnostic(
            "\(doubled.count) keys of `\(cohort.table)` are in `\(first.table)`, too: "
              + doubled.quotedFew(),
            hint: "a case is either in validation or in test")
        ])
      }
    }
    var columns: [Cohort.Column] = []
    for column in cohorts.flatMap(\.columns)
    where !columns.contains(where: { $0.name == column.name }) {
      let cells = cohorts.flatMap { cohort in
        cohort.columns.first { $0.name == column.name }?.cells
          ?? Array(repeating: "", count: cohort.count)
      }
      columns.append(Cohort.Column(column.name, column.role, cells))
    }
    return try Cohort(
      images: cohorts.flatMap(\.images), paths: cohorts.flatMap(\.paths),
      patients: cohorts.flatMap(\.patients), studies: cohorts.flatMap(\.studies),
      lines: cohorts.flatMap(\.lines), columns: columns, table: first.table)
  }
}
