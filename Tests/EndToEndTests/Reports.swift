import Foundation
import Testing

/// An error as a program writes it for people.
struct Report: Equatable {
  var message: String
  /// The file, the line and, where there is one, the column of the arrow.
  var place: String?
  /// What the carets stand under.
  var marked: String?
  var hint: String?
}

extension Program.Ended {
  /// The errors that were written with a place, a line and carets.
  var reports: [Report] {
    var reports: [Report] = []
    var source = ""
    for line in errors.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("error: ") {
        reports.append(Report(message: String(line.dropFirst(7))))
      } else if reports.isEmpty {
        continue
      } else if line.hasPrefix("hint: ") {
        reports[reports.count - 1].hint = String(line.dropFirst(6))
      } else if let arrow = line.firstMatch(of: /^ +--> (.+)$/) {
        reports[reports.count - 1].place = String(arrow.1)
      } else if let text = line.firstMatch(of: /^\d+ \| (.*)$/) {
        source = String(text.1)
      } else if let carets = line.firstMatch(of: /^ +\| ( *)(\^+)$/) {
        reports[reports.count - 1].marked = String(
          source.dropFirst(carets.1.count).prefix(carets.2.count))
      }
    }
    return reports
  }
}

extension World {
  /// What `validate` says of a spec with one slip; nothing else comes out.
  func slip(_ spec: String) throws -> Report {
    let name = "\(UUID().uuidString).yaml"
    try write(spec, to: name)
    let ended = try cxr("validate", name)
    #expect(ended.code == 64 && ended.output == "")
    #expect(ended.reports.count == 1, "\(ended.errors)")
    return try #require(ended.reports.first, "\(ended.errors)")
  }
}
