import Foundation
package import Hummingbird
import NIOCore

/// What a request carries: Hummingbird's own values, its connection, when it came, and whose it is.
package struct ServerContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// When the head of the request was read. Deadlines are counted from here.
  package let arrival: ContinuousClock.Instant
  /// The id that the response has in `x-request-id`.
  package let requestID: String
  /// The name of the key that the request came with; empty without keys. Runs of different keys take turns.
  package var key = ""
  /// The key with its limits; nil without keys.
  var caller: APIKey?
  /// What is told about the request in the log and the metrics.
  var record = RequestRecord()
  private let channel: any Channel

  package init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    arrival = .now
    requestID = RunID.make("req")
  }

  package var maxUploadSize: Int { ServerLimits.uploadLimit }

  /// The watch over the request's connection; nil in tests that have none.
  var hangUp: HangUp? {
    get async { try? await channel.pipeline.handler(type: HangUp.self).get() }
  }

  /// Closes the connection once the client has had time to read the answer. To close at once, with bytes of the body
  /// still on their way, would make many clients lose the answer.
  func closeSoon() {
    channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
  }

  /// Closes the connection, whatever is on its way.
  func close() { channel.close(promise: nil) }
}

/// Times as APIs have them.
enum UnixTime {
  /// Whole seconds since 1970.
  static var now: Int { Int(Date.now.timeIntervalSince1970) }
}

/// Ids of requests and runs.
enum RunID {
  /// An id that nobody can guess, such as "chatcmpl-5f3a…": who knows it may control the run.
  static func make(_ prefix: String, separator: String = "_") -> String {
    let digits = (0..<2).map { _ in
      let word = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }
    return prefix + separator + digits.joined()
  }
}
