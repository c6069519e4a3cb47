import TandemInference

/// One model at work on the chain: turns messages into tokens, and tokens back into thoughts.
struct Reasoner: Sendable {
  let role: Role
  let format: ReasoningFormat
  private(set) var session: any Session
  /// What was taken over from an earlier run; nil if the session was opened for this one.
  let resumed: RunPlaces.Resumed?
  let model: any LanguageModel
  /// The adapter for choosing among drafts.
  let selector: Adapter?
  /// How it writes from now on.
  var options: WritingOptions
  /// What it may not write in its thinking; nil if that is free.
  var banned: BannedWords?
  let variables: [String: TemplateVariable]
  /// What its answers must look like, and where they end.
  let rules: AnswerRules
  private var prompt: [Token]
  /// The text with which its answer has to begin; empty if there is none.
  private(set) var beginning: String
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

  /// Renders the prompt, thinking opened, and opens a session, or takes over an idle one that sits in `places`.
  static func open(
    _ role: Role, _ participant: Participant, for problem: Problem, answering rules: AnswerRules = .init(),
    in places: RunPlaces? = nil
  ) async throws -> Reasoner {
    let model = participant.model
    let parts = try model.template.prompt(
      for: problem.promptMessages, tools: problem.tools, variables: participant.templateVariables)
    let prompt = try model.tokenizer.encode(participant.format.primed(parts))
    let closing = try participant.format.closing.map { try model.tokenizer.encode($0, control: .recognised) } ?? []
    let delimiters = try Delimiters(
      of: participant.format, in: model.tokenizer, showing: participant.shownControls)
    let resumed = await places?.resume(role, participant, prompt: prompt)
    let session: any Session = if let resumed { resumed.session } else { try await participant.makeSession() }
    return Reasoner(
      role: role, format: participant.format, session: session, resumed: resumed, model: model,
      selector: participant.selector ?? participant.adapter,
      options: WritingOptions(sampling: participant.sampling, stopTemperature: participant.stopTemperature),
      variables: participant.templateVariables, rules: rules, prompt: prompt, beginning: problem.answerBeginning,
      closing: closing,
      stopTokens: closing.isEmpty ? model.tokenizer.endTokens : [closing[0]],
      delimiters: delimiters)
  }

  /// A character has at most this many bytes after the first, and each may be a token.
  static let completionTokens = 3

  var promptCount: Int { prompt.count }
  /// How many tokens of the prompt are at the beginning of `held`.
  func cachedPromptCount(held: [Token]) -> Int { held.commonPrefixCount(with: prompt) }
  var vocabulary: UInt64 { model.tokenizer.vocabulary.fingerprint }

  /// The same with another prompt; its session is extended to it when it writes.
  func posed(_ problem: Problem) throws -> Self {
    var copy = self
    let parts = try model.template.prompt(for: problem.promptMessages, tools: problem.tools, variables: variables)
    copy.prompt = try model.tokenizer.encode(format.primed(parts))
    copy.beginning = problem.answerBeginning
    return copy
  }

  /// The same with another session.
  func with(_ session: any Session) -> Self {
    var copy = self
    copy.session = session
    return copy
  }

  /// Continues `chain`, up to `stop` and at most `limit` tokens.
  ///
  /// - Parameters:
  ///   - later: The seeds of the thoughts after the first, if it may write several.
  ///   - text: Is given each piece of text, and whether the strategy may still cut it off.
  func write(
    after chain: Chain, upTo stop: Stop, limit: Int, seed: UInt64, later: [UInt64] = [], held: [Token],
    until handle: ThinkingHandle, readers: [ForeignReader] = [], isWhole: Bool = false,
    text: (_ text: String, _ segment: Segment, _ isHeld: Bool) -> Void
  ) async throws -> Written {
    var written = Written(passage: Passage([]), held: held)
    var (chain, thoughts, readers) = (chain, [Thought](), readers)
    var left = stop.boundaries > 1 ? limit : min(limit, stop.tokens ?? .max)
    repeat {
      var tokens = try read(chain)
      classify(tokens.count - written.held.commonPrefixCount(with: tokens), of: chain, into: &written.evaluated)
      let room = model.contextSize - tokens.count
      guard room > 0 else { throw EngineError.contextFull(needed: tokens.count + 1, capacity: model.contextSize) }
      let count = thoughts.count
      let seed =
        count > 0 && count <= later.count
        ? SplitMix64.derive(later[count - 1], 0) : SplitMix64.derive(seed, UInt64(count))
      let (thought, sampled) = try await write(
        chain, after: tokens, upTo: stop, limit: min(left, room, stop.tokens ?? .max), seed: seed, until: handle,
        readers: readers,
        isWhole: isWhole, text: text)
      tokens += sampled
      written.held = tokens
      thoughts.append(thought)
      left -= thought.tokenCount
      if thought.ending == .boundary, thoughts.count < stop.boundaries {
        chain.append(thought)
        readers = try readers.map { try $0.reading(thought.text) }
        continue
      }
      if thought.ending == .endOfThinking, let answer = stop.answerTokens { left = answer }
      guard stop.crossesIntoAnswer && thought.ending == .endOfThinking else { break }
      chain.append(thought)
      if let opening = try opening() {
        text(opening.text, .answer, false)
        thoughts.append(opening)
        chain.append(opening)
      }
    } while left > 0
    written.passage = Passage(thoughts)
    return written
  }

