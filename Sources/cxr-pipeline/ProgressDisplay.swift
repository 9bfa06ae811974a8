import Foundation
import Pipeline
import Synchronization

/// Shows a run as it happens: on a terminal a line for the whole and one for each running stage,
/// drawn again and again; elsewhere plain lines, each written once.
final class ProgressDisplay: Sendable {
  private struct Running {
    var label: String
    var started = ContinuousClock.now
    var progress: Pipeline.Progress?
    var lastLine = ContinuousClock.now
  }

  private struct State {
    var total = 0
    var done = 0
    var failed = 0
    var running: [Running] = []
    var drawnLines = 0
    var lastDrawn: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let isInteractive: Bool
  private let started = ContinuousClock.now
  /// How often a plain log hears of a stage that goes on.
  private static let pause = Duration.seconds(30)

  init(isInteractive: Bool = Terminal.isInteractive) { self.isInteractive = isInteractive }

  /// Takes an event of the run.
  func handle(_ event: RunEvent) {
    state.withLock { state in
      switch event {
      case .planned(let counts): state.total = counts.run + counts.maybe
      case .stageWaiting(let label, let holder):
        write("\(label): waits for process \(holder), which makes the same", &state)
      case .stageStarted(let label):
        state.running.append(Running(label: label))
        if !isInteractive { write("\(label): started", &state) }
      case .progress(let label, let progress): note(label, progress, &state)
      case .log(let label, let message): write("\(label): \(message)", &state)
      case .stageFinished(let label, let seconds, let outcome):
        state.done += 1
        state.running.removeAll { $0.label == label }
        let words =
          switch outcome {
          case .ran: "done in \(Self.duration(seconds))"
          case .cutoff: "found: what it reads did not change"
          case .shared: "made by another run in \(Self.duration(seconds))"
          }
        write("[\(state.done)/\(state.total)] \(label): \(words)", &state)
      case .stageRetried(let label, let report, let attempt, let allowed):
        state.running.removeAll { $0.label == label }
        write("\(label): failed: \(report.reason); retry \(attempt) of \(allowed)", &state)
      case .stageFailed(let label, let report):
        state.failed += 1
        state.running.removeAll { $0.label == label }
        write("[\(state.done)/\(state.total)] \(label): failed: \(report.reason)", &state)
      case .runFinished:
        erase(&state)
        state.total = 0
      }
      draw(&state, force: false)
    }
  }

  private func note(_ label: String, _ progress: Pipeline.Progress, _ state: inout State) {
    guard let index = state.running.firstIndex(where: { $0.label == label }) else { return }
    state.running[index].progress = progress
    guard !isInteractive, ContinuousClock.now - state.running[index].lastLine > Self.pause else {
      return
    }
    state.running[index].lastLine = .now
    write("\(label): \(Self.words(progress))", &state)
  }

  /// Writes a line that stays, above what is drawn.
  private func write(_ line: String, _ state: inout State) {
    erase(&state)
    Terminal.say(line)
    draw(&state, force: true)
  }

  private func erase(_ state: inout State) {
    guard state.drawnLines > 0 else { return }
    Terminal.say("\u{1b}[\(state.drawnLines)A\u{1b}[J", terminator: "")
    state.drawnLines = 0
  }

  private func draw(_ state: inout State, force: Bool) {
    guard isInteractive, state.total > 0 else { return }
    if !force, let last = state.lastDrawn, ContinuousClock.now - last < .milliseconds(100) {
      return
    }
    state.lastDrawn = .now
    erase(&state)
    let width = Terminal.width
    let share = Double(state.done) / Double(state.total)
    var head = "\(Self.bar(share, 24)) \(state.done)/\(state.total) stages"
    if state.failed > 0 { head += ", \(state.failed) failed" }
    head += ", \(Self.duration((ContinuousClock.now - started) / .seconds(1)))"
    var lines = [head]
    for running in state.running {
      let part = running.progress.map { progress in
        let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
        return "\(Self.bar(share, 16)) \(Self.words(progress))"
      }
      let seconds = (ContinuousClock.now - running.started) / .seconds(1)
      lines.append("  \(running.label)  \(part ?? Self.duration(seconds))")
    }
    for line in lines { Terminal.say(String(line.prefix(width - 1))) }
    state.drawnLines = lines.count
  }

  /// `1,200/5,124 pictures, 310/s, loss 0.412, 13 s left`
  static func words(_ progress: Pipeline.Progress) -> String {
    var parts = [
      progress.total > 0
        ? "\(grouped(progress.done))/\(grouped(progress.total)) \(progress.unit)"
        : "\(grouped(progress.done)) \(progress.unit)"
    ]
    if let rate = progress.rate {
      parts.append(rate >= 10 ? "\(grouped(Int(rate)))/s" : "\(rounded(rate, 1))/s")
    }
    for (name, value) in progress.metrics.sorted(by: { $0.key > $1.key }) {
      parts.append("\(name) \(rounded(value, 3))")
    }
    if let left = progress.secondsLeft { parts.append("\(duration(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    if seconds < 10 { return "\(rounded(seconds, 1)) s" }
    let whole = Int(seconds)
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private static func bar(_ share: Double, _ width: Int) -> String {
    let full = Int((min(max(share, 0), 1) * Double(width)).rounded(.down))
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }

  private static func rounded(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text = "," + text }
      text = String(digit) + text
    }
    return text
  }
}
