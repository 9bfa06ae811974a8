import Basics
import Experiments
import Foundation
import Radiographs

/// What this machine has, found out without libtorch.
enum ThisMachine {
  /// The folder of this program.
  static var programs: String {
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return Files.parent(of: path)
  }

  /// The program that runs stages: `CXR_WORKER`, or `cxr-worker` beside this one.
  static func worker() throws(Diagnostic) -> String {
    let named = ProcessInfo.processInfo.environment["CXR_WORKER"]
    let path = named ?? Files.join(programs, "cxr-worker")
    guard access(path, X_OK) == 0 else {
      throw Diagnostic(
        "there is no program `\(path)`",
        hint: "`cxr-worker` lies beside `cxr-pipeline`, or where `CXR_WORKER` says")
    }
    return path
  }

  /// The device class and whether it computes in bfloat16.
  ///
  /// A GPU counts where its driver is there and the worker's libtorch has CUDA.
  ///
  /// - Parameter draws: whether a phantom that is not there is drawn.
  static func detect(runs: String, draws: Bool = true) -> Machine {
    let (device, hasBFloat16) = arithmetic()
    return Machine(device: device, hasBFloat16: hasBFloat16, runs: runs) {
      options, folder throws(Diagnostics) in
      guard draws else {
        throw Diagnostics([
          Diagnostic(
            "nothing has run in `\(runs)`: its phantom is not drawn",
            hint: "`cxr-pipeline run` draws it; `--runs` names another folder")
        ])
      }
      Terminal.say("drawing a phantom of \(counted(options.patients, "patient"))")
      try writePhantom(options, to: folder, threads: cores)
    }
  }

  private static func arithmetic() -> (device: String, hasBFloat16: Bool) {
    if Files.exists("/dev/nvidiactl"),
      libraryFolders.contains(where: {
        Files.exists(Files.join($0, "libtorch_cuda.so"))
      })
    {
      return ("cuda", true)
    }
    let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let flags = cpu.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let names = flags.split(separator: " ")
    return ("cpu", names.contains("avx512_bf16") || names.contains("amx_bf16"))
  }

  /// Where the worker looks for libtorch.
  private static var libraryFolders: [String] {
    let programs = programs
    var folders = [
      "\(programs)/../lib/cxr-pipeline/torch/lib", "\(programs)/../../../.libtorch/torch/lib",
    ]
    if let named = ProcessInfo.processInfo.environment["LIBTORCH"] {
      folders.append("\(named)/lib")
    }
    return folders
  }

  /// The number of processors that this process may use.
  static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
