import Testing

@testable import MathEquivalence

@Suite struct `Units` {
  @Test(arguments: [
    Pair(#"12 \text{ cm}^2"#, "12"), Pair("64 square feet", "64"), Pair(#"x = 5 \text{ km}"#, "5"),
    Pair(#"50 \text{ cm}"#, #"0.5 \text{ m}"#), Pair("9.8 m/s^2", "9.8"), Pair("15", "15th Day"),
    Pair(#"7 \text{ stuffed goats and } 4 \text{ toy helicopters}"#, "7,4"), Pair("1.5 kg", "1500 g"),
    Pair("3 m", "300 cm"),
    Pair("45 min", "45"), Pair("2 hours 30 minutes", "2.5 hours"), Pair("5 feet 6 inches", "66 inches"),
    Pair(#"5 \frac{\text{m}}{\text{s}}"#, "5 m/s"), Pair(#"5\Omega"#, "5"),
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
    Pair("No, it is not possible", "No"), Pair("not possible", "impossible"), Pair("It increases", "increases"),
    Pair("There are no real solutions", "no solution"), Pair("none", #"\varnothing"#), Pair("Alice wins", "Alice"),
    Pair("March 5th", "March 5"), Pair("July 4, 2020", "4 July 2020"), Pair("①③", "①, ③"),
  ])
  func `are the same up to case, articles and the sentence around a key phrase`(pair: Pair) {
    #expect(areEqual(pair))
  }

  @Test(arguments: [
    Pair("oddd", "odd"), Pair("Vasya", "Petya will receive the last token."), Pair("yes", "no"),
    Pair("odd", "This number is not odd at all"), Pair("First strategy", "Final strategy"), Pair("-4 1 2", "4 1 2"),
    Pair("f(x)=1", "The transformed function $f(x+1)-1$ is odd."), Pair("x+1 cats", "x-1 cats"),
    Pair("Alice", "Alice and Bob"), Pair("possible", "It is not possible"), Pair("March 5", "May 5"),
    Pair("A", "A stopped clock shows the right time more often"), Pair("yes", "Yes or no"),
  ])
  func `that differ or deny are different`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test func `give the numbers of their formulas where they are sentences`() {
    #expect(areEqual(Pair("240, 210", "The rent is $240$ yuan for $A$ and $210$ yuan for $B$.")))
  }
}

@Suite struct `Multiple-choice letters` {
  @Test(arguments: [
    Pair("C", #"\text{(C)}"#), Pair("(C)", "C"), Pair("(C) 15", "C"), Pair("{a}", #"\text{A}"#),
    Pair("Option B", "B"), Pair("choice (D)", "D"), Pair("A) 12", "A"), Pair("C. 15", "C"), Pair("A, C", "AC"),
    Pair("(A) and (C)", "A, C"),
  ])
  func `are the same in brackets, as text, and before their choice`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("A", "B"), Pair(#"\text{E}"#, "d"), Pair("E", #"\mathrm{E}*2"#), Pair("A", "A and B"),
    Pair("A, C", "A, D"), Pair("AC", "AD"), Pair("(a)-3", "(a)y"),
  ])
  func `that differ are different`(pair: Pair) { #expect(areDifferent(pair)) }
}

@Suite struct `Damaged LaTeX` {
  @Test func `with escaped escapes is repaired`() {
    #expect(areEqual(Pair("\u{C}rac{1}{2}", "1/2")))
    #expect(areEqual(Pair(#"\\dfrac{2}{3}"#, "2/3")))
    #expect(areEqual(Pair(#"-2 \\le x \\le 7"#, "[-2,7]")))
  }

  @Test func `with every backslash doubled is read with single ones`() {
    let doubled = #"\\begin{matrix} 1 \\\\ \\frac12 \\end{matrix}"#
    #expect(areEqual(Pair(doubled, #"\begin{matrix} 1 \\ 0.5 \end{matrix}"#)))
  }

  @Test func `from a web page is read`() {
    #expect(areEqual(Pair("3<sup>x</sup>≥x<sup>2</sup>", "3^x >= x^2")))
    #expect(areEqual(Pair("x＞3", "x > 3")))
    #expect(areEqual(Pair(#"\forall x > 0, 3^x \geq x^2"#, "∀x＞0, 3<sup>x</sup>≥x<sup>2</sup>")))
  }

  @Test func `with braces that do not match is read without them`() {
    #expect(areEqual(Pair(#"\frac{3}{4}}\)or\(\boxed{0.75"#, "0.75")))
  }

  @Test func `with letters run into a command's name is read`() {
    #expect(areEqual(Pair(#"\vertx + y\vert"#, #"\left|{x+y}\right|"#)))
    #expect(areEqual(Pair(#"\alpha^2_{good}"#, "alpha_{good}^{2}")))
  }
}
