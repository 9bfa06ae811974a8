import Basics
import Catalogue
import Foundation
import Radiographs

/// What is known of the network in a checkpoint, from its file or told by a person; `nil` where
/// nothing says it.
package struct NetworkFacts: Sendable {
  package var arch: String?
  package var channels: Int?
  package var size: Int?
  package var findings: [String]?
  package var heads: [Head]?
  /// The head of all findings, in place of `heads`.
  package var head: Head?
  /// The normalisation that the file names.
  private var mean: [Double]?
  private var deviation: [Double]?
  /// How its pictures became squares, where the file says so.
  private var fit: PictureForm.Fit?
  private var filter: PictureForm.Filter?
  private var equalize = false
  private var bits = 8
  private var decode: PictureForm.Decoding?
  /// The shapes of the tensors in the file.
  private var shapes: [String: [Int]] = [:]
  /// Where what a person told is not what the file says, in words.
  private var contradictions: [String] = []

  /// Nothing.
  package init() {}

  /// What the safetensors file at `path` says of itself.
  ///
  /// - Throws: where the file cannot be read or is no safetensors file. Its tensors are looked at
  ///   by whoever loads them.
  package init(path: String) throws(Diagnostic) {
    let header = try CheckpointHeader(path: path)
    let metadata = header.metadata
    shapes = header.shapes
    arch = metadata["arch"]
    channels = metadata["channels"].flatMap { Int($0) }
    size = metadata["size"].flatMap { Int($0) }
    findings = TrainedNetwork.list(metadata["findings"], of: String.self)
    heads = TrainedNetwork.list(metadata["heads"], of: Head.self)
    fit = metadata["fit"].flatMap(PictureForm.Fit.init)
    filter = metadata["filter"].flatMap(PictureForm.Filter.init)
    equalize = metadata["equalize"] == "true"
    bits = metadata["bits"] == "16" ? 16 : 8
    decode = metadata["decode"].flatMap(PictureForm.Decoding.init)
    mean = TrainedNetwork.list(metadata["mean"], of: Double.self)
    deviation = TrainedNetwork.list(metadata["std"], of: Double.self)
  }

  /// The normalisation that the file names, as far as it is whole.
  package var normalization: PictureNormalization? {
    guard let mean, let deviation, !mean.isEmpty, mean.count == deviation.count,
      deviation.allSatisfy({ $0 > 0 && $0.isFinite }), mean.allSatisfy(\.isFinite)
    else { return nil }
    return PictureNormalization(mean: mean, deviation: deviation)
  }

  /// These facts of a file, and where it says nothing those that a person told.
  package func completed(by others: NetworkFacts) -> NetworkFacts {
    var facts = self
    func compare<Fact: Equatable>(_ word: String, _ own: Fact?, _ other: Fact?) {
      guard let own, let other, own != other else { return }
      facts.contradictions.append("its \(word) is `\(own)`, not `\(other)`")
    }
    compare("arch", arch, others.arch)
    compare("size", size, others.size)
    compare("number of channels", channels, others.channels)
    // Findings may be given other names.
    compare("number of findings", findings?.count, others.findings?.count)
    if let head = others.head, let other = heads?.first(where: { $0 != head }) {
      compare("head", other.rawValue, head.rawValue)
    }
    facts.arch = others.arch ?? arch
    facts.channels = others.channels ?? channels
    facts.size = others.size ?? size
    facts.findings = others.findings ?? findings
    facts.heads = others.heads ?? facts.heads
    facts.head = others.head ?? head
    return facts
  }

  /// The network, once all is known.
  ///
  /// - Throws: everything that is missing, and everything that cannot be.
  package func network(of path: String) throws(Diagnostics) -> TrainedNetwork {
    guard contradictions.isEmpty else {
      throw Diagnostics(contradictions.map { Diagnostic("`\(path)` says that \($0)") })
    }
    var wrong: [Diagnostic] = []
    let missing = [
      (arch == nil, "arch"), (findings == nil, "findings"), (size == nil, "size"),
      (channels == nil, "channels"),
    ].filter(\.0).map(\.1)
    if !missing.isEmpty {
      wrong.append(
        Diagnostic(
          "`\(path)` does not say its \(missing.joined(separator: ", "))",
          hint: "add \(missing.map { "`--\($0)`" }.joined(separator: " "))"))
    }
    if let arch {
      if arch == NetworkChoice.torchScript {
        wrong.append(
          Diagnostic(
            "`\(path)` holds the tensors of a network of TorchScript, not its code",
            hint: "name its experiment with `--experiment`"))
      } else if let rows = Catalogue.parts(of: arch) {
        for row in rows {
          if let size, size > 2048 || !row.takes(size: size) {
            wrong.append(Diagnostic("`\(row.name)` takes pictures of \(row.sizes), not \(size)"))
          }
          if let channels, !row.channels.contains(channels) {
            wrong.append(
              Diagnostic(
                "`\(row.name)` takes \(row.channels.lowerBound) to \(row.channels.upperBound) "
                  + "channels, not \(channels)"))
          }
        }
      } else {
        let near = nearestName(to: arch, among: Catalogue.names)
        wrong.append(
          Diagnostic(
            "unknown arch `\(arch)`",
            hint: near.map { "did you mean `\($0)`?" }
              ?? "the architectures are \(Catalogue.names.quotedList)"))
      }
    }
    wrong += namesProblems
    var normalize: PictureNormalization?
    if let channels, mean != nil || deviation != nil {
      if let own = normalization, own.mean.count == channels {
        if own != PictureNormalization(channels: channels) { normalize = own }
      } else {
        wrong.append(
          Diagnostic(
            "`\(path)` names no normalisation of \(counted(channels, "channel"))",
            hint: "its `mean` and `std` are lists with a number for each channel"))
      }
    }
    guard wrong.isEmpty, let arch, let channels, let size, let findings else {
      throw Diagnostics(wrong)
    }
    let network = TrainedNetwork(
      arch: arch, channels: channels,
      form: PictureForm(
        size: size, fit: fit ?? .square, filter: filter ?? .bilinear, equalize: equalize,
        bits: bits, decode: decode),
      findings: findings,
      heads: head.map { head in findings.map { _ in head } } ?? heads
        ?? findings.map { _ in .sigmoid },
      normalize: normalize)
    let misfits = misfits(network, path)
    if !misfits.isEmpty { throw Diagnostics(misfits) }
    return network
  }

  /// Where the tensors of the file are not those of `network`, as far as their shapes show.
  private func misfits(_ network: TrainedNetwork, _ path: String) -> [Diagnostic] {
    guard let rows = Catalogue.parts(of: network.arch), let row = rows.first else { return [] }
    let isJoined = rows.count > 1
    let firstNames = rows.enumerated().map { index, row in
      isJoined ? "parts.\(index).\(row.firstTensor)" : row.firstTensor
    }
    let lastNames = isJoined ? ["head.weight"] : row.lastTensors
    for name in firstNames + lastNames where shapes[name] == nil {
      return [
        Diagnostic("`\(path)` is no checkpoint of `\(network.arch)`: it has no tensor `\(name)`")
      ]
    }
    let lasts = lastNames.compactMap { shapes[$0] }
    guard let first = firstNames.first.flatMap({ shapes[$0] }), first.count == 4,
      let last = lasts.first, lasts.allSatisfy({ $0 == last && $0.count == 2 })
    else { return [Diagnostic("`\(path)` is no checkpoint of `\(network.arch)`")] }
    func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
    let found = shapes.filter { name, _ in
      !["running_mean", "running_var", "num_batches_tracked"].contains(where: name.hasSuffix)
    }.values.reduce(0) { $0 + count($1) }
    // The catalogue counts for 1 channel and 2 outputs.
    let channels = count(first) - count(first) / Double(max(1, first[1]))
    let outputs = Double(lasts.count) * (Double(last[0]) - 2) * (Double(last[1]) + 1)
    // Networks of patches have as many positions as the size asks for.
    let isCounted = !isJoined && (row.sizeStep == 1 || network.form.size == row.defaultSize)
    if isCounted, found != Double(row.parameters) + channels + outputs {
      return [
        Diagnostic(
          "`\(path)` is no checkpoint of `\(row.name)`: it has not as many values",
          hint: "`cxr-pipeline models` lists the architectures")
      ]
    }
    var wrong: [Diagnostic] = []
    if first[1] != network.channels {
      wrong.append(
        Diagnostic("`\(path)` has \(counted(first[1], "channel")), not \(network.channels)"))
    }
    let wanted = network.heads.reduce(0) { $0 + $1.logits }
    if last[0] != wanted {
      let heads = Set(network.heads.map(\.rawValue)).sorted().quotedList
      wrong.append(
        Diagnostic(
          "`\(path)` has \(counted(last[0], "output")), and "
            + "\(counted(network.findings.count, "finding")) with the head \(heads) "
            + "\(network.findings.count == 1 ? "needs" : "need") \(wanted)"))
    }
    return wrong
  }

  private var namesProblems: [Diagnostic] {
    guard let findings else { return [] }
    var wrong: [Diagnostic] = []
    if findings.isEmpty || findings.contains("") {
      wrong.append(Diagnostic("a finding has no name"))
    }
    if Set(findings).count < findings.count { wrong.append(Diagnostic("a finding is named twice")) }
    for finding in findings where LabelsSection.reservedNames.contains(finding) {
      wrong.append(
        Diagnostic("`\(finding)` names a column of every table and cannot be a finding"))
    }
    if let heads, heads.count != findings.count {
      wrong.append(
        Diagnostic("\(findings.count) findings cannot have \(heads.count) heads"))
    }
    return wrong
  }
}
