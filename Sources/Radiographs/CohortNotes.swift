import Basics

/// What a reader met on its way that is no error, to be told with the cohort.
public struct CohortNotes: Codable, Sendable, Equatable {
  /// A text that no table maps to a group, so that the attribute is missing.
  public struct Unmapped: Codable, Sendable, Equatable {
    /// The attribute.
    public var attribute: String
    /// The cell.
    public var text: String
    /// How many patients of the data set have it.
    public var patients: Int
  }

  /// The rows of the table.
  public var rows: Int
  /// How many ages above 120 years were taken as missing.
  public var implausibleAges: Int
  /// The texts that no group was known for, in order.
  public var unmapped: [Unmapped] = []
  /// What else there is to say, a sentence each.
  public var remarks: [String] = []
  /// How many rows have another view than those asked for.
  public var otherViews = 0
  /// The keys of the pictures left out because they are not on disk.
  public var missingPictures: [String] = []

  /// What a person should hear of the reading.
  public var sentences: [String] {
    var all: [String] = []
    if implausibleAges > 0 {
      all.append("\(implausibleAges) ages above 120 years are taken as missing")
    }
    if otherViews > 0 { all.append("\(otherViews) of \(rows) pictures have other views") }
    if !missingPictures.isEmpty {
      all.append(
        counted(missingPictures.count, "picture")
          + (missingPictures.count == 1
            ? " is missing and left out: " : " are missing and left out: ")
          + missingPictures.prefix(5).quotedList + (missingPictures.count > 5 ? ", …" : ""))
    }
    all += remarks
    return all
      + unmapped.map {
        "`\($0.text)` is no known \($0.attribute) (\(counted($0.patients, "patient")))"
      }
  }
}
