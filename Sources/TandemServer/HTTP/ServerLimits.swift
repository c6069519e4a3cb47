/// How large and how slow a request may be.
package struct ServerLimits: Sendable {
  /// The most bytes of a request's body.
  package static let uploadLimit = 16 * 1024 * 1024
  /// The most bytes of a response that may lie unread.
  static let unreadBytes = 4 * 1024 * 1024

  /// The most bytes of a body.
  package var body = uploadLimit
  /// How long a body may take to arrive.
  package var reading: Duration = .seconds(60)
  /// How long a connection may stay open without a request, or with half of one's head.
  package var idle: Duration = .seconds(60)
  /// How long a client may leave a piece of a response unread.
  package var writing: Duration = .seconds(60)
  /// After how much silence a stream has a line that says that it is alive.
  package var ping: Duration = .seconds(15)
  /// How long runs may continue after the server was told to end. Then their thinking is ended.
  package var draining: Duration = .seconds(30)
  /// How long requests may take to be answered after that.
  package var ending: Duration = .seconds(10)
  /// The most seconds of a run, from the arrival of its request; nil for no limit.
  package var deadline: Duration?

  package init() {}
}
