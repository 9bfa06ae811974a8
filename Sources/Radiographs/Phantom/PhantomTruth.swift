import Basics
import Foundation

/// What is known of a phantom: the options that made it, and what they planted.
public struct PhantomTruth: Codable, Sendable, Equatable {
  /// How much there is.
  public struct Counts: Codable, Sendable, Equatable {
    /// The patients.
    public var patients = 0
    /// The studies.
    public var studies = 0
    /// The pictures.
    public var pictures = 0
  }

  /// What is true of a finding in the whole population.
  public struct Finding: Codable, Sendable, Equatable {
    /// Its name.
    public var name: String
    /// P(present); of No Finding, the share of its label, which asks for no mention of disease.
    public var prevalence: Double
    /// P(present | −1).
    public var presentIfUncertain: Double
    /// The AUROC that U-Ones lets a classifier reach (``PhantomDials/auroc(of:uncertain:)``).
    public var aurocOfUOnes: Double?
    /// The AUROC that U-Zeros lets it reach.
    public var aurocOfUZeros: Double?
  }

  /// How common devices are.
  public struct Devices: Codable, Sendable, Equatable {
    /// P(devices | the dial's finding).
    public var withFinding: Double
    /// P(devices | not the dial's finding).
    public var withoutFinding: Double
  }

  /// What the phantom was made of, the dials among it.
  public var options: PhantomOptions
  /// What `train.csv` lists.
  public var train: Counts
  /// What `valid.csv` lists.
  public var valid: Counts
  /// The findings in the order of the tables.
  public var findings: [Finding]
  /// The gap in the labels, with uncertain ones left out and blank ones negative.
  public var gap: PlantedGap
  /// The gap's differences for a perfect classifier, group less others.
  public var perfectClassifier: [String: Double]
  /// The shortcut.
  public var devices: Devices

  init(_ options: PhantomOptions, train: Counts, valid: Counts) {
    self.options = options
    self.train = train
    self.valid = valid
    let dials = options.dials
    findings = PhantomFinding.all.map {
      let present = dials.presentIfUncertain($0.name)
      return Finding(
        name: $0.name, prevalence: $0.prevalence(present), presentIfUncertain: present,
        aurocOfUOnes: dials.auroc(of: $0.name, uncertain: .uOnes),
        aurocOfUZeros: dials.auroc(of: $0.name, uncertain: .uZeros))
    }
    gap = dials.plantedGap()
    perfectClassifier = [
      "tpr": gap.truePositiveRate(), "fpr": gap.falsePositiveRate(), "auroc": gap.auroc(),
    ]
    let chance = DeviceChance(dials)
    devices = Devices(withFinding: chance.ill, withoutFinding: chance.well)
  }

  /// Reads `phantom.json` in the folder of a phantom.
  public init(folder: String) throws(Diagnostic) {
    let path = Files.join(folder, PhantomFiles.truth)
    let bytes = try Files.read(path)
    do {
      self = try JSONDecoder().decode(PhantomTruth.self, from: Data(bytes))
    } catch {
      throw Diagnostic("`\(path)` does not describe a phantom")
    }
  }

  func write(to path: String) throws(Diagnostic) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(self) else {
      throw Diagnostic("the truth of the phantom cannot be written as JSON")
    }
    try Files.write(Array(text) + [10], to: path)
  }
}

/// What a phantom is written as.
public enum PhantomFiles {
  /// The data set, in CheXpert's layout.
  public static let dataSet = "CheXpert-v1.0-small"
  /// Race and ethnicity, with the columns of `CHEXPERT DEMO.xlsx`.
  public static let demographics = "chexpert_demo.csv"
  /// What is there in every picture of `train.csv` and `valid.csv`, as a table like them.
  public static let pictures = "truth.csv"
  /// ``PhantomTruth``.
  public static let truth = "phantom.json"
}
