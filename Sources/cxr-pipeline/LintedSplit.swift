import Basics
import Experiments
import Radiographs

/// A split that is looked at, and the pictures it is of.
struct LintedSplit {
  var title: String
  var cohort: Cohort
  var subsets: [Subset?]
  var also: [(row: Int, subset: Subset)] = []
  var strange = 0
  /// The folder of the pictures, where it is known.
  var root: String?
  /// Whether a training leaves out what cannot be read.
  var leavesOut = false
  /// The groups that a spec asks for.
  var fairness: FairnessSection?

  /// The rows of the pictures that are in a subset.
  var rows: [Int] {
    let listed = Set(also.map(\.row))
    return subsets.indices.filter { subsets[$0] != nil || listed.contains($0) }
  }

  /// Decodes the pictures that are in a subset.
  func compared(threads: Int) -> ComparedPictures {
    guard let root else {
      return ComparedPictures(count: rows.count, notDecoded: "`--data` says where they are")
    }
    let rows = rows
    let paths = rows.map { cohort.paths[$0] }
    let survey = PictureSurvey(paths, root: root, threads: threads)
    var digests: [Digest?] = cohort.images.map { _ in nil }
    for (row, digest) in zip(rows, survey.digests) { digests[row] = digest }
    return ComparedPictures(
      survey, paths: paths, digests: digests, root: root, leavesOut: leavesOut)
  }
}

extension LintedSplit {
  /// The split of a table.
  init(
    _ path: String, _ listing: SplitListing, files: ExperimentFiles?,
    fairness: FairnessSection? = nil
  ) {
    self.init(
      title: path, cohort: listing.cohort, subsets: listing.subsets, also: listing.also,
      strange: listing.strange, root: files?.root, fairness: fairness)
  }
}

/// Which pictures of a split were compared pixel by pixel, and why others were not.
struct ComparedPictures {
  /// The digest of the pixels of each; `nil` where nothing was decoded.
  let digests: [Digest?]?
  /// How many were compared.
  let count: Int
  /// How many were not.
  let others: Int
  /// What stands against comparing these; "" for nothing.
  private let reason: String
  /// Whether a person should have the others compared before the split is used.
  let isIncomplete: Bool
  /// The others with what is wrong with them.
  let block: InspectionReport.Block?

  /// Nothing was decoded, and that was asked for or could not be otherwise.
  init(count: Int, notDecoded reason: String) {
    (digests, self.count, others) = (nil, 0, count)
    (self.reason, isIncomplete, block) = (reason, false, nil)
  }

  /// The pictures at `paths` as a survey found them below `root`.
  ///
  /// - Parameter digests: those of all pictures of the cohort.
  init(
    _ survey: PictureSurvey, paths: [String], digests: [Digest?], root: String, leavesOut: Bool
  ) {
    let missing = Set(survey.missing)
    let unread = survey.problems.indices.filter {
      survey.problems[$0] != nil && !missing.contains($0)
    }
    self.digests = digests
    others = missing.count + unread.count
    count = paths.count - others
    reason = leavesOut && others > 0 ? "a training leaves them out" : ""
    isIncomplete = others > 0 && !leavesOut
    var items: [String] = []
    if !missing.isEmpty {
      let names = missing.sorted().map { paths[$0] }
      items.append(
        "\(counted(missing.count, "picture")) \(missing.count == 1 ? "is" : "are") not in "
          + "`\(root)`: \(names.quotedFew())")
    }
    items += unread.prefix(20).map { row in
      "`\(paths[row])` cannot be read: \(survey.problems[row]?.message ?? "")"
    }
    if unread.count > 20 { items.append("and \(unread.count - 20) more") }
    block = items.isEmpty ? nil : .list(title: "pictures that were not compared:", items)
  }

  /// The last line, where nothing is shared.
  static func verdict(_ all: [ComparedPictures]) -> String {
    let others = all.map(\.others).max() ?? 0
    guard others > 0, let worst = all.first(where: { $0.others == others }) else {
      return "no leaks"
    }
    let among = worst.count == 0 ? "by names" : "among \(counted(worst.count, "picture"))"
    return "no leaks found \(among); \(counted(others, "picture")) "
      + (others == 1 ? "was" : "were") + " not compared"
      + (worst.reason.isEmpty ? "" : " (\(worst.reason))")
  }
}
