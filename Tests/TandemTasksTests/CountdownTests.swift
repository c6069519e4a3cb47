import Foundation
import Tandem
import TandemTasks
import Testing

@Suite struct `Countdown problems` {
  private let task = Countdown(numbers: [10, 7, 5, 2], target: 24)

  @Test func `asks as the nano models were taught`() {
    #expect(task.question == "Use 10, 7, 5, 2 to make 24.")
    #expect(task.problem.id == "10-7-5-2=24")
  }

  @Test(arguments: [
    "Answer: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24.",
    "\n\nAnswer: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24",
    "Answer: 7 - 5 = 2, 10 + 2 = 12, 12 * 2 = 24.",
  ])
  func `accepts a derivation that uses every number once`(_ answer: String) {
    #expect(task.isSolved(by: answer))
  }

  @Test(arguments: [
    ("nothing", ""),
    ("no word to begin with", "10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24."),
    ("no steps", "Answer: 24."),
    ("wrong arithmetic", "Answer: 10 - 5 = 4, 7 + 4 = 11, 11 * 2 = 24."),
    ("a number that is not there", "Answer: 10 - 6 = 4, 7 + 5 = 12, 12 * 2 = 24."),
    ("a number used twice", "Answer: 10 + 10 = 20, 20 + 2 = 22, 22 + 2 = 24."),
    ("numbers left over", "Answer: 7 + 5 = 12, 12 * 2 = 24."),
    ("another target", "Answer: 10 - 5 = 5, 7 + 5 = 12, 12 + 2 = 14."),
    ("a division with a remainder", "Answer: 10 / 7 = 1, 1 * 5 = 5, 5 * 2 = 24."),
    ("a division by zero", "Answer: 5 - 5 = 0, 10 / 0 = 24."),
    ("an overflow", "Answer: 10 * 9223372036854775807 = 24."),
    ("a broken step", "Answer: 10 - 5 = 5, 7 + = 12, 12 * 2 = 24."),
    ("an empty step", "Answer: 10 - 5 = 5, , 7 + 5 = 12, 12 * 2 = 24."),
    ("words after it", "Answer: 10 - 5 = 5, 7 + 5 = 12, 12 * 2 = 24. That is wrong."),
  ])
  func `refuses`(_ what: String, _ answer: String) {
    #expect(!task.isSolved(by: answer), "\(what)")
  }

  @Test(arguments: [
    "Use 10, 7, 5, 2 to make 24.", "Use 10, 7, 5, 2 to make 24. Effort: high.", " Use 10, 7, 5, 2 to make 24.\n",
  ])
  func `is read back from its question`(_ question: String) {
    #expect(Countdown(question: question) == task)
  }

  @Test(arguments: [
    "", "What is 2 + 2?", "Use 10, 7, 5, 2 to make 24", "Use to make 24.", "Use 10, 7, x to make 24.",
    "Use 10, 7, 5, 2 to make.", "Use 10, 7 to make 5 to make 24.", "Use 10, 7, 5, 2 to make 24. Effort: huge.",
    "Use 10 7 to make 24.", "Use 99999999999999999999 to make 24.",
  ])
  func `is not read from`(_ question: String) {
    #expect(Countdown(question: question) == nil)
  }
}
