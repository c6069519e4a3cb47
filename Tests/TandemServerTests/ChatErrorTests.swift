import Foundation
import Tandem
import TandemTesting
import Testing

@testable import TandemServer

@Suite(.timeLimit(.minutes(20))) struct `A chat request that makes no sense` {
  /// Members that are added to a request, and the member that the error names.
  static let wrong: [(more: String, param: String)] = [
    (#""temperature": "hot""#, "temperature"), (#""temperature": -1"#, "temperature"), (#""top_p": 7"#, "top_p"),
    (#""max_tokens": -5"#, "max_tokens"), (#""max_tokens": 1.5"#, "max_tokens"), (#""n": 0"#, "n"),
    (#""n": 17"#, "n"), (#""stream": 1"#, "stream"), (#""reasoning_effort": "enormous""#, "reasoning_effort"),
    (#""max_tokens": 5, "max_completion_tokens": 6"#, "max_completion_tokens"),
    (#""thinking_budget_tokens": 5, "thinking_token_budget": 6"#, "thinking_token_budget"),
    (#""thinking_budget_tokens": 5, "reasoning_effort": "low""#, "reasoning_effort"),
    (#""stop": [1]"#, "stop"), (#""stop": """#, "stop"), (#""logit_bias": {"5": 1}"#, "logit_bias"),
    (#""frequency_penalty": 0.5"#, "frequency_penalty"), (#""temprature": 1"#, "temprature"),
    (#""tandem": {"strategy": "large-olny"}"#, "tandem.strategy"), (#""tandem": {"speed": 1}"#, "tandem.speed"),
    (#""tandem": {"settings": {"x": 1}}"#, "tandem.settings.x"), (#""tandem": {"deadline": 0}"#, "tandem.deadline"),
    (#""stream_options": {"include_usage": true}"#, "stream_options"), (#""top_logprobs": 999"#, "top_logprobs"),
  ]

  @Test func `is refused with the name of the member`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      for (more, param) in Self.wrong {
        let found = try await server.chat(more)
        let error = found.json["error"] as? [String: Any]
        #expect(found.status == 400 && error?["param"] as? String == param, "\(more): \(found.body)")
        #expect(Set(error?.keys ?? [:].keys) == ["message", "type", "param", "code"])
      }
    }
  }

  @Test func `is told the nearest parameter`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.chat(#""temprature": 1"#).body
      #expect(found.contains("There is no parameter 'temprature'. Did you mean 'temperature'?"))
    }
  }

  @Test(arguments: [
    "[]", "null", "\"hello\"", "[{\"role\": \"user\"}]", "[{\"role\": \"king\", \"content\": \"x\"}]",
    "[{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]", "[5]",
  ])
  func `has messages that can't be read`(messages: String) async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.send(
        "POST", "/v1/chat/completions", "{\"model\": \"duo\", \"messages\": \(messages)}")
      let error = found.json["error"] as? [String: Any]
      #expect(found.status == 400 && (error?["param"] as? String)?.hasPrefix("messages") == true, "\(found.body)")
    }
  }

  @Test(arguments: ["{\"model\": ", "[1]", String(repeating: "[", count: 100_000)])
  func `has a body that is no JSON object`(body: String) async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.send("POST", "/v1/chat/completions", body)
      #expect(found.status == 400 && found.body.contains("\"malformed\""), "\(found.body)")
      #expect(found.headers["content-type"]?.hasPrefix("application/json") == true)
    }
  }

  @Test func `names a model that there is not`() async throws {
    try await withServer(ServedModels.scripted().models) { server in
      let found = try await server.chat(model: "dou")
      let error = try #require(found.json["error"] as? [String: Any])
      #expect(found.status == 404 && error["code"] as? String == "model_not_found")
      #expect(error["type"] as? String == "not_found_error" && error["param"] as? String == "model")
      #expect((error["message"] as? String)?.contains("Did you mean 'duo'?") == true)
    }
  }

  @Test func `has a prompt that is too long`() async throws {
    let options = MemoryOptions(contextSize: 100)
    try await withServer(ServedModels.scripted(options: options).models) { server in
      let body =
        "{\"model\": \"duo\", \"messages\": [{\"role\": \"user\", \"content\": \"\(String(repeating: "a", count: 500))\"}]}"
      let found = try await server.send("POST", "/v1/chat/completions", body)
      #expect(found.status == 400 && found.body.contains("\"context_length_exceeded\""), "\(found.body)")
      #expect(found.body.contains("this model's maximum context length is 100 tokens, and the prompt has 50"))
    }
  }

  @Test func `is refused when as many wait as may`() async throws {
    let gate = Gate()
    let options = MemoryOptions.waiting(at: gate, afterSampling: 3)
    let models = ServedModels.scripted(count: 2, places: 1, queue: 0, options: options).models
    try await withServer(models) { server in
      async let first = server.chat()
      await gate.arrival()
      let second = try await server.chat(#""stream": true"#)
      #expect(second.status == 429 && second.headers["retry-after"] == "1")
      #expect(second.body.contains("\"rate_limit_error\""))
      await gate.open()
      #expect(try await first.status == 200)
    }
  }
}
