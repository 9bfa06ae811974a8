import Basics
import Dispatch
import Synchronization

/// What packing the pictures of a cohort came to.
public struct PackReport: Sendable, Equatable {
  /// How many pictures are in the pack.
  public var packed: Int
  /// The keys of those left out.
  public var skipped: [String]
  /// The keys of those that look like negatives (MONOCHROME1), which are packed as they are.
  public var inverted: [String]
  /// The digest of each picture's file, in the order of the cohort; `nil` where it cannot be read.
  public var digests: [Digest?]
}

/// Decodes the pictures of `cohort`, resizes them to squares and packs them in `folder`.
///
/// The bytes written depend on the pictures alone, not on `threads`. Memory does not grow with the
/// cohort: pictures are written as they are decoded.
///
/// - Parameters:
///   - root: the folder that the paths of the cohort are relative to.
///   - form: the square that each becomes, at most 4096 pixels wide.
///   - threads: how many pictures are decoded at the same time.
///   - progress: told how many pictures of how many are done, in this thread.
///   - origin: how errors name the picture of a row, and where; by its path and its line in the
///     table where `nil`.
/// - Throws: all pictures that cannot be read, unless they are to be skipped; nothing is left in
///   `folder` then.
@discardableResult
public func packImages(
  _ cohort: Cohort, root: String, form: PictureForm, onBadImage: BadImagePolicy, to folder: String,
  threads: Int, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
  origin: ((_ row: Int) -> (name: String, place: Place?))? = nil
) throws(Diagnostics) -> PackReport {
  let size = form.size
  guard (1...4096).contains(size) else {
    throw Diagnostics([Diagnostic("pictures of \(size) pixels cannot be packed: 1 to 4096 can")])
  }
  guard [8, 16].contains(form.bits) else {
    throw Diagnostics([Diagnostic("levels of \(form.bits) bits cannot be packed: 8 and 16 can")])
  }
  let writer = try several { () throws(Diagnostic) in
    try Files.makeFolder(folder)
    let writer = try PackWriter(Files.join(folder, ImagePack.pixelsFile))
    try writer.write([UInt8](repeating: 0, count: ImagePack.headerSize))
    return writer
  }
  let area = size * size * form.bits / 8
  // Enough for every thread to find work, and about 64 MB of pixels at most.
  let chunk = min(max(1, 64_000_000 / area), max(1, threads) * 64)
  var pixels = [UInt8](repeating: 0, count: min(chunk, max(1, cohort.count)) * area)
  var table = CSVWriter(header: ["image"] + PictureStatistics.names + ["inverted", "problem"])
  var (packed, skipped, digests): ([String], [String], [Digest?]) = ([], [], [])
  var inverted: [String] = []
  var wrong = DiagnosticList()
  for start in stride(from: 0, to: cohort.count, by: chunk) {
    let rows = start..<min(start + chunk, cohort.count)
    let results = decodeAll(
      rows.map { Files.join(root, cohort.paths[$0]) }, form, &pixels, threads: threads)
    for (row, result) in zip(rows, results) {
      let image = cohort.images[row]
      digests.append(result.digest)
      switch result.outcome {
      case .success(let statistics):
        packed.append(image)
        if result.isInverted { inverted.append(image) }
        table.append([image] + statistics.cells + [result.isInverted ? "1" : "0", ""])
        guard wrong.isEmpty else { continue }
        try several { () throws(Diagnostic) in
          try writer.write(pixels[(row - start) * area..<(row - start + 1) * area])
        }
      case .failure(let problem):
        skipped.append(image)
        let blanks = PictureStatistics.names.map { _ in "" }
        table.append([image] + blanks + ["", problem.message])
        guard onBadImage == .fail else { continue }
        let (name, place) = origin?(row) ?? (cohort.paths[row], cohort.place(row))
        wrong.add("picture `\(name)` cannot be read: \(problem.message)", at: place)
      }
    }
    progress(rows.upperBound, cohort.count)
  }
  try wrong.throwIfAny()
  guard !packed.isEmpty else {
    throw Diagnostics([
      Diagnostic(
        cohort.count == 1
          ? "the only picture cannot be read" : "none of the \(cohort.count) pictures can be read")
    ])
  }
  try several { () throws(Diagnostic) in
    try table.write(to: Files.join(folder, ImagePack.picturesFile))
    try writer.finish(header: ImagePack.header(images: packed, size: size, bits: form.bits))
  }
  return PackReport(packed: packed.count, skipped: skipped, inverted: inverted, digests: digests)
}

/// A picture's statistics or why there are none, and the digest of its file.
private typealias Decoded = (
  outcome: Result<PictureStatistics, Diagnostic>, digest: Digest?, isInverted: Bool
)

/// Decodes the pictures at `paths` into `pixels`, one after the other in memory.
private func decodeAll(
  _ paths: [String], _ form: PictureForm, _ pixels: inout [UInt8], threads: Int
) -> [Decoded] {
  let area = form.size * form.size * form.bits / 8
  let none: Decoded = (.failure(Diagnostic("")), nil, false)
  var results = [Decoded](repeating: none, count: paths.count)
  pixels.withUnsafeMutableBufferPointer { pixels in
    results.withUnsafeMutableBufferPointer { results in
      // Each index is drawn by one thread only, so that no two write to the same place.
      nonisolated(unsafe) let (pixels, results) = (pixels, results)
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: max(1, min(threads, paths.count))) { _ in
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < paths.count else { return }
          let out = UnsafeMutableBufferPointer(
            rebasing: pixels[index * area..<(index + 1) * area])
          results[index] = decode(paths[index], form, out)
        }
      }
    }
  }
  return results
}

private func decode(
  _ path: String, _ form: PictureForm, _ out: UnsafeMutableBufferPointer<UInt8>
) -> Decoded {
  var digest: Digest?
  do throws(Diagnostic) {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw Diagnostic(reason(error, path)) }
    var hash = SHA256()
    hash.update(file.bytes)
    digest = hash.finish()
    let picture = try Picture(
      decoding: file.bytes, for: form.decode == .whole ? 0 : form.size, bits: form.bits)
    let isInverted =
      form.bits == 16
      ? try pack(
        picture, form, UnsafeMutableRawBufferPointer(out).assumingMemoryBound(to: UInt16.self))
      : try pack(picture, form, out)
    let statistics = PictureStatistics(picture, fileBytes: file.bytes.count)
    return (.success(statistics), digest, isInverted)
  } catch {
    return (.failure(error), digest, false)
  }
}

/// Writes the levels of `picture`, the lower byte first, and says whether it looks like a negative.
private func pack<Level: GrayLevel>(
  _ picture: borrowing Picture, _ form: PictureForm, _ out: UnsafeMutableBufferPointer<Level>
) throws(Diagnostic) -> Bool {
  try picture.resize(form, into: out)
  let isInverted = GrayLevels.looksInverted(out, size: form.size)
  if Level.bitWidth > 8 { for index in out.indices { out[index] = out[index].littleEndian } }
  return isInverted
}

/// Why the file cannot be opened, without its path: the problem is written to a table that must
/// not name folders of this machine.
private func reason(_ error: Diagnostic, _ path: String) -> String {
  error.message.replacing("cannot read `\(path)`: ", with: "")
}
