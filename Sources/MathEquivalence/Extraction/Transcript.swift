/// What the delimiters in a model's output set apart: its thinking, its answer, and what comes after its turn.
enum Transcript {
  /// How families of models mark their thinking.
  private static let thinking: [(open: String, close: String)] = [
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"), ("<seed:think>", "</seed:think>"), ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"), ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|start_thinking|>", "<|end_thinking|>"), ("<|im_start|>think", "<|im_start|>answer"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
  ]

  private static let delimiters = thinking.map { (open: Array($0.open.utf8), close: Array($0.close.utf8)) }

  /// Ends of a turn that are not spelled `<|name|>`.
  private static let ends = [
    "</s>", "<s>", "<end_of_turn>", "<start_of_turn>", "<eos>", "<bos>", "<eot>", "<eod>", "[INST]", "[/INST]",
  ].map { Array($0.utf8) }

  /// Marks around an answer, which are left out; what they hold is the answer.
  private static let transparent: Set<String> = ["begin_of_solution", "begin_of_box", "end_of_box"]

  /// Who writes, as it may stand before the first word of a turn.
  private static let roles: Set<String> = ["", "assistant", "model", "answer", "final"]

  /// The output after its thinking and before what a model writes on after its turn; nil when the thinking never ends.
  static func answerPhase(of output: String) -> String? {
    guard var phase = withoutThinking(Array(output.utf8)) else { return nil }
    phase = firstTurn(of: phase)
    // An answer stands at the end: what lies far before it is not searched.
    return String(decoding: phase.suffix(tail), as: UTF8.self)
  }

  private static let tail = 131_072

  /// What stands outside the thinking, from the last time it ended.
  ///
  /// A delimiter that closes nothing is no end: a model that writes one more after its answer has answered.
  private static func withoutThinking(_ bytes: [UInt8]) -> [UInt8]? {
    var (kept, start, index) = ([UInt8](), 0, 0)
    var open: Int?
    var hasThought = false
    while index < bytes.count {
      guard mayStartDelimiter(bytes[index]) else {
        index += 1
        continue
      }
      if let kind = open {
        if let length = match(delimiters[kind].close, bytes, at: index) {
          open = nil
          index += length
          start = index
          continue
        }
      } else if let (kind, length, opens) = delimiter(bytes, at: index) {
        if opens || !hasThought { kept = [] } else { kept += bytes[start..<index] + [10] }
        if opens { open = kind }
        hasThought = true
        index += length
        start = index
        continue
      }
      index += 1
    }
    return open == nil ? kept + bytes[start...] : nil
  }

  private static func mayStartDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == UInt8(ascii: "[") || byte == 0xE2
  }

  private static func delimiter(_ bytes: [UInt8], at index: Int) -> (kind: Int, length: Int, opens: Bool)? {
    for (kind, delimiter) in delimiters.enumerated() {
      if let length = match(delimiter.open, bytes, at: index) { return (kind, length, true) }
      if let length = match(delimiter.close, bytes, at: index) { return (kind, length, false) }
    }
    return nil
  }

  /// The length of the delimiter when it stands here, in capitals or not.
  private static func match(_ delimiter: [UInt8], _ bytes: [UInt8], at index: Int) -> Int? {
    guard index + delimiter.count <= bytes.count else { return nil }
    for (offset, byte) in delimiter.enumerated() {
      let found = bytes[index + offset]
      guard found == byte || (found >= 65 && found <= 90 && found | 32 == byte) else { return nil }
    }
    return delimiter.count
  }

  /// The model's own turn: a token of control that is not at its beginning ends it.
  private static func firstTurn(of bytes: [UInt8]) -> [UInt8] {
    var (turn, start, index) = ([UInt8](), 0, 0)
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") || bytes[index] == UInt8(ascii: "["),
        let (name, length) = control(bytes, at: index)
      else {
        index += 1
        continue
      }
      if transparent.contains(name) {
        turn += bytes[start..<index]
      } else {
        let text = turn + bytes[start..<index]
        let words = String(decoding: text.prefix(40), as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        guard text.count < 40, roles.contains(words) else { return text }
        turn = []
      }
      index += length
      start = index
    }
    return turn + bytes[start...]
  }

  /// The name and the length of the control token at this place: `<|im_end|>`, `<｜User｜>`, `</s>`.
  private static func control(_ bytes: [UInt8], at index: Int) -> (name: String, length: Int)? {
    for end in ends where bytes[index...].starts(with: end) { return ("end", end.count) }
    guard bytes[index] == UInt8(ascii: "<") else { return nil }
    for bar in [Array("|".utf8), Array("｜".utf8)] where bytes[(index + 1)...].starts(with: bar) {
      let start = index + 1 + bar.count
      let name = bytes[start...].prefix(48).prefix { byte in
        byte | 32 >= 97 && byte | 32 <= 122 || byte >= 0x80 && byte != 0xEF || byte == UInt8(ascii: "_") || byte == 32
          || byte >= 48 && byte <= 57
      }
      let close = bar + Array(">".utf8)
      guard name.count > 2, bytes[name.endIndex...].starts(with: close) else { return nil }
      return (String(decoding: name, as: UTF8.self), name.endIndex + close.count - index)
    }
    return nil
  }
}
