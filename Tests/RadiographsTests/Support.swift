import Basics
import Foundation
import Testing

@testable import Radiographs

/// A folder that is gone when the test ends.
final class TemporaryFolder: Sendable {
  let path = NSTemporaryDirectory() + "radiographs-\(UUID().uuidString)"

  init() throws { try Files.makeFolder(path) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { Files.join(path, name) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Files.makeFolder(Files.parent(of: file(name)))
    try Files.write(text, to: file(name))
    return file(name)
  }
}

/// Real radiographs beside the repository; tests that need them are skipped where there are none.
enum SharedData {
  static let root: String = {
    if let path = ProcessInfo.processInfo.environment["CXR_SHARED_DATA"] { return path }
    let repository = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return repository.deletingLastPathComponent().path + "/shared/data"
  }()

  static let skipped: Comment = "skipped: no radiographs lie in ../shared/data"

  static var exists: Bool { Files.exists(root + "/README.md") }

  static func path(_ name: String) -> String { root + "/" + name }
}

/// The folder of the golden numbers.
let golden = URL(filePath: #filePath).deletingLastPathComponent().path + "/Golden"

/// What an attempt failed with, one line each; "" when it did not fail.
func failure<Value>(_ body: () throws -> Value) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return "\(error)"
  }
}

/// A cohort of `counts[i]` pictures of patient i, with one finding.
func smallCohort(
  patients: Int, picturesEach: Int = 1, order: [Int]? = nil, label: (Int) -> String
) throws -> Cohort {
  var rows = (0..<patients * picturesEach).map { $0 }
  if let order { rows = order }
  return try Cohort(
    images: rows.map { "image\(1000 + $0)" }, paths: rows.map { "images/\($0).png" },
    patients: rows.map { "patient\($0 / picturesEach)" },
    columns: [Cohort.Column("Edema", .finding, rows.map { label($0 / picturesEach) })])
}
