import Basics
import Testing

@testable import Radiographs

@Suite struct SplitTests {
  private let fractions = SplitFractions(train: 0.6, valid: 0.2, test: 0.2)

  private func patients(_ split: Split, _ subset: Subset) -> Set<String> {
    Set(split.rows(subset).map { split.patients[$0] })
  }

  /// All pictures of a patient are in one subset, and the fractions are those of patients.
  @Test(arguments: [1, 2, 3, 4, 5])
  func `patients never leak`(seed: Int) throws {
    let cohort = try smallCohort(patients: 100, picturesEach: 7) { $0 % 3 == 0 ? "1" : "0" }
    let split = try Split(cohort, fractions: fractions, seed: seed, stratify: [.finding("Edema")])
    let sets = Subset.allCases.map { patients(split, $0) }
    #expect(sets.map(\.count) == [60, 20, 20])
    #expect(sets[0].union(sets[1]).union(sets[2]).count == 100)
    #expect(split.leftOut == 0)
  }

  /// A table in another order is the same split; another seed is another one.
  @Test func `the order of rows does not matter`() throws {
    func split(_ order: [Int]?, seed: Int) throws -> Split {
      let cohort = try smallCohort(patients: 60, picturesEach: 3, order: order) {
        $0 % 4 == 0 ? "1" : "0"
      }
      return try Split(cohort, fractions: fractions, seed: seed, stratify: [.finding("Edema")])
    }
    var order = Array(0..<180)
    var stream = RandomStream("test", seed: 1)
    stream.shuffle(&order)
    #expect(try split(nil, seed: 7) == split(order, seed: 7))
    #expect(try split(nil, seed: 7) != split(nil, seed: 8))
  }

  /// The fractions hold in every stratum, and a rare stratum is pooled instead of lost.
  @Test func `findings are stratified`() throws {
    let cohort = try Cohort(
      images: (0..<1000).map { "i\(10_000 + $0)" }, paths: (0..<1000).map { "\($0)" },
      patients: (0..<1000).map { "p\($0 / 2)" },
      columns: [
        Cohort.Column(
          "A", .finding, (0..<1000).map { $0 % 10 == 0 ? "1" : $0 % 3 == 0 ? "-1" : "" }),
        Cohort.Column("B", .finding, (0..<1000).map { $0 < 6 ? "1" : "0" }),
      ])
    let split = try Split(
      cohort, fractions: fractions, seed: 0, stratify: [.finding("A"), .finding("B")])
    let labels = try cohort.labels(of: "A")
    let positives = Subset.allCases.map { subset in
      Set(split.rows(subset).filter { labels[$0] == .positive }.map { split.patients[$0] }).count
    }
    #expect(positives.reduce(0, +) == 100)
    #expect(zip(positives, [60, 20, 20]).allSatisfy { abs($0 - $1) <= 1 }, "\(positives)")
    #expect(Subset.allCases.map { patients(split, $0).count } == [300, 100, 100])
  }

  /// Whatever the sizes of the strata, no subset strays by a patient in all or more than one in a
  /// stratum.
  @Test func `remainders are carried from stratum to stratum`() {
    var stream = RandomStream("test", seed: 5)
    for _ in 0..<300 {
      let (a, b) = (stream.uniform(), stream.uniform())
      let fractions = SplitFractions(
        train: min(a, b), valid: abs(a - b), test: 1 - min(a, b) - abs(a - b))
      var allotment = Allotment(Subset.allCases.map { fractions[$0] })
      var (total, counts) = (0, [0, 0, 0])
      for _ in 0..<40 {
        let size = stream.below(30)
        let subsets = allotment.parts(size).map { Subset.allCases[$0] }
        #expect(subsets.count == size)
        total += size
        for (index, subset) in Subset.allCases.enumerated() {
          let count = subsets.count { $0 == subset }
          counts[index] += count
          #expect(abs(Double(count) - fractions[subset] * Double(size)) <= 1 + 1e-6)
          #expect(abs(Double(counts[index]) - fractions[subset] * Double(total)) < 1 + 1e-6)
        }
      }
    }
  }

  @Test(arguments: [
    (0.6, 0.2, 0.3, "the fractions add up to 1.1, not to 1"),
    (0.6, 0.2, 0.1999, "the fractions add up to 0.9999, not to 1"),
    (0, 0.5, 0.5, "the fraction of `train` is 0, so nothing is learnt"),
    (1.2, -0.2, 0, "the fraction of `train` is 1.2, not within 0 and 1"),
    (.nan, 0.5, 0.5, "the fraction of `train` is nan, not within 0 and 1"),
  ])
  /// Fractions that are no partition are refused.
  func `bad fractions are refused`(
    train: Double, valid: Double, test: Double, message: String
  ) throws {
    let fractions = SplitFractions(train: train, valid: valid, test: test)
    let cohort = try smallCohort(patients: 10) { _ in "1" }
    let said = failure { try Split(cohort, fractions: fractions, seed: 0) }
    #expect(said.hasPrefix(message), "\(said)")
  }

