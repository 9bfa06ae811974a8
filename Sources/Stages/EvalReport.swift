import Basics
import Experiments
import Metrics

/// Collects what `metrics.json` and `curves.csv` say.
struct EvalReport {
  private let section: EvalParameters.Eval
  private let findings: [String]
  private let means: [String: [String]]
  private let interval: IntervalMethod
  private let isOneOf: Bool
  var thresholds: [ThresholdRecord] = []
  private(set) var named = NamedEstimates()
  private(set) var curves = CurveTable(keys: ["subset", "finding"])
  private var delong: [DeLongRecord] = []

  /// - Parameter isOneOf: whether the findings are classes that exclude each other.
  init(_ section: EvalParameters.Eval, findings: [String], isOneOf: Bool) {
    self.isOneOf = isOneOf
    self.section = section
    self.findings = findings
    means = meansOverFindings(section.means, findings)
    interval = IntervalMethod(rawValue: section.interval) ?? .percentile
  }

  /// Judges a subset at a unit by the thresholds `fitted` to it.
  mutating func add(
    _ subset: JudgedSubset, _ unit: EvaluationUnit, _ fitted: [ThresholdRecord],
    draws: PatientDraws, threads: Int
  ) throws {
    let (name, isMain) = (subset.subset.rawValue, unit.name == section.per)
    let cases = try findings.indices.map { try subset.cases($0, unit) }
    let measured = try zip(cases, fitted).map { cases, fit in
      try measure(cases, fit, draws: draws, isMain: isMain, threads: threads)
    }
    for (index, metric) in (measured.first ?? []).map(\.name).enumerated() {
      named.add(
        isMain ? name : "\(name).per_\(unit.name)", metric, measured.map { $0[index].estimate },
        findings: findings, means: means)
    }
    if isOneOf {
      for (metric, estimate) in try SeveralClasses(findings, cases).named(
        draws: draws, threads: threads)
      {
        named.add(isMain ? "\(name).\(metric)" : "\(name).per_\(unit.name).\(metric)", estimate)
      }
    }
    for (finding, cases) in zip(findings, cases) {
      let rows = cases.truth.indices.filter { cases.truth[$0] != nil }
      let isPatient = unit.name == "patient"
      let errors = try DeLong(
        systems: [rows.map { cases.scores[$0] }], truth: rows.map { cases.truth[$0] == true },
        clusters: isPatient ? nil : rows.map { cases.patient[$0] })
      delong.append(
        DeLongRecord(
          errors, subset: name, per: unit.name, finding: finding,
          form: isPatient ? "delong" : "obuchowski"))
      if isMain { try curves.append([name, finding], cases, rows: rows) }
    }
  }

  /// Every metric of a finding; those that need passes of their own at the main unit alone.
  private func measure(
    _ cases: Cases, _ fit: ThresholdRecord, draws: PatientDraws, isMain: Bool, threads: Int
  ) throws -> [(name: String, estimate: Estimate)] {
    let estimates = try evaluate(
      cases, threshold: fit.threshold, draws: draws, interval: interval, threads: threads)
    var all = Statistic.allCases.map { statistic in
      guard statistic.needsThreshold, let reason = fit.objection else {
        return (name: statistic.rawValue, estimate: estimates[statistic])
      }
      return (statistic.rawValue, Estimate(point: .undefined(reason)))
    }
    guard isMain else { return all }
    let calibration = try CalibrationEstimates(
      cases, draws: draws, interval: interval, threads: threads)
    all += [
      (MetricName.calibrationSlope, calibration.slope),
      (MetricName.calibrationIntercept, calibration.intercept),
      (MetricName.calibrationInterceptAtSlopeOne, calibration.interceptAtSlopeOne),
    ]
    guard let at = section.at else { return all }
    let rates = try GivenRates(
      cases, atSpecificity: at.specificity, atSensitivity: at.sensitivity, draws: draws,
      interval: interval, threads: threads)
    all += zip(at.specificity.map(MetricName.sensitivity(atSpecificity:)), rates.sensitivities)
      .map { ($0, $1) }
    all += zip(at.sensitivity.map(MetricName.specificity(atSensitivity:)), rates.specificities)
      .map { ($0, $1) }
    return all
  }

  func document(subsets: [String: SubsetCounts]) -> MetricsDocument {
    MetricsDocument(
      per: section.per, subsets: subsets,
      bootstrap: BootstrapRecord(
        replicates: section.bootstrap, seed: section.seed, interval: section.interval,
        strata: section.strata), thresholds: thresholds, delong: delong, metrics: named.records)
  }
}

/// The lists of findings that means are taken over: those of the spec, and `competition`, the five of
/// the CheXpert competition where they are learned among others.
func meansOverFindings(
  _ means: [String: [String]]?, _ findings: [String]
) -> [String: [String]] {
  let competition = FindingsMean.competition
  guard findings.count > competition.count, competition.allSatisfy(findings.contains) else {
    return means ?? [:]
  }
  return ["competition": competition].merging(means ?? [:]) { $1 }
}
