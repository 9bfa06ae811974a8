// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.treatAllWarnings(as: .error)]

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
    .target(name: "Basics", dependencies: ["CBasics"], swiftSettings: swift),
    .target(
      name: "Pipeline",
      dependencies: [
        "Basics", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: swift),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: swift),
  ]
)
