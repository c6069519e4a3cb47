import Tandem
import TandemInference

/// The object `response`, which each event that begins or ends a stream has, and which is the whole answer without one.
struct ResponseObject {
  private let head: [String: JSONValue]
  private let id: String

  /// How far a response is.
  enum Status: String {
    case inProgress = "in_progress"
    case completed, incomplete, failed

    /// "completed" if the answer was ended by its model, "incomplete" if anything cut it.
    init(_ result: RunResult) { self = result.isComplete ? .completed : .incomplete }
  }

  /// - Parameter echo: What it repeats of the request.
  init(_ run: ServedRun, created: Int, echo: [String: JSONValue]) {
    id = run.id
    let sampling = run.plans[0].answeringSampling
    head = echo.merging([
      "id": .string(run.id), "object": "response", "created_at": .integer(created),
      "model": .string(run.plans[0].model.name), "error": nil, "incomplete_details": nil, "background": false,
      "previous_response_id": nil, "store": false, "truncation": "disabled",
      "temperature": .number(Double(sampling.temperature)), "top_p": .number(Double(sampling.topP)), "usage": nil,
    ]) { $1 }
  }

  /// The response with these items.
  func whole(_ status: Status, _ items: [OutputItem]) -> JSONValue { .object(members(status, items)) }

  /// The response at its end.
  func whole(_ status: Status, _ items: [OutputItem], _ result: RunResult, _ run: ServedRun) throws -> JSONValue {
    var response = members(status, items)
    if status == .incomplete { response["incomplete_details"] = ["reason": "max_output_tokens"] }
    response["usage"] = [
      "input_tokens": .integer(result.promptTokens),
      "input_tokens_details": ["cached_tokens": .integer(result.cachedTokens)],
      "output_tokens": .integer(result.completionTokens),
      "output_tokens_details": ["reasoning_tokens": .integer(result.reasoningTokens)],
      "total_tokens": .integer(result.promptTokens + result.completionTokens),
    ]
    response["tandem"] = try JSONValue(
      encoding: RunDetails(run: ChatDetails(run.plans[0], result), usage: ChatCosts([result])))
    return .object(response)
  }

  /// The response that an error has ended.
  func failed(_ error: ServerError, _ items: [OutputItem]) -> JSONValue {
    var response = members(.failed, items)
    response["error"] = ["code": .string(error.code ?? error.kind.rawValue), "message": .string(error.message)]
    return .object(response)
  }

  /// All that was written, as a response.
  func whole(_ written: WrittenChoice, _ run: ServedRun) throws -> JSONValue {
    let isCut = !written.result.isComplete
    var items: [OutputItem] = []
    if !written.thinking.isEmpty { items.append(OutputItem(.thinking, index: 0, of: id, text: written.thinking)) }
    if !written.answer.isEmpty || written.calls.isEmpty {
      items.append(OutputItem(.answer, index: items.count, of: id, text: written.answer, isCut: isCut))
    }
    for call in written.calls { items.append(OutputItem(call, index: items.count, of: id)) }
    return try whole(Status(written.result), items, written.result, run)
  }

  private func members(_ status: Status, _ items: [OutputItem]) -> [String: JSONValue] {
    head.merging(["status": .string(status.rawValue), "output": .array(items.map(\.whole))]) { $1 }
  }
}

extension RunPlan {
  /// How the model draws that writes the answer, as far as that is known before.
  fileprivate var answeringSampling: SamplingParameters {
    (solver.large ?? solver.small)?.sampling ?? .init()
  }
}
