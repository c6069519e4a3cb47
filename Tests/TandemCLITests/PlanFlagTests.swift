import ArgumentParser
import Foundation
import Tandem
import TandemEvaluation
import TandemInference
import TandemSetup
import TandemTasks
import Testing

@testable import tandem_cli

/// A flag of `tandem evaluate` that changes the plan.
struct PlanFlag: Sendable, CustomTestStringConvertible {
  /// The flag with its default, or with the usual value of a flag that has none. The plan of the tests says otherwise.
  let arguments: [String]
  /// The flag with the value that the plan of the tests has.
  let equal: [String]
  /// Whether a plan has the value of `arguments`.
  let isIn: @Sendable (Plan) -> Bool

  init(_ arguments: [String], equal: [String], _ isIn: @escaping @Sendable (Plan) -> Bool) {
    (self.arguments, self.equal, self.isIn) = (arguments, equal, isIn)
  }

  var name: String { arguments[0].split(separator: "=").first.map(String.init) ?? "" }
  var testDescription: String { arguments.joined(separator: " ") }

  /// Flags of `ModelOptions` and `SamplingOptions`, which other commands have too.
  static let ofRuns: [Self] = [
    .init(["--preset", "nano"], equal: ["--preset", "nano"]) { $0.conditions.small == "nano-small" },
    .init(["--small", "nano-small"], equal: ["--small", "nano-large"]) { $0.conditions.small == "nano-small" },
    .init(["--large", "nano-large"], equal: ["--large", "nano-small"]) { $0.conditions.large == "nano-large" },
    .init(["--ctx-size", "512"], equal: ["--ctx-size", "300"]) { $0.conditions.contextSize == 512 },
    .init(["--no-extend-context"], equal: ["--extend-context"]) { $0.conditions.extendsContext == nil },
    .init(["--threads", "1"], equal: ["--threads", "2"]) { $0.conditions.threads == 1 },
    .init(["--gpu-layers=-1"], equal: ["--gpu-layers", "7"]) { $0.conditions.gpuLayers == -1 },
    .init(["--flash-attn", "auto"], equal: ["--flash-attn", "off"]) { $0.conditions.flashAttention == .automatic },
    .init(["--cells", "9000"], equal: ["--cells", "5000"]) { $0.conditions.cells == 9000 },
    .init(["--cache-type-k", "f16"], equal: ["--cache-type-k", "q8_0"]) { $0.conditions.cacheTypeK == nil },
    .init(["--cache-type-v", "f16"], equal: ["--cache-type-v", "f32"]) { $0.conditions.cacheTypeV == nil },
    .init(["--no-deterministic"], equal: ["--deterministic"]) { !$0.conditions.isDeterministic },
    .init(["--thinking-format", "auto"], equal: ["--thinking-format", "s1"]) { $0.conditions.thinkingFormat == nil },
    .init(["--temp", "0.6"], equal: ["--temp", "0.25"]) { $0.conditions.sampling.temperature == 0.6 },
    .init(["--top-k", "0"], equal: ["--top-k", "7"]) { $0.conditions.sampling.topK == 0 },
    .init(["--top-p", "0.95"], equal: ["--top-p", "0.5"]) { $0.conditions.sampling.topP == 0.95 },
    .init(["--min-p", "0"], equal: ["--min-p", "0.125"]) { $0.conditions.sampling.minP == 0 },
    .init(["--repeat-penalty", "1"], equal: ["--repeat-penalty", "1.5"]) {
      $0.conditions.sampling.repetitionPenalty == 1
    },
    .init(["--seed", "0"], equal: ["--seed", "4"]) { $0.seeds == [0] },
    .init(["--reasoning-budget", "400"], equal: ["--reasoning-budget", "30"]) {
      $0.conditions.budget.thinkingTokens == 400
    },
    .init(["--predict", "1024"], equal: ["--predict", "20"]) { $0.conditions.budget.answerTokens == 1024 },
    .init(["--deadline", "3600"], equal: ["--deadline", "9"]) { $0.conditions.budget.seconds == 3600 },
    .init(["--when-spent", "answer"], equal: ["--when-spent", "stop"]) { $0.conditions.budget.whenSpent == .answer },
    .init(["--landing-tokens", "0"], equal: ["--landing-tokens", "5"]) { $0.conditions.budget.landingTokens == 0 },
    .init(["--landing-text", ""], equal: ["--landing-text", "So"]) { $0.conditions.budget.landingText.isEmpty },
    .init(["--answer-prefix", ""], equal: ["--answer-prefix", "A:"]) { $0.conditions.budget.answerPrefix == "" },
  ]

