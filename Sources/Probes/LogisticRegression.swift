import Basics
import Foundation

/// Logistic regression with a ridge penalty, fitted to its exact optimum in float64.
///
/// P(y = 1 | x) = 1 / (1 + exp(−(b + xᵀw))), where (b, w) minimise ½‖w‖² + C Σᵢ ωᵢ ℓᵢ, ℓ the log loss
/// and ω the case weights; the intercept is not penalised. It is scikit-learn's
/// `LogisticRegression(penalty="l2", C=C)`. The optimum is unique, so no seed or learning rate enters.
public struct LogisticRegression: Hashable, Sendable, Codable {
  /// b.
  public let intercept: Double
  /// w, one per column.
  public let coefficients: [Double]
  /// How many Newton steps the fit took.
  public let steps: Int

  /// Fits by Newton's method (iteratively reweighted least squares), with steps halved until the loss
  /// falls, until the gradient is below 1e-10 per unit of case weight.
  ///
  /// - Parameters:
  ///   - design: `[cases, columns]`; columns should be standardized, as the penalty is one for all.
  ///   - c: the inverse strength of the penalty, above 0.
  /// - Throws: for lists of different lengths, a `c` or weights that are impossible, one class only,
  ///   and a fit that does not converge in 100 steps.
  public init(
    _ design: Matrix, truth: [Bool], weights: [Double]? = nil, c: Double = 1
  ) throws(Diagnostic) {
    try Self.check(design, truth, weights, c)
    let weights = weights ?? [Double](repeating: 1, count: truth.count)
    var problem = Problem(design: design, truth: truth, weights: weights, c: c)
    var parameters = [Double](repeating: 0, count: design.columns + 1)
    var loss = problem.loss(parameters)
    let tolerance = 1e-10 * max(1, c * weights.reduce(0, +))
    for step in 0..<100 {
      problem.differentiate(at: parameters)
      let direction = solvePositiveDefinite(problem.curvature, problem.gradient)
      guard let direction else { break }
      if problem.gradient.allSatisfy({ abs($0) <= tolerance }) {
        // One step more than was asked: it costs nothing and squares what error is left.
        let final = zip(parameters, direction).map { $0 - $1 }
        intercept = final.last ?? 0
        coefficients = Array(final.dropLast())
        steps = step
        return
      }
      var length = 1.0
      while length > 1e-12 {
        let next = zip(parameters, direction).map { $0 - length * $1 }
        let lower = problem.loss(next)
        // Near the optimum the loss no longer resolves progress and the full step is right.
        if lower <= loss + 1e-12 * abs(loss) {
          (parameters, loss) = (next, lower)
          break
        }
        length /= 2
      }
      guard length > 1e-12 else { break }
    }
    throw Diagnostic("the logistic regression does not converge")
  }

  /// P(y = 1) for each row of `design`.
  ///
  /// - Throws: where the design does not have one column per coefficient.
  public func probabilities(_ design: Matrix) throws(Diagnostic) -> [Double] {
    guard design.columns == coefficients.count else {
      throw Diagnostic(
        "the design has \(design.columns) columns and the fit \(coefficients.count)")
    }
    return (0..<design.rows).map { row in
      var score = intercept
      for column in coefficients.indices { score += design[row, column] * coefficients[column] }
      return sigmoid(score)
    }
  }

  private static func check(
    _ design: Matrix, _ truth: [Bool], _ weights: [Double]?, _ c: Double
  ) throws(Diagnostic) {
    guard design.rows == truth.count, weights.map({ $0.count == truth.count }) ?? true else {
      throw Diagnostic(
        "there are \(design.rows) rows, \(truth.count) truths and "
          + "\(weights?.count ?? truth.count) weights")
    }
    guard c > 0, c.isFinite else { throw Diagnostic("the penalty `c` is \(c), not above 0") }
    guard weights?.allSatisfy({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw Diagnostic("a case weight is negative or not finite")
    }
    func occurs(_ value: Bool) -> Bool {
      truth.indices.contains { truth[$0] == value && (weights?[$0] ?? 1) > 0 }
    }
    guard occurs(true), occurs(false) else {
      throw Diagnostic("a logistic regression needs both classes, and there is one")
    }
  }
}

/// The penalised loss and its derivatives; parameters are the coefficients, then the intercept.
private struct Problem {
  let design: Matrix
  let truth: [Bool]
  let weights: [Double]
  let c: Double
  private(set) var gradient: [Double] = []
  private(set) var curvature = Matrix(rows: 0, columns: 0)

  init(design: Matrix, truth: [Bool], weights: [Double], c: Double) {
    self.design = design
    self.truth = truth
    self.weights = weights
    self.c = c
  }

  func loss(_ parameters: [Double]) -> Double {
    var sum = parameters.dropLast().reduce(0) { $0 + $1 * $1 } / 2
    for row in truth.indices {
      let score = score(row, parameters)
      // log(1 + e^score) − y · score, without overflow.
      let signed = truth[row] ? -score : score
      sum += c * weights[row] * (max(signed, 0) + log1p(exp(-abs(signed))))
    }
    return sum
  }

  mutating func differentiate(at parameters: [Double]) {
    let p = design.columns
    var gradient = parameters
    gradient[p] = 0
    var sums = [Double](repeating: 0, count: (p + 1) * (p + 1))
    for column in 0..<p { sums[column * (p + 2)] = 1 }
    // The intercept is a last column of ones, so that its row needs no code of its own.
    var x = [Double](repeating: 1, count: p + 1)
    for row in truth.indices {
      for column in 0..<p { x[column] = design.elements[row * p + column] }
      let probability = sigmoid(score(row, parameters))
      let residual = c * weights[row] * (probability - (truth[row] ? 1 : 0))
      let weight = c * weights[row] * probability * (1 - probability)
      x.withUnsafeBufferPointer { x in
        sums.withUnsafeMutableBufferPointer { sums in
          for i in 0...p {
            gradient[i] += residual * x[i]
            let scaled = weight * x[i]
            let start = i * (p + 1)
            for j in 0...i { sums[start &+ j] += scaled * x[j] }
          }
        }
      }
    }
    self.gradient = gradient
    self.curvature = Matrix(square: sums, size: p + 1)
  }

  private func score(_ row: Int, _ parameters: [Double]) -> Double {
    let p = design.columns
    var score = parameters[p]
    for column in 0..<p { score += design.elements[row * p + column] * parameters[column] }
    return score
  }
}

private func sigmoid(_ score: Double) -> Double {
  score >= 0 ? 1 / (1 + exp(-score)) : exp(score) / (1 + exp(score))
}
