import Basics

/// The pictures of a cohort by what foreign tables call them.
///
/// A picture is found by its whole name. Where it is named by a file, the parts of two paths may differ
/// in how many folders they begin with: a name that ends with the whole key or path of a picture is
/// that picture, and so is one with which the path of a single picture ends. Parts in the middle are
/// never left out, since `train/a.png` and `test/a.png` are two pictures.
struct PictureNames {
  private let key: SplitKey
  /// The source of each picture, where there are several.
  private let sources: [String]?
  /// The pictures under each name, the surest kind of names first.
  private let exact: [[String: [Int]]]
  /// What paths may end with.
  private let paths: [[String]]
  /// The pictures whose path ends with a name of so many parts.
  private var ends: [Int: [String: Set<Int>]] = [:]

  /// The names of the pictures of `cohort`.
  ///
  /// - Parameter hasSources: whether a name comes with the source that it is of.
  init(_ cohort: Cohort, _ key: SplitKey, hasSources: Bool) {
    let sources = cohort.sources
    (self.key, self.sources) = (key, sources)
    let names: [[String]] =
      switch key {
      case .image: [cohort.images, cohort.paths]
      case .path: [cohort.paths, cohort.images]
      case .patient: [cohort.patients]
      case .index:
        [
          cohort.rows.enumerated().map { row, number in
            sources.map { "\($0[row])/\(number)" } ?? String(number)
          }
        ]
      }
    var exact = names.map { names in Dictionary(grouping: names.indices) { names[$0] } }
    if let sources, !hasSources {
      exact += names.map { names in
        Dictionary(grouping: names.indices) {
          String(names[$0].dropFirst(sources[$0].count + 1))
        }
      }
    }
    self.exact = exact
    paths = key == .image || key == .path ? names : []
  }

  /// The pictures that a row of a table calls `name`; none where there is no such picture.
  ///
  /// - Parameters:
  ///   - source: the source that the row says it is of.
  ///   - place: of the row.
  /// - Throws: where the name may be that of several.
  mutating func rows(
    of name: String, source: String?, at place: Place
  ) throws(Diagnostic) -> [Int] {
    let prefix = sources == nil ? "" : source.map { $0 + "/" } ?? ""
    for names in exact { if let rows = names[prefix + name] { return try one(rows, name, place) } }
    guard !paths.isEmpty else { return [] }
    let parts = Self.parts(name)
    for start in parts.indices {
      let end = prefix + parts[start...].joined(separator: "/")
      for names in exact { if let rows = names[end] { return try one(rows, name, place) } }
    }
    guard !parts.isEmpty else { return [] }
    let rows = (endings(parts.count)[parts.joined(separator: "/")] ?? []).filter { row in
      prefix.isEmpty || sources?[row] == source
    }
    guard rows.count > 1 else { return Array(rows) }
    throw Diagnostic(
      "\(key) `\(name)` may be any of \(rows.count) pictures", at: place,
      hint: "write more of its path")
  }

  /// `rows`, which have one name, if they are of one source.
  private func one(_ rows: [Int], _ name: String, _ place: Place) throws(Diagnostic) -> [Int] {
    guard let sources else { return rows }
    let named = Set(rows.map { sources[$0] }).sorted()
    guard named.count > 1 else { return rows }
    throw Diagnostic(
      "\(key) `\(name)` is in several sources: \(named.quotedFew())", at: place,
      hint: key == .index
        ? "add a column `source`, or name the pictures by `path`"
        : "write `\(named[0])/\(name)`, or add a column `source`")
  }

  private mutating func endings(_ count: Int) -> [String: Set<Int>] {
    if let known = ends[count] { return known }
    var found: [String: Set<Int>] = [:]
    for names in paths {
      for (row, name) in names.enumerated() {
        let parts = name.split(separator: "/")
        guard parts.count > count else { continue }
        found[parts.suffix(count).joined(separator: "/"), default: []].insert(row)
      }
    }
    ends[count] = found
    return found
  }

  /// The folders and the file of a path, on Windows, too, without the way up to them.
  private static func parts(_ path: String) -> [String] {
    let path = path.contains("\\") ? path.replacing("\\", with: "/") : path
    return path.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
  }

  /// What a name looks like.
  var hint: String? { exact.first?.keys.min().map { "the cohort has `\($0)`" } }
}
