import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// A training that is ended from outside goes on where it was.
  @Suite struct InterruptionTests {
    /// One training, long enough to be met in the middle; all before it is cached.
    static let command =
      ["run", "spec.yaml", "--threads", "1", "--set", "train.epochs=24"]
      + ["--set", "sweep.labels.uncertain=[u-ones]", "--set", "sweep.seed=[0]"]
      + ["--set", "train.checkpoint_seconds=0"]

    /// The same results without a disturbance.
    static func undisturbed() throws -> World { try undisturbedOnce.get() }

    private static let undisturbedOnce = Result {
      let world = try World(copying: .finished())
      try #require(try world.start(command).end().code == 0)
      return world
    }

    /// A run to which something is done once its training has finished two epochs.
    private func disturbed(
      _ disturb: (_ program: Program, _ worker: pid_t) -> Void
    ) throws -> (world: World, ended: Program.Ended) {
      let world = try World(copying: .finished())
      let program = try world.start(Self.command)
      try #require(program.wait { program.training.map { $0.epochs >= 2 } ?? false })
      let worker = try #require(program.training?.worker)
      disturb(program, worker)
      let ended = program.end()
      for _ in 0..<5_000 where Program.isAlive(worker) { usleep(2_000) }
      #expect(!Program.isAlive(worker))
      #expect(ended.output == "")
      #expect(try world.isWhole())
      #expect(!world.files(below: "runs/work").contains { $0.contains("/output/") })
      return (world, ended)
    }

    /// The next run repeats nothing that was finished and ends in the same bytes.
    private func goesOn(_ world: World) throws {
      let next = try world.start(Self.command).end()
      #expect(next.code == 0)
      // One model has nothing to be consistent with.
      #expect(next.beganKinds == ChangeTests.afterTraining.subtracting(["consistency"]))
      let epoch = try #require(
        next.errors.firstMatch(of: /train uncertain=u-ones seed=0: continues after epoch (\d+)/))
      // An epoch is in the log a moment before it is in the checkpoint.
      #expect((1..<24).contains(Int(epoch.1) ?? 0))
      #expect(try world.results() == Self.undisturbed().results())
      for file in ["model.safetensors", "predictions.csv", "history.csv"] {
        let path = "runs/small/uncertain=u-ones,seed=0/\(file)"
        #expect(try Files.read(world.path(path)) == Files.read(Self.undisturbed().path(path)))
      }
    }

    /// A crash costs one stage, and a person learns which and what it said last.
    @Test("SIGKILL of a worker fails its training by name, with its last words")
    func worker() throws {
      let (world, ended) = try disturbed { _, worker in kill(worker, SIGKILL) }
      #expect(ended.code == 1)
      #expect(
        ended.errors.contains(
          "error: train uncertain=u-ones seed=0 failed: the worker was ended by signal 9 (SIGKILL)")
      )
      #expect(ended.errors.contains("  | epoch,lr,train_loss,valid_loss,valid_auroc"))
      #expect(ended.errors.contains(/\n  \| 2,0\.001,/))
      #expect(ended.errors.contains("1 failed, 0 ran"))
      try goesOn(world)
    }

    /// Ctrl-C is no failure and no damage.
    @Test("SIGINT ends a run with exit code 130, and the next run continues the training")
    func interrupt() throws {
      let (world, ended) = try disturbed { program, _ in kill(program.id, SIGINT) }
      #expect(ended.code == 130)
      #expect(ended.errors.contains("interrupted: 0 stages finished; run again to continue"))
      #expect(!ended.errors.contains("failed"))
      try goesOn(world)
    }

    /// Impatience is no damage either.
    @Test("A second SIGINT ends a run at once, and the next run continues the training")
    func interruptTwice() throws {
      let (world, ended) = try disturbed { program, _ in
        kill(program.id, SIGINT)
        kill(program.id, SIGINT)
        usleep(1_000)
        kill(program.id, SIGINT)
      }
      #expect(ended.code == 130)
      #expect(ended.errors.contains("interrupted: "))
      try goesOn(world)
    }

    /// However often it is interrupted, no epoch is trained twice for it and no byte differs.
    @Test("Interrupted, run, interrupted and run again a training ends in the same bytes")
    func interruptAgain() throws {
      let (world, first) = try disturbed { program, _ in kill(program.id, SIGINT) }
      #expect(first.code == 130)
      let program = try world.start(Self.command)
      let before = Set(program.workers)
      try #require(program.wait { program.training.map { $0.epochs >= 2 } ?? false }, "\(before)")
      kill(program.id, SIGINT)
      let second = program.end()
      #expect(second.code == 130)
      #expect(second.errors.contains("train uncertain=u-ones seed=0: continues after epoch "))
      #expect(try world.isWhole())
      try goesOn(world)
    }

    /// Nobody has to be there at the end.
    @Test("SIGKILL of the coordinator ends its workers, and the next run continues the training")
    func coordinator() throws {
      let (world, ended) = try disturbed { program, _ in kill(program.id, SIGKILL) }
      #expect(ended.code == 128 + SIGKILL)
      try goesOn(world)
    }

    /// An epoch of a large cohort takes hours: a training goes on inside of it.
    @Test("A training that is killed inside an epoch goes on after the last step and ends the same")
    func insideEpoch() throws {
      let command =
        ["run", "spec.yaml", "--threads", "1", "--set", "train.batch=2", "--set", "train.epochs=1"]
        + ["--set", "sweep.labels.uncertain=[u-ones]", "--set", "sweep.seed=[0]"]
      let (world, whole) = (try World(copying: .finished()), try World(copying: .finished()))
      try #require(try whole.start(command).end().code == 0)
      let often = command + ["--set", "train.checkpoint_seconds=0"]
      let program = try world.start(often)
      let hasCheckpoint = program.wait {
        world.files(below: "runs/work").contains { $0.hasSuffix("/scratch/checkpoint.safetensors") }
      }
      try #require(hasCheckpoint)
      for worker in program.workers { kill(worker, SIGKILL) }
      #expect(program.end().code == 1)
      // How often checkpoints are written is in no fingerprint: the same stage goes on.
      let next = try world.start(command).end()
      #expect(next.code == 0)
      #expect(next.errors.contains(/\ntrain [^:]*: continues after epoch 0, step \d+ of the next/))
      #expect(try world.results() == whole.results())
    }

    /// A checkpoint costs time, and short trainings need none.
    @Test("Without a setting a training of seconds writes no checkpoint")
    func interval() throws {
      let world = try World(copying: .finished())
      let program = try world.start(
        Array(Self.command.dropLast(2)) + ["--set", "train.select=loss"])
      var seen = false
      _ = program.wait {
        seen = seen || world.files(below: "runs/work").contains { $0.contains("checkpoint") }
        return false
      }
      #expect(program.end().code == 0 && !seen)
    }
  }
}
