import Foundation
import Tandem
import TandemInference
import TandemSetup
import Testing

/// Options that all say something, none of it a default.
private let everything = RunOptions(
  preset: "smollm2", small: "s.gguf", large: "l.gguf", smallTokenizer: "st.gguf", largeTokenizer: "lt.gguf",
  servers: .init(
    keyVariable: "KEY", keyFile: "key", certificates: "ca.pem", proxy: "http://proxy:1", connectTimeout: 3,
    readTimeout: 4, patience: 5, reportedTokens: 6, looksAhead: true, warmsUp: true),
  contextSize: 300, extendsContext: true,
  thinkingFormat: .fixed(.s1), parallel: 3, threads: 2, gpuLayers: 7, flashAttention: .off, cells: 700,
  cacheTypeK: .q8_0, cacheTypeV: .f32, isDeterministic: true,
  sampling: .init(temperature: 0.25, topK: 7, topP: 0.5, minP: 0.125, repetitionPenalty: 1.5),
  limits: .init(
    thinkingTokens: 30, answerTokens: 20, seconds: 9, whenSpent: .stop, landingTokens: 5, landingText: "So",
    answerPrefix: "Answer:"),
  seeds: [4, 5])

/// The fields of `options`, by their path in a file.
private func fields(_ options: RunOptions) throws -> [String: Setting] {
  func flat(_ setting: Setting, _ path: [String]) -> [String: Setting] {
    guard case .dictionary(let entries) = setting else { return [path.joined(separator: "."): setting] }
    return entries.reduce(into: [:]) { $0.merge(flat($1.value, path + [$1.key])) { $1 } }
  }
  return flat(try JSONDecoder().decode(Setting.self, from: JSONEncoder().encode(options)), [])
}

/// Options that say one field of `options` and nothing else.
private func only(_ path: String, of options: RunOptions) throws -> RunOptions {
  let value = try #require(try fields(options)[path])
  let tree = path.split(separator: ".").reversed().reduce(value) { .dictionary([String($1): $0]) }
  return try JSONDecoder().decode(RunOptions.self, from: JSONEncoder().encode(tree))
}

@Suite struct `Options of a run` {
  static let paths =
    RunOptions.CodingKeys.allCases.map(\.stringValue).filter { !["sampling", "limits", "servers"].contains($0) }
    + RunOptions.Servers.CodingKeys.allCases.map { "servers.\($0.stringValue)" }
    + RunOptions.Sampling.CodingKeys.allCases.map { "sampling.\($0.stringValue)" }
    + RunOptions.Limits.CodingKeys.allCases.map { "limits.\($0.stringValue)" }

  @Test func `have a key for each field, and a field for each key`() throws {
    #expect(Mirror(reflecting: RunOptions()).children.count == RunOptions.CodingKeys.allCases.count)
    #expect(Mirror(reflecting: RunOptions.Servers()).children.count == RunOptions.Servers.CodingKeys.allCases.count)
    #expect(Mirror(reflecting: RunOptions.Sampling()).children.count == RunOptions.Sampling.CodingKeys.allCases.count)
    #expect(Mirror(reflecting: RunOptions.Limits()).children.count == RunOptions.Limits.CodingKeys.allCases.count)
    #expect(Mirror(reflecting: RoleSettings()).children.count == RoleSettings.CodingKeys.allCases.count)
    #expect(Set(try fields(everything).keys) == Set(Self.paths))
    #expect(try fields(RunOptions()).isEmpty)
  }

  @Test(arguments: paths)
  func `win over those below, each by itself`(path: String) throws {
    let given = try only(path, of: everything)
    let defaults = RunOptions(RunConditions(small: "a.gguf", large: "b.gguf", contextSize: 8))
    let base = RunOptions(preset: "nano", seeds: [0]).merging(over: defaults)
    let merged = try fields(given.merging(over: base))
    #expect(try merged[path] == fields(everything)[path])
    // All others stay, except that a preset takes the place of models that were named below it.
    let replaced = path == "preset" ? ["preset", "small", "large"] : [path]
    #expect(try merged.filter { !replaced.contains($0.key) } == fields(base).filter { !replaced.contains($0.key) })
  }

