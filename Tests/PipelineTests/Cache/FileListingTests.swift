import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct FileListingTests {
  /// A folder enters by the names below it: a new or missing file changes its digest, the content
  /// of a file, its times and the order of the directory do not.
  @Test func `a listing is the names of files and nothing else`() throws {
    let root = NSTemporaryDirectory() + "listing-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Files.makeFolder(root + "/a/deep")
    for name in ["b.png", "a/c.png", "a/deep/d.png"] { try Files.write("x", to: "\(root)/\(name)") }
    let before = try FileListing(root).digest
    try Files.write("other", to: root + "/b.png")
    try Files.write("hidden", to: root + "/.cache")
    #expect(try FileListing(root).digest == before)
    try Files.write("x", to: root + "/a/new.png")
    let after = try FileListing(root).digest
    #expect(after != before)
    unlink(root + "/a/new.png")
    #expect(try FileListing(root).digest == before)
    #expect(throws: Diagnostic.self) { try FileListing(root + "/none") }
  }
}
