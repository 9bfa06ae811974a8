import Pipeline
import Radiographs

/// `labels:` which findings are learned, and what the uncertain and the blank ones become in
/// training. The truth in valid and test is set by `eval:`, never here.
package struct LabelsSection: Codable, Hashable, Sendable {
  /// The findings, in the order of the outputs of the network.
  package var findings: [String]
  /// What uncertain becomes, for each finding: `u-zeros`, `u-ones`, `ignore` or `3-class`.
  package var uncertain: [LabelPolicy]
  /// `negative` or `ignore`.
  package var blank: String
  /// The head of findings whose policy is not `3-class`.
  package var head: Head

  /// The columns that stand beside those of findings.
  static let reservedNames: Set<String> = ["image", "patient", "study", "subset"]

  /// The head of each finding.
  package var heads: [Head] {
    uncertain.map { $0 == .threeClass ? .threeClass : head }
  }
}

/// `sample:` what a training sees of its subset.
package struct SampleSection: Codable, Hashable, Sendable {
  /// `all` or `downsample` (the majority class is drawn down to the size of the minority).
  package var method: String
  /// The finding whose classes are balanced; absent with `all`.
  package var finding: String?
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
  /// Bits of a gray level in the pack; absent for 8.
  package var bits: Int?

  /// The square that each picture becomes.
  package var form: PictureForm {
    PictureForm(
      size: size, fit: fit ?? .square, filter: filter ?? .bilinear, equalize: equalize ?? false,
      bits: bits ?? 8)
  }
}
