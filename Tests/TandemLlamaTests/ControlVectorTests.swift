import Foundation
import Tandem
import TandemInference
import TandemLlama
import Testing

@Suite struct `A control vector in a file` {
  private let directions: [[Float]] = [(0..<64).map { Float($0 % 5) - 2 }]

  private func write(_ vector: Adapter.ControlVector) throws -> String {
    let path = try Scratch.file([])
    try vector.write(to: path, model: "llama")
    return path
  }

  private func logits(_ engine: LlamaEngine, _ adapter: Adapter) async throws -> [Float] {
    let session = try await engine.makeSession(adapter: adapter)
    try await session.extend(to: prompt(for: engine))
    return try await session.logits()
  }

  @Test func `is read as it was written, layers without one as zeros`() throws {
    let vector = Adapter.ControlVector(directions: [[0, 0], [1.5, -2], [3, 4], [0, 0]], layers: 2...2)
    let none: [Float] = [0, 0]
    let read = try Adapter.ControlVector(contentsOf: write(vector))
    #expect(read == .init(directions: [none, [1.5, -2], none, none], layers: 1...4))
  }

  @Test func `keeps which tokens it acts on, and is refused where that is unknown or differs`() async throws {
    let engine = try await nanoEngine()
    let everywhere = try write(.init(directions: directions, layers: 1...1))
    let path = try write(.init(directions: directions, layers: 1...1, positions: .blankLines))
    #expect(try Adapter.ControlVector(contentsOf: everywhere).positions == .all)
    #expect(try Adapter.ControlVector(contentsOf: path).positions == .blankLines)
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let place = try #require(bytes.ranges(of: Array("blank-lines".utf8)).first)
    bytes.replaceSubrange(place, with: Array("blank-limes".utf8))
    let unknown = try Scratch.file(bytes)
    for paths in [[unknown], [path, everywhere]] {
      let adapter = Adapter(controlVectorFiles: paths.map { .init(path: $0) })
      #expect(await code { _ = try await engine.makeSession(adapter: adapter) } == "adapter-invalid")
    }
  }

  @Test func `has the names and types that llama.cpp looks for`() throws {
    let path = try write(.init(directions: directions, layers: 1...1))
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    for name in ["general.architecture", "controlvector", "controlvector.model_hint", "direction.1"] {
      #expect(bytes.ranges(of: Array(name.utf8)).count > 0)
    }
    #expect(bytes.suffix(256).elementsEqual(directions[0].flatMap { $0.bitPattern.littleEndianBytes }))
  }

  @Test func `acts as the same numbers do, by its scale, and adds up with others`() async throws {
    let engine = try await nanoEngine(isDeterministic: true)
    let path = try write(.init(directions: directions, layers: 1...1))
    func files(_ scales: Float...) -> Adapter {
      Adapter(controlVectorFiles: scales.map { .init(path: path, scale: $0) })
    }
    let given = Adapter.ControlVector(directions: directions, layers: 1...1)
    #expect(try await logits(engine, files(1)) == logits(engine, Adapter(controlVector: given)))
    #expect(try await logits(engine, files(0.25, 0.25)) == logits(engine, files(0.5)))
    #expect(try await distance(logits(engine, files(1)), logits(engine, files(0.5))) > 0.01)
    #expect(try await logits(engine, files(0)) == logits(engine, Adapter()))
    var both = files(-1)
    both.controlVector = given
    #expect(try await logits(engine, both) == logits(engine, Adapter()))
  }

  @Test func `that is none, or another model's, is refused`() async throws {
    let engine = try await nanoEngine(sequences: 1, waiting: 0)
    let path = try write(.init(directions: directions, layers: 1...1))
    let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
    let bad = [
      "/no/such/file.gguf", FileManager.default.temporaryDirectory.path, Models.lora, Models.nanoSmall,
      try Scratch.file([]), try Scratch.file(whole.dropLast(8)), try Scratch.file(Array(whole.prefix(60))),
      try write(.init(directions: [[1, 2]], layers: 1...1)),
      try write(.init(directions: [directions[0], directions[0]], layers: 1...2)),
    ]
    for path in bad {
      let adapter = Adapter(controlVectorFiles: [.init(path: path)])
      #expect(await code { _ = try await engine.makeSession(adapter: adapter) } == "adapter-invalid", "\(path)")
    }
    let infinite = Adapter(controlVectorFiles: [.init(path: path, scale: .infinity)])
    #expect(await code { _ = try await engine.makeSession(adapter: infinite) } == "adapter-invalid")
    let nothing = Adapter.ControlVector(directions: [[0]], layers: 1...1)
    #expect(await code { try nothing.write(to: path, model: "llama") } == "adapter-invalid")
    let vector = Adapter.ControlVector(directions: directions, layers: 1...1)
    let found = await code { try vector.write(to: "/no/such/folder/vector.gguf", model: "llama") }
    #expect(found == "adapter-invalid")
  }

  @Test func `steers the thinking, and not the answer; at scale 0 nothing`() async throws {
    let engine = try await nanoEngine(contextSize: 512, sequences: 1, isDeterministic: true, waiting: 0)
    let path = try write(.init(directions: directions, layers: 1...1))
    let budget = Budget(thinkingTokens: 200, answerTokens: 60)
    func solve(scale: Float?) async throws -> (outcome: Outcome, story: String) {
      let steering = scale.map { Adapter(controlVectorFiles: [.init(path: path, scale: $0)]) }
      let small = Participant(engine, sampling: .greedy, thinkingAdapter: steering)
      let before = engine.counters
      let (events, feed) = AsyncStream.makeStream(of: TimedEvent.self)
      let problem = Problem(question: "Use 3, 8, 5, 10 to make 17.")
      let outcome = try await Solver(small: small, budget: budget).solve(problem, with: SmallOnly()) { feed.yield($0) }
      feed.finish()
      let counted = engine.counters - before
      #expect(outcome.usage.small.prefilled == counted.prefilled)
      #expect(outcome.usage.small.sampled == counted.sampled)
      let all = await events.reduce(into: [TimedEvent]()) { $0.append($1) }
      return (outcome, Trace(all).thoughts.map { "\($0.segment) \($0.text)" }.joined(separator: "\n"))
    }
    let plain = try await solve(scale: nil)
    #expect(plain.outcome.usage.small.reevaluated == 0)
    let zero = try await solve(scale: 0)
    #expect(zero.story == plain.story)
    #expect(zero.outcome.usage.small.reevaluated >= zero.outcome.usage.small.thinking)
    #expect(try await solve(scale: 3).story != plain.story)
    _ = try await engine.makeSession()  // the only place is free
  }
}

extension UInt32 {
  fileprivate var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
