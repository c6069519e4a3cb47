import Foundation
import Hummingbird
import Tandem
import TandemInference

/// The answer to `GET /v1/models`: OpenAI's list, and beside it what is Tandem's own.
struct ModelList: Encodable {
  let object = "list"
  let data: [Entry]

  init(_ models: ServedModels, created: Int) {
    data = models.all.map { Entry($0, created: created) }
  }

  struct Entry: Encodable {
    let id: String
    let object = "model"
    let created: Int
    let ownedBy = "tandem"
    let tandem: Details

    init(_ model: ServedModel, created: Int) {
      id = model.name
      self.created = created
      tandem = Details(model)
    }

    enum CodingKeys: String, CodingKey {
      case id, object, created, tandem
      case ownedBy = "owned_by"
    }
  }

  /// Which pair and strategy a name stands for, and what may be changed in a request.
  struct Details: Encodable {
    let pair: String
    let strategy: String
    /// The strategy's settings, as they are unless a request changes them.
    let settings: [String: Setting]
    /// The JSON Schema of the settings.
    let schema: Setting
    let summary: String
    let small: String?
    let large: String?
    /// The most tokens of prompt, thinking and answer together.
    let contextSize: Int
    let thinkingTokens: Int
    let answerTokens: Int

    init(_ model: ServedModel) {
      let type = type(of: model.strategy)
      pair = model.pair.name
      strategy = type.name
      settings = Strategies.settings(of: model.strategy)
      schema = Strategies.schema(of: type)
      summary = type.about.summary
      let roles = model.strategy.needs.keys
      small = roles.contains(.small) ? model.pair.solver.small?.model.name : nil
      large = roles.contains(.large) ? model.pair.solver.large?.model.name : nil
      contextSize = model.contextSize
      thinkingTokens = model.budget.thinkingTokens
      answerTokens = model.budget.answerTokens
    }

    enum CodingKeys: String, CodingKey {
      case pair, strategy, settings, schema, summary, small, large
      case contextSize = "context_size"
      case thinkingTokens = "thinking_tokens"
      case answerTokens = "answer_tokens"
    }
  }
}

extension Router<ServerContext> {
  /// `GET /v1/models` and `GET /v1/models/NAME`, whose name may have a slash.
  func addModels(_ models: ServedModels, created: Int) {
    let list = ModelList(models, created: created)
    get("v1/models") { _, _ in try Response(json: list) }
    get("v1/models/**") { _, context in
      let name = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding ?? ""
      return try Response(json: ModelList.Entry(models.model(named: name), created: created))
    }
  }
}
