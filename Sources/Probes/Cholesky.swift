/// The solution of `a x = b` for a symmetric positive definite `a` `[n, n]`, of which the lower half
/// is read; `nil` where `a` is not positive definite.
///
/// A probe has some tens of columns, so the solution takes microseconds and forming `a` takes the
/// time: this does without LAPACK and gives the same bits on every machine.
func solvePositiveDefinite(_ a: Matrix, _ b: [Double]) -> [Double]? {
  let n = b.count
  var factor = a
  var x = b
  for row in 0..<n {
    for column in 0...row {
      var sum = factor[row, column]
      for k in 0..<column { sum -= factor[row, k] * factor[column, k] }
      if row > column {
        factor[row, column] = sum / factor[column, column]
      } else {
        guard sum > 0, sum.isFinite else { return nil }
        factor[row, row] = sum.squareRoot()
      }
    }
    for k in 0..<row { x[row] -= factor[row, k] * x[k] }
    x[row] /= factor[row, row]
  }
  for row in (0..<n).reversed() {
    for k in row + 1..<max(n, row + 1) { x[row] -= factor[k, row] * x[k] }
    x[row] /= factor[row, row]
  }
  return x
}
