import Foundation
import TandemInference
import TandemRewards
import TandemSupport
import TandemTasks
import Testing

@testable import TandemTraining

/// The error of training by reinforcement that `action` throws; nil where it throws none.
private func stop(_ action: () async throws -> Void) async -> ReinforcementError? {
  do {
    try await action()
    return nil
  } catch {
    return error as? ReinforcementError
  }
}

@Suite struct `Training by reinforcement` {
  @Test func `makes what is rewarded more likely`() async throws {
    try await withFolder { folder in
      var options = tinyPolicyOptions(steps: 12)
      (options.schedule.peak, options.groupSize, options.limit, options.updates) = (3e-2, 12, 3, 3)
      var trainer = try tinyPolicyTrainer(folder, EngineRollouts(), options)
      var accuracies: [Double] = []
      while let progress = try await trainer.step() { accuracies.append(progress.accuracy) }
      #expect(accuracies.count == 12)
      let (before, after) = (accuracies[0], accuracies.suffix(3).reduce(0, +) / 3)
      #expect(after > before + 0.3, "\(accuracies)")
    }
  }

  @Test func `makes what is rewarded more likely by OREAL`() async throws {
    try await withFolder { folder in
      var options = tinyPolicyOptions(steps: 12)
      (options.schedule.peak, options.groupSize, options.limit, options.updates) = (3e-2, 12, 3, 3)
      options.advantages.scale = .leaveOneOut
      options.objective.oreal = OREAL(keepsOnePair: false)
      var trainer = try tinyPolicyTrainer(folder, EngineRollouts(), options)
      var accuracies: [Double] = []
      while let progress = try await trainer.step() { accuracies.append(progress.accuracy) }
      let (before, after) = (accuracies[0], accuracies.suffix(3).reduce(0, +) / 3)
      #expect(after > before + 0.3, "\(accuracies)")
    }
  }

  @Test func `keeps a right and a wrong completion of each prompt by OREAL`() async throws {
    try await withFolder { folder in
      var options = tinyPolicyOptions(steps: 1)
      options.schedule.warmUp = 0
      options.objective.oreal = OREAL()
      let trainer = try tinyPolicyTrainer(folder, RecordedRollouts(), options)
      var copy = trainer
      let groups = try await copy.sampleGroups()
      let samples = trainer.samples(of: groups)
      #expect(samples.count == 2 * groups.count { !$0.isEqual } && !samples.isEmpty)
      // Half of each group is right: such a prompt is there four times. The weights of all tokens else add up to 1.
      let total = samples.reduce(0) { $0 + $1.weight * Float($1.completionCount) }
      #expect(abs(total - 4) < 1e-4)
      #expect(try await copy.step() != nil)
    }
  }

  @Test func `computes the engine's log-probabilities, and says where the time went`() async throws {
    try await withFolder { folder in
      var trainer = try tinyPolicyTrainer(folder)
      let progress = try #require(try await trainer.step())
      #expect(progress.parity > 0 && progress.parity < 1e-3)
      #expect(progress.divergence == 0, "the first step samples the reference itself")
      #expect(progress.levels.count == 3)
      #expect(progress.gradientNorm > 0)
      #expect(progress.seconds.sampling > 0 && progress.seconds.update > 0)
      let second = try #require(try await trainer.step())
      #expect(second.divergence > 0)
      #expect(second.parity < 1e-3, "the engine must have the new weights")
    }
  }

  @Test func `stops where the engine runs other weights`() async throws {
    try await withFolder { folder in
      let other = "\(folder)/other.gguf"
      try Llama(tinyConfiguration(), seed: 7).save(other, metadata: byteVocabulary())
      var trainer = try tinyPolicyTrainer(folder, EngineRollouts(other: other))
      let before = try trainer.model.parameters.tensors[0].values()
      let error = await stop { _ = try await trainer.step() }
      guard case .mismatch(1, let difference, let tolerance) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(difference > tolerance)
      #expect(trainer.stepCount == 0)
      #expect(try trainer.model.parameters.tensors[0].values() == before)
    }
  }

