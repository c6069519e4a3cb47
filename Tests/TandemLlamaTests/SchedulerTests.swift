import TandemInference
import Testing

@testable import TandemLlama

/// A scheduler with round numbers.
private func scheduler(
  batchSize: Int = 64, prefillChunk: Int = 16, outputRows: Int = 32, isDeterministic: Bool = false,
  patience: Duration = .seconds(10)
) -> Scheduler {
  Scheduler(
    batchSize: batchSize, prefillChunk: prefillChunk, outputRows: outputRows, isDeterministic: isDeterministic,
    patience: patience)
}

/// A slot with `remaining` tokens, for which it has all cells unless it lacks some.
private func slot(
  _ number: Int, _ kind: ReadySlot.Kind = .prompt, arrival: Int? = nil, start: Int = 0, remaining: Int = 1,
  drafts: Int = 0, missing: Int = 0, adapter: Int = 0, run: Int? = nil, blockedSince: ContinuousClock.Instant? = nil
) -> ReadySlot {
  ReadySlot(
    slot: number, arrival: arrival ?? number, kind: kind, start: start, remaining: remaining, drafts: drafts,
    missingCells: missing, adapter: AdapterID(rawValue: adapter), adapterRun: run ?? remaining,
    blockedSince: blockedSince)
}

extension Schedule {
  /// How many rows each slot has, in the order of the rows.
  fileprivate var counts: [[Int]] { rows.map { [$0.slot, $0.count] } }
}

@Suite struct `A schedule` {
  private func input(_ ready: [ReadySlot], free: Int = 1000, applied: Int = 0, cursor: Int = 0) -> SchedulerInput {
    SchedulerInput(ready: ready, freeCells: free, appliedAdapter: AdapterID(rawValue: applied), cursor: cursor)
  }

  @Test func `is empty if no slot has anything to evaluate`() {
    #expect(scheduler().schedule(input([])).rows.isEmpty)
  }

  @Test func `is the same for the same snapshot`() {
    let snapshot = input([slot(0, .generation), slot(1, remaining: 30, missing: 30), slot(3, .score, remaining: 9)])
    #expect(scheduler().schedule(snapshot) == scheduler().schedule(snapshot))
  }

