import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The window` {
  private static let strategies = Strategies.all.map { $0.name }
  private static let budget = Budget(thinkingTokens: 400, answerTokens: 20)

  /// Settings with which a few thoughts show all that a strategy does.
  private static let settings = `Every strategy`.settings.mapValues { given in given.filter { $0.key != "draftTokens" }
  }

  private func run(
    _ name: String, window: Int, budget: Budget = budget, seed: UInt64 = 0, large: ByteTokenizer? = nil
  ) async throws -> Run {
    let options = MemoryOptions(contextSize: window, places: 16)
    let small = FunctionModel.thinker("small", wait: 2, stop: 0.02, options: options)
    let pair = Pair(
      small: small,
      large: large.map { FunctionModel.speller($0, options: options) }
        ?? .thinker("large", wait: 0.5, stop: 0.02, options: options),
      budget: budget)
    return await pair.run(try Strategies.make(name, settings: Self.settings[name] ?? [:]), seed: seed)
  }

  @Test(arguments: strategies, [512, 4096])
  func `has room for every strategy with its default settings`(name: String, window: Int) async throws {
    let options = MemoryOptions(contextSize: window, places: 16)
    let pair = Pair(
      small: FunctionModel.thinker("small", stop: 0.02, options: options),
      large: FunctionModel.thinker("large", stop: 0.02, options: options), budget: Self.budget)
    for seed in 0..<3 as Range<UInt64> {
      let run = await pair.run(try Strategies.make(name), seed: seed)
      #expect(run.error == nil)
      #expect(try run.outcome.answer?.isEmpty == false)
    }
  }

  @Test(arguments: strategies)
  func `never ends a run in its middle, however small it is`(name: String) async throws {
    var (least, fewest) = (Int?.none, Int?.none)
    for window in stride(from: 20, through: 700, by: 17) {
      let run = try await run(name, window: window, seed: UInt64(window))
      guard let error = run.error else {
        least = least ?? window
        let outcome = try run.outcome
        let thinking = try #require(outcome.thinkingBudget)
        fewest = fewest ?? thinking
        #expect(outcome.answer?.isEmpty == false, "\(window)")
        // A larger window has room for as much thinking, or more.
        #expect(thinking <= Self.budget.thinkingTokens)
        continue
      }
      // Without room for an answer, nothing is written; and no larger window lacks it.
      #expect(error as? ReasoningError != nil && "\(error)".hasPrefix("The prompt is too long"), "\(window): \(error)")
      #expect(run.trace.thoughts.isEmpty && run.deltas.isEmpty)
      #expect(least == nil)
    }
    #expect(least != nil)
    #expect(try #require(fewest) < 20)
  }

  @Test(arguments: strategies)
  func `has room for what another vocabulary makes of a thought`(name: String) async throws {
    // The large model spells what the small one writes in words.
    let bytes = ByteTokenizer(isReversed: true)
    for window in stride(from: 60, through: 500, by: 61) {
      let run = try await run(name, window: window, seed: UInt64(window), large: bytes)
      guard let error = run.error else { continue }
      #expect("\(error)".hasPrefix("The prompt is too long"), "\(window): \(error)")
      #expect(run.trace.thoughts.isEmpty)
    }
  }

  @Test func `shrinks the thinking, and the outcome tells by how much`() async throws {
    let long = String(repeating: "a", count: 200)
    let small = ScriptedModel(long, long, options: .init(contextSize: 100))
    let run = await Pair(small: small, budget: Budget(thinkingTokens: 90, answerTokens: 10)).run(SmallOnly())
    // Prompt 5, closing 3, answer 10, and 3 tokens to complete a character of thinking and answer each.
    #expect(try run.outcome.thinkingBudget == 76)
    #expect(run.trace.thoughts.map(\.tokenCount) == [76, 3, 2, 8])
    #expect(try run.outcome.isTruncated)
  }

  @Test func `is too small if an answer does not fit, which is said before anything is evaluated`() async throws {
    let small = ScriptedModel("A", options: .init(contextSize: 100))
    let run = await Pair(small: small, budget: Budget(thinkingTokens: 1, answerTokens: 93)).run(SmallOnly())
    #expect(run.error as? ReasoningError == .noRoom(model: "scripted", prompt: 8, answer: 93, window: 100))
    #expect(run.trace.description.hasPrefix("= error\n! context-full: The prompt is too long: it has 8 tokens"))
    #expect(small.counters == EngineCounters())
    #expect(small.openSessions == 0)
  }

  @Test(arguments: strategies)
  func `is not needed for thinking if none is asked for`(name: String) async throws {
    let run = try await run(name, window: 4096, budget: Budget(thinkingTokens: 0, answerTokens: 20))
    #expect(run.error == nil)
    let outcome = try run.outcome
    #expect(outcome.finish == .stop || outcome.finish == .length)
    #expect(!outcome.isTruncated && outcome.answer?.isEmpty == false)
    #expect(run.trace.thoughts.filter { $0.segment == .thinking && $0.author != .inserted }.isEmpty)
  }
}

extension FunctionModel {
  /// Spells the same words at random, byte by byte.
  fileprivate static func speller(_ tokenizer: ByteTokenizer, options: MemoryOptions) -> Self {
    let texts = ["so ", "wait ", "\n\n", "</think>", "six", "<|im_end|>", "7"]
    return Self(name: "large", tokenizer: tokenizer, options: options) { tokens in
      var logits = [Float](repeating: -30, count: tokenizer.vocabulary.size)
      let count = tokens.count
      let text = try tokenizer.encode(texts[(count / 5) % texts.count], control: .recognised)
      logits[Int(text[count % text.count].rawValue)] = 0
      logits[Int(try tokenizer.encode("7", control: .asText)[0].rawValue)] = -1
      return logits
    }
  }
}
