import Basics

/// Sums over cases by patient: what a bootstrap needs of a number that is computed from sums.
///
/// A table of `columns` sums, of which each case adds to a few. A replicate's sums are those of its
/// patients, each as often as it is drawn; whole numbers stay exact.
struct PatientSums {
  let columns: Int
  /// The entries of patient p are `offsets[p]..<offsets[p + 1]`.
  private var offsets: [Int] = [0]
  private var entries: [(column: Int, value: Double)] = []

  /// - Parameters:
  ///   - patient: the patient of each case, from 0.
  ///   - add: adds what a case has: `add(column, value)`.
  init(
    columns: Int, patient: [Int], cases: some Sequence<Int>,
    _ terms: (_ index: Int, _ add: (Int, Double) -> Void) -> Void
  ) {
    self.columns = columns
    var byPatient = [[Int]](repeating: [], count: (patient.max() ?? -1) + 1)
    for index in cases { byPatient[patient[index]].append(index) }
    var row = [Double](repeating: 0, count: columns)
    for members in byPatient {
      for index in members { terms(index) { row[$0] += $1 } }
      for column in 0..<columns where row[column] != 0 {
        entries.append((column, row[column]))
        row[column] = 0
      }
      offsets.append(entries.count)
    }
  }

  /// The sums over all patients.
  var totals: [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for entry in entries { sums[entry.column] += entry.value }
    return sums
  }

  /// The sums of each replicate, `[replicate][column]`.
  func replicates(_ draws: PatientDraws?, threads: Int) -> [[Double]] {
    guard let draws, draws.patients >= offsets.count - 1, columns > 0 else { return [] }
    let lanes = PatientDraws.lanes
    var sums = [SIMD8<Double>](repeating: SIMD8(), count: draws.blocks * columns)
    sums.withUnsafeMutableBufferPointer { sums in
      // Every block writes its own sums.
      nonisolated(unsafe) let sums = sums
      concurrently(draws.blocks, threads: threads) { block in
        for patient in 0..<offsets.count - 1 {
          let count = draws.counts[block * draws.patients + patient]
          let weight = SIMD8<Double>(SIMD8<Int32>(truncatingIfNeeded: count))
          for entry in entries[offsets[patient]..<offsets[patient + 1]] {
            sums[block * columns + entry.column] += weight * entry.value
          }
        }
      }
    }
    return (0..<draws.replicates).map { replicate in
      (0..<columns).map { sums[replicate / lanes * columns + $0][replicate % lanes] }
    }
  }

  /// A number computed from the sums, as they are and in each replicate.
  static func estimate(
    _ totals: [Double], _ replicates: [[Double]], level: Double, _ number: ([Double]) -> Measure
  ) -> Estimate {
    Estimate(
      point: number(totals), replicates: replicates.map { number($0).orNaN }, level: level)
  }
}

/// The bootstrap of any number, for those that no single pass serves: a calibration slope, a sensitivity
/// at a given specificity.
///
/// - Parameter number: the number where patient p counts `weights[p]` times; called for several
///   replicates at once.
public func bootstrap(
  _ draws: PatientDraws, level: Double = 0.95, threads: Int = processorCount,
  _ number: @Sendable (_ weights: [Double]) -> Measure
) -> Estimate {
  var replicates = [Double](repeating: .nan, count: draws.replicates)
  replicates.withUnsafeMutableBufferPointer { replicates in
    // Every replicate writes its own number.
    nonisolated(unsafe) let replicates = replicates
    concurrently(draws.replicates, threads: threads) { replicate in
      replicates[replicate] = number(draws.counts(of: replicate).map(Double.init)).orNaN
    }
  }
  return Estimate(
    point: number([Double](repeating: 1, count: draws.patients)), replicates: replicates,
    level: level)
}
