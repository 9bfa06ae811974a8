/// A finding with how often CheXpert labels it.
///
/// The rates are those of `train.csv` (223,414 pictures). Pictures of a study share their labels,
/// so that rates of studies are rates of pictures.
struct PhantomFinding {
  let name: String
  /// The shares of the labels 1, 0 and −1.
  let positive: Double
  let negative: Double
  let uncertain: Double

  /// The share without a label.
  var blank: Double { 1 - positive - negative - uncertain }

  private init(_ name: String, _ positive: Int, _ negative: Int, _ uncertain: Int) {
    let pictures = 223_414.0
    self.name = name
    self.positive = Double(positive) / pictures
    self.negative = Double(negative) / pictures
    self.uncertain = Double(uncertain) / pictures
  }

  /// The findings in the order of `train.csv`.
  static let all = [
    PhantomFinding("No Finding", 22_381, 0, 0),
    PhantomFinding("Enlarged Cardiomediastinum", 10_798, 21_638, 12_403),
    PhantomFinding("Cardiomegaly", 27_000, 11_116, 8_087),
    PhantomFinding("Lung Opacity", 105_581, 6_599, 5_598),
    PhantomFinding("Lung Lesion", 9_186, 1_270, 1_488),
    PhantomFinding("Edema", 52_246, 20_726, 12_984),
    PhantomFinding("Consolidation", 14_783, 28_097, 27_742),
    PhantomFinding("Pneumonia", 6_039, 2_799, 18_770),
    PhantomFinding("Atelectasis", 33_376, 1_328, 33_739),
    PhantomFinding("Pneumothorax", 19_448, 56_341, 3_145),
    PhantomFinding("Pleural Effusion", 86_187, 35_396, 11_628),
    PhantomFinding("Pleural Other", 3_523, 316, 2_653),
    PhantomFinding("Fracture", 9_040, 2_512, 642),
    PhantomFinding("Support Devices", 116_001, 6_137, 1_079),
  ]

  /// Where in ``all`` each finding stands.
  static let (noFinding, devices) = (0, all.count - 1)
  /// The diseases: all but No Finding and Support Devices.
  static let diseases = 1..<all.count - 1

  static func index(_ name: String) -> Int? { all.firstIndex { $0.name == name } }

  /// How often the finding is there, where an uncertain one is with `presentIfUncertain`.
  func prevalence(_ presentIfUncertain: Double) -> Double {
    positive + uncertain * presentIfUncertain
  }

  /// The label that the quantile `u` of a disease stands for in a study.
  ///
  /// Every tenth study is one without findings, where no disease is mentioned but as absent. In the
  /// others the rates are higher, so that they hold over all studies together.
  func label(at u: Double, withoutFindings: Bool) -> RawLabel {
    let scale = withoutFindings ? 0 : 1 / (1 - Self.all[Self.noFinding].positive)
    let (positive, uncertain) = (positive * scale, uncertain * scale)
    if u < positive { return .positive }
    if u < positive + uncertain { return .uncertain }
    let rest = (u - positive - uncertain) / (1 - positive - uncertain)
    return rest < negative / (1 - self.positive - self.uncertain) ? .negative : .blank
  }
}

/// Devices and the disease they are a shortcut to.
struct DeviceChance {
  /// P(device | disease) and P(device | no disease).
  let (ill, well): (Double, Double)
  private let finding = PhantomFinding.all[PhantomFinding.devices]
  private let presentIfUncertain: Double
  private let present: Double

  /// The chances with the odds ratio asked for, and with devices as common as CheXpert labels them.
  init(_ dials: PhantomDials) {
    presentIfUncertain = dials.presentIfUncertain(PhantomDials.devices)
    present = finding.prevalence(presentIfUncertain)
    let disease = PhantomFinding.all.first { $0.name == dials.shortcut.finding }
    let share = disease?.prevalence(dials.presentIfUncertain(dials.shortcut.finding)) ?? 0
    let ratio = dials.shortcut.oddsRatio
    func ill(_ well: Double) -> Double { ratio * well / (1 - well + ratio * well) }
    // The share of devices grows with `well`, so that halving finds it.
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let common = share * ill(middle) + (1 - share) * middle
      (low, high) = common < present ? (middle, high) : (low, middle)
    }
    well = low
    self.ill = ill(low)
  }

  /// The label that the quantile `u` stands for where a device is there or not.
  func label(at u: Double, present isPresent: Bool) -> RawLabel {
    if isPresent {
      return u < finding.uncertain * presentIfUncertain / present ? .uncertain : .positive
    }
    let uncertain = finding.uncertain * (1 - presentIfUncertain) / (1 - present)
    if u < uncertain { return .uncertain }
    return u < uncertain + finding.negative / (1 - present) ? .negative : .blank
  }
}
