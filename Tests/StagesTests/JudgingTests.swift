import Basics
import Foundation
import Testing

@testable import Experiments
@testable import Metrics

/// What `eval` and `fairness` say when a spec asks for more than the standard figures.
@Suite struct JudgingTests {
  /// Everything a spec can ask for.
  static func everything() -> JudgedWorld {
    var world = JudgedWorld(findings: ["No Finding", "Fracture"])
    for row in world.pictures.indices {
      world.pictures[row].study = ""
      if world.pictures[row].subset == "test" { world.pictures[row].truth[1] = "0" }
    }
    world.judging.eval.at = GivenRatesSection(sensitivity: [0.9], specificity: [0.8, 0.95])
    world.judging.eval.means = ["both": ["Fracture", "No Finding"]]
    world.judging.eval.interval = "bca"
    world.judging.eval.strata = ["No Finding", "sex"]
    world.judging.fairness.privileged = ["sex": "M"]
    world.judging.fairness.thresholds = FairnessSection.byGroup
    world.judging.fairness.also = FairnessForm.allCases.map(\.rawValue)
    return world
  }

  /// The documents that the schemas in docs/schemas are held against are those that stages write.
  @Test("Documents with every option are those that the validator saw", arguments: [1, 3])
  func documents(threads: Int) throws {
    let world = Self.everything()
    _ = try world.judge(threads: threads)
    _ = try world.summary()
    let golden = Files.parent(of: #filePath) + "/Golden"
    for name in ["eval/metrics.json", "fairness/fairness.json", "summary/summary.json"] {
      let file = String(name.split(separator: "/")[1])
      let found = try Files.read(world.path(name))
      guard (try? Files.read("\(golden)/\(file)")) != found else { continue }
      let place = NSTemporaryDirectory() + file
      try Files.write(found, to: place)
      Issue.record(
        "Golden/\(file) is another: look at \(place), then run scripts/reference/documents.py")
    }
  }

  /// The figures of a group are those of the whole with only its cases, so the forms can be redone.
  @Test(
    "Forms beside a privileged group, of MEDFAIR and of medians follow from the rates of groups")
  func forms() throws {
    var world = JudgedWorld()
    world.judging.fairness.privileged = ["sex": "M"]
    world.judging.fairness.also = ["medfair", "minus_median"]
    let found = try world.judge().fairness
    func value(_ name: String) throws -> Double {
      try #require(found.metrics["test.Edema.\(name)"]?.value, "\(name)")
    }
    func rate(_ group: String, _ statistic: String) throws -> Double {
      try value("group.sex.\(group).\(statistic)")
    }
    let (fpr, tpr) = (
      try rate("F", "fpr") - rate("M", "fpr"),
      try rate("F", "sensitivity") - rate("M", "sensitivity")
    )
    let beside = "beside_privileged.sex.F"
    let impact = try rate("F", "ppr") / rate("M", "ppr")
    for (name, expected) in [
      ("\(beside).average_odds_difference", (fpr + tpr) / 2),
      ("\(beside).average_absolute_odds_difference", (abs(fpr) + abs(tpr)) / 2),
      ("\(beside).disparate_impact", impact),
      ("\(beside).equal_opportunity_difference", tpr),
      ("medfair_eqopp1.sex", 1 - abs(tpr)), ("medfair_eqopp0.sex", 1 - abs(fpr)),
      ("medfair_eqodd.sex", 1 - (abs(tpr) + abs(fpr)) / 2),
      ("minus_median.sex.F.sensitivity", tpr / 2),
    ] {
      #expect(abs(try value(name) - expected) < 1e-12, "\(name)")
    }
    let record = try #require(
      found.privileged?.first { $0.subset == "test" && $0.finding == "Edema" && $0.group == "F" })
    #expect(record.breaksFourFifthsRule == (impact < 0.8 || impact > 1.25))
    // With two groups, all others together are the other group.
    let others = "beside_privileged.sex.all others"
    #expect(
      try value("\(others).average_odds_difference") == value("\(beside).average_odds_difference"))
  }

  /// Who is read first depends on how the scores of groups compare.
  @Test("Rankings between groups are shares of pairs")
  func rankings() throws {
    var world = JudgedWorld(findings: ["Edema"])
    world.judging.fairness.also = ["xauc"]
    world.judging.eval.per = "image"
    let found = try world.judge().fairness
    let test = world.pictures.filter { $0.subset == "test" && !$0.truth[0].isEmpty }
    func scores(_ sex: String, _ truth: String) throws -> [Double] {
      try test.filter { $0.sex == sex && $0.truth[0] == truth }
        .map { try #require(Double($0.scores[0])) }
    }
    func share(_ a: String, _ b: String) throws -> Double {
      let (positives, negatives) = (try scores(a, "1"), try scores(b, "0"))
      let wins = positives.reduce(0.0) { sum, p in
        sum + negatives.reduce(0) { $0 + (p > $1 ? 1 : p == $1 ? 0.5 : 0) }
      }
      return wins / Double(positives.count * negatives.count)
    }
    let (fm, mf) = (try share("F", "M"), try share("M", "F"))
    for (name, expected) in [
      ("xauc.sex.F over M", fm), ("xauc.sex.M over F", mf), ("xauc_gap.sex.F over M", fm - mf),
    ] {
      let estimate = try #require(found.metrics["test.\(name)"])
      #expect(abs(try #require(estimate.value) - expected) < 1e-12, "\(name)")
      #expect(estimate.low != nil)
    }
  }

  /// One threshold for all is another decision than one for each.
  @Test(
    "With thresholds by group each group meets the rule on valid, and the table says which they are"
  )
  func thresholdsByGroup() throws {
    var world = JudgedWorld(findings: ["Edema"])
    world.judging.eval.threshold.rule = "sensitivity >= 0.8"
    let shared = try world.judge().fairness
    #expect(shared.thresholds == nil)
    world.judging.fairness.thresholds = FairnessSection.byGroup
    let found = try world.judge().fairness
    let records = try #require(found.thresholds)
    #expect(records.map(\.group) == ["F", "M"])
    #expect(records[0].threshold != records[1].threshold)
    for group in ["F", "M"] {
      let rate = try #require(found.metrics["valid.group.sex.\(group).sensitivity"]?.value)
      #expect(rate >= 0.8, "\(group)")
    }
    // Of other pictures, the thresholds of this experiment.
    try Files.write(
      try Files.read(world.path("fairness/fairness.json")), to: world.path("given.json"))
    world.pictures.removeAll { $0.subset == "valid" }
    try world.writeInputs()
    let none = try world.fairness()
    #expect(
      none.metrics["test.group.sex.F.sensitivity"]?.undefined
        == "no threshold for `F`: none was given")
    let given = try world.fairness(["group_thresholds": "given.json"])
    #expect(given.thresholds?.map(\.threshold) == records.map(\.threshold))
    #expect(
      given.metrics["test.group.sex.F.sensitivity"]?.value
        == found.metrics["test.group.sex.F.sensitivity"]?.value)
  }

  /// The rates of `No Finding` have names of their own.
  @Test("Underdiagnosis is the false positive rate of No Finding, at one threshold for all")
  func underdiagnosis() throws {
    var world = JudgedWorld()
    let found = try world.judge().fairness.metrics
    for group in ["F", "M"] {
      let rate = found["test.group.sex.\(group).underdiagnosis"]
      #expect(rate?.value != nil && rate?.low != nil)
      #expect(rate?.value == found["test.No Finding.group.sex.\(group).fpr"]?.value)
      let other = try #require(found["test.group.sex.\(group).overdiagnosis"]?.value)
      let sensitivity = try #require(found["test.No Finding.group.sex.\(group).sensitivity"]?.value)
      #expect(abs(other + sensitivity - 1) < 1e-12)
    }
    world.judging.fairness.thresholds = FairnessSection.byGroup
    #expect(
      try world.judge().fairness.metrics["test.group.sex.F.underdiagnosis"]?.undefined
        == "the groups have thresholds of their own")
  }

  /// Bins are named by their edges.
  @Test("Age groups come from edges, from a text of bins, and from quantiles of all ages")
  func ages() throws {
    var world = JudgedWorld(findings: ["Edema"])
    world.judging.fairness.by = ["age"]
    world.judging.eval.bootstrap = 0
    func names() throws -> [String] {
      var names: [String] = []
      for group in try world.judge().fairness.groups where !names.contains(group.group) {
        names.append(group.group)
      }
      return names
    }
    world.judging.fairness.ageEdges = [50]
    #expect(try names() == ["0–50", "50+"])
    world.judging.fairness.ageEdges = nil
    world.judging.fairness.ageBins = "0-18-40-60-80+"
    #expect(try names() == ["18–40", "40–60", "60–80", "80+"])
    world.judging.fairness.ageBins = "quantiles 3"
    let ages = world.pictures.compactMap { Double($0.age) }
    let bins = try AgeBins(quantiles: 3, of: ages)
    #expect(try names() == ages.map { bins.name(of: $0) ?? "" }.uniqued.sortedByNumber)
    #expect(try names().count == 3)
  }

  /// Strata keep their sizes in every replicate.
  @Test("Within strata of a finding its prevalence among patients never varies")
  func strata() throws {
    var world = JudgedWorld(findings: ["Edema"])
    let free = try world.judge().metrics.metrics["test.prevalence"]
    #expect(free?.low != free?.high)
    world.judging.eval.strata = ["Edema", "sex"]
    let (metrics, fairness) = try world.judge()
    #expect(metrics.bootstrap.strata == ["Edema", "sex"])
    for estimate in [
      metrics.metrics["test.prevalence"], fairness.metrics["test.group.sex.F.prevalence"],
    ] {
      let value = try #require(estimate?.value)
      #expect(abs(try #require(estimate?.low) - value) < 1e-12)
      #expect(abs(try #require(estimate?.high) - value) < 1e-12)
    }
    #expect(metrics.metrics["test.auroc"]?.low != metrics.metrics["test.auroc"]?.high)
  }

  /// An interval that is asked for is the one that the table has.
  @Test("BCa intervals are those of metrics, means, groups and of the arm; gaps keep percentiles")
  func accelerated() throws {
    var world = JudgedWorld()
    let plain = try world.judge()
    world.judging.eval.interval = "bca"
    let (metrics, fairness) = try world.judge()
    for name in ["test.auroc", "test.Edema.auroc", "test.calibration_slope", "test.brier"] {
      let (a, b) = (plain.metrics.metrics[name], metrics.metrics[name])
      #expect(a?.value == b?.value && a?.low != nil && b?.low != nil && a?.low != b?.low, "\(name)")
    }
    let group = "test.group.sex.F.auroc"
    #expect(plain.fairness.metrics[group]?.low != fairness.metrics[group]?.low)
    let gap = "test.auroc_gap.sex"
    #expect(plain.fairness.metrics[gap]?.low == fairness.metrics[gap]?.low)
    let table = try world.summary()
    func isClose(_ a: Double?, _ b: Double?) -> Bool {
      guard let a, let b else { return a == nil && b == nil }
      return abs(a - b) < 1e-5
    }
    for records in [metrics.metrics, fairness.metrics] {
      for (name, record) in records {
        let row = try #require(table[name], "\(name)")
        #expect(
          isClose(row.low, record.low) && isClose(row.high, record.high),
          "\(name): \(row) \(record)")
      }
    }
  }

  /// A mean over five of fourteen is the field's headline, and says which five.
  @Test("Means over lists are means of their findings; the competition's is there by itself")
  func means() throws {
    let findings = FindingsMean.competition + ["Pneumonia", "Fracture"]
    var world = JudgedWorld(findings: findings)
    world.judging.eval.means = ["lower": ["Edema", "Pleural Effusion"]]
    world.judging.eval.bootstrap = 0
    let (metrics, fairness) = try world.judge()
    for (list, chosen) in [
      ("competition", FindingsMean.competition), ("lower", ["Edema", "Pleural Effusion"]),
    ] {
      for (document, name) in [
        (metrics.metrics, "auroc"), (metrics.metrics, "calibration_slope"),
        (fairness.metrics, "equalized_odds_difference.sex"),
      ] as [([String: EstimateRecord], String)] {
        let values = try chosen.map { try #require(document["test.\($0).\(name)"]?.value) }
        let mean = try #require(document["test.mean.\(list).\(name)"]?.value)
        let expected = values.reduce(0, +) / Double(values.count)
        #expect(abs(mean - expected) < 1e-12, "\(list) \(name)")
      }
    }
  }

  /// A figure drawn from the table is the figure of the numbers.
  @Test("Curves end where they must, and enclose the areas that the metrics say")
  func curves() throws {
    let world = JudgedWorld()
    let (metrics, fairness) = try world.judge()
    func points(_ rows: [[String: String]], _ curve: String) throws -> [(x: Double, y: Double)] {
      try rows.filter { $0["curve"] == curve }.map {
        (try #require($0["x"].flatMap(Double.init)), try #require($0["y"].flatMap(Double.init)))
      }
    }
    func area(_ points: [(x: Double, y: Double)]) -> Double {
      var sum = 0.0
      for (a, b) in zip(points, points.dropFirst()) { sum += (b.x - a.x) * (b.y + a.y) / 2 }
      return sum
    }
    func value(_ records: [String: EstimateRecord], _ name: String) throws -> Double {
      try #require(records[name]?.value, "\(name)")
    }
    let all = try world.rows("eval/curves.csv").filter {
      $0["subset"] == "test" && $0["finding"] == "Edema"
    }
    let roc = try points(all, "roc")
    let (first, last) = (try #require(roc.first), try #require(roc.last))
    #expect(first == (0, 0) && last == (1, 1))
    let auroc = try value(metrics.metrics, "test.Edema.auroc")
    #expect(abs(area(roc) - auroc) < 1e-5)
    let auprc = try value(metrics.metrics, "test.Edema.auprc_trapezoid")
    #expect(abs(area(try points(all, "pr")) - auprc) < 1e-5)
    let cases = all.filter { $0["curve"] == "reliability" }.compactMap {
      $0["cases"].flatMap(Int.init)
    }
    let groups = fairness.groups.filter { $0.subset == "test" && $0.finding == "Edema" }
    #expect(cases.reduce(0, +) == groups.reduce(0) { $0 + $1.cases })
    let women = try world.rows("fairness/group_curves.csv").filter {
      $0["subset"] == "test" && $0["finding"] == "Edema" && $0["group"] == "F"
    }
    let ofWomen = try value(fairness.metrics, "test.Edema.group.sex.F.auroc")
    #expect(abs(area(try points(women, "roc")) - ofWomen) < 1e-5)
  }

  /// Independent cases have DeLong's error, clustered ones Obuchowski's.
  @Test("The sampling error of an AUROC is DeLong's per patient and Obuchowski's per picture")
  func deLong() throws {
    let world = JudgedWorld(findings: ["Edema"])
    let metrics = try world.judge().metrics
    let rows = world.pictures.filter { $0.subset == "test" && !$0.truth[0].isEmpty }
    let expected = try DeLong(
      systems: [rows.map { Double($0.scores[0]) ?? .nan }], truth: rows.map { $0.truth[0] == "1" },
      clusters: rows.map { Int($0.patient.dropFirst()) ?? 0 })
    let image = try #require(metrics.delong.first { $0.subset == "test" && $0.per == "image" })
    #expect(image.form == "obuchowski")
    let (found, error) = (try #require(image.standardError), expected.standardError(of: 0).orNaN)
    #expect(abs(found - error) < 1e-12)
    let patient = try #require(metrics.delong.first { $0.subset == "test" && $0.per == "patient" })
    #expect(patient.form == "delong")
    let bootstrap = try #require(metrics.metrics["test.auroc"])
    let width = try #require(bootstrap.high) - (try #require(bootstrap.low))
    let normal = try #require(patient.high) - (try #require(patient.low))
    #expect(abs(normal - width) < width / 2)
  }
}

extension [String] {
  fileprivate var uniqued: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  fileprivate var sortedByNumber: [String] {
    sorted { (Int($0.prefix { $0.isNumber }) ?? 0) < (Int($1.prefix { $0.isNumber }) ?? 0) }
  }
}
