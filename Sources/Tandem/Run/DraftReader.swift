import TandemInference

/// Reads drafts with the model that chooses among them, each as soon as it may, while others are still being written.
///
/// What it reads in one go does not depend on what is finished when, so neither do the last bits of its numbers.
protocol DraftReader: Sendable {
  /// Takes note of a draft that is finished.
  mutating func add(_ draft: Passage, at index: Int)
  /// Reads one draft more; false if there is none to read.
  mutating func readNext() async throws -> Bool
}

/// Reads nothing.
struct NoReader: DraftReader {
  func add(_ draft: Passage, at index: Int) {}
  func readNext() -> Bool { false }
}

/// Scores drafts by their likelihood, and keeps what it has read of the best one so far.
///
/// Two sessions take turns: one holds the best draft, the other reads the next one.
struct LikelihoodReader: DraftReader {
  /// The session of the run, and a fork if there are several drafts and forks share their cache.
  private(set) var sessions: [Reasoner]
  /// The chain, after which each draft is read.
  let base: [Token]
  let segment: Segment
  /// What the run's session had evaluated before.
  let before: Int
  private let count: Int
  private let score: @Sendable ([Float]) -> Double
  private var waiting: [(index: Int, draft: Passage)] = []
  private var isReady = false
  /// By draft.
  private(set) var scores: [Int: Double] = [:]
  /// The best draft so far, its tokens, and the session that holds them.
  private(set) var best: (index: Int, tokens: [Token], holder: Int)?

  init(
    _ reasoner: Reasoner, after chain: Chain, of count: Int, before: Int,
    by score: @escaping @Sendable ([Float]) -> Double
  ) throws {
    sessions = [reasoner]
    base = try reasoner.read(chain)
    segment = chain.segment
    self.before = before
    self.count = count
    self.score = score
  }

  mutating func add(_ draft: Passage, at index: Int) { waiting.append((index, draft)) }

  mutating func readNext() async throws -> Bool {
    if !isReady { try await prepare() }
    guard !waiting.isEmpty else { return false }
    let (index, draft) = waiting.removeFirst()
    let place = sessions.count > 1 && best?.holder == 0 ? 1 : 0
    let reader = sessions[place]
    let tokens = try draft.thinking.thoughts.first.flatMap { try reader.reading($0).tokens[reader.vocabulary] } ?? []
    try await reader.session.extend(to: base)
    // A single session has to let go of each draft before it reads the next one.
    let keeps = sessions.count > 1 || count == 1
    let row = try await keeps ? reader.scoring.extend(by: tokens) : reader.scoring.score(tokens)
    let value = score(row)
    scores[index] = value
    if keeps, isBest(value, index) { best = (index, tokens, place) }
    return true
  }

  /// The first of equals is the best one, as an argmax has it.
  private func isBest(_ value: Double, _ index: Int) -> Bool {
    guard let best, let highest = scores[best.index] else { return true }
    return value > highest || (value == highest && index < best.index)
  }

  private mutating func prepare() async throws {
    try await sessions[0].enter(segment)
    try await sessions[0].session.extend(to: base)
    if count > 1, sessions[0].model.capabilities.contains(.fork) { sessions += try await sessions[0].forks(1) }
    isReady = true
  }
}

/// Reads the beginning of a question that shows all drafts, in a session of its own.
struct QuestionReader: DraftReader {
  let reasoner: Reasoner
  /// In which the drafts are shown.
  let order: [Int]
  /// The question up to the end of the drafts that are given.
  let beginning: @Sendable (_ drafts: [String]) -> [PromptPart]
  private var texts: [Int: String] = [:]
  private var shown = 0
  /// The one that is asked; nil as long as nothing was read.
  private(set) var judge: Reasoner?

  init(_ reasoner: Reasoner, order: [Int], beginning: @escaping @Sendable (_ drafts: [String]) -> [PromptPart]) {
    self.reasoner = reasoner
    self.order = order
    self.beginning = beginning
  }

  mutating func add(_ draft: Passage, at index: Int) { texts[index] = draft.thinking.text }

  mutating func readNext() async throws -> Bool {
    // The last one is read with the rest of the question.
    guard shown < order.count - 1, texts[order[shown]] != nil else { return false }
    let drafts = order[...shown].compactMap { texts[$0] }
    let tokens = try reasoner.model.tokenizer.encode(beginning(drafts))
    guard tokens.count <= reasoner.model.contextSize else { return false }
    let judge: Reasoner = if let judge { judge } else { try await reasoner.judge() }
    self.judge = judge
    shown += 1
    try await judge.session.extend(to: tokens)
    return true
  }
}
