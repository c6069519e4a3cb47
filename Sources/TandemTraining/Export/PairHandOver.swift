import FoundationEssentials
import TandemInference

/// Training on pairs of answers, for a model that is too large for this trainer: all that TRL needs for it. verl has no
/// such training.
package struct PairHandOver: Sendable {
  package var objective: PreferenceObjective
  package var pairs: [AnswerPair]
  package var epochs: Double
  package var learningRate: Float
  package var batch: Int
  package var seed: UInt64

  package init(
    _ objective: PreferenceObjective, _ pairs: [AnswerPair], epochs: Double, learningRate: Float, batch: Int,
    seed: UInt64
  ) {
    (self.objective, self.pairs, self.epochs) = (objective, pairs, epochs)
    (self.learningRate, self.batch, self.seed) = (learningRate, batch, seed)
  }

  /// Writes `train.jsonl`, `train.py` and `README.md` into `folder`, which is created if it does not exist.
  ///
  /// Throws `invalidOption` for what TRL can't do, and `fileUnwritable`.
  package func write(to folder: String) throws(TrainingError) {
    try validate()
    var lines = ""
    for pair in pairs { lines += try Row(pair).jsonLine() + "\n" }
    try TrainingFile.makeFolder(folder)
    for (name, text) in [("train.jsonl", lines), ("train.py", script), ("README.md", readme)] {
      try TrainingFile.write(Data(text.utf8), to: "\(folder)/\(name)")
    }
  }

  private func validate() throws(TrainingError) {
    try objective.validate()
    guard !pairs.isEmpty else { throw .invalidOption(name: "pairs", reason: "are needed: there is none") }
    switch objective.rule {
    case .dpo where objective.margin > 0:
      throw .invalidOption(name: "margin", reason: "must be 0 for dpo, since TRL's DPO has none")
    case .simpo where !objective.isLengthNormalized:
      throw .invalidOption(name: "isLengthNormalized", reason: "must hold for simpo, since TRL's SimPO has no other")
    default: break
    }
  }

  /// A pair in TRL's conversational form.
  private struct Row: Encodable {
    let prompt: [[String: String]]
    let chosen: [[String: String]]
    let rejected: [[String: String]]

    init(_ pair: AnswerPair) {
      func turn(_ message: Message) -> [String: String] {
        ["role": message.role.rawValue, "content": message.content]
      }
      prompt = pair.messages.map(turn)
      chosen = [turn(Message(.assistant, pair.chosen))]
      rejected = [turn(Message(.assistant, pair.rejected))]
    }
  }

  private var script: String {
    let isDPO = objective.rule == .dpo
    let (module, name) = isDPO ? ("trl", "DPO") : ("trl.experimental.cpo", "CPO")
    let loss =
      isDPO
      ? "loss_type=\"\(objective.isLengthNormalized ? "sigmoid_norm" : "sigmoid")\","
      : "loss_type=\"simpo\",\n        cpo_alpha=0.0,\n        simpo_gamma=\(objective.margin),"
    return """
      \"""\(isDPO ? "DPO" : "SimPO") by TRL (written for \(Framework.trl.version)). See README.md.\"""

      import os
      import sys

      from datasets import load_dataset
      from transformers import AutoTokenizer
      from \(module) import \(name)Config, \(name)Trainer


      def main(model, output):
          here = os.path.dirname(os.path.abspath(__file__))
          trainer = \(name)Trainer(
              model=model,
              args=configuration(output),
              train_dataset=load_dataset("json", data_files=os.path.join(here, "train.jsonl"), split="train"),
              processing_class=AutoTokenizer.from_pretrained(model),
          )
          trainer.train()
          trainer.save_model(output)


      def configuration(output):
          return \(name)Config(
              output_dir=output,
              beta=\(objective.beta),
              \(loss)
              learning_rate=\(learningRate),
              num_train_epochs=\(epochs),
              per_device_train_batch_size=1,
              gradient_accumulation_steps=\(batch),
              lr_scheduler_type="cosine",
              max_grad_norm=1.0,
              seed=\(seed),
              logging_steps=1,
          )


      if __name__ == "__main__":
          if len(sys.argv) != 3:
              sys.exit("usage: train.py MODEL OUTPUT")
          main(sys.argv[1], sys.argv[2])

      """
  }

  private var readme: String {
    """
    # Training on pairs, for TRL, handed over by Tandem

    | file | |
    | --- | --- |
    | `train.jsonl` | \(pairs.count) pairs of answers, of which one is preferred |
    | `train.py` | \(objective.rule == .dpo ? "DPO" : "SimPO") with the options of the run; written for TRL \(Framework.trl.version) |

        pip install trl==\(Framework.trl.version)
        accelerate launch train.py MODEL OUTPUT

    MODEL is a name on Hugging Face or a folder. \(batch) pairs make a step on one process.

    ## Limits

    - The losses are those of `tandem train dpo`, which Tandem's tests compare with TRL's. Steps are counted in pairs here, there in
      tokens.
    - The learning rate is the one that was given, not measured by Tandem on any large model.

    """
  }
}
