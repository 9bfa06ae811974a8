import ArgumentParser
import Foundation

/// Names on the command line, separated by commas.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init(argument: String) {
    names = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
