import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Tandem
import TandemInference
import TandemLlama
import TandemRemote

/// Speculative Thinking by calls as its released client makes them (`speculative_vllm.py`, and `vllm_p` for text): each is a
/// whole answer that is waited for; text goes in, the server makes tokens of it again; no call says which run it belongs to.
/// The rules and constants are those of `settings`, and the servers keep their own caches.
struct PublishedClient {
  static let settings = {
    var settings = SpeculativeThinking.paper
    (settings.takeoverTokens, settings.verificationTokens) = (14, 4)
    (settings.excessTokens, settings.excessIncrement, settings.excessMaximum) = (12, 0, 12)
    (settings.excessThreshold, settings.thresholdIncrement, settings.thresholdMaximum) = (5, 0, 5)
    settings.excessText = ""
    return settings
  }()

  private static let most = 350 + 48
  private let client = HTTPClient.shared
  private let small, large: RemoteAddress
  private let isVLLM: Bool
  private let words = CueWords.paper
  private var text: String
  private var calls = 0
  private var kept = 0
  private var sampled = 0
  private var handOvers = 0
  private var isOver = false

  /// An answer of llama-server's or vLLM's.
  private struct Answer: Decodable {
    var text: String
    let tokens: Int
    let isEnd: Bool
    let isStop: Bool

    private enum Key: String, CodingKey {
      case content, choices, usage, text
      case tokensPredicted = "tokens_predicted"
      case stopType = "stop_type"
      case finishReason = "finish_reason"
      case stopReason = "stop_reason"
      case completionTokens = "completion_tokens"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      if values.contains(.content) {
        text = try values.decode(String.self, forKey: .content)
        tokens = try values.decode(Int.self, forKey: .tokensPredicted)
        let type = try values.decode(String.self, forKey: .stopType)
        (isEnd, isStop) = (type == "eos", type == "word")
        return
      }
      var choices = try values.nestedUnkeyedContainer(forKey: .choices)
      let choice = try choices.nestedContainer(keyedBy: Key.self)
      text = try choice.decode(String.self, forKey: .text)
      let hasStopped = try choice.decodeIfPresent(String.self, forKey: .finishReason) == "stop"
      let isText = try !choice.decodeNil(forKey: .stopReason)
      (isEnd, isStop) = (hasStopped && !isText, hasStopped && isText)
      let usage = try values.nestedContainer(keyedBy: Key.self, forKey: .usage)
      tokens = try usage.decode(Int.self, forKey: .completionTokens)
    }
  }

  static func run(_ small: String, _ large: String, _ file: String) async throws {
    let isVLLM = try await connect(small).report.dialect == "vLLM"
    let parts = small.split(separator: ",", maxSplits: 1).map(String.init)
    let template = try LlamaVocabulary(path: parts[1]).template
    for question in try lines(of: file) {
      let prompt = try template.prompt(for: [.init(.user, question)]).map(\.text).joined()
      let opening = prompt.contains("<think>") ? "" : "<think>\n"
      var run = Self(
        small: try Self.address(small), large: try Self.address(large), isVLLM: isVLLM, text: prompt + opening)
      let start = ContinuousClock.now
      try await run.reason()
      try printLine([
        "seconds": seconds(since: start), "calls": run.calls, "kept": run.kept, "sampled": run.sampled,
        "handOvers": run.handOvers,
      ])
    }
  }

  private static func address(_ name: String) throws -> RemoteAddress {
    try RemoteAddress(parsing: String(name.prefix { $0 != "," }))
  }

  private init(small: RemoteAddress, large: RemoteAddress, isVLLM: Bool, text: String) {
    (self.small, self.large, self.isVLLM, self.text) = (small, large, isVLLM, text)
  }

  private mutating func call(_ address: RemoteAddress, limit: Int, stop: [String] = []) async throws -> Answer {
    var request = HTTPClientRequest(url: address.server.absoluteString + (isVLLM ? "/v1/completions" : "/completion"))
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    var body: [String: Any] = ["prompt": text, "temperature": 0, "stop": stop, "stream": false]
    body[isVLLM ? "max_tokens" : "n_predict"] = limit
    if isVLLM { (body["model"], body["add_special_tokens"]) = (address.model ?? "", false) }
    request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
    let response = try await client.execute(request, timeout: .seconds(60))
    let bytes = try await response.body.collect(upTo: 1 << 20)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
    calls += 1
    sampled += answer.tokens
    return answer
  }

  private mutating func keep(_ answer: Answer, stop: String = "") {
    text += answer.text + (answer.isStop ? stop : "")
    kept += answer.tokens
    isOver = isOver || answer.isEnd || kept >= Self.most
  }

  private var left: Int { Self.most - kept }

  private mutating func takeOver(_ tokens: Int) async throws {
    guard !isOver else { return }
    handOvers += 1
    keep(try await call(large, limit: min(tokens, left)))
  }

  /// Sec. 1.4 of the study of the papers, step by step.
  private mutating func reason() async throws {
    let settings = Self.settings
    var reflections = 0
    while !isOver {
      keep(try await call(small, limit: left, stop: ["\n\n"]), stop: "\n\n")
      guard !isOver, text.hasSuffix("\n\n") else { continue }
      if reflections >= settings.excessThreshold {
        try await takeOver(settings.excessTokens)
        reflections = 0
        continue
      }
      let probe = try await call(small, limit: min(settings.probeTokens, left))
      guard words.cue(of: probe.text) != .statement else { continue }  // dropped, and drawn again
      handOvers += 1
      let takeover = try await call(large, limit: min(settings.takeoverTokens, left))
      keep(takeover)
      if words.cue(of: takeover.text) == .reflection { reflections += 1 }
      if words.asksToVerify(takeover.text) { try await takeOver(settings.verificationTokens) }
    }
  }
}
