import Basics

/// A column of a table, from which columns of a design are made; one value per row.
public struct Feature: Hashable, Sendable {
  /// The values.
  public enum Values: Hashable, Sendable {
    /// Numbers; `nil` where missing.
    case numbers([Double?])
    /// Names; `nil` where missing.
    case categories([String?])
  }

  /// What the column is called.
  public var name: String
  /// Its values.
  public var values: Values

  /// A feature.
  public init(_ name: String, _ values: Values) {
    self.name = name
    self.values = values
  }

  fileprivate var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .categories(let categories): categories.count
    }
  }
}

/// How features become the columns of a design: fitted on training rows, applied to all rows.
///
/// A number becomes itself, with the training mean where it is missing, and a column
/// `<name> is missing` if it is missing in training. A category becomes one column per value that
/// occurs in training, in the order of their names, and `<name> is missing` for no value or one that
/// training does not have. Every column is then standardized: minus its training mean, over its
/// training standard deviation (with n, as scikit-learn's `StandardScaler`). Columns that do not vary
/// in training say nothing and are left out.
public struct Design: Hashable, Sendable, Codable {
  private enum Term: Hashable, Codable {
    case number(imputed: Double)
    case category(String)
    case missing
  }

  private struct Column: Hashable, Codable {
    var feature: Int
    var term: Term
    var name: String
    var mean = 0.0
    var deviation = 1.0
  }

  private let features: [String]
  /// The values of each category in training, sorted; empty for numbers.
  private let known: [[String]]
  private var columns: [Column]

  /// The names of the columns: `age`, `age is missing`, `sex = F`.
  public var names: [String] { columns.map(\.name) }

  /// Learns columns, means and deviations from the rows `train` of `features`.
  ///
  /// - Throws: for features of different lengths, numbers that are not finite (with their number), no
  ///   training rows, and rows out of range.
  public init(_ features: [Feature], train: [Int]) throws(Diagnostic) {
    let rows = try Self.rows(of: features)
    guard !train.isEmpty else { throw Diagnostic("a design needs training rows, and there are 0") }
    guard train.allSatisfy((0..<rows).contains) else {
      throw Diagnostic("a training row is not among the \(rows) rows")
    }
    self.features = features.map(\.name)
    var known: [[String]] = []
    var columns: [Column] = []
    for (index, feature) in features.enumerated() {
      let missing = Column(feature: index, term: .missing, name: "\(feature.name) is missing")
      switch feature.values {
      case .numbers(let numbers):
        let present = train.compactMap { numbers[$0] }
        let mean = present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
        columns.append(
          Column(feature: index, term: .number(imputed: mean), name: feature.name))
        known.append([])
      case .categories(let categories):
        let values = Set(train.compactMap { categories[$0] }).sorted()
        columns += values.map {
          Column(feature: index, term: .category($0), name: "\(feature.name) = \($0)")
        }
        known.append(values)
      }
      columns.append(missing)
    }
    self.known = known
    self.columns = columns
    standardize(features, train)
  }

  private mutating func standardize(_ features: [Feature], _ train: [Int]) {
    let n = Double(train.count)
    columns = columns.compactMap { column in
      let numbers = train.map { raw(column, features[column.feature].values, $0) }
      let mean = numbers.reduce(0, +) / n
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      // A constant may differ from its own mean in the last bits.
      guard variance.squareRoot() > 1e-12 * max(1, abs(mean)) else { return nil }
      var standardized = column
      standardized.mean = mean
      standardized.deviation = variance.squareRoot()
      return standardized
    }
  }

  /// The columns `[rows, names]` for every row of `features`.
  ///
  /// - Throws: for features that are not those of the fit, by name and order, and as
  ///   ``init(_:train:)``.
  public func matrix(_ features: [Feature]) throws(Diagnostic) -> Matrix {
    let rows = try Self.rows(of: features)
    guard features.map(\.name) == self.features else {
      throw Diagnostic(
        "the features are \(features.map(\.name).quotedList), and the design has "
          + self.features.quotedList)
    }
    var matrix = Matrix(rows: rows, columns: columns.count)
    for (index, column) in columns.enumerated() {
      let values = features[column.feature].values
      for row in 0..<rows {
        matrix[row, index] = (raw(column, values, row) - column.mean) / column.deviation
      }
    }
    return matrix
  }

  private func raw(_ column: Column, _ values: Feature.Values, _ row: Int) -> Double {
    switch (column.term, values) {
    case (.number(let imputed), .numbers(let numbers)): numbers[row] ?? imputed
    case (.missing, .numbers(let numbers)): numbers[row] == nil ? 1 : 0
    case (.category(let name), .categories(let names)): names[row] == name ? 1 : 0
    case (.missing, .categories(let names)):
      names[row].map(known[column.feature].contains) == true ? 0 : 1
    case (.number, .categories), (.category, .numbers): 0
    }
  }

  private static func rows(of features: [Feature]) throws(Diagnostic) -> Int {
    let rows = features.first?.count ?? 0
    for feature in features {
      guard feature.count == rows else {
        throw Diagnostic("feature `\(feature.name)` has \(feature.count) values for \(rows) rows")
      }
      guard case .numbers(let numbers) = feature.values else { continue }
      let broken = numbers.count { $0.map { !$0.isFinite } ?? false }
      guard broken == 0 else {
        throw Diagnostic("feature `\(feature.name)` has \(broken) numbers that are NaN or infinite")
      }
    }
    return rows
  }
}
