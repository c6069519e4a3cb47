import Tandem
import TandemEvaluation
import Testing

@Suite struct `Who wrote the thinking, by tenths` {
  private func thought(_ author: Author, _ tokens: Int, _ segment: Segment = .thinking) -> Thought {
    Thought(text: "x", author: author, segment: segment, ending: .limit, tokenCount: tokens)
  }

  @Test func `gives each thought its place`() {
    let authorship = Authorship([
      thought(.small, 50), thought(.large, 30), thought(.inserted, 20), thought(.large, 99, .answer),
    ])
    #expect(authorship.small == [10, 10, 10, 10, 10, 0, 0, 0, 0, 0])
    #expect(authorship.large == [0, 0, 0, 0, 0, 10, 10, 10, 0, 0])
    #expect(authorship.inserted == [0, 0, 0, 0, 0, 0, 0, 0, 10, 10])
  }

  @Test func `splits a thought that lies in several tenths, and loses no token`() {
    let authorship = Authorship([thought(.small, 3), thought(.large, 4)])
    let sums = [authorship.small, authorship.large].map { $0.reduce(0, +) }
    #expect(abs(sums[0] - 3) < 1e-9 && abs(sums[1] - 4) < 1e-9)
    for (small, large) in zip(authorship.small, authorship.large) { #expect(abs(small + large - 0.7) < 1e-9) }
  }

  @Test func `is nothing where nobody thought`() {
    #expect(Authorship([Thought]()) == Authorship())
    #expect(Authorship([thought(.small, 0)]) == Authorship())
  }
}
