import FoundationEssentials
import TandemInference

extension LlamaParameters {
  /// The same with as many cells as this machine can hold, if nothing says how many there are. One whole session has to fit
  /// in, and what is asked for in words.
  ///
  /// Throws `invalidParameter`.
  func withinMemory(of file: GGUFFile) throws(EngineError) -> Self {
    if cacheTypeK.isQuantized || cacheTypeV.isQuantized, !file.headSize.isMultiple(of: 32) {
      let (name, type) = cacheTypeK.isQuantized ? ("cacheTypeK", cacheTypeK) : ("cacheTypeV", cacheTypeV)
      let heads = "whose heads are \(file.headSize) numbers wide, not 32 or 64"
      let reason = "can't be \(type.rawValue) with \(file.path), \(heads)"
      throw .invalidParameter(name: name, reason: reason)
    }
    let memory = Int(ProcessInfo.processInfo.physicalMemory)
    func bytes(_ cells: Int) -> Int { file.cacheByteCount(cells: cells, keys: cacheTypeK, values: cacheTypeV) }
    // More memory can be had, and takes the machine down when it is touched.
    guard cache == .shared, cells == nil else {
      guard bytes(totalCells) < memory else {
        let (name, subject) = cells == nil ? ("contextSize", "times sequences needs") : ("cells", "need")
        let reason = "\(subject) \(bytes(totalCells) >> 20) MB of cache, more than this machine has"
        throw .invalidParameter(name: name, reason: reason)
      }
      return self
    }
    guard bytes(contextSize) < memory else {
      let reason = "needs \(bytes(contextSize) >> 20) MB of cache, more than this machine has"
      throw .invalidParameter(name: "contextSize", reason: reason)
    }
    guard bytes(totalCells) >= memory else { return self }
    var parameters = self
    parameters.cells = max(contextSize, memory / max(1, bytes(1)))
    return parameters
  }
}
