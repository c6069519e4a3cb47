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

  @Test func `counts as it grows what adding up its thoughts would give`() {
    var (generator, chain) = (SplitMix64(seed: 3), Chain())
    for step in 0..<60 {
      let author = [Author.small, .large, .inserted][Int(generator.next() % 3)]
      let tokens = (0..<generator.next() % 9).map { Token(rawValue: Int32($0)) }
      // From the fortieth thought on one vocabulary is missing.
      chain.append(
        Thought(
          text: "", author: author, segment: step < 50 ? .thinking : .answer, ending: .limit, tokenCount: step,
          tokens: step < 40 ? [1: tokens, 2: tokens + [0]] : [1: tokens]))
      let thoughts = chain.thoughts
      for author in [Author.small, .large, .inserted, nil] {
        let own = thoughts.filter { $0.segment == .thinking && (author == nil || $0.author == author) }
        #expect(chain.tokenCount(of: .thinking, by: author) == own.reduce(0) { $0 + $1.tokenCount })
      }
      #expect(chain.tokens(in: 1) == thoughts.flatMap { $0.tokens[1] ?? [] })
      #expect((chain.tokens(in: 2) == nil) == (step >= 40))
      #expect(chain.tokenCount(in: 2) == thoughts.reduce(0) { $0 + ($1.tokens[2]?.count ?? 0) })
    }
    #expect(Chain().tokens(in: 1) == [])
  }

  @Test(arguments: ["a\n\n", "a\n", "\n\n", "\n", "", "a\r\n\n", "a\n\nb", "\n\n\n", "ab\n\n"])
  func `ends with a blank line wherever its thoughts are cut`(text: String) {
    let scalars = Array(text.unicodeScalars)
    for first in 0...scalars.count {
      for second in first...scalars.count {
        func part(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        var chain = Chain()
        chain.append(thought(part(0..<first), .small, .thinking, .limit))
        chain.append(thought(part(first..<second), .large, .thinking, .limit))
        let rest = part(second..<scalars.count)
        #expect(chain.endsWithBlankLine(followedBy: rest) == text.hasSuffix("\n\n"), "\(first), \(second)")
      }
    }
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
