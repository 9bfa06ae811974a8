@preconcurrency import Dispatch
import Foundation

/// Signals that a command answers itself.
enum Interrupts {
  /// Calls `handler` for each signal `number` until the source is cancelled.
  static func source(
    _ number: Int32, _ handler: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: handler)
    source.resume()
    return source
  }
}