  @Test(arguments: [nil, LoRAConfiguration(rank: 2, dropout: 0, targets: [.queries, .down])])
  func `continues from a checkpoint bit for bit`(adapter: LoRAConfiguration?) async throws {
    try await withFolder { folder in
      func run(_ trainer: inout PolicyTrainer, _ count: Int) async throws -> [UInt32] {
        var losses: [UInt32] = []
        while losses.count < count, let progress = try await trainer.step() { losses.append(progress.loss.bitPattern) }
        return losses
      }
      var whole = try tinyPolicyTrainer(folder, adapter: adapter)
      let expected = try await run(&whole, 6)
      var first = try tinyPolicyTrainer(folder, adapter: adapter)
      var found = try await run(&first, 2)
      try first.checkpoint().write(to: "\(folder)/c.safetensors")
      var second = try tinyPolicyTrainer(folder, adapter: adapter)
      try second.restore(PolicyCheckpoint(path: "\(folder)/c.safetensors"), from: "c")
      found += try await run(&second, 6)
      #expect(Set(expected).count > 3, "the losses should differ from step to step")
      #expect(found == expected)
      for (a, b) in zip(whole.model.trained.tensors, second.model.trained.tensors) {
        #expect(try a.values() == b.values())
      }
      #expect(second.position == whole.position)
    }
  }

  @Test func `refuses the checkpoint of another model, of other problems or options`() async throws {
    try await withFolder { folder in
      let checkpoint = try tinyPolicyTrainer(folder).checkpoint()
      var others = try [
        tinyPolicyTrainer(folder, modelSeed: 2), tinyPolicyTrainer(folder, practice: BoundPractice(bound: 50)),
        tinyPolicyTrainer(folder, EngineRollouts(), tinyPolicyOptions(steps: 7)),
        tinyPolicyTrainer(folder, adapter: LoRAConfiguration(rank: 2, dropout: 0)),
      ]
      for index in others.indices {
        guard case .checkpointMismatch = failure({ try others[index].restore(checkpoint, from: "c") }) else {
          Issue.record("trainer \(index) took it")
          continue
        }
      }
    }
  }

  @Test func `trains an adapter, and lets the engine sample with it`() async throws {
    try await withFolder { folder in
      var options = tinyPolicyOptions(steps: 12)
      (options.schedule.peak, options.groupSize, options.limit, options.updates) = (1e-2, 12, 3, 4)
      let adapter = LoRAConfiguration(rank: 4, alpha: 8, dropout: 0, targets: LoRAConfiguration.Target.allCases)
      var trainer = try tinyPolicyTrainer(
        folder, EngineRollouts(), options, practice: BoundPractice(prompts: 1), adapter: adapter)
      let before = try trainer.model.parameters.tensors.map { try $0.values() }
      var (accuracies, parities): ([Double], [Float]) = ([], [])
      while let progress = try await trainer.step() {
        accuracies.append(progress.accuracy)
        parities.append(progress.parity)
      }
      #expect(accuracies.count == 12)
      let wrong = 1 - accuracies.suffix(6).reduce(0, +) / 6
      #expect(wrong < (1 - accuracies[0]) / 2, "\(accuracies)")
      #expect(parities.allSatisfy { $0 < 1e-3 }, "the engine must have the new adapter: \(parities)")
      #expect(try trainer.model.parameters.tensors.map { try $0.values() } == before)
      let path = "\(folder)/adapter.gguf"
      try trainer.model.adapter?.save(path)
      let base = try Llama.load("\(folder)/weights.gguf").model
      #expect(try LoRA.load(path, for: base).configuration == adapter)
    }
  }