  /// Flags for models that servers run, which the models of these tests are not.
  static let ofServers: Set = [
    "--small-tokenizer", "--large-tokenizer",
    "--server-key-env", "--server-key-file", "--server-ca", "--server-proxy", "--server-connect-timeout",
    "--server-read-timeout", "--server-patience", "--server-top", "--server-look-ahead", "--no-server-look-ahead",
    "--server-warm-up", "--no-server-warm-up",
  ]

  static let ofPlans: [Self] = [
    .init(["--task", "countdown-training"], equal: ["--task", "countdown"]) {
      $0.tasks.map(\.name) == ["countdown-training"]
    },
    .init(["--problems", "5"], equal: ["--problems", "3"]) { $0.tasks[0].problems == 5 },
    .init(["--prompt", "bare"], equal: ["--prompt", "effort-low"]) { $0.tasks[0].prompt == .bare },
    .init(["--extraction", "whole"], equal: ["--extraction", "boxed"]) { $0.tasks[0].extraction == .whole },
    .init(["--strategy", "small-only"], equal: ["--strategy", "random-takeover"]) {
      $0.rows.map(\.strategy) == ["small-only"]
    },
    .init(["--control", "random-takeover"], equal: []) { $0.rows.last?.matchShare == "random-takeover" },
    .init(["--set", "random-takeover.probability=0.1"], equal: ["--set", "random-takeover.probability=0.5"]) {
      $0.rows[0].settings["probability"] == .number(0.1)
    },
    .init(["--seeds", "0"], equal: ["--seeds", "4"]) { $0.seeds == [0] },
    .init(["--parallel", "4"], equal: ["--parallel", "3"]) { $0.conditions.parallel == 4 },
  ]

  /// A plan in which no flag has its default.
  static let plan = """
    tasks: [{name: countdown, problems: 3, prompt: effort-low, extraction: boxed}]
    strategies: [{strategy: random-takeover, settings: {probability: 0.5}}]
    preset: smollm2
    small: nano-large
    large: nano-small
    contextSize: 300
    extendsContext: true
    thinkingFormat: s1
    parallel: 3
    threads: 2
    gpuLayers: 7
    flashAttention: "off"
    cells: 5000
    cacheTypeK: q8_0
    cacheTypeV: f32
    deterministic: true
    sampling: {temperature: 0.25, topK: 7, topP: 0.5, minP: 0.125, repetitionPenalty: 1.5}
    limits: {thinkingTokens: 30, answerTokens: 20, seconds: 9, whenSpent: stop, landingTokens: 5, landingText: So, answerPrefix: "A:"}
    seeds: [4]
    """
}

/// The flags of a command, as ArgumentParser has them.
private func flags(of command: String) throws -> Set<String> {
  Set(try Help(of: command).command.flags).subtracting(["--help", "--version"])
}

@Suite struct `A flag of tandem evaluate` {
  private func withFiles<R>(_ body: (_ plan: String, _ run: RunFolder) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let plan = folder.appending(path: "plan.yaml")
    try Data(PlanFlag.plan.utf8).write(to: plan)
    return try await body(plan.path, RunFolder(folder.appending(path: "run")))
  }

  /// Begins a run of the tests' plan without loading a model.
  private func begin(_ plan: String, in run: RunFolder) async throws -> Plan {
    let plan = try await Evaluate.parse(["--plan", plan, "--output", run.url.path]).plan(resuming: nil).plan
    try run.create(
      RunHeader(program: "test", startedAt: 0, machine: "test", plan: plan, small: nil, large: nil, tasks: []))
    return plan
  }

  @Test(arguments: PlanFlag.ofRuns + PlanFlag.ofPlans)
  func `wins over a plan, whatever its value`(flag: PlanFlag) async throws {
    try await withFiles { plan, run in
      let without = try await Evaluate.parse(["--plan", plan, "--output", run.url.path]).plan(resuming: nil).plan
      #expect(!flag.isIn(without))
      let with = try await Evaluate.parse(["--plan", plan, "--output", run.url.path] + flag.arguments)
        .plan(resuming: nil).plan
      #expect(flag.isIn(with), "\(with)")
    }
  }

