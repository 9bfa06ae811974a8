// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "cxr-pipeline",
  targets: [
    .target(
      name: "CBasics",
      linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("z")]),
    .target(name: "Basics", dependencies: ["CBasics"], swiftSettings: swift),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: swift),
  ]
)
