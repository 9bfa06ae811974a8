/// What is done about a patient of whom the tables say two things.
public enum ContradictionPolicy: String, Codable, Sendable, CaseIterable {
  /// The attribute is missing, as those do who drop such patients.
  case dropInconsistent = "drop-inconsistent"
  /// What stands first in the table.
  case first
  /// What stands most often, the earlier one in a tie.
  case mostFrequent = "most-frequent"

  /// The group of a patient of whom the tables say `groups`, none of them missing.
  func choice(_ groups: [String]) -> String {
    guard let first = groups.first, groups.contains(where: { $0 != first }) else {
      return groups.first ?? ""
    }
    switch self {
    case .dropInconsistent: return ""
    case .first: return first
    case .mostFrequent:
      var best = (group: "", count: 0)
      var seen: Set<String> = []
      for group in groups where seen.insert(group).inserted {
        let count = groups.count { $0 == group }
        if count > best.count { best = (group, count) }
      }
      return best.group
    }
  }
}
