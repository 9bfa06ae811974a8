import Basics

/// Race, ethnicity, sex and how often a patient comes, at CheXpert's shares.
enum PhantomGroups {
  /// The groups that a dial can name, as the reader spells them.
  static let values = [
    "sex": ["F", "M"],
    "race": Set(GroupTables.chexpertRace.values).subtracting([""]).sorted(),
  ]

  /// How many of 65,401 patients have each text. The first eleven and the total are published; the
  /// rest shares what is left.
  private static let races = [
    ("White", 29_901), ("Other", 8_510), ("White, non-Hispanic", 6_556), ("Asian", 6_235),
    ("Unknown", 4_315), ("Black or African American", 2_613),
    ("Race and Ethnicity Unknown", 2_535), ("Asian, non-Hispanic", 817), ("", 541),
    ("Black, non-Hispanic", 517), ("White, Hispanic", 308),
    ("Native Hawaiian or Other Pacific Islander", 900), ("Other, Hispanic", 700),
    ("Other, non-Hispanic", 320), ("Patient Refused", 250), ("White or Caucasian", 20),
    ("Asian - Historical Conv", 20), ("American Indian or Alaska Native", 160),
    ("Pacific Islander, non-Hispanic", 90), ("Native American, non-Hispanic", 50),
    ("Black, Hispanic", 18), ("Asian, Hispanic", 10), ("Native American, Hispanic", 9),
    ("Pacific Islander, Hispanic", 6),
  ]

  private static let raceBounds = bounds(races.map { Double($0.1) })
  private static let studyBounds = bounds(studyShares)

  static func race(at u: Double) -> String { races[index(u, raceBounds)].0 }

  /// The ethnicity that goes with a race: what the race says itself, unknown where it is unknown.
  static func ethnicity(race: String, at u: Double) -> String {
    if race.hasSuffix(", Hispanic") { return "Hispanic/Latino" }
    if race.hasSuffix(", non-Hispanic") { return "Non-Hispanic/Non-Latino" }
    if race.isEmpty { return u < 0.16 ? "" : "Unknown" }
    if race == "Patient Refused" { return u < 0.7 ? race : "Unknown" }
    if GroupTables.chexpertRace[race] == "" {
      return u < 0.97 ? "Unknown" : "Non-Hispanic/Non-Latino"
    }
    let hispanic = race == "Other" ? 0.5 : race == "White" ? 0.085 : 0.01
    if u < hispanic { return "Hispanic/Latino" }
    return u < hispanic + 0.05 ? "Unknown" : "Non-Hispanic/Non-Latino"
  }

  /// How many studies a patient has, 1 to 91.
  ///
  /// The beta-geometric distribution whose two parameters give CheXpert's mean (187,641 studies of
  /// 64,540 patients) and its leak: 84.2 % of the test pictures of a 70/15/15 split by pictures
  /// have their patient in train as well.
  static func studies(at u: Double) -> Int { index(u, studyBounds) + 1 }

  /// The sex of a patient with so many studies: men are 55.5 % of the patients and, since they come
  /// more often, 59.4 % of the pictures; one patient of all is unknown.
  static func sex(studies: Int, at u: Double) -> String {
    if u > 1 - 1 / 64_540 { return "Unknown" }
    return u < 0.5066 + 0.1328 * (1 - 1 / Double(studies)) ? "Male" : "Female"
  }

  private static var studyShares: [Double] {
    let (alpha, beta) = (2.681882, 3.258941)
    var share = alpha / (alpha + beta)
    return (1...91).map { studies in
      defer { share *= (beta + Double(studies) - 1) / (alpha + beta + Double(studies)) }
      return share
    }
  }

  /// Running sums of `shares`, the last of which is 1.
  private static func bounds(_ shares: [Double]) -> [Double] {
    let total = shares.reduce(0, +)
    var sum = 0.0
    return shares.map { share in
      sum += share / total
      return sum
    }
  }

  private static func index(_ u: Double, _ bounds: [Double]) -> Int {
    bounds.firstIndex { u < $0 } ?? bounds.count - 1
  }
}
