import Basics

extension SectionReader {
  /// The text of `key`; numbers and truth values are texts too.
  public func string(_ key: String) -> String? {
    note(.text, key)
    return node(key).flatMap { text($0, of: key) }
  }

  /// The text of `key`.
  public func string(_ key: String, default fallback: String) -> String {
    string(key) ?? noted(fallback, .string(fallback), key)
  }

  /// The text of `key`, which must be there.
  public func requiredString(_ key: String) -> String? { required(key, string) }

  /// The truth value of `key`: `true` or `false`.
  public func bool(_ key: String) -> Bool? {
    note(.bool, key)
    guard let value = node(key) else { return nil }
    if case .scalar(let text, true) = value.content, let bool = ScalarText.bool(text) {
      return bool
    }
    mismatch("`true` or `false`", key, value)
    return nil
  }

  /// The truth value of `key`: `true` or `false`.
  public func bool(_ key: String, default fallback: Bool) -> Bool {
    bool(key) ?? noted(fallback, .bool(fallback), key)
  }

  /// The whole number of `key`, in `range`.
  public func int(_ key: String, in range: some RangeExpression<Int>) -> Int? {
    note(Self.kind(range), key)
    return node(key).flatMap { int($0, of: key, in: range) }
  }

  /// The whole number of `key`, in `range`.
  public func int(
    _ key: String, in range: some RangeExpression<Int>, default fallback: Int
  ) -> Int { int(key, in: range) ?? noted(fallback, .int(fallback), key) }

  /// The whole number of `key`, in `range`; it must be there.
  public func requiredInt(_ key: String, in range: some RangeExpression<Int>) -> Int? {
    required(key) { int($0, in: range) }
  }

  /// The number of `key`, in `range`.
  public func double(_ key: String, in range: some RangeExpression<Double>) -> Double? {
    note(Self.kind(range), key)
    return node(key).flatMap { double($0, of: key, in: range) }
  }

  /// The number of `key`, in `range`.
  public func double(
    _ key: String, in range: some RangeExpression<Double>, default fallback: Double
  ) -> Double { double(key, in: range) ?? noted(fallback, .double(fallback), key) }

  /// The number of `key`, in `range`; it must be there.
  public func requiredDouble(_ key: String, in range: some RangeExpression<Double>) -> Double? {
    required(key) { double($0, in: range) }
  }

  /// The name of `key`, one of `names`; the nearest is suggested where it is none of them.
  public func choice(_ key: String, among names: [String]) -> String? {
    note(.name(names), key)
    return node(key).flatMap { choice($0, of: key, among: names) }
  }

  /// The name of `key`, one of `names`.
  public func choice(
    _ key: String, among names: [String], default fallback: String
  ) -> String { choice(key, among: names) ?? noted(fallback, .string(fallback), key) }

  /// The name of `key`, one of `names`, or of those `besides` that are accepted and not suggested; it
  /// must be there.
  public func requiredChoice(
    _ key: String, among names: [String], besides others: [String] = []
  ) -> String? {
    required(key) { key in
      note(.name(names + others), key)
      guard let value = node(key) else { return nil }
      if let text = value.text, others.contains(text) { return text }
      return choice(value, of: key, among: names)
    }
  }

  /// The path of `key`: relative to the folder of the file it is written in, `~` and `${VAR}`
  /// expanded. Whether something is there is not looked at.
  public func path(_ key: String) -> String? {
    note(.text, key)
    guard let value = node(key), let text = text(value, of: key) else { return nil }
    do {
      return try SpecPath.resolved(
        text, below: Files.parent(of: value.place.file), environment: environment)
    } catch {
      add(error.message, at: key, hint: error.hint)
      return nil
    }
  }

  /// The path of `key`, which must be there.
  public func requiredPath(_ key: String) -> String? { required(key, path) }

  /// The texts of `key`; a single text is a list of one.
  public func strings(_ key: String) -> [String]? {
    list(key, of: .text) { text($0, of: key) }
  }

  /// The texts of `key`; a single text is a list of one.
  public func strings(_ key: String, default fallback: [String]) -> [String] {
    strings(key) ?? fallback
  }

