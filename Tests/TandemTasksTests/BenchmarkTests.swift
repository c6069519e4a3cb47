import Foundation
import MathEquivalence
import Tandem
import Testing

@testable import TandemTasks

@Suite struct `Tasks that come with Tandem` {
  @Test(arguments: BenchmarkEntry.all.filter(\.isIncluded).map(\.name))
  func `have all their problems, each with an id and an answer of its own`(_ name: String) throws {
    let benchmark = try Benchmark.load(name)
    let entry = try BenchmarkEntry.named(name, hasFile: false)
    #expect(benchmark.exercises.count == entry.count)
    #expect(benchmark.skipped == 0)
    #expect(Set(benchmark.exercises.map(\.id)).count == benchmark.exercises.count)
  }

  @Test func `ask as the papers do`() throws {
    let exercise = Exercise(id: "1", question: "What is 1 + 1?", gold: .mathematics(.init(["2"])))
    #expect(PromptTemplate.bare.problem(exercise).question == "What is 1 + 1?")
    #expect(
      PromptTemplate.speculativeThinking.problem(exercise).question
        == #"Please reason step by step, and put your final answer within \boxed{}. What is 1 + 1?"#)
    #expect(
      PromptTemplate.s1.problem(exercise).instructions
        == "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.")
    #expect(try Benchmark.load("countdown").prompt == .bare)
    #expect(try Benchmark.load("math500").prompt == .speculativeThinking)
    #expect(try Benchmark.load("math500", prompt: .s1).prompt == .s1)
  }

  @Test func `have a fingerprint of what is asked and how it is judged`() throws {
    let benchmark = try Benchmark.load("gsm8k")
    let all = benchmark.fingerprint(of: benchmark.exercises)
    #expect(all == (try Benchmark.load("gsm8k")).fingerprint(of: benchmark.exercises))
    #expect(all != benchmark.fingerprint(of: benchmark.exercises.dropLast()))
    #expect(all != (try Benchmark.load("gsm8k", prompt: .bare)).fingerprint(of: benchmark.exercises))
    #expect(all != (try Benchmark.load("gsm8k", policy: .boxed)).fingerprint(of: benchmark.exercises))
  }

  @Test func `accept their own answers, boxed`() throws {
    for name in ["gsm8k", "math500"] {
      let benchmark = try Benchmark.load(name)
      for exercise in benchmark.exercises.prefix(60) {
        let judgement = exercise.gold.judge("So it is $\\boxed{\(exercise.gold)}$.", by: benchmark.policy)
        #expect(judgement.verdict == .correct, "\(exercise.id): \(exercise.gold) \(judgement)")
      }
    }
  }

  @Test(arguments: [
    ("countdwn", nil, "Did you mean 'countdown'?"), ("gsm8k", "bar", "Did you mean 'bare'?"),
    ("aime24", nil, "QwenLM/Qwen2.5-Math"), ("gpqa-diamond", nil, "gpqa_diamond.csv"),
  ])
  func `say what there is, and where the others are to be had`(_ name: String, _ prompt: String?, _ words: String) {
    let error = #expect(throws: TaskError.self) {
      try Benchmark.load(name, prompt: prompt.map { name throws(TaskError) in try PromptTemplate.named(name) })
    }
    #expect(error?.description.contains(words) == true)
  }
}

@Suite struct `An output is judged` {
  private let gold = Gold.mathematics(.init(["12"]))

