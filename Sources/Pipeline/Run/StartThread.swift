import Basics
import Foundation

/// Runs `body` on a thread of its own.
///
/// - Throws: where the system has no thread left; Foundation's `Thread` hides that, and whoever
///   waits for the body would wait for ever.
func startThread(_ body: @escaping @Sendable () -> Void) throws(Diagnostic) {
  let box = Unmanaged.passRetained(ThreadBody(run: body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, box.toOpaque())
  guard code == 0 else {
    box.release()
    throw Diagnostic("cannot start a thread: \(String(cString: strerror(code)).lowercased())")
  }
  pthread_detach(thread)
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(run: @escaping @Sendable () -> Void) { self.run = run }
}
