import Foundation
import TandemInference
import TandemRewards
import TandemTasks
import Testing

@testable import TandemTraining

@Suite struct `A hand-over to another framework` {
  private func rows(_ path: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func `is a folder with prompts, reward, configuration and README`() async throws {
    try await withFolder { folder in
      try handOver(RewardRule(TLDR())).write(to: "\(folder)/trl")
      try handOver(RewardRule(Kimi()), .verl).write(to: "\(folder)/verl")
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/trl").sorted()
      #expect(files == ["README.md", "tandem_reward.py", "train.jsonl", "train.py", "validation.jsonl"])
      let other = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/verl").sorted()
      #expect(other == ["README.md", "tandem_reward.py", "train.jsonl", "validation.jsonl", "verl.yaml"])
      let readme = try String(contentsOfFile: "\(folder)/verl/README.md", encoding: .utf8)
      #expect(readme.contains("`reward.num_workers` must stay 1"))
      #expect(readme.contains("--config-name verl \\\n"), "the command goes on in the next line")
      #expect(readme.contains("`tandem train tldr` can draw prompts again"))
      #expect(!readme.contains("The targets are fixed"))
      #expect(try handOver(RewardRule(LaserD())).readme().contains("- The targets are fixed: `TARGETS`"))
      #expect(try String(contentsOfFile: "\(folder)/trl/README.md", encoding: .utf8).contains("a multiple of `num_gen"))
    }
  }

  @Test func `has rows with the columns of its framework`() async throws {
    try await withFolder { folder in
      try handOver(RewardRule(TLDR())).write(to: "\(folder)/trl")
      let row = try #require(try rows("\(folder)/trl/train.jsonl").first)
      #expect(row.keys.sorted() == ["answer", "index", "level", "prompt", "split"])
      let prompt = try #require((row["prompt"] as? [[String: String]])?.first)
      #expect(prompt["role"] == "user" && prompt["content"]?.hasSuffix("Effort: low.") == true)
      let problem = try #require(Countdown(id: row["answer"] as? String ?? ""))
      #expect(prompt["content"]?.hasPrefix(problem.question + " Use each number once") == true)

      try handOver(RewardRule(TLDR()), .verl).write(to: "\(folder)/verl")
      let found = try rows("\(folder)/verl/train.jsonl")
      #expect(found.count == 6)
      #expect(found[1].keys.sorted() == ["ability", "data_source", "extra_info", "prompt", "reward_model"])
      let model = try #require(found[1]["reward_model"] as? [String: String])
      #expect(model["style"] == "rule" && model["ground_truth"] == row["answer"] as? String)
      let info = try #require(found[1]["extra_info"] as? [String: Any])
      #expect(info["index"] as? Int == 1 && info["split"] as? String == "train" && info["level"] as? String == "medium")
    }
  }

  @Test func `asks with words for a level, with a number for a budget, and not where a prompt has its own`() {
    let prompt = ExportedPrompt([Message(.user, "2 + 2?")], answer: "4")
    let asked = prompt.asked([.short, .long], budgets: [.short: 512])
    #expect(asked.map(\.question) == ["2 + 2? Think for 512 tokens.", "2 + 2? Effort: high."])
    #expect(asked.map(\.budget) == [512, nil])
    #expect(asked.map(\.level) == [.short, .long])
    var own = prompt
    own.level = .medium
    #expect(own.asked([.short], budgets: [:]) == [own])
    #expect(prompt.asked([], budgets: [:]) == [prompt])
  }

  @Test func `maps the options of a run`() throws {
    var verl = try handOver(RewardRule(TLDR()), .verl)
    verl.options.objective.normalization = .limit
    verl.options.objective.clipAbove = 0.28
    verl.options.objective.divergenceWeight = 0.02
    verl.options.advantages.scale = .mean
    verl.options.updates = 4
    let yaml = verl.verlConfiguration
    for line in [
      "n: 3", "max_response_length: 400", "loss_agg_mode: seq-mean-token-sum-norm", "clip_ratio_low: 0.2",
      "clip_ratio_high: 0.28", "use_kl_loss: true", "kl_loss_coef: 0.02", "lr: 1e-06", "norm_adv_by_std_in_grpo: false",
      "num_workers: 1", "train_batch_size: 8", "ppo_epochs: 4", "lr_warmup_steps: 2", "total_training_steps: 10",
    ] { #expect(yaml.contains(" \(line)\n"), "\(line)") }
    var trl = try handOver(RewardRule(TLDR()))
    (trl.options, trl.validation) = (verl.options, [])
    let python = trl.trlConfiguration
    for line in [
      "loss_type=\"dr_grpo\",", "scale_rewards=\"none\",", "epsilon=0.2,", "epsilon_high=0.28,", "beta=0.02,",
      "learning_rate=1e-06,", "eval_strategy=\"no\",", "max_steps=10 * UPDATES,", "warmup_steps=2 * UPDATES,",
    ] { #expect(python.contains(" \(line)\n"), "\(line)") }
  }

  @Test func `refuses what the framework or the data can't do`() throws {
    var one = try handOver(RewardRule(Kimi()), .verl)
    one.options.groups = 400
    #expect(failure { try one.validate() }?.description.contains("at most 1000") == true)
    one.options.reward = RewardRule(TLDR())
    #expect(failure { try one.validate() } == nil, "a reward that compares nothing needs no gathering")
    one.options.advantages.isPositiveOnly = true
    #expect(failure { try one.validate() }?.description.contains("isPositiveOnly is not there in verl") == true)
    var bare = try handOver(RewardRule(L1Max()))
    #expect(failure { try bare.validate() }?.description.contains("needs a budget of tokens in the prompt") == true)
    bare.training = []
    #expect(failure { try bare.validate() }?.description.contains("has no prompt") == true)
    let missing = try handOver(RewardRule(TLDR()))
    #expect(
      failure { try missing.write(to: "/dev/null/there") }
        == .fileUnwritable(path: "/dev/null/there", reason: "Not a directory"))
    let endless = try handOver(RewardRule(named: "soft-overlong", setting: ["cache": 0]))
    let message = failure { try endless.validate() }?.description ?? ""
    #expect(message.contains("soft-overlong is not always a number with its coefficients cache 0.0"), "\(message)")
    var reference = try handOver(RewardRule(O1Pruner()))
    reference.training[1].reference = .init(meanLength: 100, accuracy: 2)
    for index in [0, 2, 3, 4, 5] { reference.training[index].reference = .init(meanLength: 100, accuracy: 1) }
    let fault = failure { try reference.validate() }?.description ?? ""
    #expect(fault.contains("an accuracy from 0 to 1; the prompt is"), "\(fault)")
  }

  @Test func `has distinct problems of Countdown, and refuses to look for more than there are`() throws {
    let found = try ExportedPrompt.countdown(100, seed: 1).compactMap { Countdown(id: $0.answer)?.orderlessKey }
    #expect(Set(found).count == 100)
    let message = failure { _ = try ExportedPrompt.countdown(20_000, seed: 1, patience: 1) }?.description ?? ""
    #expect(message.hasPrefix("problems can't be 20000"), "\(message)")
  }

  @Test func `refuses problems that evaluation asks`() throws {
    let check = try LeakCheck()
    let heldOut = try #require(try Countdown.heldOut().first)
    let messages = [Message(.user, "Hello."), Message(.assistant, "Hello."), Message(.user, "And now?")]
    try check.check([ExportedPrompt(messages, answer: "1")], .mathematics, from: "mine.jsonl")
    try check.check(ExportedPrompt.countdown(50, seed: 3), .countdown, from: "Countdown")
    #expect(
      failure { try check.check([ExportedPrompt(heldOut)], .countdown, from: "mine.jsonl") }?.description
        .contains("mine.jsonl can't be used") == true, "whatever words the problem is put in")
    let asked = ExportedPrompt([Message(.user, heldOut.question), messages[1], messages[2]], answer: "1")
    #expect(failure { try check.check([asked], .mathematics, from: "mine.jsonl") } != nil)
  }

  @Test func `reads a user's problems, and says which line is wrong`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/problems.jsonl"
      func read(_ text: String, _ check: AnswerCheck = .mathematics) throws -> [ExportedPrompt] {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try ExportedPrompt.read(path, check)
      }
      let found = try read(
        """
        {"question": "2 + 2?", "answer": "4", "level": null}

        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "3?"}], "answer": 3.5}
        {"question": "5?", "answer": 27.0, "level": "short", "budget": 90, "reference": {"meanLength": 8.5, "accuracy": 0}}
        """)
      #expect(found.map(\.answer) == ["4", "3.5", "27"])
      for number in [
        "9007199254740992", "-9007199254740992", "0.1234567890123456789", "9007199254740993",
        "123456789012345678901234567890123456789012345",
      ] {
        #expect(try read("{\"question\": \"2?\", \"answer\": \(number)}").map(\.answer) == [number])
      }
      #expect(found[1].messages.map(\.role) == [.system, .user])
      #expect(found[2].level == .short && found[2].budget == 90 && found[2].reference?.meanLength == 8.5)
      for (line, reason) in [
        ("{\"question\": \"2?\"}", "'answer' is missing"),
        ("{\"answer\": \"2\"}", "'question' or 'messages' is missing"),
        ("{\"question\": \" \", \"answer\": 1}", "not a question of the user's"), ("[]", "not one JSON object"),
        ("{\"question\": \"2?\", \"answer\": []}", "'answer' has a value of the wrong kind"),
        ("{\"question\": \"2?\", \"answer\": 1, \"level\": \"tiny\"}", "short, medium or long"),
        ("{\"question\": \"2?\", \"answer\": 1, \"budget\": 0}", "its budget must be from 1 to 1000000000 tokens"),
        ("{\"question\": \"2?\", \"answer\": 1, \"budget\": -9223372036854775808}", "its budget must be from 1"),
        (
          "{\"question\": \"2?\", \"answer\": 1, \"reference\": {\"meanLength\": -1, \"accuracy\": 0}}",
          "its reference must have a meanLength of at least 0 tokens"
        ),
        (
          "{\"question\": \"2?\", \"answer\": 1, \"levl\": \"short\"}",
          "it can have question, messages, answer, level, budget, reference, not 'levl'"
        ),
        ("{\"question\": \"2?\", \"answer\": \" \"}", "its answer must be mathematics or words, not ' '"),
        ("{\"messages\": [{\"role\": \"user\", \"content\": \"\"}], \"answer\": 1}", "not a question of the user's"),
      ] {
        let message = failure { _ = try read("{\"question\": \"2?\", \"answer\": 1}\n" + line) }?.description ?? ""
        #expect(message.contains(":2 can't be used") && message.contains(reason), "\(message)")
      }
      let first = "{\"question\": \"2?\", \"answer\": \"8-5-2=24\"}\n"
      let message = failure { _ = try read(first + "{\"question\": \"2?\", \"answer\": 4}", .countdown) }?.description
      #expect(
        message == "\(path):2 can't be used: its answer must be a Countdown problem as '8-5-2=24', not '4'.")
      #expect(try read(first, .countdown).count == 1)
      #expect(failure { _ = try read("\n") }?.description.contains("no problem") == true)
      #expect(failure { _ = try ExportedPrompt.read("\(folder)/none.jsonl", .exact) } != nil)
    }
  }

  @Test func `names a problem of Countdown in one word`() {
    #expect(Countdown(id: "8-5-3=24") == Countdown(numbers: [8, 5, 3], target: 24))
    for wrong in ["", "8-5", "8-5=", "a=3", "8--5=3", "8=3=4"] { #expect(Countdown(id: wrong) == nil, "\(wrong)") }
  }
}
