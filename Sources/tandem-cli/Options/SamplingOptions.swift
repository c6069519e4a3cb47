import ArgumentParser
import Tandem
import TandemSetup

/// How tokens are sampled, and how many.
///
/// No flag has a value unless it is given, as with `ModelOptions`.
struct SamplingOptions: ParsableArguments {
  @Option(help: "Temperature; 0 always takes the most likely token. Default: the preset's, else 0.6.")
  var temp: Float?

  @Option(help: "Keep the k most likely tokens; 0 keeps all. Default: the preset's, else 0.")
  var topK: Int?

  @Option(help: "Keep the most likely tokens that together have this probability. Default: the preset's, else 0.95.")
  var topP: Float?

  @Option(help: "Keep tokens at least this fraction as likely as the most likely one. Default: 0, which keeps all.")
  var minP: Float?

  @Option(help: "Divide the logits of recent tokens by this. Default: 1, which is off.")
  var repeatPenalty: Float?

  @Option(
    name: [.customShort("s"), .long], help: "Seed; the same seed, models and settings give the same run. Default: 0.")
  var seed: UInt64?

  @Option(help: "The most thinking tokens. Default: the preset's, else 4096 or what the context allows.")
  var reasoningBudget: Int?

  @Option(
    name: [.customShort("n"), .long],
    help: "The most tokens of the answer, reserved beside the thinking. Default: 1024 or what the context allows.")
  var predict: Int?

  @Option(help: "Seconds for a whole run; then the thinking is cut off. Default: no limit.")
  var deadline: Double?

  @Option(help: "What to do when the thinking budget is spent: answer anyway, or stop. Default: answer.")
  var whenSpent: Budget.WhenSpent?

  @Option(help: "Extra tokens to finish the current thought when the budget is spent. Default: 0.")
  var landingTokens: Int?

  @Option(help: "Text to add to thinking that is cut off, before its end. Default: none.")
  var landingText: String?

  @Option(help: "How an answer begins after thinking was cut off. Default: as in the model's format.")
  var answerPrefix: String?

  /// What the flags say.
  var options: RunOptions {
    RunOptions(
      sampling: .init(temperature: temp, topK: topK, topP: topP, minP: minP, repetitionPenalty: repeatPenalty),
      limits: .init(
        thinkingTokens: reasoningBudget, answerTokens: predict, seconds: deadline, whenSpent: whenSpent,
        landingTokens: landingTokens, landingText: landingText, answerPrefix: answerPrefix),
      seeds: seed.map { [$0] })
  }
}
