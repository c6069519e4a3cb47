import TandemInference

/// Takes an answer apart into text and calls of tools, while it is being written.
///
/// What may be the beginning of a call is held back until that is certain, so that no reader sees a piece of a marker. What
/// turns out to be no call is text.
struct ToolCallParser {
  /// A part of an answer.
  enum Piece: Hashable, Sendable {
    case text(String)
    case call(ToolCall)
    /// Why the text before, or after, is not a call although it is marked as one: a sentence.
    case fault(String)
  }

  private enum Stage {
    case text
    /// After the marker: the calls' list, or a call, must begin.
    case listStart, callStart
    case call(start: Int, JSONScanner)
    /// After a call: another, or the end.
    case callEnd
  }

  private let format: ToolFormat
  private let names: Set<String>
  private let isParallel: Bool
  private let makeID: @Sendable () -> String
  private let marker: [UInt8]
  private let closing: [UInt8]
  private var stage = Stage.text
  /// What is neither given out nor dropped yet.
  private var held: [UInt8] = []
  /// How much of it is read.
  private var place = 0
  /// What is text if this is no call: everything in `held` before the marker, and the marker.
  private var opening = 0
  private var isAtStart = true
  private var calls = 0
  private var pieces: [Piece] = []

  /// - Parameters:
  ///   - isParallel: Whether an answer may have several calls.
  ///   - makeID: Ids for the calls; models that write some are not trusted to write different ones.
  init(_ format: ToolFormat, tools: [Tool], isParallel: Bool, makeID: @escaping @Sendable () -> String) {
    (self.format, self.isParallel, self.makeID) = (format, isParallel, makeID)
    names = Set(tools.map(\.name))
    marker = Array(format.marker.utf8)
    closing = Array(format.closingMarker.utf8)
  }

  /// Takes in more of the answer.
  mutating func take(_ text: String) -> [Piece] {
    held += text.utf8
    while step() {}
    return released()
  }

  /// The rest, at the end of the answer.
  mutating func finish() -> [Piece] {
    switch stage {
    case .text:
      if calls > 0, held.allSatisfy(\.isJSONSpace) { held = [] }
    case .listStart, .callStart, .call:
      if case .call = stage, isMarked { pieces.append(.fault("A call of a tool is cut off.")) }
    case .callEnd: held = []
    }
    release(held.count)
    return released()
  }

  private var isMarked: Bool { !marker.isEmpty }

  private mutating func released() -> [Piece] {
    defer { pieces = [] }
    return pieces
  }

  /// Gives out the first `count` bytes that are held, as text.
  private mutating func release(_ count: Int) {
    guard count > 0 else { return }
    let text = String(decoding: held[..<count], as: UTF8.self)
    if case .text(let before)? = pieces.last {
      pieces[pieces.count - 1] = .text(before + text)
    } else {
      pieces.append(.text(text))
    }
    held.removeFirst(count)
    place = max(0, place - count)
    isAtStart = false
  }

  /// Reads on; false if more text is needed.
  private mutating func step() -> Bool {
    switch stage {
    case .text: return isMarked ? readText() : readStart()
    case .listStart:
      guard skipSpace() else { return false }
      guard held[place] == UInt8(ascii: "[") else { return fail("A list of calls must follow \(format.marker).") }
      place += 1
      stage = .callStart
      return true
    case .callStart:
      guard skipSpace() else { return false }
      guard held[place] == UInt8(ascii: "{") else { return fail("A call must be a JSON object.") }
      stage = .call(start: place, JSONScanner())
      return true
    case .call(let start, let scanner): return readCall(start, scanner)
    case .callEnd: return readEnd()
    }
  }

  /// Looks for a marker, and gives out the text before it, without white space between the two.
  private mutating func readText() -> Bool {
    if let found = held.firstRange(of: marker) {
      releaseText(before: found.lowerBound)
      opening = held.firstRange(of: marker)?.upperBound ?? 0
      place = opening
      stage = format.isList ? .listStart : .callStart
      return true
    }
    let partial = (1..<marker.count).reversed().first { held.suffix($0).elementsEqual(marker.prefix($0)) } ?? 0
    releaseText(before: held.count - partial)
    return false
  }

  private mutating func releaseText(before end: Int) {
    let space = held[..<end].reversed().prefix(while: \.isJSONSpace).count
    release(end - space)
  }

  /// A call without a marker is the whole answer.
  private mutating func readStart() -> Bool {
    guard isAtStart else {
      // White space after a call is no text.
      if calls == 0 || held.contains(where: { !$0.isJSONSpace }) { release(held.count) }
      return false
    }
    guard skipSpace() else { return false }
    if held[place] == UInt8(ascii: "{") {
      opening = place + 1
      stage = .callStart
    } else {
      isAtStart = false
    }
    return true
  }

  private mutating func readCall(_ start: Int, _ scanner: JSONScanner) -> Bool {
    var scanner = scanner
    while place < held.count {
      let progress = scanner.take(held[place])
      place += 1
      switch progress {
      case .open: continue
      case .broken: return fail("A call is not valid JSON.")
      case .ended: return end(with: String(decoding: held[start..<place], as: UTF8.self))
      }
    }
    stage = .call(start: start, scanner)
    return false
  }

  private mutating func end(with object: String) -> Bool {
    switch ToolCall.read(object, calling: names, id: makeID) {
    case .failure(let fault): return fail(fault.reason)
    case .success(let call):
      guard isParallel || calls == 0 else { return fail("Only one call is allowed.") }
      calls += 1
      pieces.append(.call(call))
      held.removeFirst(place)
      (place, opening, isAtStart) = (0, 0, false)
      stage = .callEnd
      return true
    }
  }

  private mutating func readEnd() -> Bool {
    guard format.isList || !closing.isEmpty else {
      stage = .text
      return true
    }
    guard skipSpace() else { return false }
    if format.isList {
      let next = held[place]
      if next == UInt8(ascii: ",") || next == UInt8(ascii: "]") {
        held.removeFirst(place + 1)
        place = 0
        stage = next == UInt8(ascii: ",") ? .callStart : .text
        return true
      }
    } else {
      let rest = held[place...].prefix(closing.count)
      if closing.starts(with: rest) {
        guard rest.count == closing.count else { return false }
        held.removeFirst(place + closing.count)
        (place, stage) = (0, .text)
        return true
      }
    }
    pieces.append(.fault("The end of a call is missing: \(format.isList ? "]" : format.closingMarker)."))
    (place, stage) = (0, .text)
    return true
  }

  /// What is held begins with no call: the marker is text, and what follows is looked at again.
  private mutating func fail(_ reason: String?) -> Bool {
    stage = .text
    if let reason, isMarked || calls > 0 { pieces.append(.fault(reason)) }
    release(opening)
    (place, opening, isAtStart) = (0, 0, false)
    return true
  }

  /// False if nothing but white space is left.
  private mutating func skipSpace() -> Bool {
    while place < held.count, held[place].isJSONSpace { place += 1 }
    return place < held.count
  }
}
