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
  /// The table of the patients' race and ethnicity, or the folder of such tables, where the data set
  /// has them apart.
  public var demographics: String?
  /// Whose labels, where the data set ships several; the usual ones where `nil`.
  public var labeler: String?
  /// What is done about a patient of whom the tables say two things.
  public var contradictions = ContradictionPolicy.dropInconsistent
  /// For folders of pictures: a regular expression whose first group in a path is the patient.
  public var patientPattern: String?
  /// For each attribute, the groups that texts stand for, laid over the tables of ``GroupTables``.
  public var groups: [String: [String: String]] = [:]
  /// Findings under another name than the data set's.
  public var rename: [String: String] = [:]
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
    [
      CheXpertReader.self, CheXpertPlusReader.self, MIMICReader.self, NIHReader.self,
      PadChestReader.self, BRAXReader.self, FolderReader.self, PlainTableReader.self,
    ]
  }

  /// The names that `source` may have.
  public static var names: [String] { readers.map { $0.name } }

  private func reader() throws(Diagnostics) -> any CohortReader.Type {
    guard let reader = Self.readers.first(where: { $0.name == source }) else {
      let near = nearestName(to: source, among: Self.names)
      throw Diagnostics([
        Diagnostic(
          "unknown source `\(source)`",
          hint: near.map { "did you mean `\($0)`?" } ?? "the sources are \(Self.names.quotedList)")
      ])
    }
    if demographics != nil, !reader.readsDemographics {
      throw Diagnostics([Diagnostic("`\(source)` has no table of demographics")])
    }
    if let labeler, !reader.labelers.contains(labeler) {
      let hint =
        reader.labelers.isEmpty
        ? "`\(source)` has one set of labels" : "they are \(reader.labelers.quotedList)"
      throw Diagnostics([Diagnostic("`\(labeler)` made no labels of `\(source)`", hint: hint)])
    }
    if !columns.isEmpty, !reader.takesColumns {
      throw Diagnostics([
        Diagnostic("the columns of `\(source)` have fixed names, so `columns` must be empty")
      ])
    }
    return reader
  }

  /// The tables that are read, whose content decides the cohort; the main one first.
  public func tables(root: String) throws(Diagnostics) -> [String] {
    try reader().tables(self, root: root)
  }

  /// The tables of demographics that are read.
  public func demographicTables() throws(Diagnostics) -> [String] {
    guard let demographics else { return [] }
    return try reader().demographics(demographics)
  }

  /// What the headers of the tables promise, without reading a row, and what is wrong with them.
  public func inspect(root: String) -> CohortHeader {
    do throws(Diagnostics) {
      _ = try demographicTables()
      var header = try reader().inspect(self, root: root)
      guard header.wrong.isEmpty else { return header }
      if !views.isEmpty, !header.attributes.contains("view") {
        header.wrong.append(
          Diagnostic("the table has no column for the view, so `views` cannot choose"))
      }
      for (key, names, kind, known) in [
        ("groups", groups.keys.sorted(), "attribute", header.attributes),
        ("rename", rename.keys.sorted(), "finding", header.findings),
      ] {
        for name in names where !known.contains(name) {
          header.wrong.append(
            Diagnostic(
              "`\(key)` names `\(name)`, which is no \(kind)",
              hint: nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
                ?? "the \(kind)s are \(known.quotedFew(20))"))
        }
      }
      header.findings = header.findings.map { rename[$0] ?? $0 }
      var seen: Set<String> = []
      for name in header.findings where !seen.insert(name).inserted {
        header.wrong.append(Diagnostic("`rename` gives two findings the name `\(name)`"))
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
    let header = inspect(root: root)
    guard header.wrong.isEmpty else { throw Diagnostics(header.wrong) }
    let reader = try reader()
    var draft = try reader.draft(self, root: root)
    draft.rename(rename, isPathology: reader.isPathology)
    var notes = CohortNotes(rows: draft.images.count, implausibleAges: draft.implausibleAges)
    notes.unmapped = draft.unmappedTexts
    notes.remarks = draft.remarks + draft.unusedGroups
    notes.otherViews = draft.keep(views: views)
    notes.missingPictures =
      findingPictures ? draft.findPictures(root: root, onBadImage) : draft.expectPictures()
    // Labels are read by those who use them; where something is wrong anyway, all of it is said.
    if !draft.wrong.isEmpty { draft.checkLabels() }
    try draft.wrong.throwIfAny()
    let cohort = try draft.cohort()
    return (cohort, notes)
  }
}
