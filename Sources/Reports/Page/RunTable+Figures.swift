import Experiments
import Metrics

/// Pictures of a table.
extension RunTable {
  /// The first two metrics of the Pareto front against each other, on test, with intervals; `nil` where
  /// fewer than two arms have them.
  package func tradeOff() -> String? {
    let names = front.prefix(2).map {
      TableChoice.onTest(String($0.name.drop { $0 != "." }.dropFirst()))
    }
    guard names.count == 2 else { return nil }
    let points = rows.compactMap { row in
      names.compactMap { name in row.metrics?[name].flatMap { $0.mean == nil ? nil : $0 } }
        .pair.map { (row: row, x: $0.0, y: $0.1) }
    }
    func ends(_ metric: MetricSummary) -> [Double] {
      [metric.mean, metric.low, metric.high].compactMap { $0 }
    }
    guard points.count > 1, let x = Chart.range(points.flatMap { ends($0.x) }),
      let y = Chart.range(points.flatMap { ends($0.y) })
    else { return nil }
    var chart = Chart(x: x, y: y, width: 560, height: 400)
    let arms = charted
    for (row, x, y) in points {
      guard let across = x.mean, let up = y.mean else { continue }
      let colour = Chart.colours[arms.firstIndex(of: row.arm) ?? Chart.most - 1]
      if let low = x.low, let high = x.high {
        chart.add(line: [(low, up), (high, up)], colour + "66")
      }
      if let low = y.low, let high = y.high {
        chart.add(line: [(across, low), (across, high)], colour + "66")
      }
      chart.add(
        point: (across, up), colour, isFilled: row.isOnFront,
        about: "\(row.arm): \(TextTable.number(across)), \(TextTable.number(up))")
    }
    let titles = names.map { String($0.dropFirst("test.".count)) }
    return HTMLPage.figure(
      chart.svg(x: titles[0], y: titles[1]),
      Chart.legend(arms) + "<br>On test"
        + (points.contains { $0.x.low != nil } ? ", with 95 % intervals" : "")
        + "; filled: on the Pareto front, judged on validation. The pointer shows names.")
  }

  /// The rows that have a colour of their own.
  private var charted: [String] {
    rows.filter { $0.metrics != nil }.prefix(Chart.most).map(\.arm)
  }

  /// What each group of an attribute has more than the rest in AUROC, arm by arm, with intervals for
  /// all groups at once; `nil` where nothing is known.
  package func groupDifferences(_ attribute: String) -> String? {
    let start = "test.minus_rest.\(attribute)."
    let end = ".\(Statistic.auroc.rawValue)"
    let arms = rows.filter { $0.metrics != nil }.prefix(Chart.most)
    let names = (arms.first?.metrics?.names(startingWith: start) ?? []).filter {
      $0.hasSuffix(end)
    }
    let found = names.map { name in arms.map { $0.metrics?[name] } }
    let ends = found.joined().flatMap { [$0?.mean, $0?.low, $0?.high].compactMap { $0 } }
    guard !names.isEmpty, let x = Chart.range(ends + [0]) else { return nil }
    let count = Double(names.count)
    let labels = names.map { String($0.dropFirst(start.count).dropLast(end.count)) }
    let left = 20 + 7.5 * Double(labels.map(\.count).max() ?? 0)
    var chart = Chart(
      x: x, y: 0...count, width: 496 + left, height: 60 + 16 * count * Double(arms.count + 1),
      left: left)
    chart.add(line: [(0, 0), (0, count)], "#888", dashed: true)
    for (place, (label, metrics)) in zip(labels, found).enumerated() {
      chart.add(label: label, at: count - Double(place) - 0.5)
      for (position, (row, metric)) in zip(arms, metrics).enumerated() {
        guard let metric, let mean = metric.mean else { continue }
        let height = count - Double(place) - Double(position + 1) / Double(arms.count + 1)
        let colour = Chart.colours[position]
        if let low = metric.low, let high = metric.high {
          chart.add(line: [(low, height), (high, height)], colour)
        }
        chart.add(
          point: (mean, height), colour, about: "\(row.arm): \(TextTable.signed(mean))")
      }
    }
    return HTMLPage.figure(
      chart.svg(x: "AUROC minus that of the rest, by \(attribute)", y: ""),
      Chart.legend(arms.map(\.arm)))
  }
}

extension [MetricSummary] {
  fileprivate var pair: (MetricSummary, MetricSummary)? {
    count == 2 ? (self[0], self[1]) : nil
  }
}
