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
  /// What the server calls this version of the file, as `If-Range` wants it.
  private var version: String { file + ".version" }
  private var address: String { folder.address(of: name) }

  /// Downloads what is missing; returns what was done, in words.
  func run() throws -> String {
    let lockFile = file + ".lock"
    let lock = try FileLock(path: lockFile)
    defer {
      unlink(headers)
      unlink(lockFile)
      lock.release()
    }
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
    if let header = try? CheckpointHeader(path: part), header.surplus < 0 {
      throw Diagnostic(
        "\(address) broke off, \(-header.surplus) bytes before its end", hint: again)
    }
    if let problem = problem(of: part) {
      discard()
      throw Diagnostic("what \(address) gives is not it: \(problem)", hint: placing)
    }
    let digest = try Files.digest(of: part)
    if let expected = linkedDigest, expected != digest {
      discard()
      throw Diagnostic(
        "the digest of the download is \(digest.hex), and the server says \(expected.hex)",
        hint: "try again")
    }
    try note(digest)
    guard rename(part, file) == 0 else { throw Files.failure("write", file) }
    unlink(version)
    return "`\(file)`, SHA-256 \(digest.hex)"
  }

  private var placing: String { "offline, put \(address) at `\(file)`" }
  private var again: String { "run it again to continue; \(placing)" }

  private func discard() { for path in [part, headers, version] { unlink(path) } }

  private func note(_ digest: Digest) throws {
    let own = file.split(separator: "/").last.map(String.init) ?? file
    try Files.write("\(digest.hex)  \(own)\n", to: folder.record(of: name))
  }

  /// Why the file at `path` is not the weights; `nil` where it is.
  private func problem(of path: String) -> String? {
    guard let header = try? CheckpointHeader(path: path) else {
      return "`\(path)` is no safetensors file"
    }
    if header.surplus < 0 { return "`\(path)` is cut short" }
    if header.surplus > 0 { return "`\(path)` has \(header.surplus) bytes behind its end" }
    if header.shapes[row.firstTensor] == nil {
      return "`\(path)` has no tensor `\(row.firstTensor)`, as `\(row.name)` has"
    }
    return nil
  }

  private func download() throws {
    // Without a version two halves could be of two files.
    let known = (try? Files.read(version)).map { String(decoding: $0, as: UTF8.self) }
    let isContinued = Files.exists(part) && known != nil
    if !isContinued { discard() }
    var code = try curl(from: isContinued ? known : nil)
    // Another file than the one that was broken off, or a server that cannot continue one.
    let isOther = code == 0 && served ?? known != known
    if isContinued, [33, 36].contains(code) || status == 416 || isOther {
      discard()
      code = try curl(from: nil)
    }
    switch code {
    case 0: break
    case 22:
      throw Diagnostic(
        "the server answers \(status) to \(address)",
        hint: status == 404 || status == 410
          ? "`CXR_WEIGHTS_URL` names another mirror; \(placing)" : "try again later; \(placing)")
    case 127: throw Diagnostic("there is no program `curl`", hint: placing)
    default:
      throw Diagnostic(
        "\(address) could not be downloaded (curl ended with \(code))",
        hint: Files.exists(part) ? again : placing)
    }
  }

  /// Runs curl, to continue `known` or from the beginning, and notes which version the server has.
  private func curl(from known: String?) throws -> Int32 {
    var words = ["curl", "--fail", "--location", "--retry", "3", "--connect-timeout", "30"]
    words += Terminal.isInteractive ? ["--progress-bar"] : ["--silent", "--show-error"]
    if address.hasPrefix("https:") { words += ["--proto", "=https"] }
    if let known { words += ["--continue-at", "-", "--header", "If-Range: \(known)"] }
    words += ["--dump-header", headers, "--output", part, "--url", address]
    unlink(headers)
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
    if known == nil, let served { try Files.write(served, to: version) }
    return process.terminationStatus
  }

  /// What the server calls the file: a strong tag, or when it changed last. A weak tag does not say
  /// that the bytes are the same.
  private var served: String? {
    if let tag = value("etag", lastAnswer), tag.hasPrefix("\"") { return tag }
    return value("last-modified", lastAnswer)
  }

  /// The code of the last answer, 0 without one.
  private var status: Int {
    let words = lastAnswer.first?.split(separator: " ") ?? []
    return words.count > 1 ? Int(words[1]) ?? 0 : 0
  }

  /// The digest that the server, or one that led to it, says that the file has.
  private var linkedDigest: Digest? {
    value("x-linked-etag", answers).flatMap {
      Digest(hex: $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
    }
  }

  /// The first lines and the headers of all answers on the way.
  private var answers: [Substring] {
    guard let bytes = try? Files.read(headers) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  private var lastAnswer: ArraySlice<Substring> {
    let lines = answers
    return lines[(lines.lastIndex { $0.hasPrefix("HTTP/") } ?? 0)...]
  }

  /// The last of the headers called `name`, in lower case, among `lines`.
  private func value(_ name: String, _ lines: some BidirectionalCollection<Substring>) -> String? {
    lines.last { $0.lowercased().hasPrefix(name + ":") }.map {
      $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
  }
}
