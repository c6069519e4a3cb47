import TandemInference

/// One model at work on the chain: turns messages into tokens, and tokens back into thoughts.
struct Reasoner: Sendable {
  let role: Role
  let format: ReasoningFormat
  private(set) var session: any Session
  let model: any LanguageModel
  /// The adapter for choosing among drafts.
  let selector: Adapter?
  /// How it writes from now on.
  var options: WritingOptions
  let variables: [String: TemplateVariable]
  /// What its answers must look like, and where they end.
  let rules: AnswerRules
  private var prompt: [Token]
  /// The tokens of the delimiter that ends its thinking; empty if it has none.
  let closing: [Token]
  /// The tokens that end its thinking: the first of the delimiter, or those that end a turn if there is no delimiter.
  private let stopTokens: [Token]
  /// What a reader must not see.
  let delimiters: Delimiters

  /// The result of one `write`.
  struct Written {
    var passage: Passage
    /// The tokens that the session holds afterwards.
    var held: [Token]
    /// The tokens that were evaluated before writing began, by their origin.
    var evaluated = RoleUsage()
  }

  /// Opens a session and renders the prompt, thinking opened.
  static func open(
    _ role: Role, _ participant: Participant, for problem: Problem, answering rules: AnswerRules = .init()
  ) async throws -> Reasoner {
    let model = participant.model
    let parts = try model.template.prompt(
      for: problem.messages, tools: problem.tools, variables: participant.templateVariables)
    let prompt = try model.tokenizer.encode(participant.format.primed(parts))
    let closing = try participant.format.closing.map { try model.tokenizer.encode($0, control: .recognised) } ?? []
    return Reasoner(
      role: role, format: participant.format, session: try await participant.makeSession(), model: model,
      selector: participant.selector ?? participant.adapter,
      options: WritingOptions(sampling: participant.sampling, stopTemperature: participant.stopTemperature),
      variables: participant.templateVariables, rules: rules, prompt: prompt, closing: closing,
      stopTokens: closing.isEmpty ? model.tokenizer.endTokens : [closing[0]],
      delimiters: try Delimiters(of: participant.format, in: model.tokenizer))
  }

  /// A character has at most this many bytes after the first, and each may be a token.
  static let completionTokens = 3

  var promptCount: Int { prompt.count }
  var vocabulary: UInt64 { model.tokenizer.vocabulary.fingerprint }

  /// The same with another prompt; its session is extended to it when it writes.
  func posed(_ problem: Problem) throws -> Self {
    var copy = self
    let parts = try model.template.prompt(for: problem.messages, tools: problem.tools, variables: variables)
    copy.prompt = try model.tokenizer.encode(format.primed(parts))
    return copy
  }

  /// The same with another session.
  func with(_ session: any Session) -> Self {
    var copy = self
    copy.session = session
    return copy
  }

  /// Continues `chain`, up to `stop` and at most `limit` tokens.
  func write(
    after chain: Chain, upTo stop: Stop, limit: Int, seed: UInt64, held: [Token], until handle: ThinkingHandle,
    readers: [ForeignReader] = [], text: (String, Segment) -> Void
  ) async throws -> Written {
    var written = Written(passage: Passage([]), held: held)
    var (chain, thoughts, left) = (chain, [Thought](), min(limit, stop.tokens ?? .max))
    repeat {
      let tokens = try read(chain)
      classify(tokens.count - written.held.commonPrefixCount(with: tokens), of: chain, into: &written.evaluated)
      let room = model.contextSize - tokens.count
      guard room > 0 else { throw EngineError.contextFull(needed: tokens.count + 1, capacity: model.contextSize) }
      let seed = SplitMix64.derive(seed, UInt64(thoughts.count))
      let thought = try await write(
        chain, after: tokens, upTo: stop, limit: min(left, room), seed: seed, until: handle, readers: readers,
        text: text)
      written.held = tokens + (thought.tokens[vocabulary] ?? [])
      thoughts.append(thought)
      chain.append(thought)
      left -= thought.tokenCount
      if thought.ending == .endOfThinking, let answer = stop.answerTokens { left = answer }
    } while stop.crossesIntoAnswer && chain.thoughts.last?.ending == .endOfThinking && left > 0
    written.passage = Passage(thoughts)
    return written
  }

