import Basics
import Pipeline
import Radiographs

/// The phantoms that the points of a sweep mean, each looked up once: most points mean the same.
final class PhantomPlaces {
  var known: [(options: PhantomOptions, place: (folder: String, options: [String: String]))] = []
}

/// The section that says whose pictures.
extension ExperimentReader {
  func cohortSection() -> (section: CohortSection, files: ExperimentFiles)? {
    guard let reader = top.requiredSection("cohort") else { return nil }
    let source = reader.requiredChoice(
      "source", among: CohortSource.names + [PhantomSection.source])
    let isPhantom = source == PhantomSection.source
    let place = isPhantom ? phantom(reader) : nil
    let root = isPhantom ? place?.folder : reader.requiredPath("root")
    let table = isPhantom ? nil : reader.path("table")
    var columns: [String: String]?
    if source == "csv", let section = reader.section("columns") {
      columns = [:]
      for key in section.keys {
        if let column = section.string(key) { columns?[key] = column }
      }
    }
    // A phantom lies on disk as CheXpert does.
    let section = CohortSection(
      source: isPhantom ? "chexpert" : source ?? "", columns: columns,
      views: reader.strings("views"),
      onBadImage: reader.choice("on_bad_image", among: ["fail", "skip"], default: "fail"))
    let demographics =
      isPhantom
      ? place.map { Files.join($0.folder, PhantomFiles.demographics) } : reader.path("demographics")
    guard source != nil, let root else { return nil }
    guard Files.isFolder(root) else {
      reader.add("there is no folder `\(root)`", at: "root")
      return nil
    }
    do {
      let options = section.source(table: table, demographics: demographics)
      let all = try options.tables(root: root)
      var files = ExperimentFiles(
        root: root, phantom: place?.folder, table: table,
        tables: all.filter { $0 != demographics }, demographics: demographics)
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

  /// The folder of the phantom that the section describes, drawn if it is not there yet, and its
  /// options by the names of the spec.
  private func phantom(
    _ reader: SectionReader
  ) -> (folder: String, options: [String: String])? {
    var options = PhantomOptions(
      patients: reader.int("patients", in: 1...1_000_000, default: 600),
      size: reader.int("size", in: 16...2048, default: 64),
      seed: reader.int("seed", in: 0..., default: 0))
    if let dials = reader.section("dials") { options.dials = PhantomSection.dials(dials) }
    if let known = phantoms.known.first(where: { $0.options == options }) { return known.place }
    let folder = PhantomSection.folder(options, in: machine.runs)
    let named = PhantomSection.names(of: options)
    if options.problems.isEmpty, Files.exists(folder) {
      phantoms.known.append((options, (folder, named)))
      return (folder, named)
    }
    // A spec that is wrong draws nothing, and what failed for one point fails for the next.
    guard reader.diagnostics.isEmpty else { return nil }
    do throws(Diagnostics) {
      try PhantomSection.make(folder) { part throws(Diagnostics) in
        try machine.draw(options, part)
      }
      return (folder, named)
    } catch {
      for diagnostic in error.all {
        reader.add(diagnostic.message, at: "source", hint: diagnostic.hint)
      }
      return nil
    }
  }
}
