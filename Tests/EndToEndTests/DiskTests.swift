import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Disks that are full, and folders that cannot be written.
  @Suite struct DiskTests {
    /// A small disk in memory, below a world, for as long as this object lives.
    private final class Disk {
      private let path: String

      init(_ world: World, _ name: String, kilobytes: Int) throws {
        path = world.path(name)
        try Files.makeFolder(path)
        try #require(mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0)
      }

      func become(kilobytes: Int) throws {
        try #require(
          mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0)
      }

      func become(readOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        try #require(mount("tmpfs", path, "tmpfs", flags, "size=65536k") == 0)
      }

      deinit { umount2(path, Int32(MNT_DETACH)) }
    }

    /// Whether this process may mount; most people's may not.
    private static let canMount: Bool = {
      let folder = NSTemporaryDirectory() + "mount-\(UUID().uuidString)"
      guard mkdir(folder, 0o700) == 0 else { return false }
      defer { rmdir(folder) }
      guard mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
      return umount2(folder, Int32(MNT_DETACH)) == 0
    }()

    /// What every failure for want of room or right says: what, where, why.
    private func expectRefusal(
      _ ended: Program.Ended, _ reason: String, below folder: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(ended.code == 1, "\(ended.errors)", sourceLocation: sourceLocation)
      #expect(ended.output == "", sourceLocation: sourceLocation)
      let messages = ended.reports.map(\.message)
      #expect(!messages.isEmpty, "\(ended.errors)", sourceLocation: sourceLocation)
      for message in messages {
        #expect(
          message.hasPrefix("cannot ") && message.contains("\(folder)/")
            && message.hasSuffix(": \(reason)"), "\(message)", sourceLocation: sourceLocation)
      }
    }

    /// Room that is wanting at any moment costs that moment.
    @Test(
      "Where the disk is full a run says so and by which file, and the next one goes on",
      .enabled(if: canMount),
      arguments: moments)
    func full(moment: Moment) throws {
      let world = try World(spec: World.one)
      let epochs = ["--set", "train.epochs=\(moment.epochs)"]
      let disk = try Disk(world, "disk", kilobytes: moment.kilobytes)
      let command = ["run", "spec.yaml", "--threads", "1", "--runs", "disk/runs"] + epochs
      let first = try world.start(command).end()
      if first.code != 0 {
        expectRefusal(first, "no space left on device", below: world.path("disk/runs"))
      }
      #expect(try world.isWhole("disk/runs"))
      #expect(!world.files(below: "disk/runs").contains { $0.contains(".part") })
      try disk.become(kilobytes: 65_536)
      let next = try world.start(command).end()
      #expect(next.code == 0, "\(next.errors)")
      #expect(Set(next.began).isDisjoint(with: first.finished))
      guard moment.epochs == 1 else { return }
      let one = try Self.undisturbed.get()
      #expect(try world.results("disk/runs") == one.results)
      #expect(next.output == one.output)
    }

    /// How large the disk is, and how many epochs are to be trained: with two there is a checkpoint.
    struct Moment: Sendable, CustomStringConvertible {
      var kilobytes: Int
      var epochs: Int
      var description: String { "\(kilobytes) KiB, \(epochs) epochs" }
    }

    /// In the table, the pictures, a manifest, the checkpoint, the model, the folder of results; of
    /// the long tests, everywhere.
    static let moments =
      ProcessInfo.processInfo.environment["CXR_SOAK"] == nil
      ? [(20, 1), (200, 1), (440, 1), (1000, 2), (700, 1), (1160, 1)].map(Moment.init)
      : stride(from: 20, to: 2600, by: 20).map {
        Moment(kilobytes: $0, epochs: $0 % 40 == 0 ? 1 : 2)
      }

    /// What one experiment comes to where there is room.
    private static let undisturbed = Result {
      let world = try World(spec: World.one)
      let run = try world.run()
      try #require(run.code == 0)
      return (results: try world.results(), output: run.output)
    }

    /// A command that writes one file or one folder leaves none that is half of it.
    @Test(
      "A phantom and a file of scores that find no room leave nothing behind",
      .enabled(if: canMount))
    func otherCommands() throws {
      let world = try World(spec: World.one)
      try #require(try world.run().code == 0)
      let disk = try Disk(world, "disk", kilobytes: 64)
      let phantom = try world.cxr("data", "phantom", "disk/phantom", "--patients", "300")
      expectRefusal(phantom, "no space left on device", below: "disk")
      #expect(world.files(below: "disk") == [])
      try world.write(String(repeating: "x", count: 64 << 10), to: "disk/full")
      let scores = try world.cxr(
        "predict", "--experiment", "spec.yaml", "--data", "data", "--output", "disk/scores.csv")
      expectRefusal(scores, "no space left on device", below: "disk")
      #expect(world.files(below: "disk") == ["full"])
      withExtendedLifetime(disk) {}
    }

    /// Data are often where nobody may write.
    @Test("Data on a read-only disk are all a run needs", .enabled(if: canMount))
    func readOnlyData() throws {
      let world = try World(spec: World.one)
      let disk = try Disk(world, "disk", kilobytes: 65_536)
      try PaintedCohort().write(to: world.path("disk/data"))
      try disk.become(readOnly: true)
      let run = try world.run("--set", "cohort.root=disk/data")
      #expect(run.code == 0, "\(run.errors)")
      #expect(try world.results() == Self.undisturbed.get().results)
      withExtendedLifetime(disk) {}
    }

    /// Finished results can be looked at where nothing can be written; new ones cannot be made.
    @Test(
      "On a read-only disk what is cached is shown, and a run with work to do says why it cannot",
      .enabled(if: canMount))
    func readOnlyRuns() throws {
      let world = try World(spec: World.one)
      let disk = try Disk(world, "disk", kilobytes: 65_536)
      let first = try world.run("--runs", "disk/runs")
      try #require(first.code == 0)
      try disk.become(readOnly: true)
      for command in ["plan", "compare", "show"] {
        let ended = try world.cxr(command, "spec.yaml", "--runs", "disk/runs")
        #expect(ended.code == 0, "\(command): \(ended.errors)")
        #expect(!ended.output.isEmpty)
      }
      let compared = try world.cxr("compare", "spec.yaml", "--runs", "disk/runs")
      #expect(compared.output == first.output)
      let again = try world.run("--runs", "disk/runs")
      #expect(again.code == 0, "\(again.errors)")
      #expect(again.output == first.output)
      let more = try world.run("--runs", "disk/runs", "--set", "train.epochs=2")
      expectRefusal(more, "read-only file system", below: "disk/runs")
      let new = try world.run("--runs", "disk/others")
      #expect(new.code == 64)
      #expect(
        new.reports.first?.message.hasSuffix("disk/others`: read-only file system") == true,
        "\(new.errors)")
      withExtendedLifetime(disk) {}
    }
  }
}

extension Program.Ended {
  /// The stages whose results were committed.
  var finished: [String] {
    errors.split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^\[\d+/\d+\] (.+): done in /#).map { String($0.1) }
    }
  }
}
