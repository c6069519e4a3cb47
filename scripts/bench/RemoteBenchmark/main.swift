// What `scripts/bench/remote` measures, as one JSON object a line.
//
//   remote-benchmark solve STRATEGY SMALL LARGE FILE [look-ahead | warm-up]
//     solves each problem of FILE, a line each; SMALL and LARGE are GGUF files, or ADDRESS,FILE for a served model with the
//     vocabulary of FILE; the small model looks ahead, or the large one is warmed up
//   remote-benchmark published SMALL LARGE FILE
//     solves them by calls as the released client of Speculative Thinking makes them
//   remote-benchmark load ADDRESS,FILE RUNS TOKENS
//     RUNS sessions at once write TOKENS tokens each
import Foundation
import Tandem
import TandemInference
import TandemLlama
import TandemRemote

let arguments = Array(CommandLine.arguments.dropFirst())

func printLine(_ members: [String: Any]) throws {
  let data = try JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
  FileHandle.standardOutput.write(data + Data("\n".utf8))
}

func seconds(since start: ContinuousClock.Instant) -> Double { start.duration(to: .now) / .seconds(1) }

func lines(of file: String) throws -> [String] {
  try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
}

func connect(_ name: String, _ options: RemoteOptions = RemoteOptions()) async throws -> RemoteModel {
  let parts = name.split(separator: ",", maxSplits: 1).map(String.init)
  guard parts.count == 2 else {
    throw EngineError.invalidParameter(name: "model", reason: "must be ADDRESS,FILE, not '\(name)'")
  }
  let vocabulary = try LlamaVocabulary(path: parts[1])
  return try await RemoteModel.connect(
    to: RemoteAddress(parsing: parts[0]), options: options,
    vocabulary: RemoteVocabulary(tokenizer: vocabulary.tokenizer, template: vocabulary.template))
}

func model(_ name: String, _ options: RemoteOptions) async throws -> any LanguageModel {
  if RemoteAddress.isAddress(name) { return try await connect(name, options) }
  return try await LlamaEngine.load(
    name, LlamaParameters(contextSize: 512, sequences: 6, threads: 1))
}

/// Speculative Thinking with steps that suit the nano pair, and SCoT with three drafts.
func strategy(_ name: String) throws -> any Strategy {
  switch name {
  case SpeculativeThinking.name: PublishedClient.settings
  case "speculative-thinking-keep":
    {
      var settings = PublishedClient.settings
      settings.statements = .keep
      return settings
    }()
  default: try Strategies.make(name, settings: ["drafts": .integer(3), "draftTokens": .integer(200)])
  }
}

func solve() async throws {
  let ahead = RemoteOptions(looksAhead: arguments.contains("look-ahead"))
  let warm = RemoteOptions(warmsUp: arguments.contains("warm-up"))
  let solver = Solver(
    small: Participant(try await model(arguments[2], ahead), sampling: .greedy),
    large: Participant(try await model(arguments[3], warm), sampling: .greedy),
    budget: Budget(thinkingTokens: 350, answerTokens: 48))
  let strategy = try strategy(arguments[1])
  for question in try lines(of: arguments[4]) {
    let handOvers = Counter()
    let start = ContinuousClock.now
    let outcome = try await solver.solve(Problem(question: question), with: strategy) {
      if case .handedOver = $0.event { handOvers.add() }
    }
    let (small, large) = (outcome.usage.small, outcome.usage.large)
    let servers = [small.server, large.server].compactMap { $0 }.reduce(ServerCounters(), +)
    try printLine([
      "seconds": seconds(since: start), "handOvers": handOvers.value, "sampled": small.sampled + large.sampled,
      "kept": small.thinking + small.answer + large.thinking + large.answer, "calls": servers.calls,
      "wire": servers.seconds, "prompt": servers.prompt, "cached": servers.cached, "discarded": servers.discarded,
      "answer": outcome.answer ?? "",
    ])
  }
}

func load() async throws {
  let model = try await connect(arguments[1])
  let (runs, limit) = (Int(arguments[2]) ?? 1, Int(arguments[3]) ?? 64)
  let bans = [TokenBan(model.tokenizer.endTokens)]
  let start = ContinuousClock.now
  let tokens = try await withThrowingTaskGroup(of: Int.self) { group in
    for run in 0..<runs {
      group.addTask {
        let session = try await model.makeSession()
        let prompt = try model.tokenizer.encode("Use \(run + 2), 7, 5, 2 to make 24.", control: .asText)
        var count = 0
        let request = GenerationRequest(after: prompt, seed: UInt64(run), processors: bans, limit: limit)
        for try await _ in session.generate(request) { count += 1 }
        await session.close()
        return count
      }
    }
    return try await group.reduce(0, +)
  }
  try printLine(["tokens": tokens, "seconds": seconds(since: start)])
}

switch arguments.first {
case "solve" where arguments.count >= 5: try await solve()
case "published" where arguments.count == 4: try await PublishedClient.run(arguments[1], arguments[2], arguments[3])
case "load" where arguments.count == 4: try await load()
default:
  FileHandle.standardError.write(Data("usage: see the beginning of scripts/bench/RemoteBenchmark/main.swift\n".utf8))
  exit(2)
}