  /// The thought, and the tokens that the session holds of it.
  private func write(
    _ chain: Chain, after prefix: [Token], upTo stop: Stop, limit: Int, seed: UInt64, until handle: ThinkingHandle,
    readers: [ForeignReader], isWhole: Bool, text emit: (_ text: String, _ segment: Segment, _ isHeld: Bool) -> Void
  ) async throws -> (Thought, sampled: [Token]) {
    let segment = chain.segment
    try await enter(segment)
    var stops: [StopCondition] = (stop.atBoundary ? ["\n\n"] : []).map { .text($0) } + stop.texts.map { .text($0) }
    if let bound = stop.entropy { stops.append(.entropy(bound)) }
    if segment == .thinking, let first = closing.first {
      let spelled = delimiters.closing.map(StopCondition.text)
      stops.append(spelled ?? (closing.count == 1 ? .token(first) : .tokens(closing)))
    }
    let isThinking = segment == .thinking
    let ban: (any LogitProcessor)? = banned?.processor(after: prefix.count)
    var request = GenerationRequest(
      after: prefix, sampling: options.sampling, seed: seed,
      processors: isThinking ? [options.stopTemperature.processor(for: stopTokens), ban].compactMap(\.self) : [],
      stops: stops, limit: limit, watched: isThinking ? stopTokens.first : nil)
    // A model that does not mark its thinking answers in it.
    let isAnswer = !isThinking || format.closing == nil
    if isAnswer { rule(&request, after: chain) }
    var answer = isAnswer && !rules.stops.isEmpty ? AnswerText(rules.stops, after: chain) : nil
    request.completionLimit = min(Self.completionTokens, model.contextSize - prefix.count - limit)
    var meter = StopMeter(isAtBlankLine: chain.thoughts.last?.ending == .boundary)
    var (tokens, text, reason) = ([Token](), "", StopReason?.none)
    var visible = VisibleText(model.tokenizer, without: delimiters, in: segment, after: cutDelimiter(of: chain))
    let resumesDelimiter = visible.mayBeginDelimiter
    var (held, readings, completing) = (HeldText(for: stop), [TokenReading](), 0)
    var readers = segment == .thinking ? readers : []
    for try await sampled in session.generate(request) {
      if try !tokens.isEmpty && readers.areFull(by: text, and: sampled.token, of: visible) { break }
      readings.append(TokenReading(sampled, withChoice: isAnswer && rules.alternatives != nil))
      reason = sampled.stop
      meter.read(sampled)
      if reason == .endOfGeneration { break }
      tokens.append(sampled.token)
      if closing.count == 1, sampled.token == closing[0], segment == .thinking { break }
      let bytes = model.tokenizer.bytes(of: sampled.token)
      meter.note(bytes)
      var piece = visible.append(sampled.token)
      piece = answer?.append(piece) ?? piece
      text += piece
      let certain = held.append(piece, bytes, isWhole: !visible.isOpen && reason == nil)
      if !certain.isEmpty { emit(certain, segment, false) }
      if resumesDelimiter && visible.isOver { break }  // the engine saw only the end of it
      if !piece.isEmpty && handle.interrupts(segment) {
        if !visible.isOpen || completing == Self.completionTokens { break }
        completing += 1
      }
      if answer?.found != nil { break }
    }
    try Task.checkCancellation()
    let sampled = tokens
    var ending = resumesDelimiter && visible.isOver ? .endOfThinking : self.ending(reason)
    if answer?.found != nil { ending = .endOfTurn }
    let isLast = readings.count >= limit && limit < (stop.tokens ?? .max)
    if ending == .limit && (isLast || handle.interrupts(segment)) {
      try visible.dropCutDelimiter(from: &tokens, of: model.tokenizer)
    }
    var rest = visible.finish(at: ending)
    rest = answer?.append(rest) ?? rest
    if answer?.found != nil { ending = .endOfTurn }
    let isDecided = (isWhole || ending == .endOfTurn) && answer?.found == nil
    if isDecided, let answer { rest += answer.unread }
    text += rest
    let uncertain = held.rest
    if !uncertain.isEmpty { emit(uncertain, segment, true) }
    if !rest.isEmpty { emit(rest, segment, stop.mayDropItsEnd) }
    var thought = Thought(
      text: text, author: Author(role), segment: segment, ending: ending, tokenCount: readings.count,
      stops: meter.readings, readings: readings, tokens: [vocabulary: tokens])
    if let answer {
      thought.stop = answer.found
      thought.unread = isDecided ? "" : answer.unread
      thought.carried = chain.held
    }
    return (thought, sampled)
  }

  /// Makes a request for the answer after `chain`, or a part of it, follow the rules.
  private func rule(_ request: inout GenerationRequest, after chain: Chain) {
    request.alternatives = rules.alternatives ?? 0
    guard let grammar = rules.grammar else { return }
    request.grammar = grammar
    // Of what was inserted only the beginning that the problem asks for is part of the text; the rest may be anything.
    let beginning = (try? model.tokenizer.encode(beginning, control: .asText)) ?? []
    let written = chain.thoughts.filter { $0.segment == chain.segment && $0.role != nil }
    request.grammarPrefix = beginning + written.flatMap { $0.tokens[vocabulary] ?? [] }
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
    if let tokens = chain.tokens(in: vocabulary) { return prompt + tokens }
    var tokens = prompt
    for thought in chain.thoughts { tokens += try thought.tokens[vocabulary] ?? encode(thought.text, thought.ending) }
    return tokens
  }

  /// Adds the last `count` tokens of prompt and chain to `usage`, by their origin.
  func classify(_ count: Int, of chain: Chain, into usage: inout RoleUsage) {
    var left = count
    for thought in chain.thoughts.reversed() {
      if left == 0 { return }
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
