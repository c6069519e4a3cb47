import FoundationEssentials
import TandemInference
package import TandemRewards
import TandemSupport

/// A run of reinforcement on a model that is too large for this trainer: all that another framework needs for it.
package struct HandOver: Sendable {
  package var framework: Framework
  /// What is handed over of it is the reward, sizes of groups and completions, the objective, and the optimiser.
  package var options: PolicyOptions
  package var check: AnswerCheck
  package var thinkingEnd = ReasoningMarkers.think.closing
  /// What AALC needs.
  package var validationAccuracy: Double?
  package var training: [ExportedPrompt]
  package var validation: [ExportedPrompt]

  package init(
    _ framework: Framework, _ options: PolicyOptions, check: AnswerCheck, training: [ExportedPrompt],
    validation: [ExportedPrompt] = []
  ) {
    (self.framework, self.options, self.check) = (framework, options, check)
    (self.training, self.validation) = (training, validation)
  }

  /// Writes the files into `folder`, which is created if it does not exist.
  ///
  /// Throws `invalidOption` if the reward needs what the data does not have, or the framework can't do what the
  /// options ask for; `fileUnwritable`.
  package func write(to folder: String) throws(TrainingError) {
    try validate()
    var files = [
      ("tandem_reward.py", try python()), ("README.md", readme()), configuration,
      ("train.jsonl", try Self.lines(training, "train", framework)),
    ]
    if !validation.isEmpty { files.append(("validation.jsonl", try Self.lines(validation, "validation", framework))) }
    try TrainingFile.makeFolder(folder)
    for (name, text) in files { try TrainingFile.write(Data(text.utf8), to: "\(folder)/\(name)") }
  }

  /// The most completions that verl's reward worker, an asynchronous actor of Ray, takes at once.
  static let rayConcurrency = 1000

  func validate() throws(TrainingError) {
    try options.validate()
    guard !training.isEmpty else { throw .invalidOption(name: "data", reason: "has no prompt to train on") }
    if options.advantages.isPositiveOnly {
      throw .invalidOption(name: "isPositiveOnly", reason: "is not there in \(framework.rawValue)")
    }
    let comparesGroup = type(of: options.reward.reward).comparesGroup
    if framework == .verl, comparesGroup, options.groups * options.groupSize > Self.rayConcurrency {
      throw .invalidOption(
        name: "groups",
        reason: "times groupSize can be at most \(Self.rayConcurrency), since the reward compares completions in verl")
    }
    // Every prompt must have what the reward asks for, and earn a number, before a cluster finds out.
    for prompt in training {
      do {
        _ = try options.reward.rewards(of: [RewardOutcome(length: 1, isCorrect: true)], context(of: prompt))
      } catch {
        throw .unrewardable(prompt: prompt.question, cause: error)
      }
    }
  }

  private func context(of prompt: ExportedPrompt) -> RewardContext {
    RewardContext(
      limit: options.limit, level: prompt.level, budget: prompt.budget, reference: prompt.reference,
      validationAccuracy: validationAccuracy)
  }

  private static func lines(
    _ prompts: [ExportedPrompt], _ split: String, _ framework: Framework
  ) throws(TrainingError) -> String {
    var text = ""
    for (index, prompt) in prompts.enumerated() {
      switch framework {
      case .trl: text += try TRLRow(prompt, index: index, split: split).jsonLine() + "\n"
      case .verl: text += try VerlRow(prompt, index: index, split: split).jsonLine() + "\n"
      }
    }
    return text
  }
}

extension Encodable {
  /// One line of JSON with sorted keys.
  func jsonLine() throws(TrainingError) -> String {
    do {
      return try json()
    } catch {
      throw .invalidOption(name: "data", reason: "can't be written as JSON: \(error)")
    }
  }
}

extension String {
  /// A literal that Python reads as the same text: JSON's are.
  func pythonLiteral() throws(TrainingError) -> String { try jsonLine() }
}
