import Testing

@testable import MathEquivalence

@Suite struct `Properties of grading` {
  @Test func `every answer equals itself, in any spelling`() {
    var generator = ExpressionGenerator(seed: 1)
    for _ in 0..<400 {
      let text = "\(generator.answer())"
      for spelling in spellings(of: text) {
        let verdict = Grader().grade(spelling, against: text)
        #expect(verdict.isCorrect, "\(spelling) against \(text): \(verdict)")
      }
    }
  }

  /// The same answer with other spaces, brackets and fractions, and with zeros after its decimals.
  private func spellings(of text: String) -> [String] {
    let spaced = text.replacing("+", with: " + ").replacing(",", with: " , ")
    let sized = text.replacing("(", with: #"\left("#).replacing(")", with: #"\right)"#)
    let zeros = text.replacing(/\.[0-9]+/) { $0.output + "00" }
    return [text, " $\(text)$ ", spaced, sized, text.replacing(#"\frac"#, with: #"\dfrac"#), zeros]
  }

  @Test func `what is printed reads back as the same`() throws {
    var generator = ExpressionGenerator(seed: 2)
    for _ in 0..<400 {
      let expression = generator.answer()
      let read = try Parser.parse("\(expression)")
      let outcome = try Comparison(budget: Budget()).compare(expression, read)
      #expect(outcome.evidence != nil, "\(expression) read as \(read)")
    }
  }

  @Test func `it does not matter which of two answers is the gold one`() {
    var generator = ExpressionGenerator(seed: 3)
    for _ in 0..<600 {
      let (a, b) = ("\(generator.answer())", "\(generator.answer())")
      #expect(Grader().grade(a, against: b).isCorrect == Grader().grade(b, against: a).isCorrect, "\(a) and \(b)")
    }
  }

  @Test func `different rational numbers are never equal, and equal ones always`() {
    var random = SplitMix(state: 4)
    for _ in 0..<2_000 {
      let (a, b) = (Int.random(in: -60...60, using: &random), Int.random(in: 1...60, using: &random))
      let (c, d) = (Int.random(in: -60...60, using: &random), Int.random(in: 1...60, using: &random))
      let verdict = Grader().grade("\(a)/\(b)", against: #"\frac{\#(c)}{\#(d)}"#)
      #expect(verdict.isCorrect == (a * d == b * c), "\(a)/\(b) against \(c)/\(d)")
    }
  }

  @Test func `different sums of roots are never equal`() {
    var random = SplitMix(state: 5)
    for _ in 0..<1_000 {
      let n = (0..<4).map { _ in Int.random(in: 1...9, using: &random) }
      let first = #"\#(n[0])\sqrt{2}+\#(n[1])\sqrt{3}"#
      let second = #"\#(n[2])\sqrt{2}+\#(n[3])\sqrt{3}"#
      let isSame = n[0] == n[2] && n[1] == n[3]
      #expect(Grader().grade(first, against: second).isCorrect == isSame, "\(first) against \(second)")
    }
  }

  @Test func `adding one to an answer makes it wrong`() {
    var generator = ExpressionGenerator(seed: 6)
    for _ in 0..<400 {
      let value = generator.value(depth: 3)
      let verdict = Grader().grade("\(Expression.sum([value, .one]))", against: "\(value)")
      #expect(!verdict.isCorrect, "\(value): \(verdict)")
    }
  }

  @Test func `how an answer is spelled never changes its verdict`() {
    var generator = ExpressionGenerator(seed: 7)
    for _ in 0..<300 {
      let (a, b) = ("\(generator.answer())", "\(generator.answer())")
      let isCorrect = Grader().grade(a, against: b).isCorrect
      for spelling in spellings(of: a) {
        #expect(Grader().grade(spelling, against: b).isCorrect == isCorrect, "\(spelling) against \(b)")
      }
    }
  }

  @Test func `intervals and lists with another end or member are never equal`() {
    var random = SplitMix(state: 8)
    for _ in 0..<600 {
      let n = (0..<4).map { _ in Int.random(in: -9...9, using: &random) }
      let (a, b) = ((min(n[0], n[1]), max(n[0], n[1]) + 1), (min(n[2], n[3]), max(n[2], n[3]) + 1))
      let isSame = a == b
      #expect(Grader().grade("[\(a.0), \(a.1))", against: "\(b.0) <= x < \(b.1)").isCorrect == isSame)
      #expect(Grader().grade("(\(a.0), \(a.1))", against: "(\(b.0), \(b.1))").isCorrect == isSame)
      #expect(Grader().grade("\(a.1), \(a.0)", against: "\\{\(b.0), \(b.1)\\}").isCorrect == isSame || a.1 == b.0)
    }
  }

  @Test func `a piece with equal ends is a number if both belong to it, and empty otherwise`() {
    func isEmpty(_ hasLower: Bool, _ hasUpper: Bool) -> Bool {
      let end = RealSet.Bound(value: .one, position: 1, isClosed: true)
      return RealSet.Piece(lower: end.closed(hasLower), upper: end.closed(hasUpper)).isEmpty
    }
    #expect(!isEmpty(true, true))
    #expect(isEmpty(true, false) && isEmpty(false, true) && isEmpty(false, false))
  }

  @Test func `a set, its complement and its parts obey the laws of sets`() {
    var random = SplitMix(state: 9)
    for _ in 0..<300 {
      let ends = (0..<4).map { _ in Int.random(in: -6...6, using: &random) }.sorted()
      guard Set(ends).count == 4 else { continue }
      let (a, b) = ("[\(ends[0]), \(ends[2]))", "(\(ends[1]), \(ends[3])]")
      #expect(areEqual(Pair(#"\#(a) \cup \#(b)"#, "[\(ends[0]), \(ends[3])]")))
      #expect(areEqual(Pair(#"\#(a) \cap \#(b)"#, "(\(ends[1]), \(ends[2]))")))
      #expect(areEqual(Pair(#"\#(a) \setminus \#(b)"#, "[\(ends[0]), \(ends[1])]")))
      #expect(areEqual(Pair(#"\mathbb{R} \setminus \#(a)"#, "x < \(ends[0]) or x >= \(ends[2])")))
    }
  }
}
