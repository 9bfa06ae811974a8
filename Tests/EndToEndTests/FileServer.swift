import Foundation
import Synchronization

/// An HTTP server on loopback that serves one file, as the hub of the weights does or worse.
final class FileServer: Sendable {
  /// How it answers.
  struct Manners: Sendable {
    /// The bytes after which the first answer breaks off.
    var breaksAfter: Int?
    /// Whether a part of the file can be asked for.
    var hasRanges = true
    var entityTag: String? = "\"1\""
    var lastModified: String?
    /// Whether it says how long its answer is.
    var hasLength = true
    /// Whether it answers to ranges that it has none of them.
    var refusesRanges = false
    /// What it answers in place of the file.
    var status: Int?
    /// What it says that the digest of the file is.
    var digest: String?
  }

  /// A request, as far as it matters.
  struct Request: Sendable, Equatable {
    let path: String
    let range: String?
  }

  private let state: Mutex<(file: [UInt8], manners: Manners, requests: [Request])>
  private let listener: Int32
  /// Where it listens.
  let port: UInt16

  init(_ file: [UInt8], _ manners: Manners = Manners()) throws {
    state = Mutex((file, manners, []))
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound, listen(listener, 8) == 0 else { throw CocoaError(.fileReadUnknown) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        self.answer(connection)
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// What was asked so far.
  var requests: [Request] { state.withLock { $0.requests } }

  /// Serves another file, or otherwise.
  func change(_ file: [UInt8]? = nil, _ manners: Manners = Manners()) {
    state.withLock {
      if let file { $0.file = file }
      $0.manners = manners
    }
  }

  private func answer(_ connection: Int32) {
    var head: [UInt8] = []
    var byte = [UInt8](repeating: 0, count: 1)
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard recv(connection, &byte, 1, 0) == 1 else { return }
      head += byte
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
    func field(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ": ") }.map {
        String($0.dropFirst(name.count + 2))
      }
    }
    let words = lines.first?.split(separator: " ") ?? []
    let request = Request(path: words.count > 1 ? String(words[1]) : "", range: field("range"))
    let (file, manners) = state.withLock {
      $0.requests.append(request)
      return ($0.file, $0.manners)
    }
    state.withLock { $0.manners.breaksAfter = nil }
    let isSame =
      field("if-range").map { [manners.entityTag, manners.lastModified].contains($0) } ?? true
    let start = request.range.flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
    let from = manners.hasRanges && isSame ? min(start ?? 0, file.count) : 0
    var text = from > 0 ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n"
    let refused = request.range != nil && manners.refusesRanges ? 416 : nil
    if let status = manners.status ?? refused { text = "HTTP/1.1 \(status) Otherwise\r\n" }
    if manners.hasLength { text += "Content-Length: \(file.count - from)\r\n" }
    if let tag = manners.entityTag { text += "ETag: \(tag)\r\n" }
    if let date = manners.lastModified { text += "Last-Modified: \(date)\r\n" }
    if from > 0 { text += "Content-Range: bytes \(from)-\(file.count - 1)/\(file.count)\r\n" }
    if let digest = manners.digest { text += "X-Linked-ETag: \"\(digest)\"\r\n" }
    let body = file[from...].prefix(manners.breaksAfter ?? file.count)
    let bytes = Array((text + "Connection: close\r\n\r\n").utf8) + body
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(
          connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
