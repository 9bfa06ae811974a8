import Basics
import Pipeline
import Radiographs

/// `cohort:` whose pictures, whose table.
package struct CohortSection: Codable, Hashable, Sendable {
  /// The layout on disk: a name of `CohortSource.names`.
  package var source: String
  /// For `csv`: which column is which (`image`, `path`, `patient`, `study`, `sex`, `age`, `view`).
  package var columns: [String: String]?
  /// Only these views (`PA`, `AP`, …); all where absent.
  package var views: [String]?
  /// What a missing or unreadable picture does: `fail` or `skip`.
  package var onBadImage: String
  /// Whose labels, where the data set ships several.
  package var labeler: String?
  /// What is done about patients of whom the tables say two things, where it is not the usual.
  package var contradictions: String?
  /// For `folder`: a regular expression that takes the patient from a path.
  package var patient: String?
  /// What texts of attributes stand for, beside the tables of the reader.
  package var groups: [String: [String: String]]?
  /// Findings under another name than the data set's.
  package var rename: [String: String]?
  /// What it is called among several.
  package var name: String?
  /// The sources of a cohort of several, of which this is all.
  package var sources: [CohortSection]?

  enum CodingKeys: String, CodingKey {
    case source, columns, views, labeler, contradictions, patient, groups, rename, name, sources
    case onBadImage = "on_bad_image"
  }

  /// A section that says no more.
  package init(
    source: String, columns: [String: String]? = nil, views: [String]? = nil, onBadImage: String
  ) {
    self.source = source
    self.columns = columns
    self.views = views
    self.onBadImage = onBadImage
  }
}

extension CohortSection {
  /// The options of the reader, with the tables on this machine.
  package func source(table: String?, demographics: String?) -> CohortSource {
    var options = CohortSource(
      source: source, table: table, columns: columns ?? [:], demographics: demographics,
      views: views ?? [], onBadImage: BadImagePolicy(rawValue: onBadImage) ?? .fail)
    options.labeler = labeler
    options.contradictions =
      contradictions.flatMap(ContradictionPolicy.init) ?? .dropInconsistent
    options.patientPattern = patient
    options.groups = groups ?? [:]
    options.rename = rename ?? [:]
    return options
  }

  /// What the headers of the tables promise.
  package func header(_ files: ExperimentFiles) -> CohortHeader {
    guard let sources else {
      return source(table: files.table, demographics: files.demographics).inspect(root: files.root)
    }
    return CohortHeader(
      joining: zip(sources, files.sources).map { ($0.name ?? $0.source, $0.header($1)) })
  }

  /// Reads the cohort.
  ///
  /// - Parameters:
  ///   - root: the folder that its paths are relative to; that of the links to the roots for several
  ///     sources.
  ///   - named: what a spec names beside the root, by the keys of ``ExperimentFiles/named``.
  /// - Throws: everything that is wrong with tables and pictures.
  /// - Returns: the cohort, and what a person should hear of the reading.
  package func read(
    root: String, findingPictures: Bool = true, named: [String: String], prefix: String = ""
  ) throws(Diagnostics) -> (cohort: Cohort, notes: [String]) {
    guard let sources else {
      let (cohort, notes) = try source(
        table: named["\(prefix)table"], demographics: named["\(prefix)demographics"]
      ).read(root: root, findingPictures: findingPictures)
      return (cohort, notes.sentences)
    }
    var parts: [(name: String, cohort: Cohort)] = []
    var sentences: [String] = []
    var wrong: [Diagnostic] = []
    for (index, section) in sources.enumerated() {
      let name = section.name ?? section.source
      do throws(Diagnostics) {
        let (cohort, notes) = try section.read(
          root: Files.join(root, name), findingPictures: findingPictures, named: named,
          prefix: "\(index).")
        parts.append((name, cohort))
        sentences += notes.map { "\(name): \($0)" }
      } catch {
        wrong += error.all
      }
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    return (try Cohort(joining: parts, root: root), sentences)
  }
}
