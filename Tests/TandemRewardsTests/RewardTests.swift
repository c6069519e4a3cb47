import Foundation
import TandemSupport
import TandemTasks
import Testing

@testable import TandemRewards

/// Each formula worked out by hand; the computation stands beside the number.
@Suite struct `A length reward` {
  /// Right in 100 and in 200 tokens, wrong in 400.
  private let group = [
    RewardOutcome(length: 100, isCorrect: true), RewardOutcome(length: 200, isCorrect: true),
    RewardOutcome(length: 400, isCorrect: false),
  ]

  private func check(
    _ reward: some LengthReward, of group: [RewardOutcome]? = nil,
    in context: RewardContext = RewardContext(limit: 400),
    earns expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try reward.rewards(of: group ?? self.group, context).map { $0.total }
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6, "\(found)", sourceLocation: sourceLocation) }
  }

  @Test func `of TLDR is the accuracy less a penalty by level`() throws {
    let reward = TLDR(short: 0.8, medium: 0.4, long: 0)
    // 1 - 0.8 * 100/400, 1 - 0.8 * 200/400, 0 - 0.8 * 400/400
    try check(reward, in: RewardContext(limit: 400, level: .short), earns: [0.8, 0.6, -0.8])
    try check(reward, in: RewardContext(limit: 400, level: .medium), earns: [0.9, 0.8, -0.4])
    try check(reward, in: RewardContext(limit: 400, level: .long), earns: [1, 1, 0])
    // Above the limit the penalty grows no more.
    try check(reward, in: RewardContext(limit: 200, level: .short), earns: [0.6, 0.2, -0.8])
    #expect(throws: RewardError.self) { _ = try reward.rewards(of: group, RewardContext(limit: 400)) }
  }

  @Test func `of L1 is the distance to the budget, or a right answer's room below it`() throws {
    let context = RewardContext(limit: 400, budget: 150)
    // 1 - 0.0003 * 50, 1 - 0.0003 * 50, 0 - 0.0003 * 250
    try check(L1Exact(), in: context, earns: [0.985, 0.985, -0.075])
    // 0.0003 * 50 + 0.5, 0.0003 * -50 + 0.5, wrong
    try check(L1Max(), in: context, earns: [0.515, 0.485, 0])
    // 0.02 * 50 + 0.5 = 1.5 and 0.02 * -50 + 0.5 = -0.5 are clipped.
    try check(L1Max(slope: 0.02), in: context, earns: [1, 0, 0])
    #expect(throws: RewardError.self) { _ = try L1Max().rewards(of: group, RewardContext(limit: 400)) }
  }

  @Test(arguments: [Int.min, 0, 1_000_000_001, Int.max])
  func `of L1 does not count beyond what an Int holds, and a rule refuses such a budget`(budget: Int) throws {
    let (context, wrong) = (RewardContext(limit: 400, budget: budget), RewardOutcome(length: .max, isCorrect: false))
    #expect(try L1Exact().rewards(of: group + [wrong], context).allSatisfy { $0.total.isFinite })
    #expect(try L1Max().rewards(of: group + [wrong], context).allSatisfy { 0...1 ~= $0.total })
    for rule in [RewardRule(L1Exact()), RewardRule(L1Max())] {
      let message = failure { _ = try rule.rewards(of: group, context) }?.description
      #expect(message == "budget must be from 1 to 1000000000 tokens.")
    }
  }

  @Test func `refuses what no reference and no validation can be`() throws {
    for (length, accuracy) in [(-1, 0.5), (.nan, 0.5), (.infinity, 0.5), (200, -0.1), (200, 1.1), (200, .nan)] {
      let context = RewardContext(limit: 400, reference: .init(meanLength: length, accuracy: accuracy))
      let message = failure { _ = try RewardRule(O1Pruner()).rewards(of: group, context) }?.description ?? ""
      #expect(message.hasPrefix("reference must have a meanLength of at least 0"), "\(message)")
    }
    for accuracy in [-0.1, 1.1, .nan] {
      let context = RewardContext(limit: 400, validationAccuracy: accuracy)
      let message = failure { _ = try RewardRule(AALC()).rewards(of: group, context) }?.description ?? ""
      #expect(message == "validationAccuracy must be from 0 to 1.")
    }
    // What a reference that does not think at all has.
    let context = RewardContext(limit: 400, reference: .init(meanLength: 0, accuracy: 0))
    #expect(try RewardRule(O1Pruner()).rewards(of: group, context).count == 3)
  }

  @Test(arguments: [
    ("soft-overlong", "cache", 0.0, "cache 0.0"), ("aalc", "targetAccuracy", 0, "targetAccuracy 0.0"),
    ("l1-exact", "slope", 1e308, "slope 1e+308"),
  ])
  func `names the coefficients that make it something else than a number`(
    name: String, coefficient: String, value: Double, words: String
  ) throws {
    let rule = try RewardRule(named: name, setting: [coefficient: value])
    let message = failure { try rule.validate(limit: 400) }?.description ?? ""
    #expect(message.hasPrefix("reward \(name) is not always a number with its coefficients "), "\(message)")
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: RewardRule.known.map { $0.name }) func `makes numbers with the coefficients of its paper`(
    name: String
  ) throws {
    for limit in [2, 400, 1_048_576] { try RewardRule(named: name).validate(limit: limit) }
  }

  @Test func `of O1-Pruner is the length saved over the reference, and the accuracy gained`() throws {
    let context = RewardContext(limit: 400, reference: .init(meanLength: 200, accuracy: 0.5))
    // 100/100 + 5 * 0.5, 0/200 + 5 * 0.5, -200/400 - 5 * 0.5 = -3 clipped
    try check(O1Pruner(), in: context, earns: [3.5, 2.5, -2])
    // 160/40 + 2.5 = 6.5 clipped
    try check(O1Pruner(), of: [RewardOutcome(length: 40, isCorrect: true)], in: context, earns: [4])
    #expect(throws: RewardError.self) { _ = try O1Pruner().rewards(of: group, RewardContext(limit: 400)) }
  }

  @Test func `of DAST compares with a budget that grows with difficulty`() throws {
    // B = 2/3 * 150 + 1/3 * 400 = 700/3; lambda = -4/7, -1/7, 5/7; -0.5 l + 0.5; min(0.9 * 5/7 - 0.1, -0.1)
    try check(DAST(), earns: [2.0 / 7 + 0.5, 0.5 / 7 + 0.5, -0.1])
    // B = 1/2 * 300 + 1/2 * 400 = 350; lambda = -3/7 (wrong), -1/7 (right)
    let other = [RewardOutcome(length: 200, isCorrect: false), RewardOutcome(length: 300, isCorrect: true)]
    try check(DAST(), of: other, earns: [-2.7 / 7 - 0.1, 0.5 / 7 + 0.5])
    // B = 100; lambda = 2.7 makes -0.85, and the floor 0.1.
    let long = [10, 10, 10, 370].map { RewardOutcome(length: $0, isCorrect: true) }
    #expect(try abs(DAST().rewards(of: long, RewardContext(limit: 400))[3].total - 0.1) < 1e-9)
    // B = 0 would divide by nothing: it is 1, so that lambda = -1.
    try check(DAST(), of: [RewardOutcome(length: 0, isCorrect: true)], earns: [1])
  }

  @Test func `of ShorterBetter is the distance to the shortest right answer`() throws {
    // 2 - 0.001 * 0, 2 - 0.001 * 100, 0 - 0.001 * 300
    try check(ShorterBetter(), earns: [2, 1.9, -0.3])
    // None is right: the distance to the mean of 200.
    let wrong = [100, 300].map { RewardOutcome(length: $0, isCorrect: false) }
    try check(ShorterBetter(), of: wrong, earns: [-0.1, -0.1])
  }

  @Test func `of AALC counts length as the validation nears its target`() throws {
    // a = 0.6 / 0.6 = 1: 0.9 + 0.1 * (1 - 100/400), 0.9 + 0.1 * (1 - 200/400), 0.1 * (1 - 1)
    try check(AALC(), in: RewardContext(limit: 400, validationAccuracy: 0.6), earns: [0.975, 0.95, 0])
    // a = 1/2, and 2^-128 is nothing: 0.95 + 0.1 for all right ones, 0.1 for the wrong one.
    try check(AALC(), in: RewardContext(limit: 400, validationAccuracy: 0.3), earns: [1.05, 1.05, 0.1])
    #expect(throws: RewardError.self) { _ = try AALC().rewards(of: group, RewardContext(limit: 400)) }
  }

  @Test func `of LASER is a bonus within the target`() throws {
    // The target is 0.25 * 400.
    try check(Laser(), earns: [1.5, 1, -0.5])
    try check(Laser(), of: [RewardOutcome(length: 400, isCorrect: false, isCut: true)], earns: [-1])
  }

  @Test func `of LASER-D has a target for each difficulty`() throws {
    // 2 of 3 right is easy: 0.25 * 400. 1 of 2 is middle: 0.5 * 400. 1 of 4 is hard: 400.
    try check(LaserD(), earns: [1.5, 1, -0.5])
    try check(LaserD(), of: Array(group[1...]), earns: [1.5, -0.5])
    let wrong = RewardOutcome(length: 300, isCorrect: false)
    try check(
      LaserD(), of: [RewardOutcome(length: 400, isCorrect: true), wrong, wrong, wrong], earns: [1.5, -0.5, -0.5, -0.5])
  }

  @Test func `of LASER-DE rewards long exploration that does not repeat itself`() throws {
    try check(LaserDE(), earns: [1.5, 1, 0])
    let repetitive = RewardOutcome(length: 400, isCorrect: false, isRepetitive: true)
    try check(LaserDE(), of: [group[1], repetitive], earns: [1.5, -0.5])
    try check(LaserDE(), of: [group[1], RewardOutcome(length: 50, isCorrect: false)], earns: [1.5, -0.5])
  }

  @Test func `of LASER-D adapts its targets to what a share of completions needs`() {
    let easy = (1...10).map { RewardOutcome(length: $0 * 10, isCorrect: true) }
    let hard = (1...4).map { RewardOutcome(length: $0 * 20, isCorrect: false) }
    let found = LaserTargets().adapted(to: [easy, hard], limit: 100)
    // Easy: the first sixteenth that 20 % of 10 fit into: 10 and 20 are within 25. Hard: 80 is within 81.
    #expect(found.easy == 0.25)
    #expect(found.hard == 0.81)
    #expect(LaserTargets().adapted(to: [hard], limit: 70).hard == 80.0 / 70, "no length holds all: the longest")
    #expect(found.middle == LaserTargets().middle, "no group is of middle difficulty")
  }

  @Test func `of LASER-D and -DE has the targets that were chosen last`() throws {
    var targets = LaserTargets()
    targets.easy = 0.5
    let context = RewardContext(limit: 400, targets: targets)
    // 200 is within 0.5 * 400 now.
    try check(LaserD(), in: context, earns: [1.5, 1.5, -0.5])
    try check(LaserDE(), in: context, earns: [1.5, 1.5, 0])
  }

  @Test func `of Kimi lies between the shortest and the longest of the group`() throws {
    // lambda = 0.5, 0.5 - 1/3, -0.5, times 0.4
    try check(Kimi(), earns: [1.2, 1 + 0.4 / 6, -0.2])
    // A short wrong answer gets no bonus.
    let two = [RewardOutcome(length: 10, isCorrect: false), RewardOutcome(length: 20, isCorrect: true)]
    try check(Kimi(), of: two, earns: [0, 0.8])
    try check(Kimi(), of: [group[0], group[0]], earns: [1, 1])
  }

  @Test func `of Arora and Zanette is a sigmoid of the deviation from right ones`() throws {
    // mean 150, deviation 50: sigmoid(-1) = 0.2689414, sigmoid(1) = 0.7310586
    try check(AroraZanette(), earns: [1 - 0.4 * 0.268_941_4, 1 - 0.4 * 0.731_058_6, 0])
    try check(AroraZanette(), of: Array(group[1...]), earns: [0.8, 0])
  }

  @Test func `of DAPO falls only near the limit`() throws {
    // The cache is 80 tokens: 1, 1 - 40/80, -1 - 1
    let late = [group[0], RewardOutcome(length: 360, isCorrect: true), group[2]]
    try check(SoftOverlong(), of: late, earns: [1, 0.5, -2])
  }

  @Test func `can be for right answers only`() throws {
    let context = RewardContext(limit: 400, level: .short)
    let rule = RewardRule(TLDR(short: 0.8, medium: 0.4, long: 0), isCorrectOnly: true)
    #expect(try rule.rewards(of: group, context) == [0.8, 0.6, 0])
  }

  @Test func `is written down with its name and coefficients, and read again`() throws {
    for type in RewardRule.known {
      let rule = RewardRule(type.init(), isCorrectOnly: true)
      let read = try JSONDecoder().decode(RewardRule.self, from: Data(rule.json().utf8))
      #expect(try read.json() == rule.json())
      #expect(try rule.json().contains("\"\(type.name)\""))
    }
    let changed = RewardRule(TLDR(short: 0.7, medium: 0.2, long: 0.1))
    let read = try JSONDecoder().decode(RewardRule.self, from: Data(changed.json().utf8))
    #expect(read.reward as? TLDR == TLDR(short: 0.7, medium: 0.2, long: 0.1))
    #expect(Set(RewardRule.known.map { $0.name }).count == RewardRule.known.count)
    #expect(failure { _ = try RewardRule.named("tdlr") } != nil)
  }

  @Test func `changes coefficients by name, also in a group of them`() throws {
    let rule = try RewardRule(named: "laser-d", setting: ["targets.easy": 0.125, "bonus": 0.25])
    #expect((rule.reward as? LaserD)?.targets.easy == 0.125 && (rule.reward as? LaserD)?.targets.hard == 1)
    #expect((rule.reward as? LaserD)?.bonus == 0.25)
    for wrong in ["targets", "targets.none", "bonus.more", "none"] {
      let message = failure { _ = try RewardRule(named: "laser-d", setting: [wrong: 1]) }?.description ?? ""
      #expect(message.contains("bonus, targets.easy, targets.hard, targets.middle"), "\(wrong): \(message)")
    }
    #expect(failure { _ = try RewardRule(named: "tldr", setting: ["short": .infinity]) } != nil)
  }
}

@Suite struct `A check of answers` {
  @Test func `takes every answer that a benchmark of mathematics has`() throws {
    for entry in BenchmarkEntry.all where entry.isIncluded {
      for exercise in try Benchmark.load(entry.name).exercises {
        guard case .mathematics(let gold) = exercise.gold else { continue }
        for answer in gold.answers {
          #expect(failure { try AnswerCheck.mathematics.validate(answer) } == nil, "\(exercise.id): \(answer)")
        }
      }
    }
  }
}

/// The error that `action` throws; nil if it throws none.
func failure(_ action: () throws -> Void) -> RewardError? {
  do {
    try action()
    return nil
  } catch {
    return error as? RewardError
  }
}
