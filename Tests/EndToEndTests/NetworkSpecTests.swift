import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What a spec says of a network is checked before anything runs, and reaches it.
  @Suite struct NetworkSpecTests {
    private static let world = Result { try World(PaintedCohort(patients: 2)) }

    static let mistakes = [
      SpecMistake(
        old: "epochs: 1", new: "stochastic_depth: 0.1",
        message: "`simple` has no residual branches to leave out", marked: "0.1",
        hint: "`resnet18`, "),
      SpecMistake(
        old: "epochs: 1", new: "dropout: 0.1", message: "`simple` has no dropout inside",
        marked: "0.1",
        hint: "`train.head_dropout` drops features before the last layer; `vgg19`, "),
      SpecMistake(
        old: "arch: simple", new: "arch: {combined: [vgg19, resnet18]}, dropout: 0.1",
        message: "`vgg19`, `resnet18` have no dropout inside", marked: "0.1",
        hint: "`train.head_dropout` drops"),
      SpecMistake(
        old: "arch: simple", new: "arch: densenet121, freeze: backbone, dropout: 0.1",
        message: "`train.dropout` has no effect on a frozen backbone", marked: "0.1"),
      SpecMistake(
        old: "images: {size: 16}\ntrain: {arch: simple",
        new: "train: {arch: {combined: [swin_base_patch4_window7_224, mobilevit_xs]}",
        message:
          "`swin_base_patch4_window7_224`, `mobilevit_xs` were made for pictures of different "
          + "sizes", marked: "", hint: "say in `images.size` which"),
      SpecMistake(
        old: "size: 16}\ntrain: {arch: simple", new: "size: 100}\ntrain: {arch: mobilevit_xs",
        message: "`mobilevit_xs` takes pictures of 64, 128, 192, … pixels", marked: "100"),
      SpecMistake(
        old: "epochs: 1", new: "weights: pipe", message: "is a pipe or a device, not a file",
        marked: "pipe"),
      SpecMistake(
        old: "arch: simple", new: "arch: {torchscript: pipe}",
        message: "is a pipe or a device, not a file", marked: "pipe"),
    ]

    /// A share without effect would be a row of a table that means nothing, and a pipe would be waited
    /// for without end.
    @Test("What a network cannot do is an error at its place", arguments: mistakes)
    func refuses(_ mistake: SpecMistake) throws {
      let world = try World(copying: Self.world.get())
      try #require(mkfifo(world.path("pipe"), 0o600) == 0)
      try world.write(World.one.replacing(mistake.old, with: mistake.new), to: "spec.yaml")
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      let report = try #require(
        ended.reports.first { $0.message.hasSuffix(mistake.message) }, "\(ended.errors)")
      #expect(report.marked?.hasPrefix(mistake.marked) == true, "\(report)")
      if let hint = mistake.hint { #expect(report.hint?.hasPrefix(hint) == true, "\(report)") }
    }

    /// Pictures as the weights saw them; a study of several networks says one size for all.
    @Test(
      "Pictures have the size that the network was made for",
      arguments: [
        ("simple", 224), ("legacy_xception", 299), ("mobilevit_xs", 256),
        ("convnext_base.fb_in22k_ft_in1k_384", 384), ("resnet50.tv2_in1k", 176),
        ("{combined: [legacy_xception, simple]}", 299),
        ("{combined: [legacy_xception, deit3_small_patch16_224]}", 224),
      ])
    func size(arch: String, size: Int) throws {
      let world = try World(copying: Self.world.get())
      // Two arms with pictures of one size share them.
      for (other, count) in [(size, 1), (size + 448, 2)] {
        let arms = "sweep:\n  arms:\n    own: {}\n    said: {images.size: \(other)}\n"
        try world.write(
          World.one.replacing("images: {size: 16}\n", with: "").replacing(
            "arch: simple", with: "arch: \(arch)") + arms, to: "spec.yaml")
        #expect(try world.plan().stages.count { $0.kind == "images" } == count)
      }
    }

    /// A key that is read and forgotten is worse than none.
    @Test("Dropout inside, before the head and of branches each change a training")
    func dropping() throws {
      let world = try World(
        spec: World.one.replacing("arch: simple", with: "arch: mobilevit_xs").replacing(
          "size: 16", with: "size: 64")
            + """
            sweep:
              arms:
                plain: {}
                inside: {train.dropout: 0.5}
                head: {train.head_dropout: 0.5}

            """)
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(try world.digests("train", "model.safetensors").count == 3)
      let resolved = try world.cxr("plan", "runs/small/inside,seed=0/experiment.yaml")
      #expect(resolved.output.contains(", 0 to run"), "\(resolved.output)")
    }

    /// A checkpoint knows on which pixels it was trained.
    @Test("Weights from a file bring their normalisation")
    func normalization() throws {
      let world = try World(
        spec: World.one.replacing(
          "size: 16", with: "size: 16, normalize: {mean: 0.3, std: 0.4}"))
      let first = try world.run()
      #expect(first.code == 0, "\(first.errors)")
      let model = "runs/small/base,seed=0/model.safetensors"
      try Files.write(Files.read(world.path(model)), to: world.path("own.safetensors"))
      try world.write(
        World.one.replacing("epochs: 1", with: "epochs: 1, weights: own.safetensors"),
        to: "spec.yaml")
      let second = try world.run()
      #expect(second.code == 0, "\(second.errors)")
      let header = String(decoding: try Files.read(world.path(model)).prefix(2000), as: UTF8.self)
      #expect(header.contains(#""mean":"[0.3]""#), "\(header)")
      #expect(header.contains(#""std":"[0.4]""#), "\(header)")
    }

    /// What is frozen is said in the words of a checkpoint, and slips in it are named.
    @Test(
      "A part that cannot be frozen is an error",
      arguments: [
        ("[\"*.running_mean\"]", "names only statistics, which are not trained"),
        ("100", "`train.freeze` has `100`, and the network has 8 layers"),
        ("0", "`train.freeze` has `0`, and the network has 8 layers"),
      ])
    func freezing(part: String, message: String) throws {
      let world = try World(
        spec: World.one.replacing("epochs: 1", with: "epochs: 1, freeze: \(part)"))
      let run = try world.run()
      #expect(run.code == 1)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
  }
}