  /// The texts of `key`, at least one.
  public func requiredStrings(_ key: String) -> [String]? {
    guard let texts = required(key, strings) else { return nil }
    guard !texts.isEmpty else {
      add("`\(fullName(key))` is empty", at: key)
      return nil
    }
    return texts
  }

  /// The names of `key`, each one of `names`; a single name is a list of one.
  public func choices(_ key: String, among names: [String]) -> [String]? {
    list(key, of: .name(names)) { choice($0, of: key, among: names) }
  }

  /// The whole numbers of `key`, each in `range`; a single one is a list of one.
  public func ints(_ key: String, in range: some RangeExpression<Int>) -> [Int]? {
    list(key, of: Self.kind(range)) { int($0, of: key, in: range) }
  }

  /// The numbers of `key`, each in `range`; a single one is a list of one.
  public func doubles(_ key: String, in range: some RangeExpression<Double>) -> [Double]? {
    list(key, of: Self.kind(range)) { double($0, of: key, in: range) }
  }

  /// The items of `key`, each one of `names` (or of those `besides` that are not suggested) or a
  /// section; `nil` where one of them is wrong.
  public func items<Item>(
    _ key: String, among names: [String], besides others: [String] = [],
    name read: (String) -> Item?, section: (SectionReader) -> Item?
  ) -> [Item]? {
    list(key, of: .either([.name(names + others), .section])) { node in
      if node.entries != nil { return section(item(node, key)) }
      if let text = node.text, others.contains(text) { return read(text) }
      return choice(node, of: key, among: names).flatMap(read)
    }
  }

  /// The items of `key`, each read by `read`; `nil` where one of them is wrong.
  private func list<Item>(
    _ key: String, of kind: KeyRecorder.Kind, _ read: (SpecNode) -> Item?
  ) -> [Item]? {
    note(.list(kind), key)
    guard let value = node(key) else { return nil }
    let items = value.items ?? [value]
    let read = items.map(read)
    return read.contains { $0 == nil } ? nil : read.compactMap { $0 }
  }

  private func note(_ kind: KeyRecorder.Kind, _ key: String) {
    recorder?.note(kind, key, in: path)
  }

  /// The default of `key`, noted.
  private func noted<Fallback>(_ fallback: Fallback, _ value: Value, _ key: String) -> Fallback {
    recorder?.note(fallback: value, fullName(key))
    return fallback
  }

  private static func kind(_ range: some RangeExpression<Int>) -> KeyRecorder.Kind {
    .number(isWhole: true, limits: NumberBounds.limits(range) { .int($0) })
  }

  private static func kind(_ range: some RangeExpression<Double>) -> KeyRecorder.Kind {
    .number(isWhole: false, limits: NumberBounds.limits(range) { .double($0) })
  }

  private func text(_ value: SpecNode, of key: String) -> String? {
    if let text = value.text { return text }
    mismatch("a text", key, value)
    return nil
  }

  private func int(
    _ value: SpecNode, of key: String, in range: some RangeExpression<Int>
  ) -> Int? {
    if case .scalar(let text, true) = value.content, let number = ScalarText.int(text),
      range.contains(number)
    {
      return number
    }
    let bounds = NumberBounds.words(range)
    mismatch("a \(bounds.adjective)whole number\(bounds.range)", key, value, hint: quoteHint(value))
    return nil
  }

  private func double(
    _ value: SpecNode, of key: String, in range: some RangeExpression<Double>
  ) -> Double? {
    if case .scalar(let text, true) = value.content, let number = ScalarText.double(text),
      range.contains(number)
    {
      return number
    }
    let bounds = NumberBounds.words(range)
    mismatch("a \(bounds.adjective)number\(bounds.range)", key, value, hint: quoteHint(value))
    return nil
  }

  private func choice(_ value: SpecNode, of key: String, among names: [String]) -> String? {
    guard let text = value.text else {
      mismatch("one of \(names.quotedList)", key, value)
      return nil
    }
    if names.contains(text) { return text }
    diagnostics.add(
      "unknown \(key) `\(ScalarText.shortened(text))`", at: value.place,
      hint: Self.hint(text, among: names, name: "names"))
    return nil
  }

  private func quoteHint(_ value: SpecNode) -> String? {
    guard case .scalar(let text, false) = value.content, ScalarText.double(text) != nil else {
      return nil
    }
    return "a number has no quotes"
  }
}
