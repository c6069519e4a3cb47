// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let ifServers = TargetDependencyCondition.when(traits: ["Servers"])

// Targets stand in the order of the drawing in docs/architecture.md: who is below may not know who is above.
let package = Package(
  name: "tandem",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Tandem", targets: ["Tandem", "TandemInference", "TandemLlama", "TandemModels", "TandemSetup"]),
    // Of its own, for programs that need no server: it brings AsyncHTTPClient.
    .library(name: "TandemRemote", targets: ["TandemRemote"]),
    .library(name: "TandemTesting", targets: ["TandemTesting"]),
    .executable(name: "tandem", targets: ["tandem-cli"]),
    .executable(name: "tandem-train", targets: ["tandem-train"]),
  ],
  traits: [
    // Without it `tandem` has no HTTP: `scripts/demo` builds it so, in little more than half the time.
    .trait(name: "Servers", description: "`tandem serve`, and models that servers run."),
    .default(enabledTraits: ["Servers"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.9.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // What any language model is: tokens in, tokens out.
    .target(name: "TandemInference", swiftSettings: settings),
    // Two models at one problem: the subject.
    .target(name: "Tandem", dependencies: ["TandemInference", "TandemSupport"], swiftSettings: settings),
    // Problems with known answers, and documents to learn from.
    .target(
      name: "TandemTasks",
      dependencies: [
        "MathEquivalence", "Tandem", "TandemInference", "TandemSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.copy("Problems")], swiftSettings: settings),
    // How a run is set up: presets, options and their merge, the pair.
    .target(
      name: "TandemSetup", dependencies: ["Tandem", "TandemInference", "TandemModels", "TandemSupport", "Yams"],
      swiftSettings: settings),
    // Many runs, recorded and compared.
    .target(
      name: "TandemEvaluation",
      dependencies: [
        "Tandem", "TandemCharts", "TandemInference", "TandemModels", "TandemSetup", "TandemSupport", "TandemTasks",
      ],
      swiftSettings: settings),
    // Length rewards and answer checks, each with its Python twin.
    .target(name: "TandemRewards", dependencies: ["TandemTasks"], swiftSettings: settings),
    // Making small models. MLX is the array library; all of its `unsafe` is in CMLX.
    .systemLibrary(name: "MLXLibrary", pkgConfig: "mlx"),
    .target(name: "CMLX", dependencies: ["MLXLibrary"]),
    .target(
      name: "TandemTraining",
      dependencies: [
        "CMLX", "Tandem", "TandemCharts", "TandemInference", "TandemRewards", "TandemSupport", "TandemTasks",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    // What is answered over HTTP.
    .target(
      name: "TandemServer",
      dependencies: [
        "Tandem", "TandemInference", "TandemRewards", "TandemSupport",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.embedInCode("Page/Web")], swiftSettings: settings),
    // Whether two answers are the same mathematics.
    .target(
      name: "MathEquivalence", dependencies: ["BigInt", .product(name: "Numerics", package: "swift-numerics")],
      swiftSettings: settings),
    // llama.cpp, the engine. All of its `unsafe` is here.
    .systemLibrary(name: "CLlama", pkgConfig: "llama"),
    .target(name: "CJinja", dependencies: ["CLlama"]),
    .target(name: "TandemLlama", dependencies: ["CLlama", "CJinja", "TandemInference"], swiftSettings: settings),
    // Models that servers run.
    .target(
      name: "TandemRemote",
      dependencies: [
        "TandemInference", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: settings),
    // Where model files come from and lie, and which pairs are known.
    .target(
      name: "TandemModels",
      dependencies: [
        "TandemSupport", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
      ],
      resources: [.copy("Nano")],
      swiftSettings: settings),
    // Plots as SVG in HTML.
    .target(name: "TandemCharts", swiftSettings: settings),
    // Durable files, JSON Lines, locks, own files, typing mistakes. A test bounds it to 350 lines.
    .target(name: "TandemSupport", swiftSettings: settings),
    // Models that follow a script; the laws of a session.
    .target(name: "TandemTesting", dependencies: ["Tandem", "TandemInference"], swiftSettings: settings),
    // What both programs share: how they start and end, and what they write to a terminal.
    .target(
      name: "TandemCommandLine",
      dependencies: [
        "Tandem", "TandemInference", "TandemLlama", "TandemModels", "TandemRewards", "TandemSetup", "TandemSupport",
        "TandemTasks", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // The command line.
    .executableTarget(
      name: "tandem-cli",
      dependencies: [
        "MathEquivalence", "Tandem", "TandemCommandLine", "TandemEvaluation", "TandemInference", "TandemLlama",
        "TandemModels", "TandemRewards", "TandemSetup", "TandemSupport", "TandemTasks",
        .byName(name: "TandemRemote", condition: ifServers), .byName(name: "TandemServer", condition: ifServers),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // `tandem train`, a program of its own: the only one that loads MLX.
    .executableTarget(
      name: "tandem-train",
      dependencies: [
        "Tandem", "TandemCommandLine", "TandemInference", "TandemLlama", "TandemModels", "TandemRewards",
        "TandemSupport", "TandemTasks", "TandemTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // Called by scripts/bench/trainer alone.
    .executableTarget(
      name: "trainer-benchmark", dependencies: ["TandemInference", "TandemTraining"],
      path: "scripts/bench/TrainerBenchmark", swiftSettings: settings),
    // Called by scripts/bench/remote alone.
    .executableTarget(
      name: "remote-benchmark",
      dependencies: [
        "Tandem", "TandemInference", "TandemLlama", "TandemRemote",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "scripts/bench/RemoteBenchmark", swiftSettings: settings),
    // Called by scripts/bench/speculation alone.
    .executableTarget(
      name: "speculation-benchmark", dependencies: ["Tandem", "TandemInference", "TandemLlama"],
      path: "scripts/bench/SpeculationBenchmark", swiftSettings: settings),
    .testTarget(
      name: "TandemInferenceTests", dependencies: ["TandemInference", "TandemTesting"], swiftSettings: settings),
    .testTarget(
      name: "MathEquivalenceTests", dependencies: ["MathEquivalence"], resources: [.copy("Kinds")],
      swiftSettings: settings),
    .testTarget(
      name: "TandemTests", dependencies: ["Tandem", "TandemTesting"], resources: [.copy("Traces")],
      swiftSettings: settings),
    .testTarget(
      name: "TandemSetupTests",
      dependencies: ["Tandem", "TandemInference", "TandemModels", "TandemSetup", "TandemTesting"],
      swiftSettings: settings),
    .testTarget(
      name: "TandemTasksTests",
      dependencies: ["MathEquivalence", "Tandem", "TandemInference", "TandemTasks"],
      swiftSettings: settings),
    .testTarget(
      name: "TandemEvaluationTests",
      dependencies: [
        "MathEquivalence", "Tandem", "TandemEvaluation", "TandemInference", "TandemModels", "TandemSetup",
        "TandemSupport", "TandemTasks", "TandemTesting",
      ],
      resources: [.copy("Runs"), .copy("Traces")], swiftSettings: settings),
    .testTarget(
      name: "TandemTrainingTests",
      dependencies: [
        "Tandem", "TandemInference", "TandemLlama", "TandemModels", "TandemRewards", "TandemSupport", "TandemTasks",
        "TandemTraining",
      ],
      resources: [.copy("Golden")], swiftSettings: settings),
    .testTarget(
      name: "TandemRewardsTests", dependencies: ["TandemRewards", "TandemSupport", "TandemTasks"],
      swiftSettings: settings),
    .testTarget(
      name: "TandemServerTests",
      dependencies: [
        "Tandem", "TandemInference", "TandemLlama", "TandemRewards", "TandemServer", "TandemTesting",
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TandemLlamaTests", dependencies: ["Tandem", "TandemLlama", "TandemModels", "TandemTesting"],
      resources: [.copy("Fixtures")], swiftSettings: settings),
    .testTarget(
      name: "TandemCLITests",
      dependencies: [
        "MathEquivalence", "Tandem", "TandemCommandLine", "TandemEvaluation", "TandemInference", "TandemSetup",
        "TandemTasks", "tandem-cli", "tandem-train",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.copy("Golden")], swiftSettings: settings),
    .testTarget(
      name: "TandemRemoteTests",
      dependencies: [
        "Tandem", "TandemInference", "TandemLlama", "TandemRemote", "TandemServer", "TandemTesting",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    // Holds the code to docs/architecture.md.
    .testTarget(name: "ArchitectureTests", swiftSettings: settings),
    .testTarget(
      name: "TandemModelsTests", dependencies: ["TandemModels", "TandemSupport"], swiftSettings: settings),
    .testTarget(name: "TandemChartsTests", dependencies: ["TandemCharts"], swiftSettings: settings),
    .testTarget(name: "TandemSupportTests", dependencies: ["TandemSupport"], swiftSettings: settings),
  ],
  cxxLanguageStandard: .cxx20
)
