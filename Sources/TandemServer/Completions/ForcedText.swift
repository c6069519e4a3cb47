import Synchronization
import TandemInference

/// Has a model write given tokens, so that it reports its certainty about each, with the likeliest ones beside it.
///
/// A token's log-probability is that of the model's own distribution, before processors. The tokens are proposed as well:
/// an engine that can evaluates many of them in one pass.
struct ForcedText: LogitProcessor {
  /// All tokens that the session is to hold.
  let tokens: [Token]

  func process(_ logits: inout MutableSpan<Float>, after held: [Token]) {
    guard tokens.indices.contains(held.count) else { return }
    for index in logits.indices where index != Int(tokens[held.count].rawValue) { logits[index] = -.infinity }
    logits[Int(tokens[held.count].rawValue)] = 0
  }

  /// The certainty of `session`'s model about each of `tokens` but the first. It holds all of them afterwards.
  func read(in session: any Session, of model: any LanguageModel, alternatives: Int) async throws -> [SampledToken] {
    guard tokens.count > 1 else {
      try await session.extend(to: tokens)
      return []
    }
    var request = GenerationRequest(
      after: [tokens[0]], sampling: .greedy, processors: [self], limit: tokens.count - 1,
      ignoresEndOfGeneration: true, alternatives: alternatives)
    if model.capabilities.contains(.proposals) {
      request.proposer = .immediate { [tokens] context in Array(tokens.dropFirst(context.tokens.count)) }
    }
    return try await session.sample(request)
  }
}
