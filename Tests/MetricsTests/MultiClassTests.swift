import Basics
import Metrics
import Testing

private struct File: Decodable {
  struct Case: Decodable {
    var scores: [[Double]]
    var truth: [Int]
    var confusion: [[Double]]
    var accuracy, balanced_accuracy, auroc: Double
    var aurocs: [Double?]
  }
  var cases: [String: Case]
}

@Suite struct MultiClassTests {
  /// Several classes are measured as scikit-learn does, ties and an absent class included.
  @Test func `several classes agree with scikit-learn`() throws {
    for (name, sample) in try golden("classes", as: File.self).cases {
      let classes = sample.confusion.indices.map { "class \($0)" }
      let cases = try MultiClass(
        classes: classes, scores: sample.scores, truth: sample.truth,
        patient: Array(sample.truth.indices))
      let found = try cases.estimates()
      #expect(found.confusion == sample.confusion, "\(name)")
      expectClose(found.accuracy.point, sample.accuracy, "\(name): accuracy")
      expectClose(found.balancedAccuracy.point, sample.balanced_accuracy, "\(name): balanced")
      expectClose(found.auroc.point, sample.auroc, "\(name): AUROC")
      for (estimate, expected) in zip(found.aurocs, sample.aurocs) {
        expectClose(estimate.point, expected, "\(name): one against the rest")
      }
    }
  }

  /// Replicates are those of the drawn patients, whatever the number of threads.
  @Test func `several classes are bootstrapped over patients`() throws {
    var stream = RandomStream("classes", seed: 3)
    let patient = (0..<90).map { $0 / 3 }
    let truth = patient.map { _ in stream.uniform() < 0.1 ? nil : stream.below(3) }
    let scores = truth.map { truth in
      (0..<3).map { stream.uniform() + ($0 == truth ? 0.4 : 0) }
    }
    let cases = try MultiClass(
      classes: ["a", "b", "c"], scores: scores, truth: truth, patient: patient)
    let draws = try PatientDraws(patients: 30, replicates: 20, seed: 1)
    let one = try cases.estimates(draws: draws, threads: 1)
    let two = try cases.estimates(draws: draws, threads: 2)
    #expect(one.balancedAccuracy.replicates == two.balancedAccuracy.replicates)
    let predicted = cases.predicted
    for replicate in 0..<20 {
      let counts = draws.counts(of: replicate)
      var (right, all) = (0, 0)
      for index in truth.indices where truth[index] != nil {
        all += counts[patient[index]]
        if truth[index] == predicted[index] { right += counts[patient[index]] }
      }
      #expect(abs(one.accuracy.replicates[replicate] - Double(right) / Double(all)) < 1e-12)
    }
  }

  /// Nothing, one class and mistakes: undefined or an error, never a crash.
  @Test func `impossible classes are errors`() throws {
    let none = try MultiClass(classes: [], scores: [], truth: [], patient: []).estimates()
    #expect(none.accuracy.point == .undefined("0 cases"))
    #expect(none.auroc.point.value == nil && none.confusion.isEmpty)
    let one = try MultiClass(classes: ["a"], scores: [[1]], truth: [0], patient: [0]).estimates()
    #expect(one.accuracy.point == .value(1) && one.aurocs[0].point == .undefined("0 negatives"))
    #expect(throws: Diagnostic("a case has 1 scores for 2 classes")) {
      try MultiClass(classes: ["a", "b"], scores: [[1]], truth: [0], patient: [0])
    }
    #expect(throws: Diagnostic("a case has the class 2, and there are 2")) {
      try MultiClass(classes: ["a", "b"], scores: [[1, 0]], truth: [2], patient: [0])
    }
    #expect(throws: Diagnostic("1 of 1 cases have scores that are NaN or infinite")) {
      try MultiClass(classes: ["a", "b"], scores: [[1, .infinity]], truth: [0], patient: [0])
    }
    let two = try MultiClass(classes: ["a"], scores: [[1]], truth: [nil], patient: [9])
    #expect(throws: Diagnostic.self) { try two.oneVersusRest(1) }
    let draws = try PatientDraws(patients: 2, replicates: 2, seed: 0)
    #expect(throws: Diagnostic.self) { try two.estimates(draws: draws) }
  }
}
