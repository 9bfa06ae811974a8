import Basics

/// NIH ChestX-ray14 (Wang et al., CVPR 2017) as the NIH Clinical Center ships it.
///
/// The root holds `Data_Entry_2017_v2020.csv` or the older `Data_Entry_2017.csv`, and the pictures
/// in `images/`, beside the table, or in `images_001/images/` to `images_012/images/`. Where the
/// official lists `train_val_list.txt` and `test_list.txt` and the boxes `BBox_List_2017.csv` are
/// there, they become attributes.
enum NIHReader: CohortReader {
  static let name = "nih"

  /// The 14 findings in the order of the paper, then the label of pictures without any.
  static let findings = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia",
    "Pneumothorax", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening",
    "Hernia", noFinding,
  ]
  private static let noFinding = "No Finding"
  private static let required = [
    "Image Index", "Finding Labels", "Patient ID", "Patient Age", "Patient Gender",
    "View Position",
  ]
  private static let folders =
    ["images", ""]
    + (1...12).map { number in "images_0\(number < 10 ? "0" : "")\(number)/images" }

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    let main = try table(["Data_Entry_2017_v2020.csv", "Data_Entry_2017.csv"], source, root: root)
    return [main] + lists(root).map(\.path) + (optional([boxList], root: root).map { [$0] } ?? [])
  }

  /// The official lists that are there.
  private static func lists(_ root: String) -> [(path: String, subset: String)] {
    [("train_val_list.txt", "train"), ("test_list.txt", "test")].compactMap { name, subset in
      optional([name], root: root).map { ($0, subset) }
    }
  }

  private static let boxList = "BBox_List_2017.csv"
  private static let boxes = "boxes"
  /// The table's header ends `Bbox [x,y,w,h],,,`: the four numbers, then columns without a name.
  private static let boxColumns = ["Image Index", "Finding Label", "Bbox [x", "y", "w", "h]"]

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    let csv = try header(try tables(source, root: root)[0])
    var wrong = missing(required, in: csv)
    if let path = optional([boxList], root: root) {
      wrong += missing(boxColumns, in: try header(path))
    }
    let lists = lists(root)
    return CohortHeader(
      findings: findings,
      attributes: ["sex", "age", "view"] + (lists.isEmpty ? [] : [CohortDraft.subsetColumn])
        + (optional([boxList], root: root) == nil ? [] : [boxes]) + others(csv),
      wrong: wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let csv = try csv(try tables(source, root: root)[0])
    var draft = CohortDraft(csv, folders: folders, source)
    draft.images = csv.cells("Image Index")
    draft.paths = draft.images
    draft.patients = csv.cells("Patient ID")
    draft.addSex(csv.cells("Patient Gender"))
    draft.addAge(csv.cells("Patient Age"))
    draft.addView(csv.cells("View Position"))
    try addSubsets(lists(root), to: &draft)
    if let path = optional([boxList], root: root) { addBoxes(try Self.csv(path), to: &draft) }
    for name in others(csv) { draft.addAttribute(name, csv.cells(name)) }
    addFindings(csv.cells("Finding Labels"), to: &draft)
    return draft
  }

  /// The subset of each picture that an official list names; "" where none does.
  private static func addSubsets(
    _ lists: [(path: String, subset: String)], to draft: inout CohortDraft
  ) throws(Diagnostics) {
    guard !lists.isEmpty else { return }
    var subsets: [String: String] = [:]
    var repeated = 0
    for (path, subset) in lists {
      let bytes = try several { () throws(Diagnostic) in try Files.readMaybeCompressed(path) }
      let lines = String(decoding: bytes, as: UTF8.self).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      for (index, line) in lines.enumerated() {
        let name = line.filter { !$0.isWhitespace }
        guard !name.isEmpty, let other = subsets.updateValue(subset, forKey: name) else { continue }
        if other == subset {
          repeated += 1
        } else {
          draft.wrong.add(
            "`\(name)` is in both official lists", at: Place(file: path, line: index + 1))
        }
      }
    }
    if repeated > 0 {
      draft.remarks.append(
        "\(counted(repeated, "line", "repeats", "repeat")) a picture of the official lists")
    }
    let strange = Set(subsets.keys).subtracting(draft.images).count
    if strange > 0 {
      draft.remarks.append(
        "\(counted(strange, "picture")) of the official lists \(strange == 1 ? "is" : "are") not in the table"
      )
    }
    draft.addSubsets(draft.images.map { subsets[$0] }, without: "in no official list")
  }

  /// Where findings were drawn: `<finding> x y w h`, joined with `|`, in pixels of the original.
  private static func addBoxes(_ csv: CSV, to draft: inout CohortDraft) {
    let cells = boxColumns.map(csv.cells)
    var boxes: [String: [String]] = [:]
    for row in 0..<csv.rowCount {
      // The one finding that this table spells otherwise.
      let finding = cells[1][row] == "Infiltrate" ? "Infiltration" : cells[1][row]
      if !findings.contains(finding) {
        draft.wrong.add("unknown finding `\(finding)`", at: csv.place(row))
      }
      let numbers = cells[2...].map { $0[row] }
      for number in numbers where Double(number)?.isFinite != true {
        draft.wrong.add("`\(number)` is no side of a box", at: csv.place(row))
      }
      boxes[cells[0][row], default: []].append(
        ([finding] + numbers).joined(separator: " "))
    }
    let known = Set(draft.images)
    let strange = cells[0].count { !known.contains($0) }
    if strange > 0 {
      draft.remarks.append(
        "\(counted(strange, "row")) of `\(csv.file)` \(strange == 1 ? "names" : "name") a picture "
          + "that is not in the table")
    }
    draft.addAttribute(
      Self.boxes, draft.images.map { boxes[$0]?.joined(separator: "|") ?? "" })
  }

  /// The columns that have no meaning here and are carried along. Brackets in the header hold
  /// commas (`OriginalImage[Width,Height]`), so that some names are halves; the older table ends
  /// in a column without a name.
  private static func others(_ csv: CSV) -> [String] {
    csv.header.filter { !$0.isEmpty && !required.contains($0) }
  }

  private static func addFindings(_ cells: [String], to draft: inout CohortDraft) {
    var columns = findings.map { _ in [String](repeating: "0", count: cells.count) }
    for (row, cell) in cells.enumerated() {
      for name in cell.split(separator: "|", omittingEmptySubsequences: false) {
        if let index = findings.firstIndex(where: { $0 == name }) {
          columns[index][row] = "1"
        } else {
          let near = nearestName(to: String(name), among: findings)
          draft.wrong.add(
            "unknown finding `\(name)`", at: draft.place(row),
            hint: near.map { "did you mean `\($0)`?" })
        }
      }
    }
    for (name, cells) in zip(findings, columns) { draft.addFinding(name, cells) }
  }
}
