import Testing

@testable import MathEquivalence

@Suite struct `Units` {
  @Test(arguments: [
    Pair(#"12 \text{ cm}^2"#, "12"), Pair("64 square feet", "64"), Pair(#"x = 5 \text{ km}"#, "5"),
    Pair(#"50 \text{ cm}"#, #"0.5 \text{ m}"#), Pair("9.8 m/s^2", "9.8"), Pair("15", "15th Day"),
    Pair(#"7 \text{ stuffed goats and } 4 \text{ toy helicopters}"#, "7,4"),
  ])
  func `may be left out, and are converted where both are known`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair(#"5 \text{ cm}"#, #"5 \text{ m}"#), Pair("2 hours", "2 minutes"), Pair("5 apples", "6 apples"),
  ])
  func `of one quantity and other sizes make other values`(pair: Pair) { #expect(areDifferent(pair)) }
}

@Suite struct `Answers in words` {
  @Test(arguments: [
    Pair(#"\text{Evelyn}"#, "evelyn"), Pair("white", "White"), Pair("Even", #"$\text{Even}$"#),
    Pair("Petya", "Petya will receive the last token."), Pair("odd", "The function $f(x)$ is odd."),
    Pair("infinitely many", #"\infty"#), Pair("No solution", #"\emptyset"#), Pair("All odd numbers", "odd numbers"),
    Pair("Yes, it is.", "yes"), Pair("two", "2"),
  ])
  func `are the same up to case, articles and the sentence around a key phrase`(pair: Pair) {
    #expect(areEqual(pair))
  }

  @Test(arguments: [
    Pair("oddd", "odd"), Pair("Vasya", "Petya will receive the last token."), Pair("yes", "no"),
    Pair("odd", "This number is not odd at all"), Pair("First strategy", "Final strategy"), Pair("-4 1 2", "4 1 2"),
  ])
  func `that differ or deny are different`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test func `give the numbers of their formulas where they are sentences`() {
    #expect(areEqual(Pair("240, 210", "The rent is $240$ yuan for $A$ and $210$ yuan for $B$.")))
  }
}

@Suite struct `Multiple-choice letters` {
  @Test(arguments: [Pair("C", #"\text{(C)}"#), Pair("(C)", "C"), Pair("(C) 15", "C"), Pair("{a}", #"\text{A}"#)])
  func `are the same in brackets, as text, and before their choice`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [Pair("A", "B"), Pair(#"\text{E}"#, "d"), Pair("E", #"\mathrm{E}*2"#), Pair("A", "A and B")])
  func `that differ are different`(pair: Pair) { #expect(areDifferent(pair)) }
}

@Suite struct `Damaged LaTeX` {
  @Test func `with escaped escapes is repaired`() {
    #expect(areEqual(Pair("\u{C}rac{1}{2}", "1/2")))
    #expect(areEqual(Pair(#"\\dfrac{2}{3}"#, "2/3")))
    #expect(areEqual(Pair(#"-2 \\le x \\le 7"#, "[-2,7]")))
  }

  @Test func `with braces that do not match is read without them`() {
    #expect(areEqual(Pair(#"\frac{3}{4}}\)or\(\boxed{0.75"#, "0.75")))
  }

  @Test func `with letters run into a command's name is read`() {
    #expect(areEqual(Pair(#"\vertx + y\vert"#, #"\left|{x+y}\right|"#)))
    #expect(areEqual(Pair(#"\alpha^2_{good}"#, "alpha_{good}^{2}")))
  }
}
