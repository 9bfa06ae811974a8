import Basics

/// The names of the files below a folder, without their contents.
public struct FileListing {
  /// The sorted relative paths of all files below the root; hidden files and folders do not count,
  /// nor does the folder of a cache.
  public private(set) var paths: [String] = []
  /// The folders that were looked into, by absolute path.
  private(set) var folders: [String] = []
  private var open: Set<FolderIdentity> = []

  /// Lists the files below `root`.
  public init(_ root: String) throws(Diagnostic) {
    try collect(root, prefix: "")
    paths.sort()
  }

  /// The digest of the paths.
  var digest: Digest {
    var hash = SHA256()
    for path in paths { hash.update(Array("\(path)\n".utf8)) }
    return hash.finish()
  }

  private struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private mutating func collect(_ folder: String, prefix: String) throws(Diagnostic) {
    let entries = try Files.entries(of: folder)
    // A cache that was put among the data changes with every run and is no data; the folder is
    // remembered all the same, for it may cease to be one.
    folders.append(folder)
    if !prefix.isEmpty, entries.contains(where: { $0.0 == "cache.sqlite" }) { return }
    // A link to a folder around it would go on for ever.
    guard let signature = FileSignature(path: folder) else { throw Files.failure("read", folder) }
    let identity = FolderIdentity(device: signature.device, inode: signature.inode)
    guard open.insert(identity).inserted else { return }
    for (name, isFolder) in entries where !name.hasPrefix(".") {
      let path = prefix + name
      if isFolder {
        try collect(Files.join(folder, name), prefix: path + "/")
      } else {
        paths.append(path)
      }
    }
  }
}
