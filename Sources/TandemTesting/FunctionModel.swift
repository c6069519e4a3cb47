public import TandemInference

/// A model that is a function from the tokens so far to the logits of the next one.
public struct FunctionModel: MemoryModel {
  /// Its sessions and counters.
  public let engine: MemoryEngine

  /// A model whose logits are those of `logits`.
  public init(
    name: String = "function", tokenizer: ByteTokenizer = .init(), options: MemoryOptions = .init(),
    logits: @escaping @Sendable ([Token]) throws -> [Float]
  ) {
    engine = MemoryEngine(name: name, tokenizer: tokenizer, options: options) { FunctionSource(function: logits) }
  }
}

private struct FunctionSource: LogitSource {
  let function: @Sendable ([Token]) throws -> [Float]

  func logits(after tokens: [Token]) throws -> [Float] { try function(tokens) }
}

extension FunctionModel {
  /// Words that follow one another by chance: a distribution that a test can work out on paper.
  ///
  /// - Parameters:
  ///   - rows: The weights of the words that may follow, by what the text ends with. The longest key that fits counts; ""
  ///     fits everything. Words may be control tokens.
  ///   - name: The model's name.
  ///   - options: What its engine can do.
  public static func table(
    _ rows: [String: [String: Float]], name: String = "table", options: MemoryOptions = .init()
  ) -> Self {
    let words = Set(rows.values.flatMap(\.keys)).subtracting(ByteTokenizer.controls).sorted()
    let tokenizer = ByteTokenizer(words: words, alphabet: Array("?".utf8))
    let keys = rows.keys.sorted { $0.count > $1.count }
    return Self(name: name, tokenizer: tokenizer, options: options) { tokens in
      let end = tokens.suffix(16).map(tokenizer.spelling).joined()
      var logits = [Float](repeating: -.infinity, count: tokenizer.vocabulary.size)
      for (word, weight) in keys.first(where: end.hasSuffix).flatMap({ rows[$0] }) ?? [:] where weight > 0 {
        guard let token = tokenizer.token(spelled: word) else { continue }
        logits[Int(token.rawValue)] = Softmax.log(weight)
      }
      return logits
    }
  }
}
