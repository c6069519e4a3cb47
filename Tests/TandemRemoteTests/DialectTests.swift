import Tandem
import TandemInference
import TandemTesting
import Testing

@testable import TandemRemote

/// Each kind of server as it was recorded, over a model whose distributions are known.
@Suite("Dialects", .timeLimit(.minutes(20)))
struct DialectTests {
  @Test(arguments: SimulatedServer.Kind.allCases)
  func `keep the laws of a session`(kind: SimulatedServer.Kind) async throws {
    let (server, model) = try await SimulatedServer.hashed(kind).connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let broken = try await checkSession(of: model, tokens: tokens)
    #expect(broken == [], "\(broken.joined(separator: "\n"))")
    server.stop()
  }

  @Test(arguments: SimulatedServer.Kind.allCases)
  func `are found out by their effects`(kind: SimulatedServer.Kind) async throws {
    let (server, model) = try await SimulatedServer.hashed(kind, adapters: ["selector"]).connect()
    let report = model.report
    #expect(report.contextSize == 300)
    #expect(report.adapters == ["selector"])
    let all = ServerKind.all.first { $0.name == report.dialect }?.capabilities
    let lost: EngineCapabilities = [.vllm: .scaling, .sglang: .alternatives][kind] ?? []
    #expect(model.capabilities == all?.subtracting(lost))
    #expect(report.missing.map { $0.prefix { $0 != ":" } } == lost.names.map { $0[...] })
    #expect(report.vocabulary == (kind == .sglang ? .unchecked : .confirmed))
    server.stop()
  }

  @Test(arguments: SimulatedServer.Kind.allCases)
  func `draw as the engine here does, with all that a request can say`(kind: SimulatedServer.Kind) async throws {
    let served = SimulatedServer.hashed(kind)
    let (server, model) = try await served.connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let tokenizer = ByteTokenizer()
    let end = try #require(tokenizer.token(spelled: "</think>"))
    for seed in UInt64(1)...5 {
      let sampling = SamplingParameters(temperature: 0.6, topK: 20, topP: 0.95)
      let request = GenerationRequest(
        after: tokens, sampling: sampling, seed: seed, processors: [TokenBan([end]), Nudge(bias: [tokens[0]: 3])],
        stops: [.text("T"), .token(tokens[2]), .tokens([tokens[1], tokens[1]])], limit: 30)
      let here = try await served.model.makeSession()
      // Servers fold seeds in their own ways.
      var folded = request
      folded.seed = kind == .llamaServer ? UInt64(LlamaServerDialect.folded(seed)) : seed
      let expected = try await here.sample(folded)
      let session = try await model.makeSession()
      let found = try await session.sample(request)
      #expect(found.map(\.token) == expected.map(\.token))
      #expect(found.last?.stop == expected.last?.stop)
      await session.close()
      await here.close()
    }
    server.stop()
  }

  @Test(arguments: [SimulatedServer.Kind.vllm, .llamaServer])
  func `score as the engine here does`(kind: SimulatedServer.Kind) async throws {
    let served = SimulatedServer.hashed(kind)
    let (server, model) = try await served.connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let (here, there) = (try await served.model.makeSession(), try await model.makeSession())
    try await here.extend(to: tokens)
    try await there.extend(to: tokens)
    let scores = zip(try await here.score(tokens), try await there.score(tokens))
    #expect(scores.allSatisfy { abs($0 - $1) < 1e-4 })
    let candidates = [tokens[1], tokens[0], tokens[1]]
    let odds = zip(
      try await here.logProbabilities(of: candidates), try await there.logProbabilities(of: candidates))
    #expect(odds.allSatisfy { abs($0 - $1) < 1e-4 })
    server.stop()
  }

