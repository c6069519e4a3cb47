import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import TandemRewards
import Testing

@testable import TandemServer

/// What a server said.
private struct RewardAnswer: Sendable {
  let status: Int
  let body: Data

  func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: body)
  }

  /// The code and the text of an error.
  var error: (code: String, message: String) {
    get throws {
      let inner = try #require(try decoded([String: [String: String?]].self)["error"])
      #expect(Set(inner.keys) == ["message", "type", "param", "code"])
      return ((inner["code"] ?? nil) ?? "", (inner["message"] ?? nil) ?? "")
    }
  }
}

@Suite struct `The server of rewards` {
  private struct Rewarded: Decodable {
    let rewards: [[Double]]
    let isCorrect: [[Bool]]
  }

  /// What it would send. Not by HummingbirdTesting, which builds an HTTP client and all of BoringSSL.
  private func ask(_ uri: String, _ method: HTTPRequest.Method = .post, _ body: String = "") async throws
    -> RewardAnswer
  {
    let head = HTTPRequest(
      method: method, scheme: "http", authority: "localhost", path: uri,
      headerFields: [.contentLength: "\(body.utf8.count)"])
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
    let source = ServerContext.Source(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test"))
    let response = try await Server(nil).router().buildResponder()
      .respond(to: request, context: ServerContext(source: source))
    #expect(response.headers[.contentType]?.hasPrefix("application/json") == true)
    let written = Written()
    try await response.body.write(written)
    return RewardAnswer(status: response.status.code, body: written.body)
  }

  private final class Written: ResponseBodyWriter {
    var body = Data()
    func write(_ buffer: ByteBuffer) { body += buffer.readableBytesView }
    func finish(_ trailingHeaders: HTTPFields?) {}
  }

  @Test func `is well`() async throws {
    #expect(try await ask("/health", .get).decoded() == ["status": "ok"])
  }

  @Test func `earns outcomes what the rule earns them`() async throws {
    let body = """
      {"reward": "tldr", "coefficients": {"short": 0.8, "medium": 0.4}, "limit": 400, "groups": [
        {"level": "short", "outcomes": [{"length": 100, "isCorrect": true}, {"length": 400, "isCorrect": false}]},
        {"level": "medium", "outcomes": [{"length": 200, "isCorrect": true}]}]}
      """
    // 1 - 0.8 * 100/400, 0 - 0.8 * 400/400; 1 - 0.4 * 200/400
    let found = try await ask("/v1/rewards", .post, body).decoded(Rewarded.self)
    #expect(found.rewards == [[0.8, -0.8], [0.8]])
    #expect(found.isCorrect == [[true, false], [true]])
    let forRight = body.replacing("\"limit\"", with: "\"correctOnly\": true, \"limit\"")
    #expect(try await ask("/v1/rewards", .post, forRight).decoded(Rewarded.self).rewards == [[0.8, 0], [0.8]])
  }

  @Test func `hands everything that a rule asks for to it`() async throws {
    let groups = """
      "groups": [{"budget": 150, "reference": {"meanLength": 200, "accuracy": 0.5}, "outcomes": [
        {"length": 100, "isCorrect": true}, {"length": 300, "isCorrect": false, "isCut": true, "isRepetitive": true}]}]
      """
    var context = RewardContext(limit: 400, level: nil, budget: 150, reference: .init(meanLength: 200, accuracy: 0.5))
    context.validationAccuracy = 0.5
    let outcomes = [
      RewardOutcome(length: 100, isCorrect: true),
      RewardOutcome(length: 300, isCorrect: false, isCut: true, isRepetitive: true),
    ]
    for type in RewardRule.known where type.name != "tldr" {
      let body = "{\"reward\": \"\(type.name)\", \"limit\": 400, \"validationAccuracy\": 0.5, \(groups)}"
      let found = try await ask("/v1/rewards", .post, body).decoded(Rewarded.self).rewards
      #expect(try found == [RewardRule(type.init()).rewards(of: outcomes, context)], "\(type.name)")
    }
  }

  @Test func `judges completions before it rewards them`() async throws {
    let body = """
      {"reward": "l1-max", "limit": 400, "groups": [{"budget": 150, "check": "countdown", "answer": "8-5-3=24",
        "completions": [{"output": "Answer: 8 - 5 = 3, 3 * 3 = 9.", "length": 100},
                        {"output": "So.\\nAnswer: 5 + 3 = 8, 8 * 8 = 64.", "length": 100}]},
       {"budget": 150, "check": "mathematics", "answer": "1/2", "completions": [
         {"output": "\\\\boxed{0.5}", "length": 100}, {"output": "\\\\boxed{0.5}", "length": 100, "isCut": true}]}]}
      """
    let found = try await ask("/v1/rewards", .post, body).decoded(Rewarded.self)
    #expect(found.isCorrect == [[false, false], [true, false]])
    #expect(found.rewards == [[0, 0], [0.0003 * 50 + 0.5, 0]])
    // The example of `RewardRequest`.
    let example = """
      {"reward": "tldr", "coefficients": {"short": 0.8}, "limit": 440, "groups": [
        {"level": "short", "outcomes": [{"length": 100, "isCorrect": true}]},
        {"level": "long", "check": "countdown", "answer": "8-5-2=24",
         "completions": [{"output": "Answer: 5 - 2 = 3, 8 * 3 = 24.", "length": 120}]}]}
      """
    #expect(try await ask("/v1/rewards", .post, example).decoded(Rewarded.self).isCorrect == [[true], [true]])
    let judged = try await ask(
      "/v1/judgements", .post,
      "{\"check\": \"mathematics\", \"answer\": \"2x+1\", \"outputs\": [\"\\\\boxed{1+2x}\", \"\\\\boxed{x}\"]}")
    let judgements = try #require(try judged.decoded([String: [[String: Bool]]].self)["judgements"])
    #expect(judgements == [["isRight": true], ["isRight": false]])
  }

  @Test func `lists the rules with their coefficients`() async throws {
    struct List: Decodable {
      let rewards: [Rule]
      struct Rule: Decodable {
        let name: String
        let comparesGroup: Bool
        let coefficients: [String: Coefficient]
      }
    }
    let rules = try await ask("/v1/rewards", .get).decoded(List.self).rewards
    #expect(rules.map(\.name) == RewardRule.known.map { $0.name })
    let kimi = try #require(rules.first { $0.name == "kimi" })
    #expect(kimi.comparesGroup && kimi.coefficients == ["lengthWeight": .number(0.4)])
  }

  @Test func `says of what is not JSON, or of another form, where`() async throws {
    for (body, message) in [
      ("", "not JSON"), ("{\"reward\"", "not JSON"), ("[]", "not one JSON object"),
      ("{\"reward\": \"kimi\", \"limit\": 4}", "'groups' is missing"),
      ("{\"reward\": 4, \"limit\": 4, \"groups\": []}", "'reward' has a value of the wrong kind"),
      (
        "{\"reward\": \"kimi\", \"limit\": 4, \"groups\": [{\"outcomes\": [{\"length\": \"x\"}]}]}",
        "'groups[0].outcomes[0].length' has a value of the wrong kind"
      ),
      ("{\"reward\": \"kimi\", \"limit\": 4, \"groups\": [{\"level\": \"tiny\"}]}", "'groups[0].level' can't be read"),
    ] {
      let answer = try await ask("/v1/rewards", .post, body)
      #expect(answer.status == 400, "\(body)")
      let error = try answer.error
      #expect(error.code == "malformed" && error.message.contains(message), "\(body): \(error.message)")
    }
  }

  @Test(arguments: [
    (#""correct_only": true"#, "correct_only", "correctOnly"),
    (#""groups": [{"levle": "short"}]"#, "groups[0].levle", "groups[0].level"),
    (#""groups": [{"outcomes": [{"iscut": true}]}]"#, "groups[0].outcomes[0].iscut", "groups[0].outcomes[0].isCut"),
    (#""groups": [{"reference": {"accurcy": 1}}]"#, "groups[0].reference.accurcy", "groups[0].reference.accuracy"),
  ])
  func `refuses a key that it does not know`(entry: String, key: String, nearest: String) async throws {
    let answer = try await ask("/v1/rewards", .post, #"{"reward": "kimi", "limit": 4, \#(entry)}"#)
    #expect(answer.status == 400)
    let error = try answer.error
    #expect(error.code == "unknown_parameter")
    #expect(error.message == "There is no parameter '\(key)'. Did you mean '\(nearest)'?")
  }

  @Test func `refuses such a key of a judgement too`() async throws {
    let answer = try await ask(
      "/v1/judgements", .post, #"{"check": "exact", "answer": "1", "outputs": ["1"], "chek": "exact"}"#)
    #expect(answer.status == 400)
    #expect(try answer.error.message.contains("'chek'. Did you mean 'check'?"))
  }

  @Test func `says of what makes no sense why`() async throws {
    let outcomes = "{\"outcomes\": [{\"length\": 1, \"isCorrect\": true}]}"
    let empty = "{\"length\": 1, \"output\": \"\"}"
    func body(_ reward: String, _ groups: String, limit: Int = 4) -> String {
      "{\"reward\": \"\(reward)\", \"limit\": \(limit), \"groups\": [\(groups)]}"
    }
    for (body, message) in [
      (body("tdlr", outcomes), "reward can be tldr"), (body("kimi", ""), "'groups' is empty"),
      (body("tldr", outcomes), "groups[0]: reward tldr needs a level in the prompt"),
      (body("kimi", outcomes, limit: 0), "'limit' must be at least one token"),
      (body("kimi", outcomes + ", {}"), "groups[1] must have either outcomes or completions"),
      (body("kimi", "{\"outcomes\": [{\"length\": 1}]}"), "groups[0].outcomes[0] does not say whether it isCorrect"),
      (body("kimi", "{\"completions\": [{\"length\": 1}]}"), "groups[0] has completions, and needs 'check'"),
      (
        body("kimi", "{\"check\": \"exact\", \"answer\": \"1\", \"completions\": [{\"length\": 1}]}"),
        "groups[0].completions[0] has no output"
      ),
      (
        body("kimi", "{\"check\": \"countdown\", \"answer\": \"1\", \"completions\": [\(empty)]}"),
        "must be a Countdown problem"
      ),
      (body("kimi", "{\"outcomes\": [{\"length\": -1, \"isCorrect\": true}]}"), "a length can't be below 0"),
      (
        "{\"reward\": \"kimi\", \"coefficients\": {\"weight\": 1}, \"limit\": 4, \"groups\": [\(outcomes)]}",
        "weight is not a coefficient of kimi; it has lengthWeight"
      ),
      (
        "{\"reward\": \"soft-overlong\", \"coefficients\": {\"cache\": 1e308}, \"limit\": 4, "
          + "\"groups\": [\(outcomes)]}",
        "groups[0]: reward soft-overlong is not always a number with its coefficients cache 1e+308."
      ),
      (
        body("l1-exact", "{\"budget\": -9223372036854775808, \(outcomes.dropFirst())"),
        "groups[0]: budget must be from 1 to 1000000000 tokens."
      ),
      (
        body("o1-pruner", "{\"reference\": {\"meanLength\": 1, \"accuracy\": 2}, \(outcomes.dropFirst())"),
        "groups[0]: reference must have a meanLength of at least 0 tokens and an accuracy from 0 to 1."
      ),
    ] {
      let answer = try await ask("/v1/rewards", .post, body)
      #expect(answer.status == 400, "\(body)")
      let error = try answer.error
      #expect(error.code == "invalid_value" && error.message.contains(message), "\(body): \(error.message)")
    }
  }

  @Test func `counts tokens as far as JSON does`() async throws {
    for type in RewardRule.known {
      let outcomes = "[{\"length\": \(Int.max), \"isCorrect\": true}, {\"length\": 0, \"isCorrect\": false}]"
      let body = """
        {"reward": "\(type.name)", "limit": \(Int.max), "validationAccuracy": 0.5, "groups": [{"level": "short", "budget": 1,
          "reference": {"meanLength": 1e300, "accuracy": 1}, "outcomes": \(outcomes)}]}
        """
      let answer = try await ask("/v1/rewards", .post, body)
      #expect(answer.status == 200, "\(type.name): \(String(decoding: answer.body, as: UTF8.self))")
    }
  }

  @Test func `has nothing elsewhere, and takes no body without end`() async throws {
    for (uri, method) in [("/v1/reward", HTTPRequest.Method.post), ("/", .get), ("/health", .post)] {
      let answer = try await ask(uri, method)
      #expect(answer.status == 404)
      let error = try answer.error
      #expect(error.code == "not_found" && error.message == "There is nothing at \(method) \(uri).")
    }
    let large = String(repeating: " ", count: ServerLimits.uploadLimit + 1)
    let answer = try await ask("/v1/rewards", .post, large)
    #expect(answer.status == 413)
    let error = try answer.error
    #expect(error.code == "too_large" && error.message == "The body is larger than 16777216 bytes.")
  }
}
