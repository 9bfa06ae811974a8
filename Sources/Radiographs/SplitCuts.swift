import Basics

/// What is left out of a split that was made: pictures go to no subset, patients never move.
extension Split {
  /// The split with at most `limit` pictures of each patient, drawn by chance.
  public func limited(to limit: Int, seed: Int) -> Split {
    var kept = subsets
    let byPatient = Dictionary(grouping: subsets.indices.filter { subsets[$0] != nil }) {
      patients[$0]
    }
    for (patient, rows) in byPatient where rows.count > limit {
      // A stream for each patient, so that others do not change what is drawn.
      var stream = RandomStream("pictures of \(patient)", seed: seed)
      var rows = rows
      stream.shuffle(&rows)
      for row in rows.dropFirst(limit) { kept[row] = nil }
    }
    return selecting(kept)
  }

  /// The split with as many pictures of each group, in each of `cut` and within each stratum: every
  /// group is cut down to the smallest one.
  ///
  /// Patients are drawn by chance and stay whole but for the last one. Pictures without a group are
  /// left out, and so is a stratum in which a group has none. Other subsets stay as they are.
  ///
  /// - Parameters:
  ///   - groups: of each picture.
  ///   - strata: of each picture; what is in one has the same shares in every group afterwards.
  /// - Throws: where nothing is left of a subset, or there are no two groups.
  public func evened(
    _ cut: [Subset], groups: [String?], strata: [String]? = nil, seed: Int
  ) throws(Diagnostics) -> Split {
    let names = Set(groups.compactMap { $0 }).sorted()
    guard names.count > 1 else {
      throw Diagnostics([
        Diagnostic(
          names.isEmpty
            ? "no picture has a group to balance" : "there is one group only: `\(names[0])`")
      ])
    }
    var kept = subsets
    for subset in cut {
      let rows = rows(subset)
      for row in rows { kept[row] = nil }
      var cells: [String: [String: [Int]]] = [:]
      for row in rows {
        if let group = groups[row] {
          cells[strata?[row] ?? "", default: [:]][group, default: []].append(row)
        }
      }
      for (stratum, members) in cells.sorted(by: { $0.key < $1.key })
      where members.count == names.count {
        let size = members.values.map(\.count).min() ?? 0
        for name in names {
          var stream = RandomStream("\(name) of \(stratum) in \(subset)", seed: seed)
          for row in drawn(size, of: members[name] ?? [], &stream) { kept[row] = subset }
        }
      }
      if !kept.contains(subset) {
        let lacking = names.filter { name in !rows.contains { groups[$0] == name } }
        throw Diagnostics([
          Diagnostic(
            "nothing is left of `\(subset)` when its groups are made alike: "
              + (lacking.isEmpty
                ? "they have nothing in common" : "it has no picture of \(lacking.quotedFew())"),
            hint: "name fewer groups, or a larger subset")
        ])
      }
    }
    return selecting(kept)
  }

  /// `count` of `rows`, patient by patient in an order of chance.
  private func drawn(_ count: Int, of rows: [Int], _ stream: inout RandomStream) -> [Int] {
    let byPatient = Dictionary(grouping: rows) { patients[$0] }
    var order = byPatient.keys.sorted()
    stream.shuffle(&order)
    return Array(order.flatMap { byPatient[$0] ?? [] }.prefix(count))
  }

  private func selecting(_ subsets: [Subset?]) -> Split {
    Split(images: images, patients: patients, studies: studies, subsets: subsets)
  }
}
