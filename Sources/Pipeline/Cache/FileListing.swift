import Basics

/// The names of the files below a folder, without their contents.
public enum FileListing {
  /// The digest of the sorted relative paths of all files below `root`; hidden files and folders
  /// do not count, nor does the folder of a cache.
  static func digest(_ root: String) throws(Diagnostic) -> Digest {
    var hash = SHA256()
    for path in try paths(below: root) { hash.update(Array("\(path)\n".utf8)) }
    return hash.finish()
  }

  /// The sorted relative paths themselves.
  public static func paths(below root: String) throws(Diagnostic) -> [String] {
    var paths: [String] = []
    var open: Set<FolderIdentity> = []
    try collect(root, prefix: "", inside: &open, into: &paths)
    return paths.sorted()
  }

  private struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private static func collect(
    _ folder: String, prefix: String, inside open: inout Set<FolderIdentity>,
    into paths: inout [String]
  ) throws(Diagnostic) {
    // A cache that was put among the data changes with every run and is no data.
    if !prefix.isEmpty, Files.exists(Files.join(folder, "cache.sqlite")) { return }
    // A link to a folder around it would go on for ever.
    guard let signature = FileSignature(path: folder) else { throw Files.failure("read", folder) }
    let identity = FolderIdentity(device: signature.device, inode: signature.inode)
    guard open.insert(identity).inserted else { return }
    for (name, isFolder) in try Files.entries(of: folder) where !name.hasPrefix(".") {
      let path = prefix + name
      if isFolder {
        try collect(Files.join(folder, name), prefix: path + "/", inside: &open, into: &paths)
      } else {
        paths.append(path)
      }
    }
  }
}
