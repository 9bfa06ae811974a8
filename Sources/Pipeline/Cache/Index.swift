import Basics
import Foundation
import GRDB

/// The SQLite index over the store: all SQL of the program, and nothing that cannot be rebuilt.
///
/// Reading never fails: what the index cannot say is looked up in the manifests. A damaged index
/// notes that it is (`isDamaged`), and is made anew the next time it is opened.
final class Index {
  /// Raised when the tables change; another number means the index is rebuilt.
  static let schema = 1

  private let database: DatabaseQueue
  private(set) var isDamaged = false

  /// Opens the index at `path`, or one in memory.
  ///
  /// - Throws: where the file is no database of this schema.
  init(path: String?, isNew: Bool) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    if let path {
      database = try DatabaseQueue(path: path, configuration: configuration)
    } else {
      database = try DatabaseQueue(configuration: configuration)
    }
    if isNew {
      // A write-ahead log needs shared memory, which network file systems do not have.
      let mode = path.map(Self.isOnNetwork) == true ? "TRUNCATE" : "WAL"
      try database.writeWithoutTransaction { database in
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = \(mode)")
        try database.execute(sql: Self.tables)
        try database.execute(sql: "PRAGMA user_version = \(Self.schema)")
      }
    }
    try database.unsafeRead { database in
      let found = try Int.fetchOne(database, sql: "PRAGMA user_version")
      guard found == Self.schema else { throw DatabaseError(resultCode: .SQLITE_SCHEMA) }
      let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      let size = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
      // A file cut short would be noticed only when a missing page is read.
      if let path, !Files.exists(path + "-wal"), let file = FileSignature(path: path),
        file.size < pages * size
      {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
    }
  }

  private static let tables = """
    CREATE TABLE results (
      fingerprint BLOB PRIMARY KEY, sealed INTEGER NOT NULL, outputs TEXT NOT NULL,
      shape BLOB NOT NULL, text TEXT NOT NULL);
    CREATE INDEX results_by_shape ON results (shape);
    CREATE TABLE slots (
      sweep TEXT NOT NULL, label TEXT NOT NULL, fingerprint BLOB NOT NULL,
      PRIMARY KEY (sweep, label)) WITHOUT ROWID;
    CREATE TABLE files (
      device INTEGER NOT NULL, inode INTEGER NOT NULL, signature TEXT NOT NULL,
      digest BLOB NOT NULL, PRIMARY KEY (device, inode)) WITHOUT ROWID;
    CREATE TABLE sets (
      key BLOB PRIMARY KEY, signature BLOB NOT NULL, digest BLOB NOT NULL,
      packed BLOB NOT NULL);
    """

  /// Closes the file, so that it can be renamed.
  func finish() throws { try database.close() }

  // MARK: Results

  /// What the stages of a sweep used last: their labels and results, in one reading.
  func recent(_ sweep: String) -> [(label: String, result: StageResult)] {
    read { database in
      let rows = try Row.fetchCursor(
        database.cachedStatement(
          sql: """
            SELECT label, results.fingerprint, sealed, outputs FROM slots
            JOIN results ON results.fingerprint = slots.fingerprint WHERE sweep = ?
            """),
        arguments: [sweep])
      var found: [(label: String, result: StageResult)] = []
      while let row = try rows.next() {
        if let result = Self.result(row, from: 1) { found.append((row[0], result)) }
      }
      return found
    } ?? []
  }

