import Tandem
import TandemInference

/// The log-probabilities of an answer's tokens, as chats report them.
struct ChatLogProbabilities: Encodable, Sendable {
  private(set) var content: [Entry] = []

  /// A token of the answer, with the likeliest ones in its place.
  struct Entry: Encodable, Sendable {
    let token: Alternative
    let alternatives: [Alternative]

    enum CodingKeys: String, CodingKey { case alternatives = "top_logprobs" }

    func encode(to encoder: any Encoder) throws {
      try token.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(alternatives, forKey: .alternatives)
    }
  }

  /// A token with its log-probability.
  struct Alternative: Encodable, Sendable {
    let token: String
    /// −9999 for what the model would never write, as OpenAI has it.
    let logprob: Float
    let bytes: [UInt8]

    init(_ token: Token, _ logProbability: Float?, _ tokenizer: any Tokenizer) {
      bytes = tokenizer.bytes(of: token)
      self.token = bytes.isEmpty ? tokenizer.spelling(of: token) : String(decoding: bytes, as: UTF8.self)
      logprob = logProbability.map { max($0, -9999) } ?? -9999
    }
  }

  /// Adds the tokens of a part of the answer, up to a stop text that ended it; an end of turn is none of them.
  mutating func add(_ thought: Thought, _ tokenizer: any Tokenizer) {
    var left = thought.text.utf8.count
    for reading in thought.readings {
      guard let choice = reading.choice, left > 0, !tokenizer.isEndOfGeneration(choice.token) else { break }
      left -= tokenizer.bytes(of: choice.token).count
      content.append(
        Entry(
          token: Alternative(choice.token, reading.logProbability.exact, tokenizer),
          alternatives: choice.alternatives.map { Alternative($0.token, $0.logProbability, tokenizer) }))
    }
  }
}
