/// Which waiting run gets places: the decisions of a `RunGate`, as a value.
///
/// Runs of one key get places in the order in which they came, and keys take turns. Whoever is next and does not fit yet
/// claims what is free of its need, and only what no earlier claim covers is given to others. So a run that needs many
/// places waits for the runs that had places before its turn came, never for one that came later.
struct PlaceQueue {
  /// A run that waits.
  struct Entry: Hashable {
    let id: UInt64
    let key: String
    let need: [Role: Int]
  }

  /// The places that no run has.
  private(set) var free: [Role: Int]
  /// The runs that wait, by key; none of the lists is empty.
  private(set) var lines: [String: [Entry]] = [:]
  /// The keys of these, in the order of their turns.
  private var turns: [String] = []

  init(places: [Role: Int]) { free = places }

  /// How many runs wait.
  var count: Int { lines.values.reduce(0) { $0 + $1.count } }

  /// Puts a run at the end of its key's line.
  mutating func append(_ entry: Entry) {
    if lines[entry.key] == nil { turns.append(entry.key) }
    lines[entry.key, default: []].append(entry)
  }

  /// Takes a run out of its line; false if it does not wait.
  mutating func remove(_ entry: Entry) -> Bool {
    guard let index = lines[entry.key]?.firstIndex(of: entry) else { return false }
    lines[entry.key]?.remove(at: index)
    if lines[entry.key]?.isEmpty == true {
      lines[entry.key] = nil
      turns.removeAll { $0 == entry.key }
    }
    return true
  }

  /// Takes back the places of a run that is over.
  mutating func giveBack(_ need: [Role: Int]) { free.merge(need) { $0 + $1 } }

  /// Takes places for all runs whose turn it is and that fit, and returns these runs.
  mutating func admit() -> [Entry] {
    var (admitted, unclaimed, turn) = ([Entry](), free, 0)
    while turn < turns.count {
      let key = turns[turn]
      guard let next = lines[key]?.first else { break }
      let fits = next.need.allSatisfy { $0.value <= unclaimed[$0.key, default: 0] }
      unclaimed.merge(next.need) { max(0, $0 - $1) }
      guard fits else {
        turn += 1
        continue
      }
      free.merge(next.need) { $0 - $1 }
      admitted.append(next)
      // Its next run, if there is one, comes after those of all other keys that wait.
      turns.remove(at: turn)
      lines[key]?.removeFirst()
      if lines[key]?.isEmpty == true { lines[key] = nil } else { turns.append(key) }
    }
    return admitted
  }
}
