import Basics
import Pipeline
import Testing

/// What a sweep has beside axes: arms, axes walked together, points left out or added, ranges.
@Suite struct SweepPartsTests {
  let world = SpecWorld()

  private func points(_ text: String, limit: Int = Sweep.pointLimit) -> [SweepPoint] {
    var options = Sweep.Options()
    options.fixedKeys = ["name"]
    options.limit = limit
    return Sweep.points(of: world.parse(text), options, diagnostics: world.diagnostics)
  }

  private func names(_ text: String) -> [String] { points(text).map { "\($0.arm) #\($0.seed)" } }

  /// An arm says what is different, and nothing else.
  @Test("an arm is laid over the spec, section by section, and multiplies with the axes")
  func arms() {
    let points = points(
      """
      train: {arch: a, optimizer: {name: adam, lr: 1}}
      sweep:
        arms:
          plain:
          long: {train: {epochs: 9, optimizer: {lr: 2}}, eval.per: study}
        x: [1, 2]
      """)
    #expect(points.map(\.arm) == ["plain, x=1", "plain, x=2", "long, x=1", "long, x=2"])
    #expect(
      points[2].root.flow
        == "{train: {arch: a, optimizer: {name: adam, lr: 2}, epochs: 9}, eval: {per: study}, x: 1}"
    )
    #expect(points[0].settings[0].keys == [])
    #expect(points[2].settings[0].keys == ["train.epochs", "train.optimizer.lr", "eval.per"])
    #expect(points[2].settings[0].path == SweepSetting.arm)
    #expect(world.found.isEmpty)
  }

  /// Some settings belong together.
  @Test("zipped axes are walked together and multiply with the others")
  func zipped() {
    let text = "sweep: {zip: {size: [64, 128], batch: [32, 16]}, a: [1, 2], seed: 1}\n"
    #expect(
      names(text) == [
        "size=64, batch=32, a=1 #0", "size=64, batch=32, a=2 #0", "size=128, batch=16, a=1 #0",
        "size=128, batch=16, a=2 #0",
      ])
    #expect(
      names("sweep: {zip: [{a: [1, 2], seed: [7, 8]}, {b: [3], c: [4]}]}\n")
        == ["a=1, b=3, c=4 #7", "a=2, b=3, c=4 #8"])
    #expect(world.found.isEmpty)
  }

  /// A grid with holes and one more point is still one spec.
  @Test("points are left out by some of their values and added with all seeds")
  func excludedAndIncluded() {
    #expect(
      names(
        """
        sweep:
          arms: {p: {}, q: {y: 1}}
          a: [1e-3, 0.01]
          seed: [0, 1]
          exclude: [{arm: q, a: 0.001}, {a: 0.01, seed: 1}]
          include: [{b: 5, arm: q}, {a: 0.010, seed: 9}]
        """) == [
          "p, a=1e-3 #0", "p, a=1e-3 #1", "p, a=0.01 #0", "q, a=0.01 #0", "q, b=5 #0", "q, b=5 #1",
          "a=0.01 #9",
        ])
    #expect(names("seed: 4\nsweep: {include: {b: 5}}\n") == ["b=5 #4"])
    #expect(world.found.isEmpty)
  }

  /// Learning rates are searched on a logarithmic scale, sizes on a linear one.
  @Test("ranges hold their ends, in numbers as a person writes them")
  func ranges() {
    func values(_ range: String) -> String {
      points("sweep: {a: \(range)}\n").map { $0.settings[0].value }.joined(separator: " ")
    }
    #expect(values("{range: [0.1, 0.5], step: 0.1}") == "0.1 0.2 0.3 0.4 0.5")
    #expect(values("{range: [0, 1], count: 5}") == "0 0.25 0.5 0.75 1")
    #expect(values("{range: [1, 4]}") == "1 2 3 4")
    #expect(values("{range: [8, 20], step: 5}") == "8 13 18")
    #expect(values("{log_range: [1e-4, 1e-2], count: 3}") == "0.0001 0.001 0.01")
    #expect(points("sweep: {seed: {range: [3, 5]}}\n").map(\.seed) == [3, 4, 5])
    #expect(world.found.isEmpty)
  }

  /// One look, one round of corrections.
  @Test("everything wrong with a sweep is reported at its place")
  func mistakes() {
    #expect(
      points(
        """
        name: x
        sweep:
          arms: {a b: {}, c: 3, d: {x: 1, name: y}}
          zip: [{e: [1, 2], f: [1]}, 4]
          g: {range: [5, 1]}
          h: {log_range: [0, 1], count: 3}
          i: {range: [0.5, 1]}
          j: {range: [1, 2], step: 1, count: 2}
          k: {rang: [1, 2]}
          l: {range: [0, 1], step: 1e-9}
          name: [a]
          m: [1, 2]
          exclude: [{n: 1}, {m: 3}, {g: 1}]
          include: [{seed: x}, {name: z}]
        """
      ).isEmpty)
    #expect(
      world.found == [
        "3:10+3 `a b` cannot name an arm",
        "3:22+1 expected a section with keys for the arm `c`, found `3`",
        "4:21+1 `e` and `f` are walked together and have 2 and 1 values",
        "4:30+1 expected a section with keys for `zip`, found `4`",
        "5:14+6 expected two rising numbers for `range`",
        "6:18+6 expected two rising numbers above 0 for `log_range`",
        "7:14+8 missing key `step` or `count`",
        "8:38+1 `step` and `count` exclude each other",
        "9:6+14 missing key `range`", "9:7+4 unknown key `rang`",
        "10:14+6 the range has more than 10,000 values",
        "11:3+4 `name` cannot be an axis",
        "13:14+1 `n` is no axis of the sweep", "13:25+1 `3` is not on the axis `m`",
        "14:20+1 expected a whole number of at least 0 for `seed`, found `x`",
        "14:25+4 `name` is the same for all points",
      ])
  }

  /// What would do nothing, or undo something, is a slip.
  @Test("points that are not there, points that are there, and arms that an axis hides are refused")
  func conflicts() {
    #expect(points("sweep: {a: [1, 2], exclude: [{a: 1}, {a: 2}]}\n").isEmpty)
    #expect(points("sweep:\n  a: [1, 2]\n  exclude: [{a: 1}, {a: 1}]\n").isEmpty)
    #expect(points("\n\n\nsweep: {a: [0.5], include: {a: 0.50}}\n").isEmpty)
    #expect(points("\n\n\n\nsweep: {arms: {p: {x: {y: 1, z: 1}}}, x.y: [1]}\n").isEmpty)
    #expect(points("\n\n\n\n\nsweep: {arms: {p: {name: 1}}}\n").isEmpty)
    #expect(points("\n\n\n\n\n\nsweep: {a: [1], zip: {a: [2]}}\n").isEmpty)
    #expect(
      world.found == [
        "1:8+38 `exclude` leaves no point of the sweep",
        "3:21+6 no point of the sweep is like this",
        "4:28+9 the sweep has this point already",
        "5:20+1 an arm sets `x.y`, and `x.y` is an axis of the sweep",
        "6:20+4 `name` is the same for all arms", "7:23+1 `a` is an axis already",
      ])
  }

  /// `1e-3` and `0.001` are one learning rate.
  @Test("values that mean the same are one value")
  func sameMeaning() {
    #expect(points("sweep: {a: [1e-3, 0.001]}\n").isEmpty)
    #expect(points("\nsweep: {a: [{x: 1, y: 2}, {y: 2.0, x: 1}]}\n").isEmpty)
    #expect(points("\n\nsweep: {a: [u-ones, 'u-ones']}\n").isEmpty)
    #expect(
      world.found == [
        "1:19+5 `0.001` occurs twice on the axis `a`",
        "2:27+14 a section occurs twice on the axis `a`",
        "3:21+8 `u-ones` occurs twice on the axis `a`",
      ])
    #expect(world.hints == ["`1e-3` is the same", "`{x: 1, y: 2}` is the same", nil])
    #expect(points("sweep: {a: [1, '1', true]}\n").count == 3)
  }

  /// A large sweep is asked for, a huge one is a slip.
  @Test("more than 10,000 points need leave, more than a million are refused")
  func limits() {
    #expect(points("sweep: {seed: 5001, a: [1, 2]}\n").isEmpty)
    #expect(world.hints == ["`--yes` if that is meant"])
    #expect(points("sweep: {seed: 5001, a: [1, 2]}\n", limit: Sweep.hardLimit).count == 10_002)
    #expect(points("sweep: {seed: 9999, a: {range: [1, 999]}}\n", limit: Sweep.hardLimit).isEmpty)
  }

  /// An option reaches into an arm as it does into an axis.
  @Test("an option can set what an arm overrides, one arm, or all of them")
  func options() {
    let root = SpecOverride.apply(
      ["sweep.arms.p.train.lr=3", "sweep.arms.q={}", "sweep.x.y=[1]"],
      to: world.parse("sweep: {arms: {p: {train.lr: 1}}}\n"), diagnostics: world.diagnostics)
    #expect(root.flow == "{sweep: {arms: {p: {train.lr: 3}, q: {}}, x.y: [1]}}")
    #expect(
      Sweep.points(of: root, diagnostics: world.diagnostics).map(\.arm) == ["p, y=1", "q, y=1"])
    #expect(world.found.isEmpty)
  }

  /// The experiment of another arm with the same seed and the same values on every shared axis.
  @Test("a reference leads to the point that shares the seed and all axes but those it names")
  func references() {
    let points = points(
      """
      sweep:
        arms: {p: {}, q: {}}
        a: [1, 2]
        seed: 2
        include: [{arm: q, b: 3}, {c: 4}]
      """)
    var references = SweepReferences(points)
    func target(_ arm: String, _ seed: Int, _ name: String) -> SweepReferences.Target? {
      points.first { $0.arm == arm && $0.seed == seed }.map {
        references.target(of: $0, named: name)
      }
    }
    func index(_ arm: String, _ seed: Int) -> SweepReferences.Target? {
      points.firstIndex { $0.arm == arm && $0.seed == seed }.map { .point($0) }
    }
    #expect(target("q, a=2", 1, "p") == index("p, a=2", 1))
    #expect(target("q, a=2", 1, "p, a=1") == index("p, a=1", 1))
    #expect(target("q, a=2", 0, "a=1") == index("q, a=1", 0))
    #expect(target("q, b=3", 0, "c=4") == index("c=4", 0))
    #expect(target("q, b=3", 0, "p") == .several([0, 2]))
    #expect(target("c=4", 0, "q, b=3") == index("q, b=3", 0))
    #expect(target("q, a=2", 0, "b=3") == index("q, b=3", 0))
    #expect(target("p, a=1", 0, "r") == .unknownArm)
    #expect(target("p, a=1", 0, "b=3") == .noPoint)
  }
}