  @Test func `knows what is practised from what is validated with`() async throws {
    try await withFolder { folder in
      let (one, other) = (BoundPractice(bound: 50), BoundPractice(bound: 100))
      let checkpoint = try tinyPolicyTrainer(folder, practice: one, validation: other).checkpoint()
      var same = try tinyPolicyTrainer(folder, practice: one, validation: other)
      try same.restore(checkpoint, from: "c")
      var swapped = try tinyPolicyTrainer(folder, practice: other, validation: one)
      let error = failure { try swapped.restore(checkpoint, from: "c") }
      #expect(error == .checkpointMismatch(path: "c", reason: "it was made with other problems"))
    }
  }

  @Test func `writes what an adapter is on once, and again where it is missing or another's`() async throws {
    try await withFolder { folder in
      func file(_ name: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name).gguf")
        return try #require(attributes[.systemFileNumber] as? UInt64)
      }
      let adapter = LoRAConfiguration(rank: 2, dropout: 0)
      try Llama(tinyConfiguration(), seed: 7).save("\(folder)/weights.gguf", metadata: byteVocabulary())
      var trainer = try tinyPolicyTrainer(folder, adapter: adapter)
      _ = try await trainer.step()
      let (base, first) = (try file("weights"), try file("weights-adapter"))
      _ = try await trainer.step()
      #expect(try file("weights") == base && file("weights-adapter") != first)
      try FileManager.default.removeItem(atPath: "\(folder)/weights.gguf")
      #expect(try await trainer.step() != nil)
    }
  }

  @Test func `asks the reference what it needs of it, once a prompt`() async throws {
    try await withFolder { folder in
      let engine = RecordedRollouts()
      var options = tinyPolicyOptions(steps: 3)
      options.reward = RewardRule(O1Pruner())
      options.resamplings = 0
      var trainer = try tinyPolicyTrainer(folder, engine, options)
      let start = try trainer.model.parameters.tensors[1].values()
      _ = try await trainer.step()
      _ = try await trainer.step()
      // Of each step's three prompts, first the reference's completions, then the policy's.
      #expect(engine.found.map { $0.prompts.count } == [18, 18, 18, 18])
      #expect(engine.found[0].prompts == engine.found[1].prompts)
      #expect(engine.found[2].weights == start && engine.found[3].weights != start)
      #expect(trainer.position.references.count == 6)
      // A right and a wrong one in turn; two tokens at the first call, four at the third.
      #expect(
        Set(trainer.position.references.values) == [
          .init(meanLength: 2, accuracy: 0.5), .init(meanLength: 4, accuracy: 0.5),
        ])
      // What is known is in the checkpoint, and is not asked again.
      try trainer.checkpoint().write(to: "\(folder)/c.safetensors")
      var resumed = try tinyPolicyTrainer(folder, engine, options)
      try resumed.restore(PolicyCheckpoint(path: "\(folder)/c.safetensors"), from: "c")
      #expect(resumed.position == trainer.position)
      let exercise = BoundPractice().exercise(at: 0)
      #expect(resumed.context(of: exercise).reference == .init(meanLength: 2, accuracy: 0.5))
      try await resumed.measureReference(on: [exercise])
      #expect(engine.found.count == 4)
    }
  }

  @Test func `validates as often as it is told where the reward needs it, on problems of their own`() async throws {
    try await withFolder { folder in
      let engine = RecordedRollouts()
      var options = tinyPolicyOptions(steps: 4)
      options.reward = RewardRule(AALC())
      options.resamplings = 0
      (options.validationProblems, options.validationInterval) = (8, 2)
      #expect(failure { _ = try tinyPolicyTrainer(folder, engine, options) } != nil, "there are no problems for it")
      var trainer = try tinyPolicyTrainer(folder, engine, options, validation: BoundPractice(bound: 250))
      var found: [Double?] = []
      while let progress = try await trainer.step() { found.append(progress.validationAccuracy) }
      #expect(found == [1, 1, 1, 1], "both tokens are below 250, though not below 100")
      #expect(engine.found.map { $0.prompts.count } == [8, 18, 18, 8, 18, 18])
      #expect(engine.found[0].prompts == engine.found[3].prompts)
      #expect(engine.found[3].weights == engine.found[4].weights, "the policy as it is now is validated")
    }
  }

  @Test(arguments: [RewardRule(LaserD()), RewardRule(LaserDE())])
  func `chooses the targets of LASER-D again, from groups of completions of other problems`(
    rule: RewardRule
  ) async throws {
    try await withFolder { folder in
      let published = PolicyOptions(reward: rule, schedule: tinyPolicyOptions().schedule)
      #expect(published.validationInterval == 20 && published.validationProblems == 32)
      let engine = RecordedRollouts()
      var options = tinyPolicyOptions(steps: 3)
      (options.reward, options.resamplings) = (rule, 0)
      (options.validationProblems, options.validationInterval) = (4, 2)
      #expect(failure { _ = try tinyPolicyTrainer(folder, engine, options) } != nil, "there are no problems for it")
      var trainer = try tinyPolicyTrainer(folder, engine, options, validation: BoundPractice())
      let first = try #require(try await trainer.step()?.targets)
      // Half of each group is right: its band is the middle one. Two of at most eight tokens at the first call.
      #expect(first.middle == 2.0 / 8 && first.easy == 0.25 && first.hard == 1)
      let second = try #require(try await trainer.step())
      #expect(second.targets == first)
      #expect(try second.json().contains("\"targets\":{\"easy\":0.25,\"hard\":1,\"middle\":0.25}"))
      try trainer.checkpoint().write(to: "\(folder)/c.safetensors")
      var resumed = try tinyPolicyTrainer(folder, engine, options, validation: BoundPractice())
      try resumed.restore(PolicyCheckpoint(path: "\(folder)/c.safetensors"), from: "c")
      #expect(resumed.context(of: BoundPractice().exercise(at: 0)).targets == first)
      // Five tokens at the fourth call.
      let third = try #require(try await resumed.step()?.targets)
      #expect(third.middle == 5.0 / 8 && third.easy == 0.25)
      #expect(engine.found.map { $0.prompts.count } == [24, 18, 18, 24, 18])
    }
  }

  @Test func `measures nothing that the reward does not need`() async throws {
    try await withFolder { folder in
      let engine = RecordedRollouts()
      var options = tinyPolicyOptions(steps: 2)
      options.resamplings = 0
      var trainer = try tinyPolicyTrainer(folder, engine, options, validation: BoundPractice(bound: 250))
      let progress = try #require(try await trainer.step())
      #expect(engine.found.count == 1 && progress.validationAccuracy == nil)
    }
  }

  @Test func `draws again for groups that tell nothing`() async throws {
    try await withFolder { folder in
      // Prompts with an even last token: all right in one token. Others: right or wrong in turn.
      let engine = ScriptedRollouts { prompt, index in
        prompt[2].rawValue.isMultiple(of: 2) ? [5] : index.isMultiple(of: 2) ? [5] : [200, 7]
      }
      var options = tinyPolicyOptions()
      options.groups = 4
      options.resamplings = 0
      var trainer = try tinyPolicyTrainer(folder, engine, options)
      let once = try #require(try await trainer.step())
      #expect(once.completions == 4 * 6)
      #expect(once.equalGroups == 0.5)
      options.resamplings = 5
      trainer = try tinyPolicyTrainer(folder, engine, options)
      // 4 draws give 2 groups, 2 more give 1, and the last one is in the draw after an even one or is it: 0, 1, 2 …
      let often = try #require(try await trainer.step())
      #expect(often.completions == 8 * 6, "draws 0 to 7 hold four odd ones")
      #expect(often.gradientNorm > 0)
    }
  }

  @Test func `moves nothing where no group tells anything`() async throws {
    try await withFolder { folder in
      var trainer = try tinyPolicyTrainer(folder, ScriptedRollouts { _, _ in [5] })
      let before = try trainer.model.parameters.tensors[0].values()
      let progress = try #require(try await trainer.step())
      #expect(progress.equalGroups == 1 && progress.gradientNorm == 0)
      #expect(try trainer.model.parameters.tensors[0].values() == before)
    }
  }

  @Test func `refuses options that make no sense`() async throws {
    try await withFolder { folder in
      for change: (inout PolicyOptions) -> Void in [
        { $0.groupSize = 1 }, { $0.schedule.peak = .nan }, { $0.rowLength = 4 }, { $0.objective.divergenceWeight = -1 },
        { $0.schedule.floor = 7 },
      ] {
        var options = tinyPolicyOptions()
        change(&options)
        #expect(failure { _ = try tinyPolicyTrainer(folder, EngineRollouts(), options) } != nil)
      }
      #expect(failure { _ = try tinyPolicyTrainer(folder, adapter: LoRAConfiguration(rank: 2, dropout: 0.1)) } != nil)
    }
  }
}

