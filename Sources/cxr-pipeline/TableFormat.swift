import ArgumentParser
import Reports

/// How a table of arms is written to standard output.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, md, latex

  /// Writes `table`; what stands beside its rows goes to standard error where the format has no place
  /// for it.
  func put(_ table: RunTable) throws {
    switch self {
    case .table: Terminal.put(try table.text())
    case .md: Terminal.put(try table.text(.markdown))
    case .latex: Terminal.put(try table.text(.latex))
    case .json: Terminal.put(try table.json())
    case .csv:
      Terminal.put(String(decoding: table.csv(), as: UTF8.self))
      for note in try table.notes() { Terminal.say(note) }
    }
  }
}
