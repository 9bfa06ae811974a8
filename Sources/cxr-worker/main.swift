import Basics
import Foundation
import Pipeline
import Stages

// Runs the bodies of stages for `cxr-pipeline`: jobs on standard input, events on what was standard
// output; or one job from a file, for schedulers like Slurm.
umask(0o077)
let arguments = CommandLine.arguments.dropFirst()
if arguments.isEmpty {
  prepareWorker()
  WorkerLoop.serve(bodies: stageBodies, versions: libraryVersions)
} else if arguments.count == 4, arguments.first == "--job",
  arguments.dropFirst(2).first == "--events"
{
  prepareWorker()
  do {
    let code = try WorkerLoop.run(
      jobFile: CommandLine.arguments[2], eventsFile: CommandLine.arguments[4], bodies: stageBodies,
      versions: libraryVersions)
    exit(code)
  } catch {
    StandardStreams.say("error: \(error)\n")
    exit(64)
  }
} else {
  StandardStreams.say("usage: cxr-worker [--job <file> --events <file>]\n")
  exit(64)
}
