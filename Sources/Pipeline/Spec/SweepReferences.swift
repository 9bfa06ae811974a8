import Basics

/// Finds the points of a sweep whose results other points name.
public struct SweepReferences {
  /// What a name leads to.
  public enum Target: Equatable, Sendable {
    /// The point with this index.
    case point(Int)
    /// No arm has this name.
    case unknownArm
    /// The arm has no point with the same seed and the same values on the shared axes.
    case noPoint
    /// Several such points.
    case several([Int])
  }

  private struct Candidate {
    let index: Int
    /// The axes that the name settles.
    let named: Set<String>
  }

  private let points: [SweepPoint]
  private var known: [String: [Int: [Candidate]]] = [:]

  /// References among `points`.
  public init(_ points: [SweepPoint]) { self.points = points }

  /// The point of the arm called `name` with the seed of `point` and its values on every axis that
  /// both have and that the name does not settle.
  ///
  /// - Parameter name: an arm in full (`long, arch=simple`) or some of its words (`long`).
  public mutating func target(of point: SweepPoint, named name: String) -> Target {
    let bySeed = known[name] ?? candidates(name)
    known[name] = bySeed
    guard !bySeed.isEmpty else { return .unknownArm }
    let own = Dictionary(point.settings.map { ($0.path, $0.value) }) { first, _ in first }
    let found = (bySeed[point.seed] ?? []).filter { candidate in
      points[candidate.index].settings.allSatisfy { setting in
        guard !candidate.named.contains(setting.path), let value = own[setting.path] else {
          return true
        }
        return value == setting.value
      }
    }.map(\.index)
    return found.isEmpty ? .noPoint : found.count == 1 ? .point(found[0]) : .several(found)
  }

  private func candidates(_ name: String) -> [Int: [Candidate]] {
    let whole = points.indices.filter { points[$0].arm == name }
    var found = whole.map { Candidate(index: $0, named: Set(points[$0].settings.map(\.path))) }
    if whole.isEmpty {
      let words = name.split(separator: ",").map { $0.drop { $0 == " " } }
      for (index, point) in points.enumerated() where !words.isEmpty {
        let settings = words.map { word in point.settings.first { $0.word == word } }
        if settings.allSatisfy({ $0 != nil }) {
          found.append(Candidate(index: index, named: Set(settings.compactMap { $0?.path })))
        }
      }
    }
    return Dictionary(grouping: found) { points[$0.index].seed }
  }
}
