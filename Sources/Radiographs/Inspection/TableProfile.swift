import Basics

/// A table of a data set, column by column.
public struct TableProfile: Sendable, Equatable {
  /// A column.
  public struct Column: Sendable, Equatable {
    /// Its name in the header; "" for none.
    public var name: String
    /// How many cells are empty.
    public var missing: Int
    /// How many texts there are beside the empty one.
    public var distinct: Int
    /// The most frequent texts, the earlier one in order in a tie.
    public var frequent: [(text: String, count: Int)]

    /// Whether two columns are alike.
    public static func == (a: Column, b: Column) -> Bool {
      a.name == b.name && a.missing == b.missing && a.distinct == b.distinct
        && a.frequent.elementsEqual(b.frequent) { $0 == $1 }
    }
  }

  /// The file.
  public var path: String
  /// The rows below the header.
  public var rows: Int
  /// How many rows are the same as one before, cell by cell.
  public var repeated: Int
  /// The columns in their order; none for a list.
  public var columns: [Column]

  /// Reads the table at `path`; what is no table (a list of names, JSON) has rows and no columns.
  public init(path: String) throws(Diagnostic) {
    self.path = path
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    guard name.hasSuffix(".csv") || name.hasSuffix(".xlsx") else {
      let lines = try Files.readMaybeCompressed(path).split(separator: 10)
      rows = lines.count
      repeated = lines.count - Set(lines).count
      columns = []
      return
    }
    let csv = try CSV(path: path)
    rows = csv.rowCount
    var hashes = [Hasher](repeating: Hasher(), count: csv.rowCount)
    columns = csv.header.enumerated().map { index, name in
      var counts: [String: Int] = [:]
      for row in 0..<csv.rowCount {
        let cell = csv[row, index]
        counts[cell, default: 0] += 1
        hashes[row].combine(cell)
      }
      let missing = counts.removeValue(forKey: "") ?? 0
      let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      return Column(
        name: name, missing: missing, distinct: counts.count,
        frequent: order.prefix(3).map { ($0.key, $0.value) })
    }
    repeated = csv.rowCount - Set(hashes.map { $0.finalize() }).count
  }
}
