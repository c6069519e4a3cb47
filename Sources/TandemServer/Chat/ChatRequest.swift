import Foundation
import Tandem

/// The body of `POST /v1/chat/completions`.
struct ChatRequest {
  var run: RunRequest
  var streams = false
  /// Whether a stream ends with the usage.
  var includesUsage = false
  var sendsEvents: Bool

  /// Reads a body. Throws a `ServerError` that names the first member that is wrong.
  init(_ body: Data) throws(ServerError) {
    var body = try JSONMembers(body: body)
    run = try RunRequest(&body)
    run.choices = try body.integer("n", in: 1...16) ?? 1
    sendsEvents = try RunExtension(&body, into: &run).sendsEvents
    try readLogProbabilities(&body)
    try readStream(&body)
    try body.finish()
  }

  private mutating func readLogProbabilities(_ body: inout JSONMembers) throws(ServerError) {
    let isAsked = try body.flag("logprobs") ?? false
    let alternatives = try body.integer("top_logprobs", in: 0...20)
    guard isAsked || alternatives ?? 0 == 0 else { throw .invalid("'top_logprobs' needs 'logprobs'.", "top_logprobs") }
    if isAsked { run.alternatives = alternatives ?? 0 }
  }

  private mutating func readStream(_ body: inout JSONMembers) throws(ServerError) {
    streams = try body.flag("stream") ?? false
    guard var options = try body.object("stream_options") else { return }
    guard streams else { throw .invalid("'stream_options' needs 'stream'.", "stream_options") }
    includesUsage = try options.flag("include_usage") ?? false
    if try options.flag("continuous_usage_stats") == true {
      throw .invalid(
        "'stream_options.continuous_usage_stats' is not supported.", "stream_options.continuous_usage_stats",
        code: "unsupported")
    }
    options.ignore("include_obfuscation")
    try options.finish()
  }
}
