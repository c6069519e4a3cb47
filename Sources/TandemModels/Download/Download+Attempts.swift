import Foundation

/// Why one attempt ended, if another one is worth it.
enum Setback: Error {
  case again(ModelError, after: Duration?)
  /// What lies on the disk is not a part of what the server has now.
  case startOver(ModelError)
}

extension PartialFile {
  /// Only a strong validator makes sure that the rest is of the same file.
  var isResumable: Bool { size > 0 && origin.etag != nil }

  /// Everything had arrived before the process ended.
  var isWhole: Bool { isResumable && origin.total == size }
}

extension Download {
  func repeatAttempts(_ partial: PartialFile, _ meter: ProgressMeter) async throws {
    var failures = 0
    var restarts = 0
    while true {
      let before = partial.size
      do {
        return try await DownloadAttempt(self, partial, meter).run()
      } catch Setback.startOver(let error) {
        restarts += 1
        guard restarts <= 2 else { throw error }
        try partial.startOver()
      } catch Setback.again(let error, let wanted) {
        failures = partial.size - before >= patience.worthwhile ? 1 : failures + 1
        // A little chance, so that many who were cut off together do not come back together.
        let backOff = patience.firstDelay * Int(1 << min(failures - 1, 6)) * Double.random(in: 0.75...1.25)
        let delay = wanted ?? min(backOff, patience.longestDelay)
        guard failures < patience.attempts, delay <= patience.longestDelay else { throw error }
        meter.enter(.waiting, done: partial.size, total: partial.origin.total)
        try await Task.sleep(for: delay)
      }
    }
  }
}
