import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemTesting
import Testing

@testable import TandemRemote

/// The same against a real vLLM with an exported nano model, which `scripts/bench/remote --vllm` starts.
@Suite(
  "A real vLLM", .enabled(if: VLLM.address != nil, "TANDEM_VLLM is not set: scripts/bench/remote --vllm sets it"),
  .serialized, .timeLimit(.minutes(20)))
struct VLLMTests {
  private func connect() async throws -> RemoteModel {
    let address = try RemoteAddress(parsing: try #require(VLLM.address))
    let vocabulary = try LlamaVocabulary(path: LlamaServer.nano(address.model ?? "nano-large"))
    return try await RemoteModel.connect(
      to: address, parallel: 4,
      vocabulary: RemoteVocabulary(tokenizer: vocabulary.tokenizer, template: vocabulary.template))
  }

  private func tokens(_ model: RemoteModel) throws -> [Token] {
    try model.tokenizer.encode("Use 3, 7, 5, 2 to make 24.", control: .asText)
  }

  @Test func `keeps the laws of a session`() async throws {
    let model = try await connect()
    let broken = try await checkSession(of: model, tokens: try tokens(model), tolerance: 0.02)
    #expect(broken == [], "\(broken.joined(separator: "\n"))")
  }

  @Test func `has all that this kind of server can do`() async throws {
    let report = try await connect().report
    #expect(report.dialect == "vLLM")
    #expect(report.vocabulary == .confirmed)
    #expect(report.capabilities == VLLMDialect().capabilities.subtracting(.adapters))
  }

  @Test func `takes a stop temperature by log-odds as a bias, exactly`() async throws {
    try await StopDraws.check(try await connect(), measure: .logOdds, draws: 200)
  }

  @Test func `takes a sign-safe stop temperature by the plug-in, exactly`() async throws {
    try await StopDraws.check(try await connect(), measure: .signSafe, draws: 200)
  }

  @Test func `decodes nothing after hang-ups`() async throws {
    let model = try await connect()
    let prompt = try tokens(model)
    let before = try await metric("vllm:generation_tokens_total")
    try await withThrowingTaskGroup { group in
      for run in UInt64(0)..<4 {
        group.addTask {
          for count in 0..<5 {
            let session = try await model.makeSession()
            let request = GenerationRequest(
              after: prompt, seed: run, processors: [TokenBan(model.tokenizer.endTokens)], limit: 400)
            var left = count
            for try await _ in session.generate(request) {
              left -= 1
              if left < 0 { break }
            }
            await session.close()
          }
        }
      }
      try await group.waitForAll()
    }
    while try await metric("vllm:num_requests_running") > 0 { try await Task.sleep(for: .milliseconds(50)) }
    let after = try await metric("vllm:generation_tokens_total")
    #expect(after - before < 20 * 400 / 4, "\(after - before) tokens for 20 generations that were given up at once")
    try await Task.sleep(for: .milliseconds(500))
    #expect(try await metric("vllm:generation_tokens_total") == after)
    #expect(model.pool.load == (0, 0))
  }

  private func metric(_ name: String) async throws -> Double {
    let address = try RemoteAddress(parsing: try #require(VLLM.address))
    let transport = try HTTPTransport(address, RemoteOptions())
    let text = String(decoding: try await transport.send(RemoteRequest(path: "/metrics")).body, as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix(name + "{") }
    return lines.compactMap { Double($0.split(separator: " ").last ?? "") }.reduce(0, +)
  }
}

private enum VLLM {
  static let address = ProcessInfo.processInfo.environment["TANDEM_VLLM"]
}
