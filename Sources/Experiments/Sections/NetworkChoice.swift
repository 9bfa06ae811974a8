import Basics

/// `train.arch` and `train.weights`: which network is trained, and what it starts from.
package struct NetworkChoice: Sendable {
  /// What a network, or a part of one, starts from.
  package enum Start: Sendable {
    /// A file of weights.
    case file(String)
    /// Weights of timm that lie in the `WeightsFolder`, by their name.
    case pretrained(name: String, file: String)
    /// The network of another experiment.
    case experiment(Experiment.Origin)
  }

  /// Names of the catalogue: one, or those of the networks that are joined; none for `program`.
  package var parts: [String]
  /// A file of TorchScript.
  package var program: String?
  /// The side of the pictures in pixels.
  package var size = plainSize
  /// What is not drawn: the whole, or a part by its place. The whole stands first.
  package var starts: [(part: Int?, start: Start)] = []

  /// How the network is written in fingerprints and checkpoints: `densenet121`,
  /// `densenet121+vgg19`, `torchscript`.
  package var arch: String {
    program == nil ? parts.joined(separator: "+") : Self.torchScript
  }

  package static let torchScript = "torchscript"

  /// The side of the pictures where neither the spec nor the network says one.
  package static let plainSize = 224

  /// `random`, `file` where the whole starts from one, `parts` where only parts do.
  package var weights: String {
    guard let first = starts.first else { return "random" }
    return first.part == nil ? "file" : "parts"
  }

  /// Whether a backbone has no value that is drawn.
  package var isBackboneGiven: Bool {
    starts.contains { $0.part == nil }
      || parts.indices.allSatisfy { index in
        starts.contains { $0.part == index || $0.part == nil }
      }
  }

  /// The name of the input by which a start enters a training.
  package static func input(_ part: Int?) -> String { part.map { "weights.\($0)" } ?? "weights" }

  /// The experiments that it starts from, in order.
  package var origins: [Experiment.Origin] {
    starts.compactMap { if case .experiment(let origin) = $0.start { origin } else { nil } }
  }

  /// What it is made from, in words: files, names of weights and arms.
  package var sources: [String] {
    [program ?? ""]
      + starts.map { part, start in
        let source =
          switch start {
          case .file(let file): file
          case .pretrained(let name, _): name
          case .experiment(let origin): "{from: \(origin.arm)}"
          }
        return "\(Self.input(part)) \(source)"
      }
  }

  /// Tells each origin the index of its experiment.
  package mutating func resolve(_ index: (Experiment.Origin) -> Int) {
    for place in starts.indices {
      guard case .experiment(var origin) = starts[place].start else { continue }
      origin.index = index(origin)
      starts[place].start = .experiment(origin)
    }
  }
}
