import Basics
import Experiments
import Pipeline
import Radiographs

/// `sample`: draws what a training sees, with its labels, and weighs its classes.
func sampleStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: SampleParameters.self)
  let cohortSplit = try Split(path: context.input("split"))
  let problems = try PictureTable(path: context.input("pictures")).unusable
  let labels = try LabelTable(path: context.input("labels")).masking(problems)
  let section = parameters.sample
  var draw = SampleDraw(
    finding: section.finding, negative: section.counts?.negative,
    positive: section.counts?.positive, method: .all)
  switch section.method {
  case "downsample": draw.method = .downsample
  case "oversample": draw.method = .oversample
  case "group-balanced":
    let cohort = try context.cohort()
    guard cohort.images == cohortSplit.images else {
      throw Diagnostic("cohort and split are of different pictures")
    }
    draw.method = .groupBalanced(
      try cohort.groups(
        section.by ?? "", ageEdges: section.ageEdges ?? [], keeping: section.groups))
  default: break
  }
  let sample = try Sample(
    cohortSplit, labels, draw: draw, weights: parameters.train.classWeights.weighting,
    seed: parameters.seed ?? 0)
  let row = Dictionary(
    zip(labels.images, labels.images.indices), uniquingKeysWith: { first, _ in first })
  let rows = sample.images.compactMap { row[$0] }
  try labels.selecting(rows).write(to: context.output(OutputName.sample))
  try sample.writeWeights(to: context.output(OutputName.classWeights))
}

extension ClassWeightsSetting {
  /// The setting as the sample understands it.
  var weighting: ClassWeighting {
    switch self {
    case .none: .none
    case .balanced: .balanced
    case .explicit(let pair): .same(ClassWeight(negative: pair[0], positive: pair[1]))
    case .perFinding(let pairs):
      .each(pairs.mapValues { ClassWeight(negative: $0[0], positive: $0[1]) })
    }
  }
}

/// `pictures.csv`: what was measured of each picture.
struct PictureTable {
  let csv: CSV
  private let image: Int
  private let problem: Int

  init(path: String) throws {
    csv = try CSV(path: path)
    image = try csv.requiredColumn("image")
    problem = try csv.requiredColumn("problem")
  }

  /// The pictures that could not be read.
  var unusable: Set<String> {
    Set((0..<csv.rowCount).filter { !csv[$0, problem].isEmpty }.map { csv[$0, image] })
  }

  /// The row of each picture that could be read.
  var rows: [String: Int] {
    var rows: [String: Int] = [:]
    for row in 0..<csv.rowCount where csv[row, problem].isEmpty { rows[csv[row, image]] = row }
    return rows
  }
}
