// Times the pipeline alone: sweeps of trivial stages, and a folder of many pictures.
//
//   SweepBenchmark [--json] [1000 10000 …]       sweeps of so many stages
//   SweepBenchmark [--json] --pictures [224000]   a cached run over so many files
//
// Every figure is the wall time and the peak memory of a whole process that reads a spec, plans and
// returns: this program starts itself as `run` and `plan`, as `cxr-pipeline` does it, with the real
// coordinator and real workers.

import Basics
import Foundation
import Pipeline

let arguments = Array(CommandLine.arguments.dropFirst())
let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")

switch arguments.first {
case nil where Worker.isAsked:
  Worker.serve()
case "run" where arguments.count == 3:
  try Study(spec: arguments[1]).run(runs: arguments[2], worker: program)
case "plan" where arguments.count == 3:
  try Study(spec: arguments[1]).plan(runs: arguments[2])
default:
  let numbers = arguments.compactMap { Int($0) }
  let figures =
    arguments.contains("--pictures")
    ? try pictureFigures(numbers.first ?? 224_000)
    : try (numbers.isEmpty ? [1_000, 10_000] : numbers).flatMap(sweepFigures)
  if arguments.contains("--json") {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(figures), as: UTF8.self))
  } else {
    for figure in figures { print(figure) }
  }
}
