import Experiments
import Metrics

/// A task whose classes exclude each other, judged as a whole beside each class against the rest.
struct SeveralClasses {
  private let classes: [String]
  private let cases: MultiClass

  /// - Parameters:
  ///   - cases: of each class against the rest, the same cases for all. A case of several classes, as
  ///     a patient can be whose pictures differ, is not evaluated.
  init(_ classes: [String], _ cases: [Cases]) throws {
    self.classes = classes
    let rows = (cases.first?.scores ?? []).indices
    self.cases = try MultiClass(
      classes: classes, scores: rows.map { row in cases.map { $0.scores[row] } },
      truth: rows.map { row in
        let own = cases.indices.filter { cases[$0].truth[row] == true }
        return own.count == 1 ? own.first : nil
      }, patient: cases.first?.patient ?? [])
  }

  /// The estimates under their names: how often the class with the highest score is the right one, and
  /// what share of each class is taken for which.
  func named(draws: PatientDraws, threads: Int) throws -> [(name: String, estimate: Estimate)] {
    let found = try cases.estimates(draws: draws, threads: threads)
    var named = [
      (MetricName.multiClass(.accuracy), found.accuracy),
      (MetricName.multiClass(.balancedAccuracy), found.balancedAccuracy),
      (MetricName.multiClass(.auroc), found.auroc),
    ]
    for (truth, row) in zip(classes, found.confusion) {
      for (predicted, count) in zip(classes, row) {
        let all = row.reduce(0, +)
        let share = all > 0 ? Measure.value(count / all) : .undefined("0 cases of \(truth)")
        named.append((MetricName.confusion(truth, takenFor: predicted), Estimate(point: share)))
      }
    }
    return named
  }
}