  @Test func `numbers its rows one after the other`() {
    let schedule = scheduler().schedule(
      input([slot(0, .generation, start: 2, remaining: 3, drafts: 2), slot(2, start: 5, remaining: 9)]))
    #expect(
      schedule.rows == [
        ScheduledRows(slot: 0, firstRow: 0, start: 2, count: 3),
        ScheduledRows(slot: 2, firstRow: 3, start: 5, count: 9),
      ])
  }

  // MARK: - Fairness

  @Test func `has a row for every generation, and a chunk of the prompts`() {
    let schedule = scheduler().schedule(
      input([slot(0, .generation), slot(1, remaining: 100), slot(2, .generation), slot(5, .generation)]))
    #expect(schedule.counts == [[0, 1], [2, 1], [5, 1], [1, 16]])
    #expect(schedule.hasPrompts)
  }

  @Test func `gives prompts the whole batch if nothing is being generated`() {
    let schedule = scheduler().schedule(input([slot(0, remaining: 50), slot(1, remaining: 50)]))
    #expect(schedule.counts == [[0, 50], [1, 14]])
  }

  @Test func `has prompts in the order they came, whatever their slots`() {
    let prompts = [
      slot(0, arrival: 7, remaining: 5), slot(1, arrival: 3, remaining: 5), slot(2, arrival: 5, remaining: 5),
    ]
    #expect(scheduler().schedule(input(prompts)).counts == [[1, 5], [2, 5], [0, 5]])
  }

  @Test func `lets generations take turns if the batch is too small for all`() {
    let ready = (0..<5).map { slot($0, .generation) }
    let small = scheduler(batchSize: 2)
    var (turns, cursor) = ([Int: Int](), 0)
    for _ in 0..<50 {
      let schedule = small.schedule(input(ready, cursor: cursor))
      #expect(schedule.rows.count == 2)
      for rows in schedule.rows { turns[rows.slot, default: 0] += 1 }
      cursor = schedule.cursor
    }
    #expect(turns == [0: 20, 1: 20, 2: 20, 3: 20, 4: 20])
  }

  @Test func `lets generations take turns at the rows for draft tokens`() {
    let ready = (0..<3).map { slot($0, .generation, remaining: 30, drafts: 29) }
    var (rows, cursor) = ([Int: Int](), 0)
    for _ in 0..<30 {
      let schedule = scheduler().schedule(input(ready, cursor: cursor))
      #expect(schedule.rows.reduce(0) { $0 + $1.count } == 32, "as many as there are rows of logits")
      for share in schedule.rows { rows[share.slot, default: 0] += share.count }
      cursor = schedule.cursor
    }
    #expect(Set(rows.values) == [320])
  }

  @Test func `keeps a row of logits for everybody who may want one`() {
    let ready =
      [slot(0, .generation, remaining: 60, drafts: 59)] + (1..<9).map { slot($0, remaining: 1) }
      + [slot(9, .score, remaining: 50)]
    let schedule = scheduler(batchSize: 128, prefillChunk: 128).schedule(input(ready))
    #expect(schedule.counts == [[0, 23]] + (1..<9).map { [$0, 1] } + [[9, 1]])
  }

  @Test func `has scores last, with the rows of logits that are left`() {
    let ready = [slot(0, .score, arrival: 1, remaining: 50), slot(1, arrival: 2, remaining: 10)]
    #expect(scheduler().schedule(input(ready)).counts == [[1, 10], [0, 31]])
  }

  // MARK: - Cells

  @Test func `reserves the cells for all that a slot has to evaluate`() {
    let schedule = scheduler().schedule(input([slot(0, remaining: 200, missing: 180)], free: 180))
    #expect(schedule.rows == [ScheduledRows(slot: 0, firstRow: 0, start: 0, count: 64, newCells: 180)])
  }

  @Test func `takes each prompt's cells once, so that all of them are handed out`() {
    let ready = [slot(0, remaining: 20, missing: 20), slot(1, remaining: 20, missing: 20)]
    #expect(scheduler().schedule(input(ready, free: 40)).counts == [[0, 20], [1, 20]])
  }

  @Test func `never hands out more cells than there are`() {
    var generator = SplitMix64(seed: 5)
    for round in 0..<2000 {
      let kinds: [ReadySlot.Kind] = [.prompt, .generation, .score, .embedding]
      let ready = (0..<Int.random(in: 1...6, using: &generator)).map { number in
        let remaining = Int.random(in: 1...40, using: &generator)
        let kind = kinds[Int.random(in: 0..<4, using: &generator)]
        return slot(
          number, kind, arrival: Int.random(in: 0..<99, using: &generator), remaining: remaining,
          drafts: kind == .generation ? remaining - 1 : 0, missing: Int.random(in: -3...remaining, using: &generator),
          adapter: Int.random(in: 0...1, using: &generator))
      }
      let free = Int.random(in: 0...60, using: &generator)
      let limits = scheduler(isDeterministic: round % 5 == 0)
      let schedule = limits.schedule(input(ready, free: free, cursor: Int.random(in: 0..<6, using: &generator)))
      let byNumber = Dictionary(uniqueKeysWithValues: ready.map { ($0.slot, $0) })
      #expect(schedule.rows.reduce(0) { $0 + $1.newCells } <= free)
      #expect(schedule.rows.reduce(0) { $0 + $1.count } <= limits.batchSize)
      #expect(Set(schedule.rows.map(\.slot)).count == schedule.rows.count)
      #expect(Set(schedule.rows.map(\.slot)).isDisjoint(with: schedule.blocked + schedule.refused))
      #expect(!schedule.rows.isEmpty || !schedule.blocked.isEmpty, "somebody gets on, or waits for cells")
      for rows in schedule.rows {
        let slot = byNumber[rows.slot]
        #expect(slot?.adapter == schedule.adapter)
        #expect(rows.newCells == max(0, (slot?.missingCells ?? 0) - rows.droppedDrafts))
        #expect(rows.count <= (slot?.remaining ?? 0) - rows.droppedDrafts)
      }
    }
  }

  @Test func `lets no prompt overtake one that waits for cells`() {
    let ready = [slot(0, arrival: 2, remaining: 10, missing: 10), slot(1, arrival: 1, remaining: 50, missing: 50)]
    let schedule = scheduler().schedule(input(ready, free: 40))
    #expect(schedule.rows.isEmpty)
    #expect(schedule.blocked == [1], "the one behind it waits in line, and its patience has not begun")
  }

  @Test func `lets no prompt with another adapter overtake one that waits for cells`() {
    let ready = [
      slot(0, arrival: 1, remaining: 50, missing: 50), slot(1, arrival: 2, remaining: 10, missing: 10, adapter: 1),
    ]
    for applied in 0...1 {
      let schedule = scheduler().schedule(input(ready, free: 40, applied: applied))
      #expect(schedule.rows.isEmpty && schedule.blocked == [0])
    }
  }

  @Test func `keeps the cells of a prompt that is next for a pass with its adapter`() {
    let ready = [
      slot(0, arrival: 1, remaining: 30, missing: 30), slot(1, arrival: 2, remaining: 20, missing: 20, adapter: 1),
    ]
    let schedule = scheduler().schedule(input(ready, free: 40))
    #expect(schedule.counts == [[0, 30]])
    #expect(schedule.blocked == [1])
  }

  @Test func `continues work that has its cells while other work waits for some`() {
    let ready = [
      slot(0, arrival: 1, remaining: 90, missing: 90), slot(1, .score, arrival: 0, remaining: 10),
      slot(2, .generation, missing: 1), slot(3, .embedding, arrival: 9, remaining: 1),
    ]
    let schedule = scheduler().schedule(input(ready, free: 1))
    #expect(schedule.counts == [[2, 1], [1, 10]])
    #expect(schedule.blocked == [0])
  }

  @Test func `blocks a generation for whose next token there is no cell, and no other`() {
    let ready = [slot(0, .generation, missing: 1), slot(1, .generation, missing: 1), slot(2, .generation)]
    let schedule = scheduler().schedule(input(ready, free: 1, cursor: 1))
    #expect(schedule.counts == [[1, 1], [2, 1]])
    #expect(schedule.blocked == [0])
  }

  // MARK: - Patience

  @Test func `refuses a slot when it has waited for cells long enough, and not before`() {
    let start = ContinuousClock.now
    var snapshot = input([slot(0, remaining: 50, missing: 50, blockedSince: start), slot(1, .generation)], free: 10)
    snapshot.now = start + .seconds(9)
    #expect(scheduler().schedule(snapshot).blocked == [0])
    snapshot.now = start + .seconds(10)
    let schedule = scheduler().schedule(snapshot)
    #expect(schedule.refused == [0] && schedule.blocked.isEmpty)
    #expect(schedule.counts == [[1, 1]], "the others go on")
  }

  @Test func `refuses at once without patience`() {
    let schedule = scheduler(patience: .zero).schedule(input([slot(0, remaining: 50, missing: 50)], free: 10))
    #expect(schedule.refused == [0])
  }

  // MARK: - Draft tokens

  @Test func `drops the draft tokens for which there are no cells`() {
    let ready = [slot(0, .generation, remaining: 9, drafts: 8, missing: 9)]
    let schedule = scheduler().schedule(input(ready, free: 4))
    #expect(
      schedule.rows == [ScheduledRows(slot: 0, firstRow: 0, start: 0, count: 4, newCells: 4, droppedDrafts: 5)])
    #expect(scheduler().schedule(input(ready, free: 0)).blocked == [0])
  }

  @Test func `evaluates draft tokens one by one in deterministic mode`() {
    let ready = [slot(0, .generation, remaining: 9, drafts: 8), slot(1, .generation)]
    #expect(scheduler(isDeterministic: true).schedule(input(ready)).counts == [[0, 1]])
  }

  // MARK: - Passes of their own

  @Test func `has one slot alone in deterministic mode, each in its turn`() {
    let ready = [slot(0, .generation), slot(1, remaining: 100), slot(2, .generation)]
    let limits = scheduler(isDeterministic: true)
    var (seen, cursor) = ([[[Int]]](), 0)
    for _ in 0..<6 {
      let schedule = limits.schedule(input(ready, cursor: cursor))
      seen.append(schedule.counts)
      cursor = schedule.cursor
    }
    #expect(seen == [[[0, 1]], [[1, 64]], [[2, 1]], [[0, 1]], [[1, 64]], [[2, 1]]])
  }

  @Test func `computes a hidden state for the last token alone`() {
    let limits = scheduler()
    let first = limits.schedule(input([slot(0, .embedding, remaining: 20), slot(1, .generation)]))
    #expect(first.counts == [[0, 19]] && !first.isEmbedding)
    let second = limits.schedule(input([slot(0, .embedding, start: 19, remaining: 1), slot(1, .generation)]))
    #expect(second.counts == [[0, 1]] && second.isEmbedding)
    #expect(limits.schedule(input([slot(0, .embedding), slot(1, .generation)], cursor: 1)).counts == [[1, 1]])
  }

  // MARK: - Adapters

  @Test func `has rows of one adapter only, and changes it in every pass that it can`() {
    let ready = [
      slot(0, .generation), slot(1, .generation, adapter: 1), slot(2, .generation), slot(3, .generation, adapter: 2),
    ]
    var (seen, applied, cursor) = ([[Int]](), 0, 0)
    for _ in 0..<6 {
      let schedule = scheduler().schedule(input(ready, applied: applied, cursor: cursor))
      seen.append(schedule.rows.map(\.slot).sorted())
      (applied, cursor) = (schedule.adapter.rawValue, schedule.cursor)
    }
    #expect(seen == [[1], [0, 2], [3], [0, 2], [1], [0, 2]])
  }

  @Test func `ends a slot's rows where another adapter must be on`() {
    let ready = [slot(0, remaining: 40, adapter: 3, run: 7), slot(1, .generation, adapter: 3)]
    #expect(scheduler().schedule(input(ready, applied: 3)).counts == [[1, 1], [0, 7]])
    #expect(scheduler().schedule(input([slot(0, .generation, remaining: 5, drafts: 4, run: 2)])).counts == [[0, 2]])
  }

  @Test func `falls back to the adapter that is on if there are no cells for the others`() {
    let ready = [slot(0, .generation), slot(1, .generation, missing: 1, adapter: 1)]
    let schedule = scheduler().schedule(input(ready, free: 0))
    #expect(schedule.counts == [[0, 1]] && schedule.adapter == .none)
    #expect(schedule.blocked == [1])
  }
}

