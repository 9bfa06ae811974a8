import Basics
import Pipeline
import Radiographs

/// `cohort:` whose pictures, whose table.
package struct CohortSection: Codable, Hashable, Sendable {
  /// The layout on disk: a name of `CohortSource.names`.
  package var source: String
  /// For `csv`: which column is which (`image`, `path`, `patient`, `study`, `sex`, `age`, `view`).
  package var columns: [String: String]?
  /// Only these views (`PA`, `AP`, …); all where absent.
  package var views: [String]?
  /// What a missing or unreadable picture does: `fail` or `skip`.
  package var onBadImage: String

  enum CodingKeys: String, CodingKey {
    case source, columns, views
    case onBadImage = "on_bad_image"
  }
}
