import Basics
import Foundation
import Pipeline
import Radiographs

/// `cohort.source: phantom`: a cohort that is drawn, and of which all is known.
package enum PhantomSection {
  /// The name in a spec.
  package static let source = "phantom"

  /// Draws a phantom into a folder that does not exist yet.
  package typealias Draw =
    @Sendable (_ options: PhantomOptions, _ folder: String) throws(Diagnostics) -> Void

  /// A phantom on disk.
  struct OnDisk {
    let folder: String
    let layout: PhantomLayout
    /// Its options by the names of the spec.
    let options: [String: String]

    /// The folder that its reader takes.
    var root: String { Files.join(folder, layout.root) }
    /// The demographics that its reader takes, where it has some apart.
    var demographics: String? { layout.demographics.map { Files.join(folder, $0) } }
  }

  /// The table of what is in each picture of the phantom in `folder`.
  static func truth(_ folder: String) -> String { Files.join(folder, PhantomFiles.pictures) }

  /// Reads `dials`; what is absent keeps the value of `PhantomDials`.
  static func dials(_ reader: SectionReader) -> PhantomDials {
    var dials = PhantomDials()
    let signal = reader.sectionOrEmpty("signal")
    dials.signal.attribute = signal.string("attribute", default: dials.signal.attribute)
    dials.signal.group = signal.string("group", default: dials.signal.group)
    dials.signal.amplitude = signal.double("amplitude", in: 0..., default: dials.signal.amplitude)
    let noise = reader.sectionOrEmpty("noise")
    dials.noise.attribute = noise.string("attribute", default: dials.noise.attribute)
    dials.noise.group = noise.string("group", default: dials.noise.group)
    dials.noise.finding = noise.string("finding", default: dials.noise.finding)
    dials.noise.probability = noise.double(
      "probability", in: 0...1, default: dials.noise.probability)
    dials.noise.elsewhere = noise.double("elsewhere", in: 0...1, default: dials.noise.elsewhere)
    let shortcut = reader.sectionOrEmpty("shortcut")
    dials.shortcut.finding = shortcut.string("finding", default: dials.shortcut.finding)
    dials.shortcut.oddsRatio = shortcut.double(
      "odds_ratio", in: .positive, default: dials.shortcut.oddsRatio)
    if let present = reader.section("present_if_uncertain") {
      for finding in present.keys {
        dials.presentIfUncertain[finding] = present.double(finding, in: 0...1) ?? 0.5
      }
    }
    for (keys, problem) in dials.problemsByKey {
      guard let key = keys.last else { continue }
      let section = keys.count > 1 ? reader.sectionOrEmpty(keys[0]) : reader
      section.add(problem.message, at: key, hint: problem.hint)
    }
    return dials
  }

  /// The dials that a command line sets, each `<dial>=<YAML>`, as below `dials` in a spec:
  /// `signal={attribute: race, group: Black}`.
  ///
  /// - Throws: everything that is wrong, at its place in the options.
  package static func dials(settings: [String]) throws(SpecError) -> PhantomDials {
    let diagnostics = DiagnosticList()
    let file = "options"
    let empty = SpecNode(.map([]), at: Place(file: file, line: 1))
    let root = SpecOverride.apply(settings, to: empty, diagnostics: diagnostics, file: file)
    let reader = SectionReader(root, diagnostics: diagnostics)
    let dials = dials(reader)
    reader.finish()
    guard diagnostics.isEmpty else { throw SpecError(diagnostics) }
    return dials
  }

  /// The options with their values, by the names of the spec.
  static func names(of options: PhantomOptions) -> [String: String] {
    let leaves = (try? Value(encoding: options))?.leaves ?? []
    return Dictionary(
      leaves.map { leaf in
        let name = leaf.name.replacing("presentIfUncertain.", with: "present_if_uncertain.")
          .replacing("oddsRatio", with: "odds_ratio")
        return ("cohort.\(name)", leaf.text)
      }
    ) { first, _ in first }
  }

  /// `runs/phantoms/<digest of the options>`.
  static func folder(_ options: PhantomOptions, in runs: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = (try? encoder.encode(options)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return Files.join(runs, "phantoms/\(Digest(of: text).hex.prefix(16))")
  }

  /// Makes `folder` with `draw`, under another name until it is whole: another run may be drawing
  /// the same. What goes wrong is told of `folder`.
  package static func make<Drawn>(
    _ folder: String, _ draw: (_ part: String) throws(Diagnostics) -> Drawn
  ) throws(Diagnostics) -> Drawn {
    let part = Files.temporaryPath(beside: folder)
    defer { try? FileManager.default.removeItem(atPath: part) }
    do throws(Diagnostics) {
      let drawn = try draw(part)
      guard rename(part, folder) == 0 || Files.exists(folder) else {
        throw Diagnostics([Files.failure("write", folder)])
      }
      return drawn
    } catch {
      throw Diagnostics(
        error.all.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.message = diagnostic.message.replacing(part, with: folder)
          return diagnostic
        })
    }
  }
}
