public import Tandem

/// How a question is put to a model: one of the papers' own templates.
public struct PromptTemplate: Sendable, Hashable {
  public var name: String
  public var summary: String
  /// A system message.
  public var instructions: String?
  /// What stands before the question.
  public var prefix: String
  /// What stands after it.
  public var suffix = ""

  /// The question alone. So SCoT asks (arXiv:2504.19095), and so the nano pair was taught.
  public static let bare = Self(name: "bare", summary: "the question alone (SCoT)", instructions: nil, prefix: "")

  /// Speculative Thinking on mathematics (arXiv:2504.12329, released code).
  ///
  /// Its code appends " <think>\n" to the user's message, because its speculative runs render the prompt without the
  /// assistant's marker, and its baselines with it. Here the thinking is opened in the assistant's turn, for all rows.
  public static let speculativeThinking = Self(
    name: "speculative-thinking", summary: "step by step, with the answer in \\boxed{} (Speculative Thinking)",
    instructions: nil, prefix: "Please reason step by step, and put your final answer within \\boxed{}. ")

  /// Speculative Thinking on GPQA.
  public static let choice = Self(
    name: "speculative-thinking-choice", summary: "only the letter, in \\boxed{} (Speculative Thinking on GPQA)",
    instructions: nil,
    prefix: "Return your final response within \\boxed{} and only include the letter choice (A, B, C, or D) as your "
      + "final response. ")

  /// s1 (arXiv:2501.19393): Qwen's own system message and the question.
  public static let s1 = Self(
    name: "s1", summary: "the question after Qwen's system message (s1)",
    instructions: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", prefix: "")

  /// The question with a level of effort, as TLDR's three lengths are asked for (arXiv:2505.07961, Sec. 4; the words are
  /// ours, and the nano pair was taught them).
  static let efforts = CountdownEffort.allCases.map { effort in
    Self(
      name: "effort-\(effort.rawValue)", summary: "the question and \"\(effort.sentence)\" (TLDR)", instructions: nil,
      prefix: "", suffix: " \(effort.sentence)")
  }

  public static let all = [bare, speculativeThinking, choice, s1] + efforts

  /// Throws `unknownName` with the nearest there is.
  public static func named(_ name: String) throws(TaskError) -> Self {
    guard let template = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "prompt", name: name, known: all.map(\.name))
    }
    return template
  }

  /// The problem that a pair of models is given.
  public func problem(_ exercise: Exercise) -> Problem {
    Problem(id: exercise.id, question: prefix + exercise.question + suffix, instructions: instructions)
  }
}

/// In files a template is its name.
extension PromptTemplate: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    do { self = try .named(value.decode(String.self)) } catch let error as TaskError {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(name)
  }
}
