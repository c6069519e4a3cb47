import Tandem

/// What is Tandem's own about a run, for APIs with one answer.
struct RunDetails: Encodable {
  let run: ChatDetails
  /// The exact costs of both models.
  let usage: ChatCosts
}
