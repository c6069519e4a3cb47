import TandemInference

extension RemoteModel {
  /// Throws `unreachable` if the server does not answer within a few seconds, and `refused` while it is loading.
  public func checkAvailability() async throws {
    var impatient = options
    (impatient.connectTimeout, impatient.readTimeout, impatient.patience) = (2, 5, 0.001)
    let transport = try HTTPTransport(RemoteAddress(parsing: report.server), impatient)
    _ = try await transport.send(RemoteRequest(path: "/health"))
  }

  /// Asks the server at `address` what it is, and returns its model.
  ///
  /// - Parameters:
  ///   - address: Where the server is, and which of its models.
  ///   - options: How it is spoken to.
  ///   - parallel: The most calls at once; a server that says how many it works on gets no more than these. All models
  ///     of a host share the places.
  ///   - vocabulary: That of the model, which the server confirms.
  ///
  /// Throws `EngineError`: `unreachable`, `unauthorized`, `refused`, or `invalidParameter` for another vocabulary.
  public static func connect(
    to address: RemoteAddress, options: RemoteOptions = RemoteOptions(), parallel: Int = 64,
    vocabulary: RemoteVocabulary
  ) async throws -> RemoteModel {
    let transport = try HTTPTransport(address, options)
    let found = try await Probe(address: address, options: options, transport: transport, vocabulary: vocabulary).run()
    return RemoteModel(
      report: found.report, dialect: found.dialect, options: options, transport: transport,
      pool: .shared(by: transport.host, limit: min(parallel, found.report.slots ?? parallel)), vocabulary: vocabulary)
  }

  /// What the server at `address` is and can do, without a vocabulary to compare with.
  ///
  /// Throws `EngineError`: `unreachable`, `unauthorized` or `refused`.
  public static func report(
    of address: RemoteAddress, options: RemoteOptions = RemoteOptions()
  ) async throws -> ServerReport {
    let transport = try HTTPTransport(address, options)
    return try await Probe(address: address, options: options, transport: transport, vocabulary: nil).run().report
  }
}
