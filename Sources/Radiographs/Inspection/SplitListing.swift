import Basics

/// A split as somebody's table lists it, whatever is wrong with it.
public struct SplitListing: Sendable {
  /// The pictures it is about.
  public var cohort: Cohort
  /// The first subset of each picture.
  public var subsets: [Subset?]
  /// Further subsets of pictures that are listed several times.
  public var also: [(row: Int, subset: Subset)] = []
  /// How many rows name no picture of the cohort.
  public var strange = 0

  /// Reads the table at `path`, whose columns are those of a split file.
  ///
  /// - Parameter cohort: whose pictures; `nil` where the table itself says the patients, in a column
  ///   `patient` or in paths as CheXpert has them.
  public init(path: String, cohort: Cohort?) throws(Diagnostics) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    guard let subset = csv.column("subset") ?? csv.column("split") else {
      throw Diagnostics([
        Diagnostic(
          "no column `subset` or `split`", at: Place(file: path, line: 1),
          hint: "the columns are \(csv.header.quotedFew(20))")
      ])
    }
    let known = SplitKey.allCases.filter { csv.column($0.rawValue) != nil }
    guard let key = known.first else {
      throw Diagnostics([
        Diagnostic(
          "no column `image`, `path`, `patient` or `index`", at: Place(file: path, line: 1),
          hint: "the columns are \(csv.header.quotedFew(20))")
      ])
    }
    let pictures: Cohort
    if let cohort { pictures = cohort } else { pictures = try Self.pictures(of: csv, key) }
    self.cohort = pictures
    subsets = Array(repeating: nil, count: pictures.count)
    let rows = key.rows(pictures)
    let cells = csv.cells(key.rawValue)
    var wrong = DiagnosticList()
    for row in 0..<csv.rowCount {
      let name = csv[row, subset]
      guard let found = Subset(foreign: name) else {
        // Our own split files leave the subset empty where a picture is in none.
        if !name.isEmpty { wrong.add(unknownSubset(name, csv.place(row))) }
        continue
      }
      guard let named = rows[cells[row]] else {
        strange += 1
        continue
      }
      for index in named {
        if subsets[index] == nil {
          subsets[index] = found
        } else if subsets[index] != found {
          also.append((index, found))
        }
      }
    }
    try wrong.throwIfAny()
    guard strange < csv.rowCount else {
      throw Diagnostics([Diagnostic("no \(key) of `\(path)` is in the cohort")])
    }
  }

  /// The pictures that the table itself tells of.
  private static func pictures(
    of csv: CSV, _ key: SplitKey
  ) throws(Diagnostics) -> Cohort {
    let names = csv.cells(key.rawValue)
    var patients = csv.cells("patient")
    var studies = csv.cells("study")
    if csv.column("patient") == nil {
      let parts = names.map { CheXpertReader.key($0)?.split(separator: "/") ?? [] }
      guard key == .image || key == .path, !parts.contains(where: \.isEmpty) else {
        throw Diagnostics([
          Diagnostic(
            "`\(csv.file)` does not say whose pictures they are",
            hint: "name the data set with `--data`")
        ])
      }
      patients = parts.map { String($0[1]) }
      studies = parts.map { String($0[2]) }
    }
    var seen: Set<String> = []
    let rows = names.indices.filter { seen.insert(names[$0]).inserted }
    return try Cohort(
      images: rows.map { names[$0] }, paths: rows.map { names[$0] },
      patients: rows.map { patients[$0] }, studies: rows.map { studies[$0] }, rows: rows,
      lines: rows.map(csv.line), columns: [], table: csv.file)
  }
}
