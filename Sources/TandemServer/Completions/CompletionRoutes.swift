import Foundation
import Hummingbird
import NIOCore
import Tandem
import TandemInference

extension Router<ServerContext> {
  /// `POST /v1/completions`, and the tokens of a model: `/tokenize`, `/detokenize`, `/tokenizer_info`.
  func addCompletions(_ runs: RunService) {
    post("v1/completions") { request, context in
      let completion = try CompletionRequest(try await request.bodyData(context))
      let stream = try await CompletionJob(completion, runs, context).begin()
      return try await completion.streams ? stream.response(runs.limits, context) : Response(json: stream.whole())
    }
    for path in ["tokenize", "v1/tokenize"] as [RouterPath] {
      post(path) { request, context in try Tokenizing.tokenize(try await request.bodyData(context), runs.models) }
    }
    for path in ["detokenize", "v1/detokenize"] as [RouterPath] {
      post(path) { request, context in try Tokenizing.detokenize(try await request.bodyData(context), runs.models) }
    }
    for path in ["tokenizer_info", "v1/tokenizer_info"] as [RouterPath] {
      get(path) { request, _ in
        let query = request.uri.queryParameters
        return try Tokenizing.info(query["model"].map { String($0) }, query["role"].map { String($0) }, runs.models)
      }
    }
  }
}
