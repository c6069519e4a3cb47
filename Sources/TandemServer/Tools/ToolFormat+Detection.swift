import TandemInference

extension ToolFormat {
  /// The form in which `template` prints calls; nil if it prints no tools, no calls or no results, or calls in a form
  /// that is none of JSON objects.
  ///
  /// Found by what the template makes of a conversation with a call, whatever the model is called.
  static func find(in template: any ChatTemplate, variables: [String: TemplateVariable] = [:]) -> Self? {
    let probe = ToolProbe(template, variables)
    guard let one = probe.text(calls: 1), let object = ToolProbe.Object(in: one, calling: probe.call(0)),
      let opening = probe.opening(of: one, before: object.range.lowerBound),
      let closing = probe.closing(of: one, after: object.range.upperBound)
    else { return nil }
    var format = Self(
      opening: opening, nameOpening: object.nameOpening, argumentsOpening: object.argumentsOpening,
      idOpening: object.idOpening, callClosing: object.callClosing, closing: closing)
    if let two = probe.text(calls: 2), let first = ToolProbe.Object(in: two, calling: probe.call(0)),
      let second = ToolProbe.Object(in: two, calling: probe.call(1)), first.range.upperBound < second.range.lowerBound
    {
      format.separator = String(two[first.range.upperBound..<second.range.lowerBound])
    }
    let isKnown = format.marker.isEmpty ? closing.isEmpty : format.isList || !format.closingMarker.isEmpty
    return isKnown ? format : nil
  }
}

/// Conversations that show how a template prints calls.
private struct ToolProbe {
  static let names = ["probe_first", "probe_second"]
  private static let words = "probe words"
  private let template: any ChatTemplate
  private let variables: [String: TemplateVariable]

  init(_ template: any ChatTemplate, _ variables: [String: TemplateVariable]) {
    (self.template, self.variables) = (template, variables)
  }

  func call(_ index: Int) -> ToolCall {
    // Mistral's templates want nine letters and digits.
    ToolCall(id: "probeID0\(index)", name: Self.names[index], arguments: #"{"probe_key": "probe value"}"#)
  }

  /// A question, an answer with `calls` calls, and their results. Nil if the template leaves something out.
  func text(calls: Int) -> String? {
    let calls = (0..<calls).map(call)
    return render(
      [Message(.user, "Q"), Message(.assistant, Self.words, toolCalls: calls)]
        + calls.map { Message(.tool, "A", toolCallID: $0.id, name: $0.name) })
  }

  /// What stands before the call: after the words, or where the assistant's turn begins if the template drops words.
  func opening(of text: String, before place: String.Index) -> String? {
    if let words = text.firstRange(of: Self.words), words.upperBound < place {
      return String(text[words.upperBound..<place].drop(while: \.isWhitespace))
    }
    guard let prompt = render([Message(.user, "Q")]), text.hasPrefix(prompt) else { return nil }
    return String(text[..<place].dropFirst(prompt.count))
  }

  /// What stands after the call, before the turn ends as that of a plain answer does.
  func closing(of text: String, after place: String.Index) -> String? {
    let plain = [Message(.user, "Q"), Message(.assistant, Self.words), Message(.user, "R")]
    guard let answered = render(plain), let words = answered.firstRange(of: Self.words) else { return nil }
    let (rest, end) = (text[place...], answered[words.upperBound...])
    for length in stride(from: min(end.count, 64), to: 2, by: -1) {
      if let range = rest.firstRange(of: end.prefix(length)) { return String(rest[..<range.lowerBound]) }
    }
    return nil
  }

  private func render(_ messages: [Message]) -> String? {
    let tools = Self.names.map { Tool(name: $0, description: "Probes.") }
    return try? template.prompt(for: messages, tools: tools, variables: variables).map(\.text).joined()
  }

  /// A call in a text.
  struct Object {
    var range: Range<String.Index>
    var nameOpening: String
    var argumentsOpening: String
    var idOpening: String?
    var callClosing: String

    /// The call of `name`, which is the only one with the probe's arguments behind it.
    init?(in text: String, calling call: ToolCall) {
      let arguments = text.ranges(of: "\"probe_key\"").lazy.compactMap { key -> Range<String.Index>? in
        guard let start = text[..<key.lowerBound].lastIndex(of: "{"), let end = text[start...].endOfJSON,
          text[..<start].suffix(64).contains(call.name)
        else { return nil }
        return start..<end
      }.first
      guard let arguments, let start = text[..<arguments.lowerBound].lastIndex(of: "{"),
        let end = text[start...].endOfJSON, arguments.upperBound < end,
        let name = text[start..<arguments.lowerBound].firstRange(of: call.name)
      else { return nil }
      range = start..<end
      nameOpening = String(text[start..<name.lowerBound])
      argumentsOpening = String(text[name.upperBound..<arguments.lowerBound])
      let id = text[arguments.upperBound..<end].firstRange(of: call.id)
      idOpening = id.map { String(text[arguments.upperBound..<$0.lowerBound]) }
      callClosing = String(text[(id?.upperBound ?? arguments.upperBound)..<end])
    }
  }
}

extension Substring {
  /// Where the JSON object or list ends with which the text begins.
  fileprivate var endOfJSON: Index? {
    var scanner = JSONScanner()
    let last = utf8.indices.first { scanner.take(utf8[$0]) != .open }
    return last.flatMap { scanner.hasEnded ? utf8.index(after: $0) : nil }
  }
}
