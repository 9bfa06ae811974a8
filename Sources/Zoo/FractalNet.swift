import Torch

/// Networks that repeat one rule of expansion in place of residuals (Larsson et al. 2017).
///
/// A block of C columns is f₁ = convolution and f_{C+1} = mean of (f_C after f_C) and a convolution:
/// column c has 2^c convolutions, and where columns end together their mean goes on in all of them.
struct FractalNet: Family {
  struct Variant {
    /// Channels of each block; a pooling that halves the picture follows each.
    let widths: [Int]
    let columns: Int
  }

  static let variants: [String: Variant] = [
    "fractalnet": Variant(widths: [64, 128, 256, 512, 512], columns: 3)
  ]

  private let blocks: [FractalBlock]
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = plan.channels
    blocks = try variant.widths.enumerated().map { index, next in
      defer { width = next }
      return try FractalBlock(path / "blocks" / index, width, next, columns: variant.columns)
    }
    dropout = plan.head()
    output = try Linear(path / "fc", width, plan.outputs)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for block in blocks { x = try block(x, mode).maxPool2d(2) }
    return try x.globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Columns of convolutions; column 0 has one for the whole block, each further one twice as many.
private struct FractalBlock {
  private let columns: [[NormalisedLayer]]

  init(_ path: Path, _ input: Int, _ output: Int, columns: Int) throws {
    self.columns = try (0..<columns).map { column in
      try (0..<1 << column).map { index in
        let place = path / "columns" / column / index
        return try NormalisedLayer(
          place / "conv", place / "bn", index == 0 ? input : output, output, kernel: 3,
          activation: .relu)
      }
    }
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let rows = 1 << max(columns.count - 1, 0)
    var inputs = columns.map { _ in x }
    for row in 1...rows {
      // The columns whose convolution spans up to this row.
      let ending = columns.indices.filter { row.isMultiple(of: rows >> $0) }
      let results = try ending.map { column in
        try columns[column][row / (rows >> column) - 1](inputs[column], mode)
      }
      guard var joined = results.first else { continue }
      for result in results.dropFirst() { joined = try joined + result }
      if results.count > 1 { joined = try joined / Double(results.count) }
      for column in ending { inputs[column] = joined }
    }
    return inputs.last ?? x
  }
}
