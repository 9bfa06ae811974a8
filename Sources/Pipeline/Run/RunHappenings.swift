import Basics
import Foundation

/// What workers and other threads tell a run.
extension RunLoop {
  /// Waits for the next thing to happen and takes it in.
  func wait() {
    for happening in workers.wait(alsoFor: wake.descriptor) {
      switch happening {
      case .woken: wokenUp()
      case .told(let job, let event, let seconds): told(job, event, seconds: seconds)
      case .died(let job, let end, let seconds):
        guard !summary.wasInterrupted else {
          states[job.node.id.index] = .notRun
          continue
        }
        var report = report(nil, job: job, seconds: seconds)
        report.signal = end.signal
        report.exitCode = end.exitCode
        report.peakMemory = end.peakMemory
        report.hadMemoryKill = end.hadMemoryKill
        if report.lastWords.isEmpty { report.lastWords = end.lastWords }
        // It may have died between its commit and its last word.
        if !isForced(job.node), let result = cache.store.result(job.fingerprint.digest),
          cache.damage(of: result).isEmpty
        {
          committed(job, result, seconds: seconds)
        } else {
          fail(job.node, report)
        }
      }
    }
    // Manifests are the truth: an index that lags behind by a moment loses nothing.
    if ContinuousClock.now - lastFlush > .milliseconds(200) {
      cache.flush()
      lastFlush = .now
    }
  }

  private func told(_ job: PreparedJob, _ event: WorkerEvent, seconds: Double) {
    let label = job.node.label
    switch event {
    case .waiting(_, let holder): sink(.stageWaiting(label, holder: holder))
    case .started:
      job.hasStarted = true
      sink(.stageStarted(label))
    case .progress(_, let done, let total, let unit, let metrics):
      let rate = job.rate(done: done, at: seconds)
      let left = rate.flatMap { $0 > 0 && total > done ? Double(total - done) / $0 : nil }
      sink(
        .progress(
          label,
          Progress(
            done: done, total: total, unit: unit, rate: rate, secondsLeft: left, metrics: metrics)))
    case .log(_, let message): sink(.log(label, message: message))
    case .finished:
      if let result = cache.store.result(job.fingerprint.digest) {
        committed(job, result, seconds: seconds)
      } else {
        fail(
          job.node,
          report("error: the worker wrote no manifest", job: job, seconds: seconds))
      }
    case .failed(_, let message): fail(job.node, report(message, job: job, seconds: seconds))
    }
  }

  private func committed(_ job: PreparedJob, _ result: StageResult, seconds: Double) {
    cache.add(result, of: job.fingerprint)
    if job.hasStarted {
      summary.ran += 1
    } else {
      summary.cached += 1
      summary.shared += 1
    }
    sink(.stageFinished(job.node.label, seconds: seconds, job.hasStarted ? .ran : .shared))
    finish(job.node, result)
  }

  private func wokenUp() {
    let (stops, messages) = wake.take()
    if stops > 0 {
      isHalted = true
      summary.wasInterrupted = true
      workers.stop(atOnce: stops > 1)
    }
    for message in messages {
      switch message {
      case .reading(let id, let done, let total):
        sink(
          .progress(
            graph[id].label, Progress(done: done, total: total, unit: "files", metrics: [:])))
      case .read(let id, let found, let reading):
        readings -= 1
        states[id.index] = .waiting
        switch found {
        case .success(let found):
          cache.files.remember(found, of: reading)
          resolve(graph[id])
        case .failure(let error):
          if !summary.wasInterrupted {
            fail(graph[id], report(error.rendered { _, _ in nil }, job: nil, seconds: 0))
          }
        }
      }
    }
  }

  /// What is known of a stage that has no result.
  func report(_ message: String?, job: PreparedJob?, seconds: Double) -> FailureReport {
    let path = job.map { cache.store.logPath($0.fingerprint.digest) } ?? ""
    var report = FailureReport(
      message: message, lastWords: job?.hasStarted == true ? LogTail.lines(path) : [],
      logPath: path, seconds: seconds)
    report.wasTried = job != nil
    return report
  }
}
