import Torch

/// Weights of other channels and other sizes, made to fit.
extension Zoo {
  /// Kernels for three channels, made to fit the fewer that `store` has.
  static func adaptInputChannels(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore, _ colours: ColourKernels
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard let own = store[name]?.shape, tensor.shape.count == 4, own.count == 4,
        tensor.shape[1] == 3, (1...2).contains(own[1]),
        own == [tensor.shape[0], own[1], tensor.shape[2], tensor.shape[3]]
      else { return (name, tensor) }
      let mean = try tensor.mean([1], keep: true)
      let kernels =
        switch colours {
        case .mean: mean
        case .sum: try mean * (3 / Double(own[1]))
        }
      return (name, try kernels.expanded(own))
    }
  }

  /// Positions for pictures of another size, interpolated as a picture: `[1, tokens, width]` of a
  /// square, of which that of the class token, if there is one, stays, and tables of the attention
  /// between two places, `[places, heads]`, whose last three rows, those of the class token, stay;
  /// and the biases of attention by distance, `[heads, side²]`.
  static func adaptPositions(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard let own = store[name]?.shape, own != tensor.shape else { return (name, tensor) }
      let old = tensor.shape
      if name == "pos_embed", own.count == 3, old.count == 3, own[2] == old[2],
        let (extra, before, after) = squares(old[1], own[1], extras: [0, 1])
      {
        let rows = try tensor.to(.float32).reshaped([old[1], old[2]])
        let grid = try resized(rows.narrowed(0, from: extra, length: before * before), to: after)
        let token = try rows.narrowed(0, from: 0, length: extra)
        return (name, try Tensor.cat([token, grid], along: 0).reshaped(own))
      }
      if name.hasSuffix("relative_position_bias_table"), own.count == 2, old.count == 2,
        own[1] == old[1], let (extra, before, after) = squares(old[0], own[0], extras: [3])
      {
        let rows = try tensor.to(.float32)
        let grid = try resized(rows.narrowed(0, from: 0, length: before * before), to: after)
        let tokens = try rows.narrowed(0, from: before * before, length: extra)
        return (name, try Tensor.cat([grid, tokens], along: 0))
      }
      if name.hasSuffix("attention_biases"), own.count == 2, old.count == 2, own[0] == old[0],
        let (_, before, after) = squares(old[1], own[1], extras: [0])
      {
        return (name, try resizedDistances(tensor.to(.float32), from: before, to: after))
      }
      return (name, tensor)
    }
  }

  /// A square of rows `[side², width]` with another side.
  private static func resized(_ rows: Tensor, to side: Int) throws -> Tensor {
    let (count, width) = (rows.shape[0], rows.shape[1])
    let before = Int(Double(count).squareRoot())
    return try rows.reshaped([1, before, before, width]).permuted([0, 3, 1, 2])
      .resizedBicubic(Pair(side)).permuted([0, 2, 3, 1]).reshaped([side * side, width])
  }

  /// Biases `[heads, side²]` of the distances 0, 1, … in rows and columns, of another side: all
  /// steps, up and down and to both sides, are resized as a picture whose middle is no step at all.
  private static func resizedDistances(
    _ biases: Tensor, from before: Int, to after: Int
  ) throws -> Tensor {
    func steps(_ side: Int) -> [Int] { Array(1 - side..<side) }
    let mirrored = steps(before).flatMap { row in
      steps(before).map { Int64(Swift.abs(row) * before + Swift.abs($0)) }
    }
    let picture = try biases.selecting(Tensor(mirrored), along: 1).transposed(0, 1)
    let wide = 2 * after - 1
    let corner = (after - 1..<wide).flatMap { row in
      (after - 1..<wide).map { Int64(row * wide + $0) }
    }
    return try resized(picture, to: wide).selecting(Tensor(corner)).transposed(0, 1)
  }

  /// The sides of two squares with the same number of rows beside them, one of `extras`.
  private static func squares(
    _ first: Int, _ second: Int, extras: [Int]
  ) -> (extra: Int, Int, Int)? {
    for extra in extras {
      let sides = [first, second].map { Int(Double(max($0 - extra, 0)).squareRoot()) }
      if sides[0] * sides[0] == first - extra, sides[1] * sides[1] == second - extra {
        return (extra, sides[0], sides[1])
      }
    }
    return nil
  }
}
