import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemSetup

struct Solve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let two models solve one problem.",
    discussion: """
      The transcript shows the thinking dimmed, each model in a colour of its own, and the reason for each hand-over. \
      Without a terminal, or if NO_COLOR is set, names replace colours. In a terminal, press Return to end the thinking: \
      the answer follows at once.

      EXAMPLES
        tandem solve "Use 3, 7, 5, 2 to make 24."
        tandem solve --strategy large-only --seed 3 "Use 3, 7, 5, 2 to make 24."
        tandem solve --small qwen-1.5b.gguf --large qwen-32b.gguf \\
          --trace run.jsonl < problem.txt
        tandem solve --format json "Use 3, 7, 5, 2 to make 24." | jq .answer
      """)

  @Argument(help: "The problem. Read from standard input if it is missing or '-'.")
  var problem: String?

  @Option(help: "A system message.")
  var system: String?

  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Strategy") var strategy: StrategyOptions
  @OptionGroup(title: "How each model is used") var roles: RoleOptions
  @OptionGroup(title: "How each model is used") var rejections: RecordingOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions

  @Option(help: "text (a live transcript), json (the result) or jsonl (events as they happen).")
  var format = Format.text

  @Option(help: ArgumentHelp("Write the run's events to this file as JSON Lines.", valueName: "file"))
  var trace: String?

  @Flag(name: .shortAndLong, help: "Print only the answer.")
  var quiet = false

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, jsonl }

  func run() async throws {
    let question = try readQuestion()
    let setup = try setup
    _ = try setup.makeStrategy()
    let file = try trace.map { try TraceFile($0) }
    let recording = try rejections.recording(for: [setup.large])
    let loaded = try await setup.load(recording: recording, with: .engines(setup.options.servers))
    let transcript = LiveTranscript(.current())
    let isLive = format == .text && !quiet
    let log = EventLog()
    let handle = ThinkingHandle()
    let key = isLive && problem != nil && problem != "-" ? ReturnKey { handle.endThinking() } : nil
    defer { key?.cancel() }

    var failure: (any Error)?
    do {
      try await loaded.solver.solve(
        Problem(question: question, instructions: system?.withoutByteOrderMark), with: loaded.strategy,
        seed: setup.options.seeds?.first ?? 0, handle: handle
      ) { event in
        log.add(event)
        file?.write(event)
        if isLive { transcript.show(event.event) }
        if format == .jsonl, let line = try? Trace.line(event) { Console.write(line + "\n") }
      }
    } catch { failure = error }

    let trace = log.trace
    // An interrupted run has something to show too.
    if let outcome = trace.outcome, failure == nil || outcome.finish == .cancelled {
      if format == .json { try printJSON(Result(trace, outcome)) }
      if quiet && format == .text { Console.write((outcome.answer ?? "") + "\n") }
      if isLive { Console.write("\n" + Summary(outcome, loaded.pair).text) }
    }
    // Last, so that a trace that could not be written costs no result.
    try file?.close()
    if let failure { throw failure }
  }

  /// How the flags say to solve it.
  var setup: RunSetup {
    get throws {
      RunSetup(
        options: sampling.options.merging(over: models.options), strategy: strategy.strategy,
        settings: try strategy.layers(models.options), small: try roles.small, large: try roles.large)
    }
  }

  private func readQuestion() throws -> String {
    let question =
      if let problem, problem != "-" {
        problem.withoutByteOrderMark
      } else if problem == "-" || isatty(STDIN_FILENO) == 0 {
        FileHandle.standardInput.readDataToEndOfFile().text.trimmingCharacters(in: .whitespacesAndNewlines)
      } else {
        ""
      }
    guard question.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("There is no problem. Give it as an argument or on standard input.")
    }
    return question
  }

  /// What `--format json` prints.
  struct Result: Encodable {
    let answer: String?
    let thinking: String
    let outcome: Outcome
    let header: TraceHeader?

    init(_ trace: Trace, _ outcome: Outcome) {
      answer = outcome.answer
      thinking = trace.thoughts.filter { $0.segment == .thinking }.map(\.text).joined()
      self.outcome = outcome
      header = trace.header
    }
  }
}

/// The lines below a transcript: how it ended, and what each model did for it.
struct Summary {
  private let outcome: Outcome
  private let pair: Pair

  init(_ outcome: Outcome, _ pair: Pair) {
    self.outcome = outcome
    self.pair = pair
  }

  var text: StyledText { Self.table(outcome.usage, pair) + end }

  /// What each model did.
  static func table(_ usage: Usage, _ pair: Pair) -> StyledText {
    var table = Table(["", "thinking", "answer", "not kept", "read", "seconds"], rightAligned: [1, 2, 3, 4, 5])
    for (role, engine) in [(Role.small, pair.small), (.large, pair.large)] {
      guard let engine else { continue }
      let usage = usage[role]
      table.add([
        "\(role.rawValue)  \(engine.name)", "\(usage.thinking)", "\(usage.answer)", "\(usage.discarded)",
        "\(usage.prefilled)", usage.seconds.digits(2),
      ])
    }
    return table.text + servers(usage, pair)
  }

  /// What each server was made to do.
  private static func servers(_ usage: Usage, _ pair: Pair) -> StyledText {
    let lines = [(usage.small.server, pair.small), (usage.large.server, pair.large)].compactMap { server, model in
      server.map { server in
        "\(model?.name ?? "a server"): \(server.calls) calls, \(server.prompt) prompt tokens (\(server.cached) cached), "
          + "\(server.sampled) sampled, \(server.discarded) discarded, \(server.seconds.digits(2)) s on the wire\n"
      }
    }
    return StyledText(lines.joined(), .dim)
  }

  /// How it ended.
  var end: StyledText {
    var end = "\(outcome.finish.sentence) \(outcome.seconds.digits(2)) s."
    if let share = outcome.usage.largeShare, pair.small != nil, pair.large != nil {
      end += " The large model wrote \(share.percent(0)) of the thinking."
    }
    if outcome.finish == .stop && outcome.isTruncated { end += " You ended the thinking." }
    return StyledText(end + "\n", outcome.finish == .stop ? .dim : .error)
  }
}

extension FinishReason {
  var sentence: String {
    switch self {
    case .stop: "Done."
    case .length: "The answer was cut off at its limit (--predict)."
    case .budget: "The thinking was cut off at its budget (--reasoning-budget)."
    case .deadline: "The time limit was reached (--deadline)."
    case .cancelled: "Interrupted."
    case .toolCalls: "The model asked for a tool."
    case .error: "Failed."
    }
  }
}
