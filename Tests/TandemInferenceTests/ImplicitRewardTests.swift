import TandemInference
import TandemTesting
import Testing

@Suite struct `An implicit reward` {
  private let tokens = `The laws of a session`.tokens

  private func model(_ name: String, salt: Int32) -> FunctionModel {
    let hashed = `The laws of a session`.hashed(ByteTokenizer().vocabulary.size)
    return FunctionModel(name: name, options: .init(contextSize: 300, places: 1)) {
      hashed([Token(rawValue: salt)] + $0)
    }
  }

  @Test func `is the aligned model's log-probability of an answer minus the base's`() async throws {
    let (aligned, base) = (model("aligned", salt: 1), model("base", salt: 2))
    let reward = try ImplicitReward(aligned: aligned, base: base)
    let answers: [[Token]] = [[70, 71, 72], [], [80]]
    let found = try await reward.logRatios(of: answers, after: tokens)
    var expected: [[Float]] = []
    for answer in answers {
      var rows: [[Float]] = []
      for model in [aligned, base] where !answer.isEmpty {
        let session = try await model.makeSession()
        try await session.extend(to: tokens)
        rows.append(try await session.score(answer))
        await session.close()
      }
      expected.append(answer.isEmpty ? [] : zip(rows[0], rows[1]).map { $0 - $1 })
    }
    #expect(found == expected)
    #expect(aligned.openSessions == 0 && base.openSessions == 0)
  }

  @Test func `chooses the answer whose ratio is the largest, by sum or by token`() async throws {
    // The aligned model gives an "a" twice the chance that the base gives it, and a "b" four times.
    func weighted(_ name: String, _ a: Float, _ b: Float) -> FunctionModel {
      let size = ByteTokenizer().vocabulary.size
      return FunctionModel(name: name, options: .init(contextSize: 300, places: 1)) { _ in
        var row = [Float](repeating: 0, count: size)
        (row[97], row[98]) = (a, b)
        return row
      }
    }
    let reward = try ImplicitReward(aligned: weighted("aligned", 2, 3), base: weighted("base", 0, 0))
    let answers: [[Token]] = [[97, 97], [98], [99, 99, 99]]
    #expect(try await reward.best(of: answers, after: tokens) == 0)
    #expect(try await reward.best(of: answers, after: tokens, perToken: true) == 1)
    #expect(try await reward.best(of: [], after: tokens) == nil)
  }

  @Test func `needs one vocabulary`() {
    let other = FunctionModel(name: "other", tokenizer: ByteTokenizer(isReversed: true)) { _ in [] }
    #expect(throws: EngineError.self) { try ImplicitReward(aligned: model("aligned", salt: 1), base: other) }
  }
}
