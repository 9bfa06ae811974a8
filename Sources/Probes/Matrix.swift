import Basics

/// Numbers `[rows, columns]`, row by row.
public struct Matrix: Sendable, Hashable {
  /// How many rows there are.
  public let rows: Int
  /// How many columns there are.
  public let columns: Int
  /// The numbers; element `(row, column)` is at `row * columns + column`.
  public private(set) var elements: [Double]

  /// A matrix of zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: 0, count: rows * columns)
  }

  /// A square matrix of `size * size` elements.
  init(square elements: [Double], size: Int) {
    rows = size
    columns = size
    self.elements = elements
  }

  /// A matrix from its rows.
  ///
  /// - Throws: where the rows are not of one length, and where numbers are NaN or infinite (with their
  ///   number).
  public init(_ rows: [[Double]]) throws(Diagnostic) {
    let columns = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == columns }) else {
      throw Diagnostic("the rows of a matrix have different lengths")
    }
    self.rows = rows.count
    self.columns = columns
    elements = rows.flatMap { $0 }
    let broken = elements.count { !$0.isFinite }
    guard broken == 0 else {
      throw Diagnostic("\(broken) of \(elements.count) numbers of a matrix are NaN or infinite")
    }
  }

  /// The number at `row` and `column`, which must be in range.
  public internal(set) subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }
}

extension Matrix {
  /// The matrix of the rows at `indices`, which must be in range.
  public func selecting(_ indices: [Int]) throws(Diagnostic) -> Matrix {
    try Matrix(indices.map { row in (0..<columns).map { self[row, $0] } })
  }
}
