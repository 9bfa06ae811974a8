import Basics
import Experiments
import Pipeline
import Torch
import Zoo

/// Fills the network, or parts of it, from the files of weights among the inputs of a stage, and logs
/// what keeps its first values.
///
/// - Parameter isHeadUsed: whether the last layer matters, and so what it keeps is said.
func loadWeights(
  _ context: JobContext, _ arch: String, _ network: any Network, _ store: ParameterStore,
  rgbKernels: String?, isHeadUsed: Bool = true
) throws {
  let parts: [Int?] = [nil] + arch.split(separator: "+").indices.map { $0 }
  for part in parts {
    let input = NetworkChoice.input(part)
    guard let path = context.job.inputs[input]?.path else { continue }
    if let record = context.job.inputs["\(input).sha256"]?.path {
      try WeightsFolder.verify(path, record: record)
    }
    do {
      let kept = try Zoo.load(
        weights: path, part: part, of: network, into: store,
        colours: rgbKernels == "sum" ? .sum : .mean)
      if !kept.isEmpty, isHeadUsed {
        context.log("\(kept.quotedList) keep their first values: the file has another size")
      }
    } catch let mismatch as StateMismatch {
      throw Diagnostic("`\(path)` does not fit the network: \(mismatch.summary)")
    }
  }
}

extension StateMismatch {
  /// The facts in one line, the first few names of each kind.
  var summary: String {
    func part(_ word: String, _ names: [String]) -> String? {
      guard !names.isEmpty else { return nil }
      return "\(word) \(names.prefix(3).quotedList)"
        + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
    let shapes = reshaped.map { "\($0.name) \($0.found) instead of \($0.expected)" }
    return [
      part("it lacks", missing), part("it has besides", unexpected), part("shapes differ:", shapes),
    ].compactMap { $0 }.joined(separator: "; ")
  }
}
