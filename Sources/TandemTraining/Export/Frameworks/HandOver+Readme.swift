import TandemRewards

extension HandOver {
  /// What is in the folder, how it is used, and what is not as in Tandem.
  func readme() -> String {
    let reward = type(of: options.reward.reward)
    let (file, _) = configuration
    return """
      # A run for \(framework.rawValue), handed over by Tandem

      | file | |
      | --- | --- |
      | `train.jsonl`\(validation.isEmpty ? "" : ", `validation.jsonl`") | \(training.count) prompts to train on\
      \(validation.isEmpty ? "" : ", \(validation.count) to validate on") |
      | `tandem_reward.py` | the reward `\(reward.name)`, generated: \(reward.formula.replacing("|", with: "\\|")) |
      | `\(file)` | the options of the run; written for \(framework.rawValue) \(framework.version) |

      \(usage)

      ## Limits

      \((limits(comparesGroup: reward.comparesGroup) + sharedLimits).map { "- " + $0 }.joined(separator: "\n"))

      """
  }

  private var usage: String {
    switch framework {
    case .trl:
      """
          pip install trl==\(framework.version)
          accelerate launch train.py MODEL OUTPUT

      MODEL is a name on Hugging Face or a folder. \(options.groups) prompts with \(options.groupSize) completions each make \
      a step, shared by the processes; the number of processes must divide \(options.groups).
      """
    case .verl:
      """
          pip install verl==\(framework.version)
          python3 -m verl.trainer.main_ppo --config-path "$PWD" --config-name verl \\
            folder="$PWD" actor_rollout_ref.model.path=MODEL

      Run it in this folder. MODEL is a name on Hugging Face or a folder. What depends on the machines is verl's own and
      added to the command: `trainer.n_gpus_per_node`, `actor_rollout_ref.rollout.gpu_memory_utilization` and so on.
      verl reads the JSON Lines itself; Parquet is not needed.
      """
    }
  }

  private func limits(comparesGroup: Bool) -> [String] {
    switch framework {
    case .trl:
      [
        "TRL hands over the completions of a step by process. Each process must have whole prompts: "
          + "`per_device_train_batch_size` is a multiple of `num_generations`, or the reward stops the run.",
        "TRL divides by the standard deviation that is estimated for a larger group (n - 1) plus 1e-4, Tandem by the "
          + "group's own.",
        "TRL counts updates as steps, so the learning rate falls with every update, not with every step.",
      ]
    case .verl:
      (comparesGroup
        ? [
          "verl hands over one completion at a time, and this reward compares those of a prompt. `compute_score` waits "
            + "until all of them have come: `reward.num_workers` must stay 1, and at most \(Self.rayConcurrency) "
            + "completions can be in a step.",
          "A prompt may be in a step only once: the data must have at least as many prompts as a step.",
        ] : []) + [
          "verl hands over text without special tokens. Lengths are those of the text encoded again, and a completion "
            + "counts as cut if that has `LIMIT` tokens. Where \(thinkingEnd.isEmpty ? "the end of thinking" : "`\(thinkingEnd)`") "
            + "is a special token of the model, the reward can't see it.",
          "verl divides by the standard deviation that is estimated for a larger group (n - 1) plus 1e-6, Tandem by the "
            + "group's own.",
          "verl clips the loss of tokens with a negative advantage a second time (`clip_ratio_c`); the value here is so "
            + "large that it never does.",
        ]
    }
  }

  private var sharedLimits: [String] {
    var limits = [
      "`tandem train tldr` can draw prompts again if all their completions earn the same; these runs can't.",
      "The rate of learning is one for large models in general, not measured by Tandem on any.",
    ]
    if options.advantages.scale == .leaveOneOut, framework == .trl {
      limits.append(
        "An advantage here is the reward minus the mean of the group. That of leave-one-out is n / (n - 1) times as large: "
          + "raise the learning rate by that if it matters.")
    }
    if options.objective.oreal != nil {
      limits.append(
        "OREAL's losses are not in \(framework.rawValue). With one update a step, its gradient is that of this run, but for "
          + "wrong completions, which count in full here, and for all completions of a prompt being used.")
    }
    if options.objective.stepLength != nil {
      limits.append(
        "The advantages of steps and the clip by difficulty are not in \(framework.rawValue): the rewards of outcomes alone "
          + "are learnt there.")
    }
    if options.reward.reward is AALC {
      limits.append("The accuracy on a validation set is the one that was given at the export, and does not follow.")
    }
    if options.reward.reward is any BandedReward {
      limits.append(
        "The targets are fixed: `TARGETS` in `tandem_reward.py`, as they were at the export. Unless set there, they are "
          + "Tandem's, not the paper's, which chooses them again every 20 steps.")
    }
    switch check {
    case .countdown: limits.append("Only the last line after `Answer:` is judged, step by step, as Tandem does.")
    case .exact: limits.append("An answer is right where it is the same text, but for white space around it.")
    case .mathematics:
      limits.append(
        "Without help, answers are compared as text and as rational numbers: `0.5` is `\\frac{1}{2}`, `2x+1` is not "
          + "`1+2x`. With `tandem rewards serve` running and `TANDEM_REWARDS_URL=http://127.0.0.1:8080` set, Tandem's own "
          + "grader judges.")
    }
    return limits
  }
}
