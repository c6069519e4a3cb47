import Hummingbird

extension Router<ServerContext> {
  /// `GET /v1/traces` and `GET /v1/traces/ID`, if traces are stored.
  func addTraces(_ traces: TraceStore) {
    get("v1/traces") { _, _ in try Response(json: TraceList(data: traces.all)) }
    get("v1/traces/:id") { _, context in
      let id = context.parameters.get("id") ?? ""
      guard let lines = traces.lines(of: id) else {
        throw ServerError(.notFound, .notFound, "There is no trace '\(id)'.", param: "id", code: "trace_not_found")
      }
      return Response(
        status: .ok, headers: [.contentType: "application/jsonl"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: lines)))
    }
  }
}

/// The answer to `GET /v1/traces`, newest first.
private struct TraceList: Encodable {
  let object = "list"
  let data: [StoredTrace]

  private enum CodingKeys: CodingKey { case object, data }
}
