/// Something that happened in a run. Traces, the live view, reports and sessions are all derived from these.
public enum Event: Sendable, Hashable {
  /// The run begins.
  case started(TraceHeader)
  /// Text as it is being written; transient, never part of a trace. If it is tentative, it may still be discarded.
  case text(TextDelta)
  /// A thought became part of the chain.
  case accepted(Thought)
  /// A thought was written and not kept.
  case rejected(Thought, Reason)
  /// One of several drafts was chosen, or none.
  case selected(Selection)
  /// A model takes over.
  case handedOver(to: Role, Reason)
  /// The run is over.
  case finished(Outcome)
  /// The run could not continue; an error follows.
  case failed(code: String, message: String)

  /// Whether a trace leaves it out.
  public var isTransient: Bool { if case .text = self { true } else { false } }
}

/// A piece of text, as its author writes it.
public struct TextDelta: Sendable, Hashable {
  /// The text, in whole characters.
  public let text: String
  /// The model that writes it.
  public let author: Author
  /// The part of the turn that it belongs to.
  public let segment: Segment
  /// Whether it is a probe, which the strategy may discard.
  public let isTentative: Bool
  /// The index of the draft that it belongs to, if several are written at once; nil otherwise.
  public let path: Int?

  package init(text: String, author: Author, segment: Segment, isTentative: Bool, path: Int? = nil) {
    self.text = text
    self.author = author
    self.segment = segment
    self.isTentative = isTentative
    self.path = path
  }
}

/// Why a strategy did what it did: a word or two for traces and people. Each strategy adds its own.
public struct Reason: RawRepresentable, Sendable, Hashable, Codable, CodingKeyRepresentable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The words.
  public let rawValue: String

  /// A reason by its words.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The same as a literal.
  public init(stringLiteral value: String) { rawValue = value }

  /// The words.
  public var description: String { rawValue }
}

/// How a run ended, and what it cost.
public struct Outcome: Sendable, Hashable, Codable {
  /// Why the run ended.
  public var finish: FinishReason
  /// The text of the answer; nil if none was written.
  public var answer: String?
  /// Whether the thinking was cut before the model ended it.
  public var isTruncated: Bool
  /// The costs of each model.
  public var usage: Usage
  /// Seconds from the prompt to the end.
  public var seconds: Double
  /// The seconds of each phase; nil if the strategy has none.
  public var phases: [Phase: Double]?
  /// The most tokens of thinking that the run was allowed: those of its budget, or fewer if a model's window has no
  /// room for more. Nil in traces of earlier versions, and if the run failed before it was known.
  public var thinkingBudget: Int?
  /// The stop text that ended the answer; nil if none did.
  public var stop: String?

  package init(
    finish: FinishReason, answer: String?, isTruncated: Bool, usage: Usage, seconds: Double,
    phases: [Phase: Double]? = nil, thinkingBudget: Int? = nil, stop: String? = nil
  ) {
    self.finish = finish
    self.answer = answer
    self.isTruncated = isTruncated
    self.usage = usage
    self.seconds = seconds
    self.phases = phases
    self.thinkingBudget = thinkingBudget
    self.stop = stop
  }
}

/// A part of a strategy's work whose time is measured separately.
public struct Phase: RawRepresentable, Sendable, Hashable, Codable, CodingKeyRepresentable, ExpressibleByStringLiteral {
  /// The name.
  public let rawValue: String

  /// A phase by its name.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The same as a literal.
  public init(stringLiteral value: String) { rawValue = value }
}

/// The data that is needed to read a trace, or to repeat its run.
public struct TraceHeader: Sendable, Hashable, Codable {
  /// The version of the format.
  public var version = 1
  /// The strategy's name.
  public var strategy: String
  /// All of its settings.
  public var settings: [String: Setting]
  /// The name of the small model; nil if there was none.
  public var small: String?
  /// The name of the large model; nil if there was none.
  public var large: String?
  /// The problem.
  public var problem: Problem
  /// The seed of everything that was drawn.
  public var seed: UInt64
  /// How much the run was allowed to write.
  public var budget: Budget
}
