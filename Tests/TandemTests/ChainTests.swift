import Tandem
import TandemInference
import Testing

@Suite struct `A chain` {
  private func thought(_ text: String, _ author: Author, _ segment: Segment, _ ending: Thought.Ending) -> Thought {
    Thought(text: text, author: author, segment: segment, ending: ending, tokenCount: text.count)
  }

  private var chain: Chain {
    var chain = Chain()
    chain.append(thought("abc\n\n", .small, .thinking, .boundary))
    chain.append(thought("de", .large, .thinking, .endOfThinking))
    chain.append(thought("f", .inserted, .answer, .limit))
    return chain
  }

  @Test func `begins with thinking, and continues to the answer where that ends`() {
    #expect(Chain().segment == .thinking)
    #expect(chain.segment == .answer)
    #expect(!chain.isComplete)
    var ended = Chain()
    ended.append(thought("de", .large, .thinking, .endOfThinking))
    #expect(ended.segment == .answer)
  }

  @Test func `is complete where a model ended its turn`() {
    var chain = chain
    chain.append(thought("g", .small, .answer, .endOfTurn))
    #expect(chain.isComplete)
  }

  @Test func `tells its text and its tokens by segment and author`() {
    #expect(chain.thinking == "abc\n\nde")
    #expect(chain.answer == "f")
    #expect(chain.tokenCount(of: .thinking) == 7)
    #expect(chain.tokenCount(of: .thinking, by: .large) == 2)
    #expect(chain.tokenCount(of: .answer, by: .small) == 0)
  }
}

@Suite struct `What a run cost` {
  @Test func `adds up by role`() {
    var (a, b) = (Usage(), Usage())
    a[.small].prompt = 1
    a[.small].handedOver = 2
    a[.small].inserted = 3
    a[.small].reevaluated = 4
    a[.large].thinking = 5
    b[.large].thinking = 10
    b[.large].answer = 20
    b[.large].discarded = 30
    b[.small].thinking = 15
    let sum = a + b
    #expect(sum.small.prefilled == 10)
    #expect(sum.large.sampled == 65)
    #expect(sum.largeShare == 0.5)
    #expect(Usage().largeShare == nil)
  }
}
