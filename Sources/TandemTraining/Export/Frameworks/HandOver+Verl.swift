import TandemRewards

extension HandOver {
  /// `verl.yaml`: the options of this run on top of verl's own.
  var verlConfiguration: String {
    let objective = options.objective
    let aggregation =
      switch objective.normalization {
      case .token: "token-mean"
      case .sequence: "seq-mean-token-mean"
      case .limit: "seq-mean-token-sum-norm"
      }
    return """
      # GRPO by verl (written for \(framework.version)) with a reward of Tandem's. See README.md for its limits.
      hydra:
        searchpath:
          - pkg://verl.trainer.config

      defaults:
        - ppo_trainer
        - _self_

      # This folder: Ray's workers may start in another one.
      folder: ???

      data:
        train_files: ${folder}/train.jsonl
        # verl needs a file; if there are no problems to validate on, it is not used.
        val_files: ${folder}/\(validation.isEmpty ? "train" : "validation").jsonl
        train_batch_size: \(options.groups)
        max_prompt_length: 1024
        filter_overlong_prompts: true
        max_response_length: \(options.limit)
        seed: \(options.seed)

      actor_rollout_ref:
        rollout:
          name: vllm
          n: \(options.groupSize)
          # The policy's own distribution.
          temperature: 1.0
          top_p: 1.0
          val_kwargs:
            n: 1
            do_sample: true
            temperature: 0.6
            top_p: 0.95
        actor:
          # All completions of a step make one update, as often as ppo_epochs says.
          ppo_mini_batch_size: \(options.groups)
          ppo_epochs: \(options.updates)
          use_dynamic_bsz: true
          clip_ratio: \(objective.clipBelow)
          clip_ratio_low: \(objective.clipBelow)
          clip_ratio_high: \(objective.clipAbove)
          # Tandem's loss has no third clip.
          clip_ratio_c: 1.0e+9
          loss_agg_mode: \(aggregation)
          use_kl_loss: \(objective.divergenceWeight > 0)
          kl_loss_coef: \(objective.divergenceWeight)
          kl_loss_type: low_var_kl
          entropy_coeff: 0
          grad_clip: \(options.optimizer.clip)
          optim:
            lr: \(options.schedule.peak)
            lr_scheduler_type: cosine
            # Of training steps, not of updates.
            lr_warmup_steps: \(options.schedule.warmUp)
            min_lr_ratio: \(options.schedule.floor)
            betas: [\(options.optimizer.beta1), \(options.optimizer.beta2)]
            weight_decay: \(options.optimizer.weightDecay)

      algorithm:
        adv_estimator: \(options.advantages.scale == .leaveOneOut ? "rloo" : "grpo")
        norm_adv_by_std_in_grpo: \(options.advantages.scale == .deviation)
        use_kl_in_reward: false

      reward:
        # One worker: it waits until all completions of a prompt have come.
        num_workers: 1
        custom_reward_function:
          path: ${folder}/tandem_reward.py
          name: compute_score
          reward_kwargs:
            tokenizer: ${actor_rollout_ref.model.path}
            group_size: ${actor_rollout_ref.rollout.n}

      trainer:
        total_training_steps: \(options.schedule.steps)
        total_epochs: 1000000
        project_name: tandem
        experiment_name: \(type(of: options.reward.reward).name)
        logger: [console]
        val_before_train: \(!validation.isEmpty)
        test_freq: \(validation.isEmpty ? -1 : 50)
        save_freq: 50

      """
  }

  /// The framework's own file, by its name.
  var configuration: (String, String) {
    switch framework {
    case .trl: ("train.py", trlConfiguration)
    case .verl: ("verl.yaml", verlConfiguration)
    }
  }
}
