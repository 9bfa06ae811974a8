import Basics

/// The folders of classes below a root, and the pictures that lie in none.
///
/// Where a folder at the top names a subset (`train`, `Training`, `val`, `validation`, `test` and so
/// on), the classes are the folders in such folders; else they are those at the top. Names that begin
/// with a dot, and `__MACOSX`, are what programs leave behind.
struct ClassFolders {
  /// A folder whose pictures are of one class; `path` is below the root.
  struct Folder {
    var subset: Subset?
    var name, path: String
    var pictures: [String]
  }

  /// The folders of classes, in order; a folder can be empty.
  private(set) var classes: [Folder] = []
  /// How many pictures lie elsewhere, by the folder below the root.
  private var strays: [(folder: String, pictures: Int)] = []

  /// Looks through the folder `root`.
  init(_ root: String) throws(Diagnostics) {
    let top = try Self.entries(root)
    note(top.pictures.count, in: "")
    let subsets = top.folders.filter { Self.subset(named: $0) != nil }
    for folder in top.folders {
      if subsets.isEmpty {
        try add(folder, folder, nil, root)
      } else if let subset = Self.subset(named: folder) {
        let inside = try Self.entries(Files.join(root, folder))
        note(inside.pictures.count, in: folder)
        for name in inside.folders { try add(name, "\(folder)/\(name)", subset, root) }
      } else {
        note(try Self.pictures(below: Files.join(root, folder)), in: folder)
      }
    }
  }

  /// The classes that have a picture.
  var findings: [String] { Set(classes.filter { !$0.pictures.isEmpty }.map(\.name)).sorted() }

  /// Whether the folders at the top name subsets.
  var hasSubsets: Bool { classes.contains { $0.subset != nil } }

  /// What is left out, and what is empty.
  var remarks: [String] {
    var remarks: [String] = []
    let count = strays.reduce(0) { $0 + $1.pictures }
    if count > 0 {
      let places = strays.prefix(10).map { "\($0.pictures) in `\($0.folder)`" }
      remarks.append(
        "\(counted(count, "picture", "is", "are")) in no folder of a class and left out: "
          + places.joined(separator: ", ") + (strays.count > 10 ? ", …" : ""))
    }
    let empty = classes.filter(\.pictures.isEmpty).map(\.path)
    if !empty.isEmpty {
      remarks.append(
        "\(counted(empty.count, "folder", "holds", "hold")) no picture: \(empty.quotedFew())")
    }
    return remarks
  }

  private mutating func add(
    _ name: String, _ path: String, _ subset: Subset?, _ root: String
  ) throws(Diagnostics) {
    let inside = try Self.entries(Files.join(root, path))
    classes.append(Folder(subset: subset, name: name, path: path, pictures: inside.pictures))
    for folder in inside.folders {
      note(try Self.pictures(below: Files.join(root, "\(path)/\(folder)")), in: "\(path)/\(folder)")
    }
  }

  private mutating func note(_ pictures: Int, in folder: String) {
    if pictures > 0 { strays.append((folder.isEmpty ? "." : folder, pictures)) }
  }

  private static func subset(named folder: String) -> Subset? {
    switch folder.lowercased() {
    case "training": .train
    case "testing": .test
    default: Subset(foreign: folder)
    }
  }

  private static func entries(
    _ folder: String
  ) throws(Diagnostics) -> (folders: [String], pictures: [String]) {
    let entries = try several { () throws(Diagnostic) in try Files.entries(of: folder) }
      .filter { !$0.name.hasPrefix(".") && $0.name != "__MACOSX" }
    return (
      entries.filter(\.isFolder).map(\.name).sorted(),
      entries.filter { !$0.isFolder && CohortSource.isPicture($0.name) }.map(\.name).sorted()
    )
  }

  /// How many pictures lie in `folder` and below; a link may lead back to where it lies.
  private static func pictures(
    below folder: String, depth: Int = 0
  ) throws(Diagnostics) -> Int {
    let inside = try entries(folder)
    var count = inside.pictures.count
    for name in inside.folders where depth < 8 {
      count += try pictures(below: Files.join(folder, name), depth: depth + 1)
    }
    return count
  }
}
