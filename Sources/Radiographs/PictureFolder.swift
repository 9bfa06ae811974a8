import Basics
import Foundation

/// Looks pictures up below a root, listing each folder once.
struct PictureFolder {
  /// What lies in a folder, by names that Unicode takes for equal: what a Mac wrote has other bytes
  /// for `é` than most tables.
  private struct Listing {
    /// The folder below the root, as it is named on disk.
    var path: String
    var files: [String: String] = [:]
    var folders: [String: String] = [:]
    /// The picture for each stem; the first in order where several share it.
    var stems: [String: String] = [:]
  }

  /// What a file must end in to stand in for a picture of another extension.
  static let extensions: Set<String> = [
    "png", "jpg", "jpeg", "tif", "tiff", "dcm", "dicom", "bmp",
  ]

  private let root: String
  private var listings: [String: Listing] = [:]

  init(_ root: String) { self.root = root }

  /// The path below the root of the picture listed as `path`, searched in `folders`; a file of the
  /// same stem and another extension is taken where the name itself is nowhere.
  mutating func find(_ path: String, in folders: [String]) -> String? {
    guard !path.isEmpty else { return nil }
    let candidates = folders.map { Files.join($0, path) }
    for candidate in candidates {
      let (folder, name) = Self.split(candidate)
      let listing = listing(folder)
      guard let known = listing.files[name] else { continue }
      let asked = Files.join(listing.path, name)
      let isSame = known.utf8.elementsEqual(name.utf8)
      return isSame || Files.exists(Files.join(root, asked))
        ? asked : Files.join(listing.path, known)
    }
    for candidate in candidates {
      let (folder, name) = Self.split(candidate)
      let listing = listing(folder)
      if let other = listing.stems[Self.stem(name)] { return Files.join(listing.path, other) }
    }
    return nil
  }

  private mutating func listing(_ folder: String) -> Listing {
    if let listing = listings[folder] { return listing }
    var listing = Listing(path: folder)
    var entries = try? Files.entries(of: Files.join(root, folder))
    if entries == nil, let other = nameOnDisk(of: folder) {
      listing.path = other
      entries = try? Files.entries(of: Files.join(root, other))
    }
    // A folder that is not there holds nothing.
    for (name, isFolder) in (entries ?? []).sorted(by: { $0.name < $1.name }) {
      if isFolder {
        listing.folders[name] = name
        continue
      }
      listing.files[name] = name
      let type = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
      if Self.extensions.contains(type), listing.stems[Self.stem(name)] == nil {
        listing.stems[Self.stem(name)] = name
      }
    }
    listings[folder] = listing
    return listing
  }

  /// The path on disk of a folder that is not there under the bytes of its name.
  private mutating func nameOnDisk(of folder: String) -> String? {
    guard !folder.isEmpty, !folder.hasPrefix("/") else { return nil }
    let (parent, name) = Self.split(folder)
    let above = listing(parent)
    return above.folders[name].map { Files.join(above.path, $0) }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
