import Basics

/// Pictures sorted into folders by their class: `train/NORMAL/a.jpg`, or `NORMAL/a.jpg`.
///
/// Each class is a finding, which the pictures of its folder have and the others have not. The first
/// folder may name a subset (``ClassFolders``). Whose picture it is no folder says: a regular
/// expression takes it from the path, else each picture counts as a patient.
enum FolderReader: CohortReader {
  static let name = "folder"

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    guard source.table == nil else {
      throw Diagnostics([Diagnostic("a folder of pictures has no table")])
    }
    guard Files.isFolder(root) else {
      throw Diagnostics([Diagnostic("there is no folder `\(root)`")])
    }
    return []
  }

  /// `NORMAL` and its like are no pathologies.
  static func isPathology(_ finding: String) -> Bool {
    !["normal", "healthy", "nofinding"].contains(
      finding.lowercased().filter { $0 != " " && $0 != "_" })
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    _ = try tables(source, root: root)
    let tree = try ClassFolders(root)
    var wrong: [Diagnostic] = []
    if tree.classes.isEmpty {
      wrong.append(
        Diagnostic(
          "`\(root)` holds no folder for a class", hint: "pictures lie in `train/NORMAL/` or so"))
    }
    if let pattern = source.patientPattern, regex(pattern) == nil {
      wrong.append(
        Diagnostic(
          "`\(pattern)` is no regular expression with a group",
          hint: "what stands in the first brackets is the patient: `(person[0-9]+)_`"))
    }
    return CohortHeader(
      findings: tree.findings, attributes: tree.hasSubsets ? [CohortDraft.subsetColumn] : [],
      wrong: wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let tree = try ClassFolders(root)
    var draft = CohortDraft(table: root, folders: [""], source)
    var (classes, subsets): ([String], [String]) = ([], [])
    for folder in tree.classes {
      draft.images += folder.pictures.map { "\(folder.path)/\($0)" }
      classes += folder.pictures.map { _ in folder.name }
      subsets += folder.pictures.map { _ in folder.subset?.rawValue ?? "" }
    }
    draft.remarks = tree.remarks
    draft.paths = draft.images
    draft.patients = patients(source.patientPattern, &draft)
    draft.studies = draft.images.map { _ in "" }
    draft.rows = Array(draft.images.indices)
    draft.lines = draft.rows.map { $0 + 1 }
    if tree.hasSubsets { draft.addAttribute(CohortDraft.subsetColumn, subsets) }
    for finding in tree.findings {
      draft.addFinding(finding, classes.map { $0 == finding ? "1" : "0" })
    }
    return draft
  }

  private static func regex(_ pattern: String) -> Regex<AnyRegexOutput>? {
    guard let regex = try? Regex(pattern), "".firstMatch(of: regex)?.output.count != 1 else {
      return nil
    }
    return pattern.contains("(") ? regex : nil
  }

  private static func patients(_ pattern: String?, _ draft: inout CohortDraft) -> [String] {
    guard let regex = pattern.flatMap(regex) else {
      draft.remarks.append("nothing says whose pictures they are: each counts as a patient")
      return draft.images
    }
    var strange = 0
    let patients = draft.images.map { image in
      let found = image.firstMatch(of: regex)?.output.dropFirst().first?.substring
      if found == nil { strange += 1 }
      return found.map(String.init) ?? image
    }
    if strange > 0 {
      draft.remarks.append(
        "\(counted(strange, "picture", "fits", "fit")) no patient of `\(pattern ?? "")`, and "
          + (strange == 1 ? "counts as one" : "count as one each"))
    }
    return patients
  }
}
