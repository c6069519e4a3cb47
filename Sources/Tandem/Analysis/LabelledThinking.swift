public import TandemInference

/// The thinking of a recorded run as a model reads it, with its blank lines: what SEAL takes hidden states at.
public struct LabelledThinking: Sendable, Hashable {
  /// The prompt and the thinking.
  public let tokens: [Token]
  public let blankLines: [BlankLine]

  /// A token after which the thinking stands at a blank line.
  public struct BlankLine: Sendable, Hashable {
    /// Its place in `tokens`.
    public let position: Int
    /// What the thought does that follows.
    public let kind: ThoughtKind
  }

  /// - Parameters:
  ///   - start: How many of `tokens` are the prompt.
  ///   - bytes: What each token of the thinking spells.
  init(tokens: [Token], start: Int, bytes: (Token) -> [UInt8]) {
    var ends: [(position: Int, text: Int)] = []
    var text: [UInt8] = []
    for position in tokens.indices.dropFirst(start) {
      let piece = bytes(tokens[position])
      text += piece
      if !piece.isEmpty && text.suffix(2) == [10, 10] { ends.append((position, text.count)) }
    }
    self.tokens = tokens
    blankLines = ends.indices.compactMap { index in
      let next = index + 1 < ends.count ? ends[index + 1].text : text.count
      let thought = String(decoding: text[ends[index].text..<next], as: UTF8.self)
      // Nothing follows the last one, and a second blank line follows a first.
      return thought.allSatisfy(\.isWhitespace)
        ? nil : BlankLine(position: ends[index].position, kind: ThoughtKind(of: thought))
    }
  }
}

extension LabelledThinking {
  /// Reads `trace` as `participant` does when it thinks on: the prompt by its template, each thought on its own.
  ///
  /// The prompt is that of the run's problem. A strategy that asks its model something else, such as Chain of Draft,
  /// leaves no record of that.
  ///
  /// Throws `unsuitable` where the thinking has clearly another number of tokens than its authors sampled: they have
  /// another vocabulary.
  public init(_ trace: Trace, as participant: Participant) async throws {
    guard let problem = trace.header?.problem else {
      throw ReasoningError.invalidTrace(line: 1, reason: "a trace begins with a 'started' event")
    }
    let reader = try await Reasoner.open(.small, participant, for: problem)
    await reader.session.close()  // nothing is evaluated here
    var (chain, sampled, read) = (Chain(), 0, 0)
    for thought in trace.thoughts where thought.segment == .thinking {
      chain.append(thought)
      guard thought.author != .inserted else { continue }
      sampled += thought.tokenCount
      read += try reader.encode(thought.text, thought.ending).count
    }
    // A model may spell a word otherwise than its tokenizer would, but not most of them.
    guard abs(read - sampled) <= max(8, sampled / 10) else {
      throw ReasoningError.unsuitable(
        model: participant.model.name,
        reason: "another model wrote the thinking: it took \(sampled) tokens, and this one's vocabulary needs \(read)")
    }
    let tokenizer = participant.model.tokenizer
    self.init(tokens: try reader.read(chain), start: reader.promptCount) { tokenizer.bytes(of: $0) }
  }
}
