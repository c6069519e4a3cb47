import Foundation
import Synchronization
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// What servers and the way to them do wrong: each ends in the right tokens, or in an error that says what to do.
@Suite("Faults of servers", .timeLimit(.minutes(20)))
struct FaultTests {
  static let text = "Two and two make four. Wait, is it?<|im_end|>"
  static let prompt = "Two and two make"
  /// The tokens after the prompt.
  static let rest = " four. Wait, is it?<|im_end|>"

  /// What happens to the first completions after the probe; each later one is answered as it should be.
  private final class Script: Sendable {
    let next: Mutex<[@Sendable (ScriptedRequest) -> [ScriptedServer.Step]?]>
    let isOn = Mutex(false)

    init(_ answers: [@Sendable (ScriptedRequest) -> [ScriptedServer.Step]?]) { next = Mutex(answers) }

    func answer(_ request: ScriptedRequest) -> [ScriptedServer.Step]? {
      guard isOn.withLock({ $0 }), request.path.contains("completion") else { return nil }
      return next.withLock { $0.isEmpty ? nil : $0.removeFirst() }.flatMap { $0(request) }
    }
  }

  /// What a greedy generation gives when the first calls are answered by `answers`, and how many calls were made.
  func generate(
    _ kind: SimulatedServer.Kind = .vllm, _ options: RemoteOptions = RemoteOptions(),
    text: String = Self.text, prompt: String = Self.prompt, stops: [StopCondition] = [],
    _ answers: @Sendable (ScriptedRequest) -> [ScriptedServer.Step]?...
  ) async throws -> (text: String, calls: [ScriptedRequest], model: RemoteModel) {
    let script = Script(answers)
    let served = SimulatedServer.reciting(text, kind)
    let (server, model) = try await served.connect(options) { script.answer($0) }
    let before = server.completions().count
    script.isOn.withLock { $0 = true }
    let session = try await model.makeSession()
    let tokens = try served.tokenizer.encode(prompt, control: .recognised)
    let request = GenerationRequest(after: tokens, sampling: .greedy, stops: stops, limit: 100)
    let written = try await session.sample(request)
    _ = await session.counters  // waits for the ends of calls
    let tokenizer = served.model.engineTokenizer
    return (written.map { tokenizer.spelling(of: $0.token) }.joined(), server.completions(after: before), model)
  }

