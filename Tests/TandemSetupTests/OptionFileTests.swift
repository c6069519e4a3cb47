import Foundation
import Tandem
import TandemInference
import TandemModels
import Testing

@testable import TandemSetup

/// Ten levels of ten aliases each: ten thousand million values in half a kilobyte.
private let bomb: String = {
  var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
  for level in 1..<10 {
    lines.append("a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]")
  }
  return lines.joined(separator: "\n")
}()

@Suite struct `A file of options` {
  private func read(_ text: String) throws -> RunOptions {
    try withFile(text) { try OptionFile($0).options(kind: "a set of options") }
  }

  @Test func `is read, in YAML and JSON`() throws {
    let expected = RunOptions(
      threads: 2, flashAttention: .off, isDeterministic: true, sampling: .init(temperature: 0.5),
      limits: .init(thinkingTokens: 30, whenSpent: .stop), seeds: [1, 2])
    let yaml = """
      threads: 2
      flashAttention: "off"
      deterministic: true
      sampling: {temperature: 0.5}
      limits:
        thinkingTokens: 30
        whenSpent: stop
      seeds: [1, 2]
      """
    #expect(try read(yaml) == expected)
    #expect(try read("\u{FEFF}" + yaml.replacing("\n", with: "\r\n")) == expected)
    let json =
      #"{"threads": 2, "flashAttention": "off", "deterministic": true, "sampling": {"temperature": 0.5},"#
      + #""limits": {"thinkingTokens": 30, "whenSpent": "stop"}, "seeds": [1, 2]}"#
    #expect(try read(json) == expected)
    #expect(
      try read(
        "base: &n 2\nthreads: 2".replacing("base: &n 2", with: "gpuLayers: &n 2").replacing(
          "threads: 2", with: "threads: *n")) == RunOptions(threads: 2, gpuLayers: 2))
  }

  @Test(arguments: [
    ("thread: 2", "a set of options has no 'thread'. Did you mean 'threads'? Known: preset, small"),
    (
      "limits: {thinkingTokns: 3}",
      "'limits' has no 'thinkingTokns'. Did you mean 'thinkingTokens'? Known: thinkingTokens"
    ),
    ("limits: {thinkingTokens: many}", #"limits.thinkingTokens must be a whole number, not "many""#),
    ("limits: {thinkingTokens: 3.5}", "limits.thinkingTokens must be a whole number, not 3.5"),
    ("limits: {whenSpent: stopp}", #"limits.whenSpent can be answer, stop, not "stopp". Did you mean 'stop'?"#),
    ("flashAttention: off", "flashAttention can be auto, on, off, not false. Put the word in quotes"),
    ("cacheTypeK: q8", "cacheTypeK can be f32, f16, q8_0, q4_0, not \"q8\". Did you mean 'q8_0'?"),
    ("thinkingFormat: 3", "thinkingFormat can be auto, think, s1, bracketed, sky, none, not 3"),
    ("seeds: [1, x]", #"seeds.2 must be a whole number, not "x""#),
    ("seeds: 1", "seeds must be a list, not 1"),
    ("limits: 3", "limits must be a list of keys with values, not 3"),
    ("deterministic: 1", "deterministic must be true or false, not 1"),
    ("small: {lora: x}", "small must be text, not"),
    ("threads: 99999999999999999999", "99999999999999999999 is too large a number"),
    ("seeds: [9223372036854775808]", "9223372036854775808 is too large a number"),
    ("threads: [", "it is not YAML"), ("threads: *x", "it is not YAML"), ("- threads", "this is not a set of options"),
    ("", "this is not a set of options"), ("[a]: 1", "a key that is not text"),
  ])
  func `has its faults named, with their place and what would be right`(text: String, words: String) throws {
    let error = #expect(throws: SetupError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("options.yaml") == true)
    #expect(error?.description.hasSuffix("..") == false)
  }

  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      bomb, bomb + "\nthreads: *a9", bomb + "\n? *a9\n: 1", bomb + "\n*a9 : 1", bomb + "\nx: {[*a9, *a9]: 1}",
      bomb + "\nb: {<<: {x: *a9}}",
    ])
  func `has an end, whatever its aliases`(text: String) throws {
    let error = #expect(throws: SetupError.self) { try read(text) }
    #expect(error?.description.contains("aliases (*name)") == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (String(repeating: "[", count: 200) + String(repeating: "]", count: 200), "nested more than 64 deep"),
    ("x: \"" + String(repeating: "y", count: 1 << 20) + "\"", "may have 1048576"),
  ])
  func `has bounds`(text: String, words: String) throws {
    let error = #expect(throws: SetupError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test func `is not there`() {
    #expect(throws: ModelError.fileNotFound(path: "/no/such.yaml", hint: nil)) { try OptionFile("/no/such.yaml") }
  }

  @Test func `is text`() throws {
    let error = #expect(throws: SetupError.self) {
      try withFile("") { path in
        try Data([0x78, 0x3A, 0xFF, 0xFE]).write(to: URL(filePath: path))
        return try OptionFile(path)
      }
    }
    #expect(error?.description.contains("not UTF-8") == true)
  }
}

@Suite struct `A file with a schedule` {
  private func read(_ text: String) throws -> WritingSchedule {
    try withFile(text) { try OptionFile($0).options(kind: "a schedule") }
  }

  @Test func `says what it changes`() throws {
    var expected = WritingSchedule()
    (expected.thinking, expected.thoughts, expected.rejectsDrafts) = (500, [30, 50], true)
    (expected.cues.reflection, expected.uncertain.large, expected.acceptance) = (0.3, 0.6, 0.9)
    let yaml = """
      thinking: 500
      thoughts: [30, 50]
      rejectsDrafts: true
      cues: {reflection: 0.3}
      uncertain: {large: 0.6}
      acceptance: 0.9
      """
    #expect(try read(yaml) == expected)
    #expect(try read(YAML.write(expected)) == expected)
    #expect(try read(#"{"thinking": 256}"#) == WritingSchedule())
  }

  @Test(arguments: [
    ("thinkin: 3", "a schedule has no 'thinkin'. Did you mean 'thinking'? Known: question, thinking"),
    ("cues: {reflexion: 1}", "'cues' has no 'reflexion'. Did you mean 'reflection'?"),
    ("thoughts: 40", "thoughts must be a list, not 40"), ("thinking: 1.5", "thinking must be a whole number, not 1.5"),
    ("acceptance: high", "acceptance must be a number"), ("- 3", "this is not a schedule"),
  ])
  func `has its faults named`(text: String, words: String) throws {
    let error = #expect(throws: SetupError.self) { try read(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }
}
