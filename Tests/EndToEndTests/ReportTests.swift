import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// The page of a sweep.
  @Suite struct ReportTests {
    /// The same numbers as in the table, plots of them, and the pictures that are missed.
    @Test("report writes one page with tables, plots and missed pictures for its owner alone")
    func whole() throws {
      let world = try World(copying: ComparisonTests.world.get().world)
      let ended = try world.cxr("report", "spec.yaml")
      try #require(ended.code == 0, "\(ended.errors)")
      #expect(ended.errors.contains("with single patients"))
      let path = world.path("runs/known/report.html")
      let page = try world.text("runs/known/report.html")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      for row in try world.comparison().rows where row.metrics["test.auroc"]?.mean != nil {
        let mean = try #require(row.metrics["test.auroc"]?.mean)
        #expect(page.contains("<td>\(String(format: "%.3f", mean))"), "\(row.arm)")
      }
      #expect(page.components(separatedBy: "<svg").count > 5)
      #expect(page.contains("alt=\"missed picture\" src=\"data:image/png;base64,"))
      #expect(page.contains("patient patient"))
      // Nothing is fetched from anywhere.
      #expect(!page.contains("src=\"http") && !page.contains("href="))
      let parsed = try XMLLike.unclosed(page)
      #expect(parsed.isEmpty, "\(parsed)")
    }

    /// Agreements forbid to pass on what tells of a single patient.
    @Test("report --no-pictures has the numbers and nothing of a single patient")
    func withoutPictures() throws {
      let world = try World(copying: ComparisonTests.world.get().world)
      let ended = try world.cxr("report", "spec.yaml", "--no-pictures", "--output", "page.html")
      try #require(ended.code == 0, "\(ended.errors)")
      let page = try world.text("page.html")
      #expect(page.contains("<td>") && page.contains("<svg"))
      #expect(!page.contains("missed picture") && !page.contains("patient patient"))
      #expect(!page.contains("view1_frontal") && !ended.errors.contains("single patients"))
      // A link is not replaced by what is written through it.
      try FileManager.default.createSymbolicLink(
        atPath: world.path("link.html"), withDestinationPath: "page.html")
      let linked = try world.cxr("report", "spec.yaml", "--output", "link.html")
      #expect(linked.code == 64 && linked.errors.contains("`link.html` is no plain file"))
    }

    /// A page of nothing helps nobody.
    @Test("report of a sweep that has not run is refused")
    func nothing() throws {
      let world = try World(PaintedCohort(patients: 20))
      let ended = try world.cxr("report", "spec.yaml")
      #expect(ended.code == 64 && ended.errors.contains("nothing of `spec.yaml` has run"))
      #expect(!Files.exists(world.path("runs/small/report.html")))
    }

    private enum XMLLike {
      /// The tags that are opened and not closed.
      static func unclosed(_ html: String) throws -> [String] {
        let alone: Set<Substring> = ["meta", "img", "br", "polyline", "line", "rect"]
        var open: [Substring] = []
        for match in html.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
          let (closes, tag, ends) = (match.1 == "/", match.2, match.3 == "/")
          if closes {
            guard open.popLast() == tag else { return (open + [tag]).map(String.init) }
          } else if !ends && !alone.contains(tag) {
            open.append(tag)
          }
        }
        return open.map(String.init)
      }
    }
  }
}
