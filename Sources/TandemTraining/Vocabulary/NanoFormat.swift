import TandemInference
package import TandemTasks

/// How the nano models write a conversation: turns between control tokens, thoughts between blank lines.
package enum NanoFormat {
  /// A blank line is one token, so that the decision to stop thinking is always made at the same place.
  static let boundary = "\n\n"
  static let opening = ReasoningMarkers.think.opening
  static let closing = ReasoningMarkers.think.closing

  /// The tokens that are no words.
  package static let added: [BytePairVocabulary.Entry] = [
    .init(BytePairVocabulary.endOfTextName, .control), .init(BytePairVocabulary.startOfTurnName, .control),
    .init(BytePairVocabulary.endOfTurnName, .control), .init(opening, .userDefined), .init(closing, .userDefined),
    .init(boundary, .userDefined),
  ]

  /// Rows of the embedding matrix.
  package static let vocabularySize = 512

  package static let chatTemplate = """
    {% for m in messages %}<|im_start|>{{ m['role'] }}
    {{ m['content'] }}<|im_end|>
    {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
    <think>
    {% endif %}
    """

  /// What a GGUF file of a nano model says of its tokenizer and of its conversations.
  package static func metadata(_ vocabulary: BytePairVocabulary) -> [String: GGUFValue] {
    vocabulary.metadata.merging(["tokenizer.chat_template": .string(chatTemplate)]) { own, _ in own }
  }

  /// What the template makes of one question.
  package static func prompt(_ question: String) -> String {
    "<|im_start|>user\n\(question)<|im_end|>\n<|im_start|>assistant\n\(opening)\n"
  }

  /// Learns the vocabulary from documents of `policy`: every number from 0 to 99 with the space before it is one token.
  ///
  /// Throws `CancellationError` if the task is cancelled while documents are made.
  package static func trainVocabulary(
    policy: CountdownTracePolicy = CountdownTracePolicy(), seed: UInt64 = 1, documents count: Int = 2_000
  ) throws -> BytePairVocabulary {
    var documents = CountdownDocuments(seed: seed, policy: policy)
    let texts = try (0..<count).flatMap { _ in
      try Task.checkCancellation()
      let document = documents.next()
      return ["user\n", document.question, "assistant\n"] + document.thoughts.map(\.text) + [document.answer]
    }
    return try .train(on: texts, whole: (0...99).map { " \($0)" }, added: added, size: vocabularySize)
  }
}
