import Basics
import Foundation

/// Looks pictures up below a root, listing each folder once.
struct PictureFolder {
  private struct Listing {
    var names: Set<String> = []
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
      if listing(folder).names.contains(name) { return candidate }
    }
    for candidate in candidates {
      let (folder, name) = Self.split(candidate)
      if let other = listing(folder).stems[Self.stem(name)] { return Files.join(folder, other) }
    }
    return nil
  }

  private mutating func listing(_ folder: String) -> Listing {
    if let listing = listings[folder] { return listing }
    var listing = Listing()
    let path = Files.join(root, folder)
    // A folder that is not there holds nothing.
    let files = ((try? Files.entries(of: path)) ?? []).filter { !$0.isFolder }
    for name in files.map(\.name).sorted() {
      listing.names.insert(name)
      let type = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
      if Self.extensions.contains(type), listing.stems[Self.stem(name)] == nil {
        listing.stems[Self.stem(name)] = name
      }
    }
    listings[folder] = listing
    return listing
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
