import Foundation
import Hummingbird

extension Router<ServerContext> {
  /// `POST /v1/chat/completions`.
  func addChat(_ runs: RunService) {
    post("v1/chat/completions") { request, context in
      let chat = try ChatRequest(try await request.bodyData(context))
      let created = UnixTime.now
      let run = try await runs.begin(
        chat.run, id: RunID.make("chatcmpl", separator: "-"), sendsEvents: chat.streams && chat.sendsEvents,
        context: context)
      guard chat.streams else {
        let written = try await run.whole()
        return try Response(json: ChatResponse(run, written, created: created))
      }
      // An error that comes before the first text has a status of its own.
      try await run.firstUpdate(within: runs.limits.ping)
      return try run.response(
        ChatFold(run, created: created, includesUsage: chat.includesUsage), runs.limits, context)
    }
  }
}

extension Request {
  /// The bytes of the body, which `BodyMiddleware` has read.
  func bodyData(_ context: ServerContext) async throws -> Data {
    Data(try await body.collect(upTo: context.maxUploadSize).readableBytesView)
  }
}

extension ServedRun {
  /// All that is written. If the waiting task is cancelled, so is the run.
  func whole() async throws -> [WrittenChoice] {
    try await withTaskCancellationHandler {
      try await written()
    } onCancel: {
      cancel()
    }
  }
}
