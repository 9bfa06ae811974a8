import Basics

extension CohortSource {
  /// The source of a data set in the folder `root`, or of `table` in it, by the tables that are
  /// there and by their headers; `nil` where no reader knows it.
  ///
  /// A plain table is recognised by the name of one column, which may be any of
  /// ``pictureColumns``; where it has no column `patient`, each picture counts as a patient.
  ///
  /// - Parameter columns: what a person said of the columns.
  public static func recognised(
    root: String, table: String?, columns: [String: String]
  ) -> (source: CohortSource, patientsAreKnown: Bool)? {
    // A folder of pictures is what is left when no table is known.
    var near: CohortSource?
    for reader in readers
    where ![PlainTableReader.name, FolderReader.name].contains(reader.name) && columns.isEmpty {
      let source = CohortSource(source: reader.name, table: table)
      guard let wrong = (try? reader.inspect(source, root: root))?.wrong.count else { continue }
      if wrong == 0 { return (source, true) }
      // A table that lacks a few columns is a damaged one, and its reader says which.
      if wrong <= 3, near == nil { near = source }
    }
    if let near { return (near, true) }
    var source = CohortSource(source: PlainTableReader.name, table: table, columns: columns)
    guard let tables = try? PlainTableReader.tables(source, root: root),
      let csv = try? PlainTableReader.header(tables[0])
    else { return nil }
    if source.columns["image"] == nil, source.columns["path"] == nil {
      let named = csv.header.first { pictureColumns.contains($0.lowercased()) }
      // Without one, the reader says what is missing.
      if let named, named != "image" { source.columns["path"] = named }
    }
    guard columns["patient"] == nil, csv.column("patient") == nil else { return (source, true) }
    source.columns["patient"] =
      source.columns["path"] ?? source.columns["image"]
      ?? (csv.column("image").map { _ in "image" })
    return (source, false)
  }

  /// Whether `root` holds pictures in folders of classes within folders of subsets, `train/NORMAL/`, or
  /// in two folders of classes or more.
  public static func isFolderOfClasses(_ root: String) -> Bool {
    guard let folders = try? ClassFolders(root) else { return false }
    return folders.findings.count > (folders.hasSubsets ? 0 : 1)
  }

  /// What the column of pictures may be called, in lower case.
  public static let pictureColumns = ["path", "image", "image_path", "filename", "file", "picture"]

  /// Whether a file is a picture by its name.
  public static func isPicture(_ name: String) -> Bool {
    PictureFolder.extensions.contains(name.split(separator: ".").last.map { $0.lowercased() } ?? "")
  }
}
