import Basics
import Testing

@testable import Radiographs

@Suite struct InspectionTests {
  private func cohort() throws -> Cohort {
    try Cohort(
      images: ["a", "b", "c", "d", "e"], paths: ["a", "b", "c", "d", "e"],
      patients: ["1", "1", "2", "3", "4"], studies: ["s", "t", "s", "s", "s"],
      columns: [
        Cohort.Column("sex", .attribute, ["F", "F", "M", "", "M"]),
        Cohort.Column("age", .attribute, ["33", "34", "39.5", "", "102"]),
        Cohort.Column("Edema", .finding, ["1", "-1", "0", "", "1.0"]),
        Cohort.Column("Odd", .finding, ["1", "x", "0", "", "1.0"]),
      ])
  }

  private func groups(
    _ cohort: Cohort, _ name: String
  ) throws -> [(name: String, cells: [String?])] {
    [(name, try cohort.attribute(name).map { $0.isEmpty ? nil : $0 })]
  }

  /// Rows, empty cells, values and repeated rows of a table are counted.
  @Test func `a table is profiled`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,x\n1,\n1,x\n2,y\n", to: "table.csv")
    let table = try TableProfile(path: path)
    #expect(table.rows == 4 && table.repeated == 1)
    #expect(table.columns.map(\.missing) == [0, 1] && table.columns.map(\.distinct) == [2, 2])
    #expect(table.columns[0].frequent.map(\.text) == ["1", "2"])
    #expect(table.columns[0].frequent.map(\.count) == [3, 1])
    let list = try TableProfile(path: folder.write("x\ny\nx\n", to: "list.txt"))
    #expect(list.rows == 3 && list.repeated == 1 && list.columns.isEmpty)
  }

  /// Patients, studies, ages by decade, labels and what is no label.
  @Test func `a cohort is profiled`() throws {
    let profile = CohortProfile(try cohort())
    #expect(profile.pictures == 5 && profile.patients == 4 && profile.studies == 5)
    #expect(profile.picturesPerPatient.map(\.patients) == [3, 1, 0, 0, 0, 0])
    #expect(profile.ages.map(\.value) == ["", "30", "100"])
    #expect(
      profile.ages.map(\.pictures) == [1, 3, 1] && profile.ages.map(\.patients) == [1, 2, 1])
    #expect(profile.attributes.map(\.name) == ["sex"])
    #expect(profile.attributes[0].values.map(\.value) == ["F", "M", ""])
    #expect(profile.findings.map(\.name) == ["Edema"])
    #expect(
      profile.findings[0].counts == [.positive: 2, .uncertain: 1, .negative: 1, .blank: 1])
    #expect(profile.findings[0].patients == 2)
    #expect(profile.wrong.map(\.message) == ["`x` is no label of `Odd`"])
  }

  /// A patient, a study, a picture and pixels in two subsets are each found, with what they touch.
  @Test func `leaks of each kind are found`() throws {
    let cohort = try cohort()
    func kinds(_ subsets: [Subset?], _ digests: [String]? = nil) throws -> [String] {
      try SplitLint(
        cohort, subsets: subsets, digests: digests.map { $0.map { Digest(of: $0) } },
        groups: groups(cohort, "sex"), minGroup: 2
      ).leaks.map { "\($0.kind) \($0.subsets[0])-\($0.subsets[1]) \($0.count)/\($0.touched)" }
    }
    let clean: [Subset?] = [.train, .train, .valid, .test, .test]
    #expect(try kinds(clean, ["1", "2", "3", "4", "5"]).isEmpty)
    #expect(try kinds([.train, .test, .valid, .test, .test]) == ["patient train-test 1/1"])
    #expect(
      try kinds(clean, ["1", "2", "3", "2", "2"]) == ["identical picture train-test 1/2"])
    let twice = try SplitLint(
      cohort, subsets: clean, also: [(2, .test)], groups: [], minGroup: 2)
    #expect(twice.leaks.map(\.kind) == ["patient", "study", "picture"])
    let lint = try SplitLint(cohort, subsets: clean, groups: groups(cohort, "sex"), minGroup: 2)
    #expect(
      lint.small.map { "\($0.subset) \($0.group) \($0.patients)" } == [
        "valid F 0", "valid M 1", "test F 0", "test M 1",
      ])
    #expect(lint.parts.map(\.patients) == [1, 1, 2] && lint.leftOut == 0 && lint.empty.isEmpty)
    #expect(lint.parts[2].findings.first?.positive == 1)
    let none = try SplitLint(
      cohort, subsets: [.train, .train, nil, nil, nil], groups: [], minGroup: 2)
    #expect(none.leftOut == 3 && none.empty == [.valid, .test])
  }

  /// A split file is read whatever is wrong with it, by itself where it tells the patients.
  @Test func `a split file is listed`() throws {
    let folder = try TemporaryFolder()
    let own = try folder.write(
      "image,patient,study,subset\na,1,,train\nb,1,,test\nb,1,,valid\nc,2,,\n", to: "own.csv")
    let listing = try SplitListing(path: own, cohort: nil)
    #expect(listing.cohort.images == ["a", "b", "c"])
    #expect(listing.subsets == [.train, .test, nil] && listing.also.map(\.subset) == [.valid])
    let study = "CheXpert-v1.0/train/patient00001/study1"
    let paths = try folder.write(
      "path,split\n\(study)/view1_frontal.jpg,train\n\(study)/view2_lateral.jpg,val\n",
      to: "paths.csv")
    let known = try SplitListing(path: paths, cohort: nil)
    #expect(known.cohort.patients == ["patient00001", "patient00001"])
    let lint = try SplitLint(known.cohort, subsets: known.subsets, groups: [], minGroup: 10)
    #expect(lint.leaks.map(\.kind) == ["patient", "study"])
    let index = try folder.write("index,split\n0,train\n7,test\n2,test\n", to: "index.csv")
    let rows = try SplitListing(path: index, cohort: cohort())
    #expect(rows.subsets == [.train, nil, .test, nil, nil] && rows.strange == 1)
    #expect(
      failure { try SplitListing(path: index, cohort: nil) }.hasSuffix("whose pictures they are"))
    let wrong = try folder.write("image,split\na,learn\n", to: "wrong.csv")
    #expect(
      failure { try SplitListing(path: wrong, cohort: cohort()) }
        == "\(wrong):2: `learn` is no subset")
  }

  /// `7` and `007` are two patients to a program and one to a hospital, which is said of a cohort, and of
  /// a split where they are torn apart.
  @Test func `names that may be one patient are told`() throws {
    let names = ["7", "007", "p1", "p1 ", "P 2", "p2", "p10", "p100", "p0", "p00"]
    let cohort = try Cohort(
      images: names.indices.map { "i\($0)" }, paths: names.indices.map { "\($0)" },
      patients: names, columns: [])
    #expect(
      DoubtfulNames(cohort).patients == [
        ["007", "7"], ["P 2", "p2"], ["p0", "p00"], ["p1", "p1 "],
      ])
    var subsets: [Subset?] = names.map { _ in .train }
    (subsets[1], subsets[8]) = (.test, .valid)
    let lint = try SplitLint(cohort, subsets: subsets, groups: [], minGroup: 1)
    #expect(lint.leaks.isEmpty && lint.doubtful.patients == [["007", "7"], ["p0", "p00"]])
    #expect(
      lint.doubtful.sentences == [
        "2 patients may go by several names, which differ only in blanks, capitals or leading "
          + "zeros: `007` = `7`; `p0` = `p00`"
      ])
  }

  /// A study of two patients is told where studies have names of their own; `study1` of each patient is
  /// none.
  @Test func `a study under two patients is told`() throws {
    func found(_ studies: [String]) throws -> [DoubtfulNames.Study] {
      DoubtfulNames(
        try Cohort(
          images: studies.indices.map { "i\(100 + $0)" },
          paths: studies.indices.map { "\($0)" }, patients: studies.indices.map { "p\(100 + $0)" },
          studies: studies, columns: [])
      ).studies
    }
    let own = (0..<19).map { "s\($0)" } + ["s3"]
    #expect(try found(own) == [DoubtfulNames.Study(name: "s3", patients: ["p103", "p119"])])
    #expect(try found((0..<20).map { "study\($0 % 2)" }).isEmpty)
    #expect(try found((0..<20).map { _ in "" }).isEmpty)
  }

  /// Published benchmarks split by pictures: four of five test pictures then have their patient in
  /// train as well.
  @Test func `a split by pictures leaks as CheXpert's does`() throws {
    let folder = try TemporaryFolder()
    try writePhantom(
      PhantomOptions(patients: 4000, size: 16), to: folder.path, tablesOnly: true, threads: 2)
    let cohort = try CohortSource(source: "chexpert").read(
      root: folder.path, findingPictures: false
    ).cohort
    var stream = RandomStream("test", seed: 1)
    let subsets: [Subset?] = cohort.images.map { _ in
      let u = stream.uniform()
      return u < 0.7 ? .train : u < 0.85 ? .valid : .test
    }
    let lint = try SplitLint(cohort, subsets: subsets, groups: groups(cohort, "sex"), minGroup: 10)
    let leak = try #require(
      lint.leaks.first { $0.kind == "patient" && $0.subsets == [.train, .test] })
    let share = Double(leak.touched) / Double(lint.parts[2].pictures)
    #expect(abs(share - 0.842) < 0.03)
  }
}
