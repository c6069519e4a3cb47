import Foundation
import TandemSupport
import Testing

@testable import TandemModels

/// That other programs compute the same from the files is checked by scripts/check-hf, which needs Python.
@Suite struct `A model in the form of Hugging Face` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `is a folder with the sizes, the vocabulary and the template of its file`() throws {
    let export = try export("nano-large")
    #expect(
      folder.names(in: "nano-large") == [
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
      ])
    let configuration = try String(contentsOf: export.url.appending(path: "config.json"), encoding: .utf8)
    #expect(
      configuration.filter { !$0.isWhitespace } == """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":0,"eos_token_id":2,"head_dim":32,\
        "hidden_act":"silu","hidden_size":128,"intermediate_size":352,"max_position_embeddings":512,"mlp_bias":false,\
        "model_type":"llama","num_attention_heads":4,"num_hidden_layers":4,"num_key_value_heads":4,"rms_norm_eps":1e-05,\
        "rope_theta":10000,"tie_word_embeddings":true,"torch_dtype":"float32","vocab_size":512}
        """)
    #expect(try export.json("generation_config.json")["eos_token_id"] as? [Int] == [2, 0])
    let tokenizer = try export.json("tokenizer_config.json")
    #expect(tokenizer["eos_token"] as? String == "<|im_end|>")
    #expect((tokenizer["chat_template"] as? String)?.hasPrefix("{% for m in messages %}<|im_start|>") == true)
  }

  @Test func `has the ids of its file`() throws {
    let tokenizer = try export("nano-large").json("tokenizer.json")
    let model = try #require(tokenizer["model"] as? [String: Any])
    let vocabulary = try #require(model["vocab"] as? [String: Int])
    #expect(vocabulary.count == 512)
    for (text, id) in [("<|im_start|>", 1), ("\n\n", 5), ("Try", 371), ("Ġ7", 268), ("Ċ", 204)] {
      #expect(vocabulary[text] == id, "\(text)")
    }
    #expect((model["merges"] as? [String])?.prefix(2) == ["Ġ 1", "Ġ 2"])
    let added = try #require(tokenizer["added_tokens"] as? [[String: Any]])
    #expect(added.map { $0["id"] as? Int } == [0, 1, 2, 3, 4, 5])
    // A control token has no text, a marker of thinking has.
    #expect(added.map { $0["special"] as? Bool } == [true, true, true, false, false, false])
    let splits = try #require(tokenizer["pre_tokenizer"] as? [String: Any])
    #expect(splits["type"] as? String == "ByteLevel" && splits["use_regex"] as? Bool == true)
  }

  @Test(arguments: HuggingFaceExport.Number.allCases)
  func `has every tensor, one after the other`(_ number: HuggingFaceExport.Number) throws {
    let file = try export("nano-small", as: number).safetensors("model.safetensors")
    #expect(file.shapes.count == 20)
    #expect(file.shapes["model.embed_tokens.weight"] == [512, 64])
    #expect(file.shapes["model.layers.1.mlp.down_proj.weight"] == [64, 192])
    #expect(file.shapes["model.norm.weight"] == [64])
    // An output matrix that is the embedding is not there twice.
    #expect(file.shapes["lm_head.weight"] == nil)
    #expect(file.start % 8 == 0)
    #expect(file.dtypes == [number.rawValue.uppercased()])
    var end = 0
    for range in file.ranges {
      #expect(range.lowerBound == end)
      end = range.upperBound
    }
    #expect(file.start + end == file.data.count)
  }

  @Test func `keeps numbers as they are, and the rows of queries in the order of transformers`() throws {
    let contents = try ModelContents(ModelStore().urls(of: .catalogue("nano-small")))
    func source(_ name: String) throws -> [Float] {
      try #require(contents.tensors.first { $0.name == name }).numbers()
    }
    let file = try export("nano-small").safetensors("model.safetensors")
    #expect(try file.numbers("model.layers.0.mlp.up_proj.weight") == source("blk.0.ffn_up.weight"))
    let (query, straight) = (
      try source("blk.0.attn_q.weight"), try file.numbers("model.layers.0.self_attn.q_proj.weight")
    )
    func row(_ numbers: [Float], _ index: Int) -> ArraySlice<Float> { numbers[index * 64..<(index + 1) * 64] }
    // Two heads of 32: rows 0, 2, 4 … of a head are its first half.
    for (target, row0) in [(0, 0), (1, 2), (15, 30), (16, 1), (31, 31), (32, 32), (33, 34), (48, 33)] {
      #expect(Array(row(straight, target)) == Array(row(query, row0)), "\(target)")
    }
  }

  @Test func `an adapter is one of peft, for the model that it names`() throws {
    let export = try export("nano-small-draft")
    let configuration = try export.json("adapter_config.json")
    #expect(configuration["r"] as? Int == 8 && configuration["lora_alpha"] as? Int == 32)
    #expect(configuration["base_model_name_or_path"] as? String == "nano-small")
    #expect((configuration["target_modules"] as? [String])?.count == 7)
    let file = try export.safetensors("adapter_model.safetensors")
    #expect(file.shapes.count == 28)
    #expect(file.shapes["base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"] == [8, 192])
    #expect(file.shapes["base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight"] == [64, 8])
  }

  @Test func `what it can't be is said, and leaves nothing`() throws {
    let store = ModelStore()
    func reason(_ name: String, base: String? = nil) -> String {
      do {
        let reference = try ModelReference(parsing: name)
        try HuggingFaceExport(.f32, store: store)
          .write(reference, base: base.map { try ModelReference(parsing: $0) }, to: folder.file("out"))
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(reason("nano-small-draft", base: "nano-large").contains("does not fit nano-large"))
    #expect(reason("nano-small", base: "nano-large").contains("has no base"))
    #expect(reason(folder.file("none.gguf").path).contains("There is no file at"))
    let other = folder.file("other.gguf")
    try Data(try Data(contentsOf: store.url(of: .catalogue("nano-small"))).renaming("llama", to: "qwen2")).write(
      to: other)
    #expect(reason(other.path).contains("its architecture is qwen2, and only llama can be exported"))
    try Data("GGUF".utf8).write(to: other)
    #expect(reason(other.path).contains("is not a whole model"))
    #expect(folder.names == ["other.gguf"])
  }

  @Test func `a folder with files in it is left alone, an empty one is filled`() throws {
    let target = folder.file("out")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    try HuggingFaceExport(.f32).write(.catalogue("nano-small"), to: target)
    #expect(folder.names(in: "out").contains("config.json"))
    #expect(throws: FileFault.refused(path: target.path, number: ENOTEMPTY)) {
      try HuggingFaceExport(.f32).write(.catalogue("nano-large"), to: target)
    }
    #expect(folder.names == ["out"])
  }

  @Test func `numbers of all types that it takes are read as llama.cpp reads them`() throws {
    let url = folder.file("numbers")
    func numbers(_ type: UInt32, _ bytes: [UInt8], count: Int) throws -> [Float] {
      try Data(bytes).write(to: url)
      return try ModelContents.Tensor(name: "t", shape: [1, count], type: type, url: url, offset: 0).numbers()
    }
    #expect(try numbers(0, [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC1], count: 2) == [1, -10])
    #expect(try numbers(1, [0, 0x3C, 0, 0xC9, 1, 0], count: 3) == [1, -10, 0x1p-24])
    #expect(try numbers(30, [0x80, 0x3F, 0x20, 0xC1], count: 2) == [1, -10])
    // A scale of 0.5, and the bytes 0, 1, …, -128.
    let block: [UInt8] = [0, 0x38] + (0..<31).map { UInt8($0) } + [0x80]
    #expect(try numbers(8, block, count: 32) == (0..<31).map { Float($0) / 2 } + [-64])
    #expect(throws: ModelError.self) { try numbers(8, [0, 0x38, 1], count: 32) }
    #expect(throws: ModelError.self) { try numbers(2, block, count: 32) }
  }

  private func export(_ name: String, as number: HuggingFaceExport.Number = .f32) throws -> ExportedFolder {
    try HuggingFaceExport(number).write(.catalogue(name), to: folder.file(name))
    return ExportedFolder(url: folder.file(name))
  }
}

