import Basics
import Testing

@testable import Metrics

private struct File: Decodable {
  struct Case: Decodable {
    var scores: [Double]
    var truth: [Bool]
    var weights: [Double]?
    var roc, pr: [[Double]]
    var rates, sensitivity, specificity: [Double]
    var reliability: [[Double]]
  }
  var cases: [String: Case]
}

@Suite struct CurveTests {
  /// Expects lists of equal numbers to 1e-12.
  private func expectEqual(_ a: [Double], _ b: [Double], _ name: String) {
    #expect(a.count == b.count, "\(name): \(a.count) and \(b.count) numbers")
    for (a, b) in zip(a, b) { #expect(abs(a - b) <= 1e-12, "\(name): \(a) for \(b)") }
  }

  /// The points of curves are those of scikit-learn.
  @Test func `curves agree with scikit-learn`() throws {
    for (name, sample) in try golden("curves", as: File.self).cases {
      let points = try OperatingPoints(
        scores: sample.scores, truth: sample.truth, weights: sample.weights)
      let roc = points.rocCurve(corners: false).points
      #expect(roc.first == CurvePoint(threshold: nil, x: 0, y: 0))
      expectEqual(roc.dropFirst().map(\.x), sample.roc[0], "\(name): FPR")
      expectEqual(roc.dropFirst().map(\.y), sample.roc[1], "\(name): TPR")
      expectEqual(roc.dropFirst().compactMap(\.threshold), sample.roc[2], "\(name): threshold")
      let corners = points.rocCurve().points
      #expect(corners.count <= roc.count && Set(corners).isSubset(of: roc))
      let area = zip(corners, corners.dropFirst()).reduce(0) {
        $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2
      }
      expectClose(points.auroc, area, "\(name): area under the corners")
      let recall = points.precisionRecallCurve(corners: false).points
      #expect(recall.first == CurvePoint(threshold: nil, x: 0, y: 1))
      expectEqual(recall.dropFirst().map(\.x), sample.pr[0], "\(name): recall")
      expectEqual(recall.dropFirst().map(\.y), sample.pr[1], "\(name): precision")
      expectEqual(recall.dropFirst().compactMap(\.threshold), sample.pr[2], "\(name): cut")
      for (index, rate) in sample.rates.enumerated() {
        expectClose(
          points.sensitivity(atSpecificity: rate), sample.sensitivity[index],
          "\(name): sensitivity at \(rate)")
        expectClose(
          points.specificity(atSensitivity: rate), sample.specificity[index],
          "\(name): specificity at \(rate)")
      }
      let curve = try reliabilityCurve(
        probabilities: sample.scores, truth: sample.truth, bins: .equalMass(10))
      expectEqual(curve.map(\.meanProbability), sample.reliability[0], "\(name): probability")
      expectEqual(curve.map(\.meanTruth), sample.reliability[1], "\(name): truth")
      #expect(curve.reduce(0) { $0 + $1.weight } == Double(sample.scores.count))
    }
  }

  /// A curve that does not exist says why.
  @Test func `curves of one class are undefined`() throws {
    let positive = try OperatingPoints(scores: [0.5], truth: [true])
    #expect(positive.rocCurve().undefined == "0 negatives")
    #expect(positive.precisionRecallCurve().points.count == 2)
    let none = try OperatingPoints(scores: [], truth: [])
    #expect(none.rocCurve().points.isEmpty && none.rocCurve().undefined == "0 positives")
    #expect(none.precisionRecallCurve().undefined == "0 positives")
    #expect(none.sensitivity(atSpecificity: 0.9) == .undefined("0 positives"))
    let both = try OperatingPoints(scores: [0, 1], truth: [false, true])
    #expect(both.sensitivity(atSpecificity: .nan).value == nil)
    #expect(both.specificity(atSensitivity: 2) == .undefined("the rate 2.0 is not in 0…1"))
  }
}