  @Test(arguments: [SimulatedServer.Kind.vllm, .llamaServer])
  func `decide a bound on entropy if both of its bounds agree, and say so if not`(kind: SimulatedServer.Kind)
    async throws
  {
    let served = SimulatedServer.hashed(kind)
    let (server, model) = try await served.connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let session = try await model.makeSession()
    func stop(at threshold: Float) async throws -> StopReason? {
      let request = GenerationRequest(
        after: tokens, sampling: .greedy, stops: [.entropy(EntropyBound(.above, threshold))], limit: 3,
        ignoresEndOfGeneration: true)
      return try await session.sample(request).last?.stop
    }
    // 20 of 263 about equally likely tokens are known: the entropy is anywhere between.
    let first = try await session.sample(
      GenerationRequest(after: tokens, sampling: .greedy, limit: 1, alternatives: 20))
    let known = Measured.entropy(ofTop: first[0].alternatives.map(\.logProbability), vocabularySize: 263)
    let bounds = try #require(known.bounds)
    #expect(bounds.upperBound - bounds.lowerBound > 0.5)
    #expect(try await stop(at: bounds.lowerBound / 2) == .entropy)
    let error = await #expect(throws: EngineError.self) {
      try await stop(at: (bounds.lowerBound + bounds.upperBound) / 2)
    }
    #expect(error?.code == "inexact")
    #expect("\(error, default: "")".contains("let the server report more of the likeliest tokens"))
    server.stop()
  }

  @Test func `scale a stop's logit by the plug-in as the engine here does`() async throws {
    var served = SimulatedServer.hashed(.vllm)
    served.hasPlugIn = true
    let (server, model) = try await served.connect()
    #expect(model.capabilities.contains(.scaling))
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let plain = GenerationRequest(after: tokens, seed: 5, limit: 8, ignoresEndOfGeneration: true)
    let stop = try #require(try await served.model.makeSession().sample(plain).last).token
    for temperature in [Float(0.1), 4] {
      var request = plain
      request.processors = [StopTemperature(temperature, measure: .signSafe).processor(for: [stop])].compactMap { $0 }
      let here = try await served.model.makeSession().sample(request)
      let there = try await model.makeSession().sample(request)
      #expect(there.map(\.token) == here.map(\.token))
    }
    server.stop()
  }

  @Test func `refuse a stop's logit to be scaled without the plug-in, and name what is missing`() async throws {
    let (server, model) = try await SimulatedServer.hashed(.vllm).connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let processor = try #require(StopTemperature(0.5, measure: .signSafe).processor(for: [tokens[0]]))
    let error = await #expect(throws: EngineError.self) {
      try await model.makeSession().sample(GenerationRequest(after: tokens, processors: [processor], limit: 1))
    }
    #expect(error == .unsupported(capability: "scaling", engine: model.name))
    #expect(model.report.missing[0].contains("packaging/vllm/stop_temperature.py"))
    server.stop()
  }

  @Test func `report the odds of a watched token`() async throws {
    let served = SimulatedServer.hashed(.vllm)
    let (server, model) = try await served.connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    var request = GenerationRequest(after: tokens, sampling: .greedy, limit: 4, ignoresEndOfGeneration: true)
    request.watched = tokens[3]
    let here = try await served.model.makeSession().sample(request)
    let there = try await model.makeSession().sample(request)
    #expect(there.map(\.token) == here.map(\.token))
    for (one, other) in zip(here, there) {
      let (expected, found) = (try #require(one.watched), try #require(other.watched))
      #expect(abs(expected.logProbability - found.logProbability) < 1e-4)
      #expect(found.logit == nil && found.rank == nil)
    }
    server.stop()
  }

  @Test(arguments: SimulatedServer.Kind.allCases)
  func `serve an adapter by its name`(kind: SimulatedServer.Kind) async throws {
    let served = SimulatedServer.hashed(kind, adapters: ["base", "selector"])
    let (server, model) = try await served.connect(RemoteOptions(adapters: ["/here/selector.gguf": "selector"]))
    let before = server.completions().count
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let session = try await model.makeSession(adapter: Adapter(lora: [.init(path: "/here/selector.gguf")]))
    _ = try await session.sample(GenerationRequest(after: tokens, sampling: .greedy, limit: 1))
    let body = try #require(server.completions(after: before).first).json
    if kind == .llamaServer {
      let scales = (body["lora"] as? [[String: Any]] ?? []).map { ($0["id"] as? Int, $0["scale"] as? Int) }
      #expect(scales.contains { $0 == (1, 1) } && scales.contains { $0 == (0, 0) })
    } else {
      #expect(body["model"] as? String == "selector")
    }
    server.stop()
  }

  @Test func `refuse what depends on the row of logits, and name the model`() async throws {
    let (server, model) = try await SimulatedServer.hashed(.vllm).connect()
    let tokens = try model.tokenizer.encode("Two and two", control: .asText)
    let session = try await model.makeSession()
    let request = GenerationRequest(after: tokens, processors: [Nudge(bias: nil)], limit: 1)
    let error = await #expect(throws: EngineError.self) { try await session.sample(request) }
    #expect(error?.code == "unsupported")
    server.stop()
  }

  private struct Nudge: LogitProcessor {
    let bias: [Token: Float]?

    func process(_ logits: inout MutableSpan<Float>, after _: [Token]) {
      for (token, value) in bias ?? [:] { logits[Int(token.rawValue)] += value }
    }
  }
}