@Suite struct `A run of reinforcement` {
  private func progress(_ folder: String) throws -> [PolicyProgress] {
    let text = try String(contentsOfFile: PolicyRun(folder: folder).logPath, encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(PolicyProgress.self, from: Data($0.utf8)) }
  }

  @Test func `can be stopped and resumed, and leaves one log and a report`() async throws {
    try await withFolder { folder in
      let run = PolicyRun(folder: folder, checkpointInterval: 2)
      var trainer = try tinyPolicyTrainer(folder)
      try run.prepare(&trainer)
      var count = 0
      let isComplete = try await run.train(&trainer, onProgress: { _ in count += 1 }, isStopped: { count == 3 })
      #expect(!isComplete)
      var resumed = try tinyPolicyTrainer(folder)
      try run.prepare(&resumed)
      #expect(resumed.stepCount == 3)
      #expect(try await run.train(&resumed))
      let lines = try progress(folder)
      #expect(lines.map { $0.step } == Array(1...6))
      var whole = try tinyPolicyTrainer(folder)
      var losses: [Float] = []
      while let progress = try await whole.step() { losses.append(progress.loss) }
      #expect(lines.map { $0.loss.bitPattern } == losses.map { $0.bitPattern })
      let page = try String(contentsOfFile: run.reportPath, encoding: .utf8)
      #expect(page.contains("<polyline") && page.contains("Step 6 of 6"))
    }
  }

