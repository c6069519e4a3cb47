import Foundation
import Tandem
import TandemInference

/// The tools that a request offers, and which of them must be called.
struct ToolRequest: Sendable {
  var tools: [Tool] = []
  var choice = ToolChoice.auto
  /// Whether an answer may have several calls.
  var isParallel = true

  /// No tools.
  init() {}

  /// Throws for two tools of one name, and for a choice of what is not there, which `place` says.
  func validate(_ place: String) throws(ServerError) {
    var names: Set<String> = []
    for (index, tool) in tools.enumerated() {
      guard !tool.name.isEmpty, names.insert(tool.name).inserted else {
        throw .invalid(
          tool.name.isEmpty ? "A tool must have a name." : "There are two tools '\(tool.name)'.", "tools[\(index)]")
      }
    }
    switch choice {
    case .named(let name) where !names.contains(name):
      throw .invalid("'tool_choice' names '\(name)', and there is no such tool.", place)
    case .required where tools.isEmpty:
      throw .invalid("'tool_choice' asks for a call, and there are no tools.", "tool_choice")
    default: break
    }
  }
}

/// How the calls in an answer are read.
struct ToolPlan: Sendable {
  let format: ToolFormat
  let tools: [Tool]
  let isParallel: Bool
  /// What an answer must look like, or what follows the marker of a call; nil if the engines can't be held to it.
  let grammar: Grammar?

  /// The plan for `request`; nil if nothing may be called.
  ///
  /// Throws `unsupported` if a model of `participants` can't be shown tools, or if they write calls in different forms.
  init?(_ request: ToolRequest, for participants: [Participant]) throws(ServerError) {
    guard !request.tools.isEmpty, request.choice != .none else { return nil }
    var formats: [ToolFormat] = []
    for participant in participants {
      let (model, variables) = (participant.model, participant.templateVariables)
      guard let format = ToolFormat.find(in: model.template, variables: variables) else {
        throw .invalid(
          "The chat template of \(model.name) has no tools, or none whose calls can be read. Leave out 'tools', or ask "
            + "another model.", "tools", code: "unsupported")
      }
      formats.append(format)
    }
    guard let format = formats.first, formats.allSatisfy({ $0 == format }) else {
      throw .invalid(
        "The models of this pair write calls of tools in different forms. Leave out 'tools', or ask one of them alone.",
        "tools", code: "unsupported")
    }
    self.format = format
    tools = request.tools
    isParallel = request.isParallel
    let canRule = participants.allSatisfy { $0.model.capabilities.contains(.grammar) }
    grammar = canRule ? try Self.grammar(request, format) : nil
  }

  /// Throws `unsupported_schema` if a call must be made, and the arguments of a tool can't be ruled by its schema.
  private static func grammar(_ request: ToolRequest, _ format: ToolFormat) throws(ServerError) -> Grammar? {
    // Without a marker nothing tells where a call begins before it has ended.
    if request.choice == .auto && format.marker.isEmpty { return nil }
    let rules = try format.grammar(
      for: request.tools, choice: request.choice, isParallel: request.isParallel
    ) { tool, name throws(ServerError) in
      func rules(_ schema: JSONValue) throws(ServerError) -> String {
        do throws(SchemaError) {
          return try SchemaGrammar.rules(for: schema, named: name)
        } catch {
          let index = request.tools.firstIndex(of: tool) ?? 0
          throw .invalid("\(error)", "tools[\(index)].function.parameters", code: "unsupported_schema")
        }
      }
      do throws(ServerError) {
        return try rules(tool.schema)
      } catch {
        // A model that need not call it may call it with any object.
        guard request.choice == .auto else { throw error }
        return try rules(Tool.anyObject)
      }
    }
    return Grammar(rules: rules, triggers: request.choice == .auto ? [format.marker] : [])
  }

  /// A parser for one answer.
  var parser: ToolCallParser {
    ToolCallParser(format, tools: tools, isParallel: isParallel) {
      var generator = SystemRandomNumberGenerator()
      return ToolCall.makeID(using: &generator)
    }
  }
}

extension Tool {
  fileprivate static let anyObject = JSONValue.object(["type": .string("object")])

  /// The schema of the arguments, which are an object whatever it says.
  fileprivate var schema: JSONValue {
    guard case .object(var members)? = try? JSONValue(parsing: Data(parameters.utf8)) else { return Self.anyObject }
    if members["type"] == nil { members["type"] = .string("object") }
    return .object(members)
  }
}

extension Problem {
  /// The conversation of `request`, with its tools if any may be called. Throws for the first message that makes no sense.
  init(_ request: RunRequest, _ plan: ToolPlan?) throws(ServerError) {
    self.init(messages: request.messages, tools: plan?.tools ?? [])
    do throws(ReasoningError) { try validate() } catch {
      guard case .invalidSetting(let name, let reason) = error else { throw ServerError(error) }
      let index = messages.indices.first { name == "messages[\($0)]" }
      let place = index.map(request.place) ?? name
      throw .invalid("'\(place)' \(reason).", place)
    }
    // A call is written under a grammar, or its beginning is written for the model.
    guard let plan, plan.grammar == nil else { return }
    let beginning = plan.format.beginning(for: request.tools.choice)
    if beginning.isEmpty { return }
    guard answerBeginning.isEmpty else {
      throw .invalid("An answer that has to call a tool can't have a beginning.", request.place(messages.count - 1))
    }
    answerBeginning = beginning
  }
}
