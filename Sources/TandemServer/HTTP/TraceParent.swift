/// The trace that a request is a part of: the header `traceparent` of W3C Trace Context, version 00.
struct TraceParent: Sendable, Hashable {
  /// 32 hexadecimal digits.
  let trace: String
  /// 16 hexadecimal digits: the caller's span.
  let parent: String

  /// nil for a value that the recommendation says to ignore.
  init?(_ header: String) {
    guard let match = header.wholeMatch(of: /([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?/),
      match.1 != "ff", match.1 != "00" || match.4 == nil,
      match.2.contains(where: { $0 != "0" }), match.3.contains(where: { $0 != "0" })
    else { return nil }
    (trace, parent) = (String(match.2), String(match.3))
  }
}
