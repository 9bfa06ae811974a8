import Basics

/// A patient of a phantom with all of its studies; every draw comes from streams of its own.
struct PhantomPatient {
  /// A picture's place in CheXpert.
  struct View {
    let isLateral: Bool
    /// The cell in `AP/PA`.
    let projection: String
  }

  struct Study {
    var age = 0
    var views: [View] = []
    /// The labels as the table has them, in the order of ``PhantomFinding/all``.
    var labels: [RawLabel] = []
    /// What is there.
    var truth: [Bool] = []
    /// Which findings are uncertain, and look so.
    var isUncertain: [Bool] = []
  }

  let id: String
  /// The prefix of the names of its streams.
  let stream: String
  let sex: String
  let race: String
  let ethnicity: String
  var studies: [Study] = []

  /// How many pictures a patient has at most.
  private static let mostPictures = 92

  /// Patient `number` of `subset`, from 1, whose name counts on from the other subset's.
  init(
    _ number: Int, of subset: String, numbered: Int, options: PhantomOptions, devices: DeviceChance
  ) {
    let (seed, dials) = (options.seed, options.dials)
    let digits = String(numbered)
    id = "patient" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    stream = "phantom/\(subset)/\(number)"
    var draw = RandomStream(stream + "/patient", seed: seed)
    let count = PhantomGroups.studies(at: draw.uniform())
    sex = PhantomGroups.sex(studies: count, at: draw.uniform())
    race = PhantomGroups.race(at: draw.uniform())
    ethnicity = PhantomGroups.ethnicity(race: race, at: draw.uniform())
    var years = Self.age(&draw)
    var left = Self.mostPictures
    // `valid.csv` has one study of each patient.
    for remaining in (0..<(subset == "valid" ? 1 : count)).reversed() {
      var study = Study()
      study.views = Self.views(atMost: left - remaining, &draw)
      left -= study.views.count
      let isUnknown = draw.uniform() < 3 / 187_641
      study.age = isUnknown ? 0 : Int(min(90, years))
      years += 0.5 * draw.uniform()
      studies.append(study)
    }
    addLabels(seed, dials, devices)
    if subset == "valid" { tellTruth() } else { addNoise(seed, dials.noise) }
  }

  /// The value of `sex` or `race` as the reader spells it.
  func group(_ attribute: String) -> String {
    attribute == "race" ? GroupTables.chexpertRace[race] ?? "" : AttributeText.sex(sex) ?? ""
  }

  private static func age(_ draw: inout RandomStream) -> Double {
    while true {
      let years = 60.2 + 17.8 * draw.normal()
      if years >= 18 { return years }
    }
  }

  /// 1, 2 or 3 pictures as often as in CheXpert, with its shares of laterals and projections.
  private static func views(atMost limit: Int, _ draw: inout RandomStream) -> [View] {
    let (size, side) = (draw.uniform(), draw.uniform())
    let count = min(size < 0.818834 ? 1 : size < 0.990519 ? 2 : 3, max(1, limit))
    let laterals = count == 1 ? (side < 0.0021 ? 1 : 0) : count == 2 ? (side < 0.94 ? 1 : 0) : 1
    // A pair with a lateral is taken standing, and then from behind.
    let standing = draw.uniform() < (count > 1 && laterals == 1 ? 0.75 : 0.0257)
    return (0..<count).map { index in
      if index >= count - laterals { return View(isLateral: true, projection: "") }
      let odd = draw.uniform()
      let usual = standing ? "PA" : "AP"
      return View(
        isLateral: false, projection: odd < 8.4e-5 ? "LL" : odd < 8.9e-5 ? "RL" : usual)
    }
  }

  private mutating func addLabels(
    _ seed: Int, _ dials: PhantomDials, _ devices: DeviceChance
  ) {
    var draw = RandomStream(stream + "/labels", seed: seed)
    var nature = RandomStream(stream + "/truth", seed: seed)
    let ill = PhantomFinding.index(dials.shortcut.finding) ?? 0
    let habit = PhantomFinding.all.map { _ in draw.uniform() }
    for study in studies.indices {
      // What a patient has had is there again in two studies of five.
      let quantiles = habit.map { usual in
        let (again, fresh) = (draw.uniform() < 0.4, draw.uniform())
        return again ? usual : fresh
      }
      let withoutFindings =
        quantiles[PhantomFinding.noFinding]
        < PhantomFinding.all[PhantomFinding.noFinding].positive
      var labels: [RawLabel] = [withoutFindings ? .positive : .blank]
      var truth = [false]
      for index in PhantomFinding.diseases {
        let finding = PhantomFinding.all[index]
        labels.append(finding.label(at: quantiles[index], withoutFindings: withoutFindings))
        let isPresent = nature.uniform() < dials.presentIfUncertain(finding.name)
        truth.append(labels[index] == .positive || (labels[index] == .uncertain && isPresent))
      }
      truth[PhantomFinding.noFinding] = !truth.contains(true)
      let isPresent = quantiles[PhantomFinding.devices] < (truth[ill] ? devices.ill : devices.well)
      truth.append(isPresent)
      labels.append(devices.label(at: draw.uniform(), present: isPresent))
      studies[study].labels = labels
      studies[study].truth = truth
      studies[study].isUncertain = labels.map { $0 == .uncertain }
    }
  }

  /// Flips labels of one finding; a study in which it becomes positive is not without findings.
  private mutating func addNoise(_ seed: Int, _ noise: PhantomDials.Noise) {
    var draw = RandomStream(stream + "/noise", seed: seed)
    guard let index = PhantomFinding.index(noise.finding) else { return }
    let chance = group(noise.attribute) == noise.group ? noise.probability : noise.elsewhere
    for study in studies.indices where draw.uniform() < chance {
      switch studies[study].labels[index] {
      case .positive: studies[study].labels[index] = .negative
      case .negative:
        studies[study].labels[index] = .positive
        if index != PhantomFinding.devices {
          studies[study].labels[PhantomFinding.noFinding] = .blank
        }
      case .uncertain, .blank: break
      }
    }
  }

  /// The labels of `valid.csv` are what three radiologists saw: 0 or 1, and here the truth.
  private mutating func tellTruth() {
    for study in studies.indices {
      studies[study].labels = studies[study].truth.map { $0 ? .positive : .negative }
    }
  }
}
