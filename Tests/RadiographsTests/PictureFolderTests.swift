import Basics
import Testing

@testable import Radiographs

@Suite struct PictureFolderTests {
  /// A Mac writes `é` as two characters, most tables as one: the file is opened by its own name.
  @Test func `a name is that on disk where Unicode takes both for equal`() throws {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    let root = try TemporaryFolder()
    try root.write("x", to: "\(decomposed).png")
    try root.write("x", to: "\(decomposed)/a.png")
    var folder = PictureFolder(root.path)
    for (asked, lies) in [
      ("\(composed).png", "\(decomposed).png"), ("\(composed).jpg", "\(decomposed).png"),
      ("\(decomposed)/a.png", "\(decomposed)/a.png"),
      ("\(composed)/a.png", "\(decomposed)/a.png"),
    ] {
      let path = folder.find(asked, in: [""])
      let found = try #require(path)
      #expect(found.utf8.elementsEqual(lies.utf8), "\(asked)")
      #expect(Files.exists(root.file(found)))
    }
    let other = try TemporaryFolder()
    try other.write("x", to: "\(decomposed)/in/a.png")
    var below = PictureFolder(other.path)
    let path = below.find("\(composed)/in/a.png", in: ["", "images"])
    let found = try #require(path)
    #expect(found.utf8.elementsEqual("\(decomposed)/in/a.png".utf8))
    let nothing = below.find("nowhere/a.png", in: [""])
    #expect(nothing == nil)
  }
}
