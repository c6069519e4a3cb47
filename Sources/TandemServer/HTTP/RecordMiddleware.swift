import Hummingbird
import Synchronization
import Tandem

/// Gives each request a record, and reports it once the answer has been written or given up.
struct RecordMiddleware: RouterMiddleware {
  /// Whether records have what was asked.
  var hasPrompts = false
  /// Gets each record, at the end of its request.
  let report: @Sendable (RequestRecord.Notes) -> Void

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    let record = RequestRecord(id: context.requestID, arrival: context.arrival, hasPrompt: hasPrompts)
    context.record = record
    record.note {
      $0.method = request.method.rawValue
      $0.path = request.uri.path
      $0.trace = request.headers[.traceParent].flatMap(TraceParent.init)
    }
    do {
      let response = try await next(request, context)
      let route = context.endpointPath
      record.note { ($0.status, $0.route) = (Int(response.status.code), route) }
      return response.onceOver { [report] in
        let seconds = record.seconds
        record.note { $0.total = seconds }
        report(record.notes)
      }
    } catch {
      // The client has gone: nobody gets an answer.
      let seconds = record.seconds
      record.note {
        $0.status = 499
        $0.error = $0.error ?? "closed"
        $0.total = seconds
      }
      report(record.notes)
      throw error
    }
  }
}

extension Response {
  /// The same, which calls `end` once: when its body has been written as far as it can be, or was dropped unwritten.
  func onceOver(_ end: @escaping @Sendable () -> Void) -> Response {
    // A whole answer takes no time to write.
    guard body.contentLength == nil else {
      end()
      return self
    }
    let ending = Ending(end)
    var response = self
    response.body = ResponseBody { [body] writer in
      defer { ending.happen() }
      try await body.write(writer)
    }
    return response
  }
}

/// Something that happens once: when it is told to, or when nobody can tell it any more.
private final class Ending: Sendable {
  private let action: Mutex<(@Sendable () -> Void)?>

  init(_ action: @escaping @Sendable () -> Void) { self.action = Mutex(action) }

  func happen() {
    action.withLock { action in
      defer { action = nil }
      return action
    }?()
  }

  deinit { happen() }
}
