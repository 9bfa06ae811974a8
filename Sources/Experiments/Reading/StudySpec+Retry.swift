import Pipeline

extension StudySpec {
  /// `retry:` how often a stage of each kind is tried again after a failure; part of no fingerprint.
  static func retries(_ top: SectionReader) -> [String: Int] {
    guard let section = top.section("retry") else { return [:] }
    defer { section.finish() }
    var retries: [String: Int] = [:]
    for kind in StageKind.all { retries[kind.name] = section.int(kind.name, in: 0...100) }
    return retries
  }
}
