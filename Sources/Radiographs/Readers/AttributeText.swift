/// Sex, age and view as the data sets write them, brought to one spelling.
enum AttributeText {
  /// `F`, `M`, `O` (other), "" where missing or unknown; `nil` when it is not understood.
  static func sex(_ cell: String) -> String? {
    switch cell.lowercased() {
    case "f", "female": "F"
    case "m", "male": "M"
    case "o", "other": "O"
    case "", "u", "unknown": ""
    default: nil
    }
  }

  enum Age: Equatable {
    case years(String)
    case missing
    /// Above 120 years: an error of entry.
    case implausible
  }

  /// Years as a number (`58`, `58.0` and DICOM's `058Y` become `58`, as do months and days in whole
  /// years); `nil` when it is not understood.
  static func age(_ cell: String) -> Age? {
    if cell.isEmpty { return .missing }
    var text = Substring(cell)
    var perYear = 1.0
    switch text.last {
    case "Y": text.removeLast()
    case "M": (perYear, _) = (12, text.removeLast())
    case "W": (perYear, _) = (52, text.removeLast())
    case "D": (perYear, _) = (365, text.removeLast())
    default: break
    }
    guard text.utf8.first.map({ $0 >= 48 && $0 <= 57 }) == true, let number = Double(text),
      number.isFinite
    else { return nil }
    let years = perYear == 1 ? number : (number / perYear).rounded(.down)
    if years > 120 { return .implausible }
    return .years(years == years.rounded() ? String(Int(years)) : String(years))
  }

  /// The view in upper case.
  static func view(_ cell: String) -> String { cell.uppercased() }

  /// What MIMIC, PadChest and BRAX call projections from the front or back, standing or lying.
  private static let frontal: Set<String> = [
    "PA", "AP", "AP_HORIZONTAL", "AP AXIAL", "AP LLD", "AP RLD", "PA LLD", "PA RLD",
  ]

  /// Whether a picture with view `view` is one of `wanted` (upper case): the view itself, or
  /// `FRONTAL` and `LATERAL` for the projections they stand for.
  static func isView(_ view: String, _ wanted: String) -> Bool {
    switch wanted {
    case view: true
    case "FRONTAL": frontal.contains(view)
    case "LATERAL": ["L", "LL", "RL"].contains(view)
    default: false
    }
  }
}
