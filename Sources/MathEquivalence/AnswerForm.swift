/// The form of a prediction: a bare answer, or an output that contains one.
public enum AnswerForm: String, Sendable, CaseIterable, Codable {
  /// A bare answer.
  case answer
  /// A model's whole output; its answer has to be extracted.
  case text
  /// Either, for prediction and gold: the form is detected.
  case raw
}
