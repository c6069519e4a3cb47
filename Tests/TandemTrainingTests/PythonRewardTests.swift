import Foundation
import TandemInference
import TandemRewards
import Testing

@testable import TandemTraining

/// The Python files that are handed over, run on the same completions as the Swift rewards.
@Suite struct `A reward in Python` {
  /// Completions of one prompt and what is known of it, as both languages read it.
  private struct Case: Encodable {
    var module: String
    var group: [RewardOutcome]
    var limit: Int
    var level: LengthLevel?
    var budget: Int?
    var reference: [Double]?
    var validationAccuracy: Double?

    var context: RewardContext {
      RewardContext(
        limit: limit, level: level, budget: budget,
        reference: reference.map { .init(meanLength: $0[0], accuracy: $0[1]) }, validationAccuracy: validationAccuracy)
    }
  }

  /// The groups of `RewardTests`, whose rewards are worked out by hand, with all that any rule asks for.
  private static let golden: [Case] = {
    func right(_ length: Int) -> RewardOutcome { RewardOutcome(length: length, isCorrect: true) }
    func wrong(_ length: Int) -> RewardOutcome { RewardOutcome(length: length, isCorrect: false) }
    let three = [right(100), right(200), wrong(400)]
    let groups = [
      three, Array(three[1...]), [three[0], three[0]], [right(40)], [wrong(100), wrong(300)], [wrong(200), right(300)],
      [wrong(10), right(20)], [right(10), right(10), right(10), right(370)], [right(100), right(360), wrong(400)],
      [right(400), wrong(300), wrong(300), wrong(300)], [RewardOutcome(length: 400, isCorrect: false, isCut: true)],
      [right(200), RewardOutcome(length: 400, isCorrect: false, isRepetitive: true)], [right(200), wrong(50)],
    ]
    return groups.flatMap { group in
      LengthLevel.allCases.map { level in
        Case(
          module: "", group: group, limit: level == .medium ? 200 : 400, level: level, budget: 150,
          reference: [200, 0.5], validationAccuracy: level == .long ? 0.3 : 0.6)
      }
    }
  }()

  private static func random(seed: UInt64) -> Case {
    var draws = SplitMix64(seed: seed)
    let limit = Int.random(in: 100...600, using: &draws)
    let group = (0..<Int.random(in: 1...12, using: &draws)).map { _ in
      RewardOutcome(
        length: Int.random(in: 1...limit + 20, using: &draws), isCorrect: Bool.random(using: &draws),
        isCut: Bool.random(using: &draws), isRepetitive: Bool.random(using: &draws))
    }
    return Case(
      module: "", group: group, limit: limit, level: LengthLevel.allCases.randomElement(using: &draws),
      budget: Int.random(in: 1...700, using: &draws),
      reference: [Double.random(in: 1...500, using: &draws), Double.random(in: 0...1, using: &draws)],
      validationAccuracy: Double.random(in: 0...1, using: &draws))
  }

  /// Each rule with the coefficients of its paper, and with others, for right answers only.
  private static func rules() throws -> [RewardRule] {
    try RewardRule.known.flatMap { type in
      let plain = type.init()
      var changes: [String: Double] = [:]
      for (name, coefficient) in try plain.coefficients() {
        switch coefficient {
        case .number(let value): changes[name] = 0.9 * value + 0.01
        case .group(let values):
          for inner in values.keys { changes["\(name).\(inner)"] = 0.3 + 0.1 * Double(inner.count) }
        }
      }
      return [RewardRule(plain), try RewardRule(named: type.name, setting: changes, isCorrectOnly: true)]
    }
  }

  @Test func `earns what it earns in Swift`() async throws {
    try await withFolder { folder in
      var (cases, expected): ([Case], [[Double]]) = ([], [])
      for (place, rule) in try Self.rules().enumerated() {
        let module = "reward_\(place)"
        try handOver(rule).python().write(toFile: "\(folder)/\(module).py", atomically: true, encoding: .utf8)
        for found in Self.golden + (0..<8).map({ Self.random(seed: UInt64(100 * place + $0)) }) {
          var one = found
          one.module = module
          cases.append(one)
          expected.append(try rule.rewards(of: one.group, one.context))
        }
      }
      try JSONEncoder().encode(cases).write(to: URL(filePath: "\(folder)/cases.json"))
      let found = try Python.run(
        """
        import importlib, json
        found = []
        for case in json.load(open("cases.json")):
            m = importlib.import_module(case["module"])
            group = [m.Outcome(o["length"], o["isCorrect"], o["isCut"], o["isRepetitive"]) for o in case["group"]]
            context = m.Context(
                case["limit"], case["level"], case["budget"], m.Reference(*case["reference"]), case["validationAccuracy"])
            found.append(m.rewards(group, context))
        print(json.dumps(found))
        """, in: folder, as: [[Double]].self)
      try #require(found.count == expected.count)
      for (place, (found, expected)) in zip(found, expected).enumerated() {
        try #require(found.count == expected.count)
        for (a, b) in zip(found, expected) {
          #expect(abs(a - b) < 1e-9, "\(cases[place]): \(found) in Python, \(expected) in Swift")
        }
      }
    }
  }

  @Test func `refuses a prompt that lacks what it needs`() async throws {
    try await withFolder { folder in
      let needy = [
        ("tldr", "a level"), ("l1-exact", "a budget"), ("o1-pruner", "mean length"), ("aalc", "validation set"),
      ]
      for (name, _) in needy {
        try handOver(RewardRule(named: name)).python()
          .write(toFile: "\(folder)/m\(name.replacing("-", with: "_")).py", atomically: true, encoding: .utf8)
      }
      let messages = try Python.run(
        """
        import importlib, json
        found = []
        for name in ["mtldr", "ml1_exact", "mo1_pruner", "maalc"]:
            m = importlib.import_module(name)
            try:
                m.rewards([m.Outcome(10, True)], m.Context(100))
            except ValueError as error:
                found.append(str(error))
        print(json.dumps(found))
        """, in: folder, as: [String].self)
      try #require(messages.count == needy.count)
      for (message, (_, what)) in zip(messages, needy) { #expect(message.contains(what)) }
    }
  }
}

/// A hand-over of two prompts, for what does not depend on them.
func handOver(
  _ rule: RewardRule, _ framework: Framework = .trl, check: AnswerCheck = .countdown
) throws -> HandOver {
  var options = PolicyOptions(reward: rule, schedule: CosineSchedule(peak: 1e-6, warmUp: 2, steps: 10))
  (options.groupSize, options.limit) = (3, 400)
  var found = HandOver(
    framework, options, check: check,
    training: try ExportedPrompt.countdown(2, seed: 1).flatMap { $0.asked(LengthLevel.allCases, budgets: [:]) },
    validation: try ExportedPrompt.countdown(1, seed: 2))
  found.validationAccuracy = 0.5
  return found
}
