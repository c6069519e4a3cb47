import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels
import TandemSetup
import TandemSupport
import TandemTasks

extension TraceCommand {
  struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Revise the thinking of recorded runs by search, and write conversations to train on (Retro-Search).",
      discussion: """
        The method is Retro-Search (arXiv:2504.04383). At each step that begins with a word of transition, such as "Wait", \
        the model writes on from before it, with these words banned for one step. If it gets to the right answer in fewer \
        steps, or if the run's answer was wrong, that replaces the rest of the run. The words and the discount are from \
        memory of the paper. Runs without an answer are left out, and so are those whose answer is wrong in the end.

        Right answers are known for Countdown, for the problems of --task, and for chats, each with its answer:
          {"messages": [{"role": "user", "content": "2 + 2?"},
                        {"role": "assistant", "content": "<think>…</think>4"}],
           "answer": "4"}

        Ctrl-C keeps what is done, in OUTPUT.journal; run the same command again to continue.

        EXAMPLES
          tandem trace search --model nano-large --output chats.jsonl \\
            runs/large/traces/*/large-only/*.jsonl
          tandem trace search --model nano-large --chats answered.jsonl \\
            --rollouts 4 --output chats.jsonl
          tandem train sft --model nano-small --data chats.jsonl --output runs/retro
        """)

    @Argument(help: "Traces, as `tandem solve --trace` writes them.") var traces: [String] = []
    @Option(help: ArgumentHelp("Conversations with thinking and a right answer, as JSON Lines.", valueName: "file"))
    var chats: String?
    @Option(
      help: ArgumentHelp(
        "The task whose problems the traces are of, or a task and its file.", valueName: "name[=file]"))
    var task: String?
    @Option(help: ArgumentHelp("The model that searches.", valueName: "model")) var model: String
    @Option(help: "The share of its worth that a right answer keeps for each step before it: above 0, at most 1.")
    var discount = 0.9
    @Option(help: "How many continuations to try at each switch. More than 1 is ours.") var rollouts = 1
    @Option(
      help: ArgumentHelp(
        "The words of transition, separated by commas. Default: alternatively, but, wait and others.",
        valueName: "words"))
    var words: String?
    @Option(help: "Temperature; 0 always takes the most likely token.") var temp: Float = 0.6
    @Option(help: "Keep the most likely tokens that together have this probability.") var topP: Float = 0.95
    @Option(help: "The most tokens of thinking.") var reasoningBudget = 4096
    @Option(help: "The most tokens of an answer.") var predict = 1024
    @Option(name: [.customShort("s"), .long], help: "Seed.") var seed: UInt64 = 0
    @Option(help: "Runs that are searched at the same time.") var parallel = 4
    @Option(help: "Tokens of context for each of them. Default: the model's own.") var ctxSize: Int?
    @Option(
      help: "How the model marks its thinking: auto, think, s1, bracketed or sky. Default: auto.",
      transform: { try ThinkingFormat(named: $0) })
    var thinkingFormat: ThinkingFormat?
    @Option(name: [.customShort("t"), .long], help: "Compute threads.") var threads = 1
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the conversations.", valueName: "file"))
    var output: String

    func validate() throws {
      guard chats != nil || !traces.isEmpty else {
        throw ValidationError("Give traces, or conversations with --chats.")
      }
      guard task == nil || !traces.isEmpty else { throw ValidationError("--task has no effect without traces.") }
      guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
      guard ctxSize.map({ 8...1_048_576 ~= $0 }) ?? true else {
        throw ValidationError("--ctx-size must be from 8 to 1048576.")
      }
    }

    func run() async throws {
      let search = try RetroSearch(
        discount: discount, rollouts: rollouts,
        transitionWords: words?.split(separator: ",").map { String($0.trimmed) } ?? RetroSearch.usualWords,
        thinkingTokens: reasoningBudget, answerTokens: predict)
      let (inputs, left) = try read()
      let file = try GGUFFile(path: ModelStore().url(of: ModelReference(parsing: model)).path)
      var journal = try SearchJournal(
        for: output,
        .init(
          model: file.path, discount: discount, rollouts: rollouts, words: search.transitionWords,
          thinkingTokens: reasoningBudget, answerTokens: predict, temperature: temp, topP: topP, seed: seed))
      let engine = try await LlamaEngine.loadWithWarnings(
        file,
        LlamaParameters(
          contextSize: ctxSize ?? max(file.trainedContext, 8), sequences: parallel, threads: threads))
      let participant = Participant(
        engine, format: thinkingFormat?.format, sampling: SamplingParameters(temperature: temp, topP: topP))
      try await journal.fill(inputs, search, participant, seed: seed, parallel: parallel)
      let entries = inputs.compactMap { journal.entries[$0.name] }
      let chats = try entries.compactMap { try $0.chat?.json() }
      guard !chats.isEmpty else {
        throw SearchFault(place: "\(output).journal", reason: "it has no run with a right answer to write")
      }
      try DurableFile.write(Data(chats.map { $0 + "\n" }.joined().utf8), to: output)
      try journal.remove()
      Console.write("\(output): \(entries.summary); \(left) runs without an answer\n")
    }

    /// What is to be searched, and how many runs have no answer. Throws `SearchFault` for a file that can't be used.
    private func read() throws -> (inputs: [SearchInput], left: Int) {
      let benchmark = try task.map { flag in
        let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
        return try Benchmark.load(parts.first ?? "", file: parts.count == 2 ? URL(filePath: parts[1]) : nil)
      }
      let found = try traces.map { try SearchInput(trace: TraceCommand.read($0), from: $0, benchmark) }
      let inputs = try found.compactMap(\.self) + (chats.map(SearchInput.chats) ?? [])
      guard !inputs.isEmpty else {
        throw ValidationError("None of the runs has both thinking and an answer, so there is nothing to search.")
      }
      return (inputs, found.count { $0 == nil })
    }
  }
}

