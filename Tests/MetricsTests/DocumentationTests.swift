import Basics
import Foundation
import Testing

@testable import Metrics

/// What docs/metrics.md prints is what the code computes.
@Suite struct DocumentationTests {
  static let page: String = {
    let path = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))
    let bytes = (try? Files.read(path + "/docs/metrics.md")) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }()

  /// Three digits, with a minus sign.
  private static func text(_ number: Double?) -> String {
    guard let number else { return "–" }
    return String(format: "%.3f", number).replacing("-", with: "−")
  }

  /// Numbers in a page grow old; these cannot.
  @Test func `the example of a gap without a difference is computed`() throws {
    var stream = RandomStream("two groups that are alike", seed: 0)
    var (scores, truth, patient): ([Double], [Bool?], [Int]) = ([], [], [])
    for person in 0..<120 {
      for _ in 0..<2 {
        let positive = stream.uniform() < 0.4
        scores.append(stream.normal() + (positive ? 1 : 0))
        truth.append(positive)
        patient.append(person)
      }
    }
    let grouped = try fairness(
      Cases(scores: scores, truth: truth, patient: patient),
      groups: patient.map { $0 % 2 == 0 ? "F" : "M" }, threshold: 0.5,
      draws: PatientDraws(patients: 120, replicates: 1_000, seed: 0), permutations: 1_000)
    let gap = try #require(grouped[.predictiveEqualityDifference])
    let rest = try #require(
      grouped.differences.first { $0.statistic == .falsePositiveRate && $0.group == "F" })
    func line(_ name: String, _ estimate: Estimate, _ more: String) -> String {
      name.padding(toLength: 38, withPad: " ", startingAt: 0)
        + "\(Self.text(estimate.point.value)) [\(Self.text(estimate.low)), \(Self.text(estimate.high))]"
        + more
    }
    for line in [
      line(
        "predictive_equality_difference.sex", gap.estimate, "    p \(Self.text(gap.pValue?.value))"),
      line("fpr of F minus the rest", rest.estimate, ""),
    ] {
      let isPrinted = Self.page.contains(line + "\n")
      #expect(isPrinted, "docs/metrics.md has no line `\(line)`")
    }
  }
}
