import Foundation
import TandemInference
import TandemRewards
import TandemTasks
import Testing

@testable import TandemTraining

/// What a framework calls of the Python file: completions in, rewards out.
@Suite struct `A hand-over's Python` {
  /// Three completions of a problem, as tokens of one character each; `~` ends a turn.
  private static let completions = ["ab</think>Answer: 5 + 3 = 8.~", "abcde</think>Answer: 5 + 3 = 8.~", "abcdefgh"]
  private static let outcomes = [
    RewardOutcome(length: 2, isCorrect: true), RewardOutcome(length: 5, isCorrect: true),
    RewardOutcome(length: 8, isCorrect: false, isCut: true),
  ]
  private static let texts = "[" + completions.map { "\"\($0)\"" }.joined(separator: ", ") + "]"

  private func write(_ handOver: HandOver, _ folder: String) throws {
    try handOver.python().write(toFile: "\(folder)/tandem_reward.py", atomically: true, encoding: .utf8)
  }

  private static let trl = """
    import json
    from tandem_reward import reward_function

    class Characters:
        def encode(self, text, add_special_tokens):
            return [ord(c) for c in text]
        def decode(self, ids, skip_special_tokens):
            return "".join(chr(i) for i in ids)

    reward = reward_function(Characters(), {ord("~")})
    ids = [[ord(c) for c in text] for text in \(texts)]
    """

  @Test func `rewards whole prompts for TRL`() async throws {
    try await withFolder { folder in
      let rule = RewardRule(Kimi())
      try write(handOver(rule), folder)
      let found = try Python.run(
        Self.trl + """

          print(json.dumps(reward(
              completion_ids=ids * 2, prompts=None, completions=None, trainer_state=None,
              answer=["5-3=8"] * 6, index=[0] * 3 + [1] * 3, split=["train"] * 6)))
          """, in: folder, as: [Double].self)
      let expected = try rule.rewards(of: Self.outcomes, RewardContext(limit: 400))
      #expect(zip(found, expected + expected).allSatisfy { abs($0 - $1) < 1e-9 } && found.count == 6, "\(found)")
    }
  }

  @Test func `refuses a part of a prompt from TRL, and validates by accuracy alone`() async throws {
    try await withFolder { folder in
      try write(handOver(RewardRule(Kimi())), folder)
      let found = try Python.run(
        Self.trl + """

          try:
              reward(completion_ids=ids, answer=["5-3=8"] * 3, index=[0, 0, 1], split=["train"] * 3)
          except ValueError as error:
              found = [str(error)]
          found.append(str(reward(completion_ids=ids, answer=["5-3=8"] * 3, index=[0, 1, 2], split=["validation"] * 3)))
          print(json.dumps(found))
          """, in: folder, as: [String].self)
      try #require(found.count == 2)
      #expect(found[0].hasPrefix("prompt 0 came without all its 3 completions"))
      #expect(found[1] == "[1.0, 1.0, 0.0]")
    }
  }

