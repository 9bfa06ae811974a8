import Basics
import Foundation

/// The folders of a sweep that people open: links into the store under readable names.
public enum Links {
  /// Makes `runs/<sweep>/<experiment>/<file>` a relative link to an object, for each experiment.
  ///
  /// A link is replaced at once, and links that lead into the store and are not named any more are
  /// removed; other files, and the folders in `kept`, are left alone.
  public static func write(
    store: Store, sweep: String,
    experiments: [(folder: String, files: [(name: String, object: Digest)])],
    kept: Set<String> = []
  ) throws(Diagnostic) {
    let root = Files.join(store.root, sweep)
    for experiment in experiments {
      let folder = Files.join(root, experiment.folder)
      try Files.makeFolder(folder)
      let names = Set(experiment.files.map(\.name))
      try removeLinks(in: folder) { !names.contains($0) }
      // From `runs/<sweep>/<experiment>` up to `runs`.
      let depth = "\(sweep)/\(experiment.folder)".split(separator: "/").count
      let up = String(repeating: "../", count: depth)
      for file in experiment.files {
        let hex = file.object.hex
        let target = "\(up)objects/\(hex.prefix(2))/\(hex)"
        let path = Files.join(folder, file.name)
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == target { continue }
        let temporary = Files.temporaryPath(beside: path)
        guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
          throw Files.failure("write", path)
        }
      }
    }
    // Experiments that the sweep no longer has lose their links, and their folders where nothing
    // else is in them.
    let kept = kept.union(experiments.map(\.folder))
    for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    where !kept.contains(name) {
      let folder = Files.join(root, name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
        isFolder.boolValue
      else { continue }
      try removeLinks(in: folder) { _ in true }
      rmdir(folder)
    }
  }

  /// Removes the links of all sweeps that lead to objects which are gone.
  static func removeBroken(in store: Store) {
    let names = { (folder: String) in
      (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
    for sweep in names(store.root) where !Store.reservedNames.contains(sweep) {
      for experiment in names(Files.join(store.root, sweep)) {
        let folder = Files.join(store.root, "\(sweep)/\(experiment)")
        try? removeLinks(in: folder) { !Files.exists(Files.join(folder, $0)) }
      }
    }
  }

  private static func removeLinks(
    in folder: String, where isStale: (String) -> Bool
  ) throws(Diagnostic) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where isStale(name) {
      let path = Files.join(folder, name)
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
        target.hasPrefix("../"), target.contains("/objects/")
      else { continue }
      guard unlink(path) == 0 else { throw Files.failure("remove", path) }
    }
  }
}
