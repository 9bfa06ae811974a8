import Basics
import Testing

@testable import Radiographs

@Suite struct SampleTests {
  private func labels(_ cohort: Cohort, _ policy: LabelPolicy = .ignore) throws -> LabelTable {
    try LabelTable(cohort, findings: ["Edema"], uncertain: [policy], blank: .ignore)
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
        split(cohort), labels, draw: SampleDraw(finding: "Edema", method: .downsample),
        weights: .balanced, seed: seed)
    }
    let sample = try draw(1)
    #expect(sample.counts == [ClassCounts(negative: 20, positive: 20)])
    #expect(sample.weights == [ClassWeight(negative: 1, positive: 1)])
    #expect(sample.images == sample.images.sorted() && Set(sample.images).count == 40)
    #expect(Set(cohort.images[..<20]).isSubset(of: sample.images))
    #expect(try draw(1) == sample && draw(2) != sample)
  }

  private func draw(
    _ cohort: Cohort, _ draw: SampleDraw, seed: Int = 1
  ) throws -> Sample {
    try Sample(split(cohort), labels(cohort), draw: draw, seed: seed)
  }

  /// Over-sampling repeats cases of the rarer class and loses none.
  @Test func `the minority is sampled up`() throws {
    let cohort = try smallCohort(patients: 100) { $0 < 7 ? "1" : $0 < 90 ? "0" : "-1" }
    let sample = try draw(cohort, SampleDraw(finding: "Edema", method: .oversample))
    #expect(sample.counts == [ClassCounts(negative: 83, positive: 83)])
    #expect(Set(sample.images) == Set(cohort.images[..<90]))
    #expect(sample.images == sample.images.sorted())
    let other = try draw(cohort, SampleDraw(finding: "Edema", method: .oversample), seed: 2)
    #expect(other != sample)
  }

  /// Scenarios of class ratios are nested, so that their differences are not those of the draw.
  @Test func `as many of each class as asked for`() throws {
    let cohort = try smallCohort(patients: 100) { $0 % 2 == 0 ? "1" : "0" }
    func counts(_ negative: Int, _ method: SampleDraw.Method = .all) throws -> Sample {
      try draw(
        cohort, SampleDraw(finding: "Edema", negative: negative, positive: 30, method: method))
    }
    let (many, few) = (try counts(20), try counts(4))
    #expect(many.counts == [ClassCounts(negative: 20, positive: 30)])
    #expect(few.counts == [ClassCounts(negative: 4, positive: 30)])
    #expect(Set(few.images).isSubset(of: many.images))
    let up = try counts(4, .oversample)
    #expect(up.counts == [ClassCounts(negative: 30, positive: 30)])
    #expect(Set(up.images) == Set(few.images))
    #expect(try counts(4, .downsample).counts == [ClassCounts(negative: 4, positive: 4)])
    #expect(
      failure { try counts(51) }
        == "`Edema` has 50 negative pictures in train, fewer than the 51 of `sample.counts`")
  }

  /// Each class of each group weighs the same, and pictures of no group are left out.
  @Test func `groups and classes are balanced together`() throws {
    let cohort = try smallCohort(patients: 120) { $0 % 4 == 0 ? "1" : "0" }
    let groups = cohort.patients.map { patient -> String? in
      let number = Int(patient.dropFirst("patient".count)) ?? 0
      return number < 20 ? "F" : number < 100 ? "M" : nil
    }
    let sample = try draw(
      cohort, SampleDraw(finding: "Edema", method: .groupBalanced(groups)))
    let labels = try labels(cohort)
    var cells: [String: Int] = [:]
    for image in sample.images {
      let row = try #require(cohort.images.firstIndex(of: image))
      cells["\(groups[row] ?? "-")\(labels.values[0][row] ?? -1)", default: 0] += 1
    }
    #expect(cells == ["F0.0": 25, "F1.0": 25, "M0.0": 25, "M1.0": 25])
    let alone = cohort.images.indices.map { $0 == 0 ? "X" : groups[$0] }
    #expect(
      failure { try draw(cohort, SampleDraw(finding: "Edema", method: .groupBalanced(alone))) }
        == "`Edema` has no negative picture of the group `X` in train")
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
      stratify: [.finding("Edema")])
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
