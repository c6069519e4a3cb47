public import TandemInference

/// Speculative Chain-of-Thought (SCoT; Wang et al., arXiv:2504.19095, Sec. 3): the small model drafts whole chains of
/// thought in parallel, the large one picks one of them in a single forward pass, or rejects them all and thinks
/// itself; the answer is always the large model's.
///
/// The paper calls the small model M_d and the large one M; its selector M* is M with a LoRA, here an adapter of the
/// same weights that is on while it chooses. Without one the run is what the paper's ablation calls "w/o tuning". What
/// we do differently: the argmax is over the labels alone, as Eq. (3) says (the released code takes it over the
/// vocabulary and fails on anything but a number), and a draft begins with one beginning-of-text token, not two.
public struct SpeculativeCoT: Strategy {
  /// "speculative-cot".
  public static let name = "speculative-cot"
  /// The strategy in one sentence.
  public static let about = StrategyDescription(
    summary: "The small model drafts N chains of thought; the large one picks one, or thinks itself.",
    paper: "Efficient Reasoning for LLMs through Speculative Chain-of-Thought, arXiv:2504.19095",
    tested: "golden template and transcripts; on the nano pair, with and without tuned adapters")
  /// The declaration of each setting.
  public static let settings: [SettingSpec<Self>] = [
    // The labels are single digits: n + 1 is at most 9.
    .init("drafts", \.drafts, "how many drafts", .range(1...8), paper: "n"),
    .init("draftTokens", \.draftTokens, "most tokens of a draft", .range(1...Budget.mostTokens)),
    .init(
      "draftTemperature", \.draftTemperature, "temperature of the drafts, without top-p or top-k", .range(0...1000)),
    .init("largeTemperature", \.largeTemperature, "temperature of the large model; 0 is greedy", .range(0...1000)),
    .init("selection", \.selection, "how a draft is chosen (paper: labels)"),
    .init("mayReject", \.mayReject, "whether all drafts can be rejected"),
    .init(
      "threshold", \.threshold,
      "ln p below which the best draft is rejected, for the likelihood selectors; -1000 is never", .range(-1000...0)),
    .init("order", \.order, "order of the drafts in the prompt"),
    .init(
      "answersDrafts", \.answersDrafts, "whether the small model answers every draft, as baselines on the same drafts"),
    .init("assistantMarker", \.assistantMarker, "what stands before the question for a number"),
  ]
  /// A small model that can fork its sessions, and any large model.
  public static let requirements: [Role: EngineCapabilities] = [.small: [.fork], .large: []]

  /// n: the number of drafts.
  public var drafts = 5
  /// The most tokens of a draft.
  public var draftTokens = 5000
  /// The temperature of the drafts, which are sampled without top-p or top-k.
  public var draftTemperature: Float = 0.6
  /// The temperature at which the large model thinks and answers; 0 is greedy.
  public var largeTemperature: Float = 0
  /// How a draft is chosen.
  public var selection = Selector.labels
  /// Whether "all reasoning paths above are wrong" is one of the labels.
  public var mayReject = true
  /// The ln p below which the best draft is rejected, for the likelihood selectors; `tandem calibrate` finds one. No
  /// draft is as unlikely as −1000.
  public var threshold = -1000.0
  /// The order in which the drafts are shown, to test whether the place decides.
  public var order = Order.drawn
  /// Whether the small model answers every draft, kept or not, so that baselines on the same drafts can be graded.
  public var answersDrafts = false
  /// The text before the question of which draft is best: R1's marker of the assistant's turn.
  public var assistantMarker = "<｜Assistant｜>"

  /// Who chooses, and by what.
  public enum Selector: String, Sendable, SettingChoice {
    /// The large model's probability of each draft's number (Eq. 3).
    case labels
    /// The large model's mean ln p of a draft's tokens.
    case meanToken = "mean-token"
    /// Its ln p of the draft's least likely token.
    case worstToken = "worst-token"
    /// The small model's own mean ln p: best of N without a large model's judgement.
    case ownLikelihood = "own-likelihood"
    /// The shortest draft: free, and on some tasks most of the gain.
    case shortest
  }

  /// The order of the drafts in the prompt.
  public enum Order: String, Sendable, SettingChoice {
    /// As they were drawn.
    case drawn
    /// The last one first.
    case reversed
    /// At random.
    case shuffled
  }

  /// The constants of the released code.
  public init() {}

  /// The constants of the released code.
  public static let paper = Self()

  /// Scores from whichever model a likelihood selector asks.
  public var needs: [Role: EngineCapabilities] {
    let judges: EngineCapabilities = [.labels, .meanToken, .worstToken].contains(selection) ? [.score] : []
    let own: EngineCapabilities = selection == .ownLikelihood ? [.score] : []
    return [.small: own.union(drafts > 1 ? .fork : []), .large: judges]
  }

