import ArgumentParser
import Foundation
import Synchronization
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSupport
import TandemTasks
import TandemTraining

struct TrainScotData: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scot-data",
    abstract: "Let a model think about training problems, and record which drafts lead to a right answer.",
    discussion: """
      The problems are Countdown's, from the training side of its split, so none is part of an evaluation set. With --split \
      held-out, they are the first problems of the evaluation, for measuring a selector; training refuses them.

      EXAMPLES
        tandem train scot-data --model nano-large --problems 1500 \\
          --reasoning-budget 256 --output chains.jsonl
        tandem train scot-data --model nano-small --drafts 5 \\
          --lora runs/draft/adapter.gguf --output drafts.jsonl
      """)

  @Option(help: ArgumentHelp("The model that thinks.", valueName: "model")) var model: String
  @Option(help: ArgumentHelp("A LoRA adapter for it.", valueName: "file")) var lora: String?
  @Option(help: "How many problems.") var problems = 500
  @Option(help: "Drafts per problem.") var drafts = 1
  @Option(help: "Ask for this effort, as the nano models know it: low, medium or high. The file has the bare question.")
  var effort: CountdownEffort?
  @Option(help: "Temperature, without other filters; 0 always takes the most likely token.") var temp: Float = 0.6
  @Option(help: "The most tokens of a draft.") var reasoningBudget = 400
  @Option(help: "The most tokens of its answer.") var predict = 40
  @Option(help: "training or held-out.") var split = CountdownSplit.training
  @Option(help: "Leave out problems that blind play solves less often than this; those of the evaluation have 0.05.")
  var minimumBlindSuccess = 0.05
  @Option(name: [.customShort("s"), .long], help: "Seed of problems and drafts.") var seed: UInt64 = 1
  @Option(help: "Drafts at the same time.") var parallel = 4
  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the drafts, as JSON Lines.", valueName: "file"))
  var output: String

  func validate() throws {
    guard (1...1_000_000).contains(problems) else { throw ValidationError("--problems must be from 1 to 1000000.") }
    guard (1...8).contains(drafts) else { throw ValidationError("--drafts must be from 1 to 8, as in SCoT.") }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
    guard 0..<1 ~= minimumBlindSuccess else {
      throw ValidationError("--minimum-blind-success must be from 0 to below 1.")
    }
  }

  func run() async throws {
    // Before the work, so that an unwritable place costs no time.
    let partial = try DurableFile.begin(output)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    let contextSize = max(try GGUFFile(path: path).trainedContext, 8)
    let engine = try await LlamaEngine.loadWithWarnings(
      path, LlamaParameters(contextSize: contextSize, sequences: parallel))
    let solver = Solver(
      small: Participant(
        engine, sampling: SamplingParameters(temperature: temp, topP: 1),
        adapter: lora.map { Adapter(lora: [.init(path: $0)]) }),
      budget: Budget(thinkingTokens: reasoningBudget, answerTokens: predict))
    let countdowns = try chosen()
    let display = ProgressLine()
    let done = Counter()
    let jobs = countdowns.indices.flatMap { problem in (0..<drafts).map { (problem: problem, draft: $0) } }
    let found = try await jobs.mapInParallel(parallel) { job in
      let draft = try await draft(countdowns[job.problem], solver, job.draft, of: job.problem)
      let count = done.next()  // not in the line, which is made only if it is shown
      display.show("\(count) of \(jobs.count) drafts")
      return draft
    }
    display.end()
    let drafted = countdowns.indices.map { index in
      DraftedProblem(
        question: countdowns[index].question, drafts: Array(found[(index * drafts)..<((index + 1) * drafts)]))
    }
    if split == .training { try LeakCheck().check(drafted, from: output) }
    try DraftedProblem.write(drafted, to: output)
    Console.write(DraftSummary(drafted).text + "\n")
  }

  /// Distinct problems of the split.
  private func chosen() throws -> [Countdown] {
    if split == .heldOut {
      let all = try Countdown.heldOut()
      guard problems <= all.count else {
        throw ValidationError("--problems can be at most \(all.count) with --split held-out, not \(problems).")
      }
      return Array(all.prefix(problems))
    }
    var generator = CountdownGenerator(
      seed: SplitMix64.derive(seed, 0), split: .training, minimumBlindSuccess: minimumBlindSuccess)
    let found = generator.distinct(problems)
    guard found.count == problems else {
      throw ValidationError(
        "--problems can be at most about \(found.count), not \(problems): no more problems are this difficult.")
    }
    return found
  }

  private func draft(
    _ countdown: Countdown, _ solver: Solver, _ draft: Int, of place: Int
  ) async throws -> DraftedProblem.Draft {
    let thinking = Mutex<(text: String, tokens: Int)>(("", 0))
    let seed = SplitMix64.derive(SplitMix64.derive(seed, UInt64(place) + 1), UInt64(draft))
    var problem = countdown.problem
    if let effort { problem = Problem(id: problem.id, question: "\(problem.question) \(effort.sentence)") }
    let outcome = try await solver.solve(problem, with: SmallOnly(), seed: seed) { event in
      guard case .accepted(let thought) = event.event, thought.segment == .thinking, thought.author == .small else {
        return
      }
      thinking.withLock { $0 = ($0.text + thought.text, $0.tokens + thought.tokenCount) }
    }
    let (text, tokens) = thinking.withLock { $0 }
    let isRight = outcome.answer.map(countdown.isSolved(by:)) ?? false
    return .init(
      text: text, tokenCount: tokens, isComplete: !outcome.isTruncated, isRight: isRight && !outcome.isTruncated,
      answer: outcome.isTruncated ? nil : outcome.answer)
  }
}

extension CountdownSplit: ExpressibleByArgument {}
extension CountdownEffort: ExpressibleByArgument {}

extension Array where Element: Sendable {
  /// The results of `body` in the order of the elements, `count` at once. The first error cancels the others.
  fileprivate func mapInParallel<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: self.count)
      for index in indices {
        if index >= count, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await body(self[index])) }
      }
      for try await (done, result) in group { results[done] = result }
      return results.compactMap(\.self)
    }
  }
}
