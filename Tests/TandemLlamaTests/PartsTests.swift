import Foundation
import Synchronization
import TandemInference
import Testing

@testable import TandemLlama

@Suite struct `Compute threads` {
  @Test func `are lent to one engine at a time, unless it has but one`() async {
    final class Watch: Sendable {
      let inside = Atomic<Int>(0)
      let most = Atomic<Int>(0)
    }
    func most(threads: Int) async -> Int {
      let watch = Watch()
      await withTaskGroup { group in
        for _ in 0..<2 {
          group.addTask {
            for _ in 0..<20 {
              ComputeThreads.shared.run(threads: threads) {
                let now = watch.inside.wrappingAdd(1, ordering: .relaxed).newValue
                watch.most.max(now, ordering: .relaxed)
                usleep(500)
                watch.inside.wrappingSubtract(1, ordering: .relaxed)
              }
            }
          }
        }
      }
      return watch.most.load(ordering: .relaxed)
    }
    #expect(await most(threads: 2) == 1)
  }
}

@Suite struct `An inbox` {
  @Test func `wakes the loop for everything that is left in it`() async throws {
    let inbox = Inbox()
    let rounds = 20_000
    let thread = Thread {
      for _ in 0..<rounds {
        inbox.nudge()
        if Int.random(in: 0..<8) == 0 { usleep(1) }
      }
      inbox.close()
    }
    thread.start()
    var wakings = 0
    while !inbox.drain().isClosed {
      wakings += 1
      inbox.wait(until: wakings % 3 == 0 ? .now + .microseconds(3) : nil)
    }
    #expect(wakings > 0)
  }

  @Test func `lets the loop sleep when it has taken everything`() {
    let inbox = Inbox()
    for _ in 0..<1000 { inbox.nudge() }
    _ = inbox.drain()
    let start = ContinuousClock.now
    inbox.wait(until: start + .milliseconds(30))
    #expect(ContinuousClock.now - start >= .milliseconds(30), "signals have piled up")
  }

  @Test func `abandons a pass when everyone in it has given up, or the engine is closed`() {
    let inbox = Inbox()
    let (one, two) = (CancellationFlag(), CancellationFlag())
    inbox.begin([one, two])
    #expect(!inbox.isAbandoned)
    one.raise()
    inbox.nudge()
    #expect(!inbox.isAbandoned, "the other one still wants its row")
    two.raise()
    inbox.nudge()
    #expect(inbox.isAbandoned)
    _ = inbox.drain()
    inbox.begin([CancellationFlag()])
    #expect(!inbox.isAbandoned)
    inbox.close()
    #expect(inbox.isAbandoned)
  }
}

@Suite struct `A cell ledger` {
  @Test func `counts a cell as free when its last holder releases it`() {
    var ledger = CellLedger(cells: 8)
    var cells: [Int32] = []
    ledger.reserve(6, into: &cells)
    #expect(Set(cells).count == 6 && ledger.free == 2)
    ledger.share(cells)
    ledger.release(cells[...])
    #expect(ledger.free == 2)
    ledger.release(cells[2...])
    #expect(ledger.free == 6)
    var more: [Int32] = []
    ledger.reserve(6, into: &more)
    #expect(ledger.free == 0 && Set(more).isDisjoint(with: cells[..<2]))
  }
}
