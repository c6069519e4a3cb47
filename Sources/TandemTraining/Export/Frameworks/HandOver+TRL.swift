extension HandOver {
  /// `train.py`: GRPOTrainer with the options of this run.
  var trlConfiguration: String {
    let objective = options.objective
    let loss =
      switch objective.normalization {
      case .token: "dapo"
      case .sequence: "grpo"
      case .limit: "dr_grpo"
      }
    let validates = !validation.isEmpty
    return """
      \"""GRPO by TRL (written for \(framework.version)) with a reward of Tandem's. See README.md for its limits.\"""

      import os
      import sys

      from datasets import load_dataset
      from transformers import AutoTokenizer
      from trl import GRPOConfig, GRPOTrainer

      from tandem_reward import GROUP_SIZE, LIMIT, reward_function

      # Prompts of a step.
      GROUPS = \(options.groups)
      # Updates on the completions of a step.
      UPDATES = \(options.updates)


      def main(model, output):
          here = os.path.dirname(os.path.abspath(__file__))
          processes = int(os.environ.get("WORLD_SIZE", "1"))
          if GROUPS % processes:
              sys.exit(f"{GROUPS} prompts of a step can't be shared evenly by {processes} processes")
          tokenizer = AutoTokenizer.from_pretrained(model)
          load = lambda name: load_dataset("json", data_files=os.path.join(here, name), split="train")
          trainer = GRPOTrainer(
              model=model,
              reward_funcs=reward_function(tokenizer, ends(tokenizer, model)),
              args=configuration(output, processes),
              train_dataset=load("train.jsonl"),
              eval_dataset=\(validates ? "load(\"validation.jsonl\")" : "None"),
              processing_class=tokenizer,
          )
          trainer.train()
          trainer.save_model(output)


      def ends(tokenizer, model):
          \"""The tokens that the model ends its turn with.\"""
          from transformers import GenerationConfig

          found = {tokenizer.eos_token_id}
          try:
              more = GenerationConfig.from_pretrained(model).eos_token_id
          except OSError:
              more = None  # the model has no generation_config.json
          return found | set(more if isinstance(more, list) else [] if more is None else [more])


      def configuration(output, processes=1):
          return GRPOConfig(
              output_dir=output,
              # Sampling: the policy's own distribution.
              num_generations=GROUP_SIZE,
              max_completion_length=LIMIT,
              temperature=1.0,
              top_p=1.0,
              # Whole prompts stay on one process: the reward compares their completions.
              per_device_train_batch_size=GROUP_SIZE,
              gradient_accumulation_steps=GROUPS // processes,
              num_iterations=UPDATES,
              # Objective.
              epsilon=\(objective.clipBelow),
              epsilon_high=\(objective.clipAbove),
              beta=\(objective.divergenceWeight),
              loss_type="\(loss)",
              scale_rewards="\(options.advantages.scale == .deviation ? "group" : "none")",
              # Optimiser; TRL counts updates as steps.
              learning_rate=\(options.schedule.peak),
              max_steps=\(options.schedule.steps) * UPDATES,
              warmup_steps=\(options.schedule.warmUp) * UPDATES,
              lr_scheduler_type="cosine_with_min_lr",
              lr_scheduler_kwargs={"min_lr_rate": \(options.schedule.floor)},
              adam_beta1=\(options.optimizer.beta1),
              adam_beta2=\(options.optimizer.beta2),
              adam_epsilon=\(options.optimizer.epsilon),
              weight_decay=\(options.optimizer.weightDecay),
              max_grad_norm=\(options.optimizer.clip),
              seed=\(options.seed),
              # Validation asks once for each prompt; its reward is the accuracy.
              eval_strategy="\(validates ? "steps" : "no")",
              eval_steps=50,
              num_generations_eval=1,
              logging_steps=1,
              save_steps=50,
          )


      if __name__ == "__main__":
          if len(sys.argv) != 3:
              sys.exit("usage: train.py MODEL OUTPUT")
          main(sys.argv[1], sys.argv[2])

      """
  }
}
