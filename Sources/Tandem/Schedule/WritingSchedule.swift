/// What two models are made to write, so that a strategy's cost can be measured on weights that write nothing sensible:
/// see `ScheduledModel`.
///
/// It is a text by its places: whoever writes the n-th token of the thinking writes the same, cues and blank lines
/// included. So a thought that is discarded and written again changes nothing, and rows of a table differ in the
/// strategy alone.
package struct WritingSchedule: Sendable, Hashable, Codable {
  /// Tokens of the question; those of the template come on top.
  package var question = 60
  /// Tokens of thinking before its end.
  package var thinking = 256
  /// Tokens of the answer.
  package var answer = 60
  /// Tokens of each thought, its blank line included; the list begins again after its last one.
  package var thoughts = [40]
  /// Which thoughts begin with a cue.
  package var cues = Cues()
  /// How many tokens a model is not certain of.
  package var uncertain = Uncertain()
  /// The chance that a draft token is what the target draws.
  package var acceptance = 0.7
  /// The share of steps that a judge keeps.
  package var keptSteps = 0.8
  /// Whether the large model rejects all drafts.
  package var rejectsDrafts = false
  /// The probability of each token that is written: the confidence in a trial answer.
  package var confidence = 0.9
  /// Tokens of an outline, for strategies in which one model plans.
  package var outline = 80

  /// Shares of the thoughts. The defaults give the large model about a fifth of the thinking in Speculative Thinking, as
  /// in the paper's pairs of reasoning models (15 to 22 %, arXiv:2504.12329, Table 1).
  package struct Cues: Sendable, Hashable, Codable {
    /// Thoughts that begin with "Yes,".
    package var affirmation = 0.1
    /// Thoughts that begin with "Wait,".
    package var reflection = 0.2
    /// Thoughts that begin with "Check,".
    package var verification = 0.02

    package init() {}
  }

  /// Shares of the tokens whose entropy is high: half of ln |V|, and a thousandth of it otherwise.
  package struct Uncertain: Sendable, Hashable, Codable {
    /// Of what the small model writes.
    package var small = 0.1
    /// Of what the large model writes.
    package var large = 0.5

    package init() {}
  }

  /// 256 tokens of thinking in thoughts of 40.
  package init() {}

  /// The names of the fields in files.
  package enum CodingKeys: String, CodingKey, CaseIterable {
    case question, thinking, answer, thoughts, cues, uncertain, acceptance, keptSteps, rejectsDrafts, confidence,
      outline
  }
}

extension WritingSchedule {
  /// Throws `invalidSetting`, naming the first field whose value makes no sense.
  package func validate() throws(ReasoningError) {
    func check(_ name: String, _ count: Int, from least: Int) throws(ReasoningError) {
      guard (least...1_000_000).contains(count) else {
        throw .invalidSetting(name: name, reason: "must be from \(least) to 1000000, not \(count)")
      }
    }
    func check(_ name: String, share: Double) throws(ReasoningError) {
      guard (0...1).contains(share) else {
        throw .invalidSetting(name: name, reason: "must be from 0 to 1, not \(share)")
      }
    }
    try check("question", question, from: 1)
    try check("thinking", thinking, from: 1)
    try check("answer", answer, from: 1)
    try check("outline", outline, from: 1)
    guard !thoughts.isEmpty else { throw .invalidSetting(name: "thoughts", reason: "must have a length") }
    for length in thoughts { try check("thoughts", length, from: Self.leastThought) }
    try check("cues.affirmation", share: cues.affirmation)
    try check("cues.reflection", share: cues.reflection)
    try check("cues.verification", share: cues.verification)
    guard cues.affirmation + cues.reflection + cues.verification <= 1 else {
      throw .invalidSetting(name: "cues", reason: "must add up to 1 at most")
    }
    try check("uncertain.small", share: uncertain.small)
    try check("uncertain.large", share: uncertain.large)
    try check("acceptance", share: acceptance)
    try check("keptSteps", share: keptSteps)
    guard confidence > 0, confidence <= 1 else {
      throw .invalidSetting(name: "confidence", reason: "must be above 0 and at most 1, not \(confidence)")
    }
  }

  /// A cue and a blank line have to fit.
  private static let leastThought = 8
}

// What a file leaves out keeps its default.
extension WritingSchedule {
  package init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    question = try values.decodeIfPresent(Int.self, forKey: .question) ?? question
    thinking = try values.decodeIfPresent(Int.self, forKey: .thinking) ?? thinking
    answer = try values.decodeIfPresent(Int.self, forKey: .answer) ?? answer
    thoughts = try values.decodeIfPresent([Int].self, forKey: .thoughts) ?? thoughts
    cues = try values.decodeIfPresent(Cues.self, forKey: .cues) ?? cues
    uncertain = try values.decodeIfPresent(Uncertain.self, forKey: .uncertain) ?? uncertain
    acceptance = try values.decodeIfPresent(Double.self, forKey: .acceptance) ?? acceptance
    keptSteps = try values.decodeIfPresent(Double.self, forKey: .keptSteps) ?? keptSteps
    rejectsDrafts = try values.decodeIfPresent(Bool.self, forKey: .rejectsDrafts) ?? rejectsDrafts
    confidence = try values.decodeIfPresent(Double.self, forKey: .confidence) ?? confidence
    outline = try values.decodeIfPresent(Int.self, forKey: .outline) ?? outline
  }
}

extension WritingSchedule.Cues {
  /// The names of the fields in files.
  package enum CodingKeys: String, CodingKey, CaseIterable { case affirmation, reflection, verification }

  package init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    affirmation = try values.decodeIfPresent(Double.self, forKey: .affirmation) ?? affirmation
    reflection = try values.decodeIfPresent(Double.self, forKey: .reflection) ?? reflection
    verification = try values.decodeIfPresent(Double.self, forKey: .verification) ?? verification
  }
}

extension WritingSchedule.Uncertain {
  /// The names of the fields in files.
  package enum CodingKeys: String, CodingKey, CaseIterable { case small, large }

  package init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    small = try values.decodeIfPresent(Double.self, forKey: .small) ?? small
    large = try values.decodeIfPresent(Double.self, forKey: .large) ?? large
  }
}
