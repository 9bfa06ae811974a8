/// `consistency.json`: whether the models of a sweep err on the same cases of test.
package struct ConsistencyDocument: Codable, Sendable {
  /// The unit of a case: `image`, `study` or `patient`.
  package var per: String
  /// The arms, in the order of the sweep; a model is an arm with a seed.
  package var arms: [Arm]
  /// How many models there are.
  package var models: Int
  /// How many of them the intervals of means stand on, drawn where there are too many; absent where
  /// on all.
  package var bootstrapped: Int?
  /// κ, the mean over the findings for which it is defined.
  package var mean: ConsistencyMeans
  /// Each finding.
  package var findings: [FindingConsistency]
  /// Why there is nothing here.
  package var undefined: String?

  /// An arm.
  package struct Arm: Codable, Sendable {
    package var arm: String
    package var seeds: [Int]

    /// An arm.
    package init(arm: String, seeds: [Int]) { (self.arm, self.seeds) = (arm, seeds) }
  }

  /// A document.
  package init(
    per: String, arms: [Arm], bootstrapped: Int?, mean: ConsistencyMeans,
    findings: [FindingConsistency], undefined: String?
  ) {
    self.per = per
    self.arms = arms
    models = arms.map(\.seeds.count).reduce(0, +)
    self.bootstrapped = bootstrapped
    self.mean = mean
    self.findings = findings
    self.undefined = undefined
  }
}

/// Mean error consistencies κ over pairs of models.
package struct ConsistencyMeans: Codable, Sendable {
  /// Over all pairs.
  package var all: EstimateRecord
  /// Over pairs of models of two arms; absent with one arm.
  package var betweenArms: EstimateRecord?
  /// Over pairs of seeds of one arm; absent with one seed.
  package var withinArms: EstimateRecord?
  /// The two arms that err most alike, and least.
  package var highest, lowest: ArmPair?

  /// Two arms with their mean κ.
  package struct ArmPair: Codable, Sendable {
    package var first, second: String
    package var kappa: Double

    /// Two arms.
    package init(first: String, second: String, kappa: Double) {
      (self.first, self.second, self.kappa) = (first, second, kappa)
    }
  }

  enum CodingKeys: String, CodingKey {
    case all, highest, lowest
    case betweenArms = "between_arms"
    case withinArms = "within_arms"
  }

  /// Means.
  package init(
    all: EstimateRecord, betweenArms: EstimateRecord?, withinArms: EstimateRecord?,
    highest: ArmPair?, lowest: ArmPair?
  ) {
    self.all = all
    self.betweenArms = betweenArms
    self.withinArms = withinArms
    self.highest = highest
    self.lowest = lowest
  }
}

/// The consistency in one finding.
package struct FindingConsistency: Codable, Sendable {
  package var finding: String
  /// The evaluated cases, and their patients.
  package var cases, patients: Int
  /// The models without a threshold, which take no part, and why.
  package var leftOut: [String]
  package var kappa: ConsistencyMeans
  /// How many cases k of the models miss, for each k from 0.
  package var missedBy: [EstimateRecord]
  /// Each group of each attribute.
  package var groups: [Group]

  /// The consistency in a group.
  package struct Group: Codable, Sendable {
    package var attribute, group: String
    package var cases, patients: Int
    package var kappa: ConsistencyMeans
    /// How many of its cases all models miss.
    package var missedByAll: Int
    /// The share of these among its cases.
    package var rate: EstimateRecord
    /// Its share among the cases that all models miss divided by its share among all cases.
    package var representation: EstimateRecord

    enum CodingKeys: String, CodingKey {
      case attribute, group, cases, patients, kappa, rate, representation
      case missedByAll = "missed_by_all"
    }

    /// A group.
    package init(
      attribute: String, group: String, cases: Int, patients: Int, kappa: ConsistencyMeans,
      missedByAll: Int, rate: EstimateRecord, representation: EstimateRecord
    ) {
      (self.attribute, self.group) = (attribute, group)
      (self.cases, self.patients) = (cases, patients)
      self.kappa = kappa
      self.missedByAll = missedByAll
      self.rate = rate
      self.representation = representation
    }
  }

  enum CodingKeys: String, CodingKey {
    case finding, cases, patients, kappa, groups
    case leftOut = "left_out"
    case missedBy = "missed_by"
  }

  /// A finding.
  package init(
    finding: String, cases: Int, patients: Int, leftOut: [String], kappa: ConsistencyMeans,
    missedBy: [EstimateRecord], groups: [Group]
  ) {
    self.finding = finding
    (self.cases, self.patients) = (cases, patients)
    self.leftOut = leftOut
    self.kappa = kappa
    self.missedBy = missedBy
    self.groups = groups
  }
}
