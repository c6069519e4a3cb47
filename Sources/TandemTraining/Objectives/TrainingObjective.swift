/// What a trainer makes smaller.
package enum TrainingObjective: Sendable, Hashable, Codable {
  /// The weighted mean of -ln p.
  case likelihood
  /// Documents come in pairs: the chosen answer to a prompt, then the rejected one.
  case preference(PreferenceObjective)
  case weakToStrong(WeakToStrongObjective)
  /// Learnt tokens have another model's distribution.
  case draft(DraftObjective)

  /// Documents that stay together.
  package var documentsPerExample: Int { if case .preference = self { 2 } else { 1 } }

  /// Whether each learnt token needs a number to compare its ln p with.
  package var needsReferences: Bool {
    switch self {
    case .likelihood, .draft: false
    case .preference(let objective): objective.rule == .dpo
    case .weakToStrong: true
    }
  }

  /// The positions of each example. Throws `invalidOption` or `invalidDocument` if the documents can't be trained on.
  func examples(
    of documents: [TrainingDocument], vocabularySize: Int, rowLength: Int
  ) throws(TrainingError) -> [Int] {
    guard !documents.isEmpty else { throw .invalidOption(name: "documents", reason: "are needed: there is none") }
    let size = documentsPerExample
    guard documents.count.isMultiple(of: size) else {
      throw .invalidOption(name: "documents", reason: "must come in pairs, and there are \(documents.count)")
    }
    for (index, document) in documents.enumerated() {
      try document.validate(index: index, vocabularySize: vocabularySize, rowLength: rowLength)
      guard !needsReferences || document.references.count == document.learntCount else {
        let reason = "\(document.learntCount) tokens are learnt, and it has \(document.references.count) references"
        throw .invalidDocument(index: index, reason: reason)
      }
      if case .draft = self { try document.validateTargets(index: index, vocabularySize: vocabularySize) }
    }
    var lengths: [Int] = []
    for start in stride(from: 0, to: documents.count, by: size) {
      let length = documents[start..<start + size].reduce(0) { $0 + $1.length }
      guard length <= rowLength else {
        let reason = "the \(length) positions of its pair don't fit into rows of \(rowLength)"
        throw .invalidDocument(index: start, reason: reason)
      }
      lengths.append(length)
    }
    return lengths
  }

  /// What the sum of a batch's losses is divided by, the batches of a step together.
  func weight(of batch: DocumentBatch) -> Double {
    switch self {
    case .likelihood, .weakToStrong, .draft: Double(batch.tokens.totalWeight)
    case .preference: Double(batch.order.count / 2)
    }
  }

  /// Throws `invalidOption`, naming the first option that makes no sense.
  package func validate() throws(TrainingError) {
    switch self {
    case .likelihood, .draft: break
    case .preference(let objective): try objective.validate()
    case .weakToStrong(let objective): try objective.validate()
    }
  }
}

extension Llama {
  /// The sum of the losses of a batch's examples.
  func loss(of batch: DocumentBatch, by objective: TrainingObjective) throws(TrainingError) -> Loss {
    switch objective {
    case .likelihood: Loss(value: try loss(of: batch.tokens))
    case .preference(let objective): try objective.loss(logProbabilities(of: batch), batch)
    case .weakToStrong(let objective): Loss(value: try objective.loss(logProbabilities(of: batch), batch))
    case .draft(let objective): Loss(value: try loss(of: batch, by: objective))
    }
  }
}
