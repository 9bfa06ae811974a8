import Basics
import Catalogue
import Foundation

/// Where weights of timm lie on this machine, and where they come from.
package struct WeightsFolder: Sendable {
  /// The folder: `CXR_WEIGHTS`, or `cxr-pipeline/weights` in the user's cache.
  package let path: String
  private let base: String

  /// The folder that `environment` names.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func named(_ variable: String) -> String? {
      environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
    let cache =
      named("XDG_CACHE_HOME") ?? Files.join(named("HOME") ?? NSHomeDirectory(), ".cache")
    path = named("CXR_WEIGHTS") ?? Files.join(cache, "cxr-pipeline/weights")
    let base = named("CXR_WEIGHTS_URL") ?? "https://huggingface.co/timm"
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
  }

  /// The file of the weights called `name` (`resnet18.tv_in1k`).
  package func file(of name: String) -> String { Files.join(path, "\(name).safetensors") }

  /// The digest that was noted when the file came, in the format of `sha256sum`.
  package func record(of name: String) -> String { Self.record(beside: file(of: name)) }

  static func record(beside file: String) -> String { file + ".sha256" }

  /// Where the file is downloaded from: the layout of the Hugging Face hub below `CXR_WEIGHTS_URL`.
  package func address(of name: String) -> String {
    "\(base)/\(name)/resolve/main/model.safetensors"
  }

  /// The name of the weights that an architecture asks for by its tag, else of those to take by
  /// default.
  package static func name(_ row: Architecture, tag: String?) -> String? {
    tag.map { "\(row.name).\($0)" } ?? row.pretrained
  }

  /// The digest in a record.
  package static func recorded(in path: String) throws(Diagnostic) -> Digest {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    guard let digest = Digest(hex: text.prefix(64)) else {
      throw Diagnostic("`\(path)` holds no digest", hint: "remove it and pull the weights again")
    }
    return digest
  }

  /// Compares the file at `path` with what its record says.
  package static func verify(_ path: String, record: String) throws(Diagnostic) {
    let (found, expected) = (try Files.digest(of: path), try recorded(in: record))
    guard found == expected else {
      throw Diagnostic(
        "`\(path)` is not what was downloaded: its digest is \(found.hex), not \(expected.hex)",
        hint: "remove it and pull the weights again")
    }
  }
}
