import Basics
import Catalogue
import Metrics
import Pipeline
import Radiographs

/// Reads one point of a sweep, section by section, and notes everything that is wrong with it.
struct ExperimentReader {
  /// What decides the header of a cohort.
  struct HeaderKey: Hashable {
    let section: CohortSection
    let files: ExperimentFiles
  }

  let point: SweepPoint
  let top: SectionReader
  let machine: Machine
  let phantoms: PhantomPlaces
  /// Whether scores of another program are judged, which may be of any size.
  let isScoring: Bool

  /// - Parameter phantoms: what the points before have found.
  init(
    _ point: SweepPoint, diagnostics: DiagnosticList, machine: Machine,
    recorder: KeyRecorder? = nil, phantoms: PhantomPlaces = PhantomPlaces(),
    isScoring: Bool = false
  ) {
    self.point = point
    self.machine = machine
    self.phantoms = phantoms
    self.isScoring = isScoring
    top = SectionReader(point.root, diagnostics: diagnostics, recorder: recorder)
  }

  /// The experiment; `nil` where something essential is missing. What is wrong is noted.
  func read(headers: inout [HeaderKey: CohortHeader]) -> Experiment? {
    _ = top.string("name")
    _ = top.int("seed", in: 0..., default: 0)
    _ = top.string("extends")
    _ = top.node("compare")
    _ = top.node("retry")
    let cohort = cohortSection()
    let labels = labelsSection()
    let findings = labels?.findings ?? []
    let split = splitSection(labels?.attribute.map { [$0] } ?? findings)
    let sample = sampleSection(labels)
    var (images, size) = imagesSection()
    let train = trainSection(channels: images.channels, size: size)
    if let train {
      images.size = train.network.size
      images.normalize = normalization(
        images.normalize, train.network, channels: images.channels,
        colours: train.section.rgbKernels)
    }
    let weights = classWeights(findings)
    let checkpoint = top.section("train")?.double("checkpoint_seconds", in: 0...) ?? 60
    let eval = evalSection(
      adjudicated: cohort?.section.source == PhantomLayout.chexpert.reader
        ? cohort?.files.phantom.map(PhantomSection.truth) : nil)
    let fairness = fairnessSection()
    if let cohort {
      checkNames(cohort, labels, split.section, sample, fairness, &headers)
      if labels?.attribute == nil {
        checkAdjudication(cohort, eval.adjudicated, findings, &headers)
      }
      checkOptions(cohort, findings, eval.section, headers)
    }
    top.finish()
    guard let cohort, let labels, let train else { return nil }
    var files = cohort.files
    files.split = split.file
    files.adjudicated = labels.attribute == nil ? eval.adjudicated : nil
    return Experiment(
      arm: point.arm, settings: point.settings, seed: point.seed,
      cohort: cohort.section, split: split.section, labels: labels, sample: sample,
      images: images, train: train.section, network: train.network, classWeights: weights,
      checkpointSeconds: checkpoint, eval: eval.section, fairness: fairness, files: files)
  }

  /// The section, and the size where it says one.
  private func imagesSection() -> (ImagesSection, size: Int?) {
    let reader = top.sectionOrEmpty("images")
    let channels = reader.int("channels", in: 1...3, default: 1)
    let size = reader.int("size", in: 8...2048)
    var section = ImagesSection(
      size: size ?? NetworkChoice.plainSize, channels: channels,
      normalize: writtenNormalization(reader, channels: channels))
    let fit = reader.choice(
      "fit", among: PictureForm.Fit.allCases.map(\.rawValue), default: "square")
    if fit != "square" { section.fit = PictureForm.Fit(rawValue: fit) }
    let filter = reader.choice(
      "filter", among: PictureForm.Filter.allCases.map(\.rawValue), default: "bilinear")
    if filter != "bilinear" { section.filter = PictureForm.Filter(rawValue: filter) }
    if reader.bool("equalize", default: false) { section.equalize = true }
    let decode = reader.choice(
      "decode", among: PictureForm.Decoding.allCases.map(\.rawValue), default: "scaled")
    if decode != "scaled" { section.decode = PictureForm.Decoding(rawValue: decode) }
    let bits = reader.int("bits", in: 8...16, default: 8)
    if bits != 8 { section.bits = bits }
    if bits != 8, bits != 16 {
      reader.add("a gray level has 8 or 16 bits, not \(bits)", at: "bits")
    } else if bits == 16, section.equalize == true {
      reader.add("histograms are equalised with 8 bits", at: "bits")
    }
    return (section, size)
  }

