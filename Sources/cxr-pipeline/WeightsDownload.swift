import Basics
import Catalogue
import Experiments
import Foundation
import Pipeline

/// Brings one file of weights to this machine, with curl, and notes its digest.
struct WeightsDownload {
  let name: String
  let row: Architecture
  let folder: WeightsFolder

  private var file: String { folder.file(of: name) }
  private var part: String { file + ".part" }
  private var headers: String { file + ".headers" }
  private var entityTag: String { file + ".etag" }

  /// Downloads what is missing; returns what was done, in words.
  func run() throws -> String {
    let lock = try FileLock(path: file + ".lock")
    defer { lock.release() }
    let record = folder.record(of: name)
    if Files.exists(file) {
      if Files.exists(record) {
        try WeightsFolder.verify(file, record: record)
        return "`\(file)` is there and as it was"
      }
      if let problem = problem(of: file) { throw Diagnostic(problem) }
      try note(try Files.digest(of: file))
      return "`\(file)` is there; its digest is noted"
    }
    if !Files.exists(part) || problem(of: part) != nil { try download() }
    if let problem = problem(of: part) {
      discard()
      throw Diagnostic(
        "what \(folder.address(of: name)) gives is not it: \(problem)", hint: placing)
    }
    let digest = try Files.digest(of: part)
    if let expected = header("x-linked-etag").flatMap({ Digest(hex: $0) }), expected != digest {
      discard()
      throw Diagnostic(
        "the digest of the download is \(digest.hex), and the server says \(expected.hex)",
        hint: "try again")
    }
    try note(digest)
    guard rename(part, file) == 0 else { throw Files.failure("write", file) }
    unlink(headers)
    unlink(entityTag)
    return "`\(file)`, SHA-256 \(digest.hex)"
  }

  private var placing: String { "offline, put \(folder.address(of: name)) at `\(file)`" }

  private func discard() { for path in [part, headers, entityTag] { unlink(path) } }

  private func note(_ digest: Digest) throws {
    let own = file.split(separator: "/").last.map(String.init) ?? file
    try Files.write("\(digest.hex)  \(own)\n", to: folder.record(of: name))
  }

  /// Why the file at `path` is not the weights; `nil` where it is.
  private func problem(of path: String) -> String? {
    guard let header = try? CheckpointHeader(path: path) else {
      return "`\(path)` is no safetensors file"
    }
    if !header.isWhole { return "`\(path)` is cut short" }
    if header.shapes[row.firstTensor] == nil {
      return "`\(path)` has no tensor `\(row.firstTensor)`, as `\(row.name)` has"
    }
    return nil
  }

  private func download() throws {
    let isContinued = Files.exists(part)
    var code = try curl(isContinued: isContinued)
    // Another file than the one that was broken off, or a server that cannot continue one.
    if isContinued, [22, 33, 36].contains(code) {
      discard()
      code = try curl(isContinued: false)
    }
    switch code {
    case 0: break
    case 127: throw Diagnostic("there is no program `curl`", hint: placing)
    default:
      throw Diagnostic(
        "\(folder.address(of: name)) could not be downloaded (curl ended with \(code))",
        hint: Files.exists(part) ? "run it again to continue; \(placing)" : placing)
    }
  }

  private func curl(isContinued: Bool) throws -> Int32 {
    let address = folder.address(of: name)
    var words = ["curl", "--fail", "--location", "--retry", "3", "--connect-timeout", "30"]
    words += Terminal.isInteractive ? ["--progress-bar"] : ["--silent", "--show-error"]
    if address.hasPrefix("https:") { words += ["--proto", "=https"] }
    if isContinued {
      words += ["--continue-at", "-"]
      if let tag = try? Files.read(entityTag) {
        words += ["--header", "If-Range: \(String(decoding: tag, as: UTF8.self))"]
      }
    }
    words += ["--dump-header", headers, "--output", part, "--url", address]
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      return 127
    }
    process.waitUntilExit()
    // A weak tag does not say that the bytes are the same.
    if let tag = header("etag", isQuoted: true), tag.hasPrefix("\"") {
      try Files.write(tag, to: entityTag)
    }
    return process.terminationStatus
  }

  /// The last of the headers called `name`, in lower case, of all answers on the way.
  private func header(_ name: String, isQuoted: Bool = false) -> String? {
    guard let bytes = try? Files.read(headers) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).filter {
      $0.lowercased().hasPrefix(name + ":")
    }
    guard let value = lines.last?.dropFirst(name.count + 1) else { return nil }
    let trimmed = value.trimmingCharacters(in: .whitespaces)
    return isQuoted ? trimmed : trimmed.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
  }
}
