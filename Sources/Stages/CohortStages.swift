import Basics
import Experiments
import Pipeline
import Radiographs

// From the tables of a data set to what a training sees.

/// `cohort`: reads the table, finds every picture.
func cohortStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: CohortParameters.self)
  // A single table is named to the reader, whether the spec or the data set did; several it finds.
  let tables = job.inputs.filter { $0.key.hasPrefix("table.") }
  let source = parameters.cohort.source(
    table: tables.count == 1 ? tables.first?.value.path : nil,
    demographics: job.inputs["demographics"]?.path)
  // The pictures of a list were looked up when it was made.
  let isListed = job.inputs["root"] == nil
  let (cohort, notes) = try source.read(
    root: isListed ? "" : context.folder("root"), findingPictures: !isListed)
  for note in notes.sentences { context.log(note) }
  try cohort.write(to: context.output(OutputName.cohort))
  try Files.write(
    cohort.paths.sorted().map { $0 + "\n" }.joined(), to: context.output(OutputName.pictureList))
}

extension JobContext {
  /// The cohort of the job, whose lines are named as those of its table.
  func cohort() throws -> Cohort {
    let path = try input("cohort")
    return try Cohort(path: path, table: job.mentions["table"] ?? path)
  }
}

extension CohortNotes {
  /// What a person should hear of the reading.
  fileprivate var sentences: [String] {
    var all: [String] = []
    if implausibleAges > 0 {
      all.append("\(implausibleAges) ages above 120 years are taken as missing")
    }
    if otherViews > 0 { all.append("\(otherViews) of \(rows) pictures have other views") }
    if !missingPictures.isEmpty {
      all.append(
        counted(missingPictures.count, "picture")
          + (missingPictures.count == 1
            ? " is missing and left out: " : " are missing and left out: ")
          + missingPictures.prefix(5).quotedList + (missingPictures.count > 5 ? ", …" : ""))
    }
    return all + (demographics?.sentences ?? [])
  }
}

/// `images`: decodes every picture once.
func imagesStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ImagesParameters.self)
  let cohort = try context.cohort()
  let origins = try PictureOrigins(of: cohort.table)
  let report = try packImages(
    cohort, root: context.folder("pictures"),
    size: parameters.images.size,
    onBadImage: BadImagePolicy(rawValue: parameters.cohort.onBadImage) ?? .fail,
    to: job.output, threads: job.threads,
    progress: { context.progress(done: $0, total: $1, unit: "pictures") },
    origin: origins.map { origins in { origins[cohort.rows[$0]] } })
  if !report.skipped.isEmpty {
    context.log(
      counted(report.skipped.count, "picture")
        + (report.skipped.count == 1
          ? " cannot be read and is left out: "
          : " cannot be read and are left out: ")
        + report.skipped.prefix(5).quotedList + (report.skipped.count > 5 ? ", …" : ""))
  }
}
