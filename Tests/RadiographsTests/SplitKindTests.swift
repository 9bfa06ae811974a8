import Basics
import Testing

@testable import Radiographs

/// Splits that are not plain fractions, and what is cut from them.
@Suite struct SplitKindTests {
  private static let fractions = SplitFractions(train: 0.5, valid: 0.2, test: 0.3)

  /// 200 patients with one to four pictures; two of five are of site B, a few of both.
  private func cohort(shuffled: Bool = false) throws -> Cohort {
    var rows: [(patient: Int, picture: Int)] = []
    for patient in 0..<200 { for picture in 0...patient % 4 { rows.append((patient, picture)) } }
    if shuffled {
      var stream = RandomStream("test", seed: 3)
      stream.shuffle(&rows)
    }
    func cells(_ text: (Int, Int) -> String) -> [String] {
      rows.map { text($0.patient, $0.picture) }
    }
    return try Cohort(
      images: cells { "i\(1000 + $0)_\($1)" }, paths: cells { "\($0)_\($1).png" },
      patients: cells { patient, _ in "p\(1000 + patient)" },
      rows: rows.map { $0.patient * 4 + $0.picture },
      columns: [
        Cohort.Column("sex", .attribute, cells { patient, _ in patient % 3 == 0 ? "F" : "M" }),
        Cohort.Column(
          "race", .attribute,
          cells { patient, _ in patient % 10 == 0 ? "" : patient % 5 < 2 ? "A" : "B" }),
        Cohort.Column(
          "site", .attribute,
          cells { $0 % 5 < 2 || ($0 == 7 && $1 == 1) ? "B" : $0 == 9 ? "" : "A" }),
        Cohort.Column(
          "official_subset", .attribute, cells { patient, _ in patient < 150 ? "train" : "test" }),
        Cohort.Column(
          "Edema", .finding, cells { ($0 / 3 + $1) % 4 == 0 ? "1" : $0 % 7 == 0 ? "-1" : "" }),
      ])
  }

  private static func groups(_ cohort: Cohort, _ name: String) throws -> [String?] {
    try cohort.attribute(name).map { $0.isEmpty ? nil : $0 }
  }

  private static let kinds: [(String, @Sendable (Cohort) throws -> Split)] = [
    (
      "attributes and findings",
      {
        try Split(
          $0, fractions: fractions, seed: 5,
          stratify: [.groups(groups($0, "sex")), .finding("Edema"), .groups(groups($0, "race"))])
      }
    ),
    (
      "small crossings",
      {
        try Split(
          $0, fractions: fractions, seed: 5,
          stratify: [
            .finding("Edema"), .groups(groups($0, "race")), .groups(groups($0, "sex")),
            .groups(groups($0, "site")), .groups($0.patients.map { String($0.suffix(1)) }),
          ])
      }
    ),
    ("folds", { try Split($0, folds: 5, fold: 4, seed: 5, stratify: [.finding("Edema")]) }),
    (
      "a site",
      {
        try Split(
          $0, holdingOut: groups($0, "site").map { $0 == "B" }, train: 0.6, valid: 0.2, seed: 5,
          stratify: [.finding("Edema")])
      }
    ),
    (
      "official",
      { try Split($0, official: $0.attribute("official_subset"), valid: 0.2, seed: 5) }
    ),
    (
      "few pictures",
      { try Split($0, fractions: fractions, seed: 5).limited(to: 2, seed: 5) }
    ),
    (
      "balanced",
      {
        try Split($0, fractions: fractions, seed: 5)
          .evened(Subset.allCases, groups: groups($0, "race"), seed: 5)
      }
    ),
    (
      "matched",
      {
        try Split($0, fractions: fractions, seed: 5).evened(
          [.test], groups: groups($0, "sex"),
          strata: $0.labels(of: "Edema").map { "\($0.rawValue)" }, seed: 5)
      }
    ),
  ]

