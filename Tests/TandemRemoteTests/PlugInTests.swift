import Foundation
import Testing

@Suite("The plug-in for vLLM")
struct PlugInTests {
  private static let python = ["/usr/bin/python3", "/opt/homebrew/bin/python3", "/usr/local/bin/python3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: python != nil, "python3 is not installed")) func `passes its own tests`() throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.currentDirectoryURL = URL(filePath: LlamaServer.root + "/packaging/vllm")
    process.arguments = ["-B", "test_stop_temperature.py"]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
