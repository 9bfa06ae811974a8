import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// Which cases of test each model of a sweep gets right, finding by finding, as one and in groups.
struct ModelErrors {
  /// The cases as one, or divided by an attribute.
  struct Division {
    let attribute: String?
    /// The pictures of each case; `nil` where each picture is one.
    let units: Units?
    /// The group of each picture.
    let groups: [String?]?
  }

  /// A finding in a division.
  struct Part {
    /// The cases that are evaluated, as units of the division.
    let evaluated: [Int]
    let truth: [Bool]
    let groups: [String?]?
    /// The models that have a threshold, and what each gets right.
    fileprivate(set) var systems: Correctness
    fileprivate(set) var models: [Int] = []
    /// Why others have none.
    fileprivate(set) var leftOut: [String] = []
  }

  let test: JudgedSubset
  let divisions: [Division]
  /// `[finding][division]`.
  private(set) var parts: [[Part]] = []
  /// Why the models cannot be held against each other.
  private(set) var objection: String?

  /// - Parameter names: of the models, whose inputs are numbered.
  init(_ context: JobContext, _ parameters: ConsistencyParameters, names: [String]) throws {
    let findings = parameters.labels.findings
    let unit = EvaluationUnit(
      name: parameters.eval.per, rule: Units.Rule(rawValue: parameters.eval.aggregate) ?? .max)
    func predictions(_ model: Int) throws -> Predictions {
      try Predictions(path: context.input("predictions.\(model)"), findings: findings)
    }
    let test = try JudgedSubset(
      predictions(0), LabelTable(path: context.input("truth")), subset: .test)
    let cohort = try context.cohort()
    self.test = test
    divisions =
      [Division(attribute: nil, units: test.units(unit), groups: nil)]
      + (try parameters.fairness.by.map { attribute in
        let groups = try parameters.fairness.groups(
          attribute, cohort: cohort, images: test.images)
        return Division(
          attribute: attribute, units: test.units(unit, groups: groups), groups: groups)
      })
    for (model, name) in names.enumerated() {
      guard let scored = model == 0 ? test : test.scored(by: try predictions(model)) else {
        objection = "`\(name)` is judged on other cases than `\(names[0])`"
        return
      }
      let thresholds = try [ThresholdRecord].read(
        context.input("thresholds.\(model)"), findings: findings, per: unit.name)
      for (finding, threshold) in thresholds.enumerated() {
        let cases = try divisions.map { division in
          let images = try scored.images(finding)
          return try division.units?.aggregate(images, rule: unit.rule) ?? images
        }
        if model == 0 { parts.append(try zip(divisions, cases).map(Part.init)) }
        for (division, cases) in cases.enumerated() {
          try parts[finding][division].add(model, cases, threshold, name: name)
        }
      }
      context.progress(done: model + 1, total: names.count, unit: "models")
    }
  }

  /// The rows of the pictures of each case of a division.
  func pictures(_ division: Division) -> [[Int]] {
    guard let units = division.units else { return test.images.indices.map { [$0] } }
    var rows = [[Int]](repeating: [], count: units.count)
    for (row, unit) in units.unit.enumerated() { rows[unit].append(row) }
    return rows
  }
}

extension ModelErrors.Part {
  fileprivate init(_ division: ModelErrors.Division, _ cases: Cases) throws {
    let evaluated = cases.truth.indices.filter { cases.truth[$0] != nil }
    self.evaluated = evaluated
    truth = evaluated.map { cases.truth[$0] == true }
    let groups = try division.groups.map { try division.units?.attribute($0) ?? $0 }
    self.groups = groups.map { groups in evaluated.map { groups[$0] } }
    systems = try Correctness(patient: evaluated.map { cases.patient[$0] })
  }

  fileprivate mutating func add(
    _ model: Int, _ cases: Cases, _ threshold: ThresholdRecord, name: String
  ) throws {
    guard let value = threshold.threshold else {
      leftOut.append("\(name): no threshold")
      return
    }
    let right = cases.isRight(at: value)
    try systems.append(evaluated.map { right[$0] == true })
    models.append(model)
  }
}
