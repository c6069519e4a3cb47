#if Servers
import ArgumentParser
import Foundation
import TandemCommandLine
import TandemServer

struct RewardsServe: AsyncParsableCommand, RunsUntilStopped {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Compute rewards over HTTP for other trainers.",
    discussion: """
      The routes are GET /health, GET /v1/rewards, POST /v1/rewards and POST /v1/judgements; requests and answers are \
      JSON. Ctrl-C or SIGTERM stops the server after it has answered the requests that it has accepted, or after ten \
      seconds; a second one stops it at once. There is no authentication: listen on another address only in a network \
      that you trust.

      EXAMPLE
        tandem rewards serve --port 8080
        curl 127.0.0.1:8080/v1/rewards -d '{"reward": "l1-max", "limit": 400,
          "groups": [{"budget": 150, "outcomes": [
            {"length": 100, "isCorrect": true},
            {"length": 200, "isCorrect": true}]}]}'
      """)

  @Option(help: "The address to listen on.") var host = "127.0.0.1"
  @Option(name: .shortAndLong, help: "The port; 0 picks a free one.") var port = 8080

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
  }

  func run() async throws {
    let (host, starts) = (host, Counter())
    do {
      var configuration = Server.Configuration()
      (configuration.host, configuration.port) = (host, port)
      try await Server(nil, configuration).run { port in
        starts.next()
        Console.write("Listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)\n", to: .standardError)
      }
    } catch {
      guard starts.value == 0 else { throw error }
      throw ValidationError("The server can't listen on \(host):\(port): \(error)")
    }
  }
}
#endif
