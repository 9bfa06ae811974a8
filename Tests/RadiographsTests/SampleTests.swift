import Basics
import Testing

@testable import Radiographs

@Suite struct SampleTests {
  private func labels(_ cohort: Cohort, _ policy: LabelPolicy = .ignore) throws -> LabelTable {
    try LabelTable(cohort, findings: ["Edema"], uncertain: policy, blank: .ignore)
  }

  private func split(_ cohort: Cohort) -> Split {
    Split(cohort, subsetOf: Dictionary(cohort.patients.map { ($0, .train) }) { first, _ in first })
  }

  /// Down-sampling keeps the rarer class and draws as many of the other, by seed.
  @Test func `the majority is sampled down`() throws {
    let cohort = try smallCohort(patients: 100) { $0 < 20 ? "1" : $0 < 90 ? "0" : "-1" }
    let labels = try labels(cohort)
    func draw(_ seed: Int) throws -> Sample {
      try Sample(
        split(cohort), labels, method: .downsample(finding: "Edema"), weights: .balanced,
        seed: seed)
    }
    let sample = try draw(1)
    #expect(sample.counts == [ClassCounts(negative: 20, positive: 20)])
    #expect(sample.weights == [ClassWeight(negative: 1, positive: 1)])
    #expect(sample.images == sample.images.sorted() && Set(sample.images).count == 40)
    #expect(Set(cohort.images[..<20]).isSubset(of: sample.images))
    #expect(try draw(1) == sample && draw(2) != sample)
  }

  /// w_c = N / (2 n_c), over what is drawn; pictures without a label do not count.
  @Test func `balanced weights`() throws {
    let cohort = try smallCohort(patients: 50) { $0 < 10 ? "1" : $0 < 40 ? "0" : "" }
    let labels = try labels(cohort)
    let sample = try Sample(split(cohort), labels, weights: .balanced, seed: 0)
    #expect(sample.images.count == 40)
    #expect(sample.counts == [ClassCounts(negative: 30, positive: 10)])
    #expect(sample.weights == [ClassWeight(negative: 40.0 / 60, positive: 2)])
    let plain = try Sample(split(cohort), labels, seed: 0)
    #expect(plain.weights == [ClassWeight(negative: 1, positive: 1)])
    let weight = ClassWeight(negative: 0.5, positive: 3)
    #expect(try Sample(split(cohort), labels, weights: .same(weight), seed: 0).weights == [weight])
    #expect(
      failure { try Sample(split(cohort), labels, weights: .each(["Edma": weight]), seed: 0) }
        == """
        `Edema` has no class weights
        class weights are given for `Edma`, which is not trained
        """)
    let zero = ClassWeight(negative: 0, positive: .infinity)
    #expect(
      failure { try Sample(split(cohort), labels, weights: .same(zero), seed: 0) }
        == "the class weights of `Edema` are not both finite and above 0")
  }

  /// Nothing can be learnt from one class, so that is said before anything is trained.
  @Test func `one class only in train is an error`() throws {
    let positive = try smallCohort(patients: 9) { _ in "1" }
    #expect(
      failure { try Sample(split(positive), labels(positive), seed: 0) }
        == "`Edema` has one class only in train: none of 9 labels is negative")
    let uncertain = try smallCohort(patients: 9) { $0 == 0 ? "-1" : "0" }
    #expect(try Sample(split(uncertain), labels(uncertain, .uOnes), seed: 0).images.count == 9)
    #expect(
      failure { try Sample(split(uncertain), labels(uncertain, .uZeros), seed: 0) }
        == "`Edema` has one class only in train: none of 9 labels is positive")
    let blank = try smallCohort(patients: 9) { _ in "" }
    #expect(
      failure { try Sample(split(blank), labels(blank), seed: 0) }
        == "no picture of train has a label")
    let other = try smallCohort(patients: 8) { _ in "1" }
    #expect(
      failure { try Sample(split(other), labels(positive), seed: 0) }
        == "the labels are those of other pictures than the split's")
  }

  /// Only pictures of train are drawn, and what is written is read back.
  @Test func `a sample reads back`() throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 30) { $0 % 3 == 0 ? "1" : "0" }
    let split = try Split(
      cohort, fractions: SplitFractions(train: 0.5, valid: 0.2, test: 0.3), seed: 1,
      stratify: ["Edema"])
    let sample = try Sample(split, labels(cohort), weights: .balanced, seed: 1)
    #expect(sample.images == split.rows(.train).map { cohort.images[$0] })
    let path = folder.file("class_weights.csv")
    try sample.writeWeights(to: path)
    #expect(try Sample.weights(path: path, findings: sample.findings) == sample.weights)
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    try folder.write(text.replacing("1.0\n", with: "x\n"), to: "class_weights.csv")
    #expect(
      failure { try Sample.weights(path: path, findings: sample.findings) }
        == "\(path):2: `x` is no weight")
  }
}
