import Basics
import Foundation
import Pipeline
import Radiographs

/// The phantoms that the points of a sweep mean, each looked up once: most points mean the same.
final class PhantomPlaces {
  var known: [(options: PhantomOptions, place: PhantomSection.OnDisk)] = []
}

/// The section that says whose pictures.
extension ExperimentReader {
  typealias CohortOfFiles = (section: CohortSection, files: ExperimentFiles)

  func cohortSection() -> CohortOfFiles? {
    if let readers = top.sections("cohort") { return several(readers) }
    guard let reader = top.requiredSection("cohort"), var only = cohort(reader) else { return nil }
    if only.section.name != nil {
      reader.add("`name` tells sources of one cohort apart, and this is the only one", at: "name")
    }
    only.section.name = nil
    return only
  }

  private func cohort(_ reader: SectionReader) -> CohortOfFiles? {
    let source = reader.requiredChoice(
      "source", among: CohortSource.names + [PhantomSection.source])
    let isPhantom = source == PhantomSection.source
    let place = isPhantom ? phantom(reader) : nil
    let root = isPhantom ? place?.root : reader.requiredPath("root")
    let table = isPhantom ? nil : reader.path("table")
    var section = CohortSection(
      source: isPhantom ? place?.layout.reader ?? "" : source ?? "",
      columns: source == "csv" ? texts(reader.section("columns")) : nil,
      views: reader.strings("views"),
      onBadImage: reader.choice("on_bad_image", among: ["fail", "skip"], default: "fail"))
    section.labeler = reader.string("labeler")
    section.name = reader.string("name")
    let contradictions = reader.choice(
      "contradictions", among: ContradictionPolicy.allCases.map(\.rawValue),
      default: ContradictionPolicy.dropInconsistent.rawValue)
    if contradictions != ContradictionPolicy.dropInconsistent.rawValue {
      section.contradictions = contradictions
    }
    if source == "folder" { section.patient = reader.string("patient") }
    section.rename = texts(reader.section("rename"))
    if let groups = reader.section("groups") {
      var maps: [String: [String: String]] = [:]
      for name in groups.keys { maps[name] = texts(groups.section(name)) }
      section.groups = maps
    }
    let demographics = isPhantom ? place?.demographics : reader.path("demographics")
    guard source != nil, let root else { return nil }
    guard Files.isFolder(root) else {
      reader.add("there is no folder `\(root)`", at: "root")
      return nil
    }
    do {
      let options = section.source(table: table, demographics: demographics)
      var files = ExperimentFiles(
        root: root, phantom: place?.folder, table: table,
        tables: try options.tables(root: root), demographics: demographics)
      files.demographicTables = try options.demographicTables()
      files.phantomOptions = place?.options ?? [:]
      return (section, files)
    } catch {
      for diagnostic in error.all {
        let key = table != nil ? "table" : demographics != nil ? "demographics" : "root"
        reader.add(diagnostic.message, at: key, hint: diagnostic.hint)
      }
      return nil
    }
  }

  /// The texts that a section maps names to, which a person chooses.
  private func texts(_ reader: SectionReader?) -> [String: String]? {
    guard let reader, !reader.keys.isEmpty else { return nil }
    var texts: [String: String] = [:]
    for key in reader.keys { texts[key] = reader.string(key) ?? "" }
    return texts
  }

  // MARK: Several sources

  /// Sources as one cohort, below a folder of links to their roots.
  private func several(_ readers: [SectionReader]) -> CohortOfFiles? {
    var parts: [CohortOfFiles] = []
    var names: Set<String> = []
    for reader in readers {
      guard var part = cohort(reader) else { continue }
      let written = part.section.name
      let name = written ?? part.section.source
      if name.wholeMatch(of: /[A-Za-z0-9_-][A-Za-z0-9_.-]*/) == nil {
        reader.add("a source is named with letters, digits, `-`, `_` and `.`", at: "name")
      } else if !names.insert(name).inserted {
        reader.add(
          "two sources are named `\(name)`", at: written == nil ? "source" : "name",
          hint: "give one of them another `name`")
      }
      part.section.name = name
      parts.append(part)
    }
    guard parts.count == readers.count, top.diagnostics.isEmpty else { return nil }
    guard !parts.isEmpty else {
      top.add("`cohort` lists no source", at: "cohort")
      return nil
    }
    var section = CohortSection(source: "several", onBadImage: parts[0].section.onBadImage)
    section.sources = parts.map(\.section)
    if parts.contains(where: { $0.section.onBadImage != section.onBadImage }) {
      top.add("`on_bad_image` must be the same for all sources", at: "cohort")
    }
    do throws(Diagnostic) {
      var files = ExperimentFiles(
        root: try links(parts.map { ($0.section.name ?? "", $0.files.root) }), table: nil,
        tables: [])
      files.sources = parts.map(\.files)
      return (section, files)
    } catch {
      top.add(error.message, at: "cohort", hint: error.hint)
      return nil
    }
  }

  /// `runs/roots/<digest>`: a link to each root, by the name of its source, so that paths in the
  /// cohort do not depend on where the data sets lie.
  private func links(_ roots: [(name: String, root: String)]) throws(Diagnostic) -> String {
    let targets = roots.map { name, root in
      (name, URL(filePath: root).standardizedFileURL.path(percentEncoded: false))
    }
    let text = targets.map { "\($0)\n\($1)\n" }.joined()
    let folder = Files.join(machine.runs, "roots/\(Digest(of: text).hex.prefix(16))")
    try Files.makeFolder(folder)
    for (name, target) in targets {
      let link = Files.join(folder, name)
      guard symlink(target, link) == 0 || errno == EEXIST else { throw Files.failure("link", link) }
    }
    return folder
  }

  // MARK: Phantoms

  /// The phantom that the section describes, drawn if it is not there yet.
  private func phantom(_ reader: SectionReader) -> PhantomSection.OnDisk? {
    var options = PhantomOptions(
      patients: reader.int("patients", in: 1...1_000_000, default: 600),
      size: reader.int("size", in: 16...2048, default: 64),
      seed: reader.int("seed", in: 0..., default: 0))
    let layout = reader.choice(
      "layout", among: PhantomLayout.allCases.map(\.rawValue),
      default: PhantomLayout.chexpert.rawValue)
    options.layout = PhantomLayout(rawValue: layout) ?? .chexpert
    if let dials = reader.section("dials") { options.dials = PhantomSection.dials(dials) }
    if let known = phantoms.known.first(where: { $0.options == options }) { return known.place }
    let folder = PhantomSection.folder(options, in: machine.runs)
    let place = PhantomSection.OnDisk(
      folder: folder, layout: options.layout, options: PhantomSection.names(of: options))
    if options.problems.isEmpty, Files.exists(folder) {
      phantoms.known.append((options, place))
      return place
    }
    // A spec that is wrong draws nothing, and what failed for one point fails for the next.
    guard reader.diagnostics.isEmpty else { return nil }
    do throws(Diagnostics) {
      try PhantomSection.make(folder) { part throws(Diagnostics) in
        try machine.draw(options, part)
      }
      return place
    } catch {
      for diagnostic in error.all {
        reader.add(diagnostic.message, at: "source", hint: diagnostic.hint)
      }
      return nil
    }
  }
}
