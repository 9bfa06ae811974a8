// Times the bootstrap: 25,000 images of 8,000 patients, 14 findings, 8 groups, 1,000 replicates.
//
// Overall, by group and every gap, with intervals; then also with 1,000 permutations.

import Basics
import Metrics

let images = 25_000
let patients = 8_000
let findings = 14
let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? processorCount

var stream = RandomStream("benchmark", seed: 0)
let patient = (0..<images).map { _ in stream.below(patients) }
let names = (0..<8).map { "group \($0)" }
let group = (0..<patients).map { _ in names[stream.below(8)] }
let cases = try (0..<findings).map { finding in
  let truth = (0..<images).map { _ in stream.uniform() < 0.02 + 0.03 * Double(finding) }
  let scores = truth.map { stream.normal() + ($0 ? 1 : 0) }
  return try Cases(scores: scores, truth: truth, patient: patient)
}
let groups = patient.map { group[$0] }

let clock = ContinuousClock()
for permutations in [0, 1_000] {
  let time = try clock.measure {
    let draws = try PatientDraws(
      patients: patients, replicates: 1_000, seed: 0, threads: threads)
    for finding in cases {
      _ = try fairness(
        finding, groups: groups, threshold: 0.8, draws: draws, permutations: permutations,
        threads: threads)
    }
  }
  print("\(findings) findings, \(permutations) permutations, \(threads) threads: \(time)")
}
let time = try clock.measure {
  let draws = try PatientDraws(patients: patients, replicates: 1_000, seed: 0, threads: threads)
  for finding in cases {
    _ = try evaluate(finding, threshold: 0.8, draws: draws, threads: threads)
  }
}
print("\(findings) findings, overall only: \(time)")