  /// Lengths by the step that samples them; `count` is how often the engine was asked.
  private final class Steps: Sendable {
    private let count = Counter()
    let lengths: [Int]
    init(_ lengths: [Int]) { self.lengths = lengths }
    func next(_ index: Int) -> [Token] {
      if index == 0 { count.next() }
      let length = lengths[min(count.value - 1, lengths.count - 1)]
      return [index.isMultiple(of: 2) ? 5 : 200] + [Token](repeating: 7, count: length - 1)
    }
  }

  @Test func `that collapses keeps the last good checkpoint`() async throws {
    try await withFolder { folder in
      let steps = Steps([8, 8, 8, 8, 1, 1, 1, 1])
      var options = tinyPolicyOptions(steps: 20)
      options.resamplings = 0
      let run = PolicyRun(folder: folder, checkpointInterval: 1)
      var trainer = try tinyPolicyTrainer(folder, ScriptedRollouts { steps.next($1) }, options)
      try run.prepare(&trainer)
      let error = await stop { try await run.train(&trainer) }
      #expect(error == .collapsed(step: 7, reason: "the mean length fell from 8 to 1 tokens"))
      let kept = try PolicyCheckpoint(path: run.checkpointPath)
      #expect(kept.step == 3, "the state after step 4 is the one whose completions are short")
    }
  }

  /// A trainer in the folder of `run` whose engine gets one of six right from the fifth step on, and not three.
  private func falling(_ run: PolicyRun, steps: Int) throws -> PolicyTrainer {
    let count = Counter()
    let engine = ScriptedRollouts { _, index in
      if index == 0 { count.next() }
      return [index % 6 < (count.value < 5 ? 3 : 1) ? 5 : 200, Token(rawValue: Int32(index % 6))]
    }
    var options = tinyPolicyOptions(steps: steps)
    (options.resamplings, options.schedule.peak) = (0, 0)
    (options.alarm.accuracyStart, options.alarm.accuracyWindow) = (2, 6)
    var trainer = try tinyPolicyTrainer(run.folder, engine, options)
    try run.prepare(&trainer)
    return trainer
  }

