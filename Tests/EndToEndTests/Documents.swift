import Foundation
import Testing

/// `compare --format json`.
struct Comparison: Decodable {
  struct Row: Decodable {
    let arm: String
    let settings: [String: String]
    let seeds: Int
    let baseline: Bool
    let pareto: Bool
    let utopia: Double?
    let comparison: Against?
    let metrics: [String: Metric]
  }
  struct Against: Decodable {
    let baseline: String
    let differences: [String: Difference]
  }
  struct Difference: Decodable {
    let difference, low, high, p_value, adjusted: Double?
    let verdict: String
  }
  struct Metric: Decodable {
    let mean, sd, min, max, low, high: Double?
    let n: Int
    let undefined: String?
  }
  struct Baselines: Decodable {
    struct Entry: Decodable {
      let arm, baseline, kind: String
      let differences: [String: Difference]
    }
    struct Missing: Decodable { let kind, sweep, add_to, yaml: String }
    let comparisons: [Entry]
    let missing: [Missing]
  }
  struct Consistency: Decodable {
    struct Document: Decodable { let models: Int }
    let sweep: String
    let document: Document?
    let undefined: String?
  }
  let baselines: Baselines
  let consistency: [Consistency]
  let notes: [String]
  let rows: [Row]
}

/// `plan --format json`.
struct PlanDocument: Decodable {
  struct Stage: Decodable {
    let id, kind: String
    let experiments: [String]
    let status: String
    let reasons: [Reason]
  }
  struct Reason: Decodable, Equatable {
    let what, name: String
    let from, to: String?
  }
  let stages: [Stage]
  let counts: [String: Int]
}

extension World {
  /// The table of `spec.yaml` with more options.
  func comparison(_ options: String...) throws -> Comparison { try comparison(options) }

  /// The table of `spec.yaml` with more options.
  func comparison(_ options: [String]) throws -> Comparison {
    let command = ["compare", "spec.yaml", "--format", "json"] + options
    return try JSONDecoder().decode(
      Comparison.self, from: Data(start(command).end().output.utf8))
  }

  /// The plan of `spec.yaml` with more options.
  func plan(_ options: String...) throws -> PlanDocument {
    let plan = try start(["plan", "spec.yaml", "--format", "json"] + options).end()
    try #require(plan.code == 0, "\(plan.errors)")
    return try JSONDecoder().decode(PlanDocument.self, from: Data(plan.output.utf8))
  }
}

extension Program.Ended {
  /// The kinds of stages that workers began: the first words of their labels.
  var beganKinds: Set<String> { Set(began.map { String($0.prefix { $0 != " " }) }) }
}
