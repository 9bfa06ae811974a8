import Basics
import Testing

@testable import Radiographs

@Suite struct SpreadsheetTests {
  private let path = golden + "/chexpert_demo.xlsx"

  /// Shared and rich texts, entities, numbers, gaps in a row and rows that are empty.
  @Test func `a spreadsheet is a table`() throws {
    let csv = try CSV(path: path)
    #expect(csv.header == ["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"])
    #expect(csv.cells("PATIENT") == ["patient00001", "patient00002", "patient00003", ""])
    #expect(csv.cells("AGE_AT_CXR") == ["68", "0", "20", ""])
    #expect(
      csv.cells("PRIMARY_RACE") == ["White, non-Hispanic", "Black & <Tan>", "Asian", "Other"])
    #expect(csv.cells("ETHNICITY") == ["Non-Hispanic/Non-Latino", "", "Unknown", ""])
    #expect((0..<4).map(csv.line) == [2, 3, 4, 6])
    #expect(try CSV(headerOf: path).header == csv.header)
  }

  /// The sheet that has the columns is taken, whatever stands before it; rows above the header count as
  /// lines.
  @Test func `the sheet with the columns is found`() throws {
    let folder = try TemporaryFolder()
    func sheet(_ rows: [(Int, [String])]) -> String {
      "<worksheet><sheetData>"
        + rows.map { number, cells in
          "<row r=\"\(number)\">"
            + cells.map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined() + "</row>"
        }.joined() + "</sheetData></worksheet>"
    }
    let path = folder.file("notes.xlsx")
    let (notes, data) = (
      sheet([(1, ["Who asked for it"]), (2, ["nobody"])]),
      sheet([(1, [""]), (2, ["Patients"]), (3, ["PATIENT", "RACE"]), (5, ["p1", "White"])])
    )
    let (names, targets) = (
      "<workbook><sheets><sheet name=\"N\" sheetId=\"1\" r:id=\"a\"/>"
        + "<sheet name=\"D\" sheetId=\"2\" r:id=\"b\"/></sheets></workbook>",
      "<Relationships><Relationship Id=\"a\" Target=\"worksheets/sheet2.xml\"/>"
        + "<Relationship Id=\"b\" Target=\"/xl/worksheets/sheet1.xml\"/></Relationships>"
    )
    try Files.write(
      StoredZip.bytes([
        ("xl/worksheets/sheet1.xml", data), ("xl/worksheets/sheet2.xml", notes),
        ("xl/workbook.xml", names), ("xl/_rels/workbook.xml.rels", targets),
      ]), to: path)
    let csv = try CSV(path: path, with: ["PATIENT", "RACE"])
    #expect(csv.cells("PATIENT") == ["p1"] && csv.line(0) == 5)
    #expect(try CSV(headerOf: path, with: ["RACE"]).header == ["PATIENT", "RACE"])
    // Without columns, or where no sheet has them, it is the first of the workbook.
    for columns in [[], ["AGE"]] {
      #expect(try CSV(path: path, with: columns).header == ["Who asked for it"])
    }
  }

  /// A file cut anywhere and any damage give a table or an error, and do no harm.
  @Test func `a damaged spreadsheet does no harm`() throws {
    let bytes = try Files.read(path)
    let folder = try TemporaryFolder()
    for count in stride(from: 4, to: bytes.count - 1, by: 97) {
      try Files.write(bytes[..<count], to: folder.file("cut.xlsx"))
      #expect(!failure { try CSV(path: folder.file("cut.xlsx")) }.isEmpty)
    }
    var stream = RandomStream("test", seed: 1)
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<1 + stream.below(4) {
        damaged[stream.below(bytes.count)] = UInt8(stream.below(256))
      }
      try Files.write(damaged, to: folder.file("damaged.xlsx"))
      _ = failure { try CSV(path: folder.file("damaged.xlsx")) }
    }
  }
}

/// A zip archive whose files are stored as they are.
private enum StoredZip {
  static func bytes(_ files: [(name: String, text: String)]) -> [UInt8] {
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, text) in files {
      let sizes = number(text.utf8.count, 4) + number(text.utf8.count, 4)
      let head = number(20, 2) + number(0, 12) + sizes + number(name.utf8.count, 2) + number(0, 2)
      directory += number(0x0201_4b50, 4) + number(20, 2) + head + number(0, 10)
      directory += number(bytes.count, 4) + name.utf8
      bytes += number(0x0403_4b50, 4) + head + name.utf8 + text.utf8
    }
    let count = number(files.count, 2)
    return bytes + directory + number(0x0605_4b50, 4) + number(0, 4) + count + count
      + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
  }

  private static func number(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}
