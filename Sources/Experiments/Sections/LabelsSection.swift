import Pipeline
import Radiographs

/// `labels:` which findings are learned, and what the uncertain and the blank ones become in
/// training. The truth in valid and test is set by `eval:`, never here.
package struct LabelsSection: Codable, Hashable, Sendable {
  /// The findings, in the order of the outputs of the network; the classes where an attribute is
  /// learned.
  package var findings: [String]
  /// What uncertain becomes, for each finding.
  package var uncertain: [UncertainPolicy]
  /// `negative` or `ignore`.
  package var blank: String
  /// The head of findings whose policy is not `3-class`.
  package var head: Head
  /// `derived` where `No Finding` follows from the other findings; absent where it is read.
  package var noFinding: String?

  /// The attribute or crossing that is learned in place of findings.
  package var attribute: String?
  /// The inner edges of age groups in years, where age is learned.
  package var ageEdges: [Int]?

  static let derived = "derived"

  /// The columns that stand beside those of findings.
  static let reservedNames: Set<String> = ["image", "patient", "study", "subset"]

  /// The head of each finding.
  package var heads: [Head] {
    uncertain.map { attribute != nil ? .oneOf : $0 == .plain(.threeClass) ? .threeClass : head }
  }

  /// The intervals of labels that are drawn anew in each epoch; `nil` where there are none.
  package var smoothing: [String: LabelSmoothing]? {
    var intervals: [String: LabelSmoothing] = [:]
    for case (let finding, .plain(.smooth(let interval))) in zip(findings, uncertain)
    where interval.draw == .epoch {
      intervals[finding] = interval
    }
    return intervals.isEmpty ? nil : intervals
  }

  /// What is tried and how it is chosen, the same for all findings that choose.
  package var choice: PolicyChoice? {
    for case .bestOf(let choice) in uncertain { return choice }
    return nil
  }

  /// The findings that choose a policy.
  package var choosing: [String] {
    zip(findings, uncertain).compactMap { finding, policy in
      if case .bestOf = policy { finding } else { nil }
    }
  }

  /// Whether a label is drawn by the seed before training.
  package var draws: Bool {
    uncertain.contains { policy in
      if case .plain(.smooth(let interval)) = policy { interval.draw == .once } else { false }
    }
  }

  enum CodingKeys: String, CodingKey {
    case findings, uncertain, blank, head, attribute
    case ageEdges = "age_edges"
    case noFinding = "no_finding"
  }
}

/// `images:` how the network sees a picture.
package struct ImagesSection: Codable, Hashable, Sendable {
  /// Width and height in pixels.
  package var size: Int
  /// Input channels, 1 to 3; the gray picture stands in each.
  package var channels: Int
  /// How pixels are normalised; absent for what the number of channels says.
  package var normalize: NormalizationChoice?
  /// How a picture becomes a square, how it is resized, and whether it is equalised; absent where it
  /// is not otherwise than usual.
  package var fit: PictureForm.Fit?
  package var filter: PictureForm.Filter?
  package var equalize: Bool?
  /// How large JPEG files are decoded; absent for a fraction of their size.
  package var decode: PictureForm.Decoding?
  /// Bits of a gray level in the pack; absent for 8.
  package var bits: Int?

  /// The square that each picture becomes.
  package var form: PictureForm {
    PictureForm(
      size: size, fit: fit ?? .square, filter: filter ?? .bilinear, equalize: equalize ?? false,
      bits: bits ?? 8, decode: decode)
  }
}
