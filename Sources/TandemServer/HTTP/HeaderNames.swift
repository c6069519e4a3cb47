import HTTPTypes

// Headers that HTTPTypes has no names for.
extension HTTPField.Name {
  static let anthropicVersion = made("anthropic-version")
  static let apiKey = made("x-api-key")
  static let referrerPolicy = made("referrer-policy")
  static let traceParent = made("traceparent")

  private static func made(_ text: String) -> Self {
    guard let name = Self(text) else { preconditionFailure("\(text) can't name a header.") }
    return name
  }
}
