import Basics

/// The label that says that nothing was found.
///
/// CheXpert's labeler writes it as positive or blank, never as negative (Irvin et al. 2019): where
/// blanks are not used it would have one class only. Radiologists write it as positive or negative, so
/// that a cohort of several tables has both.
public enum NoFinding {
  /// The name of its column.
  public static let name = "No Finding"

  /// Findings that may be present beside `No Finding`, whatever data set they are of.
  private static let besides = [name, "Support Devices"]

  /// `labels` with a negative for each blank whose picture has another pathology, positive or
  /// uncertain; a blank of a picture without any stays blank, and what is said stays as it is.
  static func withNegatives(
    _ labels: [RawLabel], _ cohort: Cohort
  ) throws(Diagnostics) -> [RawLabel] {
    guard labels.contains(.blank) else { return labels }
    return zip(labels, try pathologies(cohort)).map { $0 == .blank && $1 ? .negative : $0 }
  }

  /// The labels that follow from the other findings: negative where a picture has another pathology,
  /// positive or uncertain, else positive.
  ///
  /// - Throws: where no column is known to be a pathology.
  static func derived(_ cohort: Cohort) throws(Diagnostics) -> [RawLabel] {
    guard isDerivable(cohort) else {
      throw Diagnostics([
        Diagnostic(
          "`\(name)` cannot be derived: the table does not say which columns are findings",
          hint: "set `labels.no_finding: read`")
      ])
    }
    return try pathologies(cohort).map { $0 ? .negative : .positive }
  }

  /// Whether a column of `cohort` is known to be a pathology.
  static func isDerivable(_ cohort: Cohort) -> Bool { cohort.columns.contains(where: isPathology) }

  /// Whether a finding of this name is a pathology, as far as the name says.
  static func isPathology(_ finding: String) -> Bool { !besides.contains(finding) }

  private static func isPathology(_ column: Cohort.Column) -> Bool {
    column.role == .pathology || column.role == .finding && isPathology(column.name)
  }

  /// The cells of a column that is `1` where a picture has a pathology, positive or uncertain, that is
  /// none of `findings`; a cell that is no label stays, so that it is reported where it counts.
  static func otherPathologies(_ cohort: Cohort, than findings: [String]) -> [String] {
    var cells = Array(repeating: "", count: cohort.count)
    for column in cohort.columns where isPathology(column) && !findings.contains(column.name) {
      for (row, cell) in column.cells.enumerated() {
        switch RawLabel(cell) {
        case .positive, .uncertain: if cells[row].isEmpty { cells[row] = "1" }
        case .negative, .blank: break
        case nil: cells[row] = cell
        }
      }
    }
    return cells
  }

  /// Whether each picture has a pathology, positive or uncertain.
  private static func pathologies(_ cohort: Cohort) throws(Diagnostics) -> [Bool] {
    var has = Array(repeating: false, count: cohort.count)
    for column in cohort.columns where isPathology(column) {
      for (row, label) in try cohort.labels(of: column).enumerated()
      where label == .positive || label == .uncertain {
        has[row] = true
      }
    }
    return has
  }
}
