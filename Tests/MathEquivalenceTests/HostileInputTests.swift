import Testing

@testable import MathEquivalence

/// Inputs that break parsers: grading them ends, soon, with a verdict.
@Suite struct `Hostile inputs` {
  private static let inputs: [String] = [
    String(repeating: "(", count: 100_000), String(repeating: "{", count: 5_000),
    String(repeating: #"\frac{"#, count: 3_000), String(repeating: #"\sqrt{"#, count: 5_000),
    String(repeating: "-", count: 5_000) + "1", String(repeating: "|", count: 5_000),
    String(repeating: "1", count: 1_000_000), String(repeating: "$", count: 1_000_000),
    String(repeating: #"\boxed{"#, count: 100_000), String(repeating: "1,", count: 3_000),
    String(repeating: "(1,2),", count: 700), String(repeating: #"(\pm1,\pm2,\pm3,\pm4),"#, count: 80),
    "10^{10^{10}}", "9^9^9^9^9", "(10^{10^{10}})!", "100000!", "3!!!!!!", "(((x+1)^{24}+1)^{24}+1)^{24}",
    "(a+b+c+d+e+f)^{20}", #"\binom{100000}{50000}"#, #"\sum_{k=1}^{1000000} k"#,
    #"\sum_{k=1}^{200}\sum_{k=1}^{200}\sum_{k=1}^{200} k"#, "1e999999999", "1/0", "0/0", "0^{-1}", #"\log_1 5"#,
    #"\infty-\infty"#, "\u{0}\u{1}", String(repeating: "😀", count: 500), "^^^^", "}{}{}{", #"\begin{matrix}"#,
    "<think>", "=", "", #"\frac"#, #"\int"#, #"\boxed{}"#, #"-\mod 7"#, "abs() < 3",
    #"\det\begin{matrix}\end{matrix}"#, String(repeating: #"\begin{vmatrix}1&2\\3&"#, count: 60), "NaN", "\u{202E}1",
    String(repeating: #"\over 1"#, count: 400), String(repeating: "f(a|", count: 300),
    nested("F(", ")"), nested("((x+1)", ")^{20}"), nested("((x+1)2.5", ")^{20}"), nested("A(", ")"),
    nested(#"\{x"#, #"\}"#), nested("{x|", "}"), nested("F(|", "|)"), nested("[1,", "]"), "1e400",
    nest(#"\text{"#, 500), nest(#"\mathrm{"#, 1_500), nest(#"\mathbf{"#, 1_500), nest(#"\boxed{"#, 1_500),
    String(repeating: #"\boxed{}"#, count: 5_000), String(repeating: "#### x\n", count: 5_000),
    String(repeating: "answer is ", count: 3_000), String(repeating: "<think>", count: 3_000),
    String(repeating: "<|im_end|>", count: 3_000), String(repeating: "1 000 ", count: 3_000),
    String(repeating: "½", count: 3_000), String(repeating: "⁻³", count: 3_000),
    #"\frac{1000000000!}{999999600!}"#, #"\ln(\#(String(repeating: "9", count: 900)))"#,
    "9" + String(repeating: "!", count: 40), #"a = b < \pm c = \pm d"#, #"\pm x = \pm 1 = \pm 2"#,
  ]

  private static func nested(_ open: String, _ close: String) -> String {
    String(repeating: open, count: 24) + "1" + String(repeating: close, count: 24)
  }

  private static func nest(_ open: String, _ depth: Int) -> String {
    String(repeating: open, count: depth) + "a" + String(repeating: "}", count: depth)
  }

  @Test(arguments: AnswerForm.allCases)
  func `end with a verdict in bounded time`(form: AnswerForm) {
    for input in Self.inputs {
      for gold in ["2", "x+1", String(input.prefix(3_000))] {
        let seconds = processorSeconds(of: { _ = Grader().grade(input, against: gold, form: form) })
        // Fifty milliseconds in a release build; a debug build has fifty times as long.
        #expect(seconds < 2.5, "\(input.prefix(40))")
      }
    }
  }

  @Test func `are different from an ordinary answer`() {
    for input in Self.inputs {
      #expect(!Grader().grade(input, against: "12345.678").isCorrect, "\(input.prefix(40))")
    }
  }

  @Test func `too long to read are unparsable`() {
    let long = String(repeating: "1+", count: 50_000) + "1"
    #expect(Grader().grade(long, against: "2").reason == .unparsable)
  }

  @Test func `made of random tokens never crash the grader`() {
    let tokens = [
      #"\frac"#, "{", "}", "(", ")", "[", "]", "1", "x", "^", "_", "+", "-", ",", "=", "<", #"\pm"#, #"\sqrt"#, "|",
      #"\text{or}"#, #"\cup"#, #"\{"#, #"\}"#, ":", "!", "%", #"^\circ"#, #"\sin"#, #"\log"#, "0.5", " ", #"\infty"#,
      #"\begin{matrix}"#, #"\end{matrix}"#, "&", #"\\"#, #"\int"#, "dx", #"\sum"#, #"\lim"#, #"\to"#, "and", "cm", "∈",
      #"\mod"#, #"\pmod"#, #"\over"#, #"\det"#, #"\begin{vmatrix}"#, #"\end{vmatrix}"#, #"\setminus"#, "abs", #"\$"#,
      "C)", "to",
      "hours", "'", "^T", "f", "where", "∉", #"\begin{aligned}"#, #"\end{aligned}"#,
    ]
    var random = SplitMix(state: 7)
    for _ in 0..<6_000 {
      let count = Int.random(in: 1...24, using: &random)
      let text = (0..<count).map { _ in tokens.randomElement(using: &random) ?? "" }.joined()
      let other = (0..<count / 2).map { _ in tokens.randomElement(using: &random) ?? "" }.joined()
      #expect(Grader().grade(text, against: text).isCorrect || text.allSatisfy(\.isWhitespace))
      let verdict = Grader().grade(text, against: other)
      #expect(verdict.isCorrect == Grader().grade(other, against: text).isCorrect, "\(text) and \(other)")
    }
  }
}
