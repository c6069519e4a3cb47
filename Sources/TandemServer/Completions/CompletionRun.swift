import Tandem
import TandemInference

/// One continuation of one prompt.
struct CompletionRun {
  let request: CompletionRequest
  let participant: Participant
  let prompt: [Token]
  let seed: UInt64

  /// A piece of the response: some tokens with their text.
  struct Piece {
    var text = ""
    var tokens: [Token] = []
    var logprobs: LogProbabilities?
    /// How many tokens the model wrote for it, the end of its text too.
    var written = 0
    /// Set in the last one.
    var finish: String?

    /// Whether there is anything in it to show.
    var isShown: Bool { !text.isEmpty || !tokens.isEmpty || finish != nil }
  }

  private var model: any LanguageModel { participant.model }

  /// Writes it, and gives each piece to `emit`.
  func write(_ emit: (Piece) throws -> Void) async throws {
    guard !prompt.isEmpty else { throw ServerError.invalid("'prompt' must have at least one token.", "prompt") }
    let size = model.tokenizer.vocabulary.size
    guard prompt.allSatisfy({ (0..<size).contains(Int($0.rawValue)) }) else {
      throw ServerError.invalid("'prompt' has a token that there is not: ids are below \(size).", "prompt")
    }
    guard prompt.count + min(request.maxTokens, 1) <= model.contextSize else {
      throw ServerError.tooLong(needed: prompt.count, capacity: model.contextSize)
    }
    let session = try await model.makeSession(adapter: participant.adapter)
    do {
      try await write(in: session, emit)
      await session.close()
    } catch {
      await session.close()
      throw error
    }
  }

  private func write(in session: any Session, _ emit: (Piece) throws -> Void) async throws {
    var (detokenizer, offset) = (Detokenizer(model.tokenizer), 0)
    if request.echoes {
      var piece = Piece(tokens: prompt)
      if let alternatives = request.logProbabilities {
        let read = try await ForcedText(tokens: prompt).read(in: session, of: model, alternatives: alternatives)
        piece.logprobs = LogProbabilities()
        piece.logprobs?.add(prompt[0], nil, model.tokenizer, &offset)
        for sampled in read { piece.logprobs?.add(sampled.token, sampled, model.tokenizer, &offset) }
      }
      for token in prompt { piece.text += detokenizer.append(token) }
      try emit(piece)
    }
    let limit = min(request.maxTokens, model.contextSize - prompt.count)
    guard limit > 0 else {
      try emit(Piece(text: detokenizer.finish(), finish: "length"))
      return
    }
    var generation = GenerationRequest(
      after: prompt, sampling: participant.sampling, seed: seed, limit: limit,
      alternatives: request.logProbabilities ?? 0)
    generation.completionLimit = min(3, model.contextSize - prompt.count - limit)
    var (answer, finish) = (AnswerText(request.stops), "length")
    for try await sampled in session.generate(generation) {
      var piece = Piece(written: 1)
      if sampled.stop == .endOfGeneration {
        finish = "stop"
      } else {
        piece.tokens = [sampled.token]
        piece.text = answer.append(detokenizer.append(sampled.token))
      }
      // What ends the text is no part of it.
      if request.logProbabilities != nil, sampled.stop != .endOfGeneration, answer.found == nil {
        var logprobs = LogProbabilities()
        logprobs.add(sampled.token, sampled, model.tokenizer, &offset)
        piece.logprobs = logprobs
      }
      try emit(piece)
      if answer.found != nil { break }
    }
    try Task.checkCancellation()
    let rest = answer.append(detokenizer.finish())
    let isCut = answer.found != nil
    try emit(Piece(text: isCut ? rest : rest + answer.unread, finish: isCut ? "stop" : finish))
  }
}

extension LogProbabilities {
  /// Adds a token, with what the model made of it.
  fileprivate mutating func add(
    _ token: Token, _ sampled: SampledToken?, _ tokenizer: any Tokenizer, _ offset: inout Int
  ) {
    func text(_ token: Token) -> String { String(decoding: tokenizer.bytes(of: token), as: UTF8.self) }
    let own = text(token)
    tokens.append(own)
    tokenLogprobs.append(sampled?.logProbability.exact)
    topLogprobs.append(
      sampled.map { sampled in
        Dictionary(sampled.alternatives.map { (text($0.token), $0.logProbability) }) { first, _ in first }
      })
    textOffset.append(offset)
    offset += own.unicodeScalars.count
  }

  /// Adds those of another piece.
  mutating func append(_ other: Self) {
    tokens += other.tokens
    tokenLogprobs += other.tokenLogprobs
    topLogprobs += other.topLogprobs
    textOffset += other.textOffset
  }
}