  @Test func `whose answers become wrong keeps a checkpoint from before`() async throws {
    try await withFolder { folder in
      let run = PolicyRun(folder: folder, checkpointInterval: 1)
      var trainer = try falling(run, steps: 30)
      let error = await stop { try await run.train(&trainer) }
      // At step 8 two of six steps are good ones: (2 * 3 + 4) / 36 is below 0.6 / 2, for the first of three times.
      #expect(
        error == .collapsed(step: 10, reason: "right answers fell from 50 % in the first 2 steps to 17 % in the last 6")
      )
      #expect(try PolicyCheckpoint(path: run.checkpointPath).step == 4)
    }
  }

  /// Two low steps are not the six that the alarm needs, and yet nothing to go on from.
  @Test(arguments: [(30, 4), (6, 6)])
  func `that is stopped as its answers become wrong keeps a checkpoint from before, but not one at its end`(
    steps: Int, kept: Int
  ) async throws {
    try await withFolder { folder in
      let run = PolicyRun(folder: folder, checkpointInterval: 1)
      var (trainer, count) = (try falling(run, steps: steps), 0)
      let isComplete = try await run.train(&trainer, onProgress: { _ in count += 1 }, isStopped: { count == 6 })
      #expect(isComplete == (steps == 6) && trainer.alarm.strikes == 0 && !trainer.alarm.isCalm)
      #expect(try PolicyCheckpoint(path: run.checkpointPath).step == kept)
    }
  }

  @Test func `that diverges keeps the last good checkpoint`() async throws {
    try await withFolder { folder in
      // A penalty so large that nothing is left of right and wrong: groups differ only where lengths do, and then by more
      // than a Float can hold.
      var options = tinyPolicyOptions(steps: 20)
      options.reward = RewardRule(TLDR(short: 1e200, medium: 1e200, long: 1e200))
      options.advantages.scale = .mean
      options.resamplings = 0
      options.alarm.patience = 10
      let count = Counter()
      let engine = ScriptedRollouts { _, index in
        if index == 0 { count.next() }
        return [Token](repeating: 7, count: count.value == 4 && index.isMultiple(of: 2) ? 6 : 4)
      }
      let run = PolicyRun(folder: folder, checkpointInterval: 10)
      var trainer = try tinyPolicyTrainer(folder, engine, options)
      try run.prepare(&trainer)
      do {
        try await run.train(&trainer)
        Issue.record("it went on")
      } catch let error as TrainingError {
        guard case .diverged(4, _, _) = error else {
          Issue.record("\(error)")
          return
        }
      }
      #expect(try PolicyCheckpoint(path: run.checkpointPath).step < 3)
      #expect(try progress(folder).count == 3)
    }
  }
}

