import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemSetup
import TandemSupport

/// What the commands of a conversation do.
extension Conversation {
  mutating func setStrategy(_ words: [String]) async throws {
    guard let name = words.first else {
      let settings = Strategies.settings(of: loaded.strategy).sorted { $0.key < $1.key }
      let shown = settings.map { "  \($0.key)=\($0.value)\n" }.joined()
      return Console.write("\(type(of: loaded.strategy).name)\n\(shown)")
    }
    var changed = setup
    changed.strategy = name
    changed.settings = [try StrategyOptions.settings(Array(words.dropFirst()))]
    let next = try await changed.load(with: engines.loader)
    (setup, loaded) = (changed, next)
    models = Pair(small: next.pair.small ?? models.small, large: next.pair.large ?? models.large)
    session = ReasoningSession(next.solver, strategy: next.strategy, transcript: await session.transcript)
    Console.write(StyledText("\(type(of: next.strategy).about.summary)\n", .dim))
  }

  mutating func setThinking(_ words: [String]) throws {
    switch words {
    case []: break
    case ["on"]: thinkingTokens = nil
    case ["off"]: thinkingTokens = 0
    default:
      guard words.count == 1, let count = Int(words[0]), count >= 0 else {
        throw ChatError.wrongUse(command: .think, usage: "a number of tokens, off or on")
      }
      var budget = loaded.solver.budget
      budget.thinkingTokens = count
      try budget.validate()
      thinkingTokens = count
    }
    let count = thinkingTokens ?? loaded.solver.budget.thinkingTokens
    Console.write(StyledText(count == 0 ? "No thinking.\n" : "At most \(count) thinking tokens.\n", .dim))
  }

  func save(_ words: [String]) async throws {
    guard words.count == 1, let path = words.first else {
      throw ChatError.wrongUse(command: .save, usage: "the path of a file")
    }
    let transcript = await session.transcript
    var (messages, thoughts) = (transcript.instructions.map { [Message(.system, $0)] } ?? [], thinking[...])
    for var turn in transcript.turns {
      if turn.role == .assistant { turn.reasoning = turn.reasoning ?? thoughts.popFirst() }
      messages.append(turn)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(encoder.encode(["messages": messages]) + Data("\n".utf8), to: path)
    Console.write(StyledText("\(messages.count) messages in \(path).\n", .dim))
  }
}
