import Basics

/// Finds experiments by what a person types: an arm, a name, or some words of one.
package enum ExperimentSearch {
  /// The experiments that `wanted` can mean, as indices: all of the arm of that name, else the one of
  /// that name, else those with all its words (`resnet18 seed=0`), else those with all of them as
  /// parts of words.
  package static func indices(of wanted: String, among experiments: [Experiment]) -> [Int] {
    let arm = experiments.indices.filter { experiments[$0].arm == wanted }
    if !arm.isEmpty { return arm }
    let names = experiments.map(\.name)
    if let exact = names.firstIndex(of: wanted) { return [exact] }
    let parts = wanted.split(separator: " ").map { $0.last == "," ? $0.dropLast() : $0 }
    guard !parts.isEmpty else { return [] }
    // Whole words first: `seed=1` is not `seed=10`.
    let words = names.map { $0.split { " ,".contains($0) } }
    let whole = names.indices.filter { index in
      parts.allSatisfy { part in
        words[index].contains { $0 == part || $0.hasSuffix("=\(part)") }
      }
    }
    return whole.isEmpty
      ? names.indices.filter { index in parts.allSatisfy { names[index].contains($0) } } : whole
  }

  /// That nothing was found.
  package static func missing(
    _ wanted: String, among experiments: [Experiment], as word: String = "experiment"
  ) -> Diagnostic {
    var names = experiments.map(\.arm)
    if word == "experiment" { names = experiments.map(\.name) + names }
    let known = nearestName(to: wanted, among: names)
    let all = names.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    return Diagnostic(
      "no \(word) `\(wanted)`",
      hint: known.map { "did you mean `\($0)`?" } ?? "the \(word)s are \(all.prefix(20).quotedList)"
    )
  }

  /// The one experiment that `wanted` means; the only one where nothing is wanted.
  package static func index(
    of wanted: String?, among experiments: [Experiment]
  ) throws(Diagnostic) -> Int {
    guard let wanted else {
      if experiments.count == 1 { return 0 }
      throw Diagnostic(
        "say which experiment",
        hint: "the experiments are \(experiments.prefix(20).map(\.name).quotedList)")
    }
    let found = indices(of: wanted, among: experiments)
    guard let first = found.first else { throw missing(wanted, among: experiments) }
    guard found.count == 1 else {
      throw Diagnostic(
        "`\(wanted)` can be \(found.prefix(10).map { experiments[$0].name }.quotedList)")
    }
    return first
  }
}
