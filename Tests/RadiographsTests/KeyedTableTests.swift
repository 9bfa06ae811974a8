import Basics
import Testing

@testable import Radiographs

@Suite struct KeyedTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let long = TableLayout(key: "Study", finding: "finding", value: "score")

  private func messages(_ body: () throws -> Void) -> [String] {
    do {
      try body()
      return []
    } catch let error as Diagnostics {
      return error.all.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  /// A row for each finding becomes a column for each; errors keep the lines of the file.
  @Test func `a long table is made wide`() throws {
    let path = try folder.write(
      "Study,finding,score,Sex\nb,Edema,0.1,F\na,Edema,0.2,M\nb,Mass,0.3,F\n", to: "long.csv")
    let table = try KeyedTable(path: path, long)
    #expect(table.keys == ["b", "a"] && table.findings == ["Edema", "Mass"])
    #expect(table.csv.header == ["Study", "Sex", "Edema", "Mass"])
    #expect((0..<4).map { table.csv[0, $0] } == ["b", "F", "0.1", "0.3"])
    #expect((0..<4).map { table.csv[1, $0] } == ["a", "M", "0.2", ""])
    #expect(table.place(1).line == 3)
  }

  /// Each key is one case: what says two things of one is wrong, not the last of them right.
  @Test func `keys occur once and rows of a key agree`() throws {
    let twice = try folder.write("Study,Edema\na,1\nb,0\na,0\n", to: "twice.csv")
    #expect(
      messages { _ = try KeyedTable(path: twice, TableLayout(key: "Study")) }
        == ["\(twice):4: `a` occurs a second time (first in line 2)"])
    let apart = try folder.write(
      "Study,finding,score,Sex\na,Edema,0.1,F\na,Mass,0.2,M\na,Mass,0.3,F\n", to: "apart.csv")
    #expect(
      messages { _ = try KeyedTable(path: apart, long) }
        == [
          "\(apart):3: `Sex` of `a` is `M` here and `F` in line 2",
          "\(apart):4: `Mass` of `a` occurs a second time",
        ])
    let empty = try folder.write("Study,Edema\n,1\n", to: "empty.csv")
    #expect(
      messages { _ = try KeyedTable(path: empty, TableLayout(key: "Study")) }
        == ["\(empty):2: the row has no `Study`"])
  }

  /// Scores keep the digits that they were written with.
  @Test func `scores are read as they are written`() throws {
    let path = try folder.write(
      "Study,Edema,subset\na, 0.12345678901234567 ,val\nb,1.5,test\n", to: "scores.csv")
    let scores = try ScoreTable(path: path, TableLayout(key: "Study"), findings: ["Edema"])
    #expect(scores.cells == [["0.12345678901234567", "1.5"]] && scores.outside == [1])
    #expect(scores.subsets == [.valid, .test])
    let bad = try folder.write("Study,Edema,subset\na,x,test\nb,inf,dev\nc,,test\n", to: "bad.csv")
    #expect(
      messages {
        _ = try ScoreTable(path: bad, TableLayout(key: "Study"), findings: ["Edema"])
      } == [
        "\(bad):2: 3 of 3 scores of `Edema` are no numbers: the first is `x`",
        "\(bad):3: unknown subset `dev`",
      ])
  }

  /// Labels of validation may stand in a table of their own.
  @Test func `tables of labels are read one below the other`() throws {
    let test = try folder.write("Study,Patient,Edema\nb,1,1\n", to: "test.csv")
    let valid = try folder.write("Study,Patient,Sex,Edema\na,2,F,0\n", to: "valid.csv")
    let layout = TableLayout(key: "Study")
    let cases = try LabelledCases(
      [(test, layout), (valid, layout)], columns: ["patient": "Patient"], findings: ["Edema"]
    ).cohort
    #expect(cases.images == ["a", "b"] && cases.patients == ["2", "1"])
    #expect(try cases.attribute("Sex") == ["F", ""])
    #expect(try cases.labels(of: "Edema") == [.negative, .positive])
    #expect(
      messages {
        _ = try LabelledCases(
          [(test, layout), (test, layout)], columns: ["patient": "Patient"], findings: [])
      }.first?.contains("1 keys of") == true)
  }

  /// A chart can be opened by what reads pictures, and its letters are where they were written.
  @Test func `a drawn picture is a PNG file`() throws {
    var picture = ColourPicture(width: 30, height: 9)
    picture.fill(x: -5, y: 0, width: 10, height: 99, .init(255, 0, 0))
    picture.write("1a", x: 10, y: 1, scale: 1, .init(0, 0, 0))
    let bytes = try picture.png()
    try bytes.withUnsafeBytes { bytes in
      let decoded = try Picture(decoding: bytes)
      #expect(decoded.width == 30 && decoded.height == 9)
      let rows = (0..<9).map { row in decoded.pixels[row * 30..<row * 30 + 30].map { $0 } }
      #expect(rows[8][0] == 76 && rows[8][4] == 76 && rows[8][5] == 255)
      #expect(rows[1][10..<22].map { $0 == 0 ? "#" : "." }.joined() == "..#....###..")
      #expect(rows[7][10..<22].map { $0 == 0 ? "#" : "." }.joined() == ".###..#...#.")
    }
  }
}
