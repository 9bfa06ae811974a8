import Basics
import Testing

@testable import Radiographs

@Suite struct LabelTests {
  private func cohort(_ cells: [String]) throws -> Cohort {
    try Cohort(
      images: cells.indices.map { "i\($0)" }, paths: cells,
      patients: cells.indices.map { "p\($0)" },
      columns: [
        Cohort.Column("Edema", .finding, cells),
        Cohort.Column("Mass", .finding, cells.map { _ in "1" }),
      ])
  }

  private func labels(
    _ cells: [String], _ uncertain: LabelPolicy, _ blank: BlankPolicy = .negative
  ) throws -> LabelTable {
    try LabelTable(cohort(cells), findings: ["Edema"], uncertain: [uncertain], blank: blank)
  }

  /// Each spelling of a label stands for its class, and policies touch only what they are for.
  @Test func `policies decide uncertain and blank labels`() throws {
    let cells = ["0", "0.0", "1", "1.0", "-1", "-1.0", ""]
    #expect(try labels(cells, .uZeros).values == [[0, 0, 1, 1, 0, 0, 0]])
    #expect(try labels(cells, .uOnes).values == [[0, 0, 1, 1, 1, 1, 0]])
    #expect(try labels(cells, .ignore).values == [[0, 0, 1, 1, nil, nil, 0]])
    #expect(try labels(cells, .uOnes, .ignore).values == [[0, 0, 1, 1, 1, 1, nil]])
    #expect(LabelPolicy(evaluation: "exclude") == .ignore)
    #expect(LabelPolicy(evaluation: "u-ones") == .uOnes)
    #expect(LabelPolicy(evaluation: "ignore") == nil)
  }

  /// A probability stands for what is uncertain and for nothing else, and does not depend on which
  /// other pictures there are.
  @Test func `soft and smoothed labels`() throws {
    let cells = ["0", "1", "-1", "-1", ""]
    #expect(try labels(cells, .soft(0.25)).values == [[0, 1, 0.25, 0.25, 0]])
    func drawn(_ cells: [String], seed: Int) throws -> [Float?] {
      let smooth = LabelPolicy.smooth(LabelSmoothing(to: [0.55, 0.85], draw: .once))
      return try LabelTable(
        cohort(cells), findings: ["Edema"], uncertain: [smooth], blank: .negative, seed: seed
      ).values[0]
    }
    let values = try drawn(cells, seed: 1)
    let fractions = try values[2...3].map { try #require($0) }
    #expect(fractions.allSatisfy { $0 > 0.55 && $0 < 0.85 } && fractions[0] != fractions[1])
    #expect(try drawn(["-1", "-1", "-1"], seed: 1)[2] == values[2])
    #expect(try drawn(cells, seed: 2) != values)
    let each = LabelPolicy.smooth(LabelSmoothing(to: [0, 0.5], draw: .epoch))
    #expect(try labels(cells, each).values == [[0, 1, 0.25, 0.25, 0]])
  }

  /// Any of several: what was not mentioned may be there.
  @Test func `composite findings`() throws {
    let cells = [
      ["1", "0"], ["-1", "1"], ["0", "-1"], ["-1", ""], ["0", ""], ["0", "0"], ["", ""],
    ]
    let cohort = try Cohort(
      images: cells.indices.map { "i\($0)" }, paths: cells.indices.map { "\($0)" },
      patients: cells.indices.map { "p\($0)" },
      columns: [
        Cohort.Column("Consolidation", .finding, cells.map { $0[0] }),
        Cohort.Column("Pneumonia", .finding, cells.map { $0[1] }),
      ])
    #expect(
      try cohort.labels(of: "Consolidation/Pneumonia")
        == [.positive, .positive, .uncertain, .uncertain, .blank, .negative, .blank])
    #expect(
      failure { try cohort.labels(of: "Consolidation/Edema") }
        .hasPrefix("unknown finding `Consolidation/Edema`"))
    #expect(CompositeFinding.parts(of: "A / B", among: ["A", "B"]) == ["A", "B"])
    #expect(CompositeFinding.parts(of: "A/B", among: ["A", "B", "A/B"]) == nil)
  }

  /// Nothing found means that no pathology was, certain or not; a device is none.
  @Test func `no finding is derived`() throws {
    let cohort = try Cohort(
      images: ["a", "b", "c", "d"], paths: ["a", "b", "c", "d"], patients: ["a", "b", "c", "d"],
      columns: [
        Cohort.Column("Edema", .finding, ["1", "-1", "0", ""]),
        Cohort.Column("Support Devices", .finding, ["", "", "1", "1"]),
      ])
    let table = try LabelTable(
      cohort, findings: ["No Finding"], uncertain: [.uZeros], blank: .ignore,
      derivesNoFinding: true)
    #expect(table.values == [[0, 0, 1, 1]])
    let plain = try Cohort(
      images: ["a"], paths: ["a"], patients: ["a"],
      columns: [Cohort.Column("Edema", .either, ["1"])])
    #expect(
      failure {
        try LabelTable(
          plain, findings: ["No Finding"], uncertain: [.uZeros], blank: .ignore,
          derivesNoFinding: true)
      }.contains("cannot be derived"))
  }

  /// Without an uncertain label the policies are one arm, which is trained once.
  @Test func `a table without uncertain labels has the same bytes for both policies`() throws {
    let folder = try TemporaryFolder()
    func bytes(_ cells: [String], _ policy: LabelPolicy) throws -> [UInt8] {
      try labels(cells, policy).write(to: folder.file("labels.csv"))
      return try Files.read(folder.file("labels.csv"))
    }
    #expect(try bytes(["0", "1", ""], .uZeros) == bytes(["0", "1", ""], .uOnes))
    #expect(try bytes(["0", "1", "-1"], .uZeros) != bytes(["0", "1", "-1"], .uOnes))
  }

  /// What is written is read back, masked labels as masked.
  @Test func `label tables read back`() throws {
    let folder = try TemporaryFolder()
    let table = try LabelTable(
      cohort(["-1", "1", "", "0"]), findings: ["Mass", "Edema"], uncertain: [.ignore, .ignore],
      blank: .ignore)
    #expect(table.values == [[1, 1, 1, 1], [nil, 1, nil, 0]])
    try table.write(to: folder.file("labels.csv"))
    #expect(try LabelTable(path: folder.file("labels.csv")) == table)
    #expect(
      try String(decoding: Files.read(folder.file("labels.csv")), as: UTF8.self)
        == "image,Mass,Edema\ni0,1,\ni1,1,1\ni2,1,\ni3,1,0\n")
    let bad = try folder.write("image,Edema\na,0.5\nb,x\nc,inf\n", to: "bad.csv")
    #expect(
      failure { try LabelTable(path: bad) }
        == "\(bad):3: `x` is no label\n\(bad):4: `inf` is no label")
  }

  /// Unknown findings and strange cells are told together.
  @Test func `everything wrong with labels is told at once`() throws {
    let cohort = try cohort(["0", "yes"])
    let said = failure {
      try LabelTable(
        cohort, findings: ["Edema", "Oedema", "Edema"],
        uncertain: [.uZeros, .uZeros, .uZeros], blank: .negative)
    }
    #expect(said.contains("finding `Edema` is named twice"))
    #expect(said.contains("cohort.csv:3: `yes` is no label of `Edema`"))
    #expect(said.contains("unknown finding `Oedema`"))
  }
}
