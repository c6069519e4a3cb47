import Foundation
import MathEquivalence
import Testing

/// Kinds of input on which graders go wrong, each with the rule that its cases follow.
enum Kind: String, CaseIterable, CustomStringConvertible {
  case minusSign = "minus-sign"
  case digitGroups = "digit-groups"
  case unitWithDigit = "unit-with-digit"
  case scientificNotation = "scientific-notation"
  case hashHeading = "hash-heading"
  case announcedAnswer = "announced-answer"
  case textAfterTheTurn = "text-after-the-turn"
  case thinkingDelimiters = "thinking-delimiters"
  case boxForms = "box-forms"
  case choiceWithText = "choice-with-text"
  case goldAsSolution = "gold-as-solution"
  case latexForms = "latex-forms"
  case differentValues = "pairs-of-different-values"
  case equalValues = "pairs-of-equal-values"
  case tinyAndHuge = "tiny-and-huge"
  case zeroByFloatingPoint = "zero-by-floating-point"
  case overflow
  case setOrTuple = "set-or-tuple"

  var description: String { "\(rawValue): \(rule)" }

  private var rule: String {
    switch self {
    case .minusSign: "a minus is a minus in every Unicode form, and a dash between digits is a range"
    case .digitGroups: "digits in groups are one number, and dollar signs around a sum of money are no formula"
    case .unitWithDigit: "the digits of a unit or of a formula of chemistry are not the answer"
    case .scientificNotation: "a number and its power of ten are one number, in a sentence too"
    case .hashHeading: "#### is a heading unless an answer stands behind it; the first answer counts"
    case .announcedAnswer: "an announcement counts in capitals and in other languages; remarks in brackets do not"
    case .textAfterTheTurn: "what follows a token of control is no part of the answer"
    case .thinkingDelimiters: "thinking is no answer, however it is marked; a delimiter that closes nothing is ignored"
    case .boxForms: "a box without content is no answer, and emphasis or white space around one changes nothing"
    case .choiceWithText: "a letter before its option names it"
    case .goldAsSolution: "the answer of a gold solution is the gold answer"
    case .latexForms: "what is typeset or typed differently is the same"
    case .differentValues: "values that differ stay different, however little"
    case .equalValues: "values that are equal stay equal, however written"
    case .tinyAndHuge: "what a machine number cannot hold is not zero"
    case .zeroByFloatingPoint: "what is zero is zero exactly"
    case .overflow: "what can be simplified is not worked out first"
    case .setOrTuple: "a set is no tuple"
    }
  }

  /// The cases of `Kinds/KIND.jsonl`.
  func cases() throws -> [GradingCase] {
    let file = try #require(Bundle.module.url(forResource: rawValue, withExtension: "jsonl", subdirectory: "Kinds"))
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(GradingCase.self, from: $0)
    }
  }
}

@Suite struct `Kinds of input on which graders go wrong` {
  @Test(arguments: Kind.allCases) func `are graded by their rule`(kind: Kind) throws {
    for item in try kind.cases() {
      let verdict = Grader().grade(item)
      #expect(
        verdict.isCorrect == item.expected,
        "\(item.id ?? ""): \(item.prediction) against \(item.gold) is \(verdict), by \(verdict.prediction ?? "nothing")"
      )
    }
  }

  @Test func `have at least the cases that were reported`() throws {
    let counts = try Kind.allCases.map { try $0.cases().count }
    #expect(counts.reduce(0, +) >= 471)
    #expect(counts.allSatisfy { $0 >= 4 })
  }
}
