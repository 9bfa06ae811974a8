import Basics
import CImage
import Dispatch
import Synchronization

/// Writes a phantom to `folder`: a cohort of which all is known, in the layout of a data set.
///
/// ``PhantomFiles`` and the layout name what is written. In CheXpert's layout `truth.csv` has the
/// columns of `train.csv`, so that it can stand in for it as the reader's `table`. The bytes depend on
/// `options` alone; the main table is written last, so that where it is the rest is too.
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
  let pages = options.layout.pages(options)
  let truthFile = Files.join(folder, PhantomFiles.truth)
  for (path, _) in pages.tables.prefix(1)
  where Files.exists(Files.join(folder, path)) && !Files.exists(truthFile) {
    let dataSet = Files.parent(of: Files.join(folder, path))
    throw Diagnostics([
      Diagnostic("`\(dataSet)` is a data set and no phantom, so it is left alone")
    ])
  }
  try several { () throws(Diagnostic) in
    for (path, _) in pages.tables {
      try Files.makeFolder(Files.parent(of: Files.join(folder, path)))
    }
  }
  var tables = pages.tables.map { $0.header.isEmpty ? [] : CSVWriter(header: $0.header).bytes }
  var counts = (train: PhantomTruth.Counts(), valid: PhantomTruth.Counts())
  let press = PhantomPress(
    options: options, pages: pages, devices: DeviceChance(options.dials),
    folder: tablesOnly ? nil : folder, isStopped: isStopped)
  let total = options.patients + options.validPatients
  let chunk = max(1, threads) * 64
  for start in stride(from: 0, to: total, by: chunk) {
    let sheets = press.sheets(start..<min(start + chunk, total), threads: threads)
    for (index, sheet) in zip(start..., sheets) {
      let sheet = try several { () throws(Diagnostic) in try sheet.get() }
      if index < options.patients { counts.train.add(sheet) } else { counts.valid.add(sheet) }
      for (table, rows) in sheet.rows.enumerated() { tables[table] += rows }
    }
    progress(min(start + chunk, total), total)
  }
  let truth = PhantomTruth(options, train: counts.train, valid: counts.valid)
  try several { () throws(Diagnostic) in
    try truth.write(to: truthFile)
    for (index, table) in pages.tables.enumerated().reversed() {
      try Files.write(tables[index], to: Files.join(folder, table.path))
    }
  }
  return truth
}

/// One patient as rows of the tables.
private struct PatientSheet {
  var rows: [[UInt8]] = []
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

  let options: PhantomOptions
  let pages: any PhantomPages
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
    let page = pages.page(of: patient, numbered: index + 1, in: isTrain ? .train : .valid)
    sheet.rows = page.rows
    sheet.pictures = page.pictures.count
    sheet.studies = Set(page.pictures.map(\.study)).count
    guard let folder else { return sheet }
    for (path, study, view) in page.pictures {
      let file = Files.join(folder, path)
      try Files.makeFolder(Files.parent(of: file))
      let pixels = PhantomPicture.draw(patient, study: study, view: view, options: options)
      try write(pixels, to: file)
    }
    return sheet
  }

  private func write(_ pixels: [UInt8], to path: String) throws(Diagnostic) {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let side = Int32(options.size)
    let done =
      switch pages.encoding {
      case .jpeg(let quality): cimage_encode_jpeg(pixels, side, side, quality, &bytes, &count)
      case .png(let bits): cimage_encode_png(pixels, side, side, 1, bits, &bytes, &count)
      }
    guard done == 1, let bytes else { throw Diagnostic("`\(path)` cannot be encoded") }
    defer { cimage_free(bytes) }
    // A picture can be drawn again; only the tables say that all is there.
    try Files.write(UnsafeBufferPointer(start: bytes, count: count), to: path, durable: false)
  }
}
