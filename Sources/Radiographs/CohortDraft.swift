import Basics

/// The rows of a data set in the order of its table, before pictures are looked up.
struct CohortDraft {
  /// The table, as errors name it.
  var table: String
  /// The folders below the root in which `paths` may lie, the most likely first.
  var folders: [String]
  var images: [String] = []
  var paths: [String] = []
  var patients: [String] = []
  var studies: [String] = []
  var rows: [Int] = []
  var lines: [Int] = []
  var columns: [Cohort.Column] = []
  /// The name of each row's table in the folder of `table`, where there are several; or empty.
  var tableNames: [String] = []
  /// What a person should hear of the reading.
  var remarks: [String] = []
  var implausibleAges = 0
  var wrong = DiagnosticList()
  /// What a person said of the texts of attributes, and what of it was used.
  private let groups: [String: [String: String]]
  private var usedGroups: [String: Set<String>] = [:]
  /// The patients that have a text which no table maps, by attribute and text.
  private var unmapped: [String: [String: Set<String>]] = [:]

  init(table: String, folders: [String], _ source: CohortSource) {
    self.table = table
    self.folders = folders
    groups = source.groups
  }

  /// The rows of `csv`, the only table.
  init(_ csv: CSV, folders: [String], _ source: CohortSource) {
    self.init(table: csv.file, folders: folders, source)
    rows = Array(0..<csv.rowCount)
    lines = rows.map(csv.line)
    studies = Array(repeating: "", count: csv.rowCount)
  }

  func place(_ row: Int) -> Place {
    Place(file: Cohort.table(table, tableNames, row), line: lines[row])
  }

  /// A column of sexes; what is not understood is an error at its line.
  mutating func addSex(_ cells: [String]) {
    let sexes = said("sex", cells).enumerated().map { row, cell in
      if let sex = AttributeText.sex(cell) { return sex }
      wrong.add("`\(cell)` is no sex", at: place(row), hint: "a sex is F, M, O or empty")
      return ""
    }
    columns.append(Cohort.Column("sex", .attribute, sexes))
  }

  /// A column of ages in years; those above 120 become missing.
  mutating func addAge(_ cells: [String]) {
    let ages = said("age", cells).enumerated().map { row, cell in
      switch AttributeText.age(cell) {
      case .years(let years): return years
      case .missing: return ""
      case .implausible:
        implausibleAges += 1
        return ""
      case nil:
        wrong.add("`\(cell)` is no age", at: place(row))
        return ""
      }
    }
    columns.append(Cohort.Column("age", .attribute, ages))
  }

  /// Says how many ages do not follow from the dates of a table.
  mutating func noteMissingAges(_ count: Int, _ reason: String) {
    if count > 0 { remarks.append("\(counted(count, "age", "is", "are")) missing: \(reason)") }
  }

  mutating func addView(_ cells: [String]) {
    let views = said("view", cells).map(AttributeText.view)
    columns.append(Cohort.Column("view", .attribute, views))
  }

  /// An attribute as the table has it, but for what a person said of its texts.
  mutating func addAttribute(_ name: String, _ cells: [String]) {
    columns.append(Cohort.Column(name, .attribute, said(name, cells)))
  }

  /// An attribute whose texts stand for the groups in `table`; those it lacks are missing and
  /// counted.
  mutating func addGroups(_ name: String, _ cells: [String], _ table: [String: String]) {
    let cells = cells.enumerated().map { group(name, $1, table, patients[$0]) }
    columns.append(Cohort.Column(name, .attribute, cells))
  }

  /// The group that `text` stands for; what stands for none is missing and counted.
  mutating func group(
    _ name: String, _ text: String, _ table: [String: String], _ patient: String
  ) -> String {
    if let group = groups[name]?[text] {
      usedGroups[name, default: []].insert(text)
      return group
    }
    if let group = table[text] { return group }
    unmapped[name, default: [:]][text, default: []].insert(patient)
    return ""
  }

  mutating func addFinding(_ name: String, _ cells: [String]) {
    columns.append(Cohort.Column(name, .finding, cells))
  }

  /// Gives findings other names, and marks those that are no pathologies where their names do not
  /// say so.
  mutating func rename(_ names: [String: String], isPathology: (String) -> Bool) {
    for index in columns.indices where columns[index].role.isFinding {
      let name = columns[index].name
      columns[index].name = names[name] ?? name
      if columns[index].role == .finding, !isPathology(name),
        NoFinding.isPathology(columns[index].name)
      {
        columns[index].role = .aside
      }
    }
  }

  /// Adds every cell of a finding that is no label to what is wrong.
  mutating func checkLabels() {
    for column in columns where column.role.isFinding && column.role != .either {
      for (row, cell) in column.cells.enumerated() where RawLabel(cell) == nil {
        wrong.add(RawLabel.strange(cell, column.name, at: place(row)))
      }
    }
  }