  @Test(arguments: PlanFlag.ofRuns + PlanFlag.ofPlans)
  func `that differs from a run is refused when that is resumed, by name`(flag: PlanFlag) async throws {
    try await withFiles { plan, run in
      _ = try await begin(plan, in: run)
      let command = try Evaluate.parse(["--output", run.url.path, "--resume"] + flag.arguments)
      let error = await #expect(throws: EvaluationError.self) { try await command.plan(resuming: run) }
      guard case .planDiffers(_, let differences)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      // What follows from a flag is told too: without a strategy that needs it, a run has no large model.
      let named = differences.filter { $0.hasPrefix("--") }
      #expect(!named.isEmpty && named.allSatisfy { $0.hasPrefix("\(flag.name): plan.") }, "\(differences)")
    }
  }

  @Test(arguments: (PlanFlag.ofRuns + PlanFlag.ofPlans).filter { !["--preset", "--control"].contains($0.name) })
  func `that equals a run is fine when that is resumed`(flag: PlanFlag) async throws {
    try await withFiles { plan, run in
      let begun = try await begin(plan, in: run)
      let command = try Evaluate.parse(["--output", run.url.path, "--resume"] + flag.equal)
      #expect(try await command.plan(resuming: run).plan == begun)
    }
  }

  @Test func `that names the preset or the control of a run is fine when that is resumed`() async throws {
    try await withFiles { _, run in
      let flags = [
        "--output", run.url.path, "--task", "countdown", "--problems", "2", "--preset", "nano", "--strategy",
        "speculative-thinking", "--control", "speculative-thinking", "--set", "speculative-thinking.takeoverTokens=9",
      ]
      let begun = try await Evaluate.parse(flags).plan(resuming: nil).plan
      try run.create(
        RunHeader(program: "test", startedAt: 0, machine: "test", plan: begun, small: nil, large: nil, tasks: []))
      for arguments in [
        [], ["--preset", "nano"], ["--control", "speculative-thinking"], ["--task", "countdown"],
        Array(flags.dropFirst(2)),
      ] {
        let command = try Evaluate.parse(["--output", run.url.path, "--resume"] + arguments)
        #expect(try await command.plan(resuming: run).plan == begun, "\(arguments)")
      }
      let less = try Evaluate.parse(["--output", run.url.path, "--resume", "--strategy", "speculative-thinking"])
      await #expect(throws: EvaluationError.self) { try await less.plan(resuming: run) }
    }
  }

  @Test func `has a case above, unless it is about how the run is shown`() throws {
    let shown: Set = [
      "--plan", "--output", "--resume", "--dry-run", "--tokens-per-second", "--no-traces", "--record-rejections",
      "--record-limit", "--format",
    ]
    let cases = Set((PlanFlag.ofRuns + PlanFlag.ofPlans).flatMap { [$0.name, $0.equal.first].compactMap(\.self) })
    let names = Set(cases.map { $0.split(separator: "=").first.map(String.init) ?? $0 })
    #expect(try flags(of: "evaluate").subtracting(shown) == names.union(PlanFlag.ofServers))
  }
}

@Suite struct `A flag of tandem solve` {
  /// Options below the flags, none of which has its default.
  private let below = RunOptions(
    small: "nano-large", large: "nano-small", contextSize: 300, extendsContext: true, thinkingFormat: .fixed(.s1),
    parallel: 3, threads: 2, gpuLayers: 7, flashAttention: .off, cells: 5000,
    cacheTypeK: .q8_0, cacheTypeV: .f32, isDeterministic: true,
    sampling: .init(temperature: 0.25, topK: 7, topP: 0.5, minP: 0.125, repetitionPenalty: 1.5),
    limits: .init(
      thinkingTokens: 30, answerTokens: 20, seconds: 9, whenSpent: .stop, landingTokens: 5, landingText: "So",
      answerPrefix: "A:"), seeds: [4])

  @Test(arguments: PlanFlag.ofRuns)
  func `wins over what stands below it, whatever its value`(flag: PlanFlag) async throws {
    let given = try Solve.parse(flag.arguments + ["Q"]).setup.options
    #expect(given.saidKeys.count == 1)
    let options = given.merging(over: below)
    let conditions = try await options.conditions(for: [.small, .large], loader: .engines(nil))
    let plan = Plan(tasks: [], rows: [], seeds: options.seeds ?? [], conditions: conditions)
    #expect(flag.isIn(plan), "\(conditions)")
  }

