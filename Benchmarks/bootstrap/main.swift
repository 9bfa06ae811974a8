// Times the bootstrap: 25,000 images of 8,000 patients, 14 findings, 8 groups, 1,000 replicates.
//
// Every statistic overall and by group, with intervals; then also every gap and the differences from the
// rest and from the median; then also 1,000 permutations. `Benchmarks/bootstrap.py` runs it beside
// scikit-learn on the same cases.
//
//     BootstrapThroughput [threads [folder for the cases]]

import Basics
import Foundation
import Glibc
import Metrics

let (images, patients, findings) = (25_000, 8_000, 14)
let arguments = CommandLine.arguments.dropFirst()
let threads = arguments.first.flatMap { Int($0) } ?? processorCount

var stream = RandomStream("benchmark", seed: 0)
let patient = (0..<images).map { _ in stream.below(patients) }
let names = (0..<8).map { "group \($0)" }
let group = (0..<patients).map { _ in stream.below(8) }
let groups = patient.map { names[group[$0]] }
let cases = try (0..<findings).map { finding in
  let truth = (0..<images).map { _ in stream.uniform() < 0.02 + 0.03 * Double(finding) }
  // Probabilities in float32, as a network gives them.
  let scores = truth.map { Double(Float(1 / (1 + exp(1 - stream.normal() - ($0 ? 1 : 0))))) }
  return try Cases(scores: scores, truth: truth, patient: patient)
}
let threshold = 0.5

if let folder = arguments.dropFirst().first {
  func write<Number>(_ name: String, _ numbers: [Number]) throws {
    let data = numbers.withUnsafeBytes { Data($0) }
    try data.write(to: URL(filePath: folder).appending(path: name))
  }
  try write("scores", cases.flatMap(\.scores))
  try write("truth", cases.flatMap { $0.truth.map { UInt8($0 == true ? 1 : 0) } })
  try write("patient", patient.map(Int32.init))
  try write("group", patient.map { UInt8(group[$0]) })
  let points = try cases.map {
    try evaluate($0, threshold: threshold)[.averagePrecision].point.value ?? .nan
  }
  try write("average_precision", points)
}

let clock = ContinuousClock()
func report(_ what: String, _ body: () throws -> Void) rethrows {
  // The least of a few runs: others may be at work on the machine.
  var (elapsed, processor) = (Double.infinity, Double.infinity)
  for _ in 0..<3 {
    let start = clock_t(Glibc.clock())
    elapsed = min(elapsed, try clock.measure(body) / .seconds(1))
    processor = min(processor, Double(Glibc.clock() - start) / Double(CLOCKS_PER_SEC))
  }
  let figures = String(format: "%.2f s, of processors %.2f s", elapsed, processor)
  print("\(figures)  \(what), \(threads) threads")
}
/// The cases of all images, then of each group.
let parts = try cases.map { all in
  try [all]
    + names.map { name in
      let kept = groups.indices.filter { groups[$0] == name }
      return try Cases(
        scores: kept.map { all.scores[$0] }, truth: kept.map { all.truth[$0] },
        patient: kept.map { patient[$0] })
    }
}
try report("\(findings) findings, overall and by group") {
  let draws = try PatientDraws(patients: patients, replicates: 1_000, seed: 0, threads: threads)
  for part in parts.joined() {
    _ = try evaluate(part, threshold: threshold, draws: draws, threads: threads)
  }
}
for permutations in [0, 1_000] {
  try report("\(findings) findings with gaps, \(permutations) permutations") {
    let draws = try PatientDraws(
      patients: patients, replicates: 1_000, seed: 0, threads: threads)
    for finding in cases {
      _ = try fairness(
        finding, groups: groups, threshold: threshold, draws: draws, permutations: permutations,
        threads: threads)
    }
  }
}
