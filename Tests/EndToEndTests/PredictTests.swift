import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `predict`: a trained network on pictures that it has not seen.
  @Suite struct PredictTests {
    /// A world with a trained experiment, its checkpoint as `model.safetensors`, and the pictures of
    /// its first patients as a CheXpert validation set in `demo/`.
    private static func trained() throws -> World { try trainedOnce.get() }

    private static let trainedOnce = Result {
      let world = try World(spec: World.one)
      try #require(try world.run().code == 0)
      try Files.write(
        Files.read(world.path("runs/small/base,seed=0/model.safetensors")),
        to: world.path("model.safetensors"))
      var lines = [
        "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,"
          + "Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,"
          + "Pleural Effusion,Pleural Other,Fracture,Support Devices"
      ]
      for row in PaintedCohort().rows.prefix(80) {
        let path = "valid/patient\(row.patient.dropFirst())/study1/view\(row.image.suffix(1)).png"
        lines.append(
          "CheXpert-v1.0-small/\(path),\(row.sex == "F" ? "Female" : "Male"),\(row.age),Frontal,"
            + "\(row.view),,,,,,\(row.label == "" ? "" : row.label + ".0"),,,,,,,,")
        try Files.makeFolder(Files.parent(of: world.path("demo/\(path)")))
        try Files.write(
          PNGFile.bytes(row.pixels, width: 32), to: world.path("demo/\(path)"))
      }
      try world.write(lines.joined(separator: "\n") + "\n", to: "demo/valid.csv")
      return world
    }

    private struct Judgement: Decodable {
      struct Estimate: Decodable { let value, low, high: Double?; let undefined: String? }
      struct Metrics: Decodable {
        let per: String
        let metrics: [String: Estimate]
      }
      struct Fairness: Decodable { let metrics: [String: Estimate] }
      let metrics: Metrics
      let fairness: Fairness
    }

    private func judgement(_ world: World, _ name: String) throws -> Judgement {
      try JSONDecoder().decode(Judgement.self, from: Data(Files.read(world.path(name))))
    }

    private func predict(_ world: World, _ options: String...) throws -> Program.Ended {
      try world.start(["predict", "--threads", "1", "--bootstrap", "100"] + options).end()
    }

    /// System E's demonstration: nothing but `valid/`, `valid.csv` and a checkpoint.
    @Test("A bare checkpoint scores and judges CheXpert's valid set, per study, with groups")
    func demonstration() throws {
      let world = try World(copying: Self.trained())
      let ended = try predict(
        world, "--model", "model.safetensors", "--data", "demo", "--per", "study", "--by", "sex",
        "--output", "scores.csv", "--metrics", "metrics.json")
      #expect(ended.code == 0, "\(ended.errors)")
      let scores = try CSV(path: world.path("scores.csv"))
      #expect(scores.header == ["path", "patient", "study", "Edema"])
      let rows = Array(PaintedCohort().rows.prefix(80))
      #expect(scores.rowCount == rows.count)
      // In the order of the table.
      #expect((0..<80).map { scores[$0, 1] } == rows.map { "patient\($0.patient.dropFirst())" })
      #expect((0..<80).allSatisfy { Double(scores[$0, 3]).map((0...1).contains) ?? false })
      let found = try judgement(world, "metrics.json")
      #expect(found.metrics.per == "study")
      let auroc = try #require(found.metrics.metrics["test.auroc"])
      #expect((auroc.value ?? 0) > 0.6 && auroc.low != nil && auroc.high != nil)
      #expect(found.metrics.metrics["valid.auroc"] == nil)
      #expect(found.metrics.metrics["test.sensitivity"]?.undefined?.contains("given") == true)
      #expect(found.fairness.metrics["test.worst_group.sex.auroc"]?.value != nil)
      #expect(ended.output.hasPrefix("78 pictures with labels of 40 patients\n"))
      #expect(ended.output.contains("no threshold was given"))
      // The network in the file is that of the experiment.
      let named = try predict(
        world, "--experiment", "spec.yaml", "base seed=0", "--data", "demo")
      #expect(named.code == 0, "\(named.errors)")
      #expect(named.output == (try world.text("scores.csv")))
      #expect(named.errors.contains(/balanced_accuracy +0\./))
      // Again, and nothing runs.
      let again = try predict(
        world, "--model", "model.safetensors", "--data", "demo/valid.csv", "--per", "study")
      #expect(!again.began.contains("predict"))
      #expect(again.output == named.output)
    }

    /// What an experiment said of its own test set is what `predict` says of the same pictures.
    @Test("On the pictures of its test set an experiment predicts and scores as it did in its run")
    func sameNumbers() throws {
      let world = try World(copying: Self.trained())
      let old = try CSV(path: world.path("runs/small/base,seed=0/predictions.csv"))
      let test = (0..<old.rowCount).filter { old[$0, 3] == "test" }
      let kept = Set(test.map { old[$0, 0] })
      var cohort = PaintedCohort()
      cohort.rows = cohort.rows.filter { kept.contains($0.image) }
      try world.write(cohort.table, to: "data/test.csv")
      let ended = try world.start(
        ["predict", "--experiment", "spec.yaml", "--data", "data/test.csv", "--output", "new.csv"]
          + ["--metrics", "new.json", "--threads", "1"]
      ).end()
      #expect(ended.code == 0, "\(ended.errors)")
      // The new table lies among the data, which makes no other network of it.
      #expect(ended.errors.contains("the data of `base seed=0` may have changed since it ran"))
      let new = try CSV(path: world.path("new.csv"))
      let scores = Dictionary(
        uniqueKeysWithValues: (0..<new.rowCount).map { (new[$0, 0], new[$0, 2]) })
      for row in test {
        let score = try #require(scores["pictures/\(old[row, 0]).png"].flatMap(Double.init))
        // Batches differ, and with them the last bits.
        #expect(abs(score - (Double(old[row, 4]) ?? 9)) < 0.01)
      }
      let found = try judgement(world, "new.json")
      let before = try JSONDecoder().decode(
        Judgement.Metrics.self,
        from: Data(Files.read(world.path("runs/small/base,seed=0/metrics.json"))))
      for name in ["test.auroc", "test.balanced_accuracy", "test.per_patient.auroc"] {
        let (one, other) = (found.metrics.metrics[name], before.metrics[name])
        #expect(abs((one?.value ?? 9) - (other?.value ?? -9)) < 0.03, "\(name)")
        #expect(one?.low != nil)
      }
      #expect(found.fairness.metrics["test.equalized_odds_difference.sex"]?.value != nil)
    }

    /// Pictures need no table.
    @Test("A folder, a list and pictures by name give the same scores, under the names given")
    func byName() throws {
      let world = try World(copying: Self.trained())
      let folder = try predict(
        world, "--model", "model.safetensors", "--data", "data/pictures")
      #expect(folder.code == 0, "\(folder.errors)")
      let all = try CSV(Array(folder.output.utf8), file: "folder")
      #expect(all.header == ["path", "Edema"])
      #expect(all.rowCount == PaintedCohort().rows.count)
      let names = (0..<3).map { all[$0, 0] }
      #expect(names[0].hasPrefix("data/pictures/p1000_0"))
      let three = try world.start(
        ["predict", "--model", "model.safetensors", "--data"] + names.reversed()
      ).end()
      #expect(three.code == 0, "\(three.errors)")
      // With a byte-order mark, CRLF, an empty line and no end, as an editor leaves it.
      try world.write(
        "\u{feff}" + names.map { $0.replacing("data/", with: "") }.joined(separator: "\r\n\r\n"),
        to: "data/list.txt")
      let list = try predict(world, "--model", "model.safetensors", "--data", "data/list.txt")
      #expect(list.code == 0, "\(list.errors)")
      let (a, b) = (
        try CSV(Array(three.output.utf8), file: "three"),
        try CSV(Array(list.output.utf8), file: "list")
      )
      #expect((0..<3).map { a[$0, 0] } == names.reversed())
      #expect((0..<3).map { "data/" + b[$0, 0] } == names)
      for row in 0..<3 {
        #expect(abs((Double(a[2 - row, 1]) ?? 9) - (Double(all[row, 1]) ?? -9)) < 0.01)
        #expect(a[2 - row, 1] == b[row, 1])
      }
    }

    /// A stranger's table has what it has.
    @Test("A table without patients is scored; its labels judge, each picture for itself")
    func plainTable() throws {
      let world = try World(copying: Self.trained())
      let rows = PaintedCohort().rows.prefix(40)
      try world.write(
        (["Filename,Edema"] + rows.map { "\($0.image).png,\($0.label)" }).joined(separator: "\n"),
        to: "mine.csv")
      let ended = try predict(
        world, "--model", "model.safetensors", "--data", "mine.csv", "--root", "data/pictures",
        "--threshold", "0.5", "--metrics", "metrics.json")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.hasPrefix("path,Edema\np1000_0.png,"))
      #expect(ended.errors.contains("names no patients: each picture counts as one"))
      let found = try judgement(world, "metrics.json")
      #expect(found.metrics.metrics["test.balanced_accuracy"]?.value != nil)
    }

    /// A bad picture among new ones is named, or left out.
    @Test("Pictures that cannot be read fail by name with exit code 1, or are left out")
    func badPictures() throws {
      let world = try World(copying: Self.trained())
      try Files.write("<html>", to: world.path("data/pictures/p1000_0.png"))
      let ended = try predict(world, "--model", "model.safetensors", "--data", "data/pictures")
      #expect(ended.code == 1)
      #expect(ended.output == "")
      #expect(ended.reports.count == 1)
      #expect(
        ended.reports.first?.message.hasPrefix(
          "picture `data/pictures/p1000_0.png` cannot be read: ") == true,
        "\(ended.errors)")
      let skipped = try predict(
        world, "--model", "model.safetensors", "--data", "data/pictures", "--on-bad-image", "skip")
      #expect(skipped.code == 0)
      let scores = try CSV(Array(skipped.output.utf8), file: "skipped")
      #expect(scores.rowCount == PaintedCohort().rows.count - 1)
      try world.write("pictures/p1001_0.png\npictures/none.png\n", to: "data/list.txt")
      let missing = try predict(
        world, "--model", "model.safetensors", "--data", "data/list.txt")
      #expect(missing.code == 64)
      #expect(missing.reports.map(\.message) == ["there is no picture `data/pictures/none.png`"])
      #expect(missing.reports.map(\.place) == ["data/list.txt:2"])
      // The line of the list, not that of a file of the cache.
      try world.write("pictures/p1001_0.png\n\npictures/p1000_0.png\n", to: "data/list.txt")
      let listed = try predict(world, "--model", "model.safetensors", "--data", "data/list.txt")
      #expect(listed.code == 1)
      #expect(listed.reports.map(\.place) == ["data/list.txt:3"], "\(listed.errors)")
      #expect(!ended.errors.contains("runs/lists"))
    }

    /// What cannot fit is said of the file's header, and nothing is packed in vain.
    @Test("Options that contradict a checkpoint, its shapes or a table end with exit code 64")
    func misfits() throws {
      let world = try World(copying: Self.trained())
      let model = ["--model", "model.safetensors"]
      for (options, message) in [
        (
          model + ["--data", "demo", "--channels", "3"],
          "`model.safetensors` says that its number of channels is `1`, not `3`"
        ),
        (
          model + ["--data", "demo", "--head", "softmax"],
          "`model.safetensors` says that its head is `sigmoid`, not `softmax`"
        ),
        (
          model + ["--data", "demo", "--findings", "Edema,Fracture"],
          "`model.safetensors` says that its number of findings is `1`, not `2`"
        ),
        (
          model + ["--data", "demo/valid.csv", "data/metadata.csv"],
          "`demo/valid.csv` is a table, and one table at a time is scored"
        ),
        (model + ["--data", "demo", "--view", "LL"], "no picture has the view `LL`"),
        (
          model + ["--data", "data/metadata.csv", "--root", "demo"],
          "none of the \(PaintedCohort().rows.count) pictures of `data/metadata.csv` is in `demo`"
        ),
      ] {
        let ended = try world.start(["predict"] + options).end()
        #expect(ended.code == 64, "\(ended.errors)")
        #expect(ended.reports.first?.message == message, "\(ended.errors)")
        #expect(ended.began.isEmpty)
      }
    }

    /// What a file does not say a person must; what they say must fit.
    @Test("A checkpoint that says nothing of itself needs options, and one that does not fit fails")
    func models() throws {
      let world = try World(copying: Self.trained())
      // The same tensors without the metadata.
      let bytes = try Files.read(world.path("model.safetensors"))
      let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      var header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      let end = try #require(header.range(of: "},\"features"))
      header = "{\"features" + header[end.upperBound...]
      var bare = Array(header.utf8)
      bare += repeatElement(0x20, count: (8 - bare.count % 8) % 8)
      let size = (0..<8).map { UInt8(truncatingIfNeeded: bare.count >> (8 * $0)) }
      try Files.write(size + bare + bytes[(8 + length)...], to: world.path("bare.safetensors"))

      let unknown = try predict(world, "--model", "bare.safetensors", "--data", "demo")
      #expect(unknown.code == 64)
      #expect(
        unknown.reports.map(\.message)
          == ["`bare.safetensors` does not say its arch, findings, size, channels"])
      let known = ["--arch", "simple", "--findings", "Edema", "--size", "16", "--channels", "1"]
      let told = try world.start(
        ["predict", "--model", "bare.safetensors", "--data", "demo", "--threads", "1"] + known
      ).end()
      #expect(told.code == 0, "\(told.errors)")
      for (key, value, message) in [
        ("--channels", "3", "`bare.safetensors` has 1 channel, not 3"),
        (
          "--findings", "Edema,Fracture",
          "`bare.safetensors` has 1 output, and 2 findings with the head `sigmoid` need 2"
        ),
        (
          "--arch", "medium",
          "`bare.safetensors` is no checkpoint of `medium`: it has not as many values"
        ),
      ] {
        var options = known
        let place = try #require(options.firstIndex(of: key))
        options[place + 1] = value
        let misfit = try world.start(
          ["predict", "--model", "bare.safetensors", "--data", "demo"] + options
        ).end()
        #expect(misfit.code == 64)
        #expect(misfit.reports.map(\.message) == [message], "\(misfit.errors)")
      }
      let itself = try predict(world, "--model", "model.safetensors", "--data", "demo")
      #expect(told.output == itself.output)

      let wrong = try predict(
        world, "--model", "model.safetensors", "--data", "demo", "--arch", "medium")
      #expect(wrong.code == 64)
      #expect(
        wrong.reports.map(\.message)
          == ["`model.safetensors` says that its arch is `simple`, not `medium`"])
      let none = try predict(world, "--model", "spec.yaml", "--data", "demo")
      #expect(none.code == 64)
      #expect(none.reports.map(\.message) == ["`spec.yaml` is no safetensors file"])
      let untrained = try predict(
        world, "--experiment", "spec.yaml", "--set", "train.epochs=7", "--data", "demo")
      #expect(untrained.code == 64)
      #expect(untrained.reports.map(\.message) == ["`base seed=0` has not been trained"])
    }
  }
}
