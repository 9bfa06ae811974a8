import Basics
import Metrics
import Testing

@Suite struct AgeBinsTests {
  /// A bin holds its lower edge and not its upper one; the last is open or holds both.
  @Test func `ages fall into named bins`() throws {
    let bins = AgeBins.presets[0]
    let ages: [Double?] = [0, 17.9, 18, 59, 60, 80, 112, -1, .nan, nil, .infinity]
    #expect(
      ages.map { bins.name(of: $0) }
        == ["0–18", "0–18", "18–40", "40–60", "60–80", "80+", "80+", nil, nil, nil, nil])
    let closed = try AgeBins(parsing: "0-50-100")
    #expect([50, 100, 100.5].map { closed.name(of: $0) } == ["50–100", "50–100", nil])
    #expect(try AgeBins(parsing: "65+").name(of: 70) == "65+")
  }

  /// Both dashes are read, and the text can be read again.
  @Test func `bins are read and written`() throws {
    #expect(try AgeBins(parsing: "0-18-40-60-80+") == AgeBins.presets[0])
    #expect(try AgeBins(parsing: "0–20–40–60–80+") == AgeBins.presets[1])
    #expect(AgeBins.presets[1].description == "0–20–40–60–80+")
    #expect(try AgeBins(parsing: "0-2.5-5").description == "0–2.5–5")
  }

  /// Edges that make no bins are errors.
  @Test(arguments: ["", "+", "40", "0-x-40", "0-40-20", "0--40", "0-nan-40"])
  func `impossible bins are errors`(text: String) {
    #expect(throws: Diagnostic.self) { try AgeBins(parsing: text) }
  }

  /// A crossing needs all of its attributes.
  @Test func `crossings join names`() throws {
    let names = try crossed([["F", "M", nil], ["40–60", nil, "0–18"]])
    #expect(names == ["F, 40–60", nil, nil])
    #expect(throws: Diagnostic.self) { try crossed([["F"], []]) }
    #expect(try crossed([]).isEmpty)
  }

  /// Groups stand in the order of their first number, so `80+` is before `100+` and after `9–18`.
  @Test func `age groups are shown in order`() throws {
    let names = ["80+", "100+", "9–18", "unknown", "18–80"]
    let cases = try Cases(
      scores: names.map { _ in 0 }, truth: names.map { _ in true }, patient: [0, 1, 2, 3, 4])
    let shown = try fairness(cases, groups: names).byGroup.map(\.name)
    #expect(shown == ["9–18", "18–80", "80+", "100+", "unknown"])
  }
}
