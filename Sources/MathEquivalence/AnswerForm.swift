/// What a prediction is: an answer, or an output that holds one.
public enum AnswerForm: String, Sendable, CaseIterable, Codable {
  /// A bare answer.
  case answer
  /// A model's whole output; its answer has to be extracted.
  case text
  /// Either, on both sides: as some suites pass it.
  case raw
}
