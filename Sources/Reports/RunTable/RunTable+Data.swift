import Basics
import Experiments

/// The table for other programs.
extension RunTable {
  /// What the table says beside its rows, sentence by sentence.
  package func notes() throws -> [String] { notes(try FairTable(self)) }

  /// `{"baselines", "consistency", "notes", "rows": [{"arm", "settings", "seeds", "baseline", "pareto",
  /// "shortcut", "sweep", "comparison", "metrics"}]}`, sorted keys.
  package func json() throws -> String {
    let fair = try FairTable(self)
    let judged = judgedDifferences()
    let wanted = choice.metrics.map(TableChoice.onTest)
    var text = JSONText()
    try text.object { text in
      text.object("baselines") { add(fair, to: &$0) }
      try text.list("consistency") { text in
        for sweep in sweeps { try add(sweep, to: &text) }
      }
      text.list("notes") { text in for note in notes(fair) { text.add(nil, note) } }
      text.list("rows") { text in
        for row in rows { add(row, judged[row.place] ?? [:], wanted, to: &text) }
      }
    }
    return String(decoding: text.bytes, as: UTF8.self) + "\n"
  }

  private func add(_ fair: FairTable, to text: inout JSONText) {
    text.list("comparisons") { text in
      for entry in fair.entries {
        text.object { text in
          text.add("arm", entry.arm.arm)
          text.add("baseline", entry.baseline.arm)
          text.object("differences") { text in
            for (name, judged) in entry.differences.sorted(by: { $0.key < $1.key }) {
              text.record(name, judged.fields)
            }
          }
          text.add("kind", entry.kind.rawValue)
        }
      }
    }
    text.list("missing") { text in
      for (sweep, kind, advice) in fair.missing {
        text.object { text in
          text.add("add_to", advice.section)
          if let arm = advice.elsewhere { text.add("elsewhere", arm) }
          text.add("kind", kind.rawValue)
          text.add("sweep", sweeps[sweep].title)
          text.add("yaml", advice.yaml)
        }
      }
    }
  }

  private func add(_ sweep: Sweep, to text: inout JSONText) throws {
    guard sweep.consistencyPath != nil || sweep.inconsistency != nil else { return }
    try text.object { text in
      if let path = sweep.consistencyPath {
        text.raw(
          "document", try Basics.Files.read(path).dropLast(while: { $0 == UInt8(ascii: "\n") }))
      }
      text.add("sweep", sweep.title)
      if let reason = sweep.inconsistency { text.add("undefined", reason) }
    }
  }

  private func add(
    _ row: Row, _ differences: [String: JudgedDifference], _ wanted: [String],
    to text: inout JSONText
  ) {
    text.object { text in
      text.add("arm", row.arm)
      text.add("baseline", row.isBaseline)
      if let baseline = row.comparison?.baseline {
        text.object("comparison") { text in
          text.add("baseline", all[baseline].arm)
          text.object("differences") { text in
            for (name, judged) in differences.sorted(by: { $0.key < $1.key })
            where wanted.isEmpty || wanted.contains(name) {
              text.record(name, judged.fields)
            }
          }
        }
      }
      text.object("metrics") { text in
        row.metrics?.forEachLine(wanted) { name, cells in
          let keys = MetricSummary.keys + ["n"]
          text.record(
            String(decoding: name, as: UTF8.self),
            zip(keys, cells).map { ($0, .number($1)) }
              + zip(["undefined", "withheld"], cells.dropFirst(keys.count)).map { ($0, .text($1)) })
        }
      }
      text.add("pareto", row.isOnFront)
      text.add("seeds", row.summary?.seeds ?? 0)
      text.object("settings") { text in
        for setting in row.settings.sorted(by: { $0.path < $1.path }) {
          text.add(setting.path, setting.value)
        }
      }
      if let shortcut = row.summary?.shortcut, !row.isBaseline {
        text.record("shortcut", JudgedDifference(found: shortcut, adjusted: nil).fields)
      }
      text.add("sweep", sweeps[row.sweep].title)
      if let utopia = row.utopia { text.add("utopia", utopia) }
    }
  }

  /// By the places of rows, how each differs from what it is compared with, metric by metric.
  private func judgedDifferences() -> [Int: [String: JudgedDifference]] {
    var found: [(row: Row, differences: [String: DifferenceSummary])] = []
    var families: [String: [Int: [(place: Int, pValue: Double)]]] = [:]
    for row in all {
      guard let (baseline, differences) = row.comparison else { continue }
      let own = differences.all
      found.append((row, own))
      for case (let name, let pValue?) in own.map({ ($0.key, $0.value.pValue) }) {
        families[name, default: [:]][baseline, default: []].append((row.place, pValue))
      }
    }
    let adjusted = families.reduce(into: [String: [Int: Double]]()) { adjusted, family in
      for tests in family.value.values {
        adjusted[family.key, default: [:]].merge(
          JudgedDifference.adjusted(family.key, tests, choice.adjustment)
        ) { first, _ in first }
      }
    }
    return found.reduce(into: [:]) { judged, entry in
      var own: [String: JudgedDifference] = [:]
      for (name, difference) in entry.differences {
        own[name] = JudgedDifference(
          found: difference, adjusted: adjusted[name]?[entry.row.place])
      }
      judged[entry.row.place] = own
    }
  }

  private static let differenceColumns = [
    "baseline", "difference", "difference_low", "difference_high", "p_value", "p_adjusted",
    "verdict",
  ]

  /// A line for each metric of each arm: `MetricTable.columns`, and how it differs from what it is
  /// compared with.
  package func csv() -> [UInt8] {
    let judged = judgedDifferences()
    let wanted = choice.metrics.map(TableChoice.onTest)
    let none = Array(repeatElement(UInt8(ascii: ","), count: Self.differenceColumns.count))
    var bytes = CSVWriter(header: MetricTable.columns + Self.differenceColumns).bytes
    for row in rows {
      let own = judged[row.place] ?? [:]
      let baseline = row.comparison.map { all[$0.baseline].arm } ?? ""
      row.metrics?.append(to: &bytes, arm: row.arm, wanted) { name in
        guard !own.isEmpty, let judged = own[String(decoding: name, as: UTF8.self)] else {
          return none
        }
        let numbers = [
          judged.found.difference, judged.found.low, judged.found.high, judged.found.pValue,
          judged.adjusted,
        ].map { $0.map { "\($0)" } ?? "" }
        let cells = CSVWriter(header: [""] + [baseline] + numbers + [judged.verdict]).bytes
        return Array(cells.dropLast())
      }
    }
    return bytes
  }
}

extension JudgedDifference {
  /// What stands in JSON.
  fileprivate var fields: [(key: String, value: JSONText.Field?)] {
    [
      ("adjusted", .number(adjusted)), ("difference", .number(found.difference)),
      ("high", .number(found.high)), ("low", .number(found.low)),
      ("p_value", .number(found.pValue)), ("verdict", .text(verdict)),
    ]
  }
}

extension [UInt8] {
  /// Without what meets `isEnd` at the end.
  fileprivate func dropLast(while isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    self[..<(lastIndex { !isEnd($0) }.map { $0 + 1 } ?? startIndex)]
  }
}