extension SearchJournal {
  /// Searches in those of `inputs` that it does not have yet, so many at once, and writes down what becomes of each.
  fileprivate mutating func fill(
    _ inputs: [SearchInput], _ search: RetroSearch, _ participant: Participant, seed: UInt64, parallel: Int
  ) async throws {
    let display = ProgressLine()
    defer { display.end() }
    var waiting = inputs.filter { entries[$0.name] == nil }[...]
    var done = inputs.count - waiting.count
    try await withThrowingTaskGroup(of: Entry.self) { group in
      func start() {
        guard let input = waiting.popFirst() else { return }
        group.addTask { try await Entry(input, search, participant, seed: seed) }
      }
      for _ in 0..<parallel { start() }
      for try await entry in group {
        try append(entry)
        done += 1
        display.show("\(done) of \(inputs.count) runs")
        start()
      }
    }
  }
}

extension SearchJournal.Entry {
  /// Searches in one input. Its seed is that of its text, so that what is found does not depend on the other inputs.
  init(_ input: SearchInput, _ search: RetroSearch, _ participant: Participant, seed: UInt64) async throws {
    var print = Fingerprint()
    print.combine((input.thinking.messages.map(\.content) + input.thinking.steps).joined(separator: "\0").utf8)
    let found = try await search.revise(
      input.thinking, by: participant, seed: SplitMix64.derive(seed, print.value), isRight: input.isRight)
    let chat = ThinkingChat(
      found.thinking.messages, thinking: found.thinking.thinking, answer: found.thinking.answer,
      format: participant.format)
    self.init(
      input: input.name, chat: found.isRight ? chat : nil, switches: found.switches, revisions: found.revisions.count,
      before: input.thinking.steps.count, after: found.thinking.steps.count, tokens: found.tokenCount)
  }
}

extension [SearchJournal.Entry] {
  fileprivate var summary: String {
    let right = filter { $0.chat != nil }
    func sum(_ value: (Element) -> Int) -> Int { reduce(0) { $0 + value($1) } }
    return
      "\(right.count) of \(count) runs are right, \(count { $0.revisions > 0 }) revised, \(sum(\.revisions)) tails "
      + "at \(sum(\.switches)) switches; \(sum(\.before)) steps became \(sum(\.after)); \(sum(\.tokens)) tokens sampled"
  }
}