  private func write(
    _ chain: Chain, after prefix: [Token], upTo stop: Stop, limit: Int, seed: UInt64, until handle: ThinkingHandle,
    readers: [ForeignReader], text emit: (String, Segment) -> Void
  ) async throws -> Thought {
    let segment = chain.segment
    try await enter(segment)
    var stops: [StopCondition] = (stop.atBoundary ? ["\n\n"] : []).map { .text($0) } + stop.texts.map { .text($0) }
    if let bound = stop.entropy { stops.append(.entropy(bound)) }
    if segment == .thinking, let first = closing.first {
      let spelled = delimiters.closing.map(StopCondition.text)
      stops.append(spelled ?? (closing.count == 1 ? .token(first) : .tokens(closing)))
    }
    let isThinking = segment == .thinking
    var request = GenerationRequest(
      after: prefix, sampling: options.sampling, seed: seed,
      processors: isThinking ? [options.stopTemperature.processor(for: stopTokens)].compactMap(\.self) : [],
      stops: stops, limit: limit, watched: isThinking ? stopTokens.first : nil)
    // A model that does not mark its thinking answers in it.
    let isAnswer = !isThinking || format.closing == nil
    if isAnswer { rule(&request, after: chain) }
    var answer = isAnswer && !rules.stops.isEmpty ? AnswerText(rules.stops, after: chain) : nil
    request.completionLimit = min(Self.completionTokens, model.contextSize - prefix.count - limit)
    var meter = StopMeter(isAtBlankLine: chain.thoughts.last?.ending == .boundary)
    var (tokens, text, reason) = ([Token](), "", StopReason?.none)
    var visible = VisibleText(model.tokenizer, without: delimiters, in: segment)
    var (readings, completing, readers) = ([TokenReading](), 0, segment == .thinking ? readers : [])
    for try await sampled in session.generate(request) {
      if try !tokens.isEmpty && readers.areFull(by: text, and: sampled.token, of: visible) { break }
      readings.append(TokenReading(sampled, withChoice: isAnswer && rules.alternatives != nil))
      reason = sampled.stop
      meter.read(sampled)
      if reason == .endOfGeneration { break }
      tokens.append(sampled.token)
      if closing.count == 1, sampled.token == closing[0], segment == .thinking { break }
      meter.note(model.tokenizer.bytes(of: sampled.token))
      var piece = visible.append(sampled.token)
      piece = answer?.append(piece) ?? piece
      text += piece
      if !piece.isEmpty { emit(piece, segment) }
      if isThinking && !piece.isEmpty && handle.isEnding {
        if !visible.isOpen || completing == Self.completionTokens { break }
        completing += 1
      }
      if answer?.found != nil { break }
    }
    try Task.checkCancellation()
    var ending = answer?.found == nil ? ending(reason) : .endOfTurn
    var rest = visible.finish(at: ending)
    rest = answer?.append(rest) ?? rest
    if let answer, answer.found != nil { ending = .endOfTurn }
    let isOver = ending == .endOfTurn && answer?.found == nil
    if isOver, let answer { rest += answer.unread }
    text += rest
    if !rest.isEmpty { emit(rest, segment) }
    var thought = Thought(
      text: text, author: Author(role), segment: segment, ending: ending, tokenCount: readings.count,
      stops: meter.readings, readings: readings, tokens: [vocabulary: tokens])
    if let answer {
      (thought.stop, thought.unread, thought.carried) = (answer.found, isOver ? "" : answer.unread, chain.held)
    }
    return thought
  }

  /// Makes a request for the answer after `chain`, or a part of it, follow the rules.
  private func rule(_ request: inout GenerationRequest, after chain: Chain) {
    request.alternatives = rules.alternatives ?? 0
    guard let grammar = rules.grammar else { return }
    request.grammar = grammar
    // What was inserted is not the model's, and may be anything.
    let written = chain.thoughts.filter { $0.segment == chain.segment && $0.role != nil }
    request.grammarPrefix = written.flatMap { $0.tokens[vocabulary] ?? [] }
  }

  private func ending(_ reason: StopReason?) -> Thought.Ending {
    switch reason {
    case .endOfGeneration: .endOfTurn
    case .token, .tokens: .endOfThinking
    case .text(let found): found == format.closing ? .endOfThinking : found == "\n\n" ? .boundary : .limit
    case .limit, .entropy, nil: .limit
    }
  }

  // MARK: - The other model's thoughts

  /// The tokens of a thought in this model's vocabulary.
  ///
  /// Each thought is encoded by itself, so that accepting one never changes the tokens before it, and the cache is
  /// always a prefix of what it should hold.
  func encode(_ text: String, _ ending: Thought.Ending) throws -> [Token] {
    try model.tokenizer.encode(text, control: .asText) + (ending == .endOfThinking ? closing : [])
  }

  /// `thought` with its tokens in this model's vocabulary.
  func reading(_ thought: Thought) throws -> Thought {
    guard thought.tokens[vocabulary] == nil else { return thought }
    var read = thought
    read.tokens[vocabulary] = try encode(thought.text, thought.ending)
    return read
  }

  /// The prompt and the chain in this model's vocabulary.
  func read(_ chain: Chain) throws -> [Token] {
    var tokens = prompt
    for thought in chain.thoughts { tokens += try thought.tokens[vocabulary] ?? encode(thought.text, thought.ending) }
    return tokens
  }

  /// Adds the last `count` tokens of prompt and chain to `usage`, by their origin.
  func classify(_ count: Int, of chain: Chain, into usage: inout RoleUsage) {
    var left = count
    for thought in chain.thoughts.reversed() {
      let part = min(left, thought.tokens[vocabulary]?.count ?? 0)
      left -= part
      switch thought.author {
      case .inserted: usage.inserted += part
      case Author(role): usage.reevaluated += part
      case .small, .large: usage.handedOver += part
      }
    }
    usage.prompt += left
  }
}
