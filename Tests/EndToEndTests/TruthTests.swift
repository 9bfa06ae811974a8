import Basics
import Testing

extension EndToEndTests {
  /// What an experiment is judged by does not depend on the experiment.
  @Suite struct TruthTests {
    /// Arms that differ in what training makes of uncertain labels can be compared.
    @Test("The arms of label policies are chosen, fitted and tested by one truth")
    func arms() throws {
      let world = try World.finished()
      #expect(try world.digests("labels", "labels.csv").count == 2)
      #expect(try world.digests("truth", "truth.csv").count == 1)
      #expect(try world.digests("split", "split.csv").count == 1)
      for kind in ["train", "eval", "fairness", "shortcut"] {
        let truths = try world.results().keys.filter {
          $0.hasPrefix("kind \(kind.count):\(kind)\n")
        }
        .map { text in text.split(separator: "\n").filter { $0.hasPrefix("input 5:truth ") } }
        #expect(!truths.isEmpty)
        #expect(truths.allSatisfy { $0.count == 1 }, "\(kind)")
        #expect(Set(truths.flatMap { $0 }).count == 1, "\(kind)")
      }
    }

    /// A table that was sorted anew is the same cohort.
    @Test("The split does not depend on the order of the rows")
    func order() throws {
      var cohort = PaintedCohort()
      cohort.rows.reverse()
      let world = try World(cohort, spec: World.one)
      try #require(try world.run().code == 0)
      let reversed = try world.text("runs/small/base,seed=0/split.csv").split(separator: "\n")
      let straight = try World.finished()
        .text("runs/small/uncertain=u-ones,seed=0/split.csv").split(separator: "\n")
      #expect(reversed.sorted() == straight.sorted())
    }

    /// A patient seen in training tells nothing about strangers.
    @Test("No patient is in two subsets")
    func patients() throws {
      let csv = try CSV(
        path: World.finished().path("runs/small/uncertain=u-ones,seed=0/split.csv"))
      let (patient, subset) = (
        try csv.requiredColumn("patient"), try csv.requiredColumn("subset")
      )
      var subsets: [String: Set<String>] = [:]
      for row in 0..<csv.rowCount {
        subsets[csv[row, patient], default: []].insert(csv[row, subset])
      }
      #expect(subsets.count == 120)
      #expect(subsets.values.allSatisfy { $0.count == 1 })
      #expect(Set(subsets.values.joined()) == ["train", "valid", "test"])
    }
  }
}
