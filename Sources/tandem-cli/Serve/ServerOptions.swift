#if Servers
import TandemSetup

/// What is said about the server itself. Nil means that nothing was said.
struct ServerOptions: Sendable, Hashable, Codable {
  var host: String?
  var port: Int?
  /// The most runs that wait.
  var queue: Int?
  /// Seconds that runs have to end after the server was told to.
  var drain: Double?
  /// A file of keys.
  var keys: String?
  var tlsCertificate: String?
  var tlsKey: String?
  /// Origins whose pages may use the server.
  var origins: [String]?
  /// Names under which the server is called.
  var hosts: [String]?
  /// Whether to listen on any address without keys.
  var insecure: Bool?
  /// The folder for traces.
  var traces: String?
  /// How many traces are kept.
  var keepTraces: Int?
  /// The file for lines about requests; "-" for standard output, "none" for no log.
  var log: String?
  /// Whether these lines have what was asked.
  var logPrompts: Bool?
  /// Other names of models.
  var aliases: [String: String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case host, port, queue, drain, keys, tlsCertificate, tlsKey, origins, hosts, insecure, traces, keepTraces, log
    case logPrompts, aliases
  }

  /// These options, with those of `base` for whatever is not said.
  func merging(over base: Self) -> Self {
    Self(
      host: host ?? base.host, port: port ?? base.port, queue: queue ?? base.queue, drain: drain ?? base.drain,
      keys: keys ?? base.keys, tlsCertificate: tlsCertificate ?? base.tlsCertificate, tlsKey: tlsKey ?? base.tlsKey,
      origins: origins ?? base.origins, hosts: hosts ?? base.hosts, insecure: insecure ?? base.insecure,
      traces: traces ?? base.traces, keepTraces: keepTraces ?? base.keepTraces, log: log ?? base.log,
      logPrompts: logPrompts ?? base.logPrompts, aliases: aliases ?? base.aliases)
  }

  /// These options, with the defaults for whatever is not said.
  func overDefaults() -> Self {
    merging(
      over: Self(
        host: "127.0.0.1", port: 8080, queue: 64, drain: 30, insecure: false, keepTraces: traces == nil ? nil : 1000,
        log: "-",
        logPrompts: false))
  }

  /// Throws `SetupError.invalidOption`, naming the first value that makes no sense.
  func validate() throws(SetupError) {
    func check(_ name: String, _ holds: Bool?, _ rule: String) throws(SetupError) {
      if holds == false { throw .invalidOption(name: name, reason: "must be \(rule)") }
    }
    try check("port", port.map { 0...65_535 ~= $0 }, "from 0 to 65535")
    try check("queue", queue.map { 0...100_000 ~= $0 }, "from 0 to 100000")
    try check("drain", drain.map { $0 >= 0 && $0 <= 86_400 }, "from 0 to 86400 seconds")
    try check("keepTraces", keepTraces.map { $0 >= 1 }, "at least 1")
    try check("keepTraces", keepTraces == nil || traces != nil ? nil : false, "left out if no traces are kept")
    try check("tlsKey", (tlsCertificate == nil) == (tlsKey == nil) ? nil : false, "given together with tlsCertificate")
    for origin in origins ?? [] where origin.wholeMatch(of: /https?:\/\/[^\/\s]+/) == nil {
      throw .invalidOption(name: "origins", reason: "has '\(origin)', which is not like https://chat.example")
    }
  }
}
#endif
