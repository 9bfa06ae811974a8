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

  init(
    _ point: SweepPoint, diagnostics: DiagnosticList, machine: Machine,
    recorder: KeyRecorder? = nil
  ) {
    self.point = point
    self.machine = machine
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
    let split = splitSection(findings)
    let sample = sampleSection(labels)
    var images = imagesSection()
    let train = trainSection(images)
    if let train {
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
      checkNames(cohort, findings, split.section, fairness, &headers)
      checkAdjudication(cohort, eval.adjudicated, findings, &headers)
      checkOptions(cohort, findings, eval.section, headers)
    }
    top.finish()
    guard let cohort, let labels, let train else { return nil }
    var files = cohort.files
    files.split = split.file
    files.adjudicated = eval.adjudicated
    return Experiment(
      arm: point.arm, settings: point.settings, seed: point.seed,
      cohort: cohort.section, split: split.section, labels: labels, sample: sample,
      images: images, train: train.section, network: train.network, classWeights: weights,
      checkpointSeconds: checkpoint, eval: eval.section, fairness: fairness, files: files)
  }

  private func labelsSection() -> LabelsSection? {
    guard let reader = top.requiredSection("labels") else { return nil }
    let findings = reader.requiredStrings("findings")
    if let findings, Set(findings).count < findings.count {
      reader.add("a finding is listed twice", at: "findings")
    }
    for finding in findings ?? [] where LabelsSection.reservedNames.contains(finding) {
      reader.add(
        "`\(finding)` names a column of every table and cannot be a finding", at: "findings")
    }
    let uncertain = uncertainPolicies(reader, findings ?? [])
    let blank = reader.choice("blank", among: ["negative", "ignore"], default: "negative")
    let head = reader.choice("head", among: ["sigmoid", "softmax"], default: "sigmoid")
    return findings.map {
      LabelsSection(
        findings: $0, uncertain: uncertain, blank: blank, head: Head(rawValue: head) ?? .sigmoid)
    }
  }

  /// One policy for all findings, or a map from findings to policies; those that the map does not
  /// name are `u-zeros`.
  private func uncertainPolicies(
    _ reader: SectionReader, _ findings: [String]
  ) -> [LabelPolicy] {
    let names = LabelPolicy.allCases.map(\.rawValue)
    func policy(_ reader: SectionReader, _ key: String) -> LabelPolicy {
      LabelPolicy(rawValue: reader.choice(key, among: names, default: "u-zeros")) ?? .uZeros
    }
    guard reader.node("uncertain")?.entries != nil, let map = reader.section("uncertain") else {
      let one = policy(reader, "uncertain")
      return findings.map { _ in one }
    }
    for finding in map.keys where !findings.contains(finding) {
      _ = map.node(finding)
      map.diagnostics.add(
        "`\(finding)` is not among `labels.findings`", at: map.keyPlace(of: finding),
        hint: nearestName(to: finding, among: findings).map { "did you mean `\($0)`?" })
    }
    return findings.map { policy(map, $0) }
  }

  private func splitSection(_ findings: [String]) -> (section: SplitSection, file: String?) {
    let reader = top.sectionOrEmpty("split")
    let by = reader.choice("by", among: ["patient"], default: "patient")
    let parts = reader.section("fractions")
    let standard = parts == nil
    let fractions = SplitSection.Fractions(
      train: parts?.requiredDouble("train", in: 0...1) ?? (standard ? 0.6 : 0),
      valid: parts?.requiredDouble("valid", in: 0...1) ?? (standard ? 0.2 : 0),
      test: parts?.requiredDouble("test", in: 0...1) ?? (standard ? 0.2 : 0))
    let sum = fractions.train + fractions.valid + fractions.test
    if abs(sum - 1) > 1e-9 {
      reader.add(
        "the fractions add up to \(Double(Int((sum * 1e6).rounded())) / 1e6), not to 1",
        at: "fractions")
    } else if fractions.train == 0 || fractions.valid == 0 || fractions.test == 0 {
      reader.add(
        "each subset needs patients: a training is judged on valid and on test", at: "fractions")
    }
    let seed = reader.int("seed", in: 0..., default: 0)
    let stratify = reader.strings("stratify", default: findings)
    let file = reader.path("file")
    if let file {
      if !Files.exists(file) || Files.isFolder(file) {
        reader.add("there is no file `\(file)`", at: "file")
      }
      for key in ["fractions", "seed", "stratify"] where reader.node(key) != nil {
        reader.add("`\(reader.fullName(key))` has no effect beside `split.file`", at: key)
      }
    }
    let section = SplitSection(by: by, fractions: fractions, seed: seed, stratify: stratify)
    return (section, file)
  }

  private func sampleSection(_ labels: LabelsSection?) -> SampleSection {
    let findings = labels?.findings ?? []
    let reader = top.sectionOrEmpty("sample")
    let method = reader.choice("method", among: ["all", "downsample"], default: "all")
    var finding = reader.string("finding")
    if let written = finding, !findings.isEmpty, !findings.contains(written) {
      reader.add("`\(written)` is not among `labels.findings`", at: "finding")
    }
    guard method == "downsample" else { return SampleSection(method: method, finding: nil) }
    if finding == nil {
      finding = findings.first
      if findings.count > 1 {
        reader.add("`sample.finding` must say whose classes are balanced", at: "method")
      }
    }
    if let labels, let index = finding.flatMap(findings.firstIndex(of:)),
      labels.uncertain[index] == .threeClass
    {
      reader.add(
        "`downsample` balances two classes, and uncertain is a third of `\(findings[index])`",
        at: "method")
    }
    return SampleSection(method: method, finding: finding)
  }

  private func imagesSection() -> ImagesSection {
    let reader = top.sectionOrEmpty("images")
    let channels = reader.int("channels", in: 1...3, default: 1)
    var section = ImagesSection(
      size: reader.int("size", in: 8...2048, default: 224), channels: channels,
      normalize: writtenNormalization(reader, channels: channels))
    let fit = reader.choice(
      "fit", among: PictureForm.Fit.allCases.map(\.rawValue), default: "square")
    if fit != "square" { section.fit = PictureForm.Fit(rawValue: fit) }
    let filter = reader.choice(
      "filter", among: PictureForm.Filter.allCases.map(\.rawValue), default: "bilinear")
    if filter != "bilinear" { section.filter = PictureForm.Filter(rawValue: filter) }
    if reader.bool("equalize", default: false) { section.equalize = true }
    let bits = reader.int("bits", in: 8...16, default: 8)
    if bits != 8 { section.bits = bits }
    if bits != 8, bits != 16 {
      reader.add("a gray level has 8 or 16 bits, not \(bits)", at: "bits")
    } else if bits == 16, section.equalize == true {
      reader.add("histograms are equalised with 8 bits", at: "bits")
    }
    return section
  }

  private func trainSection(
    _ images: ImagesSection
  ) -> (section: TrainSection, network: NetworkChoice)? {
    guard let reader = top.requiredSection("train") else { return nil }
    let network = network(reader, images)
    let kernels = reader.choice("rgb_kernels", among: ["mean", "sum"], default: "mean")
    if reader.strings("freeze")?.contains(TrainSection.backbone) == true,
      reader.node("stochastic_depth") != nil
    {
      reader.add(
        "`train.stochastic_depth` has no effect on a frozen backbone", at: "stochastic_depth")
    }
    let isAdapted = images.channels < 3 && network?.starts.isEmpty == false
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