  /// A table that was sorted anew is the same cohort, and a patient is never in two subsets.
  @Test(arguments: kinds.indices)
  func `the order of rows does not matter, and patients never leak`(kind: Int) throws {
    let (name, split) = Self.kinds[kind]
    let straight = try split(cohort())
    #expect(try split(cohort(shuffled: true)) == straight, "\(name)")
    var subsetOf: [String: Subset] = [:]
    for (patient, subset) in zip(straight.patients, straight.subsets) {
      guard let subset else { continue }
      #expect(subsetOf.updateValue(subset, forKey: patient) ?? subset == subset, "\(name)")
    }
    #expect(Set(subsetOf.values) == Set(Subset.allCases), "\(name)")
  }

  /// Labels that are drawn, and samples of them, belong to pictures and not to rows.
  @Test func `the order of rows does not change labels and samples`() throws {
    func draws(_ cohort: Cohort) throws -> (labels: LabelTable, samples: [Sample]) {
      let labels = try LabelTable(
        cohort, findings: ["Edema"],
        uncertain: [.smooth(LabelSmoothing(to: [0.55, 0.85], draw: .once))], blank: .negative,
        seed: 3)
      let split = try Split(cohort, fractions: Self.fractions, seed: 5)
      let methods: [SampleDraw.Method] = [
        .all, .downsample, .oversample, .groupBalanced(try Self.groups(cohort, "sex")),
      ]
      return (
        labels,
        try methods.map {
          try Sample(
            split, labels, draw: SampleDraw(finding: "Edema", negative: 40, method: $0), seed: 3)
        }
      )
    }
    let (straight, shuffled) = (try draws(cohort()), try draws(cohort(shuffled: true)))
    #expect(straight.labels == shuffled.labels && straight.samples == shuffled.samples)
    #expect(straight.labels.values[0].contains { $0.map { $0 > 0.5 && $0 < 1 } == true })
  }

  /// Attributes have the same shares in every subset, as findings have.
  @Test func `attributes are stratified`() throws {
    let cohort = try cohort()
    let groups = try Self.groups(cohort, "sex")
    let split = try Split(cohort, fractions: Self.fractions, seed: 1, stratify: [.groups(groups)])
    let women = Subset.allCases.map { subset in
      Set(split.rows(subset).filter { groups[$0] == "F" }.map { split.patients[$0] }).count
    }
    // 67 of 200 patients.
    #expect(zip(women, [33.5, 13.4, 20.1]).allSatisfy { abs(Double($0) - $1) <= 1 }, "\(women)")
  }

  /// Where most combinations are of few patients, each finding and each group still has its share, the
  /// last of the list as well as the first.
  @Test(arguments: 1...5)
  func `many attributes are stratified together`(seed: Int) throws {
    var stream = RandomStream("test", seed: seed)
    func column(_ values: [String]) -> [String] {
      (0..<410).map { _ in values[stream.below(values.count)] }
    }
    let columns = [
      column(["1", "0", "0", "0"]), column(["F", "M"]),
      column(["White", "White", "White", "White", "Asian", "Black", "Hispanic", "Other"]),
      column(["0–40", "40–60", "40–60", "60–80", "60–80", "60–80", "80+"]),
    ]
    let names = (0..<410).map { "p\(1000 + $0)" }
    let cohort = try Cohort(
      images: names, paths: names, patients: names,
      columns: [Cohort.Column("Edema", .finding, columns[0])])
    let split = try Split(
      cohort, fractions: SplitFractions(train: 0.6, valid: 0.2, test: 0.2), seed: seed,
      stratify: [.finding("Edema")] + columns.dropFirst().map { .groups($0) })
    #expect(Subset.allCases.map { split.rows($0).count } == [246, 82, 82])
    for column in columns {
      for value in Set(column).sorted() {
        let all = Double(column.count { $0 == value })
        for (subset, share) in zip(Subset.allCases, [0.6, 0.2, 0.2]) {
          let count = Double(split.rows(subset).count { column[$0] == value })
          #expect(abs(count - share * all) <= 4.5, "\(value) in \(subset): \(count) of \(all)")
        }
      }
    }
  }