  @Test func `gathers the completions of a prompt for verl, whatever order they come in`() async throws {
    try await withFolder { folder in
      let rule = RewardRule(Kimi())
      try write(handOver(rule, .verl), folder)
      let found = try Python.run(
        """
        import asyncio, json
        from tandem_reward import compute_score

        async def one(text, index, split):
            info = {"index": index, "split": split, "level": None}
            return await compute_score(
                data_source="tandem", solution_str=text.rstrip("~"), ground_truth="5-3=8", extra_info=info,
                tokenizer=lambda text: [ord(c) for c in text], group_size=3)

        async def main():
            texts = \(Self.texts)
            # Prompts 0 and 1 by turns, with a completion of the validation in between.
            jobs = [one(text, index, "train") for text in texts for index in (0, 1)]
            jobs.insert(3, one(texts[0], 0, "validation"))
            scores = await asyncio.gather(*jobs)
            assert scores.pop(3) == {"score": 1.0, "acc": 1.0, "length": 2.0}
            return [score["score"] for score in scores]

        print(json.dumps(asyncio.run(main())))
        """, in: folder, as: [Double].self)
      // The last completion is no longer than the limit: verl does not tell that it was cut.
      var outcomes = Self.outcomes
      outcomes[2].isCut = false
      let expected = try rule.rewards(of: outcomes, RewardContext(limit: 400)).flatMap { [$0, $0] }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 } && found.count == 6, "\(found)")
    }
  }

  @Test func `says which prompt of verl's lacks completions`() async throws {
    try await withFolder { folder in
      try write(handOver(RewardRule(Kimi()), .verl), folder)
      let message = try Python.run(
        """
        import asyncio, json, tandem_reward
        tandem_reward.PATIENCE = 0.01
        try:
            asyncio.run(tandem_reward.compute_score("tandem", "a", "5-3=8", {"index": 7, "split": "train"}, list, 3))
        except TimeoutError as error:
            print(json.dumps(f"{error} {tandem_reward._waiting}"))
        """, in: folder, as: String.self)
      #expect(message.hasPrefix("only 1 of 3 completions of prompt 7 came") && message.hasSuffix(" {}"), "\(message)")
    }
  }

  @Test func `lets no completion of verl's wait where one of its prompt can't be judged`() async throws {
    try await withFolder { folder in
      try write(handOver(RewardRule(Kimi()), .verl), folder)
      let found = try Python.run(
        """
        import asyncio, json, tandem_reward
        tandem_reward.PATIENCE = 5

        def judge(output, answer):
            if "?" in output:
                raise TimeoutError("no answer from the grader")
            return True

        tandem_reward.judge = judge

        async def one(text, index):
            info = {"index": index, "split": "train"}
            return await tandem_reward.compute_score("tandem", "ab</think>" + text, "5-3=8", info, list, 3)

        async def main():
            # The one that fails comes first, in the middle, and last.
            jobs = [one(text, index) for index, texts in enumerate(["?!!", "!?!", "!!?", "!!!"]) for text in texts]
            return [str(score) for score in await asyncio.gather(*jobs, return_exceptions=True)]

        print(json.dumps(asyncio.run(main()) + [str(tandem_reward._waiting)]))
        """, in: folder, as: [String].self)
      try #require(found.count == 13)
      #expect(found[..<9].allSatisfy { $0 == "no answer from the grader" }, "\(found)")
      #expect(found[9..<12].allSatisfy { $0.contains("'acc': 1.0") }, "\(found)")
      #expect(found[12] == "{}")
    }
  }

  @Test func `says what is wrong with a prompt of verl's that lacks what the reward needs`() async throws {
    try await withFolder { folder in
      try write(handOver(RewardRule(LaserD()), .verl), folder)
      let found = try Python.run(
        """
        import asyncio, json, tandem_reward
        tandem_reward.PATIENCE = 5

        def rewards(group, context):
            raise ValueError("no reward")

        tandem_reward.rewards = rewards

        async def main():
            info = {"index": 0, "split": "train"}
            jobs = [tandem_reward.compute_score("tandem", "a", "5-3=8", info, list, 3) for _ in range(3)]
            return [str(score) for score in await asyncio.gather(*jobs, return_exceptions=True)]

        print(json.dumps(asyncio.run(main())))
        """, in: folder, as: [String].self)
      #expect(found == Array(repeating: "no reward", count: 3))
    }
  }

  @Test func `reads level and budget from verl's columns for a rule that does not compare`() async throws {
    try await withFolder { folder in
      let rule = RewardRule(L1Max())
      try write(handOver(rule, .verl), folder)
      let found = try Python.run(
        """
        import json
        from tandem_reward import compute_score
        info = {"index": 0, "split": "train", "budget": 100}
        print(json.dumps(compute_score("tandem", "ab</think>Answer: 5 + 3 = 8.", "5-3=8", info, list)["score"]))
        """, in: folder, as: Double.self)
      let expected = try rule.rewards(of: [Self.outcomes[0]], RewardContext(limit: 400, budget: 100))
      #expect(abs(found - expected[0]) < 1e-9)
    }
  }

  /// Answers that are right, wrong in every way, and changed at random.
  private static let answers: [String] = {
    let right = [
      "Answer: 5 + 3 = 8, 8 * 3 = 24.", " Answer:5 + 3 = 8 , 8  *  3 =24", "Well.\nAnswer: 8 * 3 = 24, 24 = 24\n",
      "Answer: 3 * 3 = 9, 9 - 5 = 4", "Answer: 9 / 3 = 3", "Answer: 5 / 3 = 1, 1 * 3 = 3", "Answer: 5 / 0 = 0",
      "So\nAnswer: 1 + 1 = 2.\nAnswer: 5 + 3 = 8, 8 * 3 = 24.\nDone.", "answer: 5 + 3 = 8", "Answer:",
      "Answer: 3 - 5 = -2, -2 + 3 = 1",
      "Answer: 5 + 3 = 8, 8 * 3 = 24..", "Answer: 9999999999999999999 + 3 = 24", "Answer: 5 * 9223372036854775807 = 3",
      "Answer: +5 + 3 = 8, 8 * 03 = 24", "Answer: 5\t+ 3 = 8, 8 * 3 = 24", "Answer: 5 + 3 = 8,, 8 * 3 = 24", "",
    ]
    var draws = SplitMix64(seed: 5)
    let changed = (0..<300).map { _ in
      var letters = Array("Answer: 5 + 3 = 8, 8 * 3 = 24.")
      for _ in 0..<Int.random(in: 1...2, using: &draws) {
        let place = Int.random(in: 0..<letters.count, using: &draws)
        letters[place] = "0123458 +-*/=,.".randomElement(using: &draws) ?? " "
      }
      return String(letters)
    }
    return right + changed
  }()

  @Test func `judges Countdown and exact answers as Swift does`() async throws {
    try await withFolder { folder in
      let problems = ["5-3-3=24", "3-3-5=4", "9-3=3", "5-3-3=1"]
      try JSONEncoder().encode(Self.answers).write(to: URL(filePath: "\(folder)/answers.json"))
      for check in [AnswerCheck.countdown, .exact] {
        let golds = check == .countdown ? problems : ["Answer: 9 / 3 = 3", "Answer:", " "]
        let source = try handOver(RewardRule(Kimi()), check: check).python()
        try source.write(toFile: "\(folder)/\(check.rawValue)_reward.py", atomically: true, encoding: .utf8)
        let found = try Python.run(
          """
          import json
          from \(check.rawValue)_reward import judge
          answers = json.load(open("answers.json"))
          print(json.dumps([judge(answer, gold) for gold in json.loads('\(golds.jsonLine())') for answer in answers]))
          """, in: folder, as: [Bool].self)
        let expected = try golds.flatMap { gold in try Self.answers.map { try check.isRight($0, gold) } }
        #expect(found == expected)
        #expect(expected.contains(true) && expected.contains(false))
      }
    }
  }

  @Test func `finds answers in mathematics that Swift finds too`() async throws {
    let cases = [
      ("\\boxed{42}", "42", true), ("so \\boxed{\\frac{1}{2}}.", "0.5", true), ("\\boxed{\\dfrac12}", "\\frac12", true),
      ("It is 1,234.", "1234", true), ("\\boxed{x^2 + 1}", "x^2+1", true), ("\\boxed{3} no, \\boxed{4}", "4", true),
      ("\\boxed{3} no, \\boxed{4}", "3", false), ("no idea", "4", false), ("it is 5", "4", false),
      ("\\boxed{1/2}", "\\frac{1}{3}", false),
    ]
    for (output, answer, isRight) in cases {
      #expect(try AnswerCheck.mathematics.isRight(output, answer) == isRight, "\(output)")
    }
    try await withFolder { folder in
      try write(handOver(RewardRule(Kimi()), check: .mathematics), folder)
      let pairs = cases.map { [$0.0, $0.1] } + [["\\boxed{1e999999999}", "1"], ["\\boxed{", "1"], ["", ""]]
      try JSONEncoder().encode(pairs).write(to: URL(filePath: "\(folder)/pairs.json"))
      let found = try Python.run(
        """
        import json
        from tandem_reward import judge
        print(json.dumps([judge(*pair) for pair in json.load(open("pairs.json"))]))
        """, in: folder, as: [Bool].self)
      #expect(found == cases.map { $0.2 } + [false, false, false])
    }
  }

  @Test func `reads a completion as practice on Countdown does`() async throws {
    var metadata = byteVocabulary()
    // The end of thinking is one token.
    if case .strings(var tokens) = metadata["tokenizer.ggml.tokens"],
      case .int32s(var types) = metadata["tokenizer.ggml.token_type"]
    {
      (tokens[258], types[258], tokens[259], types[259]) = ("</think>", 4, "th", 1)
      metadata["tokenizer.ggml.tokens"] = .strings(tokens)
      metadata["tokenizer.ggml.token_type"] = .int32s(types)
    }
    let tokenizer = BytePairTokenizer(try BytePairVocabulary(metadata: metadata))
    let problem = Countdown(numbers: [5, 3], target: 8)
    let practice = CountdownPractice([problem], levels: [nil], tokenizer: tokenizer, seed: 0)
    let loop = String(repeating: "abcdefghijkl", count: 3)
    let texts = [
      "abc</think>Answer: 5 + 3 = 8.", "abc</think>Answer: 5 + 3 = 9.", "abc", loop,
      loop + "</think>Answer: 5 + 3 = 8.", loop.dropLast() + "</think>Answer: 5 + 3 = 8.",
      "</think>Answer: 5 + 3 = 8.", "a</think></think>Answer: 5 + 3 = 8.",
    ]
    let cases = texts.flatMap { text in [true, false].map { (text: String(text), isComplete: $0) } }
    let expected = try cases.map { text, isComplete in
      let tokens = tokenizer.encode(text, control: .recognised) + (isComplete ? [257] : [])
      let sampled = tokens.enumerated().map { index, token in
        SampledToken(
          token: token, logProbability: .exact(0), entropy: .exact(0),
          stop: isComplete && index == tokens.count - 1 ? .endOfGeneration : nil)
      }
      return practice.outcome(of: try Rollout(sampled), at: practice.exercise(inOrder: 0))
    }
    try await withFolder { folder in
      try write(handOver(RewardRule(Kimi())), folder)
      let found = try Python.run(
        """
        import json
        from tandem_reward import read
        keys = ["length", "isCorrect", "isCut", "isRepetitive"]
        print(json.dumps([dict(zip(keys, read(text, complete, list, "5-3=8")))
                          for text in json.loads('\(texts.jsonLine())') for complete in (True, False)]))
        """, in: folder, as: [RewardOutcome].self)
      for (index, pair) in zip(found, expected).enumerated() {
        var (python, swift) = pair
        // Of a completion without an end of thinking, practice counts the end of the turn as well.
        if !cases[index].text.contains("</think>"), cases[index].isComplete { swift.length -= 1 }
        #expect(python == swift, "\(cases[index])")
      }
      #expect(found.count == expected.count)
    }
  }
}
