import Basics

/// Pictures sorted into folders by their class: `train/NORMAL/a.jpg`, or `NORMAL/a.jpg`.
///
/// Each class is a finding, which the pictures of its folder have and the others have not. The first
/// folder may name a subset (`train`, `val`, `test`). Whose picture it is no folder says: a regular
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

  /// The folders with pictures in them: subset ("" where there are none), class, path.
  private typealias Part = (subset: String, name: String, path: String)

  private static func parts(_ root: String) throws(Diagnostics) -> [Part] {
    func folders(_ path: String) throws(Diagnostics) -> [String] {
      try several { () throws(Diagnostic) in
        try Files.entries(of: path).filter { $0.isFolder && !$0.name.hasPrefix(".") }
          .map(\.name).sorted()
      }
    }
    let top = try folders(root)
    let subsets = top.filter { Subset(foreign: $0) != nil }
    guard !subsets.isEmpty else { return top.map { ("", $0, $0) } }
    var parts: [Part] = []
    for folder in subsets {
      for name in try folders(Files.join(root, folder)) {
        parts.append((Subset(foreign: folder)?.rawValue ?? "", name, "\(folder)/\(name)"))
      }
    }
    return parts
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    _ = try tables(source, root: root)
    let parts = try parts(root)
    var wrong: [Diagnostic] = []
    if parts.isEmpty {
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
    let hasSubsets = parts.contains { !$0.subset.isEmpty }
    return CohortHeader(
      findings: Set(parts.map(\.name)).sorted(),
      attributes: hasSubsets ? [CohortDraft.subsetColumn] : [], wrong: wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let parts = try parts(root)
    var draft = CohortDraft(table: root, folders: [""], source)
    var (classes, subsets): ([String], [String]) = ([], [])
    for part in parts {
      let names = try several { () throws(Diagnostic) in
        try Files.entries(of: Files.join(root, part.path)).map(\.name)
      }
      for name in names.filter(CohortSource.isPicture).sorted() {
        draft.images.append("\(part.path)/\(name)")
        classes.append(part.name)
        subsets.append(part.subset)
      }
    }
    draft.paths = draft.images
    draft.patients = patients(source.patientPattern, &draft)
    draft.studies = draft.images.map { _ in "" }
    draft.rows = Array(draft.images.indices)
    draft.lines = draft.rows.map { $0 + 1 }
    if subsets.contains(where: { !$0.isEmpty }) {
      draft.addAttribute(CohortDraft.subsetColumn, subsets)
    }
    for finding in Set(parts.map(\.name)).sorted() {
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
        "\(counted(strange, "picture")) fit no patient of `\(pattern ?? "")` and count as one each")
    }
    return patients
  }
}