@Suite struct `A table of blank lines` {
  /// Tokens "a", "\n", "\n\n", "a\n", "a\n\n", "\n\n\n", and one without text.
  private struct Lines: Tokenizer {
    let texts = ["a", "\n", "\n\n", "a\n", "a\n\n", "\n\n\n", ""]
    var vocabulary: Vocabulary { Vocabulary(size: texts.count, fingerprint: 1) }
    var beginningOfText: Token? { nil }
    func encode(_ text: String, control: ControlTokens) -> [Token] { [] }
    func bytes(of token: Token) -> [UInt8] { Array(texts[Int(token.rawValue)].utf8) }
    func isEndOfGeneration(_ token: Token) -> Bool { false }
  }

  @Test func `agrees with the text of any two tokens`() {
    let (lines, table) = (Lines(), BlankLineTable(Lines()))
    for last in 0..<Int32(lines.texts.count) {
      for previous in 0..<Int32(lines.texts.count) {
        let tokens = [Token(rawValue: previous), Token(rawValue: last)]
        let isBlank = lines.decode(tokens).hasSuffix("\n\n") && !lines.texts[Int(last)].isEmpty
        #expect(table.isAtBlankLine(tokens[1], after: tokens[0]) == isBlank, "\(tokens)")
      }
      #expect(table.isAtBlankLine(Token(rawValue: last), after: nil) == lines.texts[Int(last)].hasSuffix("\n\n"))
    }
    #expect(!table.isAtBlankLine(99, after: nil))
  }

  @Test func `tells how many tokens in a row agree`() {
    let table = BlankLineTable(Lines())
    #expect(table.run(of: [0, 0, 3, 1, 0], after: nil) == (false, 3))
    #expect(table.run(of: [1, 1, 1, 0], after: 3) == (true, 3))
    #expect(table.run(of: [], after: 3) == (false, 0))
  }
}
