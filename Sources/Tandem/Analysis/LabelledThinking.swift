public import TandemInference

/// The thinking of a recorded run as a model reads it, with the blank lines at which SEAL reads hidden states.
public struct LabelledThinking: Sendable, Hashable {
  /// The prompt and the thinking.
  public let tokens: [Token]
  /// The blank lines of the thinking, in order.
  public let blankLines: [BlankLine]

  /// A token that ends with a blank line.
  public struct BlankLine: Sendable, Hashable {
    /// Its index in `tokens`.
    public let position: Int
    /// The kind of the thought that follows.
    public let kind: ThoughtKind
  }

  /// - Parameters:
  ///   - start: The number of `tokens` of the prompt.
  ///   - bytes: The bytes of each token.
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
  /// Reads `trace` as `participant` would to continue it: the prompt by its template, each thought encoded by itself.
  ///
  /// The prompt is that of the run's problem. A strategy that asks its model something else, such as Chain of Draft,
  /// leaves no record of that.
  ///
  /// Throws `unsuitable` if the number of tokens differs clearly from what the authors sampled, since their vocabulary
  /// is then another one.
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
    // A model may spell a word with other tokens than its tokenizer would, but not most words.
    guard abs(read - sampled) <= max(8, sampled / 10) else {
      throw ReasoningError.unsuitable(
        model: participant.model.name,
        reason: "another model wrote the thinking: it has \(sampled) tokens, and in this vocabulary \(read)")
    }
    let tokenizer = participant.model.tokenizer
    self.init(tokens: try reader.read(chain), start: reader.promptCount) { tokenizer.bytes(of: $0) }
  }
}
