/// What changes a model's weights or activations for one session; a cache made with one is of no use to another.
public struct Adapter: Sendable, Hashable, Codable {
  /// Low-rank updates from GGUF files, each with a scale.
  public var lora: [LoRA]
  /// A direction added to the hidden states of some layers.
  public var controlVector: ControlVector?
  /// Control vectors from GGUF files, each with a scale; they add up, with `controlVector` too.
  public var controlVectorFiles: [ControlVectorFile]

  /// An adapter of these parts.
  public init(
    lora: [LoRA] = [], controlVector: ControlVector? = nil, controlVectorFiles: [ControlVectorFile] = []
  ) {
    self.lora = lora
    self.controlVector = controlVector
    self.controlVectorFiles = controlVectorFiles
  }

  /// Low-rank updates from a GGUF file (arXiv:2106.09685).
  public struct LoRA: Sendable, Hashable, Codable {
    /// The file.
    public var path: String
    /// Multiplies the updates.
    public var scale: Float

    /// The updates in the file at `path`.
    public init(path: String, scale: Float = 1) {
      self.path = path
      self.scale = scale
    }
  }

  /// A direction for each of some layers, added to their hidden states.
  public struct ControlVector: Sendable, Hashable, Codable {
    /// `[layers − 1, embedding size]`, the first row for layer 1: what is added to each layer's output.
    public var directions: [[Float]]
    /// The layers it acts on, counted from 1.
    public var layers: ClosedRange<Int>
    /// The tokens it acts on.
    public var positions: Positions

    /// A vector of these directions.
    public init(directions: [[Float]], layers: ClosedRange<Int>, positions: Positions = .all) {
      self.directions = directions
      self.layers = layers
      self.positions = positions
    }

    /// Which tokens a control vector acts on.
    public enum Positions: String, Sendable, Hashable, Codable, CaseIterable {
      /// Every token.
      case all
      /// Those after which the text stands at a blank line, as SEAL has it (arXiv:2504.07986, Sec. 3).
      case blankLines = "blank-lines"
    }
  }

  /// A control vector in a GGUF file.
  public struct ControlVectorFile: Sendable, Hashable, Codable {
    /// The file.
    public var path: String
    /// Multiplies the directions.
    public var scale: Float

    /// The vector in the file at `path`.
    public init(path: String, scale: Float = 1) {
      self.path = path
      self.scale = scale
    }
  }
}

extension Adapter {
  /// What a model must be able to do to put it on.
  public var needs: EngineCapabilities {
    let hasVector = controlVector != nil || !controlVectorFiles.isEmpty
    return EngineCapabilities(lora.isEmpty ? [] : [.adapters]).union(hasVector ? .controlVectors : [])
  }
}

extension LanguageModel {
  /// Throws `unsupported` if the model can't put `adapter` on.
  package func check(_ adapter: Adapter?) throws(EngineError) {
    guard let adapter else { return }
    let lacking = capabilities.lacking(adapter.needs)
    guard lacking.isEmpty else {
      throw .unsupported(capability: lacking.names.joined(separator: ", "), engine: name)
    }
  }
}
