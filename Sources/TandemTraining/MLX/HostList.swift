import FoundationEssentials
import TandemSupport

/// The addresses of processes that compute together, by their rank: what MLX's users have in a hostfile.
package struct HostList: Sendable, Hashable {
  /// One or several HOST:PORT for each process; several are connections side by side.
  package let addresses: [[String]]

  package var count: Int { addresses.count }

  /// Reads HOST:PORT,HOST:PORT. Throws `invalidOption`.
  package init(parsing text: String) throws(TrainingError) {
    try self.init(text.split(separator: ",", omittingEmptySubsequences: false).map { [String($0)] })
  }

  /// Reads a hostfile of MLX's ring, such as `mlx.launch` makes. Throws `fileUnreadable` or `fileInvalid`.
  package init(path: String) throws(TrainingError) {
    let data = try TrainingFile.contents(of: path)
    guard let lists = try? JSONDecoder().decode([[String]].self, from: data) else {
      throw .fileInvalid(path: path, reason: "it is not a hostfile such as [[\"10.0.0.1:5000\"], [\"10.0.0.2:5000\"]]")
    }
    do { try self.init(lists) } catch { throw .fileInvalid(path: path, reason: error.description.clause) }
  }

  private init(_ addresses: [[String]]) throws(TrainingError) {
    func fail(_ reason: String) -> TrainingError { .invalidOption(name: "hosts", reason: reason) }
    guard addresses.count >= 2 else { throw fail("must be at least two, as HOST:PORT,HOST:PORT") }
    for address in addresses.joined() {
      let parts = Self.parts(address)
      let isHost = parts.host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
      guard !parts.host.isEmpty, isHost, let port = UInt16(parts.port), port > 0 else {
        throw fail("must be HOST:PORT,HOST:PORT; '\(address)' is none, with a port from 1 to 65535")
      }
    }
    guard let width = addresses.first?.count, width > 0, addresses.allSatisfy({ $0.count == width }) else {
      throw fail("must have the same number of addresses for each process")
    }
    let all = addresses.joined()
    guard Set(all).count == all.count else { throw fail("must be different from each other") }
    self.addresses = addresses
  }

  static func parts(_ address: String) -> (host: String, port: String) {
    let parts = address.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (parts[0], parts.count == 2 ? parts[1] : "")
  }

  /// What the ring reads.
  var json: String {
    "[" + addresses.map { "[\"" + $0.joined(separator: "\", \"") + "\"]" }.joined(separator: ", ") + "]"
  }
}
