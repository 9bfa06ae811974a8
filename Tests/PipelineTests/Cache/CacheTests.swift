import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct CacheTests {
  private let world: World
  private let stages = graph([
    Step(kind: "write", parameters: ["text": .string("a")]),
    Step(kind: "concatenate", parameters: ["text": .string("b")], inputs: [("from", 0)]),
    Step(kind: "count", inputs: [("from", 1)]),
  ])

  init() throws { world = try World() }

  private var index: String { world.runs + "/cache.sqlite" }

  private func object(_ stage: Int, _ summary: RunSummary) throws -> String {
    Store(world.runs).objectPath(try #require(summary.results[stage]?.digest(of: "out")))
  }

  /// The manifests are the truth: an index that is lost or damaged loses nothing.
  @Test(arguments: ["deleted", "truncated", "empty", "no database", "older", "newer"])
  func `a lost index is rebuilt from the manifests`(damage: String) async throws {
    try await world.run(stages)
    switch damage {
    case "deleted": unlink(index)
    case "truncated": truncate(index, 5000)
    case "empty": truncate(index, 0)
    case "no database": try Files.write(String(repeating: "noise", count: 5000), to: index)
    default:
      let handle = try #require(FileHandle(forUpdatingAtPath: index))
      // The number of the schema, at offset 60 of the file.
      try handle.seek(toOffset: 60)
      try handle.write(contentsOf: Data([0, 0, 0, damage == "older" ? 0 : 9]))
      try handle.close()
    }
    let summary = try await world.run(stages)
    #expect(summary.ran == 0 && summary.cached == 3)
    // Reasons survive too: what each stage used last is in the manifests.
    let plan = try world.plan(
      graph([
        Step(kind: "write", parameters: ["text": .string("z")])
      ]))
    #expect(plan.entries[0].reasons == [Reason(.optionChanged, "text", from: "a", to: "z")])
  }

  /// Where nothing can be written, what is there can still be found.
  @Test func `a cache without an index that can be written is read from its manifests`()
    async throws
  {
    try await world.run(stages)
    unlink(index)
    // A folder in the place of the lock: nobody, not even root, can open it for writing.
    unlink(index + ".lock")
    try Files.makeFolder(index + ".lock")
    #expect(try world.plan(stages).counts.cached == 3)
    #expect(!Files.exists(index))
  }

  /// A result is believed only while its bytes are there.
  @Test func `a deleted object is made again`() async throws {
    let first = try await world.run(stages)
    unlink(try object(1, first))
    #expect(try world.plan(stages).entries[1].reasons == [Reason(.outputMissing, "out")])
    let second = try await world.run(stages)
    #expect(world.ran == ["concatenate"] && second.results[1]?.outputs == first.results[1]?.outputs)
  }

  /// An edited object is noticed before it is used, and kept for a look.
  @Test(arguments: ["", "x", "zz"])
  func `a damaged object is made again`(content: String) async throws {
    let first = try await world.run(stages)
    let path = try object(1, first)
    #expect(access(path, W_OK) != 0 || getuid() == 0)
    usleep(20_000)
    chmod(path, 0o644)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(content.utf8))
    try handle.close()
    #expect(try world.plan(stages).entries[1].reasons == [Reason(.outputDamaged, "out")])
    let second = try await world.run(stages)
    #expect(try world.ran == ["concatenate"] && world.output(second, 1) == "ab")
    #expect(try FileManager.default.contentsOfDirectory(atPath: world.runs + "/damaged").count == 1)
    #expect(try await world.run(stages).ran == 0)
  }

  /// A cache that was copied has new times and the same bytes: it is read once and believed.
  @Test func `a copied cache is believed after it was read`() async throws {
    try await world.run(stages)
    usleep(20_000)
    let copy = world.folder + "/copy"
    try FileManager.default.copyItem(atPath: world.runs, toPath: copy)
    usleep(20_000)
    #expect(try await world.run(stages) { $0.runs = copy }.ran == 0)
    let cache = try Cache(runs: copy, sweep: "sweep")
    defer { cache.close() }
    let plan = try cache.plan(stages)
    guard case .cached(let result) = plan.entries[0].status else {
      Issue.record("not cached")
      return
    }
    #expect(!cache.store.damage(of: result).wasRead)
  }

  /// A manifest cut short by a power failure is as good as none.
  @Test func `a half-written manifest is no result`() async throws {
    let first = try await world.run(stages)
    let path = Store(world.runs).manifestPath(try #require(first.results[2]).fingerprint)
    truncate(path, 100)
    unlink(index)
    try await world.run(stages)
    #expect(world.ran == ["count"])
  }

  /// The record of how a result came to be stands beside it and is part of no digest.
  @Test func `a manifest says where its result came from`() async throws {
    let summary = try await world.run(stages)
    let result = try #require(summary.results[1])
    let manifest = try #require(Store(world.runs).manifest(result.fingerprint))
    #expect(manifest.provenance.slot == "sweep/concatenate")
    #expect(manifest.provenance.versions == ["test": "1"])
    #expect(manifest.provenance.peakMemory > 0 && !manifest.provenance.host.isEmpty)
    #expect(Fingerprint(text: manifest.fingerprint)?.inputs.map(\.name) == ["from"])
  }

  /// A file that may be written again in the moment of its reading is read again.
  @Test func `a file is remembered only when it is older than its reading`() throws {
    try world.write("rows", to: "table.csv")
    let path = world.folder + "/table.csv"
    let index = try Index(path: nil, isNew: true)
    let store = Store(world.runs)
    let future = Date(timeIntervalSinceNow: 3600)
    try FileManager.default.setAttributes([.modificationDate: future], ofItemAtPath: path)
    let signature = try #require(FileSignature(path: path))
    let digest = try FileMemory(index: index, store: store).file(path).digest
    #expect(digest == Digest(of: "rows"))
    #expect(index.digest(of: signature) == nil)
    try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: path)
    usleep(20_000)
    let settled = try #require(FileSignature(path: path))
    #expect(try FileMemory(index: index, store: store).file(path).digest == digest)
    #expect(index.digest(of: settled) == digest)
  }

  /// People open links with names; a link never leads to a result of an earlier run.
  @Test func `links are replaced and stale ones removed`() async throws {
    let store = Store(world.runs)
    let summary = try await world.run(stages)
    let objects = try (0..<3).map { try #require(summary.results[$0]?.digest(of: "out")) }
    try Links.write(
      store: store, sweep: "sweep",
      experiments: [
        ("arch=a seed=0", [("one.txt", objects[0]), ("two.txt", objects[1])]),
        ("arch=b seed=0", [("one.txt", objects[0])]),
      ])
    let folder = world.runs + "/sweep/arch=a seed=0"
    #expect(String(decoding: try Files.read(folder + "/two.txt"), as: UTF8.self) == "ab")
    try Files.write("mine", to: folder + "/notes.txt")
    try Links.write(
      store: store, sweep: "sweep",
      experiments: [("arch=a seed=0", [("two.txt", objects[2])])])
    #expect(String(decoding: try Files.read(folder + "/two.txt"), as: UTF8.self) == "2")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["notes.txt", "two.txt"])
    #expect(!Files.exists(world.runs + "/sweep/arch=b seed=0"))
    // A folder can move with its links.
    #expect(rename(world.runs, world.folder + "/moved") == 0)
    #expect(
      String(
        decoding: try Files.read(world.folder + "/moved/sweep/arch=a seed=0/two.txt"),
        as: UTF8.self) == "2")
  }
}
