import HTTPTypes
import Hummingbird
import Tandem

extension Router<ServerContext> {
  /// Anthropic's API: `POST /v1/messages`, `POST /v1/messages/count_tokens`.
  func addMessages(_ runs: RunService) {
    post("v1/messages") { request, context in
      let asked = try MessagesRequest(try await request.bodyData(context))
      let run = try await runs.begin(
        asked.run, id: RunID.make("msg"), sendsEvents: asked.streams && asked.sendsEvents, context: context)
      var response: Response
      if asked.streams {
        try await run.firstUpdate(within: runs.limits.ping)
        response = run.response(MessagesFold(run, showsThinking: asked.showsThinking), runs.limits, context)
      } else {
        let written = try await run.whole()
        response = try Response(json: run.message(written[0], showsThinking: asked.showsThinking))
      }
      response.headers[.anthropicRequestID] = context.requestID
      return response
    }
    post("v1/messages/count_tokens") { request, context in
      let asked = try MessagesRequest(try await request.bodyData(context), counts: true)
      return try Response(json: ["input_tokens": try asked.run.promptTokens(runs.models)])
    }
  }
}

extension RunRequest {
  /// The tokens of the prompt, of the model for which they are more.
  fileprivate func promptTokens(_ models: ServedModels) throws -> Int {
    let model = try models.model(named: model)
    let participants = model.strategy.needs.keys.sorted { $0.rawValue < $1.rawValue }
      .compactMap { model.pair.solver[$0] }
    let problem = try Problem(self, ToolPlan(tools, for: participants))
    return try participants.map { try $0.promptTokens(of: problem) }.max() ?? 0
  }
}

extension HTTPField.Name {
  /// `request-id`, which Anthropic's client reports.
  fileprivate static let anthropicRequestID = HTTPField.Name(parsed: "request-id") ?? .from
}
