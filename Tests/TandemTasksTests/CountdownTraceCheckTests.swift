import Foundation
import Tandem
import TandemTasks
import Testing

@Suite struct `The check of a Countdown trace` {
  private let problem = Countdown(numbers: [10, 7, 5, 2], target: 24)
  private let answer = "Answer: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24."

  @Test func `finds nothing in a search that is right`() {
    let check = check([
      "Try 10 * 2 = 20. Now 20, 7, 5.", "Try 7 - 5 = 2. Now 20, 2.",
      "Then 20 * 2 = 40, 20 + 2 = 22, 20 - 2 = 18, 20 / 2 = 10. None makes 24.",
      "Wait, back to 20, 7, 5. Try 20 - 7 = 13. Now 13, 5.", "Then 13 + 5 = 18, 13 - 5 = 8. None makes 24.",
      "Back to 10, 7, 5, 2. Try 10 - 5 = 4. Now 7, 4, 2.", "Hold on, 10 - 5 = 5, not 4. Now 7, 5, 2.",
      "Try 7 + 5 = 12. Now 12, 2.",
      "Then 12 * 2 = 24.", "Yes, that makes 24.", "Let me verify: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24. Correct.",
    ])
    // The slip is a fault; that it was corrected is not.
    #expect(check.verdicts.flatMap(\.faults).map(\.kind) == [.wrongArithmetic])
    #expect(check.firstWrong?.thought == 5)
    #expect(check.firstFault?.sentence == "Try 10 - 5 = 4.")
  }

