import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemSetup

/// A conversation with a pair of models, and what its commands change.
struct Conversation {
  let engines: KeptEngines
  var setup: RunSetup
  var loaded: LoadedRun
  var session: ReasoningSession
  /// The most thinking tokens; nil for what the options say.
  var thinkingTokens: Int?
  /// The costs of all answers, those of other strategies and conversations too, and the models that caused them.
  var usage = Usage()
  var models: Pair
  var answers = 0
  /// The thinking before each answer of the transcript.
  var thinking: [String] = []
  let system: String?

  /// Loads the models.
  init(_ setup: RunSetup, system: String?) async throws {
    self.setup = setup
    self.system = system
    engines = KeptEngines(.engines(setup.options.servers))
    loaded = try await setup.load(with: engines.loader)
    models = loaded.pair
    session = ReasoningSession(loaded.solver, strategy: loaded.strategy, instructions: system)
  }

  var greeting: StyledText {
    let models = [loaded.pair.small, loaded.pair.large].compactMap { $0?.name }.joined(separator: " + ")
    return StyledText("\(models), \(type(of: loaded.strategy).name). /help lists the commands; Ctrl-D ends.\n", .dim)
  }

  /// Does what a line asks for; false if that is to end the conversation.
  ///
  /// - Parameter keyboard: What can interrupt an answer, if there is a terminal.
  mutating func take(_ line: String, keyboard: Keyboard?) async throws -> Bool {
    switch try ChatInput(line) {
    case .nothing: break
    case .prompt(let prompt): try await answer(prompt, keyboard)
    case .command(.quit, _): return false
    case .command(.help, _): Console.write(ChatInput.help)
    case .command(.strategy, let words): try await setStrategy(words)
    case .command(.think, let words): try setThinking(words)
    case .command(.stats, _):
      Console.write(Summary.table(usage, models) + StyledText("\(answers) answers.\n", .dim))
    case .command(.history, _):
      for turn in await session.transcript.turns {
        Console.write(
          turn.role == .user ? StyledText("> \(turn.content)\n", .bold) : StyledText("\(turn.content)\n\n"))
      }
    case .command(.save, let words): try await save(words)
    case .command(.new, _):
      thinking = []
      session = ReasoningSession(loaded.solver, strategy: loaded.strategy, instructions: system)
    }
    return true
  }

  private mutating func answer(_ prompt: String, _ keyboard: Keyboard?) async throws {
    let seed = setup.options.seeds?.first ?? 0
    let options = ReasoningSession.Options(
      seed: answers == 0 ? seed : SplitMix64.derive(seed, UInt64(answers)), budget: budget)
    let (transcript, handle, stage) = (LiveTranscript(.current()), ThinkingHandle(), AnswerStage())
    let response = Task { [session] in
      try await session.respond(to: prompt, options: options, handle: handle) { event in
        transcript.show(event.event)
        stage.note(event.event)
      }
    }
    let result = await withTaskCancellationHandler {
      guard let keyboard else { return await response.result }
      return await keyboard.watch { key in
        switch key {
        case .control("c"): stage.interrupt(handle) { response.cancel() }
        case .control("o"): handle.handOver()
        default: return false
        }
        return true
      } during: {
        await response.result
      }
    } onCancel: {
      response.cancel()
    }
    answers += 1
    if let usage = stage.outcome?.usage { self.usage = self.usage + usage }
    if stage.isOver { throw Interrupted() }
    if case .failure(let error) = result, !(error is CancellationError) || Task.isCancelled { throw error }
    if case .success(let response) = result { thinking.append(response.reasoning) }
    if let outcome = stage.outcome { Console.write(Summary(outcome, loaded.pair).end + "\n") }
  }

  var budget: Budget? {
    thinkingTokens.map { tokens in
      var budget = loaded.solver.budget
      budget.thinkingTokens = tokens
      return budget
    }
  }
}
