import Basics
import Experiments
import Metrics
import Radiographs

extension Cohort {
  /// The group of each picture: a value of one attribute or of a crossing, ages in bins; `nil` where
  /// missing.
  ///
  /// - Parameter ageEdges: the inner edges of the bins in years.
  func groups(_ name: String, ageEdges: [Int]) throws -> [String?] {
    let columns = try FairnessSection.parts(of: name).map { part -> [String?] in
      let cells = try attribute(part)
      if part == FairnessSection.age {
        let bins = try AgeBins(edges: [0] + ageEdges.map(Double.init), isOpen: true)
        return cells.map { bins.name(of: Double($0)) }
      }
      return cells.map { $0.isEmpty ? nil : $0 }
    }
    return try crossed(columns)
  }
}
