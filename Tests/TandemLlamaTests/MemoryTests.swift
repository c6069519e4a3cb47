import Foundation
import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `The memory of engines` {
  @Test func `is given back when they are closed`() async {
    await #expect(processExitsWith: .success) {
      func round() async throws {
        let engine = try await nanoEngine()
        let session = try await engine.makeSession(adapter: nil)
        try await session.extend(to: noise(100))
        _ = try await session.fork().sample(request(5))
        _ = session.generate(request(100))
        await engine.close()
      }
      for _ in 0..<50 { try await round() }
      let before = residentMemory()
      for _ in 0..<100 { try await round() }
      #expect(residentMemory() - before < 24 << 20)  // a context is about 1 MB
    }
  }

  @Test func `is given back by sessions, forks, states and adapters`() async {
    await #expect(processExitsWith: .success) {
      let engine = try await nanoEngine(contextSize: 512, sequences: 3)
      func round(_ index: Int) async throws {
        let lora = Adapter(lora: [.init(path: Models.lora, scale: Float(index))])
        let session = try await engine.makeSession(adapter: index % 2 == 0 ? lora : nil)
        try await session.extend(to: noise(200, seed: UInt64(index)))
        let fork = try await session.fork()
        try await fork.restore(try await session.save())
        _ = try await fork.sample(request(3))
      }
      for index in 0..<100 { try await round(index) }
      let before = residentMemory()
      for index in 0..<500 { try await round(index) }
      #expect(residentMemory() - before < 16 << 20)
    }
  }
}

/// Bytes of this process that are in memory. Each new thread may cost an arena of malloc's, so some MB come and go.
func residentMemory() -> Int {
  let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst()
    .first
  return (pages.flatMap { Int($0) } ?? 0) * 4096
}
