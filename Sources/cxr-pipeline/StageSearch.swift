import Basics

/// Finds a stage by its whole name or by some words of it.
enum StageSearch {
  /// The index of the one label of `names` that `wanted` means.
  ///
  /// - Throws: where none or several can be meant.
  static func find(
    _ wanted: String, among names: [String]
  ) throws(Diagnostic) -> Int {
    if let exact = names.firstIndex(of: wanted) { return exact }
    let parts = wanted.split(separator: " ")
    // Whole words first: `seed=1` is not `seed=10`.
    let words = names.map { $0.split(whereSeparator: { " ,".contains($0) }) }
    let whole = names.indices.filter { index in
      parts.allSatisfy { part in
        words[index].contains { $0 == part || $0.hasSuffix("=\(part)") }
      }
    }
    let found =
      whole.isEmpty
      ? names.indices.filter { index in parts.allSatisfy { names[index].contains($0) } } : whole
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      let near = nearestName(to: wanted, among: names)
      throw Diagnostic(
        "no stage `\(wanted)`",
        hint: near.map { "did you mean `\($0)`?" }
          ?? "the stages are \(names.prefix(20).quotedList)")
    }
    throw Diagnostic("`\(wanted)` can be \(found.prefix(10).map { names[$0] }.quotedList)")
  }
}
