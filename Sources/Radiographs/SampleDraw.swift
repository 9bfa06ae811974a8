import Basics

/// Which pictures of train a training sees: first as many of each class as asked for, then what the
/// method makes of them.
///
/// The classes are those of one finding: positive above 0.5, else negative. Pictures without a label
/// of it are left out as soon as anything is drawn.
public struct SampleDraw: Sendable, Equatable {
  /// What makes classes or groups equally large.
  public enum Method: Sendable, Equatable {
    /// Nothing does.
    case all
    /// The commoner class is drawn down to the rarer one, without replacement.
    case downsample
    /// Cases of the rarer class are repeated, drawn with replacement, up to the commoner one.
    case oversample
    /// Each class of each group gets an equal share of the pictures: larger cells are drawn without
    /// replacement, smaller ones keep all and repeat some. The groups are those of the pictures of
    /// the split; a picture without one is left out (group balancing, Idrissi et al. 2022).
    case groupBalanced([String?])
  }

  /// The finding whose classes are meant; `nil` where nothing is drawn.
  public var finding: String?
  /// How many negative pictures are drawn before all else; `nil` for all.
  public var negative: Int?
  /// How many positive pictures are drawn before all else; `nil` for all.
  public var positive: Int?
  /// What happens to these.
  public var method: Method

  /// Everything that has a label.
  public static let all = SampleDraw(finding: nil, method: .all)

  /// A draw.
  public init(finding: String?, negative: Int? = nil, positive: Int? = nil, method: Method) {
    self.finding = finding
    self.negative = negative
    self.positive = positive
    self.method = method
  }

  /// The rows drawn from `rows`, ascending, repeats next to each other.
  ///
  /// A smaller count draws a part of what a larger one draws with the same seed.
  func rows(_ rows: [Int], _ labels: LabelTable, seed: Int) throws(Diagnostics) -> [Int] {
    guard let finding else { return rows }
    guard let column = labels.findings.firstIndex(of: finding) else {
      let near = nearestName(to: finding, among: labels.findings)
      throw Diagnostics([
        Diagnostic(
          "unknown finding `\(finding)` to sample by",
          hint: near.map { "did you mean `\($0)`?" })
      ])
    }
    let values = labels.values[column]
    let known = rows.filter { values[$0].map { $0 != LabelPolicy.uncertainClass } == true }
    var classes = [false, true].map { isPositive in
      known.filter { values[$0].map { $0 > 0.5 } == isPositive }
    }
    var wrong: [Diagnostic] = []
    for (index, count) in [negative, positive].enumerated() {
      guard let count else { continue }
      let name = index == 0 ? "negative" : "positive"
      if classes[index].count < count {
        wrong.append(
          Diagnostic(
            "`\(finding)` has \(counted(classes[index].count, "\(name) picture")) in train, fewer "
              + "than the \(count) of `sample.counts`"))
      }
      var stream = RandomStream("sample \(name)", seed: seed)
      stream.shuffle(&classes[index])
      classes[index] = classes[index].prefix(count).sorted()
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    var stream = RandomStream("sample", seed: seed)
    switch method {
    case .all: return classes.joined().sorted()
    case .downsample:
      let isPositiveRarer = classes[1].count <= classes[0].count
      let (few, many) = isPositiveRarer ? (classes[1], classes[0]) : (classes[0], classes[1])
      return (few + Self.draw(few.count, of: many, &stream)).sorted()
    case .oversample:
      let size = classes.map(\.count).max() ?? 0
      return classes.flatMap { Self.draw(size, of: $0, &stream) }.sorted()
    case .groupBalanced(let groups):
      return try Self.balanced(classes, groups, finding, &stream)
    }
  }

  private static func balanced(
    _ classes: [[Int]], _ groups: [String?], _ finding: String, _ stream: inout RandomStream
  ) throws(Diagnostics) -> [Int] {
    var cells: [String: [[Int]]] = [:]
    for (index, rows) in classes.enumerated() {
      for row in rows {
        if let group = groups[row] { cells[group, default: [[], []]][index].append(row) }
      }
    }
    let sorted = cells.sorted { $0.key < $1.key }
    let wrong = sorted.flatMap { group, cell in
      zip(["negative", "positive"], cell).filter(\.1.isEmpty).map { name, _ in
        Diagnostic(
          "`\(finding)` has no \(name) picture of the group `\(group)` in train",
          hint: "name the groups that have both classes in `sample.groups`")
      }
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    let all = sorted.flatMap(\.value)
    let total = all.reduce(0) { $0 + $1.count }
    let size = all.isEmpty ? 0 : max(1, (total + all.count / 2) / all.count)
    return all.flatMap { draw(size, of: $0, &stream) }.sorted()
  }

  /// `count` of `rows`: without replacement where there are as many, else all and some of them again.
  private static func draw(_ count: Int, of rows: [Int], _ stream: inout RandomStream) -> [Int] {
    guard rows.count < count else {
      guard rows.count > count else { return rows }
      var rows = rows
      stream.shuffle(&rows)
      return Array(rows.prefix(count))
    }
    guard !rows.isEmpty else { return [] }
    return rows + (rows.count..<count).map { _ in rows[stream.below(rows.count)] }
  }
}
