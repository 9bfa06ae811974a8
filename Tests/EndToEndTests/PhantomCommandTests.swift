import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `data phantom`: a cohort for whoever has none.
  @Suite struct PhantomCommandTests {
    private static let small = ["--patients", "12", "--valid-patients", "10", "--size", "32"]

    private func phantom(
      _ world: World, _ folder: String, _ options: [String]
    ) throws -> Program.Ended {
      try world.start(["data", "phantom", folder] + options).end()
    }

    /// The command writes what a spec's `source: phantom` draws, and says what is true of it.
    @Test("A phantom appears whole, says what was planted, and is the same for the same options")
    func whole() throws {
      let world = try World(PaintedCohort(patients: 2))
      let ended = try phantom(world, "one", Self.small + ["--threads", "1"])
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.errors.contains("phantom: done in "))
      #expect(ended.output.contains("20 % of the labels of Pleural Effusion are wrong"))
      #expect(ended.output.contains("in a spec: cohort: {source: chexpert, root: one, "))
      let files = world.files(below: "one")
      #expect(files.contains("CheXpert-v1.0-small/valid.csv"))
      #expect(files.contains { $0.hasSuffix(".jpg") })
      // An empty folder is as good as none.
      try Files.makeFolder(world.path("two"))
      try #require(try phantom(world, "two/", Self.small).code == 0)
      #expect(world.files(below: "two") == files)
      for file in files {
        #expect(try Files.read(world.path("one/\(file)")) == Files.read(world.path("two/\(file)")))
      }
      #expect(!world.files(below: ".").contains { $0.contains(".part") })
    }

    /// Dials are written as in a spec, and one that is turned changes what was planted.
    @Test("Each dial is an option; without pictures the tables are the same")
    func dials() throws {
      let world = try World(PaintedCohort(patients: 2))
      try #require(try phantom(world, "plain", Self.small).code == 0)
      let tables = try phantom(world, "tables", Self.small + ["--tables-only"])
      #expect(tables.code == 0 && tables.output.contains("no pictures"))
      #expect(!world.files(below: "tables").contains { $0.hasSuffix(".jpg") })
      #expect(
        try world.text("tables/CheXpert-v1.0-small/train.csv")
          == world.text("plain/CheXpert-v1.0-small/train.csv"))
      let turned = try phantom(
        world, "turned",
        Self.small + ["--tables-only", "--signal", "{attribute: race, group: Black, amplitude: 0}"]
          + ["--noise", "{finding: Edema, probability: 0.5}", "--shortcut", "{odds_ratio: 1}"]
          + ["--present-if-uncertain", "{Pneumonia: 0.25}"])
      #expect(turned.code == 0, "\(turned.errors)")
      let object = try JSONSerialization.jsonObject(
        with: Data(Files.read(world.path("turned/phantom.json"))))
      let options = (object as? [String: Any])?["options"] as? [String: Any]
      let dials = try #require(options?["dials"] as? [String: Any])
      #expect((dials["signal"] as? [String: Any])?["group"] as? String == "Black")
      #expect((dials["noise"] as? [String: Any])?["finding"] as? String == "Edema")
      #expect((dials["noise"] as? [String: Any])?["group"] as? String == "F")
      #expect((dials["presentIfUncertain"] as? [String: Double])?["Pneumonia"] == 0.25)
      #expect((dials["presentIfUncertain"] as? [String: Double])?["Edema"] == 0.9)
    }

    /// Nobody's files are written among, and nothing begins that cannot end.
    @Test("A folder that is not empty and options that cannot be end with exit code 64")
    func refused() throws {
      let world = try World(PaintedCohort(patients: 2))
      let full = try phantom(world, "data", Self.small)
      #expect(full.code == 64)
      #expect(full.reports.map(\.message) == ["the folder `data` is not empty"])
      #expect(try phantom(world, "spec.yaml", Self.small).code == 64)
      for (options, message) in [
        (["--patients", "0"], "a phantom of 0 patients cannot be made: 1 to 1000000 can"),
        (["--noise", "{findings: Edema}"], "unknown key `findings` in `noise`"),
        (["--shortcut", "{finding: Oedema}"], "`Oedema` is no finding of the dial `shortcut`"),
        (
          ["--shortcut", "{odds_ratio: 5000}"],
          "`shortcut.odds_ratio` is 5000.0, not within 0.001 and 1000.0"
        ),
        (["--signal", "strong"], "expected a section with keys for `signal`, found `strong`"),
      ] {
        let ended = try phantom(world, "new", options)
        #expect(ended.code == 64)
        #expect(ended.reports.map(\.message) == [message], "\(ended.errors)")
        #expect(!Files.exists(world.path("new")))
      }
    }

    /// A slip among dials is found where it stands, and nothing is drawn for those who only look.
    @Test(
      "A wrong dial is marked itself; what cannot be drawn is tried once; reading draws nothing")
    func inSpec() throws {
      let world = try World(
        PaintedCohort(patients: 2),
        spec: """
          cohort: {source: phantom, patients: 12, size: 16, dials: {shortcut: {finding: Oedema}}}
          labels: {findings: [Edema]}
          images: {size: 16}
          train: {arch: simple, epochs: 1, optimizer: {lr: 1e-3}}
          sweep: {seed: [0, 1, 2]}
          """)
      let wrong = try world.cxr("validate", "spec.yaml")
      #expect(wrong.code == 64)
      #expect(
        wrong.reports.map(\.message) == ["`Oedema` is no finding of the dial `shortcut`"],
        "\(wrong.errors)")
      #expect(wrong.reports.first?.marked == "Oedema")
      try world.write(
        world.text("spec.yaml").replacing("Oedema", with: "Edema"), to: "spec.yaml")
      let read = try world.cxr("show", "spec.yaml", "--runs", "rums")
      #expect(read.code == 64)
      #expect(
        read.reports.map(\.message) == ["nothing has run in `rums`: its phantom is not drawn"],
        "\(read.errors)")
      #expect(!Files.exists(world.path("rums")))
      try world.write("", to: "file")
      let undrawn = try world.cxr("validate", "spec.yaml", "--runs", "file")
      #expect(undrawn.code == 64)
      #expect(undrawn.reports.count == 1, "\(undrawn.errors)")
      #expect(undrawn.errors.components(separatedBy: "drawing a phantom").count == 2)
      #expect(!undrawn.errors.contains(".part"))
    }

    /// A phantom is whole or not there.
    @Test("SIGINT ends a phantom with exit code 130 and leaves nothing behind")
    func interrupted() throws {
      let world = try World(PaintedCohort(patients: 2))
      let before = world.files(below: ".")
      let program = try world.start(["data", "phantom", "big", "--patients", "20000"])
      try #require(program.wait { world.files(below: ".").count > before.count })
      kill(program.id, SIGINT)
      let ended = program.end()
      #expect(ended.code == 130)
      #expect(world.files(below: ".") == before)
    }
  }
}
