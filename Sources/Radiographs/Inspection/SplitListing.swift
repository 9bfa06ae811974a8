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
    let table = try SplitTable(path: path)
    let pictures: Cohort
    if let cohort { pictures = cohort } else { pictures = try Self.pictures(of: table) }
    self.cohort = pictures
    subsets = Array(repeating: nil, count: pictures.count)
    for (row, named) in try table.rows(in: pictures).enumerated() {
      if named.isEmpty { strange += 1 }
      guard let found = table.subsets[row] else { continue }
      for index in named {
        if subsets[index] == nil {
          subsets[index] = found
        } else if subsets[index] != found {
          also.append((index, found))
        }
      }
    }
  }

  /// The pictures that the table itself tells of.
  private static func pictures(of table: SplitTable) throws(Diagnostics) -> Cohort {
    let (csv, names) = (table.csv, table.names)
    let none = names.map { _ in "" }
    let (patients, studies): ([String], [String])
    if let known = table.cells("patient") {
      (patients, studies) = (known, table.cells("study") ?? none)
    } else {
      let parts = names.map { CheXpertReader.key($0)?.split(separator: "/") ?? [] }
      guard table.key == .image || table.key == .path, !parts.contains(where: \.isEmpty) else {
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