  private mutating func said(_ name: String, _ cells: [String]) -> [String] {
    guard let own = groups[name] else { return cells }
    return cells.map { cell in
      guard let group = own[cell] else { return cell }
      usedGroups[name, default: []].insert(cell)
      return group
    }
  }

  /// The texts that no table maps, by attribute and text.
  var unmappedTexts: [CohortNotes.Unmapped] {
    unmapped.sorted { $0.key < $1.key }.flatMap { attribute, texts in
      texts.sorted { $0.key < $1.key }.map {
        CohortNotes.Unmapped(attribute: attribute, text: $0.key, patients: $0.value.count)
      }
    }
  }

  /// What a person said of texts that do not occur.
  var unusedGroups: [String] {
    groups.sorted { $0.key < $1.key }.flatMap { name, own in
      own.keys.filter { usedGroups[name]?.contains($0) != true }.sorted().map {
        "`groups.\(name)` names `\($0)`, which no row has"
      }
    }
  }

  /// The attribute in which a data set says itself what is frontal and what is lateral.
  static let sideColumn = "frontal_lateral"
  /// The attribute in which a data set's own split stands: `train`, `valid`, `test` or nothing.
  static let subsetColumn = "official_subset"

  /// Keeps the rows whose view is one of `views`, and returns how many others there were.
  mutating func keep(views: [String]) -> Int {
    guard !views.isEmpty else { return 0 }
    guard let cells = columns.first(where: { $0.name == "view" && $0.role == .attribute })?.cells
    else {
      wrong.add("`\(table)` has no column for the view, so `views` cannot choose")
      return 0
    }
    let sides = columns.first { $0.name == Self.sideColumn && $0.role == .attribute }?.cells
    var kept = [Bool](repeating: false, count: cells.count)
    for view in views {
      var found = false
      let wanted = view.uppercased()
      let bySide = sides != nil && (wanted == "FRONTAL" || wanted == "LATERAL")
      for (row, cell) in cells.enumerated() {
        let isWanted =
          bySide ? sides?[row].uppercased() == wanted : AttributeText.isView(cell, wanted)
        guard isWanted else { continue }
        kept[row] = true
        found = true
      }
      if !found {
        let known = Set(cells).subtracting([""]).sorted()
        wrong.add(
          "no picture has the view `\(view)`",
          hint: known.isEmpty ? nil : "the views are \(known.quotedFew())")
      }
    }
    let before = images.count
    select(images.indices.filter { kept[$0] })
    return before - images.count
  }

  /// Replaces each path by that of the picture on disk, looked up by its name and then by its stem.
  ///
  /// - Returns: the keys of the missing ones, which are an error or left out as `policy` says.
  mutating func findPictures(root: String, _ policy: BadImagePolicy) -> [String] {
    var folder = PictureFolder(root)
    var found: [Int] = []
    var missing: [Int] = []
    for row in images.indices {
      if let path = folder.find(paths[row], in: folders) {
        paths[row] = path
        found.append(row)
      } else {
        missing.append(row)
      }
    }
    if found.isEmpty, !missing.isEmpty {
      wrong.add(
        missing.count == 1
          ? "the only picture of `\(table)` is not in `\(root)`"
          : "none of the \(missing.count) pictures of `\(table)` is in `\(root)`",
        hint: "the first is `\(paths[missing[0]])`")
      return []
    }
    guard policy == .skip else {
      for row in missing { wrong.add("`\(root)` holds no picture `\(paths[row])`", at: place(row)) }
      return []
    }
    let keys = missing.map { images[$0] }.sorted()
    select(found)
    return keys
  }

  /// Takes each path as the table promises it.
  mutating func expectPictures() -> [String] {
    paths = paths.map { Files.join(folders.first ?? "", $0) }
    return []
  }

  /// The cohort of these rows.
  func cohort() throws(Diagnostics) -> Cohort {
    guard !images.isEmpty else {
      throw Diagnostics([Diagnostic("`\(table)` lists no picture")])
    }
    return try Cohort(
      images: images, paths: paths, patients: patients, studies: studies, rows: rows,
      lines: lines, columns: columns, table: table, tableNames: tableNames)
  }

  /// Keeps the rows `kept`.
  mutating func select(_ kept: [Int]) {
    guard kept.count < images.count else { return }
    images = kept.map { images[$0] }
    paths = kept.map { paths[$0] }
    patients = kept.map { patients[$0] }
    studies = kept.map { studies[$0] }
    rows = kept.map { rows[$0] }
    lines = kept.map { lines[$0] }
    if !tableNames.isEmpty { tableNames = kept.map { tableNames[$0] } }
    columns = columns.map { column in
      Cohort.Column(column.name, column.role, kept.map { column.cells[$0] })
    }
  }
}
