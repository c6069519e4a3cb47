import TandemInference
import TandemRewards

/// What a reward asks of a prompt, as columns.
private struct RewardColumns: Encodable {
  let index: Int
  let split: String
  let level: LengthLevel?
  let budget: Int?
  let referenceLength: Double?
  let referenceAccuracy: Double?

  init(_ prompt: ExportedPrompt, index: Int, split: String) {
    (self.index, self.split, level, budget) = (index, split, prompt.level, prompt.budget)
    (referenceLength, referenceAccuracy) = (prompt.reference?.meanLength, prompt.reference?.accuracy)
  }

  enum CodingKeys: String, CodingKey {
    case index, split, level, budget
    case referenceLength = "reference_length"
    case referenceAccuracy = "reference_accuracy"
  }
}

/// A row as TRL's GRPOTrainer reads it: all columns but the prompt go to the reward function.
struct TRLRow: Encodable {
  let prompt: [Message]
  let answer: String
  private let columns: RewardColumns

  init(_ prompt: ExportedPrompt, index: Int, split: String) {
    (self.prompt, answer) = (prompt.messages, prompt.answer)
    columns = RewardColumns(prompt, index: index, split: split)
  }

  private enum CodingKeys: CodingKey { case prompt, answer }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(prompt, forKey: .prompt)
    try container.encode(answer, forKey: .answer)
    try columns.encode(to: encoder)
  }
}

/// A row as verl's RLHFDataset reads it: ground truth and `extra_info` go to the reward function.
struct VerlRow: Encodable {
  let dataSource = "tandem"
  let ability = "reasoning"
  let prompt: [Message]
  let rewardModel: RewardModel
  private let extraInfo: RewardColumns

  struct RewardModel: Encodable {
    let style = "rule"
    let groundTruth: String

    enum CodingKeys: String, CodingKey {
      case style
      case groundTruth = "ground_truth"
    }
  }

  init(_ prompt: ExportedPrompt, index: Int, split: String) {
    self.prompt = prompt.messages
    rewardModel = RewardModel(groundTruth: prompt.answer)
    extraInfo = RewardColumns(prompt, index: index, split: split)
  }

  enum CodingKeys: String, CodingKey {
    case ability, prompt
    case dataSource = "data_source"
    case rewardModel = "reward_model"
    case extraInfo = "extra_info"
  }
}