  @Test(arguments: [
    (["Try 10 * 2 = 21. Now 21, 7, 5."], CountdownFault.Kind.wrongArithmetic, "10 * 2 is 20, not 21"),
    (["Try 7 / 2 = 3. Now 10, 5, 3."], .wrongArithmetic, "7 / 2 is no whole number, not 3"),
    (["Try 10 * 3 = 30. Now 30, 7, 5."], .missingNumber, "10, 7, 5, 2 is there, which 10 * 3 can't be made of"),
    (["Try 10 * 2 = 20. Now 20, 7, 6."], .wrongState, "10 * 2 = 20 leaves 20, 7, 5, not 20, 7, 6"),
    (["Now 20, 7, 5."], .wrongState, "nothing was done that leaves 20, 7, 5"),
    (["Wait, back to 20, 7, 5."], .unknownState, "20, 7, 5 was never there"),
    (
      ["Try 7 - 5 = 2. Now 10, 2, 2.", "Wait, back to 10, 7, 5, 2.", "Try 7 - 5 = 2. Now 10, 2, 2."],
      .repeatedStep, "7 - 5 was tried before"
    ),
    (["Then 10 + 7 = 17. None makes 25."], .wrongTarget, "the target is 24, not 25"),
    (["Try 10 + 7 = 17. Now 17, 5, 2.", "Then 17 + 5 = 22."], .missingNumber, ""),
    (
      ["Try 10 - 5 = 5. Now 7, 5, 2.", "Try 7 + 5 = 12. Now 12, 2.", "Then 12 + 2 = 14. None makes 24."],
      .missedSolution, "12 * 2 makes 24"
    ),
    (
      ["Try 10 - 5 = 5. Now 7, 5, 2.", "Try 7 + 5 = 12. Now 12, 2.", "Then 12 + 2 = 14.", "Yes, that makes 24."],
      .falseSuccess, "12 + 2 does not make 24"
    ),
    (["Yes, that makes 24."], .falseSuccess, "nothing makes 24"),
    (["Hold on, 10 * 2 = 20, not 21."], .baselessCorrection, "10 * 2 = 21 was never said, or is right"),
    (["Let me verify: 10 * 2 = 20, not 21. That is wrong."], .baselessCorrection, ""),
    (["Let me verify: 10 + 7 = 17, 17 + 5 = 22, 22 + 2 = 24. That is wrong."], .falseCheck, ""),
    (["Let me verify: 10 * 2 = 20. Correct."], .falseCheck, "10 * 2 = 20 does not make 24"),
    (["Correct."], .falseCheck, "nothing was checked"),
    (["Let me think about this."], .unreadable, "it has no known form"),
    (["Try 10 * 2 ="], .unreadable, ""),
  ])
  func `finds`(_ thoughts: [String], kind: CountdownFault.Kind, reason: String) throws {
    let faults = check(thoughts).verdicts.flatMap(\.faults)
    let fault = try #require(faults.first { $0.kind == kind }, "\(faults)")
    if !reason.isEmpty { #expect(fault.reason == reason) }
  }

  @Test func `survives numbers of any size`() {
    let huge = Int.max
    let check = check([
      "Try \(huge) * 2 = \(huge). Now \(huge), 0, -5.", "Try \(huge) - -5 = 1. Now 0, 1.", "Try 0 / 0 = 0. Now 0.",
      "Then \(huge) + \(huge) = 1, \(Int.min) / -1 = 1. None makes 24.", "Then \(huge) + 1 = 24. Yes, that makes 24.",
      "Let me verify: 0 / 0 = 1, not \(huge). That is wrong.",
    ])
    #expect(check.verdicts.dropLast().allSatisfy { $0.isWrong })
  }

  @Test func `continues from what was claimed`() {
    let check = check(["Try 10 * 2 = 21. Now 21, 7, 5.", "Try 21 - 7 = 14. Now 14, 5.", "Try 14 + 5 = 19. Now 18."])
    #expect(check.verdicts.map { $0.faults.map(\.kind) } == [[.wrongArithmetic], [], [.wrongState], []])
  }

  @Test func `does not call a waste wrong`() {
    let step = "Try 7 - 5 = 2. Now 10, 2, 2."
    let check = check([step, "Wait, back to 10, 7, 5, 2.", step])
    #expect(check.verdicts[2].faults.map(\.kind) == [.repeatedStep])
    #expect(check.firstWrong == nil)
  }

  @Test func `forgets a state that was corrected`() {
    let check = check([
      "Try 10 * 2 = 21. Now 21, 7, 5.", "Hold on, 10 * 2 = 20, not 21. Now 20, 7, 5.", "Wait, back to 21, 7, 5.",
    ])
    #expect(check.verdicts[2].faults.map(\.kind) == [.unknownState])
  }

  @Test func `judges the answer`() {
    let check = CountdownTraceCheck(
      of: [thought("Try 10 * 2 = 20. Now 20, 7, 5.\n\n"), thought("Answer: 10 * 2 = 20.", .large, .answer)],
      about: problem)
    #expect(check.verdicts.map(\.isWrong) == [false, true])
    #expect(check.firstWrong?.author == .large)
    #expect(check.counts(by: .large) == [.wrongAnswer: 1])
    #expect(check.counts(by: .small) == [:])
  }

  @Test func `reads what a limit cut in two as its second author's`() {
    let check = CountdownTraceCheck(
      of: [
        thought("Try 10 * 2 = 20. Now 20, 7, ", .large, ending: .limit), thought("6.\n\n"),
        thought("Try 20 - 6 =", .large, ending: .limit), thought("Try 20 - 6 = 14. Now 14, 7.\n\n"),
      ], about: problem)
    #expect(check.verdicts.map { $0.faults.map(\.kind) } == [[], [.wrongState], [], []])
  }

  @Test func `reads inserted text with what follows, and never blames it`() {
    let check = CountdownTraceCheck(
      of: [
        thought("Let me check whether there are some wrong steps:", .inserted, ending: .limit),
        thought("Try 10 * 2 = 20. Now 20, 7, 5.\n\n"), thought("Wait", .inserted, ending: .limit),
        thought(", back to 10, 7, 5, 2.\n\n"), thought("So it is.", .inserted),
      ], about: problem)
    #expect(check.verdicts.allSatisfy { $0.faults.isEmpty })
  }

  @Test func `needs a trace about a Countdown problem`() throws {
    #expect(try CountdownTraceCheck(trace("What is 2 + 2?")) == nil)
    #expect(try CountdownTraceCheck(trace(problem.question))?.verdicts.map(\.isWrong) == [true])
    #expect(CountdownTraceCheck(Trace([])) == nil)
  }

  /// A trace about `question`, with one thought.
  private func trace(_ question: String) throws -> Trace {
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
    let lines = """
      {"event":"started","header":{"version":1,"strategy":"small-only","settings":{},"seed":0,\
      "problem":\(try json(Problem(question: question))),"budget":\(try json(Budget()))}}
      {"event":"accepted","thought":\(try json(thought("Try 10 + 7 = 3.")))}

      """
    return try Trace(lines: lines)
  }

  private func check(_ thoughts: [String]) -> CountdownTraceCheck {
    CountdownTraceCheck(
      of: thoughts.map { thought($0 + "\n\n") } + [thought(answer, .small, .answer)], about: problem)
  }
}

func thought(
  _ text: String, _ author: Author = .small, _ segment: Segment = .thinking, ending: Thought.Ending = .boundary
) -> Thought {
  Thought(text: text, author: author, segment: segment, ending: ending, tokenCount: 1)
}
