import NIOCore
import NIOPosix

/// What can be wrong with how a server is set up.
package enum ServerSetupError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A key, or its limits; `place` is such as "keys.2.name".
  case invalidKey(place: String, reason: String)
  /// Everybody who reaches this address could use the models.
  case needsKey(host: String)
  case invalidTLS(path: String, reason: String)
  case cannotListen(host: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .invalidKey(let place, let reason): "\(place) \(reason)."
    case .needsKey(let host): "Everybody who can reach \(host) could use the models: without keys, listen on 127.0.0.1."
    case .invalidTLS(let path, let reason): "\(path): \(reason)."
    case .cannotListen(let host, let port, let reason): "The server can't listen on \(host):\(port): \(reason)."
    }
  }
}

/// The address of a server.
package enum ServerAddress {
  /// Finds out whether a server could listen at an address, before models are loaded for it.
  ///
  /// Throws `cannotListen`.
  package static func check(host: String, port: Int) async throws(ServerSetupError) {
    do {
      let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(host: host, port: port).get()
      try await channel.close()
    } catch {
      throw .cannotListen(host: host, port: port, reason: "\(error)")
    }
  }
}
