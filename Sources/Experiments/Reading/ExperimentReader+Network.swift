import Basics
import Catalogue
import Pipeline

/// `train.arch`, `train.weights` and what follows from them for the pictures.
extension ExperimentReader {
  /// A network of the catalogue and the weights that its name asks for.
  private typealias Named = (row: Architecture, tag: String?)

  /// Which network is trained and what it starts from; `nil` where that is wrong, which is noted.
  func network(_ reader: SectionReader, _ images: ImagesSection) -> NetworkChoice? {
    guard reader.node("arch")?.entries != nil, let section = reader.section("arch") else {
      let named = arch(reader, images)
      var network = named.map { NetworkChoice(parts: [$0.row.name]) }
      let start = start(reader, named.map { [$0] } ?? [])
      if let start { network?.starts = [(nil, start)] }
      return network
    }
    guard let program = program(section) else { return combined(section, reader, images) }
    if reader.node("weights") != nil, ["random", "imagenet"].contains(reader.string("weights")) {
      reader.add(
        "a network of TorchScript starts from the values in its file", at: "weights",
        hint: "leave `weights` out, or name a file or an arm")
    }
    for key in ["dropout", "stochastic_depth"] where reader.node(key) != nil {
      reader.add("`train.\(key)` has no effect on a network of TorchScript", at: key)
    }
    if reader.strings("freeze")?.contains(TrainSection.backbone) == true {
      reader.add(
        "the last layer of a network of TorchScript is not known", at: "freeze",
        hint: "name the parts that are not trained")
    }
    var network = NetworkChoice(parts: [], program: program)
    if let start = start(reader, []) { network.starts = [(nil, start)] }
    return network
  }

  private func program(_ section: SectionReader) -> String? {
    guard let file = section.path("torchscript") else { return nil }
    if section.node("combined") != nil {
      section.add("`train.arch` is either `combined` or `torchscript`", at: "torchscript")
    }
    if !Files.exists(file) || Files.isFolder(file) {
      section.add("there is no file `\(file)`", at: "torchscript")
    }
    return file
  }

  private func combined(
    _ section: SectionReader, _ reader: SectionReader, _ images: ImagesSection
  ) -> NetworkChoice? {
    typealias Part = (named: Named, start: NetworkChoice.Start?)
    let parts = section.items("combined", among: Catalogue.names, besides: Catalogue.otherNames) {
      name -> Part? in
      Catalogue.resolve(name).map { ($0, nil) }
    } section: { item -> Part? in
      guard let named = arch(item, images) else { return nil }
      return (named, start(item, [named]))
    }
    guard let parts else {
      if section.node("combined") == nil {
        section.diagnostics.add("missing key `combined` in `train.arch`", at: section.place)
      }
      return nil
    }
    guard parts.count > 1 else {
      section.add("`combined` joins at least two networks", at: "combined")
      return nil
    }
    for part in parts { check(part.named.row, images) }
    var network = NetworkChoice(parts: parts.map(\.named.row.name))
    if reader.node("weights")?.text == "imagenet" {
      for (index, part) in parts.enumerated() {
        let own = part.start ?? start(reader, [part.named])
        if let own { network.starts.append((index, own)) }
      }
    } else {
      if let whole = start(reader, []) { network.starts.append((nil, whole)) }
      for (index, part) in parts.enumerated() {
        if let own = part.start { network.starts.append((index, own)) }
      }
    }
    return network
  }

  /// The network that the key `arch` names.
  private func arch(_ reader: SectionReader, _ images: ImagesSection) -> Named? {
    let written = reader.requiredChoice(
      "arch", among: Catalogue.names, besides: Catalogue.otherNames)
    // One name for a network, so that its older names share its trainings.
    guard let named = written.flatMap(Catalogue.resolve) else { return nil }
    check(named.row, images)
    return named
  }

  /// Notes pictures that a network does not take.
  private func check(_ row: Architecture, _ images: ImagesSection) {
    if !row.takes(size: images.size) {
      top.sectionOrEmpty("images").add(
        row.sizeStep == 1
          ? "`\(row.name)` needs pictures of \(row.sizes)"
          : "`\(row.name)` takes pictures of \(row.sizes)", at: "size")
    }
    if !row.channels.contains(images.channels) {
      top.section("images")?.add(
        "`\(row.name)` takes \(row.channels.lowerBound) to \(row.channels.upperBound) channels",
        at: "channels")
    }
  }

