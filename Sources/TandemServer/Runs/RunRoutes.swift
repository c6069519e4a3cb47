import Foundation
import Hummingbird
import Tandem

extension Router<ServerContext> {
  /// `POST /v1/runs`: the events of a run. `POST /v1/chat/completions/control`: a word to a run, whichever API began it.
  func addRuns(_ runs: RunService) {
    post("v1/runs") { request, context in
      var body = try JSONMembers(body: try await request.bodyData(context))
      var asked = try RunRequest(&body)
      _ = try RunExtension(&body, into: &asked)
      try body.finish()
      let run = try await runs.begin(asked, id: RunID.make("run"), sendsEvents: true, context: context)
      // What is refused at once has a status of its own; whoever waits for a place is told the id meanwhile.
      try await run.firstUpdate(within: .milliseconds(100))
      return run.response(RunEvents(id: run.id), runs.limits, context)
    }
    post("v1/chat/completions/control") { request, context in
      var body = try JSONMembers(body: try await request.bodyData(context))
      guard let id = try body.text("id") else { throw body.missing("id") }
      guard let action: RunAction = try body.choice("action") else { throw body.missing("action") }
      try body.finish()
      guard let run = runs.run(id) else {
        throw ServerError(.notFound, .notFound, "No run '\(id)' is under way.", param: "id", code: "run_not_found")
      }
      guard run.act(action) else {
        throw ServerError.invalid(
          "Run '\(id)' has no large model that could take over now.", "action", code: "no_hand_over")
      }
      return try Response(json: ["success": true])
    }
  }
}

/// What a run can be told while it is under way.
enum RunAction: String, CaseIterable {
  /// End the thinking now, and answer.
  case endThinking = "end-thinking"
  /// The same in llama-server's word.
  case reasoningEnd = "reasoning_end"
  /// Let the large model think on, and answer.
  case handOver = "hand-over"
}

extension ServedRun {
  /// Returns false if that is not possible.
  fileprivate func act(_ action: RunAction) -> Bool {
    switch action {
    case .endThinking, .reasoningEnd:
      endThinking()
      return true
    case .handOver: return handOver()
    }
  }
}

/// A run as its events, the transient ones too: first its id, then a line of a trace for each event.
///
///     event: run
///     data: {"id": "run_5f3a…"}
///
///     data: {"event": "started", …}
private struct RunEvents: RunFold {
  let id: String

  func begin(_ events: inout EventBuffer) throws { try events.send(["id": id], event: "run") }

  func take(_ update: ChoiceUpdate, _ events: inout EventBuffer) throws {
    if case .event(let event) = update.update { try events.send(event) }
  }

  func finish(_ events: inout EventBuffer) throws {}

  func fail(_ error: ServerError, _ events: inout EventBuffer) throws { try events.send(error, event: "error") }
}