@Suite struct `A collapse alarm` {
  @Test func `waits until something was wrong several times in a row`() {
    var alarm = CollapseAlarm()
    #expect(alarm.hear(length: 100, accuracy: 0.3, entropy: 0.5, equalGroups: 0) == nil)
    #expect(alarm.hear(length: 15, accuracy: 0.3, entropy: 0.5, equalGroups: 0) == nil)
    #expect(alarm.hear(length: 15, accuracy: 0.3, entropy: 0.5, equalGroups: 0) == nil)
    #expect(alarm.strikes == 2)
    #expect(alarm.hear(length: 30, accuracy: 0.3, entropy: 0.5, equalGroups: 0) == nil)
    #expect(alarm.strikes == 0)
    for _ in 0..<2 { #expect(alarm.hear(length: 100, accuracy: 0.3, entropy: 0.04, equalGroups: 0) == nil) }
    #expect(alarm.hear(length: 100, accuracy: 0.3, entropy: 0.04, equalGroups: 0)?.contains("entropy") == true)
  }

  /// What the alarm says to a run with these right ones of 64 completions a step, at which step, and when it was calm last.
  private func hear(_ rights: [Int]) -> (step: Int?, reason: String?, calm: Int) {
    var (alarm, calm) = (CollapseAlarm(), 0)
    for (index, right) in rights.enumerated() {
      let reason = alarm.hear(length: 100, accuracy: Double(right) / 64, entropy: 0.5, equalGroups: 0)
      if let reason { return (index + 1, reason, calm) }
      if alarm.isCalm { calm = index + 1 }
    }
    return (nil, nil, calm)
  }

  @Test func `notices answers that become wrong and stay so, and reads an older state`() {
    // Run C of docs/log.md, which nobody heard.
    let rights = [
      25, 16, 13, 21, 18, 17, 19, 18, 14, 20, 22, 14, 23, 23, 9, 10, 13, 7, 6, 15, 18, 13, 15, 7,
      12, 6, 8, 14, 6, 11, 14, 12, 4, 7, 13, 15, 10, 8, 12, 6, 10, 11, 5, 13, 16, 2, 10, 16,
      11, 6, 14, 9, 11, 7, 5, 10, 11, 12, 15,
    ]
    let (step, reason, calm) = hear(rights)
    #expect(step == 55)
    #expect(reason == "right answers fell from 28 % in the first 10 steps to 16 % in the last 40")
    #expect(calm == 30)
  }

  @Test func `takes noise for noise, and lets a dip pass`() {
    let dip = [0.3, 0.3, 0.2, 0.17, 0.24, 0.28, 0.3, 0.3].flatMap { [Double](repeating: $0, count: 10) }
    for seed in UInt64(1)...20 {
      var generator = SplitMix64(seed: seed)
      func rights(_ accuracies: [Double]) -> [Int] {
        accuracies.map { accuracy in (0..<64).count { _ in Double.random(in: 0..<1, using: &generator) < accuracy } }
      }
      #expect(hear(rights([Double](repeating: 0.3, count: 200))).step == nil)
      #expect(hear(rights(dip)).step == nil)
    }
    #expect(hear([Int](repeating: 0, count: 60)).step == nil, "who never was right can't fall")
  }

  @Test(
    arguments: [(100, 2, 0, "entropy"), (100, .nan, 0, "not a number"), (100, 0.5, 1, "all completions")]
      as [(Double, Double, Double, String)])
  func `names its reason`(length: Double, entropy: Double, equalGroups: Double, reason: String) {
    var options = CollapseAlarm.Options()
    options.patience = 1
    var alarm = CollapseAlarm(options)
    #expect(alarm.hear(length: 100, accuracy: 0.3, entropy: 0.5, equalGroups: 0) == nil)
    let found = alarm.hear(length: length, accuracy: 0.3, entropy: entropy, equalGroups: equalGroups)
    #expect(found?.contains(reason) == true, "\(found ?? "nothing")")
  }
}

@Suite struct `Countdown as practice` {
  private func practice(_ levels: [LengthLevel?] = LengthLevel.allCases) throws -> CountdownPractice {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 200))
    return CountdownPractice(
      [Countdown(numbers: [3, 7, 5, 2], target: 24)], levels: levels, tokenizer: tokenizer, seed: 1)
  }

  private func outcome(_ text: String, isComplete: Bool = true) throws -> RewardOutcome {
    let practice = try practice()
    return practice.outcome(of: try rollout(text, isComplete: isComplete), at: practice.exercise(at: 0))
  }

  private func rollout(_ text: String, isComplete: Bool = true) throws -> Rollout {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 200))
    let tokens = tokenizer.encode(text, control: .recognised)
    return try Rollout(
      tokens.enumerated().map { index, token in
        SampledToken(
          token: token, logProbability: .exact(0), entropy: .exact(0),
          stop: index == tokens.count - 1 ? isComplete ? .endOfGeneration : .limit : nil)
      })
  }

  @Test func `divides the thinking at its blank lines`() throws {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 200))
    let rollout = try rollout("Try.\n\nBack.\n\n\nNow 3.</think>\n\nAnswer: 7.<|im_end|>")
    let steps = try #require(practice().steps(of: rollout))
    #expect(steps.steps.map { tokenizer.decode(rollout.tokens[$0]) } == ["Try.\n\n", "Back.\n\n\n", "Now 3."])
    #expect(tokenizer.decode(rollout.tokens[steps.answerStart...]) == "\n\nAnswer: 7.")
    #expect(try practice().steps(of: self.rollout("Try.\n\nBack.")) == nil)
  }

  @Test func `asks for a level in words that the nano models know`() throws {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 200))
    let practice = try practice([nil, .short, .long])
    let texts = (0..<3).map { tokenizer.decode(practice.exercise(inOrder: $0).prompt) }
    #expect(texts[0].contains("to make 24."))
    #expect(!texts[0].contains("Effort"))
    #expect(texts[1].contains("to make 24. Effort: low."))
    #expect(texts[2].contains("to make 24. Effort: high."))
  }

  @Test func `finds the answer behind the thinking, and counts the thinking`() throws {
    let right = "Try 7 - 3 = 4.\n\n</think>\n\nAnswer: 7 - 3 = 4, 4 * 5 = 20, 20 + 2 = 22.<|im_end|>"
    let wrong = try outcome(right)
    #expect(!wrong.isCorrect && !wrong.isCut && wrong.length > 5)
    let solved = try outcome("Try.\n\n</think>\n\nAnswer: 7 + 5 = 12, 3 - 2 = 1, 12 * 1 = 12.<|im_end|>")
    #expect(!solved.isCorrect)
    let good = try outcome("A.\n\n</think>\n\nAnswer: 7 * 3 = 21, 5 - 2 = 3, 21 + 3 = 24.<|im_end|>")
    #expect(good.isCorrect && !good.isCut)
    #expect(good.length < wrong.length)
    let cut = try outcome("A.\n\n</think>\n\nAnswer: 7 * 3 = 21, 5 - 2 = 3, 21 + 3 = 24.", isComplete: false)
    #expect(!cut.isCorrect && cut.isCut)
    #expect(try outcome("A. B.", isComplete: false).isCut)
  }

  @Test func `notices what goes round in circles`() throws {
    let round = String(repeating: "Try 7 - 3 = 4. Now 5, 4, 2.\n\n", count: 4)
    #expect(try outcome(round, isComplete: false).isRepetitive)
    #expect(try !outcome("Try 7 - 3 = 4. Now 5, 4, 2.\n\n", isComplete: false).isRepetitive)
  }

  @Test func `has other problems to validate with, also than those in another order`() {
    let draws = CountdownPractice.trainingProblems(12, seed: 3)
    let known = draws.prefix(8).map { Countdown(numbers: $0.numbers.reversed(), target: $0.target) }
    #expect(CountdownPractice.otherProblems(6, than: known, seed: 3) == Array(draws.suffix(4)))
    #expect(CountdownPractice.otherProblems(4, than: known, seed: 3).isEmpty)
    #expect(CountdownPractice.otherProblems(6, than: [], seed: 3) == Array(draws.prefix(6)))
  }

  @Test func `depends on nothing but its seed`() throws {
    let tokenizer = BytePairTokenizer(try NanoFormat.trainVocabulary(documents: 200))
    func draws(_ seed: UInt64) -> [PracticeExercise] {
      let problems = CountdownPractice.trainingProblems(20, seed: 3)
      #expect(problems.allSatisfy { CountdownSplit($0) == .training })
      let practice = CountdownPractice(problems, tokenizer: tokenizer, seed: seed)
      return (0..<12).map(practice.exercise(at:))
    }
    #expect(draws(1) == draws(1))
    #expect(draws(1) != draws(2))
    #expect(draws(1).map { $0.level } == (0..<12).map { LengthLevel.allCases[$0 % 3] })
  }
}