  /// The result that answers a fingerprint.
  func result(_ fingerprint: Digest) -> StageResult? {
    read { database in
      try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT fingerprint, sealed, outputs FROM results WHERE fingerprint = ?"),
        arguments: [Data(fingerprint.bytes)]
      ).flatMap { Self.result($0, from: 0) }
    } ?? nil
  }

  /// The text of a fingerprint.
  func text(_ fingerprint: Digest) -> String? {
    read { database in
      try String.fetchOne(
        database.cachedStatement(sql: "SELECT text FROM results WHERE fingerprint = ?"),
        arguments: [Data(fingerprint.bytes)])
    } ?? nil
  }

  /// Whether a result of this shape is there.
  func hasResult(ofShape shape: Digest) -> Bool {
    read { database in
      try Bool.fetchOne(
        database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM results WHERE shape = ?)"),
        arguments: [Data(shape.bytes)]) ?? false
    } ?? false
  }

  /// What is written at once.
  struct Changes {
    var results: [(result: StageResult, fingerprint: Fingerprint)] = []
    var slots: [(sweep: String, label: String, fingerprint: Digest)] = []
    var isEmpty: Bool { results.isEmpty && slots.isEmpty }
  }

  /// Writes results and slots in one transaction.
  func record(_ changes: Changes) {
    guard !changes.isEmpty else { return }
    write { database in
      let result = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)")
      for (value, fingerprint) in changes.results {
        try result.execute(arguments: [
          Data(value.fingerprint.bytes), value.sealed, Self.packed(value.outputs),
          Data(fingerprint.shape.bytes), fingerprint.text,
        ])
      }
      let slot = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO slots VALUES (?, ?, ?)")
      for value in changes.slots {
        try slot.execute(arguments: [
          value.sweep, value.label, Data(value.fingerprint.bytes),
        ])
      }
    }
  }

  /// Forgets results, and that stages used them.
  func forget(_ fingerprints: [Digest]) {
    write { database in
      let statement = try database.cachedStatement(
        sql: "DELETE FROM results WHERE fingerprint = ?")
      for fingerprint in fingerprints {
        try statement.execute(arguments: [Data(fingerprint.bytes)])
      }
      try database.execute(
        sql: """
          DELETE FROM slots WHERE NOT EXISTS
            (SELECT 1 FROM results WHERE results.fingerprint = slots.fingerprint)
          """)
    }
  }

  // MARK: Files

  /// The digest of a file that was read when it had this signature.
  func digest(of signature: FileSignature) -> Digest? {
    read { database in
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT signature, digest FROM files WHERE device = ? AND inode = ?"),
        arguments: [
          Int64(bitPattern: signature.device), Int64(bitPattern: signature.inode),
        ])
      guard let row, row[0] == signature.text else { return nil }
      return Self.digest(row[1])
    } ?? nil
  }

  /// Remembers the digest of a file.
  func remember(_ digest: Digest, of signature: FileSignature) {
    write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
        arguments: [
          Int64(bitPattern: signature.device), Int64(bitPattern: signature.inode), signature.text,
          Data(digest.bytes),
        ])
    }
  }

  /// The signature and the digest of a set when it was last read.
  func set(_ key: Digest) -> (signature: Digest, digest: Digest)? {
    read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT signature, digest FROM sets WHERE key = ?",
        arguments: [Data(key.bytes)])
      guard let row, let signature = Self.digest(row[0]), let digest = Self.digest(row[1]) else {
        return nil
      }
      return (signature, digest)
    } ?? nil
  }

  /// The signatures and digests of the files of a set, packed.
  func packedSet(_ key: Digest) -> [UInt8]? {
    read { database in
      try Data.fetchOne(
        database, sql: "SELECT packed FROM sets WHERE key = ?", arguments: [Data(key.bytes)])
    }.flatMap { $0.map(Array.init) }
  }

  /// Remembers a set.
  func rememberSet(_ key: Digest, signature: Digest, digest: Digest, packed: [UInt8]) {
    write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO sets VALUES (?, ?, ?, ?)",
        arguments: [
          Data(key.bytes), Data(signature.bytes), Data(digest.bytes), Data(packed),
        ])
    }
  }

  // MARK: Rows

  private static func packed(_ outputs: [StageOutput]) -> String {
    outputs.map { "\($0.digest.hex) \($0.bytes) \($0.name)\n" }.joined()
  }

  private static func result(_ row: Row, from column: Int) -> StageResult? {
    guard let fingerprint = digest(row[column]) else { return nil }
    let text: String = row[column + 2]
    var outputs: [StageOutput] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let digest = Digest(hex: words[0]), let bytes = Int(words[1]) else {
        return nil
      }
      outputs.append(StageOutput(name: String(words[2]), digest: digest, bytes: bytes))
    }
    return StageResult(fingerprint: fingerprint, outputs: outputs, sealed: row[column + 1])
  }

  private static func digest(_ data: Data) -> Digest? { Digest(raw: Array(data)) }

  // MARK: Failures

  private func read<Answer>(_ body: (Database) throws -> Answer) -> Answer? {
    do {
      return try database.unsafeRead(body)
    } catch {
      note(error)
      return nil
    }
  }

  // The index may be stale without harm, so that a disk that is full or read-only is no failure.
  private func write(_ body: (Database) throws -> Void) {
    do {
      try database.write(body)
    } catch {
      note(error)
    }
  }

  private func note(_ error: any Error) {
    let code = (error as? DatabaseError)?.resultCode
    if code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB { isDamaged = true }
  }

  private static func isOnNetwork(_ path: String) -> Bool {
    var status = stat()
    guard stat(Files.parent(of: path), &status) == 0,
      let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    else { return false }
    // The two numbers are interleaved as glibc's makedev() does it.
    let number = UInt64(status.st_dev)
    let major = (number >> 8 & 0xfff) | (number >> 32 & 0xffff_f000)
    let minor = (number & 0xff) | (number >> 12 & 0xffff_ff00)
    let device = "\(major):\(minor)"
    let network = ["nfs", "cifs", "smb", "lustre", "fuse", "gpfs", "beegfs", "ceph", "afs", "9p"]
    // `36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw`: see proc_pid_mountinfo(5).
    return mounts.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      guard words.count > 2, words[2] == device, let dash = words.firstIndex(of: "-"),
        dash + 1 < words.count
      else { return false }
      return network.contains { words[dash + 1].hasPrefix($0) }
    }
  }
}
