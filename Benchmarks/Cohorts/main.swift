import Basics
import Foundation
import Radiographs

// How long the tables of a cohort as large as CheXpert take, and its pictures.
//
//   CohortBenchmark phantom <folder>          writes the tables (223,000 pictures of 64,540 patients)
//   CohortBenchmark tables <folder>           reads, labels, splits and writes them
//   CohortBenchmark pictures <folder> [size]  decodes and packs the JPEG files in a folder
//
// One core, the best of several runs; `cohorts.py` shows Pillow beside the pictures.

/// Processor time of this process in seconds, all threads together.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The most memory this process ever had, in megabytes.
func peakMemory() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
}

func timed<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  let start = processorTime()
  let result = try body()
  print(String(format: "%@ %.2f s", name, processorTime() - start))
  return result
}

func tables(_ folder: String) throws {
  let start = processorTime()
  let cohort = try timed("read") {
    try CohortSource(source: "chexpert").read(root: folder, findingPictures: false).cohort
  }
  let findings = cohort.findings
  let labels = try timed("label") {
    try LabelTable(
      cohort, findings: findings, uncertain: findings.map { _ in .uOnes }, blank: .negative)
  }
  let split = try timed("split") {
    try Split(
      cohort, fractions: SplitFractions(train: 0.6, valid: 0.2, test: 0.2), seed: 0)
  }
  try timed("write") {
    try cohort.write(to: folder + "/cohort.csv")
    try labels.write(to: folder + "/labels.csv")
    try split.write(to: folder + "/split.csv")
  }
  let seconds = processorTime() - start
  print(
    String(
      format: "%d pictures: %.2f s on one core, at most %.0f MB", cohort.count, seconds,
      peakMemory()))
}

func pictures(_ folder: String, size: Int) throws {
  let names = try Files.entries(of: folder).map(\.name).filter { $0.hasSuffix(".jpg") }.sorted()
  let cohort = try Cohort(images: names, paths: names, patients: names, columns: [])
  let out = NSTemporaryDirectory() + "cohort-benchmark"
  defer { try? FileManager.default.removeItem(atPath: out) }
  var best = Double.infinity
  for _ in 0..<5 {
    let start = processorTime()
    try packImages(
      cohort, root: folder, form: PictureForm(size: size), onBadImage: .fail, to: out, threads: 1)
    best = min(best, processorTime() - start)
  }
  print(
    String(
      format: "%d pictures to %d: %.3f ms each, at most %.0f MB", names.count, size,
      1000 * best / Double(names.count), peakMemory()))
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("phantom", 2):
  try writePhantom(
    PhantomOptions(patients: 64_540), to: arguments[1], tablesOnly: true, threads: 2)
case ("tables", 2): try tables(arguments[1])
case ("pictures", 2...3): try pictures(arguments[1], size: Int(arguments.last ?? "") ?? 224)
default:
  print("usage: CohortBenchmark phantom|tables <folder>, CohortBenchmark pictures <folder> [size]")
}
