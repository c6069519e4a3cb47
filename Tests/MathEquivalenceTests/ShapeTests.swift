import Testing

@testable import MathEquivalence

@Suite struct `Lists, sets and tuples` {
  @Test(arguments: [
    Pair("1, 3, 2", "1,2,3"), Pair(#"2 \text{ and } 3"#, "3, 2"), Pair(#"\{1,2\}"#, #"\left\{2,1\right\}"#),
    Pair("(1,2),(3,4)", "(3,4) or (1,2)"), Pair("(0;0),(1;1)", "(1,1),(0,0)"), Pair("1,2,2", "1,2"),
  ])
  func `of values stand in any order`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("(1,2)", "(2,1)"), Pair("1,2,3", "1,2,4"), Pair(#"\{1,2\}"#, #"\{1,2,3\}"#), Pair("3", "3,4"),
    Pair("3,3", "3,4"),
  ])
  func `of other members or another order of coordinates are different`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test(arguments: [
    Pair(#"3 \pm 2\sqrt2"#, #"3+2\sqrt2, 3-2\sqrt2"#), Pair(#"y = \pm 2"#, "2, -2"),
    Pair(#"(\pm 1, 2)"#, "(1,2),(-1,2)"),
  ])
  func `are what a plus-minus sign writes out`(pair: Pair) { #expect(areEqual(pair)) }

  @Test func `of one parameter may call it as they like`() {
    #expect(areEqual(Pair("(2-3t, 5t)", "(2-3x, 5x)")))
    #expect(areEqual(Pair(#"(1-t, t) \text{ for some integer } t"#, "(k, l) = (1-x, x)")))
    #expect(areDifferent(Pair("(2-3t, 5t)", "(2-3x, 4x)")))
    #expect(areDifferent(Pair("(1, t)", "(1, x)")))
  }

  @Test func `in square brackets may be one value`() { #expect(areEqual(Pair("[103]", "103"))) }

  @Test func `of coordinates may be written as a column or have a point's name`() {
    #expect(areEqual(Pair(#"\begin{pmatrix}1\\2\end{pmatrix}"#, "(1,2)")))
    #expect(areEqual(Pair("P(2,3)", "(2,3)")))
  }

  @Test func `keep the member a repeated value stands for`() {
    #expect(areEqual(Pair("x_1 = 2, x_2 = 2", "2")))
    #expect(areDifferent(Pair("a = 2, b = 2", "2")))
  }
}

@Suite struct `Matrices` {
  @Test func `are compared member by member, whatever their brackets`() {
    #expect(areEqual(Pair(#"\begin{pmatrix}1&0.5\\0&1\end{pmatrix}"#, #"\begin{bmatrix}1&\frac12\\0&1\end{bmatrix}"#)))
    #expect(areDifferent(Pair(#"\begin{pmatrix}1&2\\3&5\end{pmatrix}"#, #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#)))
  }

  @Test func `may be written as programs write them`() {
    #expect(areEqual(Pair("[[1,2],[3,4]]", #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#)))
    #expect(areDifferent(Pair("[[1,3],[2,4]]", #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#)))
  }

  @Test(arguments: [
    #"\begin{vmatrix}1&2\\3&4\end{vmatrix}"#, #"\det\begin{pmatrix}1&2\\3&4\end{pmatrix}"#,
    #"\left|\begin{array}{cc}1&2\\3&4\end{array}\right|"#,
  ])
  func `between bars are determinants`(matrix: String) {
    #expect(areEqual(Pair(matrix, "-2")))
    #expect(areDifferent(Pair(matrix, "2")))
  }

  @Test func `may be transposed`() {
    #expect(areEqual(Pair(#"\begin{pmatrix}1&2\end{pmatrix}^T"#, #"\begin{pmatrix}1\\2\end{pmatrix}"#)))
  }

  @Test func `may have a factor`() {
    #expect(areEqual(Pair(#"2\begin{pmatrix}1\\2\end{pmatrix}"#, #"\begin{pmatrix}2\\4\end{pmatrix}"#)))
  }
}

@Suite struct `Intervals and inequalities` {
  @Test(arguments: [
    Pair("k < -5", #"(-\infty,-5)"#), Pair(#"-4 < m \leq 0"#, "(-4, 0]"), Pair(#"\{x | -2 < x < 3\}"#, "(-2,3)"),
    Pair(#"4 < m \leq 8 \text{ or } 10 \leq m < 12"#, #"(4,8] \cup [10,12)"#), Pair("-x > -1", "x < 1"),
    Pair(#"5 \geq x"#, "x <= 5"), Pair(#"1 \leq |z| \leq 2"#, #"z \in [-2,-1] \cup [1,2]"#),
    Pair(#"x \ne 1"#, #"(-\infty,1)\cup(1,\infty)"#), Pair("|x| < 2", "(-2, 2)"),
    Pair(#"x \in [2, \infty)"#, #"[2,+\infty)"#), Pair("]0,1[", "(0,1)"), Pair(#"x \ge 2 \text{ and } x < 5"#, "[2,5)"),
  ])
  func `describe the same set`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("x < 3", #"x \le 3"#), Pair("[0,1)", "[0,9)"), Pair("x > 3", "x < 3"), Pair("a < b < c", "b < a < c"),
    Pair(#"(-\infty,1)"#, #"(-\infty,1]"#),
  ])
  func `with other ends are different`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test(arguments: [
    Pair(#"\mathbb{R} \setminus \{1, 2\}"#, #"(-\infty,1)\cup(1,2)\cup(2,\infty)"#),
    Pair(#"x \ne 1, 2"#, #"x \ne 1, x \ne 2"#),
    Pair(#"x \notin \{1\}"#, #"x \ne 1"#), Pair(#"(-\infty, 3) \setminus \{0\}"#, #"(-\infty,0)\cup(0,3)"#),
    Pair(#"\{x | x < 3\} - \{1\}"#, #"(-\infty,1)\cup(1,3)"#), Pair(#"[1,2] \cap [0,3]"#, "[1,2]"),
    Pair("x > 0, x < 1", "(0,1)"), Pair("x < 0, x > 1", "x < 0 or x > 1"),
    Pair("a > 0 and a != 1", #"(0,1)\cup(1,\infty)"#),
    Pair("0 <= x < 1 or x = 2", #"[0,1)\cup\{2\}"#), Pair(#"\mathbb{R}^+"#, #"(0,\infty)"#),
    Pair("{x | x > 2}", #"(2,\infty)"#),
  ])
  func `are joined, cut and taken from each other`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("a > 0, b > 1", "a > 0, b > 5"), Pair("a > 0 and a != 1", "a > 0"),
    Pair(#"\mathbb{R} \setminus \{2\}"#, #"\mathbb{R}"#),
    Pair(#"[1,2] \cap [2,3]"#, #"[1,2] \cup [2,3]"#), Pair("x < 0 or x > 1", "0 < x < 1"),
  ])
  func `about other letters, or less or more, are different`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test func `are joined where they touch`() {
    #expect(areEqual(Pair(#"[0,1]\cup[1,2]"#, "[0,2]")))
    #expect(areDifferent(Pair(#"(0,1)\cup(1,2)"#, "(0,2)")))
  }

  @Test func `of several letters are compared side by side, or up to a positive factor`() {
    #expect(areEqual(Pair("f(2) < f(1) < f(4)", "f(4) > f(1) > f(2)")))
    #expect(areEqual(Pair("b^2-4ac<0", "4ac > b^2")))
  }
}

@Suite struct `Equations and definitions` {
  @Test(arguments: [
    Pair("x = 3", "3"), Pair("f(x) = 2x+3", "2x+3"), Pair("x=1, y=2", "(1,2)"), Pair("(x,y) = (1,2)", "(1,2)"),
    Pair("y=2, x=1", "x=1, y=2"), Pair(#"S_{ABC} = 5"#, "5"), Pair("x(t) = t^2", "t^2"),
    Pair("x=1,y=2 or x=3,y=4", "(1,2),(3,4)"), Pair("Minimum: 1, Maximum: 3", "1,3"), Pair("x_1=-2, x_2=3", "-2,3"),
  ])
  func `name the values they are compared by`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("x=1,y=2", "x=2,y=1"), Pair("x=3", "x=4"), Pair("0", "a+3z=0"), Pair("1", "2x+z=1"), Pair("2", "x^2=2"),
  ])
  func `with other values are different, and an equation is no value`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test(arguments: [
    Pair("x^2+y^2=1", "x^2 = 1-y^2"), Pair("-34x-45y+20z-100=0", "34x+45y-20z+100=0"),
    Pair(#"\frac{x^2}{4}+\frac{y^2}{3}=1"#, "3x^2+4y^2=12"),
  ])
  func `are the same up to a constant factor`(pair: Pair) { #expect(areEqual(pair)) }

  @Test func `may be solved for the letter a bare expression leaves out`() {
    #expect(areEqual(Pair(#"\frac{6}{x}"#, "xy = 6")))
    #expect(areDifferent(Pair(#"\frac{5}{x}"#, "xy = 6")))
  }

  @Test(arguments: [
    Pair("(x,y) = (1,2)", "x=1, y=2"), Pair(#"\max = 5, \min = 1"#, "5,1"), Pair(#"\text{The maximum is } 5"#, "5"),
    Pair(#"f^{-1}(x) = \frac{x-1}{2}"#, #"\frac{x-1}{2}"#), Pair(#"\frac{dy}{dx} = 2x"#, "2x"),
    Pair("P(A|B) = 0.25", "1/4"), Pair(#"\cos \theta = \frac12"#, "0.5"), Pair(#"\frac{AB}{CD} = \frac23"#, "2/3"),
    Pair("a + b = 7", "7"), Pair(#"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}"#, "(1,2)"),
    Pair(#"\left\{\begin{array}{l} x=1 \\ y=2 \end{array}\right."#, "x=1, y=2"),
    Pair(#"x=5, \text{ where } x \text{ is an integer}"#, "5"),
  ])
  func `name what is asked for in many ways`(pair: Pair) { #expect(areEqual(pair)) }

  @Test(arguments: [
    Pair("x + y = 7", "7"), Pair("xy = 6", "6"), Pair("a + b = 0", "0"), Pair("(x,y) = (1,2)", "x=2, y=1"),
    Pair(#"\cos \theta = \frac12"#, "2"),
  ])
  func `of curves are no values`(pair: Pair) { #expect(areDifferent(pair)) }

  @Test func `may name constants of integration in capitals or not`() {
    #expect(areEqual(Pair("x^2 + C", "x^2 + c")))
    #expect(areEqual(Pair("x^2 + C", "x^2 + k")))
    #expect(areEqual(Pair("(P(x), Q(x)) = (2Cx, x)", "(2cx, x)")))
    #expect(areDifferent(Pair("x^2 + C", "x^3 + C")))
    #expect(areDifferent(Pair("A", "a")))
    #expect(areDifferent(Pair("x^2 + a", "x^2 + b")))
  }

  @Test func `may call their arguments and constants as they like`() {
    #expect(areEqual(Pair("f(x)=x", "f(z)=z")))
    #expect(areEqual(Pair("f(x)=ax+b", "f(x)=cx+d")))
    #expect(areEqual(Pair(#"\frac{\pi}{4}+k\pi"#, #"\frac{\pi}{4}+n\pi, n \in \mathbb{Z}"#)))
    #expect(areDifferent(Pair("f(x)=x+1", "f(x)=x-1")))
    #expect(areDifferent(Pair("f(y)=z", "f(z)=z")))
  }

  @Test func `that are calculations say their result`() {
    #expect(areEqual(Pair(#"x = 5+5+1 = 11 \approx 11.0"#, "11")))
    #expect(areEqual(Pair(#"\frac{9.5}{3.14159} \approx 3.02"#, #"\frac{9.5}{3.14159}"#)))
  }

  @Test func `lose the conditions that only explain them`() {
    #expect(areEqual(Pair(#"a_n = 2^{n-1}, n \geq 1"#, "2^{n-1}")))
    #expect(areEqual(Pair(#"a_n = 2n+1 (n \in \mathbb{N}^*)"#, "2n+1")))
    #expect(areEqual(Pair(#"f(x) = x+1 \text{ for all } x \in \mathbb{Z}"#, "x+1")))
  }
}

@Suite struct `Ratios and times` {
  @Test func `are quotients, and lists of proportions`() {
    #expect(areEqual(Pair("5:8", #"\frac58"#)))
    #expect(areEqual(Pair("3:4:5", "6:8:10")))
    #expect(areEqual(Pair("S_1:S=7:32", "7:32")))
    #expect(areEqual(Pair("3 to 2", "3:2")))
    #expect(areEqual(Pair("5:8", "62.5%")))
    #expect(areDifferent(Pair("3:1", #"3^\circ"#)))
    #expect(areDifferent(Pair("12:00", "1:00")))
    #expect(areEqual(Pair("3:30 p.m.", "3:30 PM")))
    #expect(areDifferent(Pair("3:30 pm", "3:30 am")))
    #expect(areDifferent(Pair("1:2", "1")))
  }
}

@Suite struct `Residues` {
  @Test func `are compared with their modulus, or as bare numbers`() {
    #expect(areEqual(Pair(#"x \equiv 3 \pmod{7}"#, "3 (mod 7)")))
    #expect(areEqual(Pair(#"3 \pmod 7"#, "3")))
    #expect(areDifferent(Pair(#"3 \pmod 7"#, #"3 \pmod 5"#)))
    #expect(areDifferent(Pair(#"3 \pmod 7"#, #"4 \pmod 7"#)))
  }
}

@Suite struct `Calculus` {
  @Test(arguments: [
    Pair(#"\int x + a dx"#, #"\int \left(a+x\right)\, dx"#), Pair(#"\int \frac{3 dz}{z}"#, #"\int \frac{3}{z}\, dz"#),
    Pair(#"\int^b_a x dx"#, #"\int\limits_{a}^{b} x\, dx"#), Pair(#"\frac{d}{dx} \tan x"#, #"\frac{d}{d x}\tan(x)"#),
    Pair(#"\lim_{x \to 3^{+}} a"#, #"\lim_{x \to 3^+} a"#), Pair(#"\lim_{x \to 3} a"#, #"\lim_{x \to 3^+} a"#),
    Pair(#"\sum_{k=1}^{10} k"#, "55"), Pair(#"\sum_{k=1}^{n} k^2"#, #"\sum_{j=1}^{n} j^2"#),
  ])
  func `is read, and its bound letters do not matter`(pair: Pair) { #expect(areEqual(pair)) }

  @Test func `keeps the two sides of a limit apart`() {
    #expect(areDifferent(Pair(#"\lim_{x \to 3^-} a"#, #"\lim_{x \to 3^+} a"#)))
  }
}
