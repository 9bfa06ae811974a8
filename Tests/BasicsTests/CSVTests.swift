import Basics
import Testing

@Suite struct CSVTests {
  /// Cells keep commas, quotes and line breaks; CRLF, a byte-order mark and Latin-1 are understood.
  @Test func `tables as strangers write them are read`() throws {
    let text = "\u{feff}a,b\r\n\"x,\"\"y\"\"\",2\r\n\r\n\"two\nlines\",é"
    var bytes = Array(text.utf8)
    bytes += Array("\nm".utf8) + [0xfc, UInt8(ascii: ","), UInt8(ascii: "z")]
    let table = try CSV(bytes, file: "t.csv")
    #expect(table.header == ["a", "b"])
    #expect(table.rowCount == 3)
    #expect(table[0, 0] == "x,\"y\"")
    #expect(table[1, 0] == "two\nlines")
    #expect(table[1, 1] == "é")
    #expect(table[2, 0] == "mü")
    #expect(table.line(0) == 2)
    #expect(table.line(1) == 4)
    #expect(table.line(2) == 6)
  }

  /// A row that cannot be understood is an error with file and line.
  @Test(arguments: [
    ("a,b\n1,2\n3\n", "t.csv:3: the row has 1 cell where the header has 2"),
    (
      "a,b\n1\n1,2\n1,2,3\n4\n",
      "t.csv:2: the row has 1 cell where the header has 2, and 2 other rows are uneven: lines 4, 5"
    ),
    ("a,b\n\"1,2\n", "t.csv:2: a quote is opened and never closed"),
    ("a,a\n1,2\n", "t.csv:1: column `a` occurs twice"),
    ("a,b\n\"1\"x,2\n", "t.csv:2: text follows a closing quote"),
    ("", "`t.csv` is empty"),
    ("a,b\n1\0,2\n", "t.csv:2: the file is not UTF-8 text"),
  ])
  func `what is wrong with a table is said with its line`(text: String, message: String) {
    #expect {
      try CSV(Array(text.utf8), file: "t.csv")
    } throws: {
      "\($0)" == message
    }
  }

  /// What is written is read back cell for cell.
  @Test func `written tables read back`() throws {
    let rows = [["plain", "with,comma"], ["\"", "line\nbreak"], ["", "ü"]]
    var writer = CSVWriter(header: ["a", "b"])
    for row in rows { writer.append(row) }
    let table = try CSV(writer.bytes, file: "t.csv")
    #expect((0..<table.rowCount).map { [table[$0, 0], table[$0, 1]] } == rows)
  }
}
