import Hummingbird

extension Router<ServerContext> {
  /// `POST /v1/responses`, without storage.
  func addResponses(_ runs: RunService) {
    post("v1/responses") { request, context in
      let asked = try ResponsesRequest(try await request.bodyData(context))
      let run = try await runs.begin(
        asked.run, id: RunID.make("resp"), sendsEvents: asked.streams && asked.sendsEvents, context: context)
      let response = ResponseObject(run, created: UnixTime.now, echo: asked.echo)
      guard asked.streams else {
        let written = try await run.whole()
        return try Response(json: response.whole(written[0], run))
      }
      try await run.firstUpdate(within: runs.limits.ping)
      return run.response(ResponsesFold(run, response), runs.limits, context)
    }
  }
}
