import Basics

/// What is done about a picture that is missing, unreadable or cut short.
public enum BadImagePolicy: String, Codable, Sendable, CaseIterable {
  /// All of them are listed, and nothing is made.
  case fail
  /// They are left out, named and counted.
  case skip
}

/// Which data set is read, and how.
public struct CohortSource: Codable, Sendable, Equatable {
  /// The name of a reader (``readers``).
  public var source: String
  /// The table, where it is not the one the data set ships in its root.
  public var table: String?
  /// For plain tables: which column holds what (`image`, `path`, `patient`, `study`, `sex`, `age`,
  /// `view`).
  public var columns: [String: String]
  /// The table of the patients' race and ethnicity, where the data set has one of its own.
  public var demographics: String?
  /// The views to keep (`PA`, `frontal`, …); all where empty.
  public var views: [String]
  /// What is done about bad pictures.
  public var onBadImage: BadImagePolicy

  /// A source.
  public init(
    source: String, table: String? = nil, columns: [String: String] = [:],
    demographics: String? = nil, views: [String] = [], onBadImage: BadImagePolicy = .fail
  ) {
    self.source = source
    self.table = table
    self.columns = columns
    self.demographics = demographics
    self.views = views
    self.onBadImage = onBadImage
  }

  /// Every reader; a new data set is a new file and a row here.
  static var readers: [any CohortReader.Type] {
    [CheXpertReader.self, NIHReader.self, PlainTableReader.self]
  }

  /// The names that `source` may have.
  public static var names: [String] { readers.map { $0.name } }

  private func reader() throws(Diagnostics) -> any CohortReader.Type {
    if let reader = Self.readers.first(where: { $0.name == source }) {
      guard let demographics else { return reader }
      guard reader.readsDemographics else {
        throw Diagnostics([Diagnostic("`\(source)` has no table of demographics")])
      }
      guard Files.exists(demographics) else {
        throw Diagnostics([Diagnostic("there is no table `\(demographics)`")])
      }
      return reader
    }
    let near = nearestName(to: source, among: Self.names)
    throw Diagnostics([
      Diagnostic(
        "unknown source `\(source)`",
        hint: near.map { "did you mean `\($0)`?" } ?? "the sources are \(Self.names.quotedList)")
    ])
  }

  /// The tables that are read, whose content decides the cohort.
  public func tables(root: String) throws(Diagnostics) -> [String] {
    try reader().tables(self, root: root) + (demographics.map { [$0] } ?? [])
  }

  /// What the headers of the tables promise, without reading a row, and what is wrong with them.
  public func inspect(root: String) -> CohortHeader {
    do throws(Diagnostics) {
      var header = try reader().inspect(self, root: root)
      if !views.isEmpty, header.wrong.isEmpty, !header.attributes.contains("view") {
        header.wrong.append(
          Diagnostic("the table has no column for the view, so `views` cannot choose"))
      }
      return header
    } catch {
      return CohortHeader(wrong: error.all)
    }
  }

  /// Reads the cohort from the data set in the folder `root`.
  ///
  /// - Parameter findingPictures: whether each picture is looked up on disk; without it the paths
  ///   are those the table promises.
  /// - Throws: everything wrong with tables and pictures at once.
  public func read(
    root: String, findingPictures: Bool = true
  ) throws(Diagnostics) -> (cohort: Cohort, notes: CohortNotes) {
    var draft = try reader().draft(self, root: root)
    var notes = CohortNotes(rows: draft.images.count, implausibleAges: draft.implausibleAges)
    notes.demographics = draft.demographics
    notes.otherViews = draft.keep(views: views)
    notes.missingPictures =
      findingPictures ? draft.findPictures(root: root, onBadImage) : draft.expectPictures()
    try draft.wrong.throwIfAny()
    let cohort = try draft.cohort()
    return (cohort, notes)
  }
}

/// What the headers of a data set promise.
public struct CohortHeader: Sendable, Equatable {
  /// The names that can be used as findings.
  public var findings: [String] = []
  /// The names that can be used as attributes.
  public var attributes: [String] = []
  /// What is wrong, as far as the headers show.
  public var wrong: [Diagnostic] = []

  /// A header that promises `findings` and `attributes`.
  public init(
    findings: [String] = [], attributes: [String] = [], wrong: [Diagnostic] = []
  ) {
    self.findings = findings
    self.attributes = attributes
    self.wrong = wrong
  }
}

/// What a reader met on its way that is no error, to be told with the cohort.
public struct CohortNotes: Codable, Sendable, Equatable {
  /// The rows of the table.
  public var rows: Int
  /// How many ages above 120 years were taken as missing.
  public var implausibleAges: Int
  /// What the table of demographics left open, where there is one.
  public var demographics: DemographicsNotes?
  /// How many rows have another view than those asked for.
  public var otherViews = 0
  /// The keys of the pictures left out because they are not on disk.
  public var missingPictures: [String] = []
}

/// Reads one data set as its owners ship it.
protocol CohortReader {
  /// The name in a spec.
  static var name: String { get }
  /// Whether it takes a table of demographics.
  static var readsDemographics: Bool { get }
  /// The tables it reads, but for that of demographics.
  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String]
  /// What the headers promise.
  static func inspect(
    _ source: CohortSource, root: String
  ) throws(Diagnostics) -> CohortHeader
  /// The rows of the tables, with what is wrong with them.
  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft
}

extension CohortReader {
  static var readsDemographics: Bool { false }

  /// The first of `names`, plain or gzip, that lies in `root`, or the table that `source` names.
  static func table(
    _ names: [String], _ source: CohortSource, root: String
  ) throws(Diagnostics) -> String {
    if let table = source.table {
      guard Files.exists(table) else {
        throw Diagnostics([Diagnostic("there is no table `\(table)`")])
      }
      return table
    }
    guard Files.exists(root) else {
      throw Diagnostics([Diagnostic("there is no folder `\(root)`")])
    }
    for name in names.flatMap({ [$0, $0 + ".gz"] }) {
      let path = Files.join(root, name)
      if Files.exists(path) { return path }
    }
    throw Diagnostics([
      Diagnostic("`\(root)` holds no table \(names.quotedList)", hint: "name it with `table`")
    ])
  }

  /// The header of the table at `path` as a table without rows.
  static func header(_ path: String) throws(Diagnostics) -> CSV {
    try several { () throws(Diagnostic) in
      let bytes = try Files.readMaybeCompressed(path)
      var quoted = false
      let end = bytes.firstIndex { byte in
        if byte == UInt8(ascii: "\"") { quoted.toggle() }
        return !quoted && (byte == 10 || byte == 13)
      }
      return try CSV(Array(bytes[..<(end ?? bytes.endIndex)]), file: path)
    }
  }
}
