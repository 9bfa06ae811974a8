import Basics
import Experiments
import Pipeline
import Radiographs

// From the tables of a data set to what a training sees.

/// `cohort`: reads the table, finds every picture.
func cohortStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: CohortParameters.self)
  // The pictures of a list were looked up when it was made.
  let isListed = job.inputs["root"] == nil
  var named: [String: String] = [:]
  for (name, path) in job.mentions where name.hasPrefix("named.") {
    named[String(name.dropFirst("named.".count))] = path
  }
  let (cohort, notes) = try parameters.cohort.read(
    root: isListed ? "" : context.folder("root"), findingPictures: !isListed, named: named)
  for note in notes { context.log(note) }
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

/// `images`: decodes every picture once.
func imagesStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ImagesParameters.self)
  let cohort = try context.cohort()
  let origins = try PictureOrigins(of: cohort.table)
  let report = try packImages(
    cohort, root: context.folder("pictures"),
    form: parameters.images,
    onBadImage: BadImagePolicy(rawValue: parameters.cohort.onBadImage) ?? .fail,
    to: job.output, threads: job.threads,
    progress: { context.progress(done: $0, total: $1, unit: "pictures") },
    origin: origins.map { origins in { origins[cohort.rows[$0]] } })
  if !report.inverted.isEmpty {
    context.log(
      counted(report.inverted.count, "picture")
        + (report.inverted.count == 1 ? " looks like a negative: " : " look like negatives: ")
        + report.inverted.quotedFew())
  }
  let twins = identicalRows(report.digests).filter { rows in
    rows.contains { cohort.patients[$0] != cohort.patients[rows[0]] }
  }
  if !twins.isEmpty {
    let examples = twins.map { rows in rows.map { cohort.images[$0] }.joined(separator: " = ") }
    context.log(
      "\(counted(twins.reduce(0) { $0 + $1.count }, "picture")) of different patients are the same "
        + "files, and may be in train and test: \(examples.quotedFew()); `data lint-split` says so")
  }
  if !report.skipped.isEmpty {
    context.log(
      counted(report.skipped.count, "picture")
        + (report.skipped.count == 1
          ? " cannot be read and is left out: "
          : " cannot be read and are left out: ")
        + report.skipped.prefix(5).quotedList + (report.skipped.count > 5 ? ", …" : ""))
  }
}
