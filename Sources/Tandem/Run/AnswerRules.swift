public import TandemInference

/// What an answer must look like, and where it ends. The thinking is free of it.
///
/// The whole turn of a model that does not mark its thinking is its answer, and follows the rules.
public struct AnswerRules: Sendable, Hashable {
  /// Texts that end the answer; they are no part of it. White space at its beginning is not looked at.
  public var stops: [String]
  /// What the answer must look like; nil if it is free. Every model of the strategy needs `grammar`.
  public var grammar: Grammar?
  /// How many of the likeliest tokens are kept beside each token of the answer; nil keeps none, nor which token it is.
  public var alternatives: Int?

  /// No rules unless given.
  public init(stops: [String] = [], grammar: Grammar? = nil, alternatives: Int? = nil) {
    self.stops = stops
    self.grammar = grammar
    self.alternatives = alternatives
  }

  func validate() throws(ReasoningError) {
    if stops.contains("") { throw .invalidSetting(name: "stops", reason: "must not contain an empty text") }
    if let alternatives, alternatives < 0 {
      throw .invalidSetting(name: "alternatives", reason: "must be 0 or more, not \(alternatives)")
    }
    do {
      try grammar?.validate()
    } catch {
      throw .invalidSetting(name: "grammar", reason: "can't be used: \(error)")
    }
  }
}
