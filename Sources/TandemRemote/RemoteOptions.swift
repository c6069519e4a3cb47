/// How a server is spoken to.
public struct RemoteOptions: Sendable, Hashable {
  /// Sent as a bearer token; nil for none. It stands in no error and no trace.
  public var key: String?
  /// A PEM file with the certificates to trust instead of the system's; nil for the system's.
  public var certificates: String?
  /// `http://host:port` of a proxy; nil for none.
  public var proxy: String?
  /// Seconds until a connection stands.
  public var connectTimeout: Double
  /// Seconds between two bytes of an answer: longer than the longest prompt takes to be read.
  public var readTimeout: Double
  /// Seconds that a call may spend on being repeated where the server can't be reached or is overloaded.
  public var patience: Double
  /// How many of the likeliest tokens the server reports where an entropy is needed. vLLM allows 20 unless it is started
  /// with `--max-logprobs`.
  public var reportedTokens: Int
  /// Whether the small model's stream stays open past a blank line: the next request takes its tokens from there if it
  /// continues just there. Fewer calls; the seeds of thoughts are then those of the stream.
  public var looksAhead: Bool
  /// Seconds that a stream stays open for the next request.
  var secondsAhead = 0.25
  /// Whether the next connection stands before it is needed. A server that stops in the process that calls it, as those of
  /// tests do, can't have one arrive meanwhile.
  var opensAhead = true
  /// Whether the server reads what the other model wrote as soon as it is accepted, before this one is asked to write.
  public var warmsUp: Bool
  /// What the server calls each adapter, by the path of its file here.
  public var adapters: [String: String]

  /// The defaults of the command line.
  public init(
    key: String? = nil, certificates: String? = nil, proxy: String? = nil, connectTimeout: Double = 10,
    readTimeout: Double = 600, patience: Double = 60, reportedTokens: Int = 20, looksAhead: Bool = false,
    warmsUp: Bool = false, adapters: [String: String] = [:]
  ) {
    self.key = key
    self.certificates = certificates
    self.proxy = proxy
    self.connectTimeout = connectTimeout
    self.readTimeout = readTimeout
    self.patience = patience
    self.reportedTokens = reportedTokens
    self.looksAhead = looksAhead
    self.warmsUp = warmsUp
    self.adapters = adapters
  }
}
