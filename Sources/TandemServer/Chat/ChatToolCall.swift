import TandemInference

/// A call of a tool in a response, or in a stream: there with its number, and whole, since it is only shown once it is
/// certain to be one.
struct ChatToolCall: Encodable {
  let index: Int?
  let id: String
  let type = "function"
  let function: Function

  struct Function: Encodable {
    let name: String
    let arguments: String
  }

  init(_ call: ToolCall, index: Int? = nil) {
    self.index = index
    id = call.id
    function = .init(name: call.name, arguments: call.arguments)
  }
}
