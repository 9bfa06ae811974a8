import Basics
import Testing

@testable import Radiographs

/// A phantom as large as CheXpert, without pictures, made once for all tests; its tables list the
/// same pictures in the same order.
private struct WholePhantom: Sendable {
  let planted: PhantomTruth
  let people: CSV
  /// The patient of each row, and its study.
  let patients: [Substring]
  let studies: [Substring]
  private let train: CSV
  private let truth: CSV

  init(_ dials: PhantomDials) throws {
    let folder = try TemporaryFolder()
    planted = try writePhantom(
      PhantomOptions(patients: 64_540, seed: 7, dials: dials), to: folder.path, tablesOnly: true,
      threads: 2)
    train = try CSV(path: folder.file("CheXpert-v1.0-small/train.csv"))
    truth = try CSV(path: folder.file("truth.csv"))
    people = try CSV(path: folder.file("chexpert_demo.csv"))
    let table = train
    let paths = (0..<table.rowCount).map { table[$0, 0].utf8.split(separator: 47) }
    patients = paths.map { Substring($0[2]) }
    studies = paths.map { Substring($0[3]) }
  }

  var count: Int { train.rowCount }

  func column(_ name: String) throws -> [String] {
    let column = try train.requiredColumn(name)
    return (0..<count).map { train[$0, column] }
  }

  func labels(of finding: String) throws -> [RawLabel] {
    let labels = try column(finding).compactMap { RawLabel($0) }
    #expect(labels.count == count)
    return labels
  }

  /// What is there in each picture.
  func present(_ finding: String) throws -> [Bool] {
    let column = try truth.requiredColumn(finding)
    return (0..<count).map { truth[$0, column] == "1.0" }
  }

  static let plain = Result { try WholePhantom(.none) }
  static let planted = Result { try WholePhantom(PhantomDials()) }
}

@Suite struct PhantomTableTests {
  private func share(_ count: Int, of total: Int) -> Double { Double(count) / Double(total) }

  /// Four standard errors of a share among as many independent cases.
  private func error(_ share: Double, _ cases: Double) -> Double {
    4 * (share * (1 - share) / cases).squareRoot()
  }

  /// As many studies and pictures as CheXpert has of 64,540 patients, as unevenly shared.
  @Test func `patients come as often as in CheXpert`() throws {
    let cohort = try WholePhantom.plain.get()
    let truth = cohort.planted
    #expect(truth.train.patients == 64_540 && truth.valid.patients == 200)
    #expect(abs(Double(truth.train.studies) / 187_641 - 1) < 0.015)
    #expect(abs(Double(truth.train.pictures) / 223_414 - 1) < 0.015)
    #expect(truth.train.pictures == cohort.count)
    var (ofPatient, ofStudy): ([Substring: Int], [Substring: Int]) = ([:], [:])
    for row in 0..<cohort.count {
      ofPatient[cohort.patients[row], default: 0] += 1
      ofStudy[cohort.patients[row] + cohort.studies[row], default: 0] += 1
    }
    #expect(ofPatient.count == 64_540 && ofStudy.count == truth.train.studies)
    #expect((75...92).contains(ofPatient.values.max() ?? 0))
    for (pictures, count) in [(1, 153_647), (2, 32_215), (3, 1_779)] {
      let expected = share(count, of: 187_641)
      let found = share(ofStudy.values.count { $0 == pictures }, of: ofStudy.count)
      #expect(abs(found - expected) < error(expected, 187_641), "\(pictures): \(found)")
    }
    #expect(ofStudy.values.allSatisfy { $0 <= 3 })
  }

  /// Sex, age, projections and race have CheXpert's shares, and sex belongs to the patient.
  @Test func `attributes are as common as in CheXpert`() throws {
    let cohort = try WholePhantom.plain.get()
    let attributes = try ["Sex", "AP/PA", "Frontal/Lateral", "Age"].map(cohort.column)
    func found(_ column: Int, _ value: String) -> Double {
      share(attributes[column].count { $0 == value }, of: cohort.count)
    }
    #expect(abs(found(0, "Male") - 132_636 / 223_414) < 0.012)
    #expect(abs(found(2, "Lateral") - 32_387 / 223_414) < 0.004)
    #expect(abs(found(1, "AP") - 161_590 / 223_414) < 0.006)
    #expect(abs(found(1, "PA") - 29_420 / 223_414) < 0.004)
    #expect(found(1, "") == found(2, "Lateral") && found(1, "LL") < 0.0003)
    let ages = attributes[3].compactMap(Int.init)
    #expect(ages.count == cohort.count && ages.max() == 90)
    #expect(ages.allSatisfy { $0 == 0 || $0 >= 18 } && ages.count { $0 == 0 } < 30)
    #expect(abs(Double(ages.reduce(0, +)) / Double(ages.count) - 60.5) < 1.5)
    var sexes: [Substring: Set<String>] = [:]
    for row in 0..<cohort.count {
      sexes[cohort.patients[row], default: []].insert(attributes[0][row])
    }
    #expect(sexes.values.allSatisfy { $0.count == 1 })
    let column = try cohort.people.requiredColumn("PRIMARY_RACE")
    let races = (0..<cohort.people.rowCount).map {
      GroupTables.chexpertRace[cohort.people[$0, column]]
    }
    for (race, count) in [("White", 29_901 + 6_556), ("Asian", 6_235 + 817), ("Black", 3_130)] {
      let expected = share(count, of: 65_401)
      let found = share(races.count { $0 == race }, of: races.count)
      #expect(abs(found - expected) < 0.005, "\(race): \(found)")
    }
  }

