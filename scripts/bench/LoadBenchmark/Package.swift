// swift-tools-version: 6.2
import PackageDescription

// Only what loads a model, so that it compiles in two minutes. scripts/bench/load puts links to the sources beside it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
let package = Package(
  name: "tandem", platforms: [.macOS(.v15)],
  targets: [
    .target(name: "TandemInference", swiftSettings: settings),
    .systemLibrary(name: "CLlama", pkgConfig: "llama"),
    .target(name: "CJinja", dependencies: ["CLlama"]),
    .target(name: "TandemLlama", dependencies: ["CLlama", "CJinja", "TandemInference"], swiftSettings: settings),
    .executableTarget(
      name: "load-benchmark", dependencies: ["TandemInference", "TandemLlama"], path: "Sources/Load",
      swiftSettings: settings),
  ],
  cxxLanguageStandard: .cxx20
)
