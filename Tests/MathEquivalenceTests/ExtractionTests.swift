import Testing

@testable import MathEquivalence

@Suite struct `Answer extraction` {
  @Test func `takes the last box whose braces close`() {
    #expect(AnswerExtraction.boxed.answer(in: #"\boxed{1}, no: \boxed{\frac{1}{2}} and \boxed{3"#) == #"\frac{1}{2}"#)
    #expect(AnswerExtraction.boxed.answer(in: "none") == nil)
  }

  @Test func `joins boxes that stand side by side`() {
    #expect(AnswerExtraction.boxed.answer(in: #"$\boxed{1}$ and $\boxed{2}$"#) == "1, 2")
    #expect(AnswerExtraction.boxed.answer(in: #"\boxed{1} no no no no no \boxed{2}"#) == "2")
  }

  @Test func `takes what the hashes announce`() {
    #expect(AnswerExtraction.hashes.answer(in: "so 5 + 5 = 10\n#### 10 \n") == "10")
  }

  @Test func `takes what the answer is said to be`() {
    #expect(AnswerExtraction.answerIs.answer(in: "Therefore the answer is -3.") == "-3")
    #expect(AnswerExtraction.answerIs.answer(in: "Final Answer: The largest $n$ is 34.") == "34")
    #expect(AnswerExtraction.answerIs.answer(in: "The answer is $x^2$. I hope it is correct.") == "x^2")
  }

  @Test func `takes the last formula, and no sum of money for one`() {
    #expect(AnswerExtraction.lastFormula.answer(in: #"so \(x\) is $y+1$ now"#) == "y+1")
    #expect(AnswerExtraction.lastFormula.answer(in: "from $5 he keeps $3") == nil)
  }

  @Test(arguments: [
    ("it costs 1,000.99€", "1,000.99"), ("the ratio is 13/28", "13/28"), ("that is -5 now", "-5"), ("10-5", "5"),
    ("about 22.22%.", "22.22%"), (#"每份是 (\frac{2}{5}) 吨"#, #"\frac{2}{5}"#), ("so **66**.", "66"),
  ])
  func `takes the last number`(output: String, number: String) {
    #expect(AnswerExtraction.lastNumber.answer(in: output) == number)
  }

  @Test func `takes no digits out of a name`() {
    #expect(AnswerExtraction.lastNumber.answer(in: "AZYUK2A") == nil)
  }

  @Test func `tries the policies in their order, and says which one found it`() {
    let output = "#### 3\nThe answer is 4, or $5$, or 6"
    #expect(AnswerExtraction.extract(from: output) == .found("3", by: .hashes))
    #expect(AnswerExtraction.extract(from: output, policies: [.lastNumber, .hashes]) == .found("6", by: .lastNumber))
    #expect(AnswerExtraction.extract(from: output, policies: [.boxed]) == .nothing)
  }

  @Test func `takes no answer out of what the caller says is cut off`() {
    #expect(Grader().grade("7", against: "7", isTruncated: true).reason == .truncated)
  }

  @Test func `looks for the answer after the thinking, and finds none where the thinking is cut off`() {
    #expect(AnswerExtraction.answer(in: #"<think>\boxed{1}</think> It is \boxed{2}."#) == "2")
    #expect(AnswerExtraction.extract(from: #"<think> so \boxed{1}, or"#) == .unfinishedThinking)
    #expect(AnswerExtraction.extract(from: #"<think>a</think> 1 <think> so \boxed{1}"#) == .unfinishedThinking)
    #expect(AnswerExtraction.extract(from: "nothing here") == .nothing)
    #expect(Grader().grade("<think> 7 and", against: "7", form: .text).reason == .truncated)
  }
}
