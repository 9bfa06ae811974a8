import Foundation

/// How many processes the kernel has killed for memory, counted from a moment on.
///
/// The count is that of the control group in which this process and its workers live, where it can
/// be read (`memory.events` of version 2, `memory.oom_control` of version 1), else of the machine.
struct MemoryKills {
  private let path: String?
  private let before: Int

  /// Counts from now on; `path` names the file, `nil` finds it.
  init(_ path: String? = nil) {
    self.path = path ?? Self.file
    before = self.path.flatMap(Self.count) ?? 0
  }

  /// Whether there was one since.
  var haveRisen: Bool { path.flatMap(Self.count).map { $0 > before } ?? false }

  private static let file: String? = {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    var paths: [String] = []
    for line in groups.split(separator: "\n") {
      let words = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard words.count == 3 else { continue }
      let group = words[2] == "/" ? "" : words[2]
      if words[1].isEmpty {
        paths.append("/sys/fs/cgroup\(group)/memory.events")
      } else if words[1].split(separator: ",").contains("memory") {
        paths.append("/sys/fs/cgroup/memory\(group)/memory.oom_control")
      }
    }
    // Inside a container the group is mounted at the top.
    paths += ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"]
    return (paths + ["/proc/vmstat"]).first { count($0) != nil }
  }()

  private static func count(_ path: String) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "oom_kill" { return Int(words[1]) }
    }
    return nil
  }
}
