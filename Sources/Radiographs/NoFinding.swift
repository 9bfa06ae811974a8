import Basics

/// The label that says that nothing was found.
///
/// CheXpert's labeler writes it as positive or blank, never as negative (Irvin et al. 2019): where
/// blanks are not used it would have one class only.
public enum NoFinding {
  /// The name of its column.
  public static let name = "No Finding"

  /// Findings that may be present beside `No Finding`.
  private static let besides = [name, "Support Devices"]

  /// `labels` with a negative for each blank whose picture has another pathology, positive or
  /// uncertain; a blank of a picture without any stays blank.
  static func withNegatives(
    _ labels: [RawLabel], _ cohort: Cohort
  ) throws(Diagnostics) -> [RawLabel] {
    guard !labels.contains(.negative) else { return labels }
    var labels = labels
    for column in cohort.columns where column.role == .finding && !besides.contains(column.name) {
      for (row, label) in try cohort.labels(of: column.name).enumerated()
      where labels[row] == .blank && (label == .positive || label == .uncertain) {
        labels[row] = .negative
      }
    }
    return labels
  }
}
