import Foundation
import Tandem
import TandemInference

/// The body of `POST /v1/completions`: one model continues texts. No template, no thinking, no strategy.
struct CompletionRequest {
  let model: String
  /// Which model of the pair.
  let role: Role
  let prompts: [Prompt]
  /// How many continuations of each prompt.
  let choices: Int
  let maxTokens: Int
  /// Whether the response repeats the prompt, and its log-probabilities if these are asked for.
  let echoes: Bool
  /// How many of the likeliest tokens are reported at each place; nil for no log-probabilities.
  let logProbabilities: Int?
  let stops: [String]
  let seed: UInt64
  let sampling: RunSampling
  let streams: Bool
  /// When a stream tells what was counted.
  let usage: UsageParts
  let returnsTokenIDs: Bool

  /// The parts of a stream that tell what was counted.
  enum UsageParts { case never, last, always }

  /// A text to continue.
  enum Prompt: Hashable {
    case text(String)
    case tokens([Token])
  }

  /// The most prompts, and continuations of all of them together.
  static let mostChoices = 128

  /// Reads a body. Throws a `ServerError` that names the first member that is wrong.
  init(_ body: Data) throws(ServerError) {
    var body = try JSONMembers(body: body)
    guard let model = try body.text("model"), !model.isEmpty else { throw body.missing("model") }
    self.model = model
    role = try body.choice("role") ?? .large
    guard let prompt = body.value("prompt") else { throw body.missing("prompt") }
    prompts = try Self.prompts(prompt)
    choices = try body.integer("n", in: 1...16) ?? 1
    guard prompts.count * choices <= Self.mostChoices else {
      throw .invalid("'prompt' and 'n' ask for more than \(Self.mostChoices) continuations.", "prompt")
    }
    maxTokens = try body.integer("max_tokens", in: 0...Budget.mostTokens) ?? 16
    echoes = try body.flag("echo") ?? false
    logProbabilities = try body.integer("logprobs", in: 0...20)
    stops = try body.stops("stop", atMost: 16)
    var request = RunRequest(model: model, messages: [])
    try request.readSampling(&body)
    (sampling, seed) = (request.sampling, request.seed ?? .drawnSeed)
    streams = try body.flag("stream") ?? false
    returnsTokenIDs = try body.flag("return_token_ids") ?? false
    var usage = UsageParts.never
    if var options = try body.object("stream_options") {
      guard streams else { throw .invalid("'stream_options' needs 'stream'.", "stream_options") }
      if try options.flag("include_usage") ?? false { usage = .last }
      if try options.flag("continuous_usage_stats") ?? false { usage = .always }
      options.ignore("include_obfuscation")
      try options.finish()
    }
    self.usage = usage
    if let bestOf = try body.integer("best_of", in: 1...16), bestOf != choices {
      throw .invalid("'best_of' can only be 'n'.", "best_of", code: "unsupported")
    }
    if let suffix = try body.text("suffix"), !suffix.isEmpty {
      throw .invalid("'suffix' is not supported.", "suffix", code: "unsupported")
    }
    _ = try body.text("user")
    for name in ["frequency_penalty", "presence_penalty"] {
      _ = try body.number(name, "0: penalties are not supported") { $0 == 0 }
    }
    if let bias = body.value("logit_bias"), bias != .object([:]) {
      throw .invalid("'logit_bias' is not supported; it can only be {}.", "logit_bias", code: "unsupported")
    }
    try body.finish()
  }

  /// A text, texts, tokens, or lists of tokens.
  private static func prompts(_ value: JSONValue) throws(ServerError) -> [Prompt] {
    switch value {
    case .string(let text): return [.text(text)]
    case .array(let list):
      guard let first = list.first else { throw .invalid("'prompt' must not be empty.", "prompt") }
      if case .integer = first { return [.tokens(try tokens(list, "prompt"))] }
      var prompts: [Prompt] = []
      for (index, entry) in list.enumerated() {
        switch entry {
        case .string(let text): prompts.append(.text(text))
        case .array(let list): prompts.append(.tokens(try tokens(list, "prompt[\(index)]")))
        default: throw .invalid("'prompt[\(index)]' must be text or a list of tokens.", "prompt[\(index)]")
        }
      }
      return prompts
    default: throw .invalid("'prompt' must be text, tokens, or a list of these, not \(value.kind).", "prompt")
    }
  }

  /// A list of token ids.
  static func tokens(_ list: [JSONValue], _ place: String) throws(ServerError) -> [Token] {
    var tokens: [Token] = []
    for value in list {
      guard case .integer(let id) = value, let token = Int32(exactly: id) else {
        throw .invalid("'\(place)' must be a list of token ids.", place)
      }
      tokens.append(Token(rawValue: token))
    }
    return tokens
  }
}
