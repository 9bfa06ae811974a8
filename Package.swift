// swift-tools-version: 6.2
import PackageDescription

// Tests reach into the modules; the packages beside ours build faster without.
let swift: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .unsafeFlags(["-enable-testing"]),
]

// libtorch as `scripts/bootstrap` unpacks it, or where `LIBTORCH` says. The programs find it by a
// path relative to themselves: beside `bin/` once installed, in the package while they are built.
let libtorch = Context.environment["LIBTORCH"] ?? "\(Context.packageDirectory)/.libtorch/torch"
let torchLinks: [LinkerSetting] = [
  .unsafeFlags(
    ["-L\(libtorch)/lib"]
      + [
        "$ORIGIN/../lib/cxr-pipeline/torch/lib", "$ORIGIN/../../../.libtorch/torch/lib",
      ].flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }
      + (Context.environment["LIBTORCH"] == nil
        ? [] : ["-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"])),
  .linkedLibrary("torch"), .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
]

// Swift's runtime and Foundation inside the programs: they start faster and run where no Swift is.
let staticArchives = [
  "Foundation", "FoundationInternationalization", "FoundationEssentials", "CoreFoundation",
  "_FoundationICU", "_FoundationCShims", "_FoundationCollections", "swiftSynchronization",
]
let staticSwift = LinkerSetting.unsafeFlags(
  ["-static-stdlib", "-Xlinker", "--start-group"]
    + staticArchives.flatMap { ["-Xlinker", "-l\($0)"] } + ["-Xlinker", "--end-group"])

let package = Package(
  name: "cxr-pipeline",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(
      name: "CBasics",
      linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("z")]),
    .target(
      name: "CImage",
      linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png16")]),
    .target(
      name: "CTorch",
      cxxSettings: [
        .unsafeFlags([
          "-isystem", "\(libtorch)/include", "-D_GLIBCXX_USE_CXX11_ABI=1", "-fvisibility=hidden",
        ])
      ],
      linkerSettings: torchLinks),
    .target(name: "Basics", dependencies: ["CBasics"], swiftSettings: swift),
    .target(name: "Torch", dependencies: ["CTorch"], swiftSettings: swift),
    .target(name: "Catalogue", swiftSettings: swift),
    .target(name: "Zoo", dependencies: ["Torch", "Catalogue"], swiftSettings: swift),
    .target(name: "Radiographs", dependencies: ["Basics", "CImage"], swiftSettings: swift),
    .target(name: "Metrics", dependencies: ["Basics"], swiftSettings: swift),
    .target(name: "Probes", dependencies: ["Basics"], swiftSettings: swift),
    .target(
      name: "Pipeline",
      dependencies: [
        "Basics", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .target(
      name: "Experiments",
      dependencies: ["Basics", "Pipeline", "Radiographs", "Metrics", "Catalogue"],
      swiftSettings: swift),
    .target(
      name: "Stages",
      dependencies: [
        "Basics", "Catalogue", "Experiments", "Metrics", "Pipeline", "Probes", "Radiographs",
        "Torch", "Zoo",
      ],
      swiftSettings: swift),
    .target(
      name: "Reports",
      dependencies: ["Basics", "Catalogue", "Experiments", "Metrics", "Pipeline"],
      swiftSettings: swift),
    .executableTarget(
      name: "cxr-pipeline",
      dependencies: [
        "Basics", "Catalogue", "Experiments", "Metrics", "Pipeline", "Radiographs", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift, linkerSettings: [staticSwift]),
    .executableTarget(
      name: "cxr-worker", dependencies: ["Basics", "Pipeline", "Stages"], swiftSettings: swift,
      linkerSettings: [staticSwift]),
    .executableTarget(
      name: "TrainingThroughput", dependencies: ["Torch", "Zoo"],
      path: "Benchmarks/TrainingThroughput", swiftSettings: swift),
    .executableTarget(
      name: "BootstrapThroughput", dependencies: ["Basics", "Metrics"],
      path: "Benchmarks/bootstrap", swiftSettings: swift),
    .executableTarget(
      name: "CohortBenchmark", dependencies: ["Basics", "Radiographs"],
      path: "Benchmarks/Cohorts", swiftSettings: swift),
    .executableTarget(
      name: "SweepBenchmark", dependencies: ["Basics", "Pipeline"],
      path: "Benchmarks/Sweeps", swiftSettings: swift, linkerSettings: [staticSwift]),
    .executableTarget(
      name: "pipeline-test-worker", dependencies: ["Basics", "Pipeline"],
      path: "Tests/Support/pipeline-test-worker", swiftSettings: swift),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: swift),
    .testTarget(
      name: "CatalogueTests", dependencies: ["Catalogue"], exclude: ["Golden"],
      swiftSettings: swift),
    // Runs the built programs; a dependency on them would link them into the tests.
    .testTarget(
      name: "EndToEndTests", dependencies: ["Basics"], exclude: ["Golden"], swiftSettings: swift),
    .testTarget(
      name: "MetricsTests", dependencies: ["Basics", "Metrics"], exclude: ["Golden"],
      swiftSettings: swift),
    .testTarget(
      name: "PipelineTests", dependencies: ["Basics", "Pipeline", "pipeline-test-worker"],
      swiftSettings: swift),
    .testTarget(
      name: "ProbesTests", dependencies: ["Basics", "Probes"], exclude: ["Golden"],
      swiftSettings: swift),
    .testTarget(
      name: "RadiographsTests", dependencies: ["Basics", "Radiographs"], exclude: ["Golden"],
      swiftSettings: swift),
    .testTarget(
      name: "StagesTests",
      dependencies: ["Basics", "Experiments", "Metrics", "Pipeline", "Radiographs", "Stages"],
      exclude: ["Golden"], swiftSettings: swift),
    .target(
      name: "TorchTestSupport", dependencies: ["Torch"], path: "Tests/Support/TorchTestSupport",
      swiftSettings: swift),
    .testTarget(
      name: "TorchTests", dependencies: ["Torch", "TorchTestSupport"], exclude: ["Golden"],
      swiftSettings: swift),
    .testTarget(
      name: "ZooTests", dependencies: ["Catalogue", "Torch", "TorchTestSupport", "Zoo"],
      exclude: ["Golden"], swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx20
)
