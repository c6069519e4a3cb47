import TandemInference
import TandemTesting
import Testing

@testable import Tandem

@Suite struct `A schedule of what is written` {
  private func schedule(_ change: (inout WritingSchedule) -> Void = { _ in }) -> WritingSchedule {
    var schedule = WritingSchedule()
    (schedule.thinking, schedule.answer, schedule.thoughts) = (50, 4, [10, 20])
    change(&schedule)
    return schedule
  }

  private func text(_ schedule: WritingSchedule, until end: Int = 51) throws -> String {
    let model = ScriptedModel()
    let text = try ScheduledText(schedule, for: model, format: .think)
    return model.tokenizer.decode((0..<end).map(text.thinking))
  }

  @Test func `has thoughts of the lengths that it lists, in turn`() {
    let places = [0, 9, 10, 29, 30, 39, 40].map(schedule().thought)
    #expect(places.map(\.thought) == [0, 0, 1, 1, 2, 2, 3])
    #expect(places.map(\.start) == [0, 0, 10, 10, 30, 30, 40])
    #expect(places.map(\.end) == [10, 10, 30, 30, 40, 40, 60])
  }

  @Test func `begins thoughts with cues, and ends them with a blank line`() throws {
    let all = schedule { $0.cues = .init(affirmation: 0, reflection: 1, verification: 0) }
    let thoughts = try text(all, until: 50).split(separator: "\n\n", omittingEmptySubsequences: false)
    #expect(thoughts.map(\.utf8.count) == [8, 18, 8, 10])
    #expect(thoughts.map { $0.hasPrefix("Wait,") } == [false, true, true, true])
  }

  @Test func `has cues that the strategies' words find, and nothing else that they would find`() throws {
    for (kind, cue) in [(WritingSchedule.CueKind.affirmation, Cue.affirmation), (.reflection, .reflection)] {
      #expect(CueWords.paper.cue(of: kind.text) == cue)
    }
    #expect(CueWords.paper.asksToVerify(WritingSchedule.CueKind.verification.text))
    let none = schedule { $0.cues = .init(affirmation: 0, reflection: 0, verification: 0) }
    #expect(CueWords.paper.cue(of: try text(none)) == .statement)
  }

  @Test func `spreads its shares evenly`() {
    var schedule = schedule()
    schedule.cues = .init(affirmation: 0.1, reflection: 0.2, verification: 0.05)
    (schedule.uncertain.small, schedule.uncertain.large) = (0.25, 0.75)
    let cues = (1...1000).compactMap(schedule.cue)
    #expect(abs(cues.count { $0 == .reflection } - 200) <= 2)
    #expect(abs(cues.count { $0 == .affirmation } - 100) <= 2)
    #expect(abs(cues.count { $0 == .verification } - 50) <= 2)
    #expect(abs((0..<1000).count { schedule.isUncertain(.small, at: $0) } - 250) <= 2)
    #expect(abs((0..<1000).count { schedule.isUncertain(.large, at: $0) } - 750) <= 2)
  }

  @Test func `ends the thinking where it says, and the answer`() throws {
    let model = ScriptedModel()
    let text = try ScheduledText(schedule(), for: model, format: .think)
    #expect(model.tokenizer.spelling(of: text.thinking(at: 50)) == "</think>")
    #expect(model.tokenizer.spelling(of: text.thinking(at: 70)) == "</think>")
    #expect(
      (0..<5).map { model.tokenizer.isEndOfGeneration(text.answer(at: $0)) } == [false, false, false, false, true])
    // A model that does not mark its thinking answers in it.
    let unmarked = try ScheduledText(schedule(), for: model, format: .unmarked)
    #expect((50..<55).map { model.tokenizer.isEndOfGeneration(unmarked.thinking(at: $0)) }.firstIndex(of: true) == 4)
  }

  private static let faults: [(change: @Sendable (inout WritingSchedule) -> Void, words: String)] = [
    ({ $0.thinking = 0 }, "thinking must be from 1 to 1000000, not 0"), ({ $0.answer = 0 }, "answer must be from 1"),
    ({ $0.question = -1 }, "question must be from 1"), ({ $0.outline = 0 }, "outline must be from 1"),
    ({ $0.acceptance = 1.5 }, "acceptance must be from 0 to 1, not 1.5"),
    ({ $0.keptSteps = -0.5 }, "keptSteps must be"),
    ({ $0.confidence = 0 }, "confidence must be above 0"), ({ $0.cues.reflection = 2 }, "cues.reflection must be"),
    ({ $0.cues.affirmation = 0.9 }, "cues must add up to 1 at most"),
    ({ $0.uncertain.small = .nan }, "uncertain.small must be"), ({ $0.uncertain.large = 7 }, "uncertain.large must be"),
    ({ $0.thoughts = [] }, "thoughts must have a length"), ({ $0.thoughts = [40, 7] }, "thoughts must be from 8"),
  ]

  @Test(arguments: faults.indices) func `refuses what makes no sense`(_ index: Int) {
    let fault = Self.faults[index]
    let error = #expect(throws: ReasoningError.self) { try schedule(fault.change).validate() }
    #expect(error?.description.hasPrefix(fault.words) == true, "\(String(describing: error))")
  }
}

extension WritingSchedule.Cues {
  init(affirmation: Double, reflection: Double, verification: Double) {
    self.init()
    (self.affirmation, self.reflection, self.verification) = (affirmation, reflection, verification)
  }
}
