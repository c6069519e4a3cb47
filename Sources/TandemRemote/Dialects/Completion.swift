import TandemInference

/// What a server is asked to write, in no server's words yet.
struct CompletionCall: Sendable, Hashable {
  /// The model's name at the server, or that of an adapter of it.
  var model: String
  /// The tokens to write after.
  var prompt: [Token]
  /// How tokens are drawn.
  var sampling: SamplingParameters
  /// The seed, which servers fold to fewer bits.
  var seed: UInt64
  /// The most tokens.
  var limit: Int
  /// Hints: the server may end after these texts, with the token that completes one.
  var stopTexts: [String] = []
  /// Hints: the server may end after these tokens.
  var stopTokens: [Token] = []
  /// Whether an end of turn is a token like any other, where the server can be told so.
  var ignoresEnd = false
  /// How many of the likeliest tokens are reported beside the drawn one.
  var alternatives = 0
  /// A token whose log-probability is reported.
  var watched: Token?
  /// Added to the logits of these tokens; −∞ forbids one.
  var bias: [Token: Float] = [:]
  /// A temperature of some tokens.
  var scaling: LogitScaling?

  /// The most tokens of an answer that comes whole: it spares a server an event a token, and llama-server a connection.
  static let wholeTokens = 64
  /// Whether it is a short one, such as a probe or a takeover.
  var isShort: Bool { limit <= Self.wholeTokens }
}

/// A token as a server reports it.
struct ReportedToken: Sendable, Hashable {
  var token: Token
  /// ln p of it, before bias, penalties, temperature and filters; nil if the server does not say.
  var logProbability: Float?
  /// The likeliest tokens of its distribution, the drawn one among them or not.
  var alternatives: [SampledToken.Alternative] = []
}

/// What an event of a completion says.
struct CompletionEvent: Sendable, Hashable {
  var tokens: [ReportedToken] = []
  /// Tokens that were drawn before the last one of `tokens` and are not among them: llama-server leaves out those that
  /// end inside a character.
  var missing: MissingTokens?
  /// The tokens that the server has read, if it says so.
  var prompt: [Token]?
  /// Set in the last event.
  var end: CompletionEnd?
  /// What the call cost; it may come in an event of its own, after the end.
  var usage: CompletionUsage?
}

/// Tokens of which a server sent the text and not the numbers.
struct MissingTokens: Sendable, Hashable {
  /// How many.
  var count: Int
  /// The bytes of these and of the token after them.
  var bytes: [UInt8]
}

/// Why a server ended.
enum CompletionEnd: Sendable, Hashable {
  /// As many tokens as were asked for, or the window is full.
  case limit
  /// The end of the turn or of the text.
  case endOfGeneration
  /// A stop text or token; the client's own rule says which.
  case stop
}

/// What a call cost a server.
struct CompletionUsage: Sendable, Hashable {
  var prompt: Int
  /// How many tokens of the prompt it had in its cache; nil if it does not say.
  var cached: Int?
  var sampled: Int
}

/// What one kind of server calls things. Three small types: `VLLMDialect`, `LlamaServerDialect`, `SGLangDialect`.
protocol Dialect: Sendable {
  /// The name for people: "vLLM".
  var name: String { get }
  /// What sessions of such a server can do, as far as that does not depend on how it was started.
  var capabilities: EngineCapabilities { get }
  /// Whether it ends at `stopTokens`.
  var stopsAtTokens: Bool { get }
  /// The call that streams a completion.
  func completion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest
  /// The call whose whole answer is one event; nil if a stream is better for this one.
  func wholeCompletion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest?
  /// What the data of one event says; nil for one that says nothing, such as `[DONE]`.
  ///
  /// - Parameter received: How many tokens the stream has had before.
  ///
  /// Throws `RemoteFault` for anything else, an error in the midst of a stream included.
  func event(_ data: [UInt8], received: Int) throws(RemoteFault) -> CompletionEvent?
  /// The calls that together give ln p of each of `targets`, given the tokens before it: `targets[i]` after `prompts[i]`.
  func scores(_ call: CompletionCall, _ prompts: [[Token]], _ targets: [[Token]]) throws(EngineError) -> [RemoteRequest]
  /// ln p of each target, from the answers to `scores`, in the same order.
  func scores(from answers: [RemoteResponse], _ targets: [[Token]]) throws(RemoteFault) -> [[Float]]
}

extension Dialect {
  /// It does.
  var stopsAtTokens: Bool { true }

  /// A stream is always better.
  func wholeCompletion(_ call: CompletionCall) throws(EngineError) -> RemoteRequest? { nil }
}