  @Test(arguments: [
    (AnswerPolicy.standard, "The answer is 12.", Judgement.Verdict.correct),
    (.standard, #"First \boxed{3}, in the end \boxed{12}."#, .correct),
    (.standard, "7 and then 13", .wrong),
    (.paper, #"\boxed{12}"#, .correct), (.paper, "some 12", .correct),
    (.boxed, "The answer is 12.", .unparsable), (.boxed, #"\boxed{012}"#, .correct),
    (.standard, "", .unparsable), (.standard, "no idea", .unparsable),
  ])
  func `by a policy that has a name`(_ policy: AnswerPolicy, _ output: String, _ verdict: Judgement.Verdict) {
    #expect(gold.judge(output, by: policy).verdict == verdict)
  }

  @Test func `right when it is any of several answers`() {
    let gold = Gold.mathematics(.init(["80", "81"]))
    #expect(gold.judge(#"\boxed{80}"#, by: .standard).verdict == .correct)
    #expect(gold.judge(#"\boxed{081}"#, by: .standard).verdict == .correct)
    #expect(gold.judge(#"\boxed{82}"#, by: .standard).verdict == .wrong)
    #expect(gold.description == "80 or 81")
  }

  @Test(arguments: [
    ("45", "minute", "45"), ("45", "minute", #"45\text{ minutes}"#), ("$166$", "$cm^2$", "166"),
    ("$\\frac{600}{7}$", "km/h", #"\frac{600}{7}"#), ("90", "^{\\circ}", #"90^\circ"#),
  ])
  func `right with the unit and without`(_ answer: String, _ unit: String, _ prediction: String) {
    let gold = Gold.mathematics(.init([answer], unit: unit))
    #expect(gold.judge("\\boxed{\(prediction)}", by: .standard).verdict == .correct)
  }

  @Test func `right within a tolerance where the benchmark has one`() {
    let gold = Gold.mathematics(.init(["4.2"], unit: "%", tolerance: 0.1))
    #expect(gold.judge(#"\boxed{4.25\%}"#, by: .standard).verdict == .correct)
    #expect(gold.judge(#"\boxed{4.5\%}"#, by: .standard).verdict == .wrong)
    #expect(Gold.mathematics(.init(["4.2"])).judge(#"\boxed{4.25}"#, by: .standard).verdict == .wrong)
  }

  @Test(arguments: [
    (#"It is \boxed{B}."#, Judgement.Verdict.correct), (#"\boxed{B) water}"#, .correct), (#"\boxed{C}"#, .wrong),
    ("So C is out, and the answer is (B).", .correct), ("Nothing fits.", .unparsable),
    (#"\text{B} or A: \boxed{\text{B}}"#, .correct),
    (#"\boxed{B: A}"#, .correct), (#"\boxed{A: B}"#, .wrong), (#"\boxed{\text{Option B: D-glucose}}"#, .correct),
    ("The answer is B. Neither C nor D fits.", .correct), ("The answer is C, not B.", .wrong), ("ANSWER: B", .correct),
    (#"\boxed{\textbf{(B)} vitamin A}"#, .correct), ("The answer is (B), since (A) fails.", .correct),
  ])
  func `by its letter`(_ output: String, _ verdict: Judgement.Verdict) {
    #expect(Gold.letter("B").judge(output, by: .letter).verdict == verdict)
  }

  @Test func `as a derivation`() throws {
    let gold = Gold.derivation(Countdown(numbers: [10, 7, 5, 2], target: 24))
    let answer = "Answer: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24."
    #expect(gold.judge(answer, by: .whole).verdict == .correct)
    #expect(gold.judge("Answer: 24.", by: .whole).verdict == .wrong)
    #expect(gold.judge(" ", by: .whole).verdict == .unparsable)
  }

  @Test func `as the grader judges the same text`() throws {
    let benchmark = try Benchmark.load("math500")
    for (index, exercise) in benchmark.exercises.prefix(80).enumerated() {
      let other = benchmark.exercises[(index * 7 + 1) % 500].gold.description
      for output in ["Thus \\boxed{\(other)}.", "The answer is \(exercise.gold).", "It is $\(exercise.gold)$."] {
        let direct = Grader().grade(output, against: exercise.gold.description, form: .text)
        #expect((exercise.gold.judge(output, by: .standard).verdict == .correct) == direct.isCorrect)
      }
    }
  }
}
