import FoundationEssentials
package import TandemInference

/// A file of rejected guesses as documents to learn from: the texts, of which only the rejected positions are learnt.
package struct RejectedGuesses: Sendable {
  package let documents: [TrainingDocument]

  /// Reads what a pair recorded. A last line that is still being written is left out.
  ///
  /// - Parameters:
  ///   - vocabularySize: Of the draft model, whose vocabulary is the target's.
  ///   - contextSize: The most tokens of a text.
  ///
  /// Throws `fileUnreadable`, or `fileInvalid` with FILE:LINE and what is wrong there.
  package init(path: String, vocabularySize: Int, contextSize: Int) throws(TrainingError) {
    var data = try TrainingFile.contents(of: path)
    data = data.lastIndex(of: UInt8(ascii: "\n")).map { Data(data[...$0]) } ?? Data()
    var documents: [TrainingDocument] = []
    for (number, line) in data.numberedLines {
      func fail(_ reason: String) -> TrainingError { .fileInvalid(path: "\(path):\(number)", reason: reason) }
      let found = try ChatLine.read(DraftRejections.self, line, path: path, number: number)
      guard found.tokens.count <= contextSize else {
        throw fail("it has \(found.tokens.count) tokens, and the context \(contextSize)")
      }
      let positions = found.rejections.map(\.position)
      guard !positions.isEmpty, zip(positions, positions.dropFirst()).allSatisfy(<), positions[0] > 0,
        positions[positions.count - 1] < found.tokens.count
      else { throw fail("its positions must rise from 1 to less than its \(found.tokens.count) tokens") }
      var weights = [Float](repeating: 0, count: found.tokens.count)
      for position in positions { weights[position] = 1 }
      var document = TrainingDocument(tokens: found.tokens, weights: weights)
      document.targets = found.rejections.map {
        TargetDistribution(tokens: $0.likeliest, logProbabilities: $0.logProbabilities)
      }
      if let token = found.tokens.first(where: { !(0..<Int32(vocabularySize)).contains($0.rawValue) }) {
        throw fail("token \(token) is not in the vocabulary of \(vocabularySize); train the model that drafted")
      }
      for target in document.targets {
        if let fault = target.fault(vocabularySize: vocabularySize) { throw fail(fault) }
      }
      documents.append(document)
    }
    guard !documents.isEmpty else { throw .fileInvalid(path: path, reason: "it has no rejected guess") }
    self.documents = documents
  }
}
