import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Tandem
import TandemInference
import TandemLlama

/// Speculative Thinking by calls as its released client makes them (`speculative_vllm.py`, and `vllm_p` for text): each is a
/// whole answer that is waited for; text goes in, the server makes tokens of it anew; no call says which run it belongs to.
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
  private let small, large: String
  private let words = CueWords.paper
  private var text: String
  private var calls = 0
  private var kept = 0
  private var sampled = 0
  private var handOvers = 0
  private var isOver = false

  private struct Answer: Decodable {
    let content: String
    let tokensPredicted: Int
    let stopType: String
  }

  static func run(_ small: String, _ large: String, _ file: String) async throws {
    let parts = small.split(separator: ",", maxSplits: 1).map(String.init)
    let template = try LlamaVocabulary(path: parts[1]).template
    for question in try lines(of: file) {
      let prompt = try template.prompt(for: [.init(.user, question)]).map(\.text).joined()
      let opening = prompt.contains("<think>") ? "" : "<think>\n"
      var run = Self(small: Self.server(small), large: Self.server(large), text: prompt + opening)
      let start = ContinuousClock.now
      try await run.reason()
      try printLine([
        "seconds": seconds(since: start), "calls": run.calls, "kept": run.kept, "sampled": run.sampled,
        "handOvers": run.handOvers,
      ])
    }
  }

  private static func server(_ name: String) -> String {
    String(name.prefix { $0 != "," && $0 != "#" }).replacing("/v1", with: "")
  }

  private init(small: String, large: String, text: String) {
    (self.small, self.large, self.text) = (small, large, text)
  }

  private mutating func call(_ server: String, limit: Int, stop: [String] = []) async throws -> Answer {
    var request = HTTPClientRequest(url: server + "/completion")
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    let body: [String: Any] = ["prompt": text, "n_predict": limit, "temperature": 0, "stop": stop, "stream": false]
    request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
    let response = try await client.execute(request, timeout: .seconds(60))
    let bytes = try await response.body.collect(upTo: 1 << 20)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let answer = try decoder.decode(Answer.self, from: Data(bytes.readableBytesView))
    calls += 1
    sampled += answer.tokensPredicted
    return answer
  }

  private mutating func keep(_ answer: Answer, stop: String = "") {
    text += answer.content + (answer.stopType == "word" ? stop : "")
    kept += answer.tokensPredicted
    isOver = isOver || answer.stopType == "eos" || kept >= Self.most
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
      guard words.cue(of: probe.content) != .statement else { continue }  // dropped, and drawn again
      handOvers += 1
      let takeover = try await call(large, limit: min(settings.takeoverTokens, left))
      keep(takeover)
      if words.cue(of: takeover.content) == .reflection { reflections += 1 }
      if words.asksToVerify(takeover.content) { try await takeOver(settings.verificationTokens) }
    }
  }
}
