import Basics
import CImage
import Dispatch
import Synchronization

/// Writes a phantom to `folder`: a cohort in CheXpert's layout of which all is known.
///
/// ``PhantomFiles`` names what is written. `truth.csv` has the columns of `train.csv`, so that it
/// can stand in for it as the reader's `table`. The bytes depend on `options` alone; `train.csv` is
/// written last, so that where it is the rest is too.
///
/// - Parameters:
///   - tablesOnly: whether to leave out the pictures.
///   - threads: how many patients are drawn at the same time.
///   - progress: told how many patients of how many are done, in this thread.
///   - isStopped: asked before each patient, from any thread, whether to give up.
/// - Throws: for bad options, for a data set in `folder` that is no phantom, and where a file cannot
///   be written.
@discardableResult
public func writePhantom(
  _ options: PhantomOptions, to folder: String, tablesOnly: Bool = false, threads: Int,
  progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
  isStopped: @escaping @Sendable () -> Bool = { false }
) throws(Diagnostics) -> PhantomTruth {
  guard options.problems.isEmpty else { throw Diagnostics(options.problems) }
  let dataSet = Files.join(folder, PhantomFiles.dataSet)
  let truthFile = Files.join(folder, PhantomFiles.truth)
  if Files.exists(Files.join(dataSet, "train.csv")), !Files.exists(truthFile) {
    throw Diagnostics([Diagnostic("`\(dataSet)` is a data set and no phantom, so it is left alone")]
    )
  }
  try several { () throws(Diagnostic) in try Files.makeFolder(dataSet) }
  let header = CheXpertReader.leading + PhantomFinding.all.map(\.name)
  var tables = (train: CSVWriter(header: header).bytes, valid: CSVWriter(header: header).bytes)
  var pictures = CSVWriter(header: header).bytes
  var people = CSVWriter(
    header: ["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"])
  var counts = (train: PhantomTruth.Counts(), valid: PhantomTruth.Counts())
  let press = PhantomPress(
    options: options, devices: DeviceChance(options.dials), folder: tablesOnly ? nil : folder,
    isStopped: isStopped)
  let total = options.patients + options.validPatients
  let chunk = max(1, threads) * 64
  for start in stride(from: 0, to: total, by: chunk) {
    let sheets = press.sheets(start..<min(start + chunk, total), threads: threads)
    for (index, sheet) in zip(start..., sheets) {
      let sheet = try several { () throws(Diagnostic) in try sheet.get() }
      if index < options.patients {
        tables.train += sheet.rows
        counts.train.add(sheet)
      } else {
        tables.valid += sheet.rows
        counts.valid.add(sheet)
      }
      pictures += sheet.truth
      people.append(sheet.person)
    }
    progress(min(start + chunk, total), total)
  }
  let truth = PhantomTruth(options, train: counts.train, valid: counts.valid)
  try several { () throws(Diagnostic) in
    try truth.write(to: truthFile)
    try people.write(to: Files.join(folder, PhantomFiles.demographics))
    try Files.write(pictures, to: Files.join(folder, PhantomFiles.pictures))
    try Files.write(tables.valid, to: Files.join(dataSet, "valid.csv"))
    try Files.write(tables.train, to: Files.join(dataSet, "train.csv"))
  }
  return truth
}

/// One patient as rows of the tables.
private struct PatientSheet {
  var rows: [UInt8] = []
  var truth: [UInt8] = []
  var person: [String] = []
  var studies = 0
  var pictures = 0
}

extension PhantomTruth.Counts {
  fileprivate mutating func add(_ sheet: PatientSheet) {
    patients += 1
    studies += sheet.studies
    pictures += sheet.pictures
  }
}

/// Makes the sheets of patients, and their pictures where there is a folder for them.
private struct PhantomPress: Sendable {
  typealias Sheet = Result<PatientSheet, Diagnostic>

  private static let quality: Int32 = 92

  let options: PhantomOptions
  let devices: DeviceChance
  let folder: String?
  let isStopped: @Sendable () -> Bool

  func sheets(_ range: Range<Int>, threads: Int) -> [Sheet] {
    var sheets = [Sheet](repeating: .success(PatientSheet()), count: range.count)
    sheets.withUnsafeMutableBufferPointer { sheets in
      // Each index is drawn by one thread only, so that no two write to the same place.
      nonisolated(unsafe) let sheets = sheets
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: max(1, min(threads, range.count))) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < sheets.count else { return }
          do throws(Diagnostic) {
            sheets[index] = .success(try sheet(range.lowerBound + index))
          } catch {
            sheets[index] = .failure(error)
          }
        }
      }
    }
    return sheets
  }

  private func sheet(_ index: Int) throws(Diagnostic) -> PatientSheet {
    if isStopped() { throw Diagnostic("the phantom was stopped at patient \(index + 1)") }
    let isTrain = index < options.patients
    let subset = isTrain ? "train" : "valid"
    let patient = PhantomPatient(
      isTrain ? index + 1 : index - options.patients + 1, of: subset, numbered: index + 1,
      options: options, devices: devices)
    var sheet = PatientSheet()
    sheet.person = [
      patient.id, patient.sex, String(patient.studies.first?.age ?? 0), patient.race,
      patient.ethnicity,
    ]
    sheet.studies = patient.studies.count
    for (number, study) in patient.studies.enumerated() {
      let path = "\(PhantomFiles.dataSet)/\(subset)/\(patient.id)/study\(number + 1)"
      if let folder { try Files.makeFolder(Files.join(folder, path)) }
      let labels = cells(study.labels)
      let truth = cells(study.truth.map { $0 ? .positive : .negative })
      for (view, shown) in study.views.enumerated() {
        let name = "\(path)/view\(view + 1)_\(shown.isLateral ? "lateral" : "frontal").jpg"
        let side = shown.isLateral ? "Lateral" : "Frontal"
        let head = Array("\(name),\(patient.sex),\(study.age),\(side),\(shown.projection)".utf8)
        sheet.rows += head + labels
        sheet.truth += head + truth
        sheet.pictures += 1
        guard let folder else { continue }
        let pixels = PhantomPicture.draw(patient, study: number, view: view, options: options)
        try write(pixels, to: Files.join(folder, name))
      }
    }
    return sheet
  }

  /// The labels as the end of a row.
  private func cells(_ labels: [RawLabel]) -> [UInt8] {
    var bytes: [UInt8] = []
    for label in labels {
      bytes.append(UInt8(ascii: ","))
      switch label {
      case .positive: bytes += "1.0".utf8
      case .negative: bytes += "0.0".utf8
      case .uncertain: bytes += "-1.0".utf8
      case .blank: break
      }
    }
    bytes.append(10)
    return bytes
  }

  private func write(_ pixels: [UInt8], to path: String) throws(Diagnostic) {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let side = Int32(options.size)
    guard cimage_encode_jpeg(pixels, side, side, Self.quality, &bytes, &count) == 1, let bytes
    else { throw Diagnostic("`\(path)` cannot be encoded") }
    defer { cimage_free(bytes) }
    // A picture can be drawn again; only the tables say that all is there.
    try Files.write(UnsafeBufferPointer(start: bytes, count: count), to: path, durable: false)
  }
}