  /// One session a draft. The labels are asked for in a session of their own, and the best draft so far is kept in one
  /// while another reads the next draft.
  public var sessions: [Role: Int] {
    let large =
      switch selection {
      case .labels: 2
      case .meanToken, .worstToken: drafts > 1 ? 2 : 1
      case .ownLikelihood, .shortest: 1
      }
    return [.small: drafts, .large: large]
  }

  /// The drafts are the small model's.
  public var tries: [Role: Int] { [.small: drafts, .large: 1] }

  /// Refuses a threshold that has no effect.
  public func validateCombination() throws(ReasoningError) {
    guard threshold == Self().threshold || (mayReject && ![.labels, .shortest].contains(selection)) else {
      throw .invalidSetting(
        name: "threshold",
        reason: mayReject
          ? "has no effect if selection is \(selection.rawValue)" : "has no effect if mayReject is false")
    }
  }

  /// Drafts, selects and answers.
  public func reason(in run: inout ReasoningRun) async throws {
    // 0. The large model has to read all drafts at once. Without room for that, it answers as it is.
    run.adjust(.small) { $0.sampling = SamplingParameters(temperature: draftTemperature, topP: 1) }
    run.adjust(.large) { $0.sampling.temperature = largeTemperature }
    let room = try draftRoom(in: run)
    if room < 1 { run.limitThinking(toTokens: 0) }
    guard run.canThink else { return try await run.conclude(by: .large) }

    // 1. Draft: n chains of the small model, one batch, each up to its own end of thinking.
    // 2. Select: the large model reads each draft as soon as it is finished.
    run.begin(.draft)
    let end = stop(after: min(draftTokens, room))
    var (paths, choice) =
      switch selection {
      case .labels: try await askForBest(endingAt: end, in: &run)
      case .meanToken, .worstToken: try await scoreByLarge(endingAt: end, in: &run)
      case .ownLikelihood, .shortest: try await scoreBySmall(endingAt: end, in: &run)
      }
    choice.drafts = paths.enumerated().map { Draft($1, isChosen: $0 == choice.chosen) }
    run.select(choice)
    for (index, path) in paths.enumerated() where index != choice.chosen { run.reject(path, because: .notChosen) }

    if let chosen = choice.chosen {
      // 3a. The chosen chain becomes the thinking.
      try run.accept(paths[chosen].thinking)
      run.reject(paths[chosen].answer, because: .notChosen)
    } else {
      // 3b. All are wrong: the large model thinks from scratch.
      run.begin(.rethinking)
      run.handOver(to: .large, because: .allWrong)
      try await run.think(by: .large)
    }

    // 4. Answer: by the large model as it is.
    run.begin(.answer)
    try await run.conclude(by: .large)
  }

  private func stop(after tokens: Int) -> Stop {
    answersDrafts ? .endOfTurn(thinking: tokens) : .endOfSegment(atMost: tokens)
  }

  /// The most tokens of a draft with which the question for the best one fits into the large model's window.
  private func draftRoom(in run: ReasoningRun) throws -> Int {
    guard selection == .labels else { return draftTokens }
    let empty = question(Array(repeating: "", count: drafts), run.problem.question)
    let left = try run.window(of: .large) - run.tokenCount(of: empty, for: .large)
    return left / drafts - Reasoner.completionTokens
  }

  /// The question for the best draft. In the large model's vocabulary, or read in one go, drafts may be more tokens than
  /// they were; if they do not fit into its window, it reads the beginning of each.
  private func fittingQuestion(_ shown: [String], in run: ReasoningRun) throws -> [PromptPart] {
    var (size, parts) = (try draftRoom(in: run), question(shown, run.problem.question))
    while try run.tokenCount(of: parts, for: .large) > run.window(of: .large), size > 0 {
      size -= max(size / 8, 1)
      parts = question(try shown.map { try run.shortened($0, toTokens: size, for: .large) }, run.problem.question)
    }
    return parts
  }

  // MARK: - Drafting and selecting

  /// The large model's probability of each draft's number.
  private func askForBest(
    endingAt end: Stop, in run: inout ReasoningRun
  ) async throws -> ([Passage], Selection) {
    let (order, question) = (shownOrder(in: &run), run.problem.question)
    var reader = QuestionReader(try run.reasoner(.large), order: order) { beginning($0, question) }
    let paths: [Passage]
    do {
      paths = try await run.draft(.small, count: drafts, upTo: end, for: &reader)
    } catch {
      await run.abandon(reader.judge, of: .large)
      throw error
    }
    run.begin(.selection)
    let labels = (1...paths.count + (mayReject ? 1 : 0)).map(String.init)
    let parts = try fittingQuestion(order.map { paths[$0].thinking.text }, in: run)
    let odds = try await run.odds(of: labels, after: parts, read: reader.judge, by: .large).map(Double.init)
    let best = odds.indices.max { odds[$0] < odds[$1] } ?? 0
    var scores = [Double](repeating: 0, count: paths.count)
    for (place, index) in order.enumerated() { scores[index] = odds[place] }
    let choice = Selection(
      method: .init(selection), scores: scores, rejection: mayReject ? odds.last : nil,
      chosen: best < paths.count ? order[best] : nil, order: order, isTuned: run.hasSelector(.large))
    return (paths, choice)
  }

