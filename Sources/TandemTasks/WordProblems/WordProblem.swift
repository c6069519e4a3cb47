import Crypto
package import Tandem

/// A story with numbers in it and a question about one of them.
package struct WordProblem: Sendable, Hashable {
  package let scene: WordScene
  /// Its sentences in order, without the question.
  package let statements: [WordStatement]
  package let asked: WordStatement

  /// Its sentences as they are written, without the question.
  package let sentences: [String]

  package var question: String { (sentences + [asked.text(in: scene)]).joined(separator: " ") }

  /// The problem that `question` poses; nil for any other text. What stands after the question is not read: an effort
  /// that is asked for, or an outline.
  package init?(question: String) {
    var sentences = WordTokens.sentences(of: question)
    guard let last = sentences.lastIndex(where: { $0.hasSuffix("?") }) else { return nil }
    sentences = Array(sentences[...last])
    let words = Set(WordTokens(sentences[last]).tokens)
    for scene in WordScene.all where words.contains(scene.thing.plural) {
      let read = sentences.lazy.map { WordStatement.reading($0, in: scene) }.prefix { $0 != nil }.compactMap(\.self)
      guard read.count == sentences.count, let asked = read.last else { continue }
      let problem = Self(scene: scene, statements: read.dropLast(), asked: asked)
      if problem.question == sentences.joined(separator: " ") {
        self = problem
        return
      }
    }
    return nil
  }

  /// The problem in a text that says something else before it: an instruction, or another question.
  package init?(within text: String) {
    let sentences = WordTokens.sentences(of: text)
    for start in sentences.indices {
      guard let problem = Self(question: sentences[start...].joined(separator: " ")) else { continue }
      self = problem
      return
    }
    return nil
  }

  init(scene: WordScene, statements: [WordStatement], asked: WordStatement) {
    self.scene = scene
    self.statements = statements
    self.asked = asked
    sentences = statements.map { $0.text(in: scene) }
  }

  /// What is asked for.
  package var goal: WordQuantity { if case .question(let quantity, _) = asked.content { quantity } else { .total } }

  /// What each quantity follows from, the total that is asked for among them.
  package var relations: [WordQuantity: WordRelation] {
    var relations: [WordQuantity: WordRelation] = [:]
    for case .definition(let quantity, let relation) in statements.map(\.content) { relations[quantity] = relation }
    if case .question(.total, let sources) = asked.content {
      relations[.total] = WordRelation(kind: .sum, sources: sources, number: nil)
    }
    return relations
  }

  /// The same for equal questions: twelve digits of a hash.
  package var id: String {
    SHA256.hash(data: Array(question.utf8)).prefix(6).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  package var problem: Problem { Problem(id: id, question: question) }
}
