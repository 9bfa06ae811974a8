import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Whatever is killed, whenever: the end is the same. `CXR_SOAK=1` asks for the long form, with
  /// `CXR_SOAK_KILLS` kills (200 if not set).
  @Suite struct KillTests {
    /// What a round ends.
    private enum Victim: CaseIterable { case coordinator, worker, both }

    /// Two kills stand for many in the tests that always run.
    @Test("Two kills at random moments change no byte of the results")
    func sample() throws {
      try survive(kills: 2, seed: 1, options: [], World.finished(), seconds: 3)
    }

    /// Moments that nobody thought of.
    @Test(
      "Many kills at random moments change no byte of the results",
      .enabled(
        if: ProcessInfo.processInfo.environment["CXR_SOAK"] != nil, "skipped: CXR_SOAK is not set"))
    func soak() throws {
      let options = ["--set", "train.epochs=4"]
      let undisturbed = try World()
      let start = ContinuousClock.now
      try #require(try undisturbed.start(Self.command + options).end().code == 0)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let kills = ProcessInfo.processInfo.environment["CXR_SOAK_KILLS"].flatMap(Int.init) ?? 200
      try survive(kills: kills, seed: 2, options: options, undisturbed, seconds: seconds)
    }

    private static let command = [
      "run", "spec.yaml", "--threads", "1", "--set", "train.checkpoint_seconds=0.02",
    ]

    /// Runs until `kills` runs were killed and one more is complete; whenever one is complete,
    /// another begins with nothing.
    private func survive(
      kills: Int, seed: Int, options: [String], _ undisturbed: World, seconds: Double
    ) throws {
      let expected = try undisturbed.results()
      let table = try undisturbed.start(Self.command + options).end().output
      var stream = RandomStream("kills", seed: seed)
      var world = try World()
      var killed = 0
      var known: [String: UInt64] = [:]
      var (lost, different) = (0, 0)
      defer {
        print("\(killed) kills, \(lost) lost results, \(different) results with differing bytes")
      }
      while true {
        let program = try world.start(Self.command + options)
        let mayFail = killed < kills
        if mayFail {
          let moment = ContinuousClock.now + .seconds(stream.uniform() * seconds)
          _ = program.wait { ContinuousClock.now > moment }
          if !program.hasEnded { killed += 1 }
          end(Victim.allCases[stream.below(Victim.allCases.count)], of: program, &stream)
        }
        let ended = program.end()
        #expect([0, 1, 128 + SIGKILL].contains(ended.code), "\(ended.errors)")
        if ended.code == 1 {
          #expect(ended.errors.contains("failed: the worker was ended by signal 9 (SIGKILL)"))
        }
        #expect(try world.isWhole(), "after kill \(killed)")
        // A result that is made once more is another file.
        let now = world.manifests()
        lost += known.count { now[$0.key] != $0.value }
        known = now
        let results = try world.results()
        different += results.count { expected[$0.key] != $0.value }
        #expect(lost == 0 && different == 0, "after kill \(killed)")
        guard ended.code == 0 else {
          try #require(mayFail, "\(ended.errors)")
          continue
        }
        #expect(ended.output == table)
        #expect(try world.results() == expected, "after kill \(killed)")
        if killed == kills { return }
        world = try World()
        known = [:]
      }
    }

    private func end(_ victim: Victim, of program: Program, _ stream: inout RandomStream) {
      let workers = program.workers
      let worker = workers.isEmpty ? nil : workers[stream.below(workers.count)]
      if victim != .worker || worker == nil { kill(program.id, SIGKILL) }
      if let worker, victim != .coordinator { kill(worker, SIGKILL) }
    }
  }
}
