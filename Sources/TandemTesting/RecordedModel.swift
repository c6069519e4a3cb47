public import Tandem
import TandemInference

/// Plays back what one model wrote in a trace, with as many tokens a thought as it had.
///
/// Models recorded from one trace share a vocabulary: the pieces of its thoughts. Run with the settings and the seed of
/// the trace, they tell its story again, unless it has choices among drafts, which nobody wrote.
public struct RecordedModel: MemoryModel {
  /// Its sessions and counters.
  public let engine: MemoryEngine

  /// What `role` wrote in `trace`.
  public init(_ trace: Trace, role: Role, options: MemoryOptions = .init()) {
    let thoughts = trace.events.compactMap(\.written)
    var words: [String] = []
    var tokens: [Int: [Int]] = [:]  // numbers of words, by thought
    for (index, thought) in thoughts.enumerated() {
      let pieces = thought.pieces
      tokens[index] = Array(words.count..<words.count + pieces.count)
      words += pieces
    }
    let tokenizer = ByteTokenizer(words: words)
    let texts = thoughts.enumerated().filter { $0.element.author == Author(role) }.map { index, thought in
      (tokens[index] ?? []).map(tokenizer.word) + thought.end.compactMap(tokenizer.token(spelled:))
    }
    let name = (role == .small ? trace.header?.small : trace.header?.large) ?? "recorded"
    engine = ScriptedModel(name: name, texts: ["": texts], tokenizer: tokenizer, options: options).engine
  }
}

extension Event {
  /// A thought that someone wrote, kept or not.
  fileprivate var written: Thought? {
    switch self {
    case .accepted(let thought), .rejected(let thought, _): thought.author == .inserted ? nil : thought
    default: nil
    }
  }
}

extension Thought {
  /// The control token that it ended with.
  fileprivate var end: [String] {
    switch ending {
    case .endOfThinking: [ReasoningMarkers.think.closing]
    case .endOfTurn: ["<|im_end|>"]
    case .boundary, .limit: []
    }
  }

  /// The text in as many pieces as there were tokens; some are empty where there are more tokens than characters.
  fileprivate var pieces: [String] {
    let count = tokenCount - end.count
    guard count > 0 else { return [] }
    // A boundary is found with the last token and not before.
    var (text, last) = (Array(text), "")
    if ending == .boundary, count > 1 {
      let start = text.indices.last { text[$0...].starts(with: "\n\n") } ?? text.endIndex
      last = String(text[start...])
      text = Array(text[..<start])
    }
    let parts = last.isEmpty ? count : count - 1
    let split = (0..<parts).map { String(text[text.count * $0 / parts..<text.count * ($0 + 1) / parts]) }
    return last.isEmpty ? split : split + [last]
  }
}
