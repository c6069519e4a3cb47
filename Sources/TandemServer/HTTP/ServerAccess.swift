package import HummingbirdTLS

/// Who may use a server, and how it is reached.
package struct ServerAccess: Sendable {
  /// Keys; without any, everybody who reaches the server may use it.
  package var keys = APIKeys()
  /// Names under which the server is called, besides `localhost` and addresses. They only count without keys.
  package var hosts: Set<String> = []
  /// Origins whose pages may use the server, such as `https://chat.example`.
  package var origins: Set<String> = []
  /// The certificate and its key; nil for HTTP without TLS.
  package var tls: TLSFiles?

  package init() {}

  /// Throws `needsKey` if others than this machine's users could use a server without a key.
  package func validate(host: String) throws(ServerSetupError) {
    guard keys.isEmpty, !Self.isLoopback(host) else { return }
    throw .needsKey(host: host)
  }

  static func isLoopback(_ host: String) -> Bool {
    ["localhost", "::1"].contains(host.lowercased()) || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }
}

/// A certificate and its private key, as PEM files.
package struct TLSFiles: Sendable, Hashable {
  /// The server's certificate, followed by those of the authorities between it and a root.
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }

  /// Throws `invalidTLS` for a file that can't be read, or is not what it should be.
  package func configuration() throws(ServerSetupError) -> TLSConfiguration {
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
      throw .invalidTLS(path: certificate, reason: "it has no certificate in PEM form (\(error))")
    }
    do {
      let key = try NIOSSLPrivateKey(file: key, format: .pem)
      return .makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    } catch {
      throw .invalidTLS(path: key, reason: "it has no private key in PEM form (\(error))")
    }
  }
}
