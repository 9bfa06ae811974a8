import Basics
import Metrics
import Testing

@Suite struct ThresholdRuleTests {
  /// A rule is read in both spellings and written so that it can be read again.
  @Test func `rules are read and written`() throws {
    let rules: [(String, ThresholdRule)] = [
      ("youden", .youden), ("f1", .f1), ("prevalence", .prevalence), ("fixed 0.5", .fixed(0.5)),
      ("fpr <= 0.2", .falsePositiveRate(atMost: 0.2)),
      ("fpr ≤ .2", .falsePositiveRate(atMost: 0.2)),
      ("fpr<=0.2", .falsePositiveRate(atMost: 0.2)),
      ("sensitivity ≥ 0.9", .sensitivity(atLeast: 0.9)),
      ("specificity >= 0.95", .specificity(atLeast: 0.95)),
    ]
    for (text, rule) in rules {
      #expect(try ThresholdRule(parsing: text) == rule)
      #expect(try ThresholdRule(parsing: rule.description) == rule)
    }
  }

  /// A rule that is none is an error that names the nearest rule.
  @Test func `unknown rules are errors`() {
    #expect(
      throws: Diagnostic("unknown threshold rule `yoden`", hint: "did you mean `youden`?")
    ) { try ThresholdRule(parsing: "yoden") }
    #expect(throws: Diagnostic.self) { try ThresholdRule(parsing: "fpr >= 0.2") }
    #expect(throws: Diagnostic.self) { try ThresholdRule(parsing: "youden 3") }
    #expect(throws: Diagnostic.self) { try ThresholdRule(parsing: "") }
    #expect(
      throws: Diagnostic("the rate `1.2` in the threshold rule `fpr <= 1.2` is not in 0…1")
    ) { try ThresholdRule(parsing: "fpr <= 1.2") }
    #expect(
      throws: Diagnostic("`half` in the threshold rule `fixed half` is not a number")
    ) { try ThresholdRule(parsing: "fixed half") }
  }

  /// A rule that no threshold meets is undefined, with the rule as the reason.
  @Test func `a rule that cannot be met is undefined`() throws {
    let fitted = try ThresholdRule.falsePositiveRate(atMost: 0.1)
      .threshold(scores: [0.9, 0.5, 0.4], truth: [false, true, false])
    #expect(fitted == .undefined("no threshold meets `fpr <= 0.1`"))
  }

  /// Of thresholds that serve equally well the highest is taken.
  @Test func `ties go to the highest threshold`() throws {
    let (scores, truth) = ([0.9, 0.7, 0.5, 0.3], [true, false, true, false])
    #expect(try ThresholdRule.youden.threshold(scores: scores, truth: truth) == .value(0.9))
    let loose = ThresholdRule.falsePositiveRate(atMost: 1)
    #expect(try loose.threshold(scores: scores, truth: truth) == .value(0.5))
  }
}
