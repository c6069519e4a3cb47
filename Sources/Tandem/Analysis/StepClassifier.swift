import TandemInference

/// A model that decides what steps of thinking are for, as PIR's classifier does (arXiv:2505.19187).
///
/// The model reads a step by itself and is asked for a number; the likeliest of the four counts, and nothing is sampled. The
/// paper's prompt was not read: this one is ours.
public struct StepClassifier: Sendable {
  /// The model that is asked. It must be able to score.
  public var participant: Participant

  /// Asks the model of `participant`.
  public init(_ participant: Participant) { self.participant = participant }

  /// What `step` is for.
  ///
  /// Throws `unsuitable` for a model that writes a digit as several tokens, and what the engine throws, such as
  /// `contextFull`.
  public func function(of step: String) async throws -> StepFunction {
    let reader = try await Reasoner.open(.small, participant, for: Problem(question: Self.question(about: step)))
    do {
      let tokens = try reader.read(Chain()) + reader.closing + participant.transition
      let odds = try await reader.odds(of: Self.labels, after: tokens)
      await reader.session.close()
      let likeliest = odds.indices.reduce(0) { odds[$1] > odds[$0] ? $1 : $0 }
      return StepFunction.allCases[likeliest]
    } catch {
      await reader.session.close()
      throw error
    }
  }

  /// The numbers of `StepFunction.allCases`, in their order.
  static let labels = StepFunction.allCases.indices.map { "\($0 + 1)" }

  static func question(about step: String) -> String {
    let meanings = zip(labels, StepFunction.allCases).map { "\($0) \($1.meaning)" }.joined(separator: "\n")
    return "Step:\n\(step)\n\nWhat is it for?\n\(meanings)\nReply with the number."
  }
}

extension StepFunction {
  /// What such a step does, in words for a model.
  fileprivate var meaning: String {
    switch self {
    case .progressive: "leads on"
    case .verification: "checks a result"
    case .multipleMethods: "tries another way"
    case .errorCorrection: "corrects an error"
    }
  }
}

extension Participant {
  /// The tokens between the end of the thinking and the answer.
  fileprivate var transition: [Token] {
    get throws { try model.tokenizer.encode(format.transition, control: .asText) }
  }
}
