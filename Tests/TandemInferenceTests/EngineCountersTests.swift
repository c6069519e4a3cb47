import Foundation
import Testing

@testable import TandemInference

@Suite struct `Counters of an engine` {
  private var some: EngineCounters {
    var counters = EngineCounters()
    (counters.prefilled, counters.sampled, counters.decoded, counters.steps) = (9, 5, 4, 3)
    counters.proposals.propose(3)
    counters.proposals.propose(1)
    counters.proposals.accept(0)
    counters.proposals.accept(1)
    counters.proposals.rejected = 1
    return counters
  }

  @Test func `tell by place what was proposed and what of it was drawn`() {
    #expect(some.proposals.proposed == [2, 1, 1])
    #expect(some.proposals.accepted == [1, 1])
  }

  @Test func `leave nothing of what is taken away`() {
    #expect(some - some == EngineCounters())
    #expect(some + some - some == some)
    var more = some
    more.proposals.propose(5)
    #expect((more - some).proposals.proposed == [1, 1, 1, 1, 1])
    #expect((some + more).proposals.proposed == [5, 3, 3, 1, 1])
  }

  @Test func `are read from records that know no proposals`() throws {
    let old = #"{"prefilled":9,"sampled":5,"decoded":4,"steps":3}"#
    let counters = try JSONDecoder().decode(EngineCounters.self, from: Data(old.utf8))
    #expect(counters.decoded == 4)
    #expect(counters.proposals == ProposalCounts())
    #expect(try JSONDecoder().decode(EngineCounters.self, from: JSONEncoder().encode(some)) == some)
  }
}
