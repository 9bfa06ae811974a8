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
