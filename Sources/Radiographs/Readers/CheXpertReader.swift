import Basics

/// CheXpert v1.0 and v1.0-small (Irvin et al., AAAI 2019) as Stanford ships them.
///
/// The root is the folder of the data set, which holds some of `train.csv`, `valid.csv` and `test.csv`
/// or `groundtruth.csv`, or the folder above it. A picture's key is its path below the data set, `train/patient00001/study1/`
/// `view1_frontal.jpg`, so that both releases and either root give the same keys. Rows are counted
/// through `train.csv` and on through the others.
///
/// Labels of the test set that stand in `groundtruth.csv` are those of a study (`Study` and the
/// findings); its pictures are those on disk, and what `test.csv` says of their sex, age and view is
/// taken over.
///
/// An age of 0 is kept as the table has it: three rows of `train.csv`, which cannot be told from an
/// error of entry.
enum CheXpertReader: CohortReader {
  static let name = "chexpert"
  static let readsDemographics = true
  static let labelers = ["chexpert", "chexbert", "visualchexbert"]

  /// The 14 observations in the order of `train.csv`; the tables are read by name.
  static let findings = [
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion",
    "Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion",
    "Pleural Other", "Fracture", "Support Devices",
  ]
  /// The columns before the findings.
  static let leading = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"]
  private static let attributes = ["sex", "age", "view", "frontal_lateral", "official_subset"]
  private static let releases = ["CheXpert-v1.0-small", "CheXpert-v1.0"]
  private static let trainTables = [
    "chexpert": "train.csv", "chexbert": "train_cheXbert.csv",
    "visualchexbert": "train_visualCheXbert.csv",
  ]
  private static let groundTruth = ["groundtruth.csv", "test/groundtruth.csv"]

