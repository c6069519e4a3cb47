import TandemInference
import Testing

@testable import Tandem

@Suite struct `A queue for places` {
  private var queue: PlaceQueue
  private var arrivals: UInt64 = 0

  init() { queue = PlaceQueue(places: [.small: 4, .large: 2]) }

  @discardableResult
  private mutating func arrive(_ need: [Role: Int], _ key: String = "a") -> PlaceQueue.Entry {
    arrivals += 1
    let entry = PlaceQueue.Entry(id: arrivals, key: key, need: need)
    queue.append(entry)
    return entry
  }

  @Test mutating func `gives nobody a part of its places`() {
    arrive([.small: 3])
    #expect(queue.admit().count == 1)
    let both = arrive([.small: 2, .large: 1])
    #expect(queue.admit().isEmpty)
    #expect(queue.free == [.small: 1, .large: 2])
    queue.giveBack([.small: 3])
    #expect(queue.admit() == [both])
    #expect(queue.free == [.small: 2, .large: 1])
  }

  @Test mutating func `lets nobody of the same key overtake`() {
    arrive([.small: 4])
    _ = queue.admit()
    let (many, few) = (arrive([.small: 4]), arrive([.large: 1]))
    #expect(queue.admit().isEmpty)
    queue.giveBack([.small: 4])
    #expect(queue.admit() == [many, few])
  }

  @Test mutating func `lets another key have what the next in turn does not claim`() {
    arrive([.small: 3])
    _ = queue.admit()
    let many = arrive([.small: 3, .large: 1], "a")
    let (small, large) = (arrive([.small: 1], "b"), arrive([.large: 1], "c"))
    // The one small place is claimed, and one of the two large ones.
    #expect(queue.admit() == [large])
    queue.giveBack([.small: 3])
    #expect(queue.admit() == [many, small])
  }

  @Test mutating func `lets keys take turns`() {
    arrive([.small: 4], "a")
    _ = queue.admit()
    for _ in 0..<3 { arrive([.small: 1], "a") }
    for key in ["b", "b", "c"] { arrive([.small: 1], key) }
    queue.giveBack([.small: 4])
    #expect(queue.admit().map(\.key) == ["a", "b", "c", "a"])
    queue.giveBack([.small: 2])
    #expect(queue.admit().map(\.key) == ["b", "a"])
    #expect(queue.count == 0)
  }

  @Test mutating func `drops the claims of a run that leaves`() {
    arrive([.small: 4])
    _ = queue.admit()
    let (many, few) = (arrive([.small: 1, .large: 2], "b"), arrive([.large: 2], "c"))
    #expect(queue.admit().isEmpty)
    let isGone = (queue.remove(many), queue.remove(many))
    #expect(isGone.0 && !isGone.1)
    #expect(queue.admit() == [few])
  }

  /// However many small runs come, a large one gets its turn when those that ran before it are over.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `starves nobody`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.next() % UInt64(range.count)) }
    let places: [Role: Int] = [.small: 6, .large: 3]
    var queue = PlaceQueue(places: places)
    var (running, waiting, id) = ([PlaceQueue.Entry](), [UInt64: Int](), UInt64(0))
    let keys = ["a", "b", "c", "d"]
    for round in 0..<400 {
      for _ in 0..<pick(0...3) where queue.count < 40 {
        id += 1
        let isLarge = pick(0...9) == 0
        let need: [Role: Int] = isLarge ? places : [.small: pick(0...1), .large: pick(0...1)]
        queue.append(.init(id: id, key: keys[pick(0...3)], need: need))
        waiting[id] = round
      }
      for entry in queue.admit() {
        running.append(entry)
        // 40 waiting runs in four lines: at most all of them come first, each for at most as long as nine runs take.
        let arrival = waiting.removeValue(forKey: entry.id)
        let waited = round - (try #require(arrival))
        #expect(waited <= 40 * 9)
      }
      let used = running.reduce(into: [Role: Int]()) { $0.merge($1.need) { $0 + $1 } }
      for role in Role.allCases {
        #expect(queue.free[role, default: 0] >= 0)
        #expect(queue.free[role, default: 0] + used[role, default: 0] == places[role])
      }
      #expect(!running.isEmpty || queue.count == 0)
      if !running.isEmpty { queue.giveBack(running.remove(at: pick(0...running.count - 1)).need) }
    }
  }

  /// A line of small runs that never ends does not keep a large one of another key from its turn.
  @Test func `lets a large run in once those before it are over`() {
    var queue = PlaceQueue(places: [.small: 4])
    var (id, running) = (UInt64(0), 0)
    func small() -> PlaceQueue.Entry {
      id += 1
      return .init(id: id, key: "small", need: [.small: 1])
    }
    for _ in 0..<20 { queue.append(small()) }
    running = queue.admit().count
    let large = PlaceQueue.Entry(id: 1000, key: "large", need: [.small: 4])
    queue.append(large)
    // One small run is ahead of it, and four have places.
    var rounds = 0
    while rounds < 6 {
      rounds += 1
      queue.append(small())
      queue.giveBack([.small: 1])
      running -= 1
      let admitted = queue.admit()
      if admitted.contains(large) { break }
      running += admitted.count
    }
    #expect(rounds == 5 && running == 0)
  }
}
