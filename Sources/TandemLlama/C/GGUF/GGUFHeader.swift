import CLlama
import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The metadata and tensor list of a GGUF file. Owns a `gguf_context`; freed with it.
struct GGUFHeader: ~Copyable {
  private let file: OpaquePointer

  /// Nil where the file can't be read as GGUF; `LlamaBackend.takeError` tells why.
  init?(path: String) {
    LlamaBackend.start()
    _ = LlamaBackend.takeError()
    guard let file = gguf_init_from_file(path, gguf_init_params(no_alloc: true, ctx: nil)) else { return nil }
    self.file = file
  }

  deinit { gguf_free(file) }

  // llama.cpp aborts where a value is read as another type than it has: each type is asked for first.

  private func find(_ key: String, _ type: gguf_type) -> Int64? {
    let id = gguf_find_key(file, key)
    return id >= 0 && gguf_get_kv_type(file, id) == type ? id : nil
  }

  func has(_ key: String) -> Bool { gguf_find_key(file, key) >= 0 }

  func text(_ key: String) -> String? {
    find(key, GGUF_TYPE_STRING).flatMap { gguf_get_val_str(file, $0) }.map { String(cString: $0) }
  }

  func number(_ key: String) -> Int? { find(key, GGUF_TYPE_UINT32).map { Int(gguf_get_val_u32(file, $0)) } }

  /// A number below 65,536, which is how the parts of a split model are counted.
  func small(_ key: String) -> Int? { find(key, GGUF_TYPE_UINT16).map { Int(gguf_get_val_u16(file, $0)) } }

  /// Whether there is an array of real numbers under `key`.
  func hasNumbers(_ key: String) -> Bool {
    find(key, GGUF_TYPE_ARRAY).map { gguf_get_arr_type(file, $0) == GGUF_TYPE_FLOAT32 } ?? false
  }

  /// What the weights' places are multiples of, in bytes.
  var alignment: Int { gguf_get_alignment(file) }

  /// A whole number, with a sign or without.
  func integer(_ key: String) -> Int? {
    number(key) ?? find(key, GGUF_TYPE_INT32).map { Int(gguf_get_val_i32(file, $0)) }
  }

  func real(_ key: String) -> Float? { find(key, GGUF_TYPE_FLOAT32).map { gguf_get_val_f32(file, $0) } }

  /// The names of all values.
  var keys: [String] {
    (0..<gguf_get_n_kv(file)).compactMap { id in gguf_get_key(file, id).map { String(cString: $0) } }
  }

  /// Calls `body` with the bytes of each text of an array, until it returns false; nil where there is no such array. The
  /// bytes are only lent.
  func forEachText(of key: String, _ body: (Int, UnsafeRawBufferPointer) -> Bool) -> Int? {
    guard let id = find(key, GGUF_TYPE_ARRAY), gguf_get_arr_type(file, id) == GGUF_TYPE_STRING else { return nil }
    let count = gguf_get_arr_n(file, id)
    for index in 0..<count {
      guard let text = gguf_get_arr_str(file, id, index) else { break }
      guard body(index, UnsafeRawBufferPointer(start: text, count: strlen(text))) else { break }
    }
    return count
  }

  /// A tensor's name, and where its bytes are.
  struct Tensor {
    let name: String
    let offset: Int
    let byteCount: Int
    /// Whether it is one row in F32.
    let isRow: Bool
    let isFloat32: Bool
    /// Whether it is multiplied with, or rows are taken from it: two dimensions or more, and no norm or bias.
    let isMatrix: Bool
    /// Whether ggml can multiply with numbers of its type.
    let canBeMultiplied: Bool
    let typeName: String
  }

  var tensors: [Tensor] {
    (0..<gguf_get_n_tensors(file)).map { index in
      let (type, bytes) = (gguf_get_tensor_type(file, index), gguf_get_tensor_size(file, index))
      let sizes = UnsafeBufferPointer(start: gguf_get_tensor_ne(file, index), count: Int(GGML_MAX_DIMS))
      let (name, length) = (String(cString: gguf_get_tensor_name(file, index)), sizes.first ?? 0)
      let hasRole = name.contains("norm") || name.hasSuffix(".bias")
      return Tensor(
        name: name,
        offset: gguf_get_data_offset(file) &+ gguf_get_tensor_offset(file, index), byteCount: bytes,
        isRow: type == GGML_TYPE_F32 && length > 0 && Int(length) == bytes / 4, isFloat32: type == GGML_TYPE_F32,
        isMatrix: sizes.dropFirst().contains { $0 > 1 } && !hasRole || name.contains(".lora_"),
        // Tables of whole numbers, which DeepSeek's hash layers have, are looked up.
        canBeMultiplied: ggml_get_type_traits_cpu(type)?.pointee.vec_dot != nil || name.contains("tid2eid"),
        typeName: String(cString: ggml_type_name(type)))
    }
  }

  /// The names of chat templates beside the default one.
  var namedTemplates: [String] {
    let prefix = "tokenizer.chat_template."
    return keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  /// Weights of all tensors. A damaged file may claim any shapes: a sum that is too large wraps, and does not trap.
  var parameterCount: Int {
    (0..<gguf_get_n_tensors(file)).reduce(0) { sum, index in
      let type = gguf_get_tensor_type(file, index)
      let blocks = gguf_get_tensor_size(file, index) / max(ggml_type_size(type), 1)
      return sum &+ blocks &* Int(ggml_blck_size(type))
    }
  }

  /// The sizes of a dense transformer with a gated feed-forward layer.
  ///
  /// - Parameter tensors: The names of all tensors, those in other parts of the model included.
  func shape(_ architecture: String, tensors: Set<String>) -> ModelShape? {
    func size(_ key: String) -> Int? { number("\(architecture).\(key)") }
    let isDense = size("expert_count") ?? 0 == 0 && tensors.contains("blk.0.ffn_gate.weight")
    guard isDense, let layers = size("block_count"), let width = size("embedding_length"),
      let heads = size("attention.head_count"), heads > 0, let feedForward = size("feed_forward_length"),
      let vocabulary = size("vocab_size") ?? forEachText(of: "tokenizer.ggml.tokens", { _, _ in false })
    else { return nil }
    return ModelShape(
      layers: layers, width: width, heads: heads, keyValueHeads: size("attention.head_count_kv"),
      headWidth: size("attention.key_length"), feedForward: feedForward, vocabulary: vocabulary,
      tiesEmbeddings: !tensors.contains("output.weight"))
  }
}

extension GGUFHeader.Tensor {
  /// Its numbers; nil where it is not a row in F32, or the file ends before it does.
  func numbers(in file: UnsafeMutablePointer<FILE>) -> [Float]? {
    // No model is a million wide: a damaged file may claim any size.
    guard isRow, byteCount <= 4 << 20, fseek(file, offset, SEEK_SET) == 0 else { return nil }
    var numbers = [Float](repeating: 0, count: byteCount / 4)
    return fread(&numbers, 4, numbers.count, file) == numbers.count ? numbers : nil
  }
}