  /// The large model's likelihood of each draft.
  private func scoreByLarge(
    endingAt end: Stop, in run: inout ReasoningRun
  ) async throws -> ([Passage], Selection) {
    let order = shownOrder(in: &run)
    var reader = try await run.likelihoodReader(under: .large, of: drafts) { score($0) }
    do {
      let paths = try await run.draft(.small, count: drafts, upTo: end, for: &reader)
      run.begin(.selection)
      let scores = try await run.scores(by: &reader, under: .large, keepingIf: isGood)
      return (paths, choice(scores, order))
    } catch {
      await run.abandon(reader, of: .large)
      throw error
    }
  }

  /// What needs no large model.
  private func scoreBySmall(
    endingAt end: Stop, in run: inout ReasoningRun
  ) async throws -> ([Passage], Selection) {
    let order = shownOrder(in: &run)
    let paths = try await run.draft(.small, count: drafts, upTo: end)
    run.begin(.selection)
    if selection == .shortest { return (paths, choice(paths.map { -Double($0.thinking.tokenCount) }, order)) }
    return (paths, choice(try await run.likelihoods(of: paths, under: .small).map(score), order))
  }

  /// Of equal scores the first, as an argmax has it.
  private func choice(_ scores: [Double], _ order: [Int]) -> Selection {
    let best = scores.indices.max { scores[$0] < scores[$1] }
    return Selection(
      method: .init(selection), scores: scores, chosen: best.flatMap { isGood(scores[$0]) ? $0 : nil }, order: order)
  }

  private func isGood(_ score: Double) -> Bool { !mayReject || selection == .shortest || score >= threshold }

  /// The score of a draft from the ln p of its tokens.
  private func score(_ row: [Float]) -> Double {
    guard let worst = row.min() else { return -.infinity }
    return Double(selection == .worstToken ? worst : row.reduce(0, +) / Float(row.count))
  }

  private func shownOrder(in run: inout ReasoningRun) -> [Int] {
    var order = Array(0..<drafts)
    switch self.order {
    case .drawn: break
    case .reversed: order.reverse()
    case .shuffled: for last in order.indices.reversed() { order.swapAt(last, Int(run.random() * Double(last + 1))) }
    }
    return order
  }

  // MARK: - The question

  /// The released code's prompt, byte for byte; only what a user or a model wrote is kept from making control tokens.
  package func question(_ paths: [String], _ question: String) -> [PromptPart] {
    let rejection = "Reason \(paths.count + 1): All reasoning paths above are wrong.\n\n"
    let end = (mayReject ? rejection : "") + assistantMarker + "Number of the best reasoning path: "
    return beginning(paths, question) + [PromptPart(end, isInput: false)]
  }

  /// It up to the end of `paths`.
  private func beginning(_ paths: [String], _ question: String) -> [PromptPart] {
    var parts = [
      PromptPart(
        "I will provide several Reasons for the Question. Please choose the best reasoning path and give the serial "
          + "Number directly (you can only choose one). \n\nQuestion: ", isInput: false),
      PromptPart(question, isInput: true),
      PromptPart("\n\nHere are the reasoning paths:\n\n", isInput: false),
    ]
    for (index, path) in paths.enumerated() {
      parts += [
        PromptPart("Reason \(index + 1): ", isInput: false), PromptPart(path.strippingEnd, isInput: true),
        PromptPart("\n\n", isInput: false),
      ]
    }
    return parts
  }
}

extension String {
  /// Without the newline before the end of thinking, as the released code strips it.
  fileprivate var strippingEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}

extension Selection.Method {
  /// A choice among whole drafts.
  public init(_ selector: SpeculativeCoT.Selector) { self.init(rawValue: selector.rawValue) }
}

extension Reason {
  /// A draft that was not chosen.
  public static let notChosen: Self = "not chosen"
  /// No draft was good enough.
  public static let allWrong: Self = "all wrong"
}

extension Phase {
  /// The small model writes its drafts.
  public static let draft: Self = "draft"
  /// One of the drafts is chosen.
  public static let selection: Self = "selection"
  /// The large model thinks from scratch.
  public static let rethinking: Self = "rethinking"
  /// The large model answers.
  public static let answer: Self = "answer"
}
