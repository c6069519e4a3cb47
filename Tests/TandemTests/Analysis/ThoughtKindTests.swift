import Tandem
import Testing

@Suite struct `The kind of a thought` {
  @Test(arguments: [
    ("So 3 * 8 = 24.", ThoughtKind.execution),
    ("", .execution),
    ("Wait, is that so?", .reflection),
    ("I should WAIT.", .reflection),
    ("Let me verify it.", .reflection),
    ("I'll make sure of that.", .reflection),
    ("Hold on.", .reflection),
    ("Let me think again.", .reflection),
    ("That's correct.", .reflection),
    ("So it's incorrect.", .reflection),
    ("Let me check.", .reflection),
    ("Check: 24.", .execution),
    ("It seems right.", .reflection),
    ("Alternatively, 8 * 3.", .transition),
    ("One could think differently.", .transition),
    ("There is another way.", .transition),
    ("Another approach", .transition),
    ("another method", .transition),
    ("another solution", .transition),
    ("another strategy", .transition),
    ("another technique", .transition),
    ("another number", .execution),
    ("Wait, alternatively 5.", .transition),
  ])
  func `is told by words, another way before looking back`(text: String, kind: ThoughtKind) {
    #expect(ThoughtKind(of: text) == kind)
  }
}

@Suite struct `The direction of execution` {
  @Test func `is the mean before it, less the mean before all other thoughts`() {
    var means = KindMeans()
    means.add([1, 10], before: .execution)
    means.add([3, 30], before: .execution)
    means.add([1, 1], before: .reflection)
    means.add([2, 2], before: .reflection)
    means.add([6, 9], before: .transition)
    #expect(means.direction == [2 - 3, 20 - 4])  // of three thoughts together, not of two kinds
    #expect(ThoughtKind.allCases.map(means.count) == [2, 2, 1])
  }

  @Test func `needs thoughts on both sides`() {
    var means = KindMeans()
    #expect(means.direction == nil)
    means.add([1], before: .transition)
    #expect(means.direction == nil)
    means.add([3], before: .execution)
    #expect(means.direction == [2])
  }
}
