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
      let job = try CompletionJob(completion, runs, context)
      guard completion.streams else { return try Response(json: await job.whole()) }
      try await job.check()
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"],
        body: ResponseBody { writer in
          do {
            try await job.stream { try await writer.write(ByteBuffer(string: "data: \($0)\n\n")) }
            try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
          } catch let error as ServerError {
            let json = String(decoding: try JSONEncoder.compact.encode(error), as: UTF8.self)
            try await writer.write(ByteBuffer(string: "data: \(json)\n\n"))
          }
          try await writer.finish(nil)
        })
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
