import Basics
import Experiments
import Foundation
import Pipeline
import Reports

/// The table of a whole sweep as it was found last, for as long as nothing that decides it has changed:
/// the program, the spec and those that it extends, and the tables that it names.
///
/// Pictures are not looked at: the table is of what has run.
struct RememberedTable {
  /// What is asked for, and of which cache.
  private let key: Digest
  private let folder: String

  private struct Document: Codable {
    var files: [String]
    var table: SavedTable
  }

  init(_ spec: String, _ options: StudySpec.Options, runs: String) {
    let path = { (path: String) in URL(filePath: path).standardizedFileURL.path }
    let words =
      [path(spec), path(runs), options.baseline ?? "", "\(options.isLarge)"] + options.settings
      + ["only"] + options.only
    key = Digest(of: Array(words.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    folder = Files.join(Store(runs).root, "tables")
  }

  private var path: String { Files.join(folder, "\(key.hex).json") }

  private func stamp(_ bytes: [UInt8], _ files: [String]) -> Stamp {
    Stamp(
      path: Files.join(folder, "\(key.hex).stamp"), inputs: Digest(of: bytes), files: files)
  }

  /// `nil` where nothing is known or something has changed.
  func table() -> SavedTable? {
    guard let bytes = try? Files.read(path),
      let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
      stamp(bytes, document.files).isCurrent
    else { return nil }
    return document.table
  }

  /// Notes the table of a sweep of which all stages have run.
  func write(
    _ table: SavedTable, _ spec: StudySpec, _ stages: ExperimentStages, _ results: [StageResult?],
    _ store: Store
  ) {
    guard !results.contains(where: { $0 == nil }), let program = Bundle.main.executablePath,
      // What the environment says is in no file.
      !spec.files.contains(where: { (try? Files.read($0))?.contains(UInt8(ascii: "$")) ?? true })
    else { return }
    var files = [program] + spec.files
    for stage in stages.graph.stages {
      for input in stage.declaration.inputs {
        if case .file(let path) = input.source, !files.contains(path) { files.append(path) }
      }
    }
    files += table.objects.sorted().compactMap { Digest(hex: $0) }.map(store.objectPath)
    let document = Document(files: files, table: table)
    guard let text = try? ResultFile.text(document), (try? Files.makeFolder(folder)) != nil,
      (try? Files.write(Array(text.utf8), to: path)) != nil
    else { return }
    try? stamp(Array(text.utf8), files).refresh {}
  }
}