  @Test func `says nothing unless it is given`() throws {
    let setup = try Solve.parse(["Q"]).setup
    #expect(setup.options.saidKeys.isEmpty && setup.strategy == nil && setup.settings.allSatisfy(\.isEmpty))
    #expect(setup.small == RoleSettings() && setup.large == RoleSettings())
    #expect(try Calibrate.parse(["--output", "x"]).given.saidKeys.isEmpty)
  }

  private static let ofRoles: [(arguments: [String], small: RoleSettings, large: RoleSettings)] = [
    (["--small-lora", "a.gguf:0.5"], .init(lora: "a.gguf", loraScale: 0.5), .init()),
    (["--large-lora", "a.gguf"], .init(), .init(lora: "a.gguf")),
    (["--selector-lora", "a.gguf"], .init(), .init(selector: "a.gguf")),
    (["--small-control-vector", "a.gguf"], .init(controlVector: "a.gguf"), .init()),
    (["--large-control-vector", "a.gguf:-1"], .init(), .init(controlVector: "a.gguf", controlVectorScale: -1)),
    (["--small-stop-temp", "1"], .init(stopTemperature: 1), .init()),
    (["--large-stop-temp", "1"], .init(), .init(stopTemperature: 1)),
    (
      ["--stop-measure", "sign-safe", "--large-stop-temp", "1"], .init(),
      .init(stopTemperature: 1, stopMeasure: .signSafe)
    ),
    (["--small-draft", "lookup"], .init(draft: .lookup), .init()),
    (["--large-draft", "small"], .init(), .init(draft: .small)),
    (["--draft-max", "4", "--small-draft", "lookup"], .init(draft: .lookup, draftMax: 4), .init()),
    (["--small-guide", "a", "--small-guide-base", "b"], .init(guide: "a", guideBase: "b"), .init()),
    (["--small-guide-base", "b", "--small-guide", "a"], .init(guide: "a", guideBase: "b"), .init()),
    (["--large-guide", "a", "--large-guide-base", "b"], .init(), .init(guide: "a", guideBase: "b")),
    (["--large-guide-base", "b", "--large-guide", "a"], .init(), .init(guide: "a", guideBase: "b")),
    (
      ["--guide-alpha", "0.5", "--large-guide", "a", "--large-guide-base", "b"], .init(),
      .init(guide: "a", guideBase: "b", guideAlpha: 0.5)
    ),
  ]

  @Test(arguments: ofRoles)
  func `about a role is in that role's settings`(
    arguments: [String], small: RoleSettings, large: RoleSettings
  ) throws {
    let setup = try Solve.parse(arguments + ["Q"]).setup
    #expect(setup.small == small && setup.large == large)
  }

  @Test func `for a setting wins over the file, and the file over the preset`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("max_target_tokens: 30\nsegmentTokens: 99\n".utf8).write(to: file)
    func strategy(_ flags: String...) throws -> SpeculativeThinking? {
      try Solve.parse(flags + ["Q"]).setup.makeStrategy() as? SpeculativeThinking
    }
    let (preset, paper) = (try strategy(), SpeculativeThinking.paper)
    #expect(preset?.takeoverTokens == 14)
    let configured = try strategy("--config", file.path)
    #expect(configured?.takeoverTokens == 30 && configured?.segmentTokens == 99 && configured?.excessTokens == 12)
    // The flag has the default of the paper, and wins all the same.
    let flagged = try strategy("--config", file.path, "--set", "takeoverTokens=\(paper.takeoverTokens)")
    #expect(flagged?.takeoverTokens == paper.takeoverTokens && flagged?.segmentTokens == 99)
    let named = try Solve.parse(["--strategy", "small-only", "Q"]).setup.makeStrategy()
    #expect(named is SmallOnly)
  }

  @Test func `has a case above, unless it is about how the run is shown`() throws {
    let runs = Set(PlanFlag.ofRuns.flatMap { [$0.name, $0.equal[0]] }).union(PlanFlag.ofServers)
    let roles = Set(Self.ofRoles.map { $0.arguments[0] })
    let others: Set = [
      "--strategy", "--set", "--config", "--system", "--format", "--trace", "--quiet", "--record-rejections",
      "--record-limit",
    ]
    #expect(try flags(of: "solve") == runs.union(roles).union(others))
    // Commands that share the flags have them all.
    let own: Set = [
      "--strategy", "--selection", "--drafts", "--quantile", "--set", "--task", "--problems", "--parallel", "--output",
      "--format",
    ]
    #expect(try flags(of: "calibrate") == runs.union(own))
  }
}
