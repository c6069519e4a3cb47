/// Something a server answered that can't be right. The transport adds the server's name: `EngineError.badResponse`.
struct RemoteFault: Error, Sendable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
