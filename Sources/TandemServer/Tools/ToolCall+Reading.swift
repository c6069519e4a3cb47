import TandemInference

extension ToolCall {
  /// Why a text is no call: a sentence.
  struct Fault: Error {
    let reason: String
  }

  /// The call that a model has written as `object`.
  ///
  /// - Parameters:
  ///   - names: The tools that there are.
  ///   - id: Makes the call's id.
  static func read(_ object: String, calling names: Set<String>, id: () -> String) -> Result<Self, Fault> {
    let members = JSONText(object)?.members ?? []
    let known = ["name", "arguments", "parameters", "id", "type"]
    if let other = members.first(where: { !known.contains($0.name) }) {
      let names = known.joined(separator: ", ")
      return .failure(Fault(reason: "A call has a member '\(other.name)', which is none of \(names)."))
    }
    guard let name = members.first(where: { $0.name == "name" }).flatMap({ JSONText.string($0.value) }) else {
      return .failure(Fault(reason: "A call has no name."))
    }
    guard names.contains(name) else { return .failure(Fault(reason: "There is no tool '\(name)'.")) }
    let arguments = members.filter { ["arguments", "parameters"].contains($0.name) }
    guard arguments.count == 1, JSONText(arguments[0].value)?.isObject == true else {
      return .failure(Fault(reason: "The arguments of a call of '\(name)' must be a JSON object."))
    }
    return .success(ToolCall(id: id(), name: name, arguments: arguments[0].value))
  }
}
