import MathEquivalence
import Tandem
import TandemInference
import Testing

/// MathEquivalence depends on no other target, so it has a list of its own; it must have all that the models use.
@Suite struct `The delimiters of every reasoning format` {
  private static let pairs = ReasoningFormat.known.compactMap { format in
    format.opening.flatMap { opening in format.closing.map { (opening, $0) } }
  }

  @Test(arguments: pairs) func `are those that the extraction of answers looks for`(opening: String, closing: String) {
    for policies in [AnswerExtraction.standard, [.boxed]] {
      let answer = AnswerExtraction.answer(
        in: #"\#(opening)So \boxed{1}.\#(closing)It is \boxed{2}."#, policies: policies)
      #expect(answer == "2")
      #expect(AnswerExtraction.answer(in: #"\#(opening)So \boxed{1}."#, policies: policies) == nil)
    }
  }

  @Test func `are the markers of the engine, but for those that consist of other control tokens`() {
    for format in ReasoningFormat.known where format != .s1 && format.closing != nil {
      let marker = ReasoningMarkers.known.first { $0.closing == format.closing }
      #expect(marker.map { format.opening?.hasPrefix($0.opening) } == true)
    }
    #expect(Self.pairs.count == ReasoningMarkers.known.count + 1)
  }
}