  /// What `weights` says a network starts from; `nil` where its values are drawn.
  private func start(_ reader: SectionReader, _ named: [Named]) -> NetworkChoice.Start? {
    if reader.node("weights")?.entries != nil, let section = reader.section("weights") {
      return section.requiredString("from").map {
        .experiment(.init(arm: $0, place: section.place(of: "from")))
      }
    }
    let text = reader.string("weights", default: "random")
    if text == "random" { return nil }
    if text == "imagenet" { return named.first.flatMap { pretrained(reader, $0) } }
    guard let file = reader.path("weights") else { return nil }
    if !Files.exists(file) || Files.isFolder(file) {
      reader.add(
        "there is no file `\(file)`", at: "weights",
        hint: "`weights` is `random`, `imagenet`, a file or `{from: <arm>}`")
    }
    return .file(file)
  }

  private func pretrained(_ reader: SectionReader, _ named: Named) -> NetworkChoice.Start? {
    guard let name = WeightsFolder.name(named.row, tag: named.tag) else {
      reader.add("there are no weights for `\(named.row.name)` but your own", at: "weights")
      return nil
    }
    let folder = machine.weights
    let file = folder.file(of: name)
    if !Files.exists(file) {
      reader.add(
        "the weights `\(name)` are not on this machine", at: "weights",
        hint: "`cxr-pipeline weights pull \(name)` downloads them; offline, put "
          + "\(folder.address(of: name)) at `\(file)`")
    }
    return .pretrained(name: name, file: file)
  }

  // MARK: Pixels

  /// How pixels are normalised: as the spec says, else as they were for the weights; `nil` for what
  /// the number of channels says.
  func normalization(
    _ written: NormalizationChoice?, _ network: NetworkChoice, channels: Int,
    colours: String?
  ) -> NormalizationChoice? {
    if let written { return written }
    let scales = network.starts.compactMap { entry -> PixelScale? in
      guard case .pretrained(let name, _) = entry.start, let found = Catalogue.resolve(name) else {
        return nil
      }
      return found.row.pixelScale(of: found.tag ?? "")
    }
    guard let scale = scales.first, channels == 3 || colours == "sum" else { return nil }
    guard scales.allSatisfy({ $0 == scale }) else {
      top.sectionOrEmpty("train").add(
        "the weights of the parts were made for pixels of different scales", at: "weights",
        hint: "say which in `images.normalize: {mean: …, std: …}`")
      return nil
    }
    let own = PictureNormalization(scale, channels: channels)
    return own == PictureNormalization(channels: channels) ? nil : .fixed(own)
  }

  /// `images.normalize`.
  func writtenNormalization(_ reader: SectionReader, channels: Int) -> NormalizationChoice? {
    let node = reader.node("normalize")
    if node?.entries == nil {
      let word = reader.choice("normalize", among: ["imagenet", "training"])
      if word == "training" { return .training }
      if word != nil { return .fixed(PictureNormalization(.imageNet, channels: channels)) }
      if node != nil { return nil }
    }
    guard let section = reader.section("normalize") else { return nil }
    let mean = section.doubles("mean", in: -10...10)
    let deviation = section.doubles("std", in: 1e-3...10)
    guard node != nil else { return nil }
    func values(_ key: String, _ found: [Double]?) -> [Double]? {
      guard let found else {
        if section.node(key) == nil {
          section.diagnostics.add("missing key `\(key)` in `images.normalize`", at: section.place)
        }
        return nil
      }
      if found.count == 1 { return Array(repeating: found[0], count: channels) }
      guard found.count == channels else {
        section.add("`\(key)` needs one value, or \(channels) for \(channels) channels", at: key)
        return nil
      }
      return found
    }
    let (means, deviations) = (values("mean", mean), values("std", deviation))
    guard let means, let deviations else { return nil }
    return .fixed(PictureNormalization(mean: means, deviation: deviations))
  }
}
