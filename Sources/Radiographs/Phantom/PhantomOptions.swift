import Basics

/// What a phantom is made of; the same options give the same bytes.
public struct PhantomOptions: Codable, Sendable, Equatable {
  /// The patients of `train.csv`; patient k is the same whatever their number. CheXpert has 64,540.
  public var patients: Int
  /// The patients of `valid.csv`, one study each, whose labels are the truth. CheXpert has 200.
  public var validPatients: Int
  /// Height and width of the pictures in pixels, 16 to 2048.
  public var size: Int
  /// The seed of every draw.
  public var seed: Int
  /// What is planted.
  public var dials: PhantomDials
  /// How it lies on disk; what it shows is the same in all.
  public var layout: PhantomLayout {
    get { otherLayout ?? .chexpert }
    set { otherLayout = newValue == .chexpert ? nil : newValue }
  }
  private var otherLayout: PhantomLayout?

  enum CodingKeys: String, CodingKey {
    case patients, validPatients, size, seed, dials
    case otherLayout = "layout"
  }

  /// CheXpert has one patient in `valid.csv` for each 322 in `train.csv`; a small phantom has ten.
  public init(
    patients: Int, validPatients: Int? = nil, size: Int = 64, seed: Int = 0,
    dials: PhantomDials = PhantomDials()
  ) {
    self.patients = patients
    self.validPatients = validPatients ?? max(10, min(1_000_000, patients) / 322)
    self.size = size
    self.seed = seed
    self.dials = dials
  }

  /// What is wrong with the options; empty when nothing is.
  public var problems: [Diagnostic] {
    var wrong: [Diagnostic] = []
    if !(1...1_000_000).contains(patients) {
      wrong.append(Diagnostic("a phantom of \(patients) patients cannot be made: 1 to 1000000 can"))
    }
    if !(0...1_000_000).contains(validPatients) {
      wrong.append(Diagnostic("\(validPatients) patients in valid are not within 0 and 1000000"))
    }
    if !(16...2048).contains(size) {
      wrong.append(Diagnostic("pictures of \(size) pixels cannot be drawn: 16 to 2048 can"))
    }
    return wrong + dials.problems
  }
}

/// What is planted in a phantom, each with a value that is known.
public struct PhantomDials: Codable, Sendable, Equatable {
  /// A group's faint pattern in the pixels.
  public struct Signal: Codable, Sendable, Equatable {
    /// `sex` or `race`.
    public var attribute = "sex"
    /// The value, as the reader spells it, whose pictures have the pattern.
    public var group = "F"
    /// The pattern's amplitude in gray levels, 0 to 40; 0 plants none.
    public var amplitude = 3.0

    /// Women's pictures with 3 gray levels.
    public init() {}
  }

  /// A group's wrong labels of one finding.
  public struct Noise: Codable, Sendable, Equatable {
    /// `sex` or `race`.
    public var attribute = "sex"
    /// The value whose labels are flipped.
    public var group = "F"
    /// The finding whose labels are flipped; any but `No Finding`.
    public var finding = "Pleural Effusion"
    /// The chance with which a label of the group that is 0 or 1 becomes the other, 0 to 1.
    public var probability = 0.2
    /// The same chance for everybody else.
    public var elsewhere = 0.0

    /// A fifth of women's pleural effusions.
    public init() {}
  }

  /// Devices that appear with a disease.
  public struct Shortcut: Codable, Sendable, Equatable {
    /// The disease; any finding but `No Finding` and `Support Devices`.
    public var finding = "Pneumothorax"
    /// The odds of a device with the disease over those without it; 1 plants none.
    public var oddsRatio = 6.0

    /// Tubes with pneumothorax.
    public init() {}
  }

  /// The pattern.
  public var signal = Signal()
  /// The wrong labels.
  public var noise = Noise()
  /// The shortcut.
  public var shortcut = Shortcut()
  /// How often an uncertain finding is there: P(present | −1); 0.5 for those not named. It looks
  /// the same whether it is there or not.
  public var presentIfUncertain = ["Atelectasis": 0.9, "Edema": 0.9, "Consolidation": 0.02]

  /// All planted, with the values that stand at each dial.
  public init() {}

  /// Nothing planted; an uncertain finding is there half of the time.
  public static var none: PhantomDials {
    var dials = PhantomDials()
    dials.signal.amplitude = 0
    dials.noise.probability = 0
    dials.shortcut.oddsRatio = 1
    dials.presentIfUncertain = [:]
    return dials
  }

  static let noFinding = PhantomFinding.all[0].name
  static let devices = PhantomFinding.all[PhantomFinding.all.count - 1].name

  /// P(present | −1) of `finding`.
  func presentIfUncertain(_ finding: String) -> Double { presentIfUncertain[finding] ?? 0.5 }

  /// What is wrong with the dials; empty when nothing is.
  public var problems: [Diagnostic] { problemsByKey.map(\.problem) }

  /// What is wrong, each with the keys of a spec below `dials` where it is.
  public var problemsByKey: [(keys: [String], problem: Diagnostic)] {
    var wrong: [(keys: [String], problem: Diagnostic)] = []
    func check(finding: String, not others: [String], _ keys: String...) {
      let known = PhantomFinding.all.map(\.name).filter { !others.contains($0) }
      if known.contains(finding) { return }
      let near = nearestName(to: finding, among: known)
      let problem = Diagnostic(
        "`\(finding)` is no finding of the dial `\(keys.first ?? "")`",
        hint: near.map { "did you mean `\($0)`?" } ?? "the findings are \(known.quotedList)")
      wrong.append((keys, problem))
    }
    func check(group: String, of attribute: String, _ dial: String) {
      guard let known = PhantomGroups.values[attribute] else {
        let problem = Diagnostic(
          "`\(attribute)` is no attribute of the dial `\(dial)`",
          hint: "the attributes are `race`, `sex`")
        wrong.append(([dial, "attribute"], problem))
        return
      }
      guard !known.contains(group) else { return }
      let problem = Diagnostic(
        "`\(group)` is no group of `\(attribute)`", hint: "the groups are \(known.quotedList)")
      wrong.append(([dial, "group"], problem))
    }
    func check(_ value: Double, within range: ClosedRange<Double>, _ keys: String...) {
      guard !range.contains(value) else { return }
      let problem = Diagnostic(
        "`\(keys.joined(separator: "."))` is \(value), not within \(range.lowerBound) and "
          + "\(range.upperBound)")
      wrong.append((keys, problem))
    }
    check(group: signal.group, of: signal.attribute, "signal")
    check(signal.amplitude, within: 0...40, "signal", "amplitude")
    check(group: noise.group, of: noise.attribute, "noise")
    check(finding: noise.finding, not: [Self.noFinding], "noise", "finding")
    check(noise.probability, within: 0...1, "noise", "probability")
    check(noise.elsewhere, within: 0...1, "noise", "elsewhere")
    check(finding: shortcut.finding, not: [Self.noFinding, Self.devices], "shortcut", "finding")
    check(shortcut.oddsRatio, within: 0.001...1000, "shortcut", "odds_ratio")
    for (finding, probability) in presentIfUncertain.sorted(by: { $0.key < $1.key }) {
      check(finding: finding, not: [Self.noFinding], "present_if_uncertain", finding)
      check(probability, within: 0...1, "present_if_uncertain", finding)
    }
    return wrong
  }
}
