import Tandem
import TandemInference

/// What a request asks of a model, whichever API it came by. Each API reads its own body into one of these.
struct RunRequest: Sendable {
  /// The name of a model.
  var model: String
  /// The conversation.
  var messages: [Message]
  /// Where in the body each message stands, for errors; empty if message i is `messages[i]`.
  var places: [String] = []
  /// The tools that may be called.
  var tools = ToolRequest()
  /// How many answers to write.
  var choices = 1
  /// How much may be written.
  var limits = RunLimits()
  /// How tokens are drawn; what is not said is the pair's.
  var sampling = RunSampling()
  /// The same seed, models and settings give the same answer; nil draws one.
  var seed: UInt64?
  /// Texts that end the answer. They do not act on the thinking.
  var stops: [String] = []
  /// What the answer must look like; nil if it is free.
  var grammar: Grammar?
  /// How many of the likeliest tokens are told beside each token of the answer; nil for no log-probabilities.
  var alternatives: Int?
  /// The name of another strategy than the model's own.
  var strategy: String?
  /// Changes of the strategy's settings.
  var settings: [String: Setting] = [:]
  /// Variables of the models' chat templates, such as Qwen3's `enable_thinking`.
  var templateVariables: [String: TemplateVariable] = [:]
  /// The most seconds from the arrival of the request to its end.
  var deadline: Double?

  /// A conversation with a model, everything else as the model has it.
  init(model: String, messages: [Message]) {
    self.model = model
    self.messages = messages
  }

  /// Where in the body a message stands.
  func place(_ message: Int) -> String { places.indices.contains(message) ? places[message] : "messages[\(message)]" }
}

/// How tokens are drawn, as far as a request says.
struct RunSampling: Sendable, Hashable {
  var temperature: Double?
  var topP: Double?
  var topK: Int?
  var minP: Double?

  init() {}

  /// Replaces the pair's parameters by the request's.
  func apply(to participant: inout Participant?) {
    if let temperature { participant?.sampling.temperature = Float(temperature) }
    if let topP { participant?.sampling.topP = Float(topP) }
    if let topK { participant?.sampling.topK = topK }
    if let minP { participant?.sampling.minP = Float(minP) }
  }
}

/// The member `tandem` of a request's body: what no other API has a name for.
///
///     "tandem": {"strategy": "speculative-thinking", "settings": {"takeoverTokens": 20}, "deadline": 10}
struct RunExtension: Sendable {
  /// Whether each event of the run is sent too.
  var sendsEvents = false

  /// Reads the member `tandem` of `body` into `request`. Throws for whatever it does not know.
  init(_ body: inout JSONMembers, into request: inout RunRequest) throws(ServerError) {
    guard var members = try body.object("tandem") else { return }
    request.strategy = try members.text("strategy")
    if let settings = members.value("settings") {
      guard case .object(let settings) = settings else {
        throw .invalid("'tandem.settings' must be an object, not \(settings.kind).", "tandem.settings")
      }
      request.settings = settings.mapValues(\.setting)
    }
    request.deadline = try members.number("deadline", "above 0 and at most 1e9") { $0 > 0 && $0 <= 1e9 }
    sendsEvents = try members.flag("events") ?? false
    try members.finish()
  }
}

extension UInt64 {
  /// A seed drawn at random. It is below 2⁵³, so that a client whose numbers are doubles can send it back.
  static var drawnSeed: Self { .random(in: 0..<(1 << 53)) }
}
