import Foundation
import Synchronization
import TandemInference
import TandemTesting
import Testing

@Suite struct `Recording rejected guesses` {
  /// What was recorded.
  private final class Records: Sendable {
    let all = Mutex<[DraftRejections]>([])
    var recording: DraftRecording { DraftRecording(likeliest: 3) { new in self.all.withLock { $0.append(new) } } }
    var rejections: [DraftRejections] { all.withLock { $0 } }
  }

  private static let tokens = `The laws of a session`.tokens
  private let options = MemoryOptions(contextSize: 300, places: 3)
  private let logits = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)

  private var target: FunctionModel { FunctionModel(name: "target", options: options, logits: logits) }

  /// Agrees with the target about half of the time.
  private var draft: FunctionModel {
    FunctionModel(name: "draft", options: options) { [logits] tokens in
      let row = logits(tokens)
      return tokens.count % 2 == 0 ? row : row.reversed()
    }
  }

  private func request(_ limit: Int, seed: UInt64, alternatives: Int = 0) -> GenerationRequest {
    GenerationRequest(
      after: Self.tokens, sampling: .init(temperature: 1, topP: 1), seed: seed, limit: limit,
      ignoresEndOfGeneration: true, alternatives: alternatives)
  }

  @Test func `changes nothing that is written, nor what is reported of it`() async throws {
    let (target, records) = (target, Records())
    let model = try SpeculativeDecoding(
      draft: .model(draft, .init(3)), target: target, pacing: .always, recording: records.recording)
    #expect(try await checkSession(of: model, tokens: Self.tokens) == [])
    for alternatives in [0, 2, 5] {
      for seed in 0..<5 as Range<UInt64> {
        let request = request(40, seed: seed, alternatives: alternatives)
        let (alone, together) = (try await target.makeSession(), try await model.makeSession())
        #expect(try await alone.sample(request) == together.sample(request))
        await alone.close()
        await together.close()
      }
    }
    #expect(target.openSessions == 0)
    #expect(!records.rejections.isEmpty)
  }

  @Test func `keeps each rejected position with the target's distribution there`() async throws {
    let (target, records) = (target, Records())
    let model = try SpeculativeDecoding(
      draft: .model(draft, .init(3)), target: target, pacing: .always, recording: records.recording)
    let session = try await model.makeSession()
    let written = Self.tokens + (try await session.sample(request(60, seed: 4)).map(\.token))
    let found = try #require(records.rejections.first)
    #expect(records.rejections.count == 1, "one generation is one record")
    #expect(Array(written.prefix(found.tokens.count)) == found.tokens)
    // The tokens that follow a rejected one are rejected with it: a draft of three has one place at most.
    let rejected = Int(model.counters.proposals.rejected)
    #expect(((rejected + 2) / 3...rejected).contains(found.rejections.count))
    #expect(found.rejections.map(\.position) == found.rejections.map(\.position).sorted())
    #expect(found.rejections.last?.position == found.tokens.count - 1)
    for rejection in found.rejections {
      #expect(rejection.draft != found.tokens[rejection.position])
      let plain = try await target.makeSession()
      let (before, next) = (found.tokens[..<rejection.position], found.tokens[rejection.position])
      try await plain.extend(to: Array(before))
      let row = try #require(try await plain.interface((any LogitSession).self)?.logits())
      await plain.close()
      let best = row.indices.sorted { row[$0] > row[$1] }.prefix(3)
      #expect(rejection.likeliest.map { row[Int($0.rawValue)] } == best.map { row[$0] }, "after \(next)")
      let sum = log(row.reduce(0) { $0 + exp(Double($1)) })
      for (token, logProbability) in zip(rejection.likeliest, rejection.logProbabilities) {
        #expect(abs(Double(row[Int(token.rawValue)]) - sum - Double(logProbability)) < 1e-4)
      }
    }
  }

  @Test func `hands over what was found if the reader leaves`() async throws {
    let records = Records()
    let model = try SpeculativeDecoding(
      draft: .model(draft, .init(3)), target: target, pacing: .always, recording: records.recording)
    let session = try await model.makeSession()
    var count = 0
    for try await _ in session.generate(request(60, seed: 4)) {
      count += 1
      if count == 20 { break }
    }
    await session.close()
    // The generation ends by itself, some time after its reader has left.
    for _ in 0..<500 where records.rejections.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(records.rejections.count == 1)
    #expect(records.rejections.allSatisfy { $0.tokens.count <= Self.tokens.count + 20 })
  }

  @Test func `says nothing where all guesses were right`() async throws {
    let (target, records) = (target, Records())
    let model = try SpeculativeDecoding(
      draft: .model(target, .init(3)), target: self.target, pacing: .always, recording: records.recording)
    _ = try await model.makeSession().sample(request(30, seed: 1))
    #expect(records.rejections.isEmpty)
  }

  @Test func `needs a model that could learn, and a target that reports alternatives`() {
    let records = Records()
    func code(_ draft: SpeculativeDecoding.Draft, _ target: any LanguageModel, _ recording: DraftRecording) -> String {
      do {
        _ = try SpeculativeDecoding(draft: draft, target: target, recording: recording)
        return ""
      } catch { return error.code }
    }
    #expect(code(.lookup(), target, records.recording) == "invalid-parameter")
    #expect(code(.model(draft), target, DraftRecording(likeliest: 0) { _ in }) == "invalid-parameter")
    let mute = FunctionModel(
      name: "mute", options: MemoryOptions(capabilities: [.tokens, .proposals], contextSize: 300), logits: logits)
    #expect(code(.model(draft), mute, records.recording) == "unsupported")
    #expect(code(.model(draft), target, records.recording) == "")
  }
}
