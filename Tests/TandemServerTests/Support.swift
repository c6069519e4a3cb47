import Foundation
import Tandem
import TandemInference
import TandemTesting

@testable import TandemServer

/// What a model says: thinking that takes a while, and an answer.
let reply = "Try 7 + 5 = 12.\n\nWait, 12 * 2 = 24.</think>The answer is 24.<|im_end|>"

extension ServedModels {
  /// A pair of models that say `text`, once for each of `count` runs.
  static func scripted(
    _ text: String = reply, count: Int = 1, strategy: any Strategy = LargeOnly(), places: Int = 8, queue: Int = 64,
    budget: Budget = .init(thinkingTokens: 400, answerTokens: 100), options: MemoryOptions = .init()
  ) -> (models: ServedModels, small: ScriptedModel, large: ScriptedModel) {
    let texts = ["": [String](repeating: text, count: count)]
    let small = ScriptedModel(name: "tiny", scripts: texts, options: options)
    let large = ScriptedModel(name: "huge", scripts: texts, options: options)
    let pair = ServedPair(
      name: "duo",
      solver: Solver(
        small: Participant(small, format: .think), large: Participant(large, format: .think), budget: budget),
      gate: RunGate(places: [.small: places, .large: places], queue: queue), strategy: strategy,
      strategies: Strategies.all.map { $0.init() })
    return (ServedModels(pairs: [pair]), small, large)
  }
}

extension RunningServer {
  /// Sends one request on a connection of its own.
  func send(_ method: String, _ path: String, _ body: String = "") async throws -> Answer {
    let connection = try Connection(port: port)
    await connection.send(Self.text(method, path, body))
    return try Answer(reading: await connection.read())
  }

  /// Asks for a chat completion; `more` are further members of the body.
  func chat(_ more: String = "", model: String = "duo") async throws -> Answer {
    try await send("POST", "/v1/chat/completions", Self.body(more, model: model))
  }

  static func body(_ more: String = "", model: String = "duo") -> String {
    let members = more.isEmpty ? "" : ", " + more
    return "{\"model\": \"\(model)\", \"messages\": [{\"role\": \"user\", \"content\": \"Q\"}]\(members)}"
  }

  static func text(_ method: String, _ path: String, _ body: String) -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Waits until nothing runs any more; false if that does not happen.
  func isIdle() async throws -> Bool {
    for _ in 0..<1000 {
      if runs?.count == 0 { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }
}

extension FunctionModel {
  /// Thinks in words of every cue, and answers in one of two. It works as slowly as `options` say.
  static func thinker(_ name: String, stop: Float = 0.1, options: MemoryOptions = .init()) -> Self {
    .table(
      [
        "": ["so ": 2, "wait ": 1, "yes ": 1, "check ": 0.5, "\n\n": 2, "</think>": stop],
        "????": ["1": 1, "2": 2, "3": 1, "4": 3, "6": 1], "</think>": ["\n\n": 1], "</think>\n\n": ["six": 3, "6": 1],
        "six": ["<|im_end|>": 1], "</think>\n\n6": ["<|im_end|>": 1],
      ], name: name, options: options)
  }
}

/// What a server answered.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: String

  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
  }

  /// The data of each server-sent event.
  var events: [String] {
    body.components(separatedBy: "\n\n").flatMap { $0.split(separator: "\n") }
      .filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
  }

  /// The same as JSON, without the last one's "[DONE]".
  var chunks: [[String: Any]] {
    events.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
  }
}

extension Answer {
  struct Unreadable: Error {
    let text: String?
  }

  /// Reads a response, whose body may be chunked.
  init(reading text: String?) throws {
    guard let text, let end = text.range(of: "\r\n\r\n") else { throw Unreadable(text: text) }
    var lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    let words = lines.removeFirst().split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else { throw Unreadable(text: text) }
    self.status = status
    headers = Dictionary(
      lines.map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        return (parts[0].lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
      }
    ) { $1 }
    let rest = String(text[end.upperBound...])
    body = headers["transfer-encoding"] == "chunked" ? Self.joined(rest) : rest
  }

  private static func joined(_ chunked: String) -> String {
    var (bytes, rest) = ([UInt8](), Array(chunked.utf8)[...])
    while let end = rest.firstRange(of: Array("\r\n".utf8)),
      let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      rest = rest[end.upperBound...]
      bytes += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
