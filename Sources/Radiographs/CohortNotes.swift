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

  /// What is said of ages above 120 years.
  public static func aboveRange(_ ages: Int) -> String {
    "\(counted(ages, "age")) above 120 years \(ages == 1 ? "is" : "are") taken as missing"
  }

  /// What a person should hear of the reading.
  public var sentences: [String] {
    var all: [String] = []
    if implausibleAges > 0 {
      all.append(Self.aboveRange(implausibleAges))
    }
    if otherViews > 0 {
      all.append(
        "\(otherViews) of \(counted(rows, "picture")) \(otherViews == 1 ? "has another view" : "have other views")"
      )
    }
    if !missingPictures.isEmpty {
      all.append(
        counted(missingPictures.count, "picture", "is", "are") + " missing and left out: "
          + missingPictures.prefix(5).quotedList + (missingPictures.count > 5 ? ", …" : ""))
    }
    all += remarks
    return all
      + unmapped.map {
        "`\($0.text)` is no known \($0.attribute) (\(counted($0.patients, "patient")))"
      }
  }
}
