import Basics
import Foundation

/// What a run would do, and why.
public struct Plan: Sendable {
  /// One entry for each stage, in the order of the graph.
  public let entries: [PlanEntry]
  /// The graph that was planned.
  public let graph: Graph

  /// How many stages are found, will run and may run.
  public var counts: PlanCounts {
    var counts = PlanCounts()
    for entry in entries {
      switch entry.status {
      case .cached: counts.cached += 1
      case .run: counts.run += 1
      case .maybe: counts.maybe += 1
      }
    }
    return counts
  }

  /// The plan as other programs read it:
  /// `{"stages": [{"id", "kind", "experiments", "status", "reasons"}], "counts"}`.
  public func json() throws -> String {
    let stages = entries.map { entry in
      let node = graph[entry.stage]
      return StageDocument(
        id: node.label, kind: node.declaration.kind,
        experiments: node.experiments.map {
          graph.experiments.indices.contains($0) ? graph.experiments[$0] : "\($0)"
        },
        status: entry.status.name, reasons: entry.reasons)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(PlanDocument(stages: stages, counts: counts))
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

/// How many stages of a plan are found, will run and may run.
public struct PlanCounts: Hashable, Sendable, Codable {
  /// Stages whose results are there.
  public var cached = 0
  /// Stages that will run.
  public var run = 0
  /// Stages that run if what comes before them makes other bytes than before.
  public var maybe = 0

  /// No stages.
  public init() {}
}

/// What a run would do with one stage, and why.
public struct PlanEntry: Sendable {
  /// The stage.
  public let stage: StageID
  /// What a run would do.
  public let status: PlanStatus
  /// Why; empty for a stage that is found.
  public let reasons: [Reason]
  /// What names its result; `nil` where not all inputs are known yet.
  public let fingerprint: Digest?
}

/// What a run would do with a stage.
public enum PlanStatus: Sendable, Hashable {
  /// Nothing: its result is there.
  case cached(StageResult)
  /// Run it.
  case run
  /// Run it unless what it reads turns out to be what it was.
  case maybe

  /// `cached`, `run` or `maybe`.
  public var name: String {
    switch self {
    case .cached: "cached"
    case .run: "run"
    case .maybe: "maybe"
    }
  }
}

private struct PlanDocument: Encodable {
  let stages: [StageDocument]
  let counts: PlanCounts
}

private struct StageDocument: Encodable {
  let id: String
  let kind: String
  let experiments: [String]
  let status: String
  let reasons: [Reason]
}
