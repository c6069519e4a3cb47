extension RunOptions {
  /// How servers that run models are spoken to. It changes no distribution that tokens are drawn from, and stands in no
  /// plan that was begun.
  public struct Servers: Sendable, Hashable, Codable {
    /// The variable of the environment that has the key.
    public var keyVariable: String?
    /// A file with the key; if it has several lines, each is a server's address and its key.
    public var keyFile: String?
    /// A PEM file with the certificates to trust instead of the system's.
    public var certificates: String?
    /// `http://host:port` of a proxy.
    public var proxy: String?
    /// Seconds until a connection stands.
    public var connectTimeout: Double?
    /// Seconds between two bytes of an answer: longer than the longest prompt takes to be read.
    public var readTimeout: Double?
    /// Seconds that a call may spend on being repeated if the server can't be reached or is overloaded.
    public var patience: Double?
    /// How many of the likeliest tokens a server reports if an entropy is needed.
    public var reportedTokens: Int?
    /// Whether a stream stays open past a blank line, for the next thought of the same model.
    public var looksAhead: Bool?
    /// Whether a server reads what the other model wrote as soon as it is accepted.
    public var warmsUp: Bool?

    /// Options with nothing but what is given here.
    public init(
      keyVariable: String? = nil, keyFile: String? = nil, certificates: String? = nil, proxy: String? = nil,
      connectTimeout: Double? = nil, readTimeout: Double? = nil, patience: Double? = nil, reportedTokens: Int? = nil,
      looksAhead: Bool? = nil, warmsUp: Bool? = nil
    ) {
      self.keyVariable = keyVariable
      self.keyFile = keyFile
      self.certificates = certificates
      self.proxy = proxy
      self.connectTimeout = connectTimeout
      self.readTimeout = readTimeout
      self.patience = patience
      self.reportedTokens = reportedTokens
      self.looksAhead = looksAhead
      self.warmsUp = warmsUp
    }

    /// The names of the fields in files.
    public enum CodingKeys: String, CodingKey, CaseIterable {
      case keyVariable, keyFile, certificates, proxy, connectTimeout, readTimeout, patience, reportedTokens
      case looksAhead, warmsUp
    }

    /// These, with those of `base` for whatever is not given.
    public func merging(over base: Self) -> Self {
      Self(
        keyVariable: keyVariable ?? base.keyVariable, keyFile: keyFile ?? base.keyFile,
        certificates: certificates ?? base.certificates, proxy: proxy ?? base.proxy,
        connectTimeout: connectTimeout ?? base.connectTimeout, readTimeout: readTimeout ?? base.readTimeout,
        patience: patience ?? base.patience, reportedTokens: reportedTokens ?? base.reportedTokens,
        looksAhead: looksAhead ?? base.looksAhead, warmsUp: warmsUp ?? base.warmsUp)
    }
  }
}
