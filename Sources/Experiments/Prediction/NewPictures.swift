import Basics
import Foundation
import Pipeline
import Radiographs

/// Pictures that a trained network has not seen: a data set, a table, or pictures by their names.
package struct NewPictures: Sendable {
  /// Whose pictures, and where they lie.
  package let cohort: CohortSection
  package let files: ExperimentFiles
  /// The findings that the tables can judge, and the attributes.
  package let header: CohortHeader
  /// Whether something says which patient a picture is of; else each counts as one.
  package let patientsAreKnown: Bool
  /// Whether the pictures were named one by one.
  package var areListed: Bool { files.isListed }

  /// What a command line says of pictures beside where they are.
  package struct Options: Sendable {
    /// The reader; recognised by the tables where `nil`.
    package var source: String?
    /// The folder that a table's paths are relative to; the table's own where `nil`.
    package var root: String?
    package var columns: [String: String] = [:]
    package var demographics: String?
    package var views: [String] = []
    /// Whose labels, where the data set ships several.
    package var labeler: String?
    package var onBadImage = "fail"

    /// Nothing said.
    package init() {}
  }

  /// Finds what `data` names: one folder of a data set, one table (`.csv`, `.csv.gz`), or any number
  /// of pictures, folders of pictures and lists of them (a path a line, relative to the list).
  ///
  /// - Parameter runs: the folder of the cache, in which a list of pictures is kept.
  /// - Throws: all that is not there, and what is wrong with the header of a table.
  package static func find(
    _ data: [String], _ options: Options, runs: String
  ) throws(Diagnostics) -> NewPictures {
    if data.count == 1, let set = try dataSet(data[0], options) { return set }
    for (name, isGiven) in [
      ("root", options.root != nil), ("column", !options.columns.isEmpty),
      ("source", options.source != nil), ("view", !options.views.isEmpty),
      ("demographics", options.demographics != nil), ("labeler", options.labeler != nil),
    ] where isGiven {
      throw Diagnostics([
        Diagnostic("`--\(name)` is for a data set or one table, and there is none in `--data`")
      ])
    }
    return try pictures(data, options, runs: runs)
  }

  // MARK: Data sets

  private static func isTable(_ path: String) -> Bool {
    path.hasSuffix(".csv") || path.hasSuffix(".csv.gz")
  }

  private static func dataSet(
    _ path: String, _ options: Options
  ) throws(Diagnostics) -> NewPictures? {
    let isFolder = Files.isFolder(path)
    guard isFolder || isTable(path) || options.source != nil else { return nil }
    guard Files.exists(path) else {
      throw Diagnostics([Diagnostic("there is no file `\(path)`")])
    }
    let root = options.root ?? (isFolder ? path : Files.parent(of: path))
    guard Files.isFolder(root) else {
      throw Diagnostics([Diagnostic("there is no folder `\(root)`")])
    }
    let table = isFolder ? nil : path
    var source: CohortSource
    var patientsAreKnown = true
    if let name = options.source {
      source = CohortSource(source: name, table: table, columns: options.columns)
    } else if let found = CohortSource.recognised(
      root: root, table: table, columns: options.columns)
    {
      (source, patientsAreKnown) = found
    } else {
      // A folder without a table is a folder of pictures.
      if isFolder { return nil }
      source = CohortSource(source: "csv", table: table, columns: options.columns)
    }
    source.demographics = options.demographics
    source.views = options.views
    source.labeler = options.labeler
    let header = source.inspect(root: root)
    guard header.wrong.isEmpty else { throw Diagnostics(header.wrong) }
    if options.root != nil || !options.views.isEmpty {
      // What a person said of the table is found wrong before anything runs.
      source.onBadImage = BadImagePolicy(rawValue: options.onBadImage) ?? .fail
      _ = try source.read(root: root, findingPictures: options.root != nil)
    }
    let tables = try source.tables(root: root)
    var files = ExperimentFiles(
      root: root, table: table, tables: tables, demographics: options.demographics)
    files.demographicTables = try source.demographicTables()
    var section = CohortSection(
      source: source.source, columns: source.columns.isEmpty ? nil : source.columns,
      views: source.views.isEmpty ? nil : source.views, onBadImage: options.onBadImage)
    section.labeler = source.labeler
    return NewPictures(
      cohort: section,
      files: files, header: header, patientsAreKnown: patientsAreKnown)
  }

  // MARK: Pictures by name

  /// A picture as a person names it, where it lies, and the line of the list that names it.
  private typealias Named = (name: String, path: String, place: Place?)

  private static func pictures(
    _ data: [String], _ options: Options, runs: String
  ) throws(Diagnostics) -> NewPictures {
    var wrong: [Diagnostic] = []
    var found: [Named] = []
    for item in data {
      do throws(Diagnostic) {
        if Files.isFolder(item) {
          let names = try FileListing(item).paths.filter(CohortSource.isPicture)
          if names.isEmpty { wrong.append(Diagnostic("there is no picture in `\(item)`")) }
          found += names.map { (Files.join(item, $0), Files.join(item, $0), nil) }
        } else if isTable(item) {
          wrong.append(
            Diagnostic(
              "`\(item)` is a table, and one table at a time is scored",
              hint: "name a table alone; lists of pictures, with a path a line, can be several"))
        } else if !Files.exists(item) {
          wrong.append(Diagnostic("there is no file `\(item)`"))
        } else if CohortSource.isPicture(item) {
          found.append((item, item, nil))
        } else {
          found += try list(item, &wrong)
        }
      } catch {
        wrong.append(error)
      }
    }
    if wrong.isEmpty, found.isEmpty { wrong.append(Diagnostic("`--data` names no picture")) }
    guard wrong.isEmpty else {
      let more = wrong.count - 20
      throw Diagnostics(wrong.prefix(20) + (more > 0 ? [Diagnostic("and \(more) more")] : []))
    }
    return try listed(found, options, runs: runs)
  }

  /// The pictures of a list: a path a line.
  private static func list(
    _ path: String, _ wrong: inout [Diagnostic]
  ) throws(Diagnostic) -> [Named] {
    var bytes = ArraySlice(try Files.readMaybeCompressed(path))
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
      throw Diagnostic(
        "`\(path)` is neither a picture nor a list of them",
        hint: "a list has a path a line; a table ends in `.csv`")
    }
    var found: [Named] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let name = line.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { continue }
      let file = Files.join(Files.parent(of: path), name)
      let place = Place(file: path, line: index + 1)
      if Files.exists(file), !Files.isFolder(file) {
        found.append((name, file, place))
      } else {
        wrong.append(Diagnostic("there is no picture `\(file)`", at: place))
      }
    }
    return found
  }

  /// Keeps the names as a table, whose paths are relative to the folder that holds them all.
  private static func listed(
    _ pictures: [Named], _ options: Options, runs: String
  ) throws(Diagnostics) -> NewPictures {
    var names: Set<String> = []
    let own = pictures.filter { names.insert($0.name).inserted }
    let paths = own.map {
      URL(filePath: $0.path).standardizedFileURL.path(percentEncoded: false)
        .split(separator: "/").map(String.init)
    }
    var shared = ArraySlice((paths.first ?? []).dropLast())
    for path in paths {
      let common = zip(shared, path.dropLast()).prefix { $0 == $1 }.count
      shared = shared.prefix(common)
    }
    var writer = CSVWriter(header: ["image", "path", "patient"])
    for (picture, path) in zip(own, paths) {
      let below = path.dropFirst(shared.count).joined(separator: "/")
      guard !below.contains(where: \.isNewline) else {
        throw Diagnostics([Diagnostic("the name `\(picture.name)` has a line break in it")])
      }
      writer.append([picture.name, below, picture.name])
    }
    let origins = PictureOrigins.bytes(own.map { ($0.name, $0.place) })
    let digest = Digest(of: writer.bytes + origins)
    let table = Files.join(runs, "lists/\(digest.hex.prefix(16)).csv")
    do throws(Diagnostic) {
      try Files.makeFolder(Files.parent(of: table))
      try Files.write(origins, to: PictureOrigins.path(beside: table))
      if !Files.exists(table) { try writer.write(to: table) }
    } catch {
      throw Diagnostics([error])
    }
    var files = ExperimentFiles(
      root: "/" + shared.joined(separator: "/"), table: table, tables: [table])
    files.isListed = true
    return NewPictures(
      cohort: CohortSection(
        source: "csv", columns: nil, views: nil, onBadImage: options.onBadImage),
      files: files, header: CohortHeader(), patientsAreKnown: false)
  }
}
