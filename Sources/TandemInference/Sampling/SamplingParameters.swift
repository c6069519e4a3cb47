/// How the next token is drawn from a model's distribution.
///
/// Applied in this order: repetition penalty, logit processors, temperature, top-k, top-p, min-p. Temperature comes
/// before the filters, as in Hugging Face and vLLM, with which the papers were made (llama.cpp's own default is the
/// other way round).
public struct SamplingParameters: Sendable, Hashable, Codable {
  /// Divides the logits; 0 always takes the most likely token.
  public var temperature: Float
  /// Keeps the `topK` most likely tokens; 0 keeps all.
  public var topK: Int
  /// Keeps the smallest set of most likely tokens with at least this much probability together; 1 keeps all.
  public var topP: Float
  /// Keeps tokens at least `minP` times as likely as the likeliest; 0 keeps all.
  public var minP: Float
  /// Divides positive and multiplies negative logits of recent tokens (CTRL, arXiv:1909.05858, 4.1); 1 is off.
  public var repetitionPenalty: Float
  /// How many recent tokens of the sequence, prompt included, the penalty looks at.
  public var penaltyWindow: Int

  /// The defaults are those that R1's authors recommend.
  public init(
    temperature: Float = 0.6, topK: Int = 0, topP: Float = 0.95, minP: Float = 0, repetitionPenalty: Float = 1,
    penaltyWindow: Int = 64
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.penaltyWindow = penaltyWindow
  }

  /// Always the most likely token.
  public static let greedy = Self(temperature: 0, topP: 1)

  /// Throws `invalidParameter`, naming the first parameter that makes no sense.
  public func validate() throws(EngineError) {
    func check(
      _ name: String, _ holds: Bool, _ rule: String, _ value: some CustomStringConvertible
    ) throws(EngineError) {
      guard holds else { throw .invalidParameter(name: name, reason: "must be \(rule), not \(value)") }
    }
    try check("temperature", temperature >= 0 && temperature.isFinite, "a number from 0 up", temperature)
    try check("topK", topK >= 0, "0 (off) or more", topK)
    try check("topP", topP > 0 && topP <= 1, "above 0 and at most 1", topP)
    try check("minP", minP >= 0 && minP < 1, "from 0 to below 1", minP)
    try check("repetitionPenalty", repetitionPenalty > 0 && repetitionPenalty.isFinite, "above 0", repetitionPenalty)
    try check("penaltyWindow", penaltyWindow >= 0, "0 or more", penaltyWindow)
  }
}
