import CLlama
import TandemInference

/// llama.cpp's grammar sampler, as the state of one generation.
///
/// It is only given tokens that it has allowed: any other makes it throw a C++ exception, which Swift can't catch. For
/// the same reason its own lazy grammars are not used: they are fed whatever follows their trigger.
final class LlamaGrammar: TokenConstraint {
  private let weights: LlamaWeights
  private let tokenizer: LlamaTokenizer
  private let triggers: [[UInt8]]
  private let longest: Int
  /// The sampler in its first state, or the one that the text has brought it into.
  private var state: Sampler
  /// Whether the text is as the rules say from here on.
  private var isOn: Bool
  /// The end of the free text, in which a trigger may have begun.
  private var tail: [UInt8] = []
  /// The state after the trigger that a token completes, once it was asked about.
  private var begun: (token: Token, state: Sampler)?

  /// Throws `invalidParameter` for rules that llama.cpp does not accept, or that `prefix` does not follow.
  init(
    _ grammar: Grammar, _ weights: LlamaWeights, _ tokenizer: LlamaTokenizer, after prefix: [Token]
  ) throws(EngineError) {
    _ = LlamaBackend.takeError()
    guard let handle = llama_sampler_init_grammar(weights.vocabulary, grammar.rules, "root") else {
      let reason = LlamaBackend.takeError() ?? "they are no GBNF, or refer to themselves at their left"
      throw .invalidParameter(name: "grammar", reason: "has rules that can't be used: \(reason)")
    }
    self.weights = weights
    self.tokenizer = tokenizer
    state = Sampler(handle)
    triggers = grammar.triggers.map { Array($0.utf8) }
    longest = triggers.map(\.count).max() ?? 0
    isOn = triggers.isEmpty
    for token in prefix {
      guard allows(token) else {
        throw .invalidParameter(name: "grammarPrefix", reason: "does not follow the grammar")
      }
      accept(token)
    }
  }

  func allows(_ token: Token) -> Bool {
    if isOn { return allows(token, in: state) }
    guard let text = triggered(by: token) else { return true }
    // The rules begin with the trigger, and this token may hold more than its end.
    guard let tokens = try? tokenizer.encode(text, control: .recognised), let copy = state.copy() else { return false }
    for token in tokens {
      guard allows(token, in: copy) else { return false }
      llama_sampler_accept(copy.handle, token.rawValue)
    }
    begun = (token, copy)
    return true
  }

  func mask(_ row: inout [Float], rejected: Token) {
    guard isOn else {
      row[Int(rejected.rawValue)] = -.infinity
      return
    }
    var entries = row.indices.filter { row[$0] > -.infinity && !isControl(Int32($0)) }
      .map { llama_token_data(id: Int32($0), logit: row[$0], p: 0) }
    for index in row.indices { row[index] = -.infinity }
    apply(state, to: &entries)
    for entry in entries { row[Int(entry.id)] = entry.logit }
  }

  func accept(_ token: Token) {
    guard !tokenizer.isEndOfGeneration(token) else { return }
    if isOn { return llama_sampler_accept(state.handle, token.rawValue) }
    if let begun, begun.token == token {
      (state, isOn) = (begun.state, true)
    } else {
      tail += tokenizer.bytes(of: token)
      tail.removeFirst(max(0, tail.count - longest + 1))
    }
  }

  private func allows(_ token: Token, in state: Sampler) -> Bool {
    if isControl(token.rawValue) { return false }
    var entries = [llama_token_data(id: token.rawValue, logit: 0, p: 0)]
    apply(state, to: &entries)
    return entries[0].logit > -.infinity
  }

  /// Whether `token` is no text, and no end either.
  private func isControl(_ token: Int32) -> Bool {
    llama_vocab_is_control(weights.vocabulary, token) && !llama_vocab_is_eog(weights.vocabulary, token)
  }

  private func apply(_ state: Sampler, to entries: inout [llama_token_data]) {
    entries.withUnsafeMutableBufferPointer { buffer in
      var array = llama_token_data_array(data: buffer.baseAddress, size: buffer.count, selected: -1, sorted: false)
      llama_sampler_apply(state.handle, &array)
    }
  }

  /// The trigger that `token` completes, and what follows it in the token; nil if it completes none.
  private func triggered(by token: Token) -> String? {
    let text = tail + tokenizer.bytes(of: token)
    for start in text.indices {
      for trigger in triggers where text[start...].starts(with: trigger) {
        return String(decoding: text[start...], as: UTF8.self)
      }
    }
    return nil
  }

  /// A sampler of llama.cpp, freed with the last reference.
  private final class Sampler {
    let handle: UnsafeMutablePointer<llama_sampler>

    init(_ handle: UnsafeMutablePointer<llama_sampler>) { self.handle = handle }

    deinit { llama_sampler_free(handle) }

    /// Nil if there is no memory for it.
    func copy() -> Sampler? { llama_sampler_clone(handle).map(Sampler.init) }
  }
}
