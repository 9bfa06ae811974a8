// A worker with trivial stages, for the tests of the pipeline.
import Basics
@preconcurrency import Foundation
import Pipeline

private struct Text: Decodable {
  var text = ""

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    text = try values.decodeIfPresent(String.self, forKey: .text) ?? ""
  }

  enum Key: CodingKey { case text }
}

private struct Number: Decodable {
  var number: Double
}

/// The content of all inputs, by name, below one another.
private func joined(_ job: Job) throws -> String {
  try job.inputs.sorted { $0.key < $1.key }.map { _, input in
    let text = String(decoding: try Files.read(input.path), as: UTF8.self)
    guard let root = input.root else { return text }
    return try text.split(separator: "\n").map { line in
      String(decoding: try Files.read(Files.join(root, String(line))), as: UTF8.self)
    }.joined()
  }.joined()
}

private let bodies: [String: StageBody] = [
  // Writes its text.
  "write": { _, context in
    let text: Text = try context.parameters()
    try Files.write(text.text, to: context.output("out"))
  },
  // Writes its inputs and its text.
  "concatenate": { job, context in
    let text: Text = try context.parameters()
    try Files.write(try joined(job) + text.text, to: context.output("out"))
  },
  // Writes the length of its inputs, which many inputs share.
  "count": { job, context in
    try Files.write("\(try joined(job).count)", to: context.output("out"))
  },
  "sleep": { _, context in
    let number: Number = try context.parameters()
    let steps = 20
    for step in 0..<steps {
      usleep(UInt32(number.number * 1e6) / UInt32(steps))
      context.progress(done: step + 1, total: steps, unit: "steps", metrics: ["loss": .nan])
    }
    try Files.write("slept", to: context.output("out"))
  },
  // Lasts until a file is there.
  "await": { job, context in
    let text: Text = try context.parameters()
    while !Files.exists(text.text) { usleep(2000) }
    try Files.write("waited", to: context.output("out"))
  },
  "crash": { _, context in
    let number: Number = try context.parameters()
    print("last words")
    kill(getpid(), Int32(number.number))
    sleep(60)
  },
  "fail": { job, _ in
    throw Diagnostic(
      "no column `Finding`", at: Place(file: job.inputs["table"]?.path ?? "table", line: 1))
  },
  "exit": { _, _ in exit(7) },
  // Holds as many MiB for a moment.
  "allocate": { _, context in
    let number: Number = try context.parameters()
    let bytes = [UInt8](repeating: 1, count: Int(number.number) << 20)
    try Files.write("\(bytes.reduce(0) { $0 &+ Int($1) })", to: context.output("out"))
  },
  // What the kernel does where memory runs out: counts it and kills.
  "starve": { _, context in
    let text: Text = try context.parameters()
    try Files.write("low 0\noom 1\noom_kill 1\n", to: text.text)
    kill(getpid(), SIGKILL)
    sleep(60)
  },
  // Fails as often as its number says, and then succeeds.
  "flaky": { _, context in
    let number: Number = try context.parameters()
    let path = context.scratch("tries")
    let tries = Files.exists(path) ? try Files.read(path).count : 0
    guard tries >= Int(number.number) else {
      try Files.write(String(repeating: "x", count: tries + 1), to: path)
      throw Diagnostic("not yet")
    }
    try Files.write("\(tries)", to: context.output("out"))
  },
  "disorder": { _, context in
    print("{\"finished\":{\"id\":\"disorder\",\"outputs\":{},\"peakMemory\":0}}")
    _ = "to descriptor 1\n".withCString { write(1, $0, strlen($0)) }
    _ = "to descriptor 2\n".withCString { write(2, $0, strlen($0)) }
    print("no end of line", terminator: "")
    try Files.write("in order", to: context.output("out"))
  },
  // Dies once, after its checkpoint, and then goes on from it.
  "resume": { _, context in
    let checkpoint = context.scratch("checkpoint")
    try Files.write("half", to: context.output("out"))
    guard Files.exists(checkpoint) else {
      try Files.write("checkpoint", to: checkpoint)
      kill(getpid(), SIGKILL)
      return
    }
    try Files.write(Files.read(checkpoint), to: context.output("out"))
  },
  "undeclared": { job, context in
    try Files.write("out", to: context.output("out"))
    try Files.write("more", to: Files.join(job.output, "more"))
  },
  "silent": { _, _ in },
  // Alters its input while it uses it.
  "meddle": { job, context in
    let path = try context.input("table")
    let text = try joined(job)
    try Files.write(text + "more", to: path)
    try Files.write(text, to: context.output("out"))
  },
  "describe": { job, context in
    try Files.write(
      "\(job.threads) \(job.device) \(getpgrp() == getpid()) \(job.parameters.text)",
      to: context.output("out"))
  },
]

/// Runs `write` → `sleep` → `concatenate` as a coordinator, for tests that kill one or fill its disk.
private func coordinate(runs: String, seconds: Double) throws -> Bool {
  var builder = GraphBuilder()
  let first = builder.add(
    StageDeclaration(
      kind: "write", version: 1,
      parameters: .map(["text": .string(String(repeating: "row\n", count: 2000))]), inputs: [],
      outputs: ["out"]),
    experiment: 0)
  let slow = builder.add(
    StageDeclaration(
      kind: "sleep", version: 1, parameters: .map(["number": .double(seconds)]),
      inputs: [("from", .output(first, name: "out"))], outputs: ["out"], weight: .heavy),
    experiment: 0)
  _ = builder.add(
    StageDeclaration(
      kind: "concatenate", version: 1, parameters: .map([:]),
      inputs: [("a", .output(first, name: "out")), ("b", .output(slow, name: "out"))],
      outputs: ["out"]),
    experiment: 0)
  let graph = builder.finish(experiments: [ExperimentName(arm: "only", settings: [], seed: nil)])
  let options = RunOptions(runs: runs, worker: CommandLine.arguments[0])
  let runner = try Runner(graph: graph, sweep: "sweep", options: options) { event in
    switch event {
    case .progress: print("progress")
    case .stageFailed(let label, let report): print("\(label): \(report.reason)")
    default: break
    }
    fflush(nil)
  }
  let summary = try runner.runHere()
  print("ran \(summary.ran)")
  return summary.failed.isEmpty
}

private let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--coordinate" {
  do {
    exit(try coordinate(runs: arguments[2], seconds: Double(arguments[3]) ?? 0) ? 0 : 1)
  } catch {
    print("\(error)")
    exit(64)
  }
}
if arguments.count == 5, arguments[1] == "--job", arguments[3] == "--events" {
  exit(
    try WorkerLoop.run(
      jobFile: arguments[2], eventsFile: arguments[4], bodies: bodies, versions: ["test": "1"]))
}
// Libraries greet before anyone can stop them.
print("held back", terminator: "")
_ = "greeting".withCString { write(1, $0, strlen($0)) }
WorkerLoop.serve(bodies: bodies, versions: ["test": "1"])