extension TemporaryFolder {
  fileprivate func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: file(name).path)) ?? []).sorted()
  }
}

extension Data {
  /// With another architecture of a name as long, so that the header's lengths stay right.
  fileprivate func renaming(_ architecture: String, to other: String) -> Data {
    guard let key = range(of: Data("general.architecture".utf8)),
      let range = range(of: Data(architecture.utf8), in: key.upperBound..<endIndex)
    else { return self }
    var changed = self
    changed.replaceSubrange(range, with: other.utf8)
    return changed
  }
}

private struct ExportedFolder {
  let url: URL

  func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: url.appending(path: name))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  func safetensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(Data(contentsOf: url.appending(path: name)))
  }
}

/// A reader of the format, for the test only.
private struct SafetensorsFile {
  let data: Data
  let start: Int
  private(set) var shapes: [String: [Int]] = [:]
  private(set) var dtypes: Set<String> = []
  private var places: [String: Range<Int>] = [:]
  var ranges: [Range<Int>] { places.values.sorted { $0.lowerBound < $1.lowerBound } }

  init(_ data: Data) throws {
    self.data = data
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    start = 8 + length
    let header = try JSONSerialization.jsonObject(with: data[8..<start]) as? [String: [String: Any]]
    for (name, entry) in try #require(header) where name != "__metadata__" {
      shapes[name] = entry["shape"] as? [Int]
      dtypes.insert(try #require(entry["dtype"] as? String))
      let offsets = try #require(entry["data_offsets"] as? [Int])
      places[name] = offsets[0]..<offsets[1]
    }
  }

  /// The numbers of a tensor in F32.
  func numbers(_ name: String) throws -> [Float] {
    let range = try #require(places[name])
    return data[start + range.lowerBound..<start + range.upperBound].withUnsafeBytes { bytes in
      (0..<range.count / 4).map { Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }
  }
}
