import Basics

/// What is wrong with a split, and what one should know of it.
public struct SplitLint: Sendable {
  /// Something that several subsets share.
  public struct Leak: Sendable, Equatable {
    /// What is shared: `patient`, `study` or `picture`.
    public var kind: String
    /// The subsets, in order.
    public var subsets: [Subset]
    /// How many patients, studies or groups of identical pictures they share.
    public var count: Int
    /// How many pictures of the last of the subsets have it in the first as well.
    public var touched: Int
    /// Some of those that are shared.
    public var examples: [String]
  }

  /// How a subset is made up.
  public struct Part: Sendable {
    /// The subset.
    public var subset: Subset
    /// How many pictures it has.
    public var pictures: Int
    /// How many patients.
    public var patients: Int
    /// For each finding the positive pictures and those with a label of 0, 1 or −1.
    public var findings: [(name: String, positive: Int, labelled: Int)]
    /// For each attribute the pictures and patients of each of its groups.
    public var attributes: [(name: String, groups: [CohortProfile.Share])]
  }

  /// A group of a subset that is too small to measure.
  public struct SmallGroup: Sendable, Equatable {
    /// The subset.
    public var subset: Subset
    /// Whose group it is.
    public var attribute: String
    /// The group.
    public var group: String
    /// How many patients it has there.
    public var patients: Int
  }

  /// What two subsets share.
  public var leaks: [Leak] = []
  /// The subsets that have pictures.
  public var parts: [Part] = []
  /// The groups of valid and test that are too small.
  public var small: [SmallGroup] = []
  /// Subsets without a picture.
  public var empty: [Subset] = []
  /// How many pictures are in no subset.
  public var leftOut: Int
  /// What may be one patient, or one study, in two subsets.
  public var doubtful: DoubtfulNames

  /// Looks at `subsets`, one for each picture of `cohort`.
  ///
  /// - Parameters:
  ///   - also: further subsets of pictures, where a split lists one several times.
  ///   - digests: those of the pictures' pixels, where they were decoded.
  ///   - findings: whose balance is told; all that have labels where `nil`.
  ///   - groups: of each picture, by attribute or crossing; `nil` where missing.
  ///   - minGroup: how many patients a group of valid or test needs.
  public init(
    _ cohort: Cohort, subsets: [Subset?], also: [(row: Int, subset: Subset)] = [],
    digests: [Digest?]? = nil, findings: [String]? = nil,
    groups: [(name: String, cells: [String?])], minGroup: Int
  ) throws(Diagnostics) {
    leftOut = subsets.count { $0 == nil }
    var members = subsets.enumerated().compactMap { row, subset in subset.map { (row, $0) } }
    members += also.map { ($0.row, $0.subset) }
    var subsetsOf: [[Subset]] = subsets.map { $0.map { [$0] } ?? [] }
    for (row, subset) in also { subsetsOf[row].append(subset) }
    doubtful = DoubtfulNames(cohort, subsets: subsetsOf)
    find("patient", members) { cohort.patients[$0] }
    find("study", members) { row in
      cohort.studies[row].isEmpty ? nil : "\(cohort.patients[row])/\(cohort.studies[row])"
    }
    find("picture", members) { cohort.images[$0] }
    if let digests {
      find("identical picture", members, name: { cohort.images[$0] }) { digests[$0]?.hex }
    }
    empty = Subset.allCases.filter { subset in !members.contains { $0.1 == subset } }
    let names = findings ?? cohort.findings
    var labels: [(name: String, labels: [RawLabel])] = []
    for name in names {
      // What was asked for must be there; of the rest, what has labels is told.
      if findings != nil {
        labels.append((name, try cohort.labels(of: name)))
      } else if let known = try? cohort.labels(of: name) {
        labels.append((name, known))
      }
    }
    let columns = groups.map { (name: $0.name, cells: $0.cells.map { $0 ?? "" }) }
    for subset in Subset.allCases where !empty.contains(subset) {
      let rows = members.filter { $0.1 == subset }.map(\.0)
      var part = Part(
        subset: subset, pictures: rows.count, patients: Set(rows.map { cohort.patients[$0] }).count,
        findings: [], attributes: [])
      for (name, labels) in labels {
        part.findings.append(
          (
            name, rows.count { labels[$0] == .positive }, rows.count { labels[$0] != .blank }
          ))
      }
      for (name, cells) in columns {
        var groups: [String: (pictures: Int, patients: Set<String>)] = [:]
        for row in rows {
          groups[cells[row], default: (0, [])].pictures += 1
          groups[cells[row], default: (0, [])].patients.insert(cohort.patients[row])
        }
        let shares = groups.sorted { $0.key < $1.key }.map {
          CohortProfile.Share(
            value: $0.key, pictures: $0.value.pictures, patients: $0.value.patients.count)
        }
        part.attributes.append((name, shares))
        let known = Set(cells).subtracting([""]).sorted()
        // A crossing has many groups; an attribute of many texts has none.
        let isGroup = known.count <= CohortProfile.mostValues || !cohort.attributes.contains(name)
        for group in known where subset != .train && isGroup {
          let patients = groups[group]?.patients.count ?? 0
          guard patients < minGroup else { continue }
          small.append(
            SmallGroup(subset: subset, attribute: name, group: group, patients: patients))
        }
      }
      parts.append(part)
    }
  }

  /// Notes what `key` gives for pictures of two subsets.
  private mutating func find(
    _ kind: String, _ members: [(Int, Subset)], name: ((Int) -> String)? = nil,
    _ key: (Int) -> String?
  ) {
    var rows: [String: [(row: Int, subset: Subset)]] = [:]
    for (row, subset) in members {
      if let key = key(row) { rows[key, default: []].append((row, subset)) }
    }
    let pairs: [(Subset, Subset)] = [(.train, .valid), (.train, .test), (.valid, .test)]
    for (first, second) in pairs {
      var shared: [String] = []
      var touched = 0
      for (key, found) in rows {
        let inSecond = found.filter { $0.subset == second }
        guard !inSecond.isEmpty, let one = found.first(where: { $0.subset == first }) else {
          continue
        }
        let both = [one.row, inSecond[0].row].map { name?($0) ?? key }
        shared.append(name == nil ? key : both.joined(separator: " = "))
        touched += inSecond.count
      }
      guard !shared.isEmpty else { continue }
      leaks.append(
        Leak(
          kind: kind, subsets: [first, second], count: shared.count, touched: touched,
          examples: Array(shared.sorted().prefix(5))))
    }
  }
}
