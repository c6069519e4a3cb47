import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSupport
import TandemTasks
import TandemTraining

struct TrainRecutData: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recut-data",
    abstract: "Let a model think long and short about training problems, step by step (ReCUT, arXiv:2506.10822).",
    discussion: """
      After the steps chosen so far, the model continues to an answer twice, with one effort and with the other. The \
      better continuation, right before wrong and short before long, gives its first step, and both continue from there. \
      All continuations are recorded as drafts; `tandem train select recut` makes pairs of them. The problems are \
      Countdown's, from the training side of its split.

      EXAMPLE
        tandem train recut-data --model nano-small --problems 500 \\
          --output trails.jsonl
        tandem train select recut trails.jsonl --accuracy accuracy.jsonl \\
          --length length.jsonl
      """)

  @Option(help: ArgumentHelp("The model that thinks.", valueName: "model")) var model: String
  @Option(help: "How many problems.") var problems = 500
  @Option(help: "The most steps that are chosen; 8 in the released code.") var steps = 8
  @Option(help: "The effort that asks for long thinking: low, medium or high.") var longEffort = CountdownEffort.high
  @Option(help: "The effort that asks for short thinking.") var shortEffort = CountdownEffort.low
  @Option(help: "What a right answer earns, divided by its length; 1 in the released code.") var rightWeight = 1.0
  @Option(help: "What a wrong answer costs, divided by its length; 1 in the released code.") var wrongWeight = 1.0
  @Option(help: "Temperature, without other filters.") var temp: Float = 0.7
  @Option(help: "The most tokens of thinking.") var reasoningBudget = 400
  @Option(help: "The most tokens of an answer.") var predict = 40
  @Option(help: "Leave out problems that blind play solves less often than this.") var minimumBlindSuccess = 0.05
  @Option(name: [.customShort("s"), .long], help: "Seed of problems and drafts.") var seed: UInt64 = 1
  @Option(help: "Problems at the same time.") var parallel = 4
  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the drafts, as JSON Lines.", valueName: "file"))
  var output: String

  func validate() throws {
    guard (1...1_000_000).contains(problems) else { throw ValidationError("--problems must be from 1 to 1000000.") }
    guard (1...32).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 32.") }
    guard longEffort != shortEffort else { throw ValidationError("--long-effort and --short-effort must differ.") }
    guard 0..<1 ~= minimumBlindSuccess else {
      throw ValidationError("--minimum-blind-success must be from 0 to below 1.")
    }
  }

  func run() async throws {
    let trails = try StepwiseTrails(
      rightWeight: rightWeight, wrongWeight: wrongWeight, steps: steps, thinkingTokens: reasoningBudget,
      answerTokens: predict)
    // Before the work, so that an unwritable place costs no time.
    let partial = try DurableFile.begin(output)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let chosen = try Countdown.training(problems, seed: seed, minimumBlindSuccess: minimumBlindSuccess)
    let file = try GGUFFile(path: ModelStore().url(of: ModelReference(parsing: model)).path)
    // Each problem has a session for long thinking and one for short.
    let engine = try await LlamaEngine.loadWithWarnings(
      file, LlamaParameters(contextSize: max(file.trainedContext, 8), sequences: 2 * parallel))
    let participant = Participant(engine, sampling: SamplingParameters(temperature: temp, topP: 1))
    let (display, done) = (ProgressLine(), Counter())
    defer { display.end() }
    let drafted = try await Array(chosen.enumerated()).mapInParallel(parallel) { place, problem in
      func asked(_ effort: CountdownEffort) -> [Message] { [Message(.user, "\(problem.question) \(effort.sentence)")] }
      let found = try await trails.sample(
        long: asked(longEffort), short: asked(shortEffort), by: participant,
        seed: SplitMix64.derive(seed, UInt64(place) + 1), isRight: problem.isSolved(by:))
      let count = done.next()  // not in the line, which is made only if it is shown
      display.show("\(count) of \(chosen.count) problems")
      return DraftedProblem(question: problem.question, drafts: found.map(DraftedProblem.Draft.init))
    }.filter { !$0.drafts.isEmpty }
    display.end()
    guard !drafted.isEmpty else {
      throw TrainingError.fileInvalid(path: output, reason: "no continuation came to an answer; allow more tokens")
    }
    try LeakCheck().check(drafted, from: output)
    try DraftedProblem.write(drafted, to: output)
    Console.write(DraftSummary(drafted).text + "\n")
  }
}

extension DraftedProblem.Draft {
  fileprivate init(_ trail: StepwiseTrails.Trail) {
    self.init(
      text: trail.thinking, tokenCount: trail.tokenCount, isComplete: true, isRight: trail.isRight,
      answer: String(trail.answer.trimmed))
  }
}