  private static func names(_ source: CohortSource) -> [String] {
    [source.labeler.flatMap { trainTables[$0] } ?? "train.csv", "valid.csv", "test.csv"]
  }

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    if source.table != nil { return [try table(names(source), source, root: root)] }
    let below = try folder(root)
    let folder = below.isEmpty ? root : Files.join(root, below)
    // Whose labels were named must be there; the rest need not.
    let train = source.labeler == nil ? [] : [try table([names(source)[0]], source, root: folder)]
    let others = names(source).dropFirst(train.count).compactMap { optional([$0], root: folder) }
    let present = train + others + (optional(groundTruth, root: folder).map { [$0] } ?? [])
    // Where there is none, this says so.
    return present.isEmpty ? [try table(names(source), source, root: folder)] : present
  }

  /// The folder of the data set below `root`: "" where it is the root itself.
  private static func folder(_ root: String) throws(Diagnostics) -> String {
    let holdsTable =
      trainTables.values.contains { Files.exists(Files.join(root, $0)) }
      || optional(["valid.csv", "test.csv"] + groundTruth, root: root) != nil
    let below = releases.filter { Files.exists(Files.join(root, $0)) }
    guard !holdsTable, !below.isEmpty else { return "" }
    guard below.count == 1 else {
      throw Diagnostics([
        Diagnostic(
          "`\(root)` holds \(below.quotedList)", hint: "name the one to read as the root")
      ])
    }
    return below[0]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    var wrong: [Diagnostic] = []
    var others: [String] = []
    let tables = try tables(source, root: root)
    for table in tables where !isCovered(table, by: tables) {
      let csv = try header(table)
      wrong += missing((isGroundTruth(table) ? ["Study"] : leading) + findings, in: csv)
      if !isGroundTruth(table) { others += Self.others(csv).filter { !others.contains($0) } }
    }
    var known = attributes
    if let path = source.demographics {
      known += Demographics.attributes
      wrong += missing(Demographics.columns, in: try header(path, with: Demographics.columns))
    }
    return CohortHeader(findings: findings, attributes: known + others, wrong: wrong)
  }

  private static func isGroundTruth(_ path: String) -> Bool {
    path.hasSuffix("groundtruth.csv") || path.hasSuffix("groundtruth.csv.gz")
  }

  /// Whether `path` is a `test.csv` that only adds to what stands in `groundtruth.csv`.
  private static func isCovered(_ path: String, by tables: [String]) -> Bool {
    (path.hasSuffix("/test.csv") || path.hasSuffix("/test.csv.gz"))
      && tables.contains(where: isGroundTruth)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let header = try inspect(source, root: root)
    let paths = try tables(source, root: root)
    let below = try folder(root)
    let folder = below.isEmpty ? root : Files.join(root, below)
    var draft = CohortDraft(table: paths[0], folders: [below], source)
    var tables: [(csv: CSV, lines: [Int])] = []
    for path in paths where !isCovered(path, by: paths) {
      let csv = try csv(path)
      if isGroundTruth(path) {
        let pictures = try paths.first { isCovered($0, by: paths) }.map {
          path throws(Diagnostics) in
          try Self.csv(path)
        }
        tables.append(try testSet(csv, pictures, folder: folder, &draft))
      } else {
        tables.append((csv, (0..<csv.rowCount).map(csv.line)))
      }
    }
    func cells(_ name: String) -> [String] { tables.flatMap { $0.csv.cells(name) } }
    draft.lines = tables.flatMap(\.lines)
    draft.rows = Array(draft.lines.indices)
    if tables.count > 1 {
      draft.tableNames = tables.flatMap { csv, _ in
        Array(repeating: csv.file.relative(to: folder), count: csv.rowCount)
      }
    }
    let subsets = addPaths(cells("Path"), to: &draft)
    draft.addSex(cells("Sex"))
    draft.addAge(cells("Age"))
    addViews(cells("Frontal/Lateral"), cells("AP/PA"), to: &draft)
    draft.addAttribute(CohortDraft.subsetColumn, subsets)
    for name in header.attributes where !(attributes + Demographics.attributes).contains(name) {
      draft.addAttribute(name, cells(name))
    }
    for name in findings { draft.addFinding(name, cells(name)) }
    if let path = source.demographics {
      Demographics.add(try csv(path, with: Demographics.columns), to: &draft, source.contradictions)
    }
    return draft
  }

  /// The pictures on disk of the studies in `truth`, as a table like `valid.csv`, with the lines of
  /// `truth`.
  private static func testSet(
    _ truth: CSV, _ known: CSV?, folder: String, _ draft: inout CohortDraft
  ) throws(Diagnostics) -> (csv: CSV, lines: [Int]) {
    let said = leading.dropFirst().map { known?.cells($0) ?? [] }
    let rows = known.map { known in
      RowIndex(
        known.cells("Path").map { key($0) ?? $0 }, by: "Path", of: Array(leading.dropFirst()),
        to: &draft, place: known.place, cells: { row in said.map { $0[row] } })
    }
    let labels = findings.map(truth.cells)
    var writer = CSVWriter(header: leading + findings)
    var lines: [Int] = []
    var absent: [String] = []
    for (row, study) in truth.cells("Study").enumerated() {
      let parts = study.split(separator: "/").suffix(3).joined(separator: "/")
      // A study that is not there has no picture, which is said below.
      let names = ((try? Files.entries(of: Files.join(folder, parts))) ?? []).map(\.name)
        .filter(CohortSource.isPicture).sorted()
      if names.isEmpty { absent.append(study) }
      for name in names {
        let path = "\(parts)/\(name)"
        let side = name.contains("lateral") ? "Lateral" : "Frontal"
        let cells = rows?[path].map { row in said.map { $0[row] } } ?? ["", "", side, ""]
        writer.append([path] + cells + labels.map { $0[row] })
        lines.append(truth.line(row))
      }
    }
    if !absent.isEmpty {
      draft.remarks.append(
        "\(counted(absent.count, "study")) of `\(truth.file)` \(absent.count == 1 ? "has" : "have") "
          + "no picture on disk: \(absent.quotedFew())")
    }
    let bytes = writer.bytes
    return (try several { () throws(Diagnostic) in try CSV(bytes, file: truth.file) }, lines)
  }

  private static func others(_ csv: CSV) -> [String] {
    csv.header.filter { !$0.isEmpty && !(leading + findings).contains($0) }
  }

  /// The path below the data set; `nil` where it is none of CheXpert's.
  static func key(_ path: String) -> String? { parts(path)?.joined(separator: "/") }

  /// Subset, patient, study and picture of a path; `nil` where it is none of CheXpert's.
  private static func parts(_ path: String) -> [String]? {
    // Bytes, since looking for whole characters takes most of the time of reading.
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).suffix(4).map {
      String(Substring($0))
    }
    guard parts.count == 4, ["train", "valid", "test"].contains(parts[0]),
      parts[1].hasPrefix("patient"), parts[2].hasPrefix("study")
    else { return nil }
    return parts
  }

  /// Takes key, patient and study from each path, and returns the subset it names.
  private static func addPaths(_ cells: [String], to draft: inout CohortDraft) -> [String] {
    cells.enumerated().map { row, cell in
      guard let parts = parts(cell) else {
        draft.wrong.add(
          "`\(cell)` is no path of CheXpert", at: draft.place(row),
          hint: "a path is `CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg`")
        // Unique and not empty, so that nothing else is said of this row.
        draft.images.append("row \(row)")
        draft.paths.append(cell)
        draft.patients.append("row \(row)")
        draft.studies.append("")
        return ""
      }
      let key = parts.joined(separator: "/")
      draft.images.append(key)
      draft.paths.append(key)
      draft.patients.append(parts[1])
      draft.studies.append(parts[2])
      return parts[0]
    }
  }

  /// The view is the projection of a frontal picture and `LATERAL` for the others; what the table
  /// calls frontal, 17 pictures marked `LL` and `RL` among them, stays frontal.
  private static func addViews(
    _ sides: [String], _ projections: [String], to draft: inout CohortDraft
  ) {
    for (row, side) in sides.enumerated() where side != "Frontal" && side != "Lateral" {
      draft.wrong.add("`\(side)` is neither `Frontal` nor `Lateral`", at: draft.place(row))
    }
    draft.addView(zip(sides, projections).map { $0 == "Lateral" ? $0 : $1 })
    draft.addAttribute(CohortDraft.sideColumn, sides)
  }
}

extension String {
  /// The path below `folder`, or its last part where it lies elsewhere.
  func relative(to folder: String) -> String {
    if hasPrefix(folder + "/") { return String(dropFirst(folder.count + 1)) }
    return split(separator: "/").last.map(String.init) ?? self
  }
}
