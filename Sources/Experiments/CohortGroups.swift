import Basics
import Metrics
import Radiographs

extension Cohort {
  /// The group of each picture: a value of one attribute or of a crossing, ages in bins; `nil` where
  /// missing.
  ///
  /// - Parameter bins: the bins of the ages of all pictures.
  /// - Throws: for unknown attributes.
  package func groups(
    _ name: String, bins: (_ ages: [Double?]) throws(Diagnostic) -> AgeBins
  ) throws(Diagnostic) -> [String?] {
    var columns: [[String?]] = []
    for part in FairnessSection.parts(of: name) {
      let cells = try attribute(part)
      if part == FairnessSection.age {
        let ages = cells.map { Double($0) }
        let bins = try bins(ages)
        columns.append(ages.map(bins.name))
      } else {
        columns.append(cells.map { $0.isEmpty ? nil : $0 })
      }
    }
    return try crossed(columns)
  }

  /// The same, where `ageEdges` are the inner edges of the bins in years.
  package func groups(_ name: String, ageEdges: [Int]) throws(Diagnostic) -> [String?] {
    try groups(name) { _ throws(Diagnostic) in
      try AgeBins(edges: [0] + ageEdges.map(Double.init), isOpen: true)
    }
  }

  /// The same, where pictures of other groups than `kept` have none; all groups are kept where `nil`.
  ///
  /// - Throws: for a group that no picture is in, too.
  package func groups(
    _ name: String, ageEdges: [Int], keeping kept: [String]?
  ) throws(Diagnostic) -> [String?] {
    let all = try groups(name, ageEdges: ageEdges)
    guard let kept else { return all }
    if let unknown = kept.first(where: { !all.contains($0) }) {
      let names = Set(all.compactMap { $0 }).sorted()
      throw Diagnostic(
        "no picture has `\(unknown)` for `\(name)`",
        hint: nearestName(to: unknown, among: names).map { "did you mean `\($0)`?" }
          ?? "the groups are \(names.prefix(20).quotedList)")
    }
    return all.map { $0.flatMap { kept.contains($0) ? $0 : nil } }
  }
}
