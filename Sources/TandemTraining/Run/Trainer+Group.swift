import FoundationEssentials
import TandemSupport

extension Trainer {
  /// Trains on with the other processes of `group`, which were all given the same model, documents and options: each
  /// computes its share of a step's batches. All take the state of the first process, which may have a checkpoint.
  ///
  /// A group of n with n batches a step gives the losses of one process with n batches a step. Throws `invalidOption`
  /// if batches can't be shared out evenly, or the processes do not train the same.
  package mutating func join(_ group: ProcessGroup) throws(TrainingError) {
    guard group.size > 1 else { return }
    guard options.batchesPerStep.isMultiple(of: group.size) else {
      let reason = "must be a multiple of the \(group.size) processes, not \(options.batchesPerStep)"
      throw .invalidOption(name: "batchesPerStep", reason: reason)
    }
    let own = checkpoint
    let first = try Checkpoint.Run.read(group.first(own.run.text()))
    let difference = own.run.difference(from: first)
    guard try !group.any(difference != nil) else {
      let others = "can't train with a rank that has another model, documents or options"
      let reason = difference.map { "has other \($0) than rank 0" } ?? others
      throw .invalidOption(name: "rank \(group.rank)", reason: reason)
    }
    // One after another: a sum lies on one axis, whose elements MLX counts in 32 bits.
    let parameters = try group.first(own.parameters.tensors)
    let moments = (first: try group.first(own.first), second: try group.first(own.second))
    self.group = group
    model = model.with(parameters)
    restore(Checkpoint(first, model.trained, first: moments.first, second: moments.second))
  }
}

extension Checkpoint.Run {
  fileprivate func text() throws(TrainingError) -> String {
    do { return try json() } catch { throw .operation(name: "a description of the run", reason: "\(error)") }
  }

  fileprivate static func read(_ text: String) throws(TrainingError) -> Self {
    guard let run = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      throw .invalidOption(name: "rank 0", reason: "must be the same version of this program")
    }
    return run
  }

  /// What must be the same if two processes train together, and is not.
  fileprivate func difference(from other: Self) -> String? {
    if configuration != other.configuration { return "sizes of the model" }
    if base != other.base { return "weights of the model" }
    if adapter != other.adapter { return "options of the adapter" }
    if documents != other.documents { return "documents" }
    if objective != other.objective { return "options of the objective" }
    return options == other.options ? nil : "options"
  }
}