  /// The error of the same.
  func failure(
    _ kind: SimulatedServer.Kind = .vllm, _ options: RemoteOptions = RemoteOptions(patience: 0.01),
    _ answers: @Sendable (ScriptedRequest) -> [ScriptedServer.Step]?...
  ) async throws -> String {
    let script = Script(answers)
    let served = SimulatedServer.reciting(Self.text, kind)
    let (server, model) = try await served.connect(options) { script.answer($0) }
    script.isOn.withLock { $0 = true }
    let session = try await model.makeSession()
    let tokens = try served.tokenizer.encode(Self.prompt, control: .asText)
    do {
      _ = try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 100))
      return "no error"
    } catch let error as EngineError {
      // The session is as usable as before.
      let again = try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 100))
      #expect(again.count == 20)
      return "\(error)".replacing("127.0.0.1:\(server.port)", with: "HOST")
    }
  }

  static func token(_ text: String, _ number: Int) -> String {
    #"{"choices":[{"index":0,"text":"\#(text)","token_ids":[\#(number)],"finish_reason":null}]}"#
  }

  // MARK: - On the way

  @Test func `a kept connection that the server has closed meanwhile costs nothing`() async throws {
    // The answer before it promised to keep the connection.
    let (text, calls, _) = try await generate(.vllm) { _ in [.close] }
    #expect(text == Self.rest)
    #expect(calls.count == 2)
    #expect(calls[0].connection != calls[1].connection)
  }

  @Test func `a reset connection is tried again`() async throws {
    let (text, calls, _) = try await generate(.vllm) { _ in
      [.reset]
    } _: { _ in
      [.reset]
    }
    #expect(text == Self.rest)
    #expect(calls.count == 3)
  }

  @Test(arguments: [429, 502, 503, 504]) func `an overloaded server is asked again`(status: Int) async throws {
    let answer = [ScriptedServer.Step].answer(
      #"{"error":{"message":"queue full"}}"#, status: status, headers: ["Retry-After": "0"])
    let (text, calls, _) = try await generate { _ in answer }
    #expect(text == Self.rest)
    #expect(calls.count == 2)
  }

  @Test func `a server that stays overloaded ends in its own words`() async throws {
    let answer = [ScriptedServer.Step].answer(#"{"error":{"message":"queue full"}}"#, status: 503)
    let error = try await failure { _ in answer }
    #expect(error == "The server http://HOST refused the call (503): queue full.")
  }

  @Test func `a port that nobody listens on is named`() async throws {
    let server = try await ScriptedServer { _ in [.close] }
    let address = try RemoteAddress(parsing: server.url)
    server.stop()
    let vocabulary = RemoteVocabulary(tokenizer: ByteTokenizer(), template: PlainTemplate())
    let options = RemoteOptions(connectTimeout: 5, patience: 0.01).toOwnServer
    let error = await #expect(throws: EngineError.self) {
      while true {  // the port is closed by another thread
        _ = try await RemoteModel.connect(
          to: address, options: options, vocabulary: vocabulary)
      }
    }
    #expect(error?.code == "unreachable")
    #expect("\(error, default: "")".contains("127.0.0.1:\(server.port)"))
  }

  @Test func `a redirect is not followed, and its target is named`() async throws {
    let answer = [ScriptedServer.Step].answer("", status: 307, headers: ["Location": "https://elsewhere.test/v1"])
    let error = try await failure { _ in answer }
    #expect(
      error.hasPrefix("The server http://HOST refused the call (307): it redirects to https://elsewhere.test/v1."))
  }

  @Test func `a key that is not accepted is said to be that, and is in no error`() async throws {
    let answer = [ScriptedServer.Step].answer(#"{"error":"Unauthorized"}"#, status: 401)
    let error = try await failure(.vllm, RemoteOptions(key: "sesame", patience: 0.01)) { _ in answer }
    #expect(error == "The server http://HOST does not accept the key, or wants one.")
  }

  @Test func `a server that is silent ends with the time that was waited`() async throws {
    let server = try await ScriptedServer { _ in .events(["{}"], end: .silence) }
    let address = try RemoteAddress(parsing: server.url)
    let transport = try HTTPTransport(address, RemoteOptions(readTimeout: 0.2).toOwnServer)
    let stream = transport.stream(RemoteRequest(path: "/v1/completions"))
    let error = await #expect(throws: EngineError.self) { while try await stream.next() != nil {} }
    #expect(error == .unreachable(server: transport.server, reason: "it has sent nothing for 0.2 seconds"))
  }

  // MARK: - Refusals

  @Test func `a call that was refused for what it says is not repeated`() async throws {
    let answer = [ScriptedServer.Step].answer(#"{"error":{"message":"max_tokens must be at least 1"}}"#, status: 400)
    let error = try await failure(.vllm, RemoteOptions(patience: 60)) { _ in answer }
    #expect(error == "The server http://HOST refused the call (400): max_tokens must be at least 1.")
  }

  @Test func `a prompt that does not fit is said to be that`() async throws {
    let error = try await failure(.llamaServer) { _ in
      .answer(
        #"{"error":{"code":400,"message":"request (600 tokens) exceeds","type":"exceed_context_size_error","#
          + #""n_prompt_tokens":600,"n_ctx":512}}"#, status: 400)
    }
    #expect(error == "600 tokens do not fit into a context of 512.")
  }

  @Test func `a model that the server does not have is answered with those that it has`() async throws {
    let served = SimulatedServer.reciting(Self.text, .vllm)
    let server = try await ScriptedServer { try await served.answer($0) }
    let error = await #expect(throws: EngineError.self) {
      try await RemoteModel.connect(
        to: RemoteAddress(parsing: server.url + "#missing"), options: RemoteOptions().toOwnServer,
        vocabulary: RemoteVocabulary(tokenizer: served.tokenizer, template: PlainTemplate()))
    }
    #expect("\(error, default: "")".hasSuffix("it has no model 'missing'. It serves: served."))
  }

  // MARK: - Names

  @Test func `calls of a session carry one key for routers, and a name each`() async throws {
    let served = SimulatedServer.reciting(Self.text, .vllm)
    let (server, model) = try await served.connect(RemoteOptions(key: "sesame"))
    let before = server.completions().count
    let session = try await model.makeSession()
    let tokens = try served.tokenizer.encode(Self.prompt, control: .asText)
    for _ in 0..<3 { _ = try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 3)) }
    let fork = try await session.fork()
    _ = try await fork.sample(GenerationRequest(sampling: .greedy, limit: 3))
    let other = try await model.makeSession()
    _ = try await other.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 3))
    let calls = server.completions(after: before)
    let keys = calls.map { $0.headers["x-session-id"] ?? "" }
    #expect(Set(keys.prefix(4)).count == 1)
    #expect(Set(keys).count == 2)
    #expect(Set(calls.map { $0.headers["x-request-id"] ?? "" }).count == 5)
    #expect(Set(server.requests.map { $0.headers["authorization"] }) == ["Bearer sesame"])
  }
}
