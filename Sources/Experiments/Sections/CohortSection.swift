import Basics
import Pipeline
import Radiographs

/// `cohort:` whose pictures, whose table.
public struct CohortSection: Codable, Hashable, Sendable {
  /// The layout on disk: a name of `CohortSource.names`.
  public var source: String
  /// For `csv`: which column is which (`image`, `path`, `patient`, `study`, `sex`, `age`, `view`).
  public var columns: [String: String]?
  /// Only these views (`PA`, `AP`, …); all where absent.
  public var views: [String]?
  /// What a missing or unreadable picture does: `fail` or `skip`.
  public var onBadImage: String

  enum CodingKeys: String, CodingKey {
    case source, columns, views
    case onBadImage = "on_bad_image"
  }
}
