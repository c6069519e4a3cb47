import Foundation
import TandemInference
import Testing

@testable import TandemLlama

/// Each test runs in a process of its own, so that an abort in llama.cpp is a failed test and not the end of all, and
/// so that its memory is its own.
@Suite struct `A file that is no model` {
  @Test func `is told from one, a hundred times over, and leaves nothing behind`() async {
    await #expect(processExitsWith: .success) {
      let whole = try [UInt8](Data(contentsOf: URL(filePath: Models.nanoSmall)))
      let pipe = try Scratch.shared.get().path("pipe")
      #expect(mkfifo(pipe, 0o600) == 0)
      var architecture = whole
      architecture.replaceSubrange(56..<61, with: Array("lemma".utf8))
      let cases: [(code: String, path: String)] = [
        ("model-not-found", "/no/such/model.gguf"),
        ("model-not-found", ""),
        ("model-unreadable", FileManager.default.temporaryDirectory.path),
        ("model-unreadable", pipe),
        ("model-unreadable", "/dev/zero"),
        ("model-invalid", try Scratch.file([])),
        ("model-invalid", try Scratch.file(Array("GGUF".utf8))),
        ("model-invalid", try Scratch.file(Array(repeating: 7, count: 5000))),
        ("model-invalid", try Scratch.file(Array(whole.prefix(whole.count / 2)))),
        ("model-invalid", try Scratch.file(architecture)),
        ("model-invalid", Models.fixture("adapters/nano-lora.gguf")),
      ]
      for bad in cases { #expect(await fault(bad.path)?.code == bad.code, "\(bad.path)") }
      let before = residentMemory()
      for _ in 0..<100 {
        for bad in cases { #expect(await fault(bad.path)?.code == bad.code) }
      }
      #expect(residentMemory() - before < 16 << 20)
    }
  }

  // Root can read everything.
  @Test(.enabled(if: getuid() != 0)) func `or may not be read is told from one`() async throws {
    let path = try Scratch.file(Array("GGUF".utf8))
    chmod(path, 0)
    #expect(await fault(path)?.code == "model-unreadable")
  }

  @Test func `because it was cut short is told from one at any length`() async {
    await #expect(processExitsWith: .success) {
      let whole = try [UInt8](Data(contentsOf: URL(filePath: Models.nanoSmall)))
      var generator = SplitMix64(seed: 3)
      let lengths = Array(0..<64) + (0..<150).map { _ in Int.random(in: 64..<whole.count - 64, using: &generator) }
      for length in lengths {
        let path = try Scratch.file(Array(whole.prefix(length)), "short")
        #expect(await fault(path)?.code == "model-invalid", "\(length) bytes")
      }
    }
  }

  @Test(arguments: 0..<3) func `because bytes were changed is refused or runs`(seed: Int) async {
    await #expect(processExitsWith: .success) { [seed] in
      let whole = try [UInt8](Data(contentsOf: URL(filePath: Models.nanoSmall)))
      let header = 12_900  // where the weights begin
      var generator = SplitMix64(seed: UInt64(seed))
      var refused = 0
      for _ in 0..<250 {
        var bytes = whole
        let place = Int.random(in: 4..<header - 8, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.replaceSubrange(place..<place + 8, with: repeatElement(0xff, count: 8))
        case 1: bytes.replaceSubrange(place..<place + 4, with: repeatElement(0, count: 4))
        default: bytes[place] ^= 1 << Int.random(in: 0..<8, using: &generator)
        }
        if await fault(try Scratch.file(bytes, "changed")) != nil { refused += 1 }
      }
      #expect(refused > 60)
    }
  }

  @Test(arguments: BadHeader.allCases) func `for llama.cpp would end the process is refused`(bad: BadHeader) async {
    await #expect(processExitsWith: .success) { [bad] in
      let whole = try [UInt8](Data(contentsOf: URL(filePath: Models.nanoSmall)))
      let path = try Scratch.file(bad.applied(to: whole))
      #expect(await fault(path)?.code == "model-invalid")
      #expect(await fault(path)?.description.contains(bad.reason) == true)
    }
  }
}

/// The error of loading `path` and sampling three tokens; nil if there is none.
func fault(_ path: String) async -> EngineError? {
  setenv("GGML_NO_BACKTRACE", "1", 1)  // an assert that is met starts a debugger otherwise, which may wait for ever
  do {
    let parameters = LlamaParameters(contextSize: 64, sequences: 1, batchSize: 32, prefillChunk: 32)
    let engine = try await LlamaEngine.load(path, parameters)
    let session = try await engine.makeSession()
    let tokens = try engine.tokenizer.encode("Use 1 <|im_end|>", control: .recognised)
    try await session.extend(to: tokens.isEmpty ? [0] : tokens)
    _ = try await session.sample(request(3))
    await engine.close()
    return nil
  } catch let error as EngineError {
    return error
  } catch {
    Issue.record("\(path) throws \(error)")
    return nil
  }
}
