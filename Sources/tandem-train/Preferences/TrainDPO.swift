import ArgumentParser
import TandemTraining

/// Preference training: DPO (arXiv:2305.18290) and SimPO (arXiv:2405.14734).
struct TrainDPO: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpo",
    abstract: "Teach a model which of two answers is preferred (DPO, arXiv:2305.18290; SimPO, arXiv:2405.14734).",
    discussion: """
      Each line of the file is a pair (here on two lines):
        {"prompt": "…",
         "chosen": "…", "rejected": "…"}

      "messages", a conversation that ends with the user's question, may replace "prompt". The model that training begins \
      with is DPO's reference: its log-probabilities are computed once, before the first step, so there is never a second \
      copy of it. The losses and their gradients are those of TRL.

      Ctrl-C keeps a checkpoint; run the same command again to continue. Only models of the llama architecture can be \
      trained.

      EXAMPLES
        tandem train dpo --model nano-small --pairs pairs.jsonl --output runs/dpo
        tandem train dpo --model nano-small --pairs pairs.jsonl --rule simpo \\
          --full --learning-rate 2e-5 --output runs/simpo
      """)

  @Option(help: ArgumentHelp("A name, a path, or hf:OWNER/REPO/FILE.gguf.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("Pairs of answers as JSON Lines.", valueName: "file")) var pairs: String
  @Flag(help: "Train all weights instead of an adapter.") var full = false
  @OptionGroup(title: "Preference") var preference: PreferenceOptions
  @OptionGroup(title: "Training") var options: TuningOptions

  func validate() throws { try options.validate(all: full) }

  func run() async throws {
    let objective = try preference.objective()
    let tuning = try await Tuning(model, options)
    let documents = try PairFile(path: pairs, tuning.encoding).documents
    try tuning.train(documents, all: full, by: .preference(objective), dropout: 0) { base in
      objective.rule == .dpo ? try base.referencing(documents) : documents
    }
  }
}

/// The numbers of a preference objective.
struct PreferenceOptions: ParsableArguments {
  @Option(help: "dpo compares with the initial model; simpo with nothing, by the mean log-probability of a token.")
  var rule = PreferenceObjective.Rule.dpo
  @Option(help: "How much a difference of log-probabilities counts. Default: 0.1 for dpo, 2 for simpo.")
  var beta: Float?
  @Option(help: "By how much the chosen answer's reward must be the larger one. Default: 0 for dpo, 1 for simpo.")
  var margin: Float?
  @Flag(
    inversion: .prefixedNo,
    help: "Divide rewards by the answer's tokens. Default: not for dpo (with it, TRL's sigmoid_norm), but for simpo.")
  var lengthNormalization: Bool?

  func validate() throws { _ = try objective() }

  func objective() throws -> PreferenceObjective {
    let objective = PreferenceObjective(
      rule, beta: beta, margin: margin, isLengthNormalized: lengthNormalization)
    try objective.validate()
    return objective
  }
}

extension PreferenceObjective.Rule: ExpressibleByArgument {}
