import Torch

/// What is not trained of a network, as a person says it.
public enum FrozenPart: Equatable, Sendable {
  /// All but the last layers.
  case backbone
  /// So many of the first layers that have tensors or, where it is negative, all but so many of the
  /// last.
  case depth(Int)
  /// What lies at or below a path; `*` in it stands for any characters.
  case path(String)

  /// `backbone`, a whole number, or a path.
  public init(_ text: String) {
    self = text == "backbone" ? .backbone : Int(text).map(FrozenPart.depth) ?? .path(text)
  }

  /// The names of its tensors among those of `store`, in their order; none where the network has no
  /// such part.
  public func names(in store: ParameterStore, of network: any Network) -> [String] {
    let names = store.state.map(\.name)
    switch self {
    case .backbone: return names.filter { !network.isOutput($0) }
    case .depth(let depth):
      let layers = Self.layers(of: store)
      guard depth != .min, abs(depth) < layers.count else { return [] }
      let frozen = Set(layers.prefix(depth < 0 ? layers.count + depth : depth))
      return names.filter { frozen.contains(Self.layer(of: $0)) }
    case .path(let pattern):
      let pattern = Array(pattern.utf8)[...]
      return names.filter { name in
        let bytes = Array(name.utf8)
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") } + [bytes.count]
        return ends.contains { Self.fits(bytes[..<$0], pattern) }
      }
    }
  }

  /// The layers that have tensors, by name, in order.
  public static func layers(of store: ParameterStore) -> [Substring] {
    var layers: [Substring] = []
    for (name, _) in store.state {
      let layer = Self.layer(of: name)
      if layers.last != layer, !layers.contains(layer) { layers.append(layer) }
    }
    return layers
  }

  private static func layer(of name: String) -> Substring {
    name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
  }

  /// Whether `path` is what `pattern` says: a walk that, where it fails, lets the last `*` stand for
  /// one more.
  private static func fits(_ path: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (place, next) = (path.startIndex, pattern.startIndex)
    var star: (place: Int, next: Int)?
    while place < path.endIndex {
      if next < pattern.endIndex, pattern[next] == UInt8(ascii: "*") {
        next += 1
        star = (place, next)
      } else if next < pattern.endIndex, pattern[next] == path[place] {
        (place, next) = (place + 1, next + 1)
      } else if let last = star {
        star = (last.place + 1, last.next)
        (place, next) = (last.place + 1, last.next)
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
