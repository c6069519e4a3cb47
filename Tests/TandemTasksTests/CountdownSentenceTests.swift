import TandemTasks
import Testing

@Suite struct `Sentences of Countdown` {
  @Test(arguments: [
    "Try 10 * 2 = 20.", "Now 20, 7, 5.", "Then 20 * 2 = 40, 20 + 2 = 22.", "None makes 24.", "Yes, that makes 24.",
    "Wait, back to 20, 7, 5.", "Alternatively, back to 7, 5.", "Back to 20, 7, 5.",
    "Hold on, 7 * 3 = 21, not 20.",
    "Let me verify: 5 + 3 = 8, 8 * 3 = 24.", "Let me verify: 5 + 3 = 8, not 9.",
    "Wait, let me check again: 5 + 3 = 8.", "Hold on, let me check again: 5 + 3 = 8.", "Let me recap: 5 + 3 = 8.",
    "Correct.", "That is wrong.",
  ])
  func `are read as they are written`(_ text: String) throws {
    #expect(try #require(CountdownSentence(text)).description == text)
  }

  @Test(arguments: [
    "", ".", "Try.", "Try 10 * 2 = 20", "Try 10 * 2.", "Try 10 % 2 = 0.", "Try 10 * 2 = 20 = 20.", "Now .", "Now 20, .",
    "Then 20 * 2 = 40, 20.", "None makes.", "Yes, that makes 2x.", "Wait, back to .", "Wait, back to 7, x.", "Back to.",
    "Wait, 8.", "8: .", "8: yes.", "8: 28 no.", "8: 28: 29.", "Yes, .", "7 * 5 = 35, 7.", "Hold on, 7 * 3 = 21.",
    "Hold on, 1 + 1 = 2, 7 * 3 = 21, not 20.",
    "Let me verify: .", "Let me verify: 5 + 3 = 8, not 9, not 7.", "Correct!", "Try 99999999999999999999 + 1 = 2.",
  ])
  func `are not read from`(_ text: String) {
    #expect(CountdownSentence(text) == nil)
  }
}
