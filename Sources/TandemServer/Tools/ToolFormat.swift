import TandemInference

/// How a family of models writes calls of tools: the texts around the name and the arguments of each.
///
/// A list of calls is `opening`, the calls with `separator` between them, and `closing`. A call is a JSON object.
struct ToolFormat: Sendable, Hashable {
  /// What stands before the first call: "<tool_call>\n", "[TOOL_CALLS][" or nothing.
  var opening: String
  /// What stands in a call before the tool's name: `{"name": "`.
  var nameOpening: String
  /// What stands between the name and the arguments: `", "arguments": `.
  var argumentsOpening: String
  /// What stands between the arguments and the call's id; nil if a call has none.
  var idOpening: String?
  /// What ends a call.
  var callClosing: String
  /// What stands between two calls; nil if there can only be one.
  var separator: String?
  /// What stands after the last call.
  var closing: String

  /// Hermes' and Qwen's models.
  static let hermes = Self(
    opening: "<tool_call>\n", nameOpening: #"{"name": ""#, argumentsOpening: #"", "arguments": "#, callClosing: "}",
    separator: "\n</tool_call>\n<tool_call>\n", closing: "\n</tool_call>")
  /// Llama 3.1 and later.
  static let llama = Self(
    opening: "", nameOpening: #"{"name": ""#, argumentsOpening: #"", "parameters": "#, callClosing: "}", closing: "")
  /// Mistral's models with a tokenizer of version 3.
  static let mistral = Self(
    opening: "[TOOL_CALLS][", nameOpening: #"{"name": ""#, argumentsOpening: #"", "arguments": "#,
    idOpening: #", "id": ""#, callClosing: #""}"#, separator: ", ", closing: "]")

  /// The text by which a call is known; empty if a call is nothing but its object.
  var marker: String { opening.trimmingSpace.droppingBracket }
  /// Whether the calls stand in a JSON list.
  var isList: Bool { opening.trimmingSpace.hasSuffix("[") }
  /// The text that ends a call, if it is none of a list.
  var closingMarker: String { isList ? "" : closing.trimmingSpace }

  /// A call as a model writes it.
  func text(of call: ToolCall) -> String {
    let id = idOpening.map { $0 + call.id } ?? ""
    return nameOpening + JSONText.escaped(call.name) + argumentsOpening + call.arguments + id + callClosing
  }

  /// Calls as a model writes them.
  func text(of calls: [ToolCall]) -> String {
    opening + calls.map { text(of: $0) }.joined(separator: separator ?? "") + closing
  }
}

/// Which tools an answer may call.
enum ToolChoice: Sendable, Hashable {
  /// Any, or none.
  case auto
  /// None.
  case none
  /// At least one.
  case required
  /// The one with this name.
  case named(String)
}

extension String {
  var trimmingSpace: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  fileprivate var droppingBracket: String { hasSuffix("[") ? String(dropLast()).trimmingSpace : self }
}
