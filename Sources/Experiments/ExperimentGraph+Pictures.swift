import Basics
import Pipeline
import Radiographs

/// The stages that read a data set.
extension ExperimentGraph {
  /// The table of the pictures.
  mutating func cohort(
    _ section: CohortSection, _ files: ExperimentFiles, _ index: Int
  ) throws -> StageID {
    table =
      files.sources.isEmpty ? files.tables.first ?? files.root : Files.join(files.root, "cohort")
    phantomOptions = files.phantomOptions
    var inputs: [(name: String, source: StageInput)] = files.tableInputs.map {
      ($0.name, .file(path: $0.path))
    }
    if !files.isListed { inputs.append(("root", .listing(root: files.root))) }
    return try add(
      .cohort, CohortParameters(cohort: section), inputs, index, reads: ["cohort"],
      mentions: files.named.map { ("named.\($0)", $1) })
  }

  /// The pictures of a cohort, decoded.
  mutating func images(
    _ section: CohortSection, _ files: ExperimentFiles, form: PictureForm, of cohort: StageID,
    _ index: Int
  ) throws -> StageID {
    try add(
      .images,
      ImagesParameters(
        cohort: .init(onBadImage: section.onBadImage), images: form),
      [
        ("cohort", .output(cohort, name: OutputName.cohort)),
        (
          "pictures", .files(root: files.root, listedIn: cohort, name: OutputName.pictureList)
        ),
      ], index)
  }

  /// The table at `path` that says what the uncertain labels of an experiment's cohort are.
  mutating func adjudication(
    _ path: String, _ e: Experiment, _ index: Int
  ) throws -> StageID {
    try add(
      .cohort, CohortParameters(cohort: e.cohort),
      [("table.0", .file(path: path)), ("root", .listing(root: e.files.root))], index,
      of: "adjudication", reads: ["cohort", "eval.adjudicated"],
      mentions: [("named.table", path)])
  }
}
