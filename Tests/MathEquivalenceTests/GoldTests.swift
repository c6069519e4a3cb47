import Foundation
import MathEquivalence
import Testing

@Suite struct `Gold answers` {
  @Test(arguments: ["7", "x^2", "Alice", "(B)", "5 3 -2", "0.0011_{2}", "So $x = 3$.", "#### 18", #"\frac{1}{2}"#])
  func `that are mathematics or words can be read`(gold: String) { #expect(Grader().canRead(gold)) }

  @Test(arguments: ["", " \n", "x^2 = = ^ (", #"\frac{"#, "It is so.\n####", String(repeating: "1+", count: 50_000)])
  func `that are neither are an error of the task, and no wrong answer of a model`(gold: String) {
    #expect(!Grader().canRead(gold))
    let verdict = Grader().grade("7", against: gold)
    #expect(verdict.reason == .unreadableGold)
    #expect(!verdict.isCorrect)
    #expect(verdict.description.contains("gold answer"))
  }

  @Test func `that are solutions are the answers they state`() {
    #expect(Grader().statedAnswer("3 + 4 = 7\n#### 7") == "7")
    #expect(Grader().statedAnswer(#"Thus it is $\boxed{\frac{1}{2}}$."#) == #"\frac{1}{2}"#)
    #expect(Grader().statedAnswer("7 apples") == "7 apples")
  }

  @Test(arguments: [("5", "5"), ("-0.5", "-0.5"), (#""x""#, "x")])
  func `of a file of cases may be numbers`(gold: String, text: String) throws {
    let line = Data(#"{"pred": 5, "gold": \#(gold), "expected": true}"#.utf8)
    let item = try JSONDecoder().decode(GradingCase.self, from: line)
    #expect(item.gold == text)
    #expect(item.prediction == "5")
  }

  @Test(arguments: ["[5]", "{}", "null"]) func `of a file of cases are no lists or objects`(gold: String) {
    let line = Data(#"{"pred": "5", "gold": \#(gold)}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(GradingCase.self, from: line) }
  }
}
