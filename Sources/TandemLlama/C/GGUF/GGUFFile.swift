import FoundationEssentials
public import TandemInference

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The description of a model file, read without its weights: what `tandem doctor` and `models info` need.
public struct GGUFFile: Sendable, Hashable {
  public let path: String
  public let architecture: String
  public let name: String?
  public let licence: String?
  /// Bytes of the file.
  public let byteCount: Int
  public let parameterCount: Int
  public let layerCount: Int
  public let embeddingSize: Int
  public let keyHeadCount: Int
  /// Numbers in one key or value of one head.
  public let headSize: Int
  public let trainedContext: Int
  public let hasChatTemplate: Bool
  /// The sizes that its cost follows from; nil for an architecture that has other parts than a Llama.
  public let shape: ModelShape?
  /// Tells this file from others, whatever their names.
  package let fingerprint: UInt64

  /// Throws `modelNotFound`, `modelUnreadable` or `modelInvalid`.
  public init(path: String) throws(EngineError) {
    byteCount = try Self.checkReadable(path)
    guard let header = GGUFHeader(path: path) else {
      throw .modelInvalid(path: path, reason: LlamaBackend.takeError() ?? "it is damaged")
    }
    guard let architecture = header.text("general.architecture") else {
      throw .modelInvalid(path: path, reason: "it does not name its architecture")
    }
    if let fault = header.modelFault(architecture: architecture) { throw .modelInvalid(path: path, reason: fault) }
    self.path = path
    self.architecture = architecture
    name = header.text("general.name")
    licence = header.text("general.license")
    layerCount = header.number("\(architecture).block_count") ?? 0
    embeddingSize = header.number("\(architecture).embedding_length") ?? 0
    let heads = header.number("\(architecture).attention.head_count") ?? 1
    keyHeadCount = header.number("\(architecture).attention.head_count_kv") ?? heads
    headSize = header.number("\(architecture).attention.key_length") ?? embeddingSize / max(heads, 1)
    trainedContext = header.number("\(architecture).context_length") ?? 0
    hasChatTemplate = header.text("tokenizer.chat_template") != nil
    parameterCount = header.parameterCount
    shape = header.shape(architecture)
    fingerprint = Self.fingerprint(of: path, byteCount)
  }

  /// Throws `adapterInvalid` for a file that llama.cpp would abort on when asked to load it as a LoRA.
  static func checkAdapter(_ path: String) throws(EngineError) {
    let header = try adapterHeader(path)
    if let fault = header.adapterFault() { throw .adapterInvalid(path: path, reason: fault) }
  }

  /// The header of a file that goes with a model; throws `adapterInvalid` where it can't be read.
  static func adapterHeader(_ path: String) throws(EngineError) -> GGUFHeader {
    do throws(EngineError) {
      _ = try checkReadable(path)
    } catch {
      throw switch error {
      case .modelNotFound: .adapterInvalid(path: path, reason: "there is no such file")
      case .modelUnreadable(_, let reason), .modelInvalid(_, let reason): .adapterInvalid(path: path, reason: reason)
      default: error
      }
    }
    guard let header = GGUFHeader(path: path) else {
      throw .adapterInvalid(path: path, reason: LlamaBackend.takeError() ?? "it is damaged")
    }
    return header
  }

  /// Bytes of key-value cache for `cells` tokens, in F16; `Int.max` for what no machine has.
  public func cacheByteCount(cells: Int) -> Int {
    [layerCount, keyHeadCount, headSize, 4].reduce(cells) { product, factor in
      let (next, overflows) = product.multipliedReportingOverflow(by: factor)
      return overflows ? .max : next
    }
  }

  /// Sixteen samples from all over the file: two trainings of one model differ in every weight.
  private static func fingerprint(of path: String, _ byteCount: Int) -> UInt64 {
    var fingerprint = Fingerprint()
    guard let file = fopen(path, "rb") else { return 0 }
    defer { fclose(file) }
    var sample = [UInt8](repeating: 0, count: 1024)
    for part in 0..<16 {
      fseek(file, byteCount / 16 * part, SEEK_SET)
      let count = fread(&sample, 1, sample.count, file)
      fingerprint.combine(sample.prefix(count))
    }
    return fingerprint.value
  }

  /// The size of the file; says what llama.cpp would only report as "failed to load".
  static func checkReadable(_ path: String) throws(EngineError) -> Int {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .modelNotFound(path: path)
    }
    if isDirectory { throw .modelUnreadable(path: path, reason: "it is a folder") }
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    let type = (try? FileManager.default.attributesOfItem(atPath: target))?[.type] as? FileAttributeType
    // Opening a named pipe would wait for somebody to write into it.
    guard type == .typeRegular else { throw .modelUnreadable(path: path, reason: "it is not an ordinary file") }
    guard let file = fopen(path, "rb") else {
      throw .modelUnreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var magic = [UInt8](repeating: 0, count: 4)
    guard fread(&magic, 1, 4, file) == 4, magic == Array("GGUF".utf8) else {
      throw .modelInvalid(path: path, reason: "it does not begin as a GGUF file does")
    }
    fseek(file, 0, SEEK_END)
    return ftell(file)
  }
}
