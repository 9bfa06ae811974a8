import Dispatch
import Foundation
import Synchronization

/// How many threads a computation uses where nothing else is asked for.
public let processorCount = ProcessInfo.processInfo.activeProcessorCount

/// Runs `body` once for each of `0..<count` on at most `threads` threads and waits for all.
///
/// Each run must write only what belongs to its number; then the result does not depend on the number
/// of threads.
func concurrently(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  let next = Atomic<Int>(0)
  @Sendable func work(_: Int) {
    while true {
      let item = next.add(1, ordering: .relaxed).oldValue
      guard item < count else { return }
      body(item)
    }
  }
  let workers = min(threads, count)
  guard workers > 1 else { return work(0) }
  DispatchQueue.concurrentPerform(iterations: workers, execute: work)
}