  /// Each patient is tested once, and never in the fold where valid chooses.
  @Test func `over all folds each patient is in test once and in valid once`() throws {
    let cohort = try cohort()
    var (tests, valids): ([String], [String]) = ([], [])
    for fold in 0..<5 {
      let split = try Split(cohort, folds: 5, fold: fold, seed: 2, stratify: [.finding("Edema")])
      tests += Set(split.rows(.test).map { split.patients[$0] })
      valids += Set(split.rows(.valid).map { split.patients[$0] })
      #expect(Set(split.rows(.train).map { split.patients[$0] }).count == 120)
    }
    let all = Set(cohort.patients).sorted()
    #expect(tests.sorted() == all && valids.sorted() == all)
    #expect(failure { try Split(cohort, folds: 5, fold: 5, seed: 2) } == "there is no fold 5 of 5")
  }

  /// A model that has seen a site, or a patient of it, is not tested on a new one.
  @Test func `a site that is held out is test and nothing else`() throws {
    let cohort = try cohort()
    let sites = try cohort.attribute("site")
    let split = try Split(
      cohort, holdingOut: sites.map { $0 == "B" }, train: 0.6, valid: 0.2, seed: 1)
    #expect(cohort.images.indices.allSatisfy { (split.subsets[$0] == .test) == (sites[$0] == "B") })
    let both = cohort.images.indices.filter { cohort.patients[$0] == "p1007" && sites[$0] == "A" }
    #expect(!both.isEmpty && both.allSatisfy { split.subsets[$0] == nil })
    let (train, valid) = (split.rows(.train), split.rows(.valid))
    let counts = [train, valid].map { Set($0.map { split.patients[$0] }).count }
    #expect(counts == [89, 30])
    #expect(
      failure {
        try Split(
          cohort, holdingOut: sites.map { _ in true }, train: 0.6, valid: 0.2, seed: 1)
      }.contains("none is left for `train`"))
  }

  /// Official subsets stay what they are; what is missing is made without touching the test.
  @Test func `an official split keeps its test and gets a valid`() throws {
    let cohort = try cohort()
    let names = try cohort.attribute("official_subset")
    let split = try Split(cohort, official: names, valid: 0.2, seed: 1)
    #expect(
      cohort.images.indices.allSatisfy { (split.subsets[$0] == .test) == (names[$0] == "test") })
    #expect(Set(split.rows(.valid).map { split.patients[$0] }).count == 30)
    let renamed = names.map { $0 == "test" ? "validate" : $0 }
    #expect(try Split(cohort, official: renamed, valid: 0.2, seed: 1) == split)
    let leaking = names.enumerated().map { $0 == 1 ? "test" : $0 == 2 ? "train" : $1 }
    #expect(
      failure { try Split(cohort, official: leaking, valid: 0.2, seed: 1) }
        .contains("the official split puts pictures of one patient in two subsets"))
    #expect(
      failure { try Split(cohort, official: names.map { "new \($0)" }, valid: 0.2, seed: 1) }
        .contains("`new train` is no subset"))
  }

  /// A choice of policies may look again at train and valid, and never at test.
  @Test func `train and valid are shared out again without test`() throws {
    let split = try Split(cohort(), fractions: Self.fractions, seed: 1)
    func again(_ cohort: Cohort, _ split: Split, seed: Int = 1) throws -> Split {
      try split.sharedAgain(cohort, valid: 0.4, seed: seed, stratify: [.finding("Edema")])
    }
    let cohort = try cohort()
    let shared = try again(cohort, split)
    for row in cohort.images.indices {
      #expect((shared.subsets[row] == nil) == (split.subsets[row] == .test))
    }
    func patients(_ subset: Subset) -> Set<String> {
      Set(shared.rows(subset).map { shared.patients[$0] })
    }
    #expect(patients(.valid).count == 56 && patients(.train).count == 84)
    #expect(patients(.train).isDisjoint(with: patients(.valid)))
    let shuffled = try self.cohort(shuffled: true)
    let other = try Split(shuffled, fractions: Self.fractions, seed: 1)
    #expect(try again(shuffled, other) == shared)
    #expect(try again(cohort, split, seed: 2) != shared)
    let alone = Split(cohort, all: .test)
    #expect(failure { try again(cohort, alone) }.contains("none is left for `train`"))
  }

  /// What is counted is patients, with the finding and without; unlabelled pictures say nothing.
  @Test func `patients with and without a finding are counted`() throws {
    let cohort = try cohort()
    let split = try Split(cohort, fractions: Self.fractions, seed: 1)
    let labels = try LabelTable(
      cohort, findings: ["Edema"], uncertain: [.ignore], blank: .negative)
    let counts = split.patients(.valid, with: labels.values[0])
    let raw = try cohort.labels(of: "Edema")
    func count(_ wanted: [RawLabel]) -> Int {
      Set(split.rows(.valid).filter { wanted.contains(raw[$0]) }.map { split.patients[$0] }).count
    }
    #expect(counts.positive == count([.positive]) && counts.negative == count([.blank]))
    #expect(counts.positive > 5 && counts.negative > counts.positive)
  }

  /// A patient with 90 pictures does not weigh 90 times.
  @Test func `at most so many pictures of a patient stay`() throws {
    let cohort = try cohort()
    let split = try Split(cohort, fractions: Self.fractions, seed: 1)
    let few = split.limited(to: 2, seed: 1)
    let counts = Dictionary(grouping: few.subsets.indices.filter { few.subsets[$0] != nil }) {
      few.patients[$0]
    }.mapValues(\.count)
    #expect(counts.count == 200 && counts.values.max() == 2)
    #expect(counts.values.reduce(0, +) == 50 + 150 * 2)
    #expect(
      few.subsets.indices.allSatisfy {
        few.subsets[$0] == nil || few.subsets[$0] == split.subsets[$0]
      })
    #expect(split.limited(to: 2, seed: 2) != few && split.limited(to: 4, seed: 1) == split)
  }

  /// Each subset has as many pictures of each group, and nobody without one.
  @Test func `groups are cut to the smallest`() throws {
    let cohort = try cohort()
    let groups = try Self.groups(cohort, "race")
    let split = try Split(cohort, fractions: Self.fractions, seed: 1)
    let even = try split.evened(Subset.allCases, groups: groups, seed: 1)
    for subset in Subset.allCases {
      let counts = ["A", "B"].map { group in even.rows(subset).count { groups[$0] == group } }
      let before = ["A", "B"].map { group in split.rows(subset).count { groups[$0] == group } }
      #expect(counts[0] == counts[1] && counts[0] == before.min())
      #expect(even.rows(subset).count == counts[0] + counts[1])
    }
    #expect(
      failure { try split.evened([.test], groups: groups.map { $0.map { _ in "A" } }, seed: 1) }
        == "there is one group only: `A`")
    let apart = zip(groups, split.subsets).map { $1 == .test ? "A" : $0 }
    #expect(
      failure { try split.evened(Subset.allCases, groups: apart, seed: 1) }
        == "nothing is left of `test` when its groups are made alike: it has no picture of `B`")
  }

  /// Prevalence and age are the same in every group of test; train is what it was.
  @Test func `groups of test are matched`() throws {
    let cohort = try cohort()
    let (groups, race) = (try Self.groups(cohort, "sex"), try cohort.attribute("race"))
    let labels = try cohort.labels(of: "Edema")
    let strata = cohort.images.indices.map { "\(labels[$0].rawValue) \(race[$0])" }
    let split = try Split(cohort, fractions: Self.fractions, seed: 1)
    let matched = try split.evened([.test], groups: groups, strata: strata, seed: 1)
    #expect(
      matched.rows(.train) == split.rows(.train) && matched.rows(.valid) == split.rows(.valid))
    let counts = ["F", "M"].map { group in
      Dictionary(grouping: matched.rows(.test).filter { groups[$0] == group }) { strata[$0] }
        .mapValues(\.count)
    }
    #expect(counts[0] == counts[1] && counts[0].count > 2)
    #expect(matched.rows(.test).count < split.rows(.test).count)
  }
}
