import Tandem
import Testing

@Suite struct `The words of App. A.2, arXiv 2504.12329` {
  /// Computed with the released code's rule.
  @Test(
    arguments: [
      ("Wait, but in this case…", .reflection), ("Yeah, so r is 3", .affirmation), ("So 3 + 4 = 7.", .statement),
      ("Wait, yes, that works.", .reflection), ("Yes, yes, but wait.", .affirmation),
      ("Let me double-check that.", .reflection), ("Another way to see it: yes.", .reflection),
      ("The eyes of the checkerboard", .reflection), ("Hmm, let me think.", .statement),
      ("**Final Answer**", .affirmation), ("I am confident. Let me verify.", .reflection), ("", .statement),
    ] as [(String, Cue)])
  func `classify as the released code does`(text: String, cue: Cue) {
    #expect(CueWords.paper.cue(of: text) == cue)
  }

  @Test(
    arguments: [
      ("The eyes of the checkerboard", .statement), ("We await them yesterday", .statement), ("Yes!", .affirmation),
      ("(wait)", .reflection), ("Hold on, hold on; yes", .reflection), ("double-check", .reflection),
      ("check2", .statement), ("recheck, check", .reflection), ("yes yes wait", .affirmation),
    ] as [(String, Cue)])
  func `can be matched as whole words`(text: String, cue: Cue) {
    var words = CueWords.paper
    words.matching = .word
    #expect(words.cue(of: text) == cue)
  }

  @Test(
    arguments: [
      ("但", "但是 7", .reflection), ("但", "我想但是", .reflection), ("但", "OK但", .reflection), ("待って", "待って、", .reflection),
      ("รอ", "รอก่อน", .reflection), ("ລໍ", "ລໍຖ້າ", .reflection), ("ចាំ", "ចាំមើល", .reflection), ("ခဏ", "ခဏစောင့်", .reflection),
      ("wait", "我wait一下", .reflection), ("wait", "我await", .statement), ("잠깐", "잠깐만", .statement),
      ("잠깐", "잠깐 7", .reflection),
    ] as [(String, String, Cue)])
  func `can be matched as whole words where a script has no spaces`(word: String, text: String, cue: Cue) {
    var words = CueWords.paper
    (words.affirmation, words.reflection, words.verification, words.matching) = ([], [word], [], .word)
    #expect(words.cue(of: text) == cue)
  }

  @Test func `that announce a check are reflection as well`() {
    for word in CueWords.paper.verification {
      #expect(CueWords.paper.asksToVerify("So, \(word.uppercased()) it"))
      #expect(CueWords.paper.cue(of: word) == .reflection)
    }
    #expect(!CueWords.paper.asksToVerify("Wait, another one"))
  }

  @Test func `are counted without overlaps`() {
    var words = CueWords.paper
    (words.affirmation, words.reflection, words.verification) = (["aa"], ["b"], [])
    #expect(words.cue(of: "aaa b") == .reflection)
    #expect(words.cue(of: "aaaa b") == .affirmation)
  }

  @Test func `that are none find nothing`() {
    for matching in CueWords.Matching.allCases {
      var words = CueWords.paper
      (words.affirmation, words.reflection, words.verification, words.matching) = ([""], [], [], matching)
      #expect(words.cue(of: "wait, yes, check") == .statement)
      #expect(!words.asksToVerify("check"))
    }
  }
}
