import Basics

/// The pictures of a study with what is known about each, column by column and as text.
///
/// Every column has one cell per picture. Rows are sorted by `images`, so that nothing depends on
/// the order in which a table lists them.
public struct Cohort: Sendable, Equatable {
  /// What a column beyond the fixed ones may be used as.
  public enum Role: String, Sendable, CaseIterable {
    /// A property of a patient or picture; an empty cell is missing.
    case attribute
    /// A label; its cells are parsed by ``Cohort/labels(of:)``.
    case finding
    /// A label that is no pathology, and whose name does not say so (``NoFinding``).
    case aside
    /// A column of a plain table, which nothing says more about: it may be used as either.
    case either
    /// Whether a picture has a pathology that is no finding here; it is never used by name.
    case pathology

    /// Whether it can be used as a finding.
    var isFinding: Bool { [.finding, .aside, .either].contains(self) }
    /// Whether it can be used as an attribute.
    var isAttribute: Bool { self == .attribute || self == .either }
  }

  /// A named column of text.
  public struct Column: Sendable, Equatable {
    /// The name; unique among attributes and unique among findings.
    public var name: String
    /// What it may be used as.
    public var role: Role
    /// One cell per picture.
    public var cells: [String]

    /// A column.
    public init(_ name: String, _ role: Role, _ cells: [String]) {
      self.name = name
      self.role = role
      self.cells = cells
    }
  }

  /// The key of each picture: unique, ascending.
  public let images: [String]
  /// Where each picture lies, relative to the root of the data set.
  public private(set) var paths: [String]
  /// The patient of each picture.
  public let patients: [String]
  /// The study of each picture, unique within its patient; "" where the data set has none.
  public let studies: [String]
  /// The row of the source table that each picture comes from, from 0 below the header.
  public let rows: [Int]
  /// The line of the source table where that row begins, from 1.
  public let lines: [Int]
  /// The name of each picture's table in the folder of `table`, where the data set has several;
  /// empty where it has one.
  public let tableNames: [String]
  /// The other columns, in the order of the source table.
  public let columns: [Column]
  /// The source table as errors name it; not part of the file.
  public var table: String

  /// How many pictures there are.
  public var count: Int { images.count }
  /// The names that can be used as findings.
  public var findings: [String] { columns.filter(\.role.isFinding).map(\.name) }
  /// The names that can be used as attributes.
  public var attributes: [String] { columns.filter(\.role.isAttribute).map(\.name) }

  /// A cohort whose rows are in any order.
  ///
  /// - Throws: when two pictures have one key, a key or patient is empty, a column has another
  ///   length than the others, or two columns share name and use.
  public init(
    images: [String], paths: [String], patients: [String], studies: [String]? = nil,
    rows: [Int]? = nil, lines: [Int]? = nil, columns: [Column], table: String = "cohort.csv",
    tableNames: [String] = []
  ) throws(Diagnostics) {
    let count = images.count
    let studies = studies ?? Array(repeating: "", count: count)
    let rows = rows ?? Array(0..<count)
    let lines = lines ?? rows.map { $0 + 2 }
    guard
      [paths.count, patients.count, studies.count, rows.count, lines.count]
        .allSatisfy({ $0 == count }), tableNames.isEmpty || tableNames.count == count,
      columns.allSatisfy({ $0.cells.count == count })
    else { throw Diagnostics([Diagnostic("the columns of `\(table)` differ in length")]) }
    try Self.check(columns, table)
    let order = images.indices.sorted { (images[$0], lines[$0]) < (images[$1], lines[$1]) }
    var wrong = DiagnosticList()
    for (position, row) in order.enumerated() {
      let place = Place(file: Self.table(table, tableNames, row), line: lines[row])
      if images[row].isEmpty { wrong.add("the row names no image", at: place) }
      if patients[row].isEmpty { wrong.add("the row names no patient", at: place) }
      if position > 0, images[order[position - 1]] == images[row] {
        let first = lines[order[position - 1]]
        wrong.add(
          "image `\(images[row])` is listed a second time (first in line \(first))", at: place)
      }
    }
    try wrong.throwIfAny()
    self.images = order.map { images[$0] }
    self.paths = order.map { paths[$0] }
    self.patients = order.map { patients[$0] }
    self.studies = order.map { studies[$0] }
    self.rows = order.map { rows[$0] }
    self.lines = order.map { lines[$0] }
    self.tableNames = tableNames.isEmpty ? [] : order.map { tableNames[$0] }
    self.columns = columns.map { column in
      Column(column.name, column.role, order.map { column.cells[$0] })
    }
    self.table = table
  }

