import Hummingbird

// Requests that are not let through, before anything looks at what they ask.
extension ServerError {
  static func unauthorized(_ message: String) -> Self {
    Self(.unauthorized, .authentication, message, code: "invalid_api_key")
  }

  static func forbidden(_ message: String) -> Self { Self(.forbidden, .permission, message, code: "forbidden") }

  /// - Parameter wait: The seconds after which it is worth trying again.
  static func tooMany(_ message: String, wait: Double) -> Self {
    Self(
      .tooManyRequests, .rateLimit, message, code: "rate_limit_exceeded",
      retryAfter: max(1, Int(wait.rounded(.up))))
  }
}
