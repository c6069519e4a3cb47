/// Something that happened in a run. Traces, the live view, reports and sessions are all folds over these.
public enum Event: Sendable, Hashable {
  /// The run begins.
  case started(TraceHeader)
  /// Text as it is being written; transient, never part of a trace. It may still be discarded if `isTentative`.
  case text(TextDelta)
  /// A thought became part of the chain.
  case accepted(Thought)
  /// A thought was written and not kept.
  case rejected(Thought, Reason)
  /// One of several drafts was chosen, or none.
  case selected(Selection)
  /// The pen goes to a model.
  case handedOver(to: Role, Reason)
  /// The run is over.
  case finished(Outcome)
  /// The run could not go on; an error follows.
  case failed(code: String, message: String)

  /// Whether a trace leaves it out.
  public var isTransient: Bool { if case .text = self { true } else { false } }
}

/// A bit of text, as its author writes it.
public struct TextDelta: Sendable, Hashable {
  public let text: String
  public let author: Author
  public let segment: Segment
  /// Whether it is a probe, which the strategy may discard.
  public let isTentative: Bool
}

/// Why a strategy did what it did: a word or two for traces and people.
public struct Reason: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }
}

/// How a run ended, and what it cost.
public struct Outcome: Sendable, Hashable, Codable {
  public var finish: FinishReason
  /// The text of the answer; nil where none was written.
  public var answer: String?
  /// Whether the thinking was cut before the model ended it.
  public var isTruncated: Bool
  public var usage: Usage
  /// Seconds from the prompt to the end.
  public var seconds: Double
  /// The same by phase, for strategies that have phases; nil for those that have none.
  public var phases: [String: Double]?

  package init(
    finish: FinishReason, answer: String?, isTruncated: Bool, usage: Usage, seconds: Double,
    phases: [String: Double]? = nil
  ) {
    self.finish = finish
    self.answer = answer
    self.isTruncated = isTruncated
    self.usage = usage
    self.seconds = seconds
    self.phases = phases
  }
}

/// A part of a strategy's work, whose time is told apart.
public struct Phase: RawRepresentable, Sendable, Hashable, Codable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
}

/// What must be known to read a trace, or to repeat its run.
public struct TraceHeader: Sendable, Hashable, Codable {
  /// The version of the format.
  public var version = 1
  public var strategy: String
  public var settings: [String: Setting]
  public var small: String?
  public var large: String?
  public var problem: Problem
  public var seed: UInt64
  public var budget: Budget
}
