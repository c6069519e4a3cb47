import ArgumentParser
import Tandem
import TandemInference
import TandemModels

/// How tokens are drawn, and how many.
struct SamplingOptions: ParsableArguments {
  @Option(help: "Temperature; 0 always takes the most likely token. Default: the preset's, else 0.6.")
  var temp: Float?

  @Option(help: "Keep the k most likely tokens; 0 keeps all.")
  var topK: Int?

  @Option(help: "Keep the most likely tokens with this much probability together.")
  var topP: Float?

  @Option(help: "Keep tokens this many times as likely as the likeliest.")
  var minP: Float?

  @Option(help: "Divide the logits of recent tokens; 1 is off.")
  var repeatPenalty: Float?

  @Option(name: [.customShort("s"), .long], help: "The same seed, models and settings give the same run.")
  var seed: UInt64 = 0

  @Option(help: "The most tokens of thinking. Default: the preset's, else 4096 or what the context allows.")
  var reasoningBudget: Int?

  @Option(name: [.customShort("n"), .long], help: "The most tokens of the answer, kept free beside the thinking.")
  var predict: Int?

  @Option(help: "Seconds for a whole run; the thinking is cut then.")
  var deadline: Double?

  @Option(help: "What to do when the budget of thinking is spent: answer all the same, or stop.")
  var whenSpent = Budget.WhenSpent.answer

  @Option(help: "Tokens that a thought may take to come to its end when the budget is spent. Default: 0.")
  var landingTokens: Int?

  @Option(help: "What is put into thinking that is cut, before its end.")
  var landingText: String?

  @Option(help: "What an answer after thinking that was cut begins with.")
  var answerPrefix: String?

  func parameters(_ preset: Preset?) throws(EngineError) -> SamplingParameters {
    var parameters = SamplingParameters()
    if let sampling = preset?.sampling {
      (parameters.temperature, parameters.topP, parameters.topK) = (
        Float(sampling.temperature), Float(sampling.topP), sampling.topK
      )
    }
    parameters.temperature = temp ?? parameters.temperature
    parameters.topK = topK ?? parameters.topK
    parameters.topP = topP ?? parameters.topP
    parameters.minP = minP ?? parameters.minP
    parameters.repetitionPenalty = repeatPenalty ?? parameters.repetitionPenalty
    try parameters.validate()
    return parameters
  }

  /// The budget, within a window of `contextSize` tokens.
  func budget(_ preset: Preset?, contextSize: Int) -> Budget {
    // Room for the prompt: a quarter of a small window, at most 1,024 tokens.
    let room = contextSize - min(1024, contextSize / 8)
    let answer = predict ?? min(1024, room / 8)
    let thinking = reasoningBudget ?? preset?.thinkingBudget ?? min(4096, room - answer)
    return Budget(
      thinkingTokens: thinking, answerTokens: predict ?? min(answer, max(1, room - thinking)), seconds: deadline,
      whenSpent: whenSpent, landingTokens: landingTokens ?? 0, landingText: landingText ?? "",
      answerPrefix: answerPrefix)
  }
}
