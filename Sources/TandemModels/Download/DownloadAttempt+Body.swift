import Foundation
import TandemSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension DownloadAttempt {
  func receive(_ data: Data) throws {
    var data = data
    if let (origin, bytes) = beginning {
      data = bytes + data
      guard data.count >= 4 else {
        beginning?.bytes = data
        return
      }
      try checkBeginning(data)
      beginning = nil
      try partial.startOver()
      try partial.remember(origin)
    }
    let end = partial.size + Int64(data.count)
    if let longest = partial.origin.total ?? model?.longestByteCount, end > longest {
      try reject(.lengthMismatch(file: download.request.label, expected: longest, received: end))
    }
    try partial.append(data)
    meter.update(.downloading, done: partial.size, total: partial.origin.total ?? model?.byteCount)
    try look()
  }

  /// Reads the header once it is here: what is no model is refused early, and a body without a length gets a bound.
  private func look() throws {
    guard model == nil, partial.size >= nextLook else { return }
    // Twice as far each time, so that all looks together cost no more than two.
    nextLook = max(1 << 16, partial.size * 2)
    do throws(ModelFile.Fault) {
      model = try ModelFile(partial.url)
    } catch {
      switch error {
      case .invalid(let reason): try reject(.noModel(host: host, reason))
      case .cutShort where partial.size > ModelFile.longestHeader:
        try reject(.noModel(host: host, "it has a header without an end"))
      case .cutShort: return
      }
    }
    guard let needed = model?.byteCount else { return }
    guard let total = partial.origin.total else { return try checkSpace(for: needed) }
    if total < needed { try reject(.noModel(host: host, "it has only \(total) of \(needed) bytes")) }
  }

  /// Throws, and discards what is here; if that came from two answers, one more is asked for the whole.
  private func reject(_ error: ModelError) throws {
    try partial.startOver()
    throw isResumed ? Setback.startOver(error) : error
  }

  /// Refuses a page that a proxy puts in the place of the file, before what is here already makes room for it.
  private func checkBeginning(_ data: Data) throws {
    guard let reason = ModelFile.fault(inBeginning: Array(data.prefix(24))) else { return }
    let error = ModelError.noModel(host: host, reason)
    // After the request for a rest it may be just that rest, without a word about its range.
    throw partial.isResumable && data.first != UInt8(ascii: "<") ? Setback.startOver(error) : error
  }

  func checkLength() throws {
    if let (origin, bytes) = beginning {
      if let total = origin.total, bytes.count < total { throw brokenOff(total, Int64(bytes.count)) }
      return try checkBeginning(bytes)
    }
    let total = partial.origin.total ?? model?.byteCount
    meter.update(.downloading, done: partial.size, total: total, force: true)
    if let total, partial.size < total { throw brokenOff(total, partial.size) }
    guard total != nil else { throw Setback.again(.noModel(host: host, "it ends within its header"), after: nil) }
  }

  private func brokenOff(_ total: Int64, _ received: Int64) -> Setback {
    .again(.lengthMismatch(file: download.request.label, expected: total, received: received), after: nil)
  }

  /// What a failure of the connection means for the file.
  func failure(_ error: URLError) -> any Error {
    switch error.code {
    case .unsupportedURL:
      return ModelError.unexpectedAnswer(host: host, reason: "it does not speak HTTP")
    case .badURL:
      let address = target.absoluteString.addressWithoutSecrets
      return ModelError.unexpectedAnswer(host: host, reason: "\(address) is not an address")
    case .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
      .serverCertificateNotYetValid, .secureConnectionFailed, .clientCertificateRejected:
      return ModelError.untrusted(host: host, reason: error.localizedDescription.clause)
    // On Linux a certificate has no code of its own, only curl's words.
    case _ where error.localizedDescription.contains("certificate"):
      return ModelError.untrusted(host: host, reason: error.localizedDescription.clause)
    default:
      // A body that ends early is reported as a lost connection; how much is missing says more.
      let total = beginning?.origin.total ?? partial.origin.total ?? model?.byteCount
      let size = beginning.map { Int64($0.bytes.count) } ?? partial.size
      if isReceiving, let total, size < total { return brokenOff(total, size) }
      return Setback.again(.connectionFailed(host: host, reason: error.localizedDescription.clause), after: nil)
    }
  }
}
