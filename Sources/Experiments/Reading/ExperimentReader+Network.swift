import Basics
import Catalogue
import Foundation
import Pipeline

/// `train.arch`, `train.weights` and what follows from them for the pictures.
extension ExperimentReader {
  /// A network of the catalogue and the weights that its name asks for.
  private typealias Named = (row: Architecture, tag: String?)

  /// Which network is trained and what it starts from; `nil` where that is wrong, which is noted.
  ///
  /// - Parameter size: the side of the pictures, where the spec says it.
  func network(_ reader: SectionReader, channels: Int, size: Int?) -> NetworkChoice? {
    guard reader.node("arch")?.entries != nil, let section = reader.section("arch") else {
      let named = arch(reader, channels)
      var network = named.map { NetworkChoice(parts: [$0.row.name], size: self.size(size, [$0])) }
      let start = start(reader, named.map { [$0] } ?? [])
      if let start { network?.starts = [(nil, start)] }
      return network
    }
    guard let program = program(section) else {
      return combined(section, reader, channels: channels, size: size)
    }
    if reader.node("weights") != nil, ["random", "imagenet"].contains(reader.string("weights")) {
      reader.add(
        "a network of TorchScript starts from the values in its file", at: "weights",
        hint: "leave `weights` out, or name a file or an arm")
    }
    for key in ["dropout", "head_dropout", "stochastic_depth"] where reader.node(key) != nil {
      reader.add("`train.\(key)` has no effect on a network of TorchScript", at: key)
    }
    if reader.strings("freeze")?.contains(TrainSection.backbone) == true {
      reader.add(
        "the last layer of a network of TorchScript is not known", at: "freeze",
        hint: "name the parts that are not trained")
    }
    var network = NetworkChoice(
      parts: [], program: program, size: size ?? NetworkChoice.plainSize)
    if let start = start(reader, []) { network.starts = [(nil, start)] }
    return network
  }

  private func program(_ section: SectionReader) -> String? {
    guard let file = section.path("torchscript") else { return nil }
    if section.node("combined") != nil {
      section.add("`train.arch` is either `combined` or `torchscript`", at: "torchscript")
    }
    check(file, section, "torchscript")
    return file
  }

