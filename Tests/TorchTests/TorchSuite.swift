import Foundation
import Testing

/// Everything that touches libtorch: its settings are global, so these tests run one after another.
@Suite(.serialized) struct TorchSuite {}

/// A checked-in file of reference numbers.
func golden(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
}