  /// Every finding is 1, 0, −1 and blank as often as in `train.csv`.
  @Test func `labels are as common as in CheXpert`() throws {
    let cohort = try WholePhantom.plain.get()
    for finding in PhantomFinding.all {
      let labels = try cohort.labels(of: finding.name)
      for (label, expected) in [
        (RawLabel.positive, finding.positive), (.negative, finding.negative),
        (.uncertain, finding.uncertain), (.blank, finding.blank),
      ] {
        let found = share(labels.count { $0 == label }, of: cohort.count)
        // Pictures of a patient are alike, so they count for fewer.
        #expect(
          abs(found - expected) <= error(expected, 25_000), "\(finding.name) \(label): \(found)")
      }
    }
  }

  /// The rules that CheXpert's labels keep hold here, with wrong labels planted too.
  @Test func `labels keep CheXpert's rules`() throws {
    let cohort = try WholePhantom.planted.get()
    let columns = try PhantomFinding.all.map { try cohort.labels(of: $0.name) }
    var study: (Substring, Substring) = ("", "")
    var first = 0
    for row in 0..<cohort.count {
      let now = (cohort.patients[row], cohort.studies[row])
      if now != study { (study, first) = (now, row) }
      guard columns.allSatisfy({ $0[row] == $0[first] }) else {
        Issue.record("row \(row) differs from its study")
        return
      }
      let without = columns[0][row]
      let mentioned = PhantomFinding.diseases.contains {
        columns[$0][row] == .positive || columns[$0][row] == .uncertain
      }
      guard without == .blank || (without == .positive && !mentioned) else {
        Issue.record("row \(row) has No Finding \(without) with a disease")
        return
      }
    }
  }

  /// What CheXpert's authors' users found: a split by pictures leaks 84 % of its test pictures.
  @Test func `a split by pictures leaks`() throws {
    let cohort = try WholePhantom.plain.get()
    var rows = Array(0..<cohort.count)
    var stream = RandomStream("test", seed: 1)
    stream.shuffle(&rows)
    let (train, test) = (cohort.count * 70 / 100, cohort.count * 85 / 100)
    let known = Set(rows[..<train].map { cohort.patients[$0] })
    let leaked = rows[test...].count { known.contains(cohort.patients[$0]) }
    #expect(abs(share(leaked, of: rows.count - test) - 0.842) < 0.008)
  }

  /// How often an uncertain finding is there is what its dial says, and other labels are right.
  @Test func `uncertain findings are there as often as planted`() throws {
    let phantom = try WholePhantom.planted.get()
    for (name, planted) in [("Edema", 0.9), ("Consolidation", 0.02), ("Pneumonia", 0.5)] {
      let labels = try phantom.labels(of: name)
      let present = try phantom.present(name)
      let uncertain = zip(labels, present).filter { $0.0 == .uncertain }
      let found = share(uncertain.count { $0.1 }, of: uncertain.count)
      #expect(abs(found - planted) < error(planted, Double(uncertain.count) / 1.5), "\(found)")
      #expect(zip(labels, present).allSatisfy { $0 == .uncertain || ($0 == .positive) == $1 })
    }
    #expect(phantom.planted.findings[5].presentIfUncertain == 0.9)
  }

  /// The policy that wins for a finding is the one that is computed, by as much.
  @Test(arguments: [("Atelectasis", true), ("Edema", true), ("Consolidation", false)])
  func `the planted uncertainty has a best policy`(name: String, isUOnes: Bool) throws {
    let phantom = try WholePhantom.planted.get()
    let (labels, present) = (try phantom.labels(of: name), try phantom.present(name))
    func auroc(_ called: Set<RawLabel>) -> Double {
      let calls = zip(labels.map(called.contains), present)
      let (ill, well) = (calls.filter { $0.1 }, calls.filter { !$0.1 })
      return 0.5 + share(ill.count { $0.0 }, of: ill.count) / 2
        - share(well.count { $0.0 }, of: well.count) / 2
    }
    let found = (ones: auroc([.positive, .uncertain]), zeros: auroc([.positive]))
    let finding = try #require(phantom.planted.findings.first { $0.name == name })
    #expect(abs(found.ones - (finding.aurocOfUOnes ?? 0)) < 0.004)
    #expect(abs(found.zeros - (finding.aurocOfUZeros ?? 0)) < 0.006)
    #expect((found.ones > found.zeros) == isUOnes)
    #expect(phantom.planted.findings[0].aurocOfUOnes == nil)
  }

  /// Wrong labels are as common as planted, in their group only, and make the gap that is computed
  /// for a perfect classifier.
  @Test func `the planted gap is in the labels`() throws {
    let phantom = try WholePhantom.planted.get()
    let name = phantom.planted.options.dials.noise.finding
    let (labels, present) = (try phantom.labels(of: name), try phantom.present(name))
    let isWoman = try phantom.column("Sex").map { $0 == "Female" }
    func shares(_ women: Bool) -> (flipped: Double, tpr: Double, fpr: Double) {
      var (told, flipped, positive, negative, hit, missed) = (0, 0, 0, 0, 0, 0)
      for row in 0..<phantom.count where isWoman[row] == women && labels[row] != .uncertain {
        let isPositive = labels[row] == .positive
        if labels[row] != .blank {
          told += 1
          flipped += isPositive == present[row] ? 0 : 1
        }
        if isPositive { positive += 1 } else { negative += 1 }
        if present[row] { if isPositive { hit += 1 } else { missed += 1 } }
      }
      return (share(flipped, of: told), share(hit, of: positive), share(missed, of: negative))
    }
    let (women, others) = (shares(true), shares(false))
    #expect(abs(women.flipped - 0.2) < 0.01 && others.flipped == 0)
    // Adjudication puts every uncertain case on its own side, so that both are purer.
    let adjudicated = phantom.planted.options.dials.plantedGap(adjudicated: true)
    for women in [true, false] {
      var (ill, positive, hidden, negative) = (0.0, 0.0, 0.0, 0.0)
      for row in 0..<phantom.count where isWoman[row] == women {
        let isPositive = labels[row] == .uncertain ? present[row] : labels[row] == .positive
        let there = present[row] ? 1.0 : 0
        if isPositive { (ill, positive) = (ill + there, positive + 1) }
        if !isPositive { (hidden, negative) = (hidden + there, negative + 1) }
      }
      let expected = women ? adjudicated.group : adjudicated.others
      #expect(abs(ill / positive - expected.presentIfPositive) < 0.01)
      #expect(abs(hidden / negative - expected.presentIfNegative) < 0.01)
    }
    let gap = phantom.planted.gap
    #expect(abs(women.tpr - gap.group.presentIfPositive) < 0.008)
    #expect(abs(women.fpr - gap.group.presentIfNegative) < 0.008)
    #expect(others.tpr == 1 && others.fpr == 0)
    // The AUROC of a classifier that says 0 or 1 is the mean of its two rates of being right.
    let auroc = (women.tpr + 1 - women.fpr) / 2 - 1
    #expect(abs(auroc - gap.auroc()) < 0.006)
    #expect(phantom.planted.perfectClassifier["auroc"] == gap.auroc())
  }

  /// The gap of a classifier that errs is what a count of its calls gives, whatever the policies.
  @Test func `the gap follows the policies`() {
    var dials = PhantomDials()
    dials.noise.probability = 0.5
    let coin = dials.plantedGap(blank: .ignore)
    #expect(coin.others == LabelTruth(presentIfPositive: 1, presentIfNegative: 0))
    // Labels that are a coin's say nothing: the classifier is at chance in that group.
    #expect(abs(coin.group.auroc() - 0.5) < 1e-9)
    #expect(abs(coin.auroc(trueAUROC: 0.9) + 0.4) < 1e-9)
    #expect(coin.auroc(trueAUROC: 0.5) == 0)
    #expect(
      coin.group.truePositiveRate(sensitivity: 0.8, falseAlarms: 0.1)
        == 0.8 * coin.group.presentIfPositive + 0.1 * (1 - coin.group.presentIfPositive))
    let finding = PhantomFinding.all[10]
    dials.presentIfUncertain["Pleural Effusion"] = 0.25
    let ones = dials.plantedGap(uncertain: .uOnes).others
    let expected =
      (finding.positive + finding.uncertain * 0.25) / (finding.positive + finding.uncertain)
    #expect(abs(ones.presentIfPositive - expected) < 1e-12 && ones.presentIfNegative == 0)
    #expect(PhantomDials.none.plantedGap().auroc() == 0)
  }

  /// Devices come with the disease at the odds planted, and as often as CheXpert labels them.
  @Test func `devices are a shortcut`() throws {
    let phantom = try WholePhantom.planted.get()
    let dial = phantom.planted.options.dials.shortcut
    let (ill, devices) = (
      try phantom.present(dial.finding), try phantom.present("Support Devices")
    )
    func odds(_ isIll: Bool) -> Double {
      let among = zip(ill, devices).filter { $0.0 == isIll }
      let with = among.count { $0.1 }
      return Double(with) / Double(among.count - with)
    }
    #expect(abs(odds(true) / odds(false) / dial.oddsRatio - 1) < 0.1)
    let finding = PhantomFinding.all[PhantomFinding.devices]
    let labels = try phantom.labels(of: finding.name)
    let found = share(labels.count { $0 == .positive }, of: labels.count)
    #expect(abs(found - finding.positive) < error(finding.positive, 25_000))
  }
}
