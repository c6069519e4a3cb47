import CLlama
import FoundationEssentials
public import TandemInference

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Control vectors as files, in the form of llama.cpp's `cvector-generator` and `--control-vector`: a tensor
/// `direction.N`, `[embedding size]` in F32, for each layer N that it acts on. That one acts at blank lines only is ours,
/// and other programs don't heed it.
extension Adapter.ControlVector {
  private static let positionsKey = "tandem.controlvector.positions"

  /// Reads a file. Layers without a tensor are left alone; `controlvector.layer_count`, where there is one, tells how
  /// many rows there are.
  ///
  /// Throws `adapterInvalid` where it is no such file.
  public init(contentsOf path: String) throws(EngineError) {
    let header = try GGUFFile.adapterHeader(path)
    func fault(_ reason: String) -> EngineError { .adapterInvalid(path: path, reason: reason) }
    guard header.text("general.architecture") == "controlvector" else { throw fault("it is not a control vector") }
    guard let file = fopen(path, "rb") else { throw fault(String(cString: strerror(errno))) }
    defer { fclose(file) }
    var directions: [Int: [Float]] = [:]
    for tensor in header.tensors where tensor.name.hasPrefix("direction.") {
      guard let layer = Int(tensor.name.dropFirst("direction.".count)), (1...512).contains(layer) else {
        throw fault("it has a tensor \(tensor.name), and layers are counted from 1")
      }
      guard let numbers = tensor.numbers(in: file) else {
        throw fault("its tensor \(tensor.name) is not a row of numbers in F32, or is cut short")
      }
      directions[layer] = numbers
    }
    guard let width = directions.values.first?.count, let last = directions.keys.max() else {
      throw fault("it has no directions")
    }
    guard directions.values.allSatisfy({ $0.count == width }) else { throw fault("its directions differ in length") }
    let count = max(last, min(header.integer("controlvector.layer_count") ?? 0, 512))
    let none = [Float](repeating: 0, count: width)
    let place = header.text(Self.positionsKey) ?? Positions.all.rawValue
    guard let positions = Positions(rawValue: place) else {
      throw fault("it acts on \(place), and only these are known: \(Positions.allCases.map(\.rawValue))")
    }
    self.init(directions: (1...count).map { directions[$0] ?? none }, layers: 1...count, positions: positions)
  }

  /// Writes the directions of its layers; a layer whose numbers are all 0 is left out.
  ///
  /// - Parameters:
  ///   - path: Where; a file that is there is replaced.
  ///   - model: The architecture of the model that it is for, such as "llama": a hint for people.
  /// - Throws: `adapterInvalid` if there is nothing to write, or the file can't be written.
  public func write(to path: String, model: String) throws(EngineError) {
    let rows = directions.enumerated().map { (layer: $0 + 1, row: $1) }
      .filter { layers.contains($0.layer) && $0.row.contains { $0 != 0 } }
    guard !rows.isEmpty else { throw .adapterInvalid(path: path, reason: "all its directions are 0") }
    let size = rows.reduce(0) { $0 + $1.row.count * 4 + ggml_tensor_overhead() + 64 }
    guard let file = gguf_init_empty(),
      let memory = ggml_init(ggml_init_params(mem_size: size, mem_buffer: nil, no_alloc: false))
    else { throw .adapterInvalid(path: path, reason: "there is no memory for it") }
    defer {
      gguf_free(file)
      ggml_free(memory)
    }
    gguf_set_val_str(file, "general.architecture", "controlvector")
    gguf_set_val_str(file, "controlvector.model_hint", model)
    gguf_set_val_i32(file, "controlvector.layer_count", Int32(directions.count))
    if positions != .all { gguf_set_val_str(file, Self.positionsKey, positions.rawValue) }
    for (layer, row) in rows {
      let tensor = ggml_new_tensor_1d(memory, GGML_TYPE_F32, Int64(row.count))
      ggml_set_name(tensor, "direction.\(layer)")
      row.withUnsafeBytes { bytes in
        if let source = bytes.baseAddress { tensor?.pointee.data.copyMemory(from: source, byteCount: bytes.count) }
      }
      gguf_add_tensor(file, tensor)
    }
    errno = 0
    guard gguf_write_to_file(file, path, false) else {
      throw .adapterInvalid(path: path, reason: "it can't be written (\(String(cString: strerror(errno))))")
    }
  }
}

extension Adapter {
  /// The vector and those of the files, each by its scale, in one; nil where there are none.
  ///
  /// Throws `adapterInvalid` for a file that is none, and for vectors of different shapes or for different tokens.
  func resolvedVector() throws(EngineError) -> ControlVector? {
    var sum = controlVector
    for file in controlVectorFiles {
      guard file.scale.isFinite else { throw .adapterInvalid(path: file.path, reason: "its scale is \(file.scale)") }
      let vector = try ControlVector(contentsOf: file.path)
      let scaled = vector.directions.map { row in row.map { $0 * file.scale } }
      guard let before = sum else {
        sum = ControlVector(directions: scaled, layers: vector.layers, positions: vector.positions)
        continue
      }
      let fits = before.directions.map(\.count) == scaled.map(\.count)
      guard fits else { throw .adapterInvalid(path: file.path, reason: "it has another shape than the one before it") }
      guard before.positions == vector.positions else {
        let places = (vector.positions.rawValue, before.positions.rawValue)
        throw .adapterInvalid(path: file.path, reason: "it acts on \(places.0), and the one before it on \(places.1)")
      }
      let rows = before.directions.enumerated().map { index, row in
        before.layers.contains(index + 1) ? zip(row, scaled[index]).map { $0 + $1 } : scaled[index]
      }
      sum = ControlVector(directions: rows, layers: vector.layers, positions: vector.positions)
    }
    return sum
  }
}
