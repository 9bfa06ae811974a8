import Basics
import Experiments
import Radiographs

/// A data set that a command looks at: that of a folder, a table or a spec.
struct ExaminedSource {
  let name: String
  let section: CohortSection
  let files: ExperimentFiles
  /// The groups that a spec asks for.
  var fairness: FairnessSection?

  /// The sources that `data` names: one of a folder or a table, those of a spec. Where the tables of
  /// a source cannot be read at all, it is why not.
  static func find(
    _ data: String, _ table: TableOptions, runs: String
  ) throws -> [Result<ExaminedSource, Diagnostics>] {
    if data.hasSuffix(".yaml") || data.hasSuffix(".yml") {
      let experiments = try SpecOptions.load(data, .init(), runs: runs).spec.experiments
      var seen: Set<Key> = []
      return experiments.flatMap { parts(of: $0.cohort, $0.files) }
        .filter { seen.insert(Key(section: $0.section, files: $0.files)).inserted }
        .map { .success($0) }
    }
    return try SpecOptions.reporting {
      guard Files.exists(data) else { throw Diagnostic("there is no `\(data)`") }
      do throws(Diagnostics) {
        var options = table.options(onBadImage: "skip")
        if options.source == nil, Files.isFolder(data), CohortSource.isFolderOfClasses(data),
          CohortSource.recognised(root: data, table: nil, columns: options.columns) == nil
        {
          options.source = "folder"
        }
        let found = try NewPictures.find([data], options, runs: runs)
        guard !found.areListed else {
          return [
            .failure(
              Diagnostics([
                Diagnostic(
                  "no reader knows the tables of `\(data)`",
                  hint: "`--source` names one: \(CohortSource.names.quotedList)")
              ]))
          ]
        }
        return [
          .success(
            ExaminedSource(
              name: found.cohort.source, section: found.cohort, files: found.files))
        ]
      } catch {
        return [.failure(error)]
      }
    }
  }

  /// The data set that `data` names, all sources of a spec as one.
  static func whole(
    _ data: String, _ table: TableOptions, runs: String
  ) throws -> ExaminedSource {
    guard data.hasSuffix(".yaml") || data.hasSuffix(".yml") else {
      guard let source = try find(data, table, runs: runs).first else {
        throw Diagnostic("there is no `\(data)`")
      }
      return try source.get()
    }
    let experiments = try SpecOptions.load(data, .init(), runs: runs).spec.experiments
    guard let first = experiments.first else { throw Diagnostic("`\(data)` has no experiment") }
    return ExaminedSource(
      name: first.cohort.source, section: first.cohort, files: first.files,
      fairness: first.fairness)
  }

  /// The cohort as its tables promise it, without a look at the pictures.
  func promised() throws(Diagnostics) -> Cohort {
    try section.read(root: files.root, findingPictures: false, named: files.named).cohort
  }

  /// `cohort` with the paths of its pictures on disk; as promised where they are not there.
  func found(of cohort: Cohort) -> Cohort {
    var lenient = section
    lenient.onBadImage = BadImagePolicy.skip.rawValue
    lenient.sources = section.sources?.map { source in
      var source = source
      source.onBadImage = BadImagePolicy.skip.rawValue
      return source
    }
    guard let found = try? lenient.read(root: files.root, named: files.named).cohort else {
      return cohort
    }
    return cohort.with(pathsOf: found)
  }

  private struct Key: Hashable {
    let section: CohortSection
    let files: ExperimentFiles
  }

  private static func parts(
    of section: CohortSection, _ files: ExperimentFiles
  ) -> [ExaminedSource] {
    guard let sources = section.sources else {
      return [ExaminedSource(name: section.source, section: section, files: files)]
    }
    return zip(sources, files.sources).map {
      ExaminedSource(name: $0.name ?? $0.source, section: $0, files: $1)
    }
  }

  typealias Found = (cohort: Cohort, notes: CohortNotes, hasPictures: Bool)

  /// The cohort, as far as it can be read, and what stands against using it.
  func read() -> (found: Found?, problems: [Diagnostic]) {
    var source = section.source(table: files.table, demographics: files.demographics)
    source.onBadImage = .skip
    do throws(Diagnostics) {
      let (cohort, notes) = try source.read(root: files.root)
      let missing = notes.missingPictures
      let problems =
        missing.isEmpty
        ? []
        : [
          Diagnostic(
            "\(counted(missing.count, "picture")) \(missing.count == 1 ? "is" : "are") not in "
              + "`\(files.root)`: \(missing.quotedFew(20))")
        ]
      return ((cohort, notes, true), problems)
    } catch {
      guard let (cohort, notes) = try? source.read(root: files.root, findingPictures: false) else {
        return (nil, error.all)
      }
      return ((cohort, notes, false), error.all)
    }
  }
}

extension Diagnostic {
  /// Place, message and hint in one line.
  var sentence: String {
    (place.map { "\($0.file):\($0.line): " } ?? "") + message + (hint.map { " (\($0))" } ?? "")
  }
}
