import CMLX
import FoundationEssentials

/// Processes that train one model together, on one machine or several: each computes its share of every step, and all
/// take the same step. They are connected in MLX's ring, over TCP and without encryption: for networks that are trusted.
///
/// Every method must be called by all processes, in the same order. Where one of them is gone, those of the others throw
/// within seconds; a machine that vanishes without a word is noticed when TCP gives it up.
package struct ProcessGroup: Sendable, Hashable {
  /// This process's place among them, from 0. The first one reads and writes the files.
  package let rank: Int
  package let size: Int

  /// This process alone.
  package static let alone = ProcessGroup(rank: 0, size: 1)

  package var isFirst: Bool { rank == 0 }

  /// Whether a piece of work is this process's.
  package func takes(_ index: Int) -> Bool { index % size == rank }

  init(rank: Int, size: Int) { (self.rank, self.size) = (rank, size) }

  /// Connects with the others, which must all be started within half a minute (the last one calls the first for so long)
  /// with the same hosts and each its own rank.
  ///
  /// Throws `invalidOption` where this process can't be at its address, or the others are not at theirs.
  package static func join(_ hosts: HostList, rank: Int) throws(TrainingError) -> ProcessGroup {
    guard hosts.addresses.indices.contains(rank) else {
      throw .invalidOption(name: "hosts", reason: "have ranks from 0 to \(hosts.count - 1), and none is \(rank)")
    }
    for address in hosts.addresses[rank] {
      let (host, port) = HostList.parts(address)
      guard cmlx_can_listen(host, port) else {
        let reason = String(cString: cmlx_error())
        throw .invalidOption(name: "hosts", reason: "has \(address) for rank \(rank), which can't be used: \(reason)")
      }
    }
    let file = FileManager.default.temporaryDirectory.appending(path: "tandem-\(UUID().uuidString).json").path
    try TrainingFile.write(Data(hosts.json.utf8), to: file)
    defer { try? FileManager.default.removeItem(atPath: file) }
    guard cmlx_join_group(file, Int32(rank), 60) else {
      throw .invalidOption(
        name: "hosts",
        reason: "could not be connected: \(String(cString: cmlx_error())). Each needs a process, all started within "
          + "half a minute with the same hosts, each with its own rank")
    }
    return ProcessGroup(rank: rank, size: hosts.count)
  }

  /// The sum of each tensor over all processes, the same bits for all of them.
  package func sum(_ tensors: [Tensor]) throws(TrainingError) -> [Tensor] {
    guard size > 1, !tensors.isEmpty else { return tensors }
    var sums = [cmlx_array?](repeating: nil, count: tensors.count)
    guard Tensor.withHandles(tensors, { cmlx_all_sum($0, tensors.count, &sums) }) else {
      throw .operation(
        name: "a sum over \(size) processes",
        reason: "\(String(cString: cmlx_error())). Start all of them again; they go on from the last checkpoint")
    }
    return try sums.map { sum throws(TrainingError) in try Tensor(sum, "a sum over \(size) processes") }
  }

  /// Whether any process says so.
  package func any(_ isTrue: Bool) throws(TrainingError) -> Bool {
    guard size > 1 else { return isTrue }
    return try sum([Tensor(isTrue ? 1 : 0)])[0].item() > 0
  }

  /// The tensors of the first process; those of the others must have the same shapes.
  package func first(_ tensors: [Tensor]) throws(TrainingError) -> [Tensor] {
    guard size > 1 else { return tensors }
    return try sum(isFirst ? tensors : tensors.map { tensor throws(TrainingError) in try .zeros(tensor.shape) })
  }

  /// The text of the first process.
  package func first(_ text: String) throws(TrainingError) -> String {
    guard size > 1 else { return text }
    // An F32 holds a byte exactly, and a length below 2^24.
    let bytes = Array(text.utf8)
    let count = Int(try first([Tensor(Float(bytes.count))])[0].item())
    let own = isFirst ? bytes.map(Float.init) : [Float](repeating: 0, count: count)
    let values = try first([Tensor(own, shape: [count])])[0].values()
    return String(decoding: values.map { UInt8(clamping: Int($0)) }, as: UTF8.self)
  }
}