  @Test(arguments: paths)
  func `are left alone by options that say nothing about them`(path: String) throws {
    let base = try only(path, of: everything)
    #expect(RunOptions().merging(over: base) == base)
    #expect(
      try fields(RunOptions(servers: .init(), sampling: .init(), limits: .init()).merging(over: base)) == fields(base))
  }

  @Test func `are not lost where the value is the default`() {
    let given = RunOptions(threads: 1, gpuLayers: -1, flashAttention: .automatic, isDeterministic: false, seeds: [0])
    let merged = given.merging(over: everything)
    #expect(merged.threads == 1 && merged.gpuLayers == -1 && merged.flashAttention == .automatic)
    #expect(merged.isDeterministic == false && merged.seeds == [0])
    #expect(RunOptions(thinkingFormat: .automatic).merging(over: everything).thinkingFormat == .automatic)
    let limits = RunOptions(limits: .init(whenSpent: .answer, landingTokens: 0, landingText: ""))
    #expect(limits.merging(over: everything).limits?.whenSpent == .answer)
    #expect(limits.merging(over: everything).limits?.landingText == "")
  }

  @Test(arguments: [
    (RunOptions(contextSize: 7), "contextSize must be from 8 to 4194304, not 7."),
    (RunOptions(parallel: 65), "parallel must be from 1 to 64, not 65."),
    (RunOptions(cells: 7), "cells must be from 8 to 1073741824, not 7."),
    (RunOptions(contextSize: 512, cells: 511), "cells must be at least 512, one whole window, not 511."),
    (RunOptions(flashAttention: .off, cacheTypeV: .q8_0), "cacheTypeV can't be q8_0 without flash attention"),
    (RunOptions(cacheTypeV: .q4_0, isDeterministic: true), "cacheTypeV can't be q4_0 without flash attention"),
    (RunOptions(threads: 0), "threads must be from 1 to 512, not 0."),
    (RunOptions(threads: 1 << 62), "threads must be from 1 to 512, not 4611686018427387904."),
    (RunOptions(gpuLayers: .min), "gpuLayers must be from -1000000 to 1000000, not -9223372036854775808."),
    (RunOptions(sampling: .init(temperature: .nan)), "sampling.temperature must be a number from 0 up, not nan."),
    (RunOptions(sampling: .init(topK: -1)), "sampling.topK must be from 0 to 10000000, not -1."),
    (RunOptions(sampling: .init(topP: 0)), "sampling.topP must be above 0 and at most 1, not 0.0."),
    (RunOptions(sampling: .init(minP: 1)), "sampling.minP must be from 0 to below 1, not 1.0."),
    (RunOptions(sampling: .init(repetitionPenalty: .infinity)), "sampling.repetitionPenalty must be a number above 0"),
    (RunOptions(servers: .init(patience: 0)), "servers.patience must be above 0 and at most 1e6 seconds, not 0.0."),
    (RunOptions(servers: .init(reportedTokens: 0)), "servers.reportedTokens must be from 1 to 1000000, not 0."),
    (RunOptions(limits: .init(thinkingTokens: -5)), "limits.thinkingTokens must be from 0 to 10000000, not -5."),
    (RunOptions(limits: .init(thinkingTokens: 1 << 62)), "limits.thinkingTokens must be from 0 to 10000000"),
    (RunOptions(limits: .init(answerTokens: .max)), "limits.answerTokens must be from 1 to 10000000"),
    (RunOptions(limits: .init(landingTokens: .max)), "limits.landingTokens must be from 0 to 10000000"),
    (RunOptions(limits: .init(seconds: 0)), "limits.seconds must be above 0 and at most 1e9, not 0.0."),
    (RunOptions(limits: .init(seconds: 1e308)), "limits.seconds must be above 0 and at most 1e9"),
    (RunOptions(seeds: []), "seeds must be a list of 1 to 10000 numbers, not []."),
  ])
  func `that make no sense are named`(options: RunOptions, message: String) throws {
    let error = #expect(throws: SetupError.self) { try options.validate() }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func `name a format as files do`() throws {
    #expect(try ThinkingFormat(named: "auto") == .automatic)
    #expect(try ThinkingFormat(named: "none").format == .unmarked)
    let error = #expect(throws: SetupError.self) { try ThinkingFormat(named: "tags") }
    #expect(error?.description == "thinkingFormat can be auto, think, s1, bracketed, sky, none, not tags.")
    for name in ThinkingFormat.names { #expect(try ThinkingFormat(named: name).name == name) }
  }

  @Test func `that say all of some conditions give these conditions`() async throws {
    let conditions = RunConditions(
      small: "nano-small", large: "nano-large", sampling: SamplingParameters(temperature: 0.25, minP: 0.125),
      budget: Budget(
        thinkingTokens: 30, answerTokens: 20, seconds: 9, whenSpent: .stop, landingTokens: 5,
        landingText: "So", answerPrefix: "A:"),
      contextSize: 300, extendsContext: true, thinkingFormat: .s1, parallel: 3, threads: 2, gpuLayers: 7,
      flashAttention: .off, cells: 700, cacheTypeK: .q8_0, cacheTypeV: .f32, isDeterministic: true)
    let again = try await RunOptions(conditions).conditions(for: [.small, .large], loader: .scripted())
    #expect(again == conditions)
  }
}
