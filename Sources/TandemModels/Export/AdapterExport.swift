/// A LoRA adapter as `peft` and vLLM load it.
struct AdapterExport {
  let configuration: PEFTConfiguration
  let tensors: [Safetensors.Tensor]

  /// - Parameters:
  ///   - contents: The adapter's file.
  ///   - base: The files of the model that it is for, and its configuration.
  /// - Throws: `ModelError.cannotExport` for an adapter of another kind, or of another model.
  init(
    _ contents: ModelContents, name: String, base: ModelContents, _ configuration: LlamaHuggingFaceConfiguration,
    baseName: String
  ) throws(ModelError) {
    func fault(_ reason: String) -> ModelError { .cannotExport(name: name, reason: reason) }
    guard contents.text("adapter.type") == "lora" else { throw fault("it is an adapter, and not a LoRA") }
    let heads = RotaryHeads(configuration)
    let matrices = Dictionary(base.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
    var (tensors, modules, ranks): ([Safetensors.Tensor], Set<String>, Set<Int>) = ([], [], [])
    for tensor in contents.tensors {
      let isFirst = tensor.name.hasSuffix(".lora_a")
      let matrix = String(tensor.name.dropLast(".lora_a".count))
      guard isFirst || tensor.name.hasSuffix(".lora_b"), let place = LlamaTensorName(matrix), matrix.hasPrefix("blk."),
        tensor.isReadable
      else { throw fault("its tensor \(tensor.name) is not part of a LoRA on the layers of a Llama") }
      // The first one reads what the matrix reads, the second writes what it writes; the rank is between them.
      let (rank, outer) = isFirst ? (0, 1) : (1, 0)
      guard let shape = matrices[matrix], tensor.shape.count == 2, shape.count == 2,
        tensor.shape[outer] == shape[outer]
      else { throw fault("its tensor \(tensor.name) does not fit \(baseName)") }
      modules.insert(place.module)
      ranks.insert(tensor.shape[rank])
      tensors.append(
        Safetensors.Tensor(
          name: "base_model.model.\(place.huggingFace).lora_\(isFirst ? "A" : "B").weight", shape: tensor.shape
        ) {
          let numbers = try tensor.numbers()
          return isFirst ? numbers : heads.straightened(numbers, rows: tensor.shape[0], of: place)
        })
    }
    guard let rank = ranks.first, ranks.count == 1 else {
      throw fault("its matrices have the ranks \(ranks.sorted()), and need one for all")
    }
    // Without an alpha, llama.cpp scales by 1: so does an alpha that is the rank.
    let alpha = contents.real("adapter.lora.alpha").flatMap { $0 == 0 ? nil : $0 } ?? Double(rank)
    self.configuration = PEFTConfiguration(base: baseName, rank: rank, alpha: alpha, modules: modules.sorted())
    self.tensors = tensors.sorted { $0.name < $1.name }
  }
}

/// `adapter_config.json`.
struct PEFTConfiguration: Encodable {
  let base: String
  let rank: Int
  let alpha: Double
  let modules: [String]
  let kind = "LORA"
  let task = "CAUSAL_LM"
  let bias = "none"
  let dropout = 0
  let isForInference = true

  enum CodingKeys: String, CodingKey {
    case base = "base_model_name_or_path"
    case rank = "r"
    case alpha = "lora_alpha"
    case modules = "target_modules"
    case kind = "peft_type"
    case task = "task_type"
    case bias
    case dropout = "lora_dropout"
    case isForInference = "inference_mode"
  }
}