  private static func check(_ columns: [Column], _ table: String) throws(Diagnostics) {
    for use in [Role.attribute, .finding] {
      var seen: Set<String> = []
      for column in columns
      where use == .attribute ? column.role.isAttribute : column.role.isFinding {
        guard seen.insert(column.name).inserted else {
          throw Diagnostics([Diagnostic("`\(table)` has two \(use)s named `\(column.name)`")])
        }
      }
    }
  }

  /// The same cohort with the paths that `other` has for its pictures.
  public func with(pathsOf other: Cohort) -> Cohort {
    let paths = Dictionary(zip(other.images, other.paths)) { first, _ in first }
    var cohort = self
    cohort.paths = zip(images, self.paths).map { paths[$0] ?? $1 }
    return cohort
  }

  /// The cells of the attribute called `name`, one per picture, "" where missing.
  public func attribute(_ name: String) throws(Diagnostic) -> [String] {
    if let column = columns.first(where: { $0.name == name && $0.role.isAttribute }) {
      return column.cells
    }
    throw unknown("attribute", name, attributes)
  }

  /// The raw labels of the finding called `name`, one per picture; of several findings joined by `/`
  /// whether any of them is there (``CompositeFinding``). `No Finding` without a column follows from
  /// the others (``NoFinding``).
  ///
  /// - Throws: for an unknown finding, and for every cell that is no label, at its line.
  public func labels(of name: String) throws(Diagnostics) -> [RawLabel] {
    guard let column = columns.first(where: { $0.name == name && $0.role.isFinding }) else {
      if name == NoFinding.name, NoFinding.isDerivable(self) {
        return try NoFinding.derived(self)
      }
      guard let parts = CompositeFinding.parts(of: name, among: findings) else {
        throw Diagnostics([unknown("finding", name, findings)])
      }
      var columns: [[RawLabel]] = []
      for part in parts { columns.append(try labels(of: part)) }
      return images.indices.map { row in CompositeFinding.label(of: columns.map { $0[row] }) }
    }
    return try labels(of: column)
  }

  /// The raw labels in the cells of `column`.
  func labels(of column: Column) throws(Diagnostics) -> [RawLabel] {
    var wrong = DiagnosticList()
    var labels: [RawLabel] = []
    labels.reserveCapacity(count)
    for (row, cell) in column.cells.enumerated() {
      if let label = RawLabel(cell) {
        labels.append(label)
      } else {
        wrong.add(RawLabel.strange(cell, column.name, at: place(row)))
      }
    }
    try wrong.throwIfAny()
    return labels
  }

  /// The place in the source table that picture `row` comes from.
  public func place(_ row: Int) -> Place {
    Place(file: Self.table(table, tableNames, row), line: lines[row])
  }

  static func table(_ table: String, _ names: [String], _ row: Int) -> String {
    names.isEmpty ? table : Files.join(Files.parent(of: table), names[row])
  }

  private func unknown(_ kind: String, _ name: String, _ known: [String]) -> Diagnostic {
    let near = nearestName(to: name, among: known)
    return Diagnostic(
      "unknown \(kind) `\(name)`",
      hint: near.map { "did you mean `\($0)`?" } ?? "the \(kind)s are \(known.quotedFew(20))")
  }
}
