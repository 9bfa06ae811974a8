import Foundation
import Testing

extension EndToEndTests {
  /// Words for people fit where they are read.
  @Suite struct TerminalTests {
    /// Only fairness runs: short, and several stages.
    private static let command =
      ["run", "spec.yaml", "--threads", "1", "--set", "fairness.by=[sex]"]

    /// A log is read by people and `grep`.
    @Test("In a log stand plain lines: each stage begins and ends once, no escape codes, no bars")
    func log() throws {
      let world = try World(copying: .finished())
      let run = try world.start(Self.command).end()
      #expect(run.code == 0)
      #expect(!run.errors.contains("\u{1b}") && !run.errors.contains("█"))
      #expect(!run.errors.contains("\r"))
      #expect(!run.output.contains("\u{1b}"))
      for stage in run.began {
        #expect(run.errors.ranges(of: "] \(stage): done in ").count == 1, "\(stage)")
      }
      #expect(Set(run.began).count == run.began.count && !run.began.isEmpty)
    }

    /// A person at a terminal sees how far it is.
    @Test("On a terminal progress bars are drawn, and gone at the end")
    func bars() throws {
      let world = try World(copying: .finished())
      let run = try world.start(Self.command, onTerminal: true).end()
      #expect(run.code == 0)
      #expect(run.errors.contains(#/[█░]{24} \d+/\d+ stages, /#))
      let erase = /\x1b\[\d+A\x1b\[J/
      let last = try #require(run.errors.ranges(of: erase).last)
      let rest = run.errors[last.upperBound...]
      #expect(!rest.contains("░") && !rest.contains("█"))
      #expect(rest.contains(/\d+ stages ran, \d+ cached/))
      #expect(!run.output.contains("\u{1b}"))
      // No line is wider than the terminal, which would break what is erased.
      let lines = run.errors.replacing(erase, with: "").split(whereSeparator: \.isNewline)
      #expect(lines.filter { $0.contains("█") || $0.contains("░") }.allSatisfy { $0.count < 100 })
    }

    /// Colour is a matter of taste and carries no meaning.
    @Test("On a terminal errors have colour, unless NO_COLOR is set or the terminal is dumb")
    func colour() throws {
      let world = try World.finished()
      let command = ["validate", "spec.yaml", "--set", "train.arch=simpel"]
      let plain = try world.start(command).end().errors
      #expect(plain.hasPrefix("error: unknown arch `simpel`"))
      let coloured = try world.start(command, onTerminal: true).end().errors
        .replacing("\r\n", with: "\n")
      #expect(coloured.hasPrefix("\u{1b}[1;31merror\u{1b}[0m: "))
      #expect(coloured.replacing(/\x1b\[[0-9;]*m/, with: "") == plain)
      for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
        let sober = try world.start(command, environment: environment, onTerminal: true).end()
        #expect(sober.errors.replacing("\r\n", with: "\n") == plain)
      }
    }
  }
}
