import Foundation

/// A model of the Llama family as the files that `transformers`, vLLM and SGLang load.
struct LlamaExport {
  let configuration: LlamaHuggingFaceConfiguration
  let tokenizer: ExportedTokenizer
  let tensors: [Safetensors.Tensor]

  /// - Parameters:
  ///   - contents: What the model's files hold.
  ///   - number: How its weights will be written.
  /// - Throws: `ModelError.cannotExport` for another architecture, and for parts that a Llama of `transformers` lacks.
  init(_ contents: ModelContents, name: String, number: Safetensors.Number) throws(ModelError) {
    func fault(_ reason: String) -> ModelError { .cannotExport(name: name, reason: reason) }
    guard contents.text("general.type") != "adapter" else { throw fault("it is an adapter and no model") }
    let architecture = contents.text("general.architecture")
    guard architecture == "llama" else {
      throw fault("its architecture is \(architecture ?? "not named"), and only llama can be exported")
    }
    if let scaling = contents.text("llama.rope.scaling.type"), scaling != "none" {
      throw fault("its positions are scaled (\(scaling)), which is not supported")
    }
    tokenizer = try ExportedTokenizer(contents, name: name)
    configuration = try LlamaHuggingFaceConfiguration(contents, name: name, number: number, tokenizer)
    let heads = RotaryHeads(configuration)
    var tensors: [Safetensors.Tensor] = []
    for tensor in contents.tensors {
      guard let place = LlamaTensorName(tensor.name) else {
        throw fault("its tensor \(tensor.name) is not part of a Llama")
      }
      guard tensor.isReadable else {
        throw fault(
          "the numbers of \(tensor.name) are neither F32, F16, BF16 nor Q8_0. "
            + "`tandem models quantize` writes the model as F16, which can be exported")
      }
      tensors.append(
        Safetensors.Tensor(name: place.huggingFace + ".weight", shape: tensor.shape) {
          heads.straightened(try tensor.numbers(), rows: tensor.shape[0], of: place)
        })
    }
    self.tensors = tensors.sorted { $0.name < $1.name }
  }
}

/// What a tensor of a Llama is called: `blk.0.attn_q` here, `model.layers.0.self_attn.q_proj` there.
struct LlamaTensorName {
  let huggingFace: String
  /// The last part of the name there, such as `q_proj`.
  var module: String { String(huggingFace.split(separator: ".").last ?? "") }

  private static let outside = [
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
  ]
  private static let inside = [
    "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
  ]

  /// Reads a name in a GGUF file, with `.weight` at its end; nil for a tensor that is not part of a Llama.
  init?(_ name: String) {
    let parts = name.split(separator: ".").map(String.init)
    if parts.count == 2, parts[1] == "weight", let name = Self.outside[parts[0]] {
      huggingFace = name
    } else if parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), parts[3] == "weight",
      let name = Self.inside[parts[2]]
    {
      huggingFace = "model.layers.\(layer).\(name)"
    } else {
      return nil
    }
  }
}

/// The rows of queries and keys. llama.cpp rotates neighbours (0, 1), (2, 3) … of a head, `transformers` its halves, and
/// llama.cpp's converter orders the rows for that: `LlamaModel.permute` in its convert_hf_to_gguf.py. Here is the way back.
struct RotaryHeads {
  private let queryHeads: Int
  private let keyHeads: Int

  init(_ configuration: LlamaHuggingFaceConfiguration) {
    (queryHeads, keyHeads) = (configuration.headCount, configuration.keyHeadCount)
  }

  /// The same rows in the order of `transformers`, if they are those of queries or keys; else as they are.
  func straightened(_ numbers: [Float], rows: Int, of name: LlamaTensorName) -> [Float] {
    guard let heads = ["q_proj": queryHeads, "k_proj": keyHeads][name.module], heads > 0 else { return numbers }
    let (height, width) = (rows / heads, numbers.count / max(rows, 1))
    var straight = numbers
    for head in 0..<heads {
      for row in 0..<height {
        // Row 2i + j of a head is row i of its half j.
        let (source, target) = (head * height + row, head * height + row % 2 * (height / 2) + row / 2)
        straight.replaceSubrange(
          target * width..<(target + 1) * width, with: numbers[source * width..<(source + 1) * width])
      }
    }
    return straight
  }
}
