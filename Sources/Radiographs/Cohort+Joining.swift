import Basics

/// Several data sets as one cohort.
///
/// The keys of pictures and patients and the paths begin with the name of their source, and the
/// attribute `source` holds it. Findings are those that all have, since what a data set never says
/// is not negative; attributes are those of any, missing where a source lacks them.
extension Cohort {
  /// The attribute that says which source a picture is of.
  public static let sourceAttribute = "source"

  /// The column of pathologies that are no findings of a cohort.
  static let otherPathologies = "others"

  /// The source of each picture, with whose name its key begins; `nil` where there is one source.
  var sources: [String]? {
    let column = columns.first { $0.name == Self.sourceAttribute && $0.role == .attribute }
    guard let cells = column?.cells,
      zip(images, cells).allSatisfy({ !$1.isEmpty && $0.hasPrefix($1 + "/") })
    else { return nil }
    return cells
  }

  /// Joins `parts`, whose paths are relative to folders of their names below `root`.
  public init(
    joining parts: [(name: String, cohort: Cohort)], root: String
  ) throws(Diagnostics) {
    func all(_ cells: (Cohort) -> [String]) -> [String] {
      parts.flatMap { name, cohort in cells(cohort).map { "\(name)/\($0)" } }
    }
    func column(_ name: String, isFinding: Bool) -> [String] {
      parts.flatMap { _, cohort in
        cohort.columns.first {
          $0.name == name && (isFinding ? $0.role.isFinding : $0.role.isAttribute)
        }?.cells ?? cohort.images.map { _ in "" }
      }
    }
    let header = CohortHeader(joining: parts.map { ($0, CohortHeader($1)) })
    var columns = [
      Column(
        Self.sourceAttribute, .attribute,
        parts.flatMap { name, cohort in cohort.images.map { _ in name } })
    ]
    for name in header.attributes where name != Self.sourceAttribute {
      columns.append(Column(name, .attribute, column(name, isFinding: false)))
    }
    for name in header.findings {
      let isAside = parts.contains { _, cohort in
        cohort.columns.contains { $0.name == name && $0.role == .aside }
      }
      columns.append(
        Column(name, isAside ? .aside : .finding, column(name, isFinding: true)))
    }
    // A picture with a pathology that only its own source has is not without any.
    let others = parts.flatMap { NoFinding.otherPathologies($0.cohort, than: header.findings) }
    if others.contains(where: { !$0.isEmpty }) {
      columns.append(Column(Self.otherPathologies, .pathology, others))
    }
    let tables = parts.flatMap { name, cohort in
      cohort.images.indices.map { row in
        let file = cohort.place(row).file
        let below = file.relative(to: root)
        return below.hasPrefix(name + "/") ? below : "\(name)/\(below)"
      }
    }
    try self.init(
      images: all(\.images), paths: all(\.paths), patients: all(\.patients),
      studies: parts.flatMap(\.cohort.studies), rows: parts.flatMap(\.cohort.rows),
      lines: parts.flatMap(\.cohort.lines), columns: columns, table: Files.join(root, "cohort"),
      tableNames: tables)
  }
}

extension CohortHeader {
  fileprivate init(_ cohort: Cohort) {
    self.init(findings: cohort.findings, attributes: cohort.attributes)
  }

  /// What a cohort of several sources promises.
  public init(joining parts: [(name: String, header: CohortHeader)]) {
    self.init(wrong: parts.flatMap(\.header.wrong))
    attributes = [Cohort.sourceAttribute]
    for (_, header) in parts {
      attributes += header.attributes.filter { !attributes.contains($0) }
      for finding in header.findings where lacking[finding] == nil {
        let without = parts.filter { !$0.header.findings.contains(finding) }.map(\.name)
        lacking[finding] = without
        if without.isEmpty { findings.append(finding) }
      }
    }
    lacking = lacking.filter { !$0.value.isEmpty }
  }
}
