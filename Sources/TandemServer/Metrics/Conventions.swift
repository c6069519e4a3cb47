import Tandem

extension ServerMetrics {
  /// Names, buckets and descriptions. Those of `gen_ai` are the semantic conventions for generative AI, which are in
  /// development: what changes there is changed here.
  enum Conventions {
    static let duration = "gen_ai.server.request.duration"
    static let firstToken = "gen_ai.server.time_to_first_token"
    static let perToken = "gen_ai.server.time_per_output_token"
    static let requests = "tandem_http_requests"
    static let runs = "tandem_requests"
    static let tokens = "tandem_tokens"
    static let handOvers = "tandem_handovers"
    static let queue = "tandem_queue"

    /// A model's tokens, by what became of them.
    static func kinds(of usage: RoleUsage) -> [(String, Int)] {
      [
        ("prefilled", usage.prefilled), ("thinking", usage.thinking), ("answer", usage.answer),
        ("discarded", usage.discarded),
      ]
    }

    private static let long = [
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]

    static let bounds: [String: [Double]] = [
      "gen_ai_server_request_duration_seconds": long,
      "gen_ai_server_time_to_first_token_seconds": [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
      ],
      "gen_ai_server_time_per_output_token_seconds": [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
      ],
      "tandem_queue_seconds": long,
    ]

    static let help = [
      "gen_ai_server_request_duration_seconds": "From a request's arrival to the end of its answer.",
      "gen_ai_server_time_to_first_token_seconds": "From a request's arrival to its first text, thinking included.",
      "gen_ai_server_time_per_output_token_seconds": "Between tokens of thinking and answer after the first text.",
      "tandem_http_requests_total": "Requests by route and status.",
      "tandem_requests_total": "Requests to models, by how they ended.",
      "tandem_tokens_total": "Tokens by model and by what became of them.",
      "tandem_handovers_total": "Hand-overs by reason.",
      "tandem_queue_seconds": "From a request's arrival in the queue to the start of its run.",
      "tandem_runs": "Runs now, by state.",
      "tandem_sessions_free": "Sequences that no run holds.",
      "tandem_engine_steps_total": "Forward passes.",
    ]
  }
}