  private func trainSection(
    channels: Int, size: Int?
  ) -> (section: TrainSection, network: NetworkChoice)? {
    guard let reader = top.requiredSection("train") else { return nil }
    let network = network(reader, channels: channels, size: size)
    let kernels = reader.choice("rgb_kernels", among: ["mean", "sum"], default: "mean")
    if let network, network.program == nil { checkDropping(reader, network) }
    let isAdapted = channels < 3 && network?.starts.isEmpty == false
    let precision = reader.choice(
      "precision", among: ["auto", "float32", "bfloat16"], default: "auto")
    let resolved =
      precision == "auto" ? (machine.hasBFloat16 ? "bfloat16" : "float32") : precision
    let section = TrainSection(
      arch: network?.arch ?? "", weights: network?.weights ?? "random",
      rgbKernels: isAdapted && kernels == "sum" ? kernels : nil,
      freeze: reader.strings("freeze"),
      stochasticDepth: reader.double("stochastic_depth", in: 0..<1),
      dropout: reader.double("dropout", in: 0..<1),
      headDropout: reader.double("head_dropout", in: 0..<1),
      epochs: reader.int("epochs", in: 1...100_000, default: 10),
      batch: reader.int("batch", in: 2...65_536, default: 32),
      optimizer: optimizerSection(reader.sectionOrEmpty("optimizer")),
      schedule: reader.section("schedule").map(scheduleSection),
      select: reader.choice("select", among: TrainSection.selections, default: "auroc"),
      precision: resolved)
    return network.map { (section, $0) }
  }

  private func optimizerSection(_ reader: SectionReader) -> OptimizerSection {
    let name = reader.choice("name", among: ["adam", "adamw", "sgd"], default: "adam")
    let momentum = reader.double("momentum", in: 0..<1)
    if momentum != nil, name != "sgd" {
      reader.add("`momentum` is for `sgd` only", at: "momentum")
    }
    return OptimizerSection(
      name: name, lr: reader.double("lr", in: .positive, default: 1e-4),
      weightDecay: reader.double("weight_decay", in: 0..., default: name == "adamw" ? 0.01 : 0),
      momentum: name == "sgd" ? momentum ?? 0.9 : nil)
  }

  private func scheduleSection(_ reader: SectionReader) -> ScheduleSection {
    ScheduleSection(
      step: reader.requiredInt("step", in: 1...) ?? 1,
      gamma: reader.double("gamma", in: .leastNonzeroMagnitude...1, default: 0.1))
  }

  private func classWeights(_ findings: [String]) -> ClassWeightsSetting {
    guard let reader = top.section("train"), let node = reader.node("class_weights") else {
      return .none
    }
    if node.items != nil {
      guard let pair = pair(reader, "class_weights") else { return .none }
      return .explicit(pair)
    }
    if node.entries != nil, let section = reader.section("class_weights") {
      var pairs: [String: [Double]] = [:]
      for finding in section.keys where !findings.contains(finding) {
        _ = section.node(finding)
        top.diagnostics.add(
          "`\(finding)` is not among `labels.findings`", at: section.keyPlace(of: finding))
      }
      for finding in findings { pairs[finding] = pair(section, finding) ?? [1, 1] }
      return .perFinding(pairs)
    }
    let name = reader.choice("class_weights", among: ["none", "balanced"], default: "none")
    return name == "balanced" ? .balanced : .none
  }

  private func pair(_ reader: SectionReader, _ key: String) -> [Double]? {
    // Beyond these a class counts for nothing, or for all, in float32.
    guard let pair = reader.doubles(key, in: 1e-6...1e6) else { return nil }
    guard pair.count == 2 else {
      reader.add(
        "`\(reader.fullName(key))` needs two weights, of the negative and the positive class",
        at: key)
      return nil
    }
    return pair
  }
}
