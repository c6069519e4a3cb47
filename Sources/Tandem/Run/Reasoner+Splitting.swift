import TandemInference

/// Splitting what this model wrote between two of its tokens.
extension Reasoner {
  /// The first `count` tokens of `passage`, and the rest. A cut inside a character or a delimiter moves to its
  /// beginning. A thought that is cut ends with `.boundary` if the cut follows a blank line, else with `.limit`.
  func split(_ passage: Passage, at count: Int) -> (head: Passage, tail: Passage) {
    var (head, tail, left) = ([Thought](), [Thought](), count)
    for thought in passage.thoughts {
      if left >= thought.tokenCount {
        head.append(thought)
      } else if left <= 0 {
        tail.append(thought)
      } else {
        let place = whole(left, of: thought)
        let (first, second) = split(thought, at: place)
        if place > 0 { head.append(first) }
        tail.append(second)
      }
      left -= thought.tokenCount
    }
    return (Passage(head), Passage(tail))
  }

  /// The last place up to `count` that is inside no character, no end of thinking, and nothing that begins like a
  /// delimiter.
  private func whole(_ count: Int, of thought: Thought) -> Int {
    let tokens = thought.tokens[vocabulary] ?? []
    let end = tokens.count - (thought.ending == .endOfThinking ? closing.count : 0)
    var visible = VisibleText(model.tokenizer, without: delimiters, in: thought.segment)
    var place = 0
    for (index, token) in tokens.prefix(max(min(count, end), 0)).enumerated() {
      let isInside = visible.mayBeginDelimiter || model.tokenizer.bytes(of: token).first?.continuesCharacter == true
      if !isInside { place = index }
      _ = visible.append(token)
      if !visible.isOpen && !visible.mayBeginDelimiter { place = index + 1 }
    }
    return place
  }

  private func split(_ thought: Thought, at count: Int) -> (Thought, Thought) {
    let tokens = thought.tokens[vocabulary] ?? []
    func part(_ range: Range<Int>, _ ending: (String) -> Thought.Ending) -> Thought {
      let own = Array(tokens[range.clamped(to: tokens.indices)])
      let isEnd = range.upperBound == thought.tokenCount
      var text = visibleText(of: own, in: thought.segment, ending: isEnd ? thought.ending : .limit)
      if isEnd { text = String(text.dropLast(thought.unread.count)) }
      if range.lowerBound == 0 { text = thought.carried + text }
      var part = Thought(
        text: text, author: thought.author, segment: thought.segment, ending: ending(text), tokenCount: range.count,
        stops: range.lowerBound == 0 ? thought.stops : .init(),
        readings: Array(thought.readings.dropFirst(range.lowerBound).prefix(range.count)),
        tokens: [vocabulary: own])
      if isEnd { (part.unread, part.stop) = (thought.unread, thought.stop) }
      return part
    }
    return (
      part(0..<count) { $0.hasSuffix("\n\n") ? .boundary : .limit },
      part(count..<thought.tokenCount) { _ in thought.ending }
    )
  }

  /// The number of the passage's last tokens that spell the one of `words` at its end; nil if it ends with none of
  /// them.
  func length(ofLast words: [String], in passage: Passage) -> Int? {
    guard let last = passage.thoughts.last, last.ending == .limit || last.ending == .boundary else { return nil }
    let tokens = last.tokens[vocabulary] ?? []
    let cut = last.tokenCount - tokens.count  // a delimiter that a limit cut
    let end = model.tokenizer.decode(tokens.suffix(1))
    // The token that completes a word may hold more than its end: "Wait,".
    let length = words.compactMap { word -> Int? in
      (1...max(tokens.count, 1)).first { count in
        let text = model.tokenizer.decode(tokens.suffix(count))
        guard let range = text.ranges(of: word).last else { return false }
        return text[range.upperBound...].count < max(end.count, 1)
      }
    }.min()
    return length.map { $0 + cut }
  }
}
