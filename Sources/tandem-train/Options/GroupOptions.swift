import ArgumentParser
import Foundation
import TandemCommandLine
import TandemTraining

/// Several processes, on one machine or more, that train one model together.
struct GroupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train together with other processes: the addresses of all of them. Give each process the same list and its own "
        + "--node-rank. Without --hosts, MLX_HOSTFILE and MLX_RANK are used if set, as by mlx.launch.",
      valueName: "host:port,…"))
  var hosts: String?
  @Option(help: "This process's place in --hosts, from 0. The first process writes the files.") var nodeRank: Int?
  @Option(help: "Batches per step, divided among the processes. Default: one for each.")
  var batches: Int?

  func validate() throws {
    guard (hosts == nil) == (nodeRank == nil) else { throw ValidationError("--hosts and --node-rank belong together.") }
    guard batches.map({ (1...65536).contains($0) }) ?? true else {
      throw ValidationError("--batches must be from 1 to 65536.")
    }
  }

  /// The group that was asked for, as soon as it is complete; this process alone if there is none.
  func join() throws -> ProcessGroup {
    guard let (hosts, rank) = try place() else { return .alone }
    if rank == 0 {
      Console.write("Waiting up to a minute for the other \(hosts.count - 1) of --hosts.\n", to: .standardError)
    }
    return try ProcessGroup.join(hosts, rank: rank)
  }

  func batchesPerStep(_ group: ProcessGroup) -> Int { batches ?? group.size }

  private func place() throws -> (HostList, rank: Int)? {
    if let hosts, let nodeRank { return (try HostList(parsing: hosts), nodeRank) }
    let environment = ProcessInfo.processInfo.environment
    switch (environment["MLX_HOSTFILE"], environment["MLX_RANK"]) {
    case (nil, nil): return nil
    case (let path?, let text?):
      guard let rank = Int(text) else { throw ValidationError("MLX_RANK must be a number from 0, not '\(text)'.") }
      return (try HostList(path: path), rank)
    default:
      // Alone, each of those that were started would write the same files.
      throw ValidationError("MLX_HOSTFILE and MLX_RANK belong together; set both or none.")
    }
  }
}
