import Basics

/// Finds the label of an earlier sweep that means the same stage, after an axis came or went.
struct LabelKin {
  private let slots: [String: Digest]
  /// Labels without one of their words, and the first label that this was.
  private var shorter: [String: String] = [:]

  init(_ slots: [String: Digest]) {
    self.slots = slots
    for label in slots.keys.sorted() {
      for short in Self.withoutOneWord(label) where shorter[short] == nil {
        shorter[short] = label
      }
    }
  }

  /// What was used under a label that has one word less than `label`, or else one more.
  func slot(near label: String) -> Digest? {
    for short in Self.withoutOneWord(label) {
      if let digest = slots[short] { return digest }
    }
    return shorter[label].flatMap { slots[$0] }
  }

  /// `label` without each of its settings (`arch=simple`) in turn, the last first; a seed makes
  /// another stage and stays.
  private static func withoutOneWord(_ label: String) -> [String] {
    let words = label.split(separator: " ")
    return words.indices.reversed().compactMap { index in
      guard words[index].contains("="), !words[index].hasPrefix("seed=") else { return nil }
      var rest = words
      rest.remove(at: index)
      return rest.joined(separator: " ")
    }
  }
}
