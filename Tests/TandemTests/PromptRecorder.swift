import Synchronization
import TandemInference
import TandemTesting

/// Notes what a model is given to go on from.
final class PromptRecorder: Sendable {
  private let state = Mutex((seen: [[Token]](), said: 0))
  private let tokenizer: ByteTokenizer

  init(_ tokenizer: ByteTokenizer = .init()) { self.tokenizer = tokenizer }

  /// What the model was given at first, control tokens spelled.
  var prompt: String { spell(state.withLock { $0.seen.first ?? [] }) }
  /// The most that it was given, what it wrote itself included.
  var longest: [Token] { state.withLock { $0.seen.max { $0.count < $1.count } ?? [] } }
  var longestText: String { spell(longest) }

  /// A model that says `text`, wherever it is asked to go on, and then ends its turn.
  func model(_ text: String = "", template: any ChatTemplate = PlainTemplate()) -> FunctionModel {
    model(saying: (try? tokenizer.encode(text, control: .recognised)) ?? [], template: template)
  }

  func model(saying tokens: [Token], template: any ChatTemplate = PlainTemplate()) -> FunctionModel {
    let size = tokenizer.vocabulary.size
    let ending = (0..<Int32(size)).map { Token(rawValue: $0) }.first(where: tokenizer.isEndOfGeneration) ?? 0
    return FunctionModel(tokenizer: tokenizer, options: .init(template: template)) { [self] before in
      let place = state.withLock { state in
        defer { state.said += 1 }
        state.seen.append(before)
        return state.said
      }
      var row = [Float](repeating: -100, count: size)
      row[Int((place < tokens.count ? tokens[place] : ending).rawValue)] = 0
      return row
    }
  }

  private func spell(_ tokens: [Token]) -> String { tokens.map(tokenizer.spelling).joined() }
}
