import Tandem
import TandemInference
import TandemTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct `A stop text` {
  private func run(_ answers: String..., stops: [String], strategy: any Strategy = SmallOnly()) async -> Run {
    let texts = answers.map { "A STOP B.</think>" + $0 }
    var pair = Pair(small: ScriptedModel(texts[0]))
    pair.answering = AnswerRules(stops: stops)
    return await pair.run(strategy)
  }

  @Test func `ends the answer before it, and the outcome tells which one did`() async throws {
    let run = await run("six STOP and so on<|im_end|>", stops: ["END", "STOP"])
    #expect(try run.outcome.answer == "six")
    #expect(run.answer == "six ")
    #expect(run.thinking == "A STOP B.")
    #expect(try run.outcome.stop == "STOP")
    #expect(try run.outcome.finish == .stop)
    #expect(run.deltas.map(\.text).joined() == "A STOP B.six ")
    // What it is made of was written and is counted.
    #expect(try run.outcome.usage.small.answer == 8)
  }

  @Test(arguments: [
    ("six STO", ["STOP"], "six STO", nil), ("six STOSTOP", ["STOP"], "six STO", "STOP"),
    ("\n\nsix\n\nseven", ["\n\n"], "six", "\n\n"), ("abcd", ["abcX", "bc"], "a", "bc"),
    ("sixé́ and", ["́"], "sixé", "́"), ("six", ["x", "ix"], "s", "ix"), ("", ["x"], nil, nil),
  ])
  func `is found wherever it stands`(text: String, stops: [String], answer: String?, stop: String?) async throws {
    let run = await run(text, stops: stops)
    #expect(try run.outcome.answer == answer)
    #expect(try run.outcome.stop == stop)
  }

  @Test(arguments: Strategies.all.map { $0.name })
  func `is in no answer of any strategy, and may be in the thinking`(name: String) async throws {
    let stops = ["STOP", "so ST", "P\n\nS"]
    var (found, thinking) = (0, "")
    for seed in 0..<32 as Range<UInt64> {
      var pair = Pair(
        small: FunctionModel.stopper("small"), large: FunctionModel.stopper("large"),
        budget: Budget(thinkingTokens: 60, answerTokens: 40))
      pair.answering = AnswerRules(stops: stops)
      var settings = `Every strategy`.settings[name] ?? [:]
      // SCoT's large model is greedy as published, and a greedy one repeats its likeliest word.
      if name == SpeculativeCoT.name { settings["largeTemperature"] = 1 }
      let run = await pair.run(try Strategies.make(name, settings: settings), seed: seed)
      #expect(run.error == nil)
      let outcome = try run.outcome
      for stop in stops {
        #expect(!run.answer.contains(stop) && outcome.answer?.contains(stop) != true)
        #expect(!run.deltas.filter { $0.segment == .answer && !$0.isTentative }.map(\.text).joined().contains(stop))
      }
      if let stop = outcome.stop {
        #expect(stops.contains(stop) && outcome.finish != .length)
        found += 1
      }
      thinking += run.thinking
    }
    #expect(found > 0)
    #expect(name == NoThinking.name || thinking.contains("STOP"))
  }

  @Test func `ends the turn of a model that does not mark its thinking`() async throws {
    var pair = Pair(small: ScriptedModel("six STOP", tokenizer: ByteTokenizer(controls: ["<|im_end|>"])))
    pair.small?.format = .unmarked
    pair.answering = AnswerRules(stops: ["STOP"])
    let run = await pair.run(SmallOnly())
    #expect(try run.outcome.answer == "six")
    #expect(try run.outcome.stop == "STOP")
  }

  @Test func `must not be empty`() async {
    #expect("\(await run("six", stops: [""]).error ?? CancellationError())" == "stops must not contain an empty text.")
  }
}

@Suite struct `The rules of an answer` {
  @Test func `keep its tokens and the likeliest ones beside them, if asked to`() async throws {
    var pair = Pair(small: FunctionModel.thinker("small"))
    pair.answering = AnswerRules(alternatives: 2)
    let run = await pair.run(SmallOnly())
    let thoughts = run.trace.thoughts.filter { $0.author == .small }
    #expect(thoughts.filter { $0.segment == .thinking }.allSatisfy { $0.readings.allSatisfy { $0.choice == nil } })
    let choices = thoughts.filter { $0.segment == .answer }.flatMap(\.readings).map(\.choice)
    #expect(!choices.isEmpty && choices.allSatisfy { $0?.alternatives.count == 2 })
  }

  @Test func `need an engine that has grammars, if they are one`() async {
    var pair = Pair(small: FunctionModel.thinker("small"))
    pair.answering = AnswerRules(grammar: Grammar(rules: #"root ::= "6""#))
    let error = await pair.run(SmallOnly()).error as? ReasoningError
    #expect(error == .missing(requirement: "grammar", strategy: "small-only", model: "small"))
  }
}

extension FunctionModel {
  /// Writes words at random of which stop texts consist, in the thinking and in the answer.
  fileprivate static func stopper(_ name: String) -> Self {
    .table(
      [
        "": [
          "so ": 2, "ST": 3, "OP": 3, "S": 1, "\n\n": 1, "wait ": 0.5, "</think>": 0.2, "<|im_end|>": 0.1,
          "1": 0.1, "2": 0.1, "3": 0.1, "4": 0.1, "5": 0.1, "6": 0.1,
        ]
      ], name: name)
  }
}
