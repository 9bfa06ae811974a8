import Metrics

/// What `summary` kept of an arm on test: its means over seeds with their replicates.
package struct ArmEstimates: Sendable {
  /// The arm.
  package let summary: ArmSummary
  /// The means over seeds on test.
  package let test: NamedEstimates

  /// Reads the outputs of a `summary` stage.
  ///
  /// - Parameter names: the metrics that are wanted; all on test where there are none.
  /// - Throws: for a file that is not what it should be.
  package init(
    summary: String, metrics: String, replicates: String, names: [String]? = nil
  ) throws {
    self.summary = try ResultFile.read(ArmSummary.self, summary)
    let table = try MetricTable(path: metrics)
    let records = (names ?? table.names(startingWith: "test.")).compactMap { name in
      table[name].map { (name, EstimateRecord($0.estimate(replicates: []))) }
    }
    test = try NamedEstimates(
      Dictionary(records) { first, _ in first }, replicates: replicates)
  }

  /// Whether both were judged on the same cases and the same draws of them, so that replicates are
  /// pairs.
  package func isPaired(with other: ArmEstimates) -> Bool {
    let (own, other) = (summary, other.summary)
    return own.subsets == other.subsets && own.per == other.per
      && own.bootstrap.drawsAlike(other.bootstrap)
  }
}
