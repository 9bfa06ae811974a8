import Basics
import Foundation

/// One line of the benchmark.
struct Figure: Encodable, CustomStringConvertible {
  /// How many stages or files the case has.
  var size: Int
  /// What was done.
  var what: String
  /// The best wall time of a few tries.
  var milliseconds: Double
  /// The peak of the resident memory.
  var mebibytes: Double

  var description: String {
    String(
      format: "%7d  %-32@ %9.1f ms  %6.0f MiB", size, what as NSString, milliseconds, mebibytes)
  }
}

/// A sweep of `stages` stages: run, found, planned, with one experiment changed.
func sweepFigures(_ stages: Int) throws -> [Figure] {
  let folder = try WorkFolder()
  let spec = folder.path + "/sweep.yaml"
  let runs = folder.path + "/runs"
  let experiments = max(1, (stages - 1) / 3)
  func write(changing changed: Int?, to value: Int) throws {
    let variants = (0..<experiments).map { $0 == changed ? "\(value)" : "\($0)" }
    try Files.write(
      """
      split: {seed: 7}
      train: {arch: simple, epochs: 10, batch: 32, lr: 0.0001}
      sweep:
        train.variant: [\(variants.joined(separator: ", "))]

      """, to: spec)
  }
  try write(changing: nil, to: 0)
  let size = 1 + 3 * experiments
  // Each time into an empty cache, the last of which the other cases use.
  let first = try (0..<(stages > 2000 ? 1 : 3)).map { _ in
    try? FileManager.default.removeItem(atPath: runs)
    return try Trial(["run", spec, runs])
  }
  var all = figure("every stage run, per stage", size, first)
  all.milliseconds /= Double(size)
  var figures = [
    all,
    try best("nothing changed: run", size, ["run", spec, runs]),
    try best("nothing changed: plan", size, ["plan", spec, runs]),
  ]
  let changed = try (0..<5).map { attempt in
    try write(changing: experiments / 2, to: 1_000_000 + attempt)
    return try Trial(["run", spec, runs])
  }
  figures.append(figure("one experiment changed: run", size, changed))
  return figures
}

/// A folder of `count` files: read once, and then only looked at.
func pictureFigures(_ count: Int) throws -> [Figure] {
  let folder = try WorkFolder()
  for part in 0..<max(1, count / 1000) {
    let name = String(format: "%@/data/patient%05d", folder.path, part)
    try Files.makeFolder(name)
    for index in 0..<min(1000, count - part * 1000) {
      try Files.write(
        Array("\(part) \(index)".utf8), to: "\(name)/view\(index).jpg", durable: false)
    }
  }
  let spec = folder.path + "/pictures.yaml"
  let runs = folder.path + "/runs"
  try Files.write("pictures: \(folder.path)/data\n", to: spec)
  let first = try Trial(["run", spec, runs])
  return [
    figure("pictures read once", count, [first]),
    try best("nothing changed: run", count, ["run", spec, runs]),
    try best("nothing changed: plan", count, ["plan", spec, runs]),
  ]
}

private func best(_ what: String, _ size: Int, _ arguments: [String]) throws -> Figure {
  figure(what, size, try (0..<7).map { _ in try Trial(arguments) })
}

private func figure(_ what: String, _ size: Int, _ trials: [Trial]) -> Figure {
  Figure(
    size: size, what: what, milliseconds: trials.map(\.milliseconds).min() ?? 0,
    mebibytes: trials.map(\.mebibytes).max() ?? 0)
}

/// This program, started with other arguments and waited for.
private struct Trial {
  var milliseconds: Double
  var mebibytes: Double

  init(_ arguments: [String]) throws {
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let start = ContinuousClock.now
    var process: pid_t = 0
    guard posix_spawn(&process, program, &actions, nil, words, environ) == 0 else {
      throw Files.failure("start", program)
    }
    var status: Int32 = 0
    var usage = rusage()
    wait4(process, &status, 0, &usage)
    milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    mebibytes = Double(usage.ru_maxrss) / 1024
    guard status == 0 else { throw Diagnostic("`\(arguments)` ended with status \(status)") }
  }
}

/// A folder that is gone when nobody needs it.
private final class WorkFolder {
  let path = NSTemporaryDirectory() + "sweep-benchmark-\(UUID().uuidString)"

  init() throws { try Files.makeFolder(path) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
