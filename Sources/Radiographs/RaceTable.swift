/// The groups that CheXpert's texts for race and ethnicity stand for; "" is missing.
///
/// Every text is listed. Equality with `White` would lose 6,556 patients `White, non-Hispanic`, and
/// looking for the word would take `White, Hispanic` too. A text that says Hispanic is of the group
/// `Hispanic`, whatever race it names beside it, as in MIMIC-IV's one column. Most patients who are
/// Hispanic have the race `Other` or `White` and say so in `ETHNICITY` only: for white patients who
/// are not Hispanic, take groups of `race` and `ethnicity` together.
enum RaceTable {
  /// The 23 texts of `PRIMARY_RACE`, and none.
  static let races: [String: String] = [
    "": "",
    "American Indian or Alaska Native": "Native American",
    "Asian": "Asian",
    "Asian - Historical Conv": "Asian",
    "Asian, Hispanic": "Hispanic",
    "Asian, non-Hispanic": "Asian",
    "Black or African American": "Black",
    "Black, Hispanic": "Hispanic",
    "Black, non-Hispanic": "Black",
    "Native American, Hispanic": "Hispanic",
    "Native American, non-Hispanic": "Native American",
    "Native Hawaiian or Other Pacific Islander": "Pacific Islander",
    "Other": "Other",
    "Other, Hispanic": "Hispanic",
    "Other, non-Hispanic": "Other",
    "Pacific Islander, Hispanic": "Hispanic",
    "Pacific Islander, non-Hispanic": "Pacific Islander",
    "Patient Refused": "",
    "Race and Ethnicity Unknown": "",
    "Unknown": "",
    "White": "White",
    "White or Caucasian": "White",
    "White, Hispanic": "Hispanic",
    "White, non-Hispanic": "White",
  ]

  /// The texts of `ETHNICITY`, and none.
  static let ethnicities: [String: String] = [
    "": "",
    "Hispanic/Latino": "Hispanic",
    "Hispanic": "Hispanic",
    "Non-Hispanic/Non-Latino": "Non-Hispanic",
    "Not Hispanic": "Non-Hispanic",
    "Patient Refused": "",
    "Unknown": "",
  ]
}
