import Foundation
import Hummingbird
import Tandem
import TandemInference

/// Text to tokens and back, in the vocabulary of one model of a pair.
enum Tokenizing {
  /// `{"content" or "prompt": TEXT, "add_special" or "add_special_tokens": BOOL, "parse_special": BOOL}`.
  static func tokenize(_ body: Data, _ models: ServedModels) throws -> Response {
    var body = try JSONMembers(body: body)
    let (content, prompt) = (try body.text("content"), try body.text("prompt"))
    if let content, let prompt, content != prompt {
      throw ServerError.invalid("'content' and 'prompt' say different things. Give one of them.", "prompt")
    }
    guard let text = content ?? prompt else { throw body.missing("content") }
    let participant = try participant(try body.text("model"), try body.text("role"), models)
    let (first, second) = (try body.flag("add_special"), try body.flag("add_special_tokens"))
    // vLLM adds them unless told otherwise, llama-server does not.
    let adds = first ?? second ?? (prompt != nil)
    let parses = try body.flag("parse_special") ?? true
    let pieces = try body.flag("with_pieces") ?? false
    if try body.flag("return_token_strs") == true { throw unsupported("return_token_strs") }
    try body.finish()
    let model = participant.model
    var tokens = try model.tokenizer.encode(text, control: parses ? .recognised : .asText)
    if adds, let begin = model.tokenizer.beginningOfText, tokens.first != begin { tokens.insert(begin, at: 0) }
    let ids = tokens.map(\.rawValue)
    if pieces {
      let texts = tokens.map { String(decoding: model.tokenizer.bytes(of: $0), as: UTF8.self) }
      return try Response(json: ["tokens": zip(ids, texts).map { Piece(id: $0, piece: $1) }])
    }
    return try Response(json: Tokens(tokens: ids, count: ids.count, maxModelLen: model.contextSize))
  }

  /// `{"tokens": [ID, …]}`. The text is called `content` by llama-server, and `prompt` by vLLM.
  static func detokenize(_ body: Data, _ models: ServedModels) throws -> Response {
    var body = try JSONMembers(body: body)
    guard let list = try body.list("tokens") else { throw body.missing("tokens") }
    let tokens = try CompletionRequest.tokens(list, "tokens")
    let participant = try participant(try body.text("model"), try body.text("role"), models)
    try body.finish()
    let tokenizer = participant.model.tokenizer
    let size = tokenizer.vocabulary.size
    guard tokens.allSatisfy({ (0..<size).contains(Int($0.rawValue)) }) else {
      throw ServerError.invalid("'tokens' has a token that there is not: ids are below \(size).", "tokens")
    }
    let text = tokenizer.decode(tokens)
    return try Response(json: ["content": text, "prompt": text])
  }

  /// What lm-eval asks of a tokenizer.
  static func info(_ model: String?, _ role: String?, _ models: ServedModels) throws -> Response {
    let model = try participant(model, role, models).model
    let end = model.tokenizer.endTokens.first.map { model.tokenizer.spelling(of: $0) }
    let begin = model.tokenizer.beginningOfText.map { model.tokenizer.spelling(of: $0) }
    return try Response(
      json: Info(
        eosToken: end, bosToken: begin, chatTemplate: model.template.source,
        vocabularySize: model.tokenizer.vocabulary.size, maxModelLen: model.contextSize))
  }

  private static func participant(
    _ name: String?, _ role: String?, _ models: ServedModels
  ) throws(ServerError) -> Participant {
    guard let first = models.all.first else { throw .invalid("The server has no model.", "model") }
    let model = if let name { try models.model(named: name) } else { first }
    guard let role = Role(rawValue: role ?? Role.large.rawValue) else {
      throw .invalid("'role' can be small or large.", "role")
    }
    return try model.pair.participant(role)
  }

  private static func unsupported(_ name: String) -> ServerError {
    .invalid("'\(name)' is not supported.", name, code: "unsupported")
  }

  private struct Piece: Encodable {
    let id: Int32
    let piece: String
  }

  private struct Tokens: Encodable {
    let tokens: [Int32]
    let count: Int
    let maxModelLen: Int

    enum CodingKeys: String, CodingKey {
      case tokens, count
      case maxModelLen = "max_model_len"
    }
  }

  private struct Info: Encodable {
    let eosToken: String?
    let bosToken: String?
    let chatTemplate: String?
    let vocabularySize: Int
    let maxModelLen: Int

    enum CodingKeys: String, CodingKey {
      case eosToken = "eos_token"
      case bosToken = "bos_token"
      case padToken = "pad_token"
      case chatTemplate = "chat_template"
      case vocabularySize = "vocab_size"
      case maxModelLen = "max_model_len"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(eosToken, forKey: .eosToken)
      try values.encode(bosToken, forKey: .bosToken)
      try values.encodeNil(forKey: .padToken)
      try values.encode(chatTemplate, forKey: .chatTemplate)
      try values.encode(vocabularySize, forKey: .vocabularySize)
      try values.encode(maxModelLen, forKey: .maxModelLen)
    }
  }
}