  private func combined(
    _ section: SectionReader, _ reader: SectionReader, channels: Int, size: Int?
  ) -> NetworkChoice? {
    typealias Part = (named: Named, start: NetworkChoice.Start?)
    let parts = section.items("combined", among: Catalogue.names, besides: Catalogue.otherNames) {
      name -> Part? in
      Catalogue.resolve(name).map { ($0, nil) }
    } section: { item -> Part? in
      guard let named = arch(item, channels) else { return nil }
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
    let named = parts.map(\.named)
    for part in named { check(part.row, channels) }
    var network = NetworkChoice(parts: named.map(\.row.name), size: self.size(size, named))
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
  private func arch(_ reader: SectionReader, _ channels: Int) -> Named? {
    let written = reader.requiredChoice(
      "arch", among: Catalogue.names, besides: Catalogue.otherNames)
    // One name for a network, so that its older names share its trainings.
    guard let named = written.flatMap(Catalogue.resolve) else { return nil }
    check(named.row, channels)
    return named
  }

  /// The size that is `written`, else the first of those that the networks were made for that all of
  /// them take. Notes where one does not take it.
  private func size(_ written: Int?, _ named: [Named]) -> Int {
    guard let size = written else {
      let own = named.map { $0.row.size(of: $0.tag) }
      let common = own.first { size in named.allSatisfy { $0.row.takes(size: size) } }
      if common == nil {
        top.sectionOrEmpty("train").add(
          "\(named.map(\.row.name).quotedList) were made for pictures of different sizes",
          at: "arch",
          hint: "say in `images.size` which; each lists its own in `cxr-pipeline models`")
      }
      return common ?? NetworkChoice.plainSize
    }
    for (row, _) in named where !row.takes(size: size) {
      top.sectionOrEmpty("images").add(
        row.sizeStep == 1
          ? "`\(row.name)` needs pictures of \(row.sizes)"
          : "`\(row.name)` takes pictures of \(row.sizes)", at: "size")
    }
    return size
  }

  /// Notes what is dropped in a training where the network has nothing to drop.
  func checkDropping(_ reader: SectionReader, _ network: NetworkChoice) {
    let isFrozen = reader.strings("freeze")?.contains(TrainSection.backbone) == true
    let rows = network.parts.compactMap(Catalogue.find)
    func check(_ key: String, _ what: String, hint: String = "", has: (Architecture) -> Bool) {
      guard reader.node(key) != nil else { return }
      if isFrozen {
        reader.add("`train.\(key)` has no effect on a frozen backbone", at: key)
      } else if !rows.isEmpty, !rows.contains(where: has) {
        let having = Catalogue.all.filter(has).map(\.name)
        reader.add(
          "\(rows.map(\.name).quotedList) \(rows.count == 1 ? "has" : "have") no \(what)", at: key,
          hint: hint + "\(having.quotedList) have it")
      }
    }
    check("stochastic_depth", "residual branches to leave out", has: \.hasStochasticDepth)
    check(
      "dropout", "dropout inside",
      hint: "`train.head_dropout` drops features before the last layer; "
    ) { $0.hasDropout(joined: rows.count > 1) }
  }

  /// Notes where there is no file; a pipe is none.
  private func check(_ file: String, _ reader: SectionReader, _ key: String, hint: String? = nil) {
    switch Self.type(of: file) {
    case S_IFREG: break
    case nil, S_IFDIR: reader.add("there is no file `\(file)`", at: key, hint: hint)
    default: reader.add("`\(file)` is a pipe or a device, not a file", at: key)
    }
  }

  /// What lies at `path`, one of `S_IFREG` and the like; opening a pipe would wait for its writer.
  private static func type(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private func check(_ row: Architecture, _ channels: Int) {
    if !row.channels.contains(channels) {
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
    check(
      file, reader, "weights", hint: "`weights` is `random`, `imagenet`, a file or `{from: <arm>}`")
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
    let found = network.starts.compactMap { entry -> PictureNormalization? in
      switch entry.start {
      case .pretrained(let name, _):
        guard channels == 3 || colours == "sum", let found = Catalogue.resolve(name) else {
          return nil
        }
        let scale = found.row.pixelScale(of: found.tag ?? "")
        return PictureNormalization(scale, channels: channels)
      case .file(let file): return noted(in: file, channels: channels, colours: colours)
      case .experiment: return nil
      }
    }
    guard let own = found.first else { return nil }
    guard found.allSatisfy({ $0 == own }) else {
      top.sectionOrEmpty("train").add(
        "the weights of the parts were made for pixels of different scales", at: "weights",
        hint: "say which in `images.normalize: {mean: …, std: …}`")
      return nil
    }
    return own == PictureNormalization(channels: channels) ? nil : .fixed(own)
  }

  /// The normalisation that a training noted in its checkpoint, for as many channels or, with the
  /// sums of kernels, for colours.
  private func noted(in file: String, channels: Int, colours: String?) -> PictureNormalization? {
    guard Self.type(of: file) == S_IFREG,
      let metadata = try? CheckpointHeader(path: file).metadata,
      let mean = TrainedNetwork.list(metadata["mean"], of: Double.self),
      let deviation = TrainedNetwork.list(metadata["std"], of: Double.self),
      mean.count == deviation.count, mean.count == channels || mean.count == 3 && colours == "sum",
      mean.allSatisfy((-10...10).contains), deviation.allSatisfy((1e-3...10).contains)
    else { return nil }
    return PictureNormalization(mean: mean, deviation: deviation, channels: channels)
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
