/// The networks that can be named in a spec.
public enum Catalogue {
  /// Every name, in the order of `all`; what suggestions are chosen from.
  public static let names = all.map(\.name)

  /// Every other spelling that finds a row: older names, and names with the tag of their weights.
  public static let otherNames = all.flatMap { row in
    row.aliases.keys.sorted() + row.tags.map { "\(row.name).\($0)" }
  }

  /// The row that `name` means, nil when there is none: a name, an older name, or a name with the
  /// tag of its weights behind a dot, as timm writes it.
  public static func find(_ name: String) -> Architecture? { resolve(name)?.row }

  /// The rows of a network that is written as in a checkpoint: its own, or with `+` between them those
  /// of the networks that it joins; nil where one is unknown.
  public static func parts(of name: String) -> [Architecture]? {
    let rows = name.split(separator: "+", omittingEmptySubsequences: false).map { find(String($0)) }
    return rows.contains { $0 == nil } ? nil : rows.compactMap { $0 }
  }

  /// The row that `name` means and the tag of the weights that it asks for, if any.
  public static func resolve(_ name: String) -> (row: Architecture, tag: String?)? {
    for row in all {
      if row.name == name { return (row, nil) }
      if let tag = row.aliases[name] { return (row, tag) }
      if let tag = row.tags.first(where: { "\(row.name).\($0)" == name }) { return (row, tag) }
    }
    return nil
  }
}
