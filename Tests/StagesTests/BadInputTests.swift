import Basics
import Experiments
import Metrics
import Testing

/// What other programs write is not always what it should be: an error that says what and how many, or
/// a value with a reason, never a crash and never a case less.
@Suite struct BadInputTests {
  /// A score that is no number is an error of the file, not a case to leave out.
  @Test("Scores that are no numbers are counted by finding, the first with its line")
  func brokenScores() throws {
    var world = JudgedWorld()
    world.pictures[3].scores[0] = "nan"
    world.pictures[7].scores[0] = "inf"
    world.pictures[5].scores[1] = ""
    let count = world.pictures.count
    let wrong = try world.complaints()
    #expect(
      wrong.map(\.message) == [
        "2 of \(count) scores of `Edema` are no numbers, the first `nan`",
        "1 of \(count) scores of `No Finding` are no numbers, the first ``",
      ])
    #expect(wrong.map(\.place?.line) == [5, 7])
  }

  /// Of a picture with two scores nobody knows which is meant.
  @Test("Pictures that are listed twice are counted")
  func doubled() throws {
    var world = JudgedWorld()
    world.pictures.append(world.pictures[2])
    world.pictures.append(world.pictures[4])
    let count = world.pictures.count
    let wrong = try world.complaints()
    #expect(
      wrong.map(\.message) == [
        "2 rows of \(count) name a picture a second time, the first `\(world.pictures[2].image)`"
      ])
    #expect(wrong.first?.place?.line == count)
    // Twice in the truth alone.
    world.pictures.removeLast(2)
    try world.writeInputs()
    let last = world.pictures[0]
    let truth = try String(decoding: Files.read(world.path("truth.csv")), as: UTF8.self)
    try Files.write(truth + "\(last.image),1,0\n", to: world.path("truth.csv"))
    #expect(
      world.wrong { try world.eval() }.map(\.message)
        == ["1 picture with two truths: `\(last.image)`"])
  }

  /// A key that is written otherwise in the other table must not make a smaller test set.
  @Test("Predicted pictures without a truth are counted and named")
  func unmatched() throws {
    let world = JudgedWorld()
    try world.writeInputs()
    let truth = try String(decoding: Files.read(world.path("truth.csv")), as: UTF8.self)
    let lost = world.pictures.filter { $0.subset == "valid" }.prefix(7).map(\.image)
    let kept = truth.split(separator: "\n").filter { line in
      !lost.contains { line.hasPrefix("\($0),") }
    }
    try Files.write(kept.joined(separator: "\n") + "\n", to: world.path("truth.csv"))
    let all = world.pictures.count { $0.subset == "valid" }
    #expect(
      world.wrong { try world.eval() }.map(\.message) == [
        "7 of \(all) predicted pictures of valid have no truth: \(lost.prefix(5).quotedList) and 2 more"
      ])
  }

  /// Tables that lack a column say which, and what there is.
  @Test("A missing column is named")
  func missingColumn() throws {
    let world = JudgedWorld()
    try world.writeInputs()
    let text = try String(decoding: Files.read(world.path("predictions.csv")), as: UTF8.self)
    for (column, other) in [("patient", "subject"), ("No Finding", "Nothing")] {
      try Files.write(
        text.replacing("\(column),", with: "\(other),").replacing(
          "\(column)\n", with: "\(other)\n"),
        to: world.path("predictions.csv"))
      #expect(world.wrong { try world.eval() }.map(\.message) == ["no column `\(column)`"])
    }
    try Files.write(text.replacing(",test,", with: ",tset,"), to: world.path("predictions.csv"))
    #expect(world.wrong { try world.eval() }.first?.message == "unknown subset `tset`")
  }

  /// Rankings need no probabilities; what needs them says how many scores are none.
  @Test("Scores outside 0 to 1 are ranked, and what needs probabilities says why it is not there")
  func beyond() throws {
    var world = JudgedWorld()
    let rows = world.pictures.indices.filter { world.pictures[$0].subset == "test" }
    for row in rows.prefix(3) { world.pictures[row].scores[0] = "1.5" }
    world.judging.eval.per = "image"
    let (metrics, fairness) = try world.judge()
    let reason = "3 of \(rows.count) scores are not in 0…1"
    #expect(metrics.metrics["test.Edema.auroc"]?.value != nil)
    for name in ["brier", "log_loss", "ece_15", "calibration_slope", "calibration_intercept"] {
      #expect(metrics.metrics["test.Edema.\(name)"]?.undefined == reason, "\(name)")
      #expect(metrics.metrics["test.\(name)"]?.without == ["Edema": reason], "\(name)")
    }
    #expect(fairness.metrics["test.Edema.ece_15_gap.sex"]?.undefined == reason)
    let curves = try world.rows("eval/curves.csv").filter {
      $0["subset"] == "test" && $0["finding"] == "Edema"
    }
    #expect(Set(curves.filter { $0["undefined"] == "" }.map { $0["curve"] }) == ["roc", "pr"])
    #expect(curves.filter { $0["undefined"] != "" }.map { $0["undefined"] } == [reason])
  }

  /// A mean over findings says which it is not over; a curve that does not exist says why.
  @Test("A finding of one class is undefined, and is missing from means by name")
  func oneClass() throws {
    var world = JudgedWorld()
    for row in world.pictures.indices where world.pictures[row].subset == "test" {
      world.pictures[row].truth[0] = "0"
    }
    let (metrics, fairness) = try world.judge()
    #expect(metrics.metrics["test.Edema.auroc"]?.undefined == "0 positives")
    #expect(metrics.metrics["test.auroc"]?.without == ["Edema": "0 positives"])
    #expect(
      metrics.metrics["test.auroc"]?.value == metrics.metrics["test.No Finding.auroc"]?.value)
    #expect(metrics.metrics["test.No Finding.auroc"]?.without == nil)
    #expect(metrics.metrics["test.Edema.calibration_slope"]?.undefined == "0 positives")
    #expect(metrics.delong.first { $0.subset == "test" }?.undefined == "0 positives")
    #expect(fairness.metrics["test.Edema.equal_opportunity_difference.sex"]?.undefined != nil)
    let table = try world.summary()
    #expect(table["test.auroc"]?.undefined == "not over Edema: 0 positives")
    #expect(table["test.auroc"]?.mean != nil)
    let curves = try world.rows("eval/curves.csv").filter {
      $0["subset"] == "test" && $0["finding"] == "Edema" && $0["curve"] != "reliability"
    }
    #expect(curves.map { $0["undefined"] } == ["0 positives", "0 positives"])
  }

  /// A rate of a handful of patients is no rate.
  @Test("Groups that are too small are listed with their counts and have no metric and no curve")
  func smallGroups() throws {
    var world = JudgedWorld()
    let few = Set(world.pictures.filter { $0.subset == "test" }.map(\.patient).suffix(5))
    for row in world.pictures.indices where few.contains(world.pictures[row].patient) {
      world.pictures[row].sex = "X"
    }
    for row in world.pictures.indices.prefix(4) { world.pictures[row].sex = "" }
    let (_, fairness) = try world.judge()
    let group = try #require(
      fairness.groups.first { $0.subset == "test" && $0.group == "X" && $0.finding == "Edema" })
    #expect(group.patients == few.count)
    let reason = "\(few.count) patients, fewer than 10"
    #expect(fairness.metrics["test.Edema.group.sex.X.auroc"]?.undefined == reason)
    #expect(fairness.metrics["test.Edema.minus_rest.sex.X.auroc"] == nil)
    let curves = try world.rows("fairness/group_curves.csv").filter {
      $0["subset"] == "test" && $0["group"] == "X" && $0["finding"] == "Edema"
    }
    #expect(curves.map { $0["undefined"] } == [reason, reason, reason])
    #expect(fairness.groups.contains { $0.group == "unknown" })
    #expect(!fairness.metrics.keys.contains { $0.contains("minus_rest.sex.unknown") })
  }

  /// A threshold that does not exist is said where it is missed, and its metrics with it.
  @Test("A threshold rule that nothing meets leaves what stands at a threshold undefined")
  func noThreshold() throws {
    var world = JudgedWorld()
    for row in world.pictures.indices where world.pictures[row].subset == "valid" {
      // The highest score is that of a negative.
      if world.pictures[row].truth[0] == "1" { world.pictures[row].scores[0] = "0.01" }
      if world.pictures[row].truth[0] == "0" { world.pictures[row].scores[0] = "0.99" }
    }
    world.judging.eval.per = "image"
    world.judging.eval.threshold.rule = "specificity >= 1"
    world.judging.fairness.thresholds = FairnessSection.byGroup
    let (metrics, fairness) = try world.judge()
    let reason = "no threshold meets `specificity >= 1.0`"
    #expect(metrics.thresholds.first { $0.finding == "Edema" }?.undefined == reason)
    #expect(
      metrics.metrics["test.Edema.sensitivity"]?.undefined == "no threshold on valid: \(reason)")
    #expect(metrics.metrics["test.Edema.auroc"]?.value != nil)
    #expect(
      fairness.metrics["test.Edema.group.sex.F.sensitivity"]?.undefined
        == "no threshold for `F`: \(reason)")
    #expect(fairness.thresholds?.first { $0.finding == "Edema" }?.undefined == reason)
  }

  /// What a spec names and the data lack is said once the data are known.
  @Test("A privileged group that is none, and strata of single patients, are refused")
  func options() throws {
    var world = JudgedWorld()
    world.judging.fairness.privileged = ["sex": "male"]
    let wrong = try world.complaints()
    #expect(
      wrong.map(\.message) == ["the privileged group `male` is not among the groups of `sex`"])
    #expect(wrong.first?.hint == "the groups are `F`, `M`")
    world.judging.fairness.privileged = nil
    world.judging.eval.strata = ["row"]
    let count = Set(world.pictures.filter { $0.subset == "valid" }.map(\.patient)).count
    #expect(
      try world.complaints().first?.message.hasPrefix(
        "\(count) of \(count) patients of valid are alone in their stratum of `row`") == true)
  }
}
