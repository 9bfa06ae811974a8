import Basics
import Pipeline
import Testing

/// Specs lie over each other, and every value remembers which one it came from.
@Suite struct SpecOverlayTests {
  var world = SpecWorld()

  /// `--set` reaches any depth, takes YAML, and makes the sections it needs.
  @Test("options set values of any kind")
  func options() {
    let root = world.parse("train: {epochs: 4, lr: 1}\nsweep: {train.arch: [a]}\n")
    let set = SpecOverride.apply(
      [
        "train.epochs=6", "labels.findings=[A, \"B C\"]", "new.deep.key={x: 1}",
        "sweep.train.arch=[b, c]", "train.lr=", "note=a=b",
      ], to: root, diagnostics: world.diagnostics)
    #expect(
      set.yaml == """
        train:
          epochs: 6
          lr: null
        sweep:
          train.arch: [b, c]
        labels:
          findings: [A, B C]
        new:
          deep:
            key:
              x: 1
        note: "a=b"

        """)
    #expect(world.found.isEmpty)
  }

  /// A wrong option is shown like a wrong line of a file.
  @Test("wrong options are shown with their text")
  func wrongOptions() {
    let root = world.parse("train: {epochs: 4}\n")
    let set = SpecOverride.apply(
      [
        "train.epochs=ten", "train..x=1", "noequals", "=3", "a=[1,", "train.epochs.x=1",
        "trian.x=1", "",
      ],
      to: root, diagnostics: world.diagnostics)
    let reader = SectionReader(set, diagnostics: world.diagnostics)
    _ = reader.section("train")?.int("epochs", in: 1..., default: 1)
    reader.finish()
    #expect(
      world.found
        == [
          "1:14+3 expected a whole number of at least 1 for `train.epochs`, found `ten`",
          "2:1+8 a key is empty in `train..x=1`",
          "3:1+8 expected `key=value` for `--set`, found `noequals`",
          "4:1+1 a key is empty in `=3`",
          "5:6+1 invalid YAML: did not find expected node content",
          "6:1+14 cannot set `train.epochs.x`: `train.epochs` is `ten`, not a section",
          "7:1+7 unknown key `trian`",
          "8:1+1 expected `key=value` for `--set`, found ``",
        ])
    #expect(world.diagnostics.sources.line("--set", 8)?.isEmpty == true)
    #expect(
      world.diagnostics.rendered.split(separator: "\n").dropFirst(2).prefix(3) == [
        "  |", "1 | train.epochs=ten", "  |              ^^^",
      ])
  }

  /// The nearest file wins key by key; a list is replaced whole.
  @Test("a spec extends another, maps joined and lists replaced, places kept")
  mutating func extends() {
    world.files = [
      "studies/a.yaml": "extends: ../base/b.yaml\ntrain: {epochs: 6}\nviews: [x]\n",
      "base/b.yaml": "extends: c.yaml\ntrain: {epochs: 4, lr: 1}\nviews: [a, b]\n",
      "base/c.yaml": "name: c\nroot: data\ntrain: {arch: r}\nname: twice\n",
    ]
    let root = world.read("studies/a.yaml")
    #expect(
      root?.yaml == """
        name: c
        root: data
        train:
          arch: r
          epochs: 6
          lr: 1
        views: [x]

        """)
    #expect(root?.node(at: ["train", "lr"])?.place.file == "base/b.yaml")
    #expect(root?.node(at: ["train", "epochs"])?.place.file == "studies/a.yaml")
    if let root {
      let reader = SectionReader(root, environment: [:], diagnostics: world.diagnostics)
      #expect(reader.path("root") == "base/data")
    }
    #expect(world.diagnostics.sorted.map(\.place?.file) == ["base/c.yaml"])
  }

  /// A circle of files is named, and a base that is not there is shown where it is asked for.
  @Test("circles and missing bases are reported at `extends`")
  mutating func circles() {
    world.files = [
      "a.yaml": "extends: b.yaml\nx: 1\n", "b.yaml": "y: 1\nextends: ./a.yaml\n",
      "c.yaml": "extends: none.yaml\n", "d.yaml": "extends: [a]\n",
    ]
    _ = world.read("a.yaml")
    #expect(world.found == ["2:10+8 a spec extends itself: `a.yaml` → `b.yaml` → `a.yaml`"])
    _ = world.read("c.yaml")
    _ = world.read("d.yaml")
    #expect(
      world.found.dropFirst() == [
        "1:10+9 cannot read `none.yaml`: no such file or directory",
        "1:10+3 expected a file for `extends`, found a list",
      ])
  }
}
