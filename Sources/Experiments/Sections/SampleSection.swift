import Pipeline

/// `sample:` what a training sees of its subset.
package struct SampleSection: Codable, Hashable, Sendable {
  /// A name of `methods`.
  package var method: String
  /// The finding whose classes are meant; absent where nothing is drawn.
  package var finding: String?
  /// How many of each class are drawn first; absent for all.
  package var counts: Counts?
  /// For `group-balanced`: an attribute or a crossing.
  package var by: String?
  /// The groups of `by` that stay; all where absent.
  package var groups: [String]?
  /// The inner edges of age groups in years, where `by` has age in it.
  package var ageEdges: [Int]?

  /// How many pictures of each class; all where absent.
  package struct Counts: Codable, Hashable, Sendable {
    package var positive: Int?
    package var negative: Int?
  }

  /// `all`; `downsample` and `oversample` make the classes equal, `group-balanced` the classes in all
  /// groups.
  package static let methods = ["all", "downsample", "oversample", groupBalanced]
  package static let groupBalanced = "group-balanced"

  /// Whether anything is left to chance.
  package var draws: Bool { finding != nil }

  enum CodingKeys: String, CodingKey {
    case method, finding, counts, by, groups
    case ageEdges = "age_edges"
  }
}
