import Basics
import Foundation

/// The names of the files below a folder, without their contents.
enum FileListing {
  /// The digest of the sorted relative paths of all files below `root`; hidden files and folders
  /// do not count, nor does the folder of a cache.
  static func digest(_ root: String) throws(Diagnostic) -> Digest {
    var paths: [String] = []
    try collect(root, prefix: "", into: &paths)
    var hash = SHA256()
    for path in paths.sorted() { hash.update(Array("\(path)\n".utf8)) }
    return hash.finish()
  }

  private static func collect(
    _ folder: String, prefix: String, into paths: inout [String]
  ) throws(Diagnostic) {
    // A cache that was put among the data changes with every run and is no data.
    if !prefix.isEmpty, Files.exists(Files.join(folder, "cache.sqlite")) { return }
    guard let stream = opendir(folder) else { throw Files.failure("read", folder) }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      let path = prefix + name
      var isFolder = Int32(entry.pointee.d_type) == Int32(DT_DIR)
      if Int32(entry.pointee.d_type) == Int32(DT_LNK) || entry.pointee.d_type == 0 {
        var status = stat()
        isFolder =
          stat(Files.join(folder, name), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      if isFolder {
        try collect(Files.join(folder, name), prefix: path + "/", into: &paths)
      } else {
        paths.append(path)
      }
    }
  }
}
