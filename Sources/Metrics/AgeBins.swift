import Basics

/// Bins of age in years, with their edges in their names.
///
/// Written `0-18-40-60-80+` (a hyphen or an en dash between edges). A bin holds its lower edge and not
/// its upper one: `0–18`, `18–40`, …, `80+`; without `+`, the last bin holds its upper edge too.
public struct AgeBins: Hashable, Sendable, CustomStringConvertible {
  /// The edges, ascending.
  public let edges: [Double]
  /// Whether the last bin has no upper edge.
  public let isOpen: Bool

  /// `0–18–40–60–80+` and `0–20–40–60–80+`, the bins of the field; the first is the default.
  public static let presets = [
    AgeBins(checked: [0, 18, 40, 60, 80], isOpen: true),
    AgeBins(checked: [0, 20, 40, 60, 80], isOpen: true),
  ]

  private init(checked edges: [Double], isOpen: Bool) {
    self.edges = edges
    self.isOpen = isOpen
  }

  /// Bins between `edges`.
  ///
  /// - Throws: where the edges do not ascend, are not finite, or make no bin.
  public init(edges: [Double], isOpen: Bool) throws(Diagnostic) {
    guard edges.count >= (isOpen ? 1 : 2) else {
      throw Diagnostic("age bins need at least two edges, or one and `+`")
    }
    guard edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Diagnostic("the edges of age bins must ascend")
    }
    self.init(checked: edges, isOpen: isOpen)
  }

  /// As many bins as `count` with equally many of `ages` in each, as nearly as whole years allow: the
  /// edges are the quantiles of the ages, rounded down, and 0; the last bin is open.
  ///
  /// Ages that are missing, negative or not finite are left out. There are fewer bins where edges
  /// coincide.
  ///
  /// - Throws: for fewer than 2 bins or more than 100, and where no two edges differ.
  public init(quantiles count: Int, of ages: [Double?]) throws(Diagnostic) {
    guard (2...100).contains(count) else {
      throw Diagnostic("age quantiles make 2 to 100 bins, not \(count)")
    }
    let sorted = ages.compactMap { $0 }.filter { $0.isFinite && $0 >= 0 }.sorted()
    var edges = [0.0]
    for index in 1..<count {
      let edge = quantile(sorted: sorted, at: Double(index) / Double(count))?.rounded(.down)
      if let edge, edge > edges[edges.count - 1] { edges.append(edge) }
    }
    guard edges.count > 1 else { throw Diagnostic("the ages do not vary enough for quantiles") }
    try self.init(edges: edges, isOpen: true)
  }

  /// Reads bins.
  ///
  /// - Throws: for an edge that is not a number, and as ``init(edges:isOpen:)``.
  public init(parsing text: String) throws(Diagnostic) {
    let isOpen = text.hasSuffix("+")
    var edges: [Double] = []
    let parts = (isOpen ? text.dropLast() : text[...]).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "–" })
    for part in parts {
      guard let edge = Double(part) else {
        throw Diagnostic(
          "`\(part)` in the age bins `\(text)` is not a number",
          hint: "an example is `0-18-40-60-80+`")
      }
      edges.append(edge)
    }
    try self.init(edges: edges, isOpen: isOpen)
  }

  /// The name of the bin that holds `age`; `nil` for no age, and for one outside all bins.
  public func name(of age: Double?) -> String? {
    guard let age, let upper = edges.firstIndex(where: { age < $0 }) ?? end(age), upper > 0 else {
      return nil
    }
    let lower = Self.text(edges[upper - 1])
    return upper < edges.count ? "\(lower)–\(Self.text(edges[upper]))" : "\(lower)+"
  }

  /// The upper edge of an age that no edge exceeds.
  private func end(_ age: Double) -> Int? {
    guard let last = edges.last, age >= last, age.isFinite else { return nil }
    if isOpen { return edges.count }
    return age == last ? edges.count - 1 : nil
  }

  /// The edges with en dashes between them.
  public var description: String {
    edges.map(Self.text).joined(separator: "–") + (isOpen ? "+" : "")
  }

  private static func text(_ edge: Double) -> String {
    Int(exactly: edge).map(String.init) ?? String(edge)
  }
}

/// The crossing of attributes: their values joined as `F, 40–60`; `nil` where one is missing.
///
/// - Throws: where the attributes do not have one value per case each.
public func crossed(_ attributes: [[String?]]) throws(Diagnostic) -> [String?] {
  guard let first = attributes.first else { return [] }
  guard attributes.allSatisfy({ $0.count == first.count }) else {
    throw Diagnostic("the crossed attributes have different numbers of values")
  }
  return first.indices.map { index in
    let values = attributes.compactMap { $0[index] }
    return values.count == attributes.count ? values.joined(separator: ", ") : nil
  }
}
