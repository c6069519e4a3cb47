import Foundation
import Synchronization
import Tandem
import TandemInference
import TandemLlama

// What drafts and speculation cost on two engines. Built and called by scripts/bench/speculation.
//
//   speculation-benchmark SMALL LARGE [ROUNDS]
//
// All rows of a table are run in turn in each round, and each is compared with the first row of its own round. Time is the
// processor's, of all threads, so that other programs add little to it.

func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The processor time of each row, run in turn, over that of the first row of the round: median, least and most.
func ratios(_ rounds: Int, _ rows: [() async throws -> Void]) async throws -> [String] {
  var ratios = [[Double]](repeating: [], count: rows.count)
  for round in 0...rounds {
    var times: [Double] = []
    for row in rows {
      let start = processorTime()
      try await row()
      times.append(processorTime() - start)
    }
    guard round > 0 else { continue }  // the first round warms up
    for (index, time) in times.enumerated() { ratios[index].append(time / times[0]) }
  }
  return ratios.map { values in
    let sorted = values.sorted()
    func text(_ value: Double) -> String { String(format: "%.2f", value) }
    return "\(text(sorted[sorted.count / 2])) (\(text(sorted[0]))–\(text(sorted[sorted.count - 1])))"
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 2 else {
  FileHandle.standardError.write(Data("usage: speculation-benchmark SMALL LARGE [ROUNDS]\n".utf8))
  exit(2)
}
let paths = Array(arguments.prefix(2))
let rounds = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
let parameters = LlamaParameters(contextSize: 1024, extendsContext: true, sequences: 8)
let small = try await LlamaEngine.load(paths[0], parameters)
let large = try await LlamaEngine.load(paths[1], parameters)
let problem = Problem(question: "Use 3, 8, 5, 10 to make 17.")
let length = 150

print("### \(small.name) and \(large.name)\n")
try await printBatches()
try await printSpeculation()
try await printSelection()
try await printQuestions()

/// N drafts of the small model at once.
func printBatches() async throws {
  let prompt = try small.tokenizer.encode(problem.question, control: .asText)
  func draft(_ count: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<count {
        group.addTask {
          let session = try await small.makeSession()
          _ = try await session.sample(
            GenerationRequest(
              after: prompt, sampling: .init(temperature: 0.6, topP: 1), seed: UInt64(index), limit: length,
              ignoresEndOfGeneration: true))
          await session.close()
        }
      }
      try await group.waitForAll()
    }
  }
  let counts = [1, 2, 5, 8]
  let columns = try await ratios(rounds, counts.map { count in { try await draft(count) } })
  print("| drafts at once | a step over that of one |\n| --- | --- |")
  for (count, column) in zip(counts, columns) { print("| \(count) | \(column) |") }
  print("")
}

/// Speculative decoding whose draft is right as often as it should be.
func printSpeculation() async throws {
  let prompt = try large.tokenizer.encode(problem.question, control: .asText)
  let request = GenerationRequest(after: prompt, sampling: .greedy, limit: length, ignoresEndOfGeneration: true)
  let alone = try await large.makeSession()
  let written = prompt + (try await alone.sample(request)).map(\.token)
  await alone.close()
  let chances = [0, 0.3, 0.8, 1]
  func run(_ model: any LanguageModel) async throws {
    let session = try await model.makeSession()
    _ = try await session.sample(request)
    await session.close()
  }
  var rows: [() async throws -> Void] = [{ try await run(large) }]
  for pacing in [DraftPacing.always, .measured] {
    for chance in chances {
      rows.append {
        let draft = OracleDraft(small, written: written, chance: chance)
        try await run(try SpeculativeDecoding(draft: .model(draft), target: large, pacing: pacing))
      }
    }
  }
  let columns = try await ratios(rounds, rows)
  print("| draft tokens that are right | always drafting, over none | as it pays, over none |\n| --- | --- | --- |")
  for (index, chance) in chances.enumerated() {
    print("| \(Int(chance * 100)) % | \(columns[1 + index]) | \(columns[1 + chances.count + index]) |")
  }
  print("")
}

func solve(_ strategy: any Strategy, seed: UInt64) async throws -> Outcome {
  try await Solver(
    small: Participant(small), large: Participant(large), budget: Budget(thinkingTokens: length, answerTokens: 8)
  ).solve(problem, with: strategy, seed: seed)
}

/// What the large model reads to score drafts and to go on after the best one.
func printSelection() async throws {
  print("| drafts, scored by mean token | large model reads | if it read the chosen draft again | ratio |")
  print("| --- | --- | --- | --- |")
  for drafts in [1, 3, 5] {
    var (read, again) = (0, 0)
    for seed in 0..<UInt64(rounds) {
      var strategy = SpeculativeCoT()
      (strategy.drafts, strategy.selection, strategy.draftTokens) = (drafts, .meanToken, length)
      let usage = try await solve(strategy, seed: seed).usage.large
      read += usage.prefilled
      again += usage.prefilled + usage.handedOver
    }
    let ratio = String(format: "%.2f", Double(read) / Double(max(again, 1)))
    print("| \(drafts) | \(read / rounds) | \(again / rounds) | \(ratio) |")
  }
  print("")
}

/// SpecReason with a question for each step, and for several.
func printQuestions() async throws {
  print("| steps a question | large model reads, a token of thinking | of that, questions and dropped steps |")
  print("| --- | --- | --- |")
  for steps in [1, 2, 4, 8] {
    var (read, scored, thinking) = (0, 0, 0)
    for seed in 0..<UInt64(rounds * 4) {
      var strategy = SpecReason()
      (strategy.stepsPerQuestion, strategy.threshold, strategy.stepTokens) = (steps, -1, 40)
      let usage = try await solve(strategy, seed: seed).usage
      read += usage.large.prefilled
      scored += usage.large.scored
      thinking += usage.small.thinking + usage.large.thinking
    }
    func share(_ count: Int) -> String { String(format: "%.2f", Double(count) / Double(max(thinking, 1))) }
    print("| \(steps) | \(share(read)) | \(share(scored)) |")
  }
  print("")
}
