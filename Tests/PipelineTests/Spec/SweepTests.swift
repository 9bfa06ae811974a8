import Basics
import Pipeline
import Testing

/// A sweep is the product of its axes, and every mistake in it has a place.
@Suite struct SweepTests {
  let world = SpecWorld()

  private func points(_ text: String, listKeys: Set<String> = []) -> [SweepPoint] {
    var options = Sweep.Options()
    options.listKeys = listKeys
    options.fixedKeys = ["name"]
    return Sweep.points(of: world.parse(text), options, diagnostics: world.diagnostics)
  }

  /// The order of the points is the order of the axes as written.
  @Test("axes multiply, the last the fastest")
  func product() {
    let points = points(
      """
      train: {arch: x, epochs: 4}
      sweep:
        train.arch: [simple, medium]
        labels.uncertain: [u-zeros, 3-class]
        seed: 2
      """)
    #expect(
      points.map { "\($0.arm) #\($0.seed)" } == [
        "arch=simple, uncertain=u-zeros #0", "arch=simple, uncertain=u-zeros #1",
        "arch=simple, uncertain=3-class #0", "arch=simple, uncertain=3-class #1",
        "arch=medium, uncertain=u-zeros #0", "arch=medium, uncertain=u-zeros #1",
        "arch=medium, uncertain=3-class #0", "arch=medium, uncertain=3-class #1",
      ])
    #expect(
      points.last?.settings == [
        SweepSetting(path: "train.arch", name: "arch", value: "medium"),
        SweepSetting(path: "labels.uncertain", name: "uncertain", value: "3-class"),
      ])
    #expect(
      points.last?.root.yaml == """
        train:
          arch: medium
          epochs: 4
        labels:
          uncertain: 3-class
        seed: 1

        """)
    #expect(points.last?.root.node(at: ["train", "arch"])?.place.line == 3)
    #expect(world.found.isEmpty)
  }

  /// Without axes there is one experiment, with the seed of the spec.
  @Test("without a sweep the spec is one point, with the seed at its top")
  func single() {
    let plain = points("a: 1\n")
    #expect(plain.map(\.arm) == ["base"])
    #expect(plain.map(\.seed) == [0])
    let seeded = points("a: 1\nseed: 5\nsweep: {a: [1, 2]}\n")
    #expect(seeded.map(\.seed) == [5, 5])
    #expect(points("seed: 5\nsweep: {seed: [0, 9]}\n").map(\.seed) == [0, 9])
    #expect(points("seed: 5\nsweep: {seed: [0, 9]}\n").map(\.arm) == ["base", "base"])
    #expect(world.found.isEmpty)
    #expect(points("seed: -1\n").isEmpty)
    #expect(world.found == ["1:7+2 expected a whole number of at least 0 for `seed`, found `-1`"])
  }

  /// Two tasks are written `[A, B]`, not `[[A], [B]]`.
  @Test("a scalar on the axis of a list is a list of one")
  func listKeys() {
    let points = points(
      "labels: {findings: [A, B]}\nsweep: {labels.findings: [A, [A, C D]]}\n",
      listKeys: ["labels.findings"])
    #expect(points.map(\.arm) == ["findings=A", "findings=[A, C D]"])
    #expect(points.map { $0.root.node(at: ["labels", "findings"])?.flow } == ["[A]", "[A, C D]"])
  }

  /// A name is as short as it can be and no shorter.
  @Test("axes with the same last name are told apart")
  func names() {
    let points = points("sweep: {a.x: [1], b.x: [2], x: [3], c.y: ['p, q']}\n")
    #expect(points.map(\.arm) == ["a.x=1, b.x=2, x=3, y=\"p, q\""])
  }

  /// A slip in an axis is found by reading each point, and shown at the axis.
  @Test("an unknown key or value on an axis is reported where the axis says it")
  func typos() {
    let points = points(
      "train: {arch: a}\nsweep:\n  train.arhc: [a]\n  train.arch: [a, c]\n")
    for point in points {
      let reader = SectionReader(point.root, diagnostics: world.diagnostics)
      _ = reader.section("train")?.choice("arch", among: ["a", "b"])
      reader.finish()
    }
    #expect(
      world.found == ["3:3+10 unknown key `arhc` in `train`", "4:19+1 unknown arch `c`"])
  }

  /// All axes are checked before any is expanded.
  @Test("wrong axes are all reported")
  func wrongAxes() {
    let points = points(
      """
      title: x
      sweep:
        a: []
        b: one
        c..d: [1]
        title.y: [1]
        seed: [1, 1.5, -2]
        e: [1, 2, 1]
        f.g: [1]
        f: [{h: 1}]
      """)
    #expect(points.isEmpty)
    #expect(
      world.found == [
        "3:6+2 the axis `a` has no values",
        "4:6+3 expected a list of values for the axis `b`, found `one`",
        "5:3+4 a key is empty in `c..d`",
        "6:3+7 cannot set `title.y`: `title` is `x`, not a section",
        "7:13+3 expected a whole number of at least 0 for `seed`, found `1.5`",
        "7:18+2 expected a whole number of at least 0 for `seed`, found `-2`",
        "8:13+1 `1` occurs twice on the axis `e`",
        "10:3+1 the axis `f` replaces what the axis `f.g` sets",
      ])
  }

  /// A slip must not fill the disk with experiments, nor a product overflow.
  @Test("a sweep with too many points is refused")
  func tooMany() {
    #expect(points("sweep: {seed: 10000}\n").count == 10_000)
    #expect(points("sweep: {seed: 10000, a: [1, 2]}\n").isEmpty)
    #expect(world.found == ["1:8+24 the sweep has more than 10,000 points"])
    let axes = (0..<40).map { "  a\($0): [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" }.joined()
    #expect(points("sweep:\n" + axes).isEmpty)
    #expect(points("sweep: {seed: 0}\n").isEmpty)
    #expect(points("sweep: {seed: 99999999999}\n").isEmpty)
    #expect(points("sweep: 3\n").isEmpty)
  }

  /// An option that an axis would silently undo is an error.
  @Test("an option for a key with an axis is refused")
  func hiddenOption() {
    let root = SpecOverride.apply(
      ["train.arch=b"], to: world.parse("sweep: {train.arch: [a]}\n"),
      diagnostics: world.diagnostics)
    #expect(Sweep.points(of: root, diagnostics: world.diagnostics).isEmpty)
    #expect(
      world.found == ["1:12+1 `train.arch` is an axis of the sweep, and so this has no effect"])
    #expect(world.hints == ["set `sweep.train.arch`"])
  }
}
