/// The groups that the data sets' texts for race, ethnicity and insurance stand for; "" is missing.
///
/// Every text is listed, and a person can say otherwise with `cohort.groups`. Equality with `White` would lose 6,556 patients `White, non-Hispanic`, and
/// looking for the word would take `White, Hispanic` too. A text that says Hispanic is of the group
/// `Hispanic`, whatever race it names beside it, as in MIMIC-IV's one column. Most patients who are
/// Hispanic have the race `Other` or `White` and say so in `ETHNICITY` only: for white patients who
/// are not Hispanic, take groups of `race` and `ethnicity` together.
enum GroupTables {
  /// CheXpert: the 23 texts of `PRIMARY_RACE`, and none.
  static let chexpertRace: [String: String] = [
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

  /// CheXpert: the texts of `ETHNICITY`, and none.
  static let chexpertEthnicity: [String: String] = [
    "": "",
    "Hispanic/Latino": "Hispanic",
    "Hispanic": "Hispanic",
    "Non-Hispanic/Non-Latino": "Non-Hispanic",
    "Not Hispanic": "Non-Hispanic",
    "Patient Refused": "",
    "Unknown": "",
  ]

  /// MIMIC-IV: the texts of `race` (2.0 and later) and of `ethnicity` (1.0), and none. The
  /// groups that a text names beside a continent (`WHITE - BRAZILIAN`) are of the continent's group.
  static let mimicRace: [String: String] = [
    "": "",
    "AMERICAN INDIAN/ALASKA NATIVE": "Native American",
    "ASIAN": "Asian",
    "ASIAN - ASIAN INDIAN": "Asian",
    "ASIAN - CHINESE": "Asian",
    "ASIAN - KOREAN": "Asian",
    "ASIAN - SOUTH EAST ASIAN": "Asian",
    "BLACK/AFRICAN": "Black",
    "BLACK/AFRICAN AMERICAN": "Black",
    "BLACK/CAPE VERDEAN": "Black",
    "BLACK/CARIBBEAN ISLAND": "Black",
    "HISPANIC OR LATINO": "Hispanic",
    "HISPANIC/LATINO": "Hispanic",
    "HISPANIC/LATINO - CENTRAL AMERICAN": "Hispanic",
    "HISPANIC/LATINO - COLUMBIAN": "Hispanic",
    "HISPANIC/LATINO - CUBAN": "Hispanic",
    "HISPANIC/LATINO - DOMINICAN": "Hispanic",
    "HISPANIC/LATINO - GUATEMALAN": "Hispanic",
    "HISPANIC/LATINO - HONDURAN": "Hispanic",
    "HISPANIC/LATINO - MEXICAN": "Hispanic",
    "HISPANIC/LATINO - PUERTO RICAN": "Hispanic",
    "HISPANIC/LATINO - SALVADORAN": "Hispanic",
    "MULTIPLE RACE/ETHNICITY": "Other",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "Pacific Islander",
    "OTHER": "Other",
    "PATIENT DECLINED TO ANSWER": "",
    "PORTUGUESE": "Other",
    "SOUTH AMERICAN": "Other",
    "UNABLE TO OBTAIN": "",
    "UNKNOWN": "",
    "WHITE": "White",
    "WHITE - BRAZILIAN": "White",
    "WHITE - EASTERN EUROPEAN": "White",
    "WHITE - OTHER EUROPEAN": "White",
    "WHITE - RUSSIAN": "White",
  ]

  /// MIMIC-IV: the texts of `insurance`, and none.
  static let mimicInsurance: [String: String] = [
    "": "",
    "Medicaid": "Medicaid",
    "Medicare": "Medicare",
    "No charge": "Other",
    "Other": "Other",
    "Private": "Private",
  ]

  /// CheXpert Plus: the texts of `insurance_type`, and none.
  static let chexpertInsurance: [String: String] = [
    "": "",
    "Medicaid": "Medicaid",
    "Medicare": "Medicare",
    "Private Insurance": "Private",
    "Unknown": "",
  ]
}
