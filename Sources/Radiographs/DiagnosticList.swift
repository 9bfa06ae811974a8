import Basics

/// What is wrong with an input, gathered so that all of it is told at once.
struct DiagnosticList {
  /// How many are told one by one; the rest is counted.
  static let limit = 20

  private var first: [Diagnostic] = []
  private var count = 0

  mutating func add(_ diagnostic: Diagnostic) {
    if count < Self.limit { first.append(diagnostic) }
    count += 1
  }

  mutating func add(_ message: String, at place: Place? = nil, hint: String? = nil) {
    add(Diagnostic(message, at: place, hint: hint))
  }

  var isEmpty: Bool { count == 0 }

  /// The diagnostics, the last one saying how many more there are.
  var all: [Diagnostic] {
    count > first.count ? first + [Diagnostic("and \(count - first.count) more")] : first
  }

  func throwIfAny() throws(Diagnostics) {
    if !isEmpty { throw Diagnostics(all) }
  }
}

/// Runs `body`, turning its one diagnostic into a list of one.
func several<Value>(_ body: () throws(Diagnostic) -> Value) throws(Diagnostics) -> Value {
  do {
    return try body()
  } catch {
    throw Diagnostics([error])
  }
}
