import CLlama
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

  /// Throws `modelNotFound`, `modelUnreadable` or `modelInvalid`.
  public init(path: String) throws(EngineError) {
    LlamaBackend.start()
    byteCount = try Self.checkReadable(path)
    _ = LlamaBackend.takeError()
    guard let file = gguf_init_from_file(path, gguf_init_params(no_alloc: true, ctx: nil)) else {
      throw .modelInvalid(path: path, reason: LlamaBackend.takeError() ?? "it is damaged")
    }
    defer { gguf_free(file) }
    func text(_ key: String) -> String? {
      let id = gguf_find_key(file, key)
      guard id >= 0, gguf_get_kv_type(file, id) == GGUF_TYPE_STRING else { return nil }
      return gguf_get_val_str(file, id).map { String(cString: $0) }
    }
    func number(_ key: String) -> Int? {
      let id = gguf_find_key(file, key)
      guard id >= 0, gguf_get_kv_type(file, id) == GGUF_TYPE_UINT32 else { return nil }
      return Int(gguf_get_val_u32(file, id))
    }
    guard let architecture = text("general.architecture") else {
      throw .modelInvalid(path: path, reason: "it does not name its architecture")
    }
    self.path = path
    self.architecture = architecture
    name = text("general.name")
    licence = text("general.license")
    layerCount = number("\(architecture).block_count") ?? 0
    embeddingSize = number("\(architecture).embedding_length") ?? 0
    let heads = number("\(architecture).attention.head_count") ?? 1
    keyHeadCount = number("\(architecture).attention.head_count_kv") ?? heads
    headSize = number("\(architecture).attention.key_length") ?? embeddingSize / max(heads, 1)
    trainedContext = number("\(architecture).context_length") ?? 0
    hasChatTemplate = text("tokenizer.chat_template") != nil
    parameterCount = (0..<gguf_get_n_tensors(file)).reduce(0) { sum, index in
      let type = gguf_get_tensor_type(file, index)
      let blocks = gguf_get_tensor_size(file, index) / max(ggml_type_size(type), 1)
      return sum + blocks * Int(ggml_blck_size(type))
    }
  }

  /// Bytes of key-value cache for `cells` tokens, in F16.
  public func cacheByteCount(cells: Int) -> Int { cells * layerCount * keyHeadCount * headSize * 2 * 2 }

  /// The size of the file; says what llama.cpp would only report as "failed to load".
  static func checkReadable(_ path: String) throws(EngineError) -> Int {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .modelNotFound(path: path)
    }
    if isDirectory { throw .modelUnreadable(path: path, reason: "it is a folder") }
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
