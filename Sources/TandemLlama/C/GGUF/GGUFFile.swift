import FoundationEssentials
public import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The description of a model file, read without its weights. A model that is split into several files is described as
/// one, by the first of them.
public struct GGUFFile: Sendable, Hashable {
  /// The file; of a split model the first one.
  public let path: String
  /// The name by which llama.cpp knows the model's architecture, such as "llama" or "qwen3".
  public let architecture: String
  /// The model's own name for itself.
  public let name: String?
  /// The licence that it names.
  public let licence: String?
  /// Bytes of all its files.
  public let byteCount: Int
  /// Weights in all its files.
  public let parameterCount: Int
  /// Layers of the transformer.
  public let layerCount: Int
  /// Numbers in a hidden state.
  public let embeddingSize: Int
  /// Heads of keys and values.
  public let keyHeadCount: Int
  /// Numbers in one key or value of one head.
  public let headSize: Int
  /// Tokens of the longest sequence that it was trained on.
  public let trainedContext: Int
  /// Whether it brings a chat template.
  public let hasChatTemplate: Bool
  /// The sizes that its cost follows from; nil for an architecture that has other parts than a Llama.
  public let shape: ModelShape?
  /// What a user should be told before the model is used: sentences.
  public let warnings: [String]
  /// Tells this file from others, whatever their names.
  package let fingerprint: UInt64

  /// Reads the file at `path`, and the other parts of a split model.
  ///
  /// Throws `modelNotFound`, `modelUnreadable` or `modelInvalid`.
  public init(path: String) throws(EngineError) {
    var bytes = try Self.checkReadable(path)
    guard let header = GGUFHeader(path: path) else {
      throw .modelInvalid(path: path, reason: LlamaBackend.takeError() ?? "it is damaged")
    }
    if let part = header.small("split.no"), part > 0 {
      let first = Self.path(of: 0, like: path, part).map { ": give the first, \($0)" } ?? ""
      throw .modelInvalid(path: path, reason: "it is part \(part + 1) of a model\(first)")
    }
    guard let architecture = header.text("general.architecture") else {
      throw .modelInvalid(path: path, reason: "it does not name its architecture")
    }
    if let fault = header.modelFault(architecture: architecture) { throw .modelInvalid(path: path, reason: fault) }
    var (parameters, names) = (header.parameterCount, Set(header.tensors.map(\.name)))
    var fingerprint = Self.fingerprint(of: path, bytes)
    for part in 1..<max(1, header.small("split.count") ?? 1) {
      let next = try Self.part(part, of: path)
      bytes += next.bytes
      parameters &+= next.parameters
      names.formUnion(next.names)
      fingerprint = (fingerprint ^ next.fingerprint) &* 0x9e37_79b9_7f4a_7c15
    }
    self.path = path
    self.architecture = architecture
    self.fingerprint = fingerprint
    (byteCount, parameterCount) = (bytes, parameters)
    name = header.text("general.name")
    licence = header.text("general.license")
    layerCount = header.number("\(architecture).block_count") ?? 0
    embeddingSize = header.number("\(architecture).embedding_length") ?? 0
    let heads = header.number("\(architecture).attention.head_count") ?? 1
    keyHeadCount = header.number("\(architecture).attention.head_count_kv") ?? heads
    headSize = header.number("\(architecture).attention.key_length") ?? embeddingSize / max(heads, 1)
    trainedContext = header.number("\(architecture).context_length") ?? 0
    hasChatTemplate = header.text("tokenizer.chat_template")?.isEmpty == false
    shape = header.shape(architecture, tensors: names)
    warnings = header.warnings
  }

  private struct Part {
    let bytes: Int
    let parameters: Int
    let names: Set<String>
    let fingerprint: UInt64
  }

  /// Another part of a split model, counted from 0.
  private static func part(_ index: Int, of first: String) throws(EngineError) -> Part {
    guard let path = path(of: index, like: first, 0) else {
      let pattern = "NAME-00001-of-0000N.gguf"
      throw .modelInvalid(
        path: first, reason: "it is split, and its name is not \(pattern), by which the rest is found")
    }
    let bytes = try checkReadable(path)
    guard let header = GGUFHeader(path: path) else {
      throw .modelInvalid(path: path, reason: LlamaBackend.takeError() ?? "it is damaged")
    }
    guard header.small("split.no") == index else {
      throw .modelInvalid(path: path, reason: "it is not part \(index + 1) of the model that its name says")
    }
    if let fault = header.tensorFault() { throw .modelInvalid(path: path, reason: fault) }
    return Part(
      bytes: bytes, parameters: header.parameterCount, names: Set(header.tensors.map(\.name)),
      fingerprint: fingerprint(of: path, bytes))
  }

  /// The path of a part, from that of another: "…-00002-of-00003.gguf".
  private static func path(of index: Int, like path: String, _ other: Int) -> String? {
    func numbered(_ index: Int) -> String {
      let digits = String(index + 1)
      return "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + "-of-"
    }
    guard let place = path.ranges(of: numbered(other)).last else { return nil }
    return path.replacing(numbered(other), with: numbered(index), subrange: place)
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

  /// Bytes of key-value cache for `cells` tokens; `Int.max` for what no machine has.
  public func cacheByteCount(cells: Int, keys: CacheType = .f16, values: CacheType = .f16) -> Int {
    let head = headSize * (keys.blockBytes + values.blockBytes) / 32
    return [layerCount, keyHeadCount, head].reduce(cells) { product, factor in
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