  /// A subset that was asked for and got nobody is an error, one that was not is fine.
  @Test func `too few patients are refused`() throws {
    let cohort = try smallCohort(patients: 2, picturesEach: 9) { _ in "1" }
    let said = failure { try Split(cohort, fractions: fractions, seed: 0) }
    #expect(said.contains("2 patients are too few: none is left for `"))
    let whole = SplitFractions(train: 1, valid: 0, test: 0)
    #expect(try Split(cohort, fractions: whole, seed: 0).rows(.train).count == 18)
  }

  /// A split is checked again when it is read.
  @Test func `a split file is checked again`() throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 3, picturesEach: 2) { _ in "1" }
    let split = Split(cohort, subsetOf: ["patient0": .train, "patient1": .test])
    let path = folder.file("split.csv")
    try split.write(to: path)
    #expect(try Split(path: path) == split)
    #expect(split.leftOut == 2)
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    func said(_ from: String, _ to: String) throws -> String {
      try folder.write(text.replacing(from, with: to), to: "split.csv")
      return failure { try Split(path: path) }
    }
    #expect(
      try said("image1001,patient0,,train", "image1001,patient0,,test")
        == "\(path):3: patient `patient0` is in `train` and `test`")
    #expect(
      try said("image1001,patient0,,train", "image1001,patient0,,dev")
        == "\(path):3: `dev` is no subset")
    #expect(
      try said("image1001,patient0,,train", "image1000,patient0,,train")
        .hasPrefix("\(path):3: image `image1000` is listed a second time"))
  }

  @Test(arguments: [
    ("image,split", ["image1000,train", "image1001,train", "image1002,validate", "nobody,test"]),
    ("path,subset", ["images/0.png,train", "images/1.png,TRAIN", "images/2.png,val", "x,test"]),
    ("patient,split", ["patient0,train", "patient1,valid", "patient9,test"]),
    ("index,split", ["0,train", "1,train", "2,validation", "99,test"]),
  ])
  /// Whatever names the pictures, the subsets are those of the table.
  func `a split is taken from a table`(header: String, rows: [String]) throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 3, picturesEach: 2) { _ in "1" }
    let path = try folder.write(header + "\n" + rows.joined(separator: "\n"), to: "theirs.csv")
    let (split, strange) = try Split.reading(table: path, cohort: cohort)
    let byPatient = header.hasPrefix("patient")
    #expect(split.subsets == [.train, .train, .valid, byPatient ? .valid : nil, nil, nil])
    #expect(strange == 1)
  }

  /// Row numbers are those of the source table, whatever order the cohort has.
  @Test func `an index counts the rows of the source table`() throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 4, order: [3, 2, 1, 0]) { _ in "1" }
    #expect(cohort.rows == [3, 2, 1, 0])
    let path = try folder.write("index,split\n0,train\n1,test\n", to: "theirs.csv")
    let (split, _) = try Split.reading(table: path, cohort: cohort)
    #expect(split.subsets == [nil, nil, .test, .train])
  }

  @Test(arguments: [
    (
      "image,split\nimage1000,train\nimage1001,test\n", "in two subsets, for 1 patients: `patient0`"
    ),
    (
      "image,split\nimage1000,train\nimage1000,test\n",
      ":3: image `image1000` is in `train` (line 2) and in `test`"
    ),
    ("image,split\nimage1000,learn\n", ":2: `learn` is no subset"),
    ("image,fold\nimage1000,train\n", ":1: no column `subset` or `split`"),
    ("key,split\nimage1000,train\n", ":1: no column `image`, `path`, `patient` or `index`"),
    ("image,split\nnobody,train\n", "is in the cohort"),
    ("image,split\nimage1000,test\n", "puts no picture of the cohort in `train`"),
  ])
  /// Leaks, unknown names and tables of another data set are refused.
  func `a bad table is refused`(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 3, picturesEach: 2) { _ in "1" }
    let path = try folder.write(text, to: "theirs.csv")
    let said = failure { try Split.reading(table: path, cohort: cohort) }
    #expect(said.contains(message), "\(said)")
  }

  /// What a split that leaves pictures out has written is read back, and these stay out.
  @Test func `a split of our own is read back as a split file`() throws {
    let folder = try TemporaryFolder()
    let cohort = try smallCohort(patients: 30, picturesEach: 3) { $0 % 2 == 0 ? "1" : "0" }
    let split = try Split(cohort, fractions: fractions, seed: 1).limited(to: 1, seed: 1)
    try split.write(to: folder.file("split.csv"))
    let (again, strange) = try Split.reading(table: folder.file("split.csv"), cohort: cohort)
    #expect(again == split && split.leftOut == 60 && strange == 0)
    let listing = try SplitListing(path: folder.file("split.csv"), cohort: cohort)
    #expect(listing.subsets == split.subsets && listing.also.isEmpty)
    let twice = try folder.write("image,split\nimage1000,train\nimage1000,\n", to: "twice.csv")
    #expect(
      failure { try Split.reading(table: twice, cohort: cohort) }
        == "\(twice):3: image `image1000` is in `train` (line 2) and in none")
  }
}
