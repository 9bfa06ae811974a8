import Basics
import Foundation
import Testing

@testable import Probes

private func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
  return try JSONDecoder().decode(type, from: data)
}

private struct Regressions: Decodable {
  struct Case: Decodable {
    var design: [[Double]]
    var truth: [Bool]
    var weights: [Double]?
    var c: Double
    var intercept: Double
    var coefficients: [Double]
    var probabilities: [Double]
  }
  var cases: [String: Case]
}

private struct Designs: Decodable {
  var age: [Double?]
  var size: [Double]
  var sex: [String?]
  var view: [String]
  var train: [Int]
  var names: [String]
  var expected: [[Double]]

  var features: [Feature] {
    [
      Feature("age", .numbers(age)), Feature("size", .numbers(size)),
      Feature("sex", .categories(sex)), Feature("view", .categories(view)),
    ]
  }
}

@Suite struct LogisticRegressionTests {
  /// Iterative fits agree with scikit-learn to 1e-8, collinear and separable ones too.
  @Test func `fits agree with scikit-learn`() throws {
    for (name, sample) in try golden("regression", as: Regressions.self).cases {
      let design = try Matrix(sample.design)
      let fit = try LogisticRegression(
        design, truth: sample.truth, weights: sample.weights, c: sample.c)
      #expect(abs(fit.intercept - sample.intercept) < 1e-8, "\(name)")
      for (a, b) in zip(fit.coefficients, sample.coefficients) {
        #expect(abs(a - b) < 1e-8, "\(name)")
      }
      for (a, b) in zip(try fit.probabilities(design), sample.probabilities) {
        #expect(abs(a - b) < 1e-8, "\(name)")
      }
      #expect(fit.steps < 30, "\(name)")
    }
  }

  /// A design without columns fits the prevalence.
  @Test func `no columns fit the prevalence`() throws {
    let design = try Matrix([[], [], [], []])
    let fit = try LogisticRegression(design, truth: [true, false, false, false])
    #expect(try fit.probabilities(design).allSatisfy { abs($0 - 0.25) < 1e-12 })
  }

  /// What cannot be fitted is an error.
  @Test func `impossible fits are errors`() throws {
    let design = try Matrix([[1], [2]])
    #expect(throws: Diagnostic("a logistic regression needs both classes, and there is one")) {
      try LogisticRegression(design, truth: [true, true])
    }
    #expect(throws: Diagnostic("a logistic regression needs both classes, and there is one")) {
      try LogisticRegression(design, truth: [true, false], weights: [1, 0])
    }
    #expect(throws: Diagnostic("the penalty `c` is 0.0, not above 0")) {
      try LogisticRegression(design, truth: [true, false], c: 0)
    }
    #expect(throws: Diagnostic("there are 2 rows, 1 truths and 1 weights")) {
      try LogisticRegression(design, truth: [true])
    }
    #expect(throws: Diagnostic.self) {
      try LogisticRegression(design, truth: [true, false], weights: [1, -1])
    }
    let fit = try LogisticRegression(design, truth: [true, false])
    #expect(throws: Diagnostic("the design has 2 columns and the fit 1")) {
      try fit.probabilities(Matrix([[1, 2]]))
    }
    #expect(throws: Diagnostic("1 of 2 numbers of a matrix are NaN or infinite")) {
      try Matrix([[1], [.nan]])
    }
    #expect(throws: Diagnostic.self) { try Matrix([[1], []]) }
  }
}

@Suite struct DesignTests {
  /// Imputation, indicators, one-hot columns and standardization are those of the training rows.
  @Test func `columns agree with scikit-learn`() throws {
    let sample = try golden("design", as: Designs.self)
    let design = try Design(sample.features, train: sample.train)
    let matrix = try design.matrix(sample.features)
    #expect(design.names == sample.names)
    // Row 50 has a view that training does not have; there `view is missing` would be a column.
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        #expect(abs(matrix[row, column] - sample.expected[row][column]) < 1e-12)
      }
    }
    let copy = try JSONDecoder().decode(Design.self, from: try JSONEncoder().encode(design))
    #expect(copy == design)
  }

  /// What does not vary in training is no column, and rows outside training change nothing.
  @Test func `only training rows shape a design`() throws {
    let features = [
      Feature("constant", .numbers([0.1, 0.1, 0.1, 7])),
      Feature("never", .numbers([nil, nil, nil, 1])),
      Feature("site", .categories(["a", "b", nil, "c"])),
    ]
    let design = try Design(features, train: [0, 1, 2])
    #expect(design.names == ["site = a", "site = b", "site is missing"])
    let matrix = try design.matrix(features)
    // An unseen value is like a missing one.
    #expect((0..<3).allSatisfy { matrix[2, $0] == matrix[3, $0] })
  }

  /// Features that do not fit the rows or the design are errors.
  @Test func `impossible designs are errors`() throws {
    let a = Feature("a", .numbers([1, 2]))
    let b = Feature("b", .numbers([1]))
    #expect(throws: Diagnostic("feature `b` has 1 values for 2 rows")) {
      try Design([a, b], train: [0])
    }
    #expect(throws: Diagnostic("a design needs training rows, and there are 0")) {
      try Design([a], train: [])
    }
    #expect(throws: Diagnostic("a training row is not among the 2 rows")) {
      try Design([a], train: [2])
    }
    #expect(throws: Diagnostic("feature `n` has 1 numbers that are NaN or infinite")) {
      try Design([Feature("n", .numbers([.nan, 1]))], train: [0])
    }
    #expect(throws: Diagnostic("the features are `b`, and the design has `a`")) {
      try Design([a], train: [0, 1]).matrix([b])
    }
  }
}
