import Basics

/// CheXpert v1.0 and v1.0-small (Irvin et al., AAAI 2019) as Stanford ships them.
///
/// The root is the folder of the data set, which holds `train.csv`, `valid.csv` or both, or the
/// folder above it. A picture's key is its path below the data set, `train/patient00001/study1/`
/// `view1_frontal.jpg`, so that both releases and either root give the same keys. Rows are counted
/// through `train.csv` and on through `valid.csv`.
///
/// An age of 0 is kept as the table has it: three rows of `train.csv`, which cannot be told from an
/// error of entry.
enum CheXpertReader: CohortReader {
  static let name = "chexpert"
  static let readsDemographics = true

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
  private static let names = ["train.csv", "valid.csv"]

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    if source.table != nil { return [try table(names, source, root: root)] }
    let below = try folder(root)
    let folder = below.isEmpty ? root : Files.join(root, below)
    let present = names.compactMap { name in
      [name, name + ".gz"].map { Files.join(folder, $0) }.first { Files.exists($0) }
    }
    // Where there is none, this says so.
    return present.isEmpty ? [try table(names, source, root: folder)] : present
  }

  /// The folder of the data set below `root`: "" where it is the root itself.
  private static func folder(_ root: String) throws(Diagnostics) -> String {
    let holdsTable = names.contains { Files.exists(Files.join(root, $0)) }
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
    if !source.columns.isEmpty {
      wrong.append(
        Diagnostic("the columns of `chexpert` have fixed names, so `columns` must be empty"))
    }
    var others: [String] = []
    for table in try tables(source, root: root) {
      let csv = try header(table)
      for name in leading + findings {
        do { _ = try csv.requiredColumn(name) } catch { wrong.append(error) }
      }
      others += Self.others(csv).filter { !others.contains($0) }
    }
    var known = attributes
    if let path = source.demographics {
      known += Demographics.attributes
      wrong += Demographics.problems(try header(path))
    }
    return CohortHeader(findings: findings, attributes: known + others, wrong: wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let header = try inspect(source, root: root)
    guard header.wrong.isEmpty else { throw Diagnostics(header.wrong) }
    var tables: [CSV] = []
    for table in try Self.tables(source, root: root) {
      tables.append(try several { () throws(Diagnostic) in try CSV(path: table) })
    }
    func cells(_ name: String) -> [String] {
      tables.flatMap { csv in
        let column = csv.column(name)
        return (0..<csv.rowCount).map { row in column.map { csv[row, $0] } ?? "" }
      }
    }
    var draft = CohortDraft(table: tables[0].file, folders: [try folder(root)])
    draft.lines = tables.flatMap { csv in (0..<csv.rowCount).map(csv.line) }
    draft.rows = Array(draft.lines.indices)
    if tables.count > 1 {
      draft.tableNames = tables.flatMap { csv in
        let name = csv.file.split(separator: "/").last.map(String.init) ?? csv.file
        return Array(repeating: name, count: csv.rowCount)
      }
    }
    let subsets = addPaths(cells("Path"), to: &draft)
    draft.addSex(cells("Sex"))
    draft.addAge(cells("Age"))
    addViews(cells("Frontal/Lateral"), cells("AP/PA"), to: &draft)
    draft.columns.append(Cohort.Column("official_subset", .attribute, subsets))
    for name in header.attributes where !(attributes + Demographics.attributes).contains(name) {
      draft.columns.append(Cohort.Column(name, .attribute, cells(name)))
    }
    for name in findings { draft.columns.append(Cohort.Column(name, .finding, cells(name))) }
    if let path = source.demographics { try Demographics(path: path).add(to: &draft) }
    return draft
  }

  private static func others(_ csv: CSV) -> [String] {
    csv.header.filter { !$0.isEmpty && !(leading + findings).contains($0) }
  }

  /// Takes key, patient and study from each path, and returns the subset it names.
  private static func addPaths(_ cells: [String], to draft: inout CohortDraft) -> [String] {
    cells.enumerated().map { row, cell in
      let parts = cell.split(separator: "/").suffix(4).map(String.init)
      guard parts.count == 4, ["train", "valid", "test"].contains(parts[0]),
        parts[1].hasPrefix("patient"), parts[2].hasPrefix("study")
      else {
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
      draft.images.append(parts.joined(separator: "/"))
      draft.paths.append(parts.joined(separator: "/"))
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
    draft.columns.append(Cohort.Column(CohortDraft.sideColumn, .attribute, sides))
  }
}
