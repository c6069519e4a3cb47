import Foundation
import TandemInference
import Testing

@testable import TandemTraining

// Groups of several processes are tested in TandemCLITests, with processes.
@Suite struct `A group of processes` {
  @Test func `of one is that process, and sums nothing up`() throws {
    let alone = ProcessGroup.alone
    let tensor = try noise([2, 3], seed: 1)
    #expect(alone.isFirst && alone.takes(0) && alone.takes(7))
    #expect(try alone.sum([tensor])[0].values() == tensor.values())
    #expect(try alone.first("text") == "text")
    #expect(try alone.any(true) && !alone.any(false))
  }

  @Test func `shares out all of the work, each piece once`() {
    let ranks = (0..<3).map { ProcessGroup(rank: $0, size: 3) }
    for piece in 0..<12 { #expect(ranks.count { $0.takes(piece) } == 1) }
    for rank in ranks { #expect((0..<12).count { rank.takes($0) } == 4) }
  }

  @Test func `needs as many batches a step as it has processes, or a multiple`() throws {
    var trainer = try Trainer(Llama(tinyConfiguration(), seed: 1), countingDocuments(), tinyOptions(batches: 3))
    let error = failure { try trainer.join(ProcessGroup(rank: 1, size: 2)) }
    #expect(error == .invalidOption(name: "batchesPerStep", reason: "must be a multiple of the 2 processes, not 3"))
  }

  @Test func `can't be joined by a rank that has no host`() throws {
    let hosts = try HostList(parsing: "127.0.0.1:5000,127.0.0.1:5001")
    for rank in [-1, 2] {
      let error = failure { _ = try ProcessGroup.join(hosts, rank: rank) }
      #expect(error == .invalidOption(name: "hosts", reason: "have ranks from 0 to 1, and none is \(rank)"))
    }
  }

  @Test func `can't be joined at an address of another machine`() throws {
    // TEST-NET-1 (RFC 5737) is nobody's.
    let hosts = try HostList(parsing: "192.0.2.1:5000,127.0.0.1:5001")
    guard case .invalidOption("hosts", let reason) = failure({ _ = try ProcessGroup.join(hosts, rank: 0) }) else {
      Issue.record("it was joined")
      return
    }
    #expect(reason.contains("192.0.2.1:5000 for rank 0"))
  }
}

@Suite struct `A list of hosts` {
  @Test func `is written as the ring reads it`() throws {
    let hosts = try HostList(parsing: "10.0.0.1:5000,node-2.local:5001")
    #expect(hosts.json == #"[["10.0.0.1:5000"], ["node-2.local:5001"]]"#)
    #expect(hosts.count == 2)
  }

  @Test(arguments: [
    "", "a:1", "a:1,", "a,b", "a:1,b:0", "a:1,b:65536", "a:1,b:x", ":1,b:2", "a:1,a:1", "a:1,b:1:2", "a:1,b\":2",
    "a:1, b:2",
  ])
  func `that can't be one is refused`(text: String) {
    guard case .invalidOption("hosts", _) = failure({ _ = try HostList(parsing: text) }) else {
      Issue.record("'\(text)' was accepted")
      return
    }
  }

  @Test func `can be a hostfile with several connections for each process`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/hosts.json"
      try Data(#"[["10.0.0.1:5000", "10.0.1.1:5000"], ["10.0.0.2:5000", "10.0.1.2:5000"]]"#.utf8).write(
        to: URL(filePath: path))
      #expect(try HostList(path: path).addresses[1] == ["10.0.0.2:5000", "10.0.1.2:5000"])
      for bad in [#"["10.0.0.1:5000", "10.0.0.2:5000"]"#, #"[["a:1"], []]"#, #"[["a:1"], ["b:1", "c:1"]]"#] {
        try Data(bad.utf8).write(to: URL(filePath: path))
        guard case .fileInvalid = failure({ _ = try HostList(path: path) }) else {
          Issue.record("\(bad) was accepted")
          continue
        }
      }
      #expect(failure { _ = try HostList(path: "\(folder)/none") } != nil)
    }
  }
}
