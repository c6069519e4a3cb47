import Synchronization
import TandemInference

/// A model that says what its script says.
///
/// It writes on at a text as long as its session goes on where it stopped, and from there into the next one. Where the
/// session was rewound, or someone else has written since, the next text begins: a probe that is discarded is one text,
/// and what is written instead is another. At the end of the script it ends its turn.
///
/// Control tokens are spelled: `"So it is 6.</think>The answer is 6.<|im_end|>"`.
public struct ScriptedModel: MemoryModel {
  /// Its sessions and counters.
  public let engine: MemoryEngine

  /// A model with one script for all prompts.
  public init(
    _ texts: String..., name: String = "scripted", tokenizer: ByteTokenizer = .init(), options: MemoryOptions = .init()
  ) {
    self.init(name: name, scripts: ["": texts], tokenizer: tokenizer, options: options)
  }

  /// - Parameters:
  ///   - name: The model's name.
  ///   - scripts: A script for each prompt, by something that the prompt contains; "" is for any other.
  ///   - tokenizer: Its vocabulary.
  ///   - options: What its engine can do.
  public init(
    name: String = "scripted", scripts: [String: [String]], tokenizer: ByteTokenizer = .init(),
    options: MemoryOptions = .init()
  ) {
    let texts = scripts.mapValues { $0.map { (try? tokenizer.encode($0, control: .recognised)) ?? [] } }
    self.init(name: name, texts: texts, tokenizer: tokenizer, options: options)
  }

  init(name: String, texts: [String: [[Token]]], tokenizer: ByteTokenizer, options: MemoryOptions) {
    let script = Script(texts)
    engine = MemoryEngine(name: name, tokenizer: tokenizer, options: options) {
      ScriptedSource(script: script, tokenizer: tokenizer)
    }
  }
}

/// The texts that are left.
///
/// All sessions of a model take theirs from here, so that drafts differ.
private final class Script: Sendable {
  private let texts: Mutex<[String: [[Token]]]>

  init(_ texts: [String: [[Token]]]) { self.texts = Mutex(texts) }

  /// The next text for a prompt; nil at the end of its script.
  func take(for prompt: @autoclosure () -> String) -> [Token]? {
    texts.withLock { texts in
      let keys = texts.keys.sorted { $0.count > $1.count }
      let key = keys == [""] ? "" : keys.first { [prompt = prompt()] in $0.isEmpty || prompt.contains($0) }
      guard let key, var left = texts[key], !left.isEmpty else { return nil }
      defer { texts[key] = left }
      return left.removeFirst()
    }
  }
}

private struct ScriptedSource: LogitSource {
  let script: Script
  let tokenizer: ByteTokenizer
  private var rest: ArraySlice<Token> = []
  private var expected: [Token]?

  init(script: Script, tokenizer: ByteTokenizer) {
    self.script = script
    self.tokenizer = tokenizer
  }

  mutating func logits(after tokens: [Token]) -> [Float] {
    if tokens != expected || rest.isEmpty { rest = (script.take(for: tokenizer.decode(tokens)) ?? [])[...] }
    let token = rest.popFirst() ?? tokenizer.endOfTurn
    expected = tokens + [token]
    // Certain, and yet not −∞ for the others: models made of logits subtract them.
    var row = [Float](repeating: -100, count: tokenizer.vocabulary.size)
    row[Int(token.rawValue)] = 0
    return row
  }
}
