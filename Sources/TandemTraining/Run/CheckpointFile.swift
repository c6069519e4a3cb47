import FoundationEssentials
import TandemSupport

/// What checkpoints of all kinds of training are made of: a description, the parameters and AdamW's moments of each, in
/// one safetensors file that is whole or not there.
struct CheckpointFile<Description: Codable> {
  let description: Description
  let parameters: Parameters
  let first: [Tensor]
  let second: [Tensor]

  /// - Parameter key: Under which the description stands; it tells one kind of checkpoint from another.
  ///
  /// Throws `fileUnwritable`.
  func write(to path: String, as key: String) throws(TrainingError) {
    var file = TensorFile()
    for (index, name) in parameters.names.enumerated() {
      file.tensors[name] = parameters.tensors[index]
      file.tensors["adam.first.\(name)"] = first[index]
      file.tensors["adam.second.\(name)"] = second[index]
    }
    do {
      file.metadata[key] = .string(try description.json())
    } catch {
      throw .fileUnwritable(path: path, reason: "\(error)")
    }
    try file.write(to: path, .safetensors)
  }
}

extension CheckpointFile {
  /// Throws `fileUnreadable` or `fileInvalid`; `kind` is what the file is not, if it is not one.
  init(
    path: String, as key: String, kind: String, shapes: (Description) -> [(name: String, shape: [Int])]
  ) throws(TrainingError) {
    let file = try TensorFile(path: path, .safetensors)
    guard let text = file.metadata[key]?.string else {
      throw .fileInvalid(path: path, reason: "it is not a checkpoint of \(kind)")
    }
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(text.utf8))
    } catch {
      throw .fileInvalid(path: path, reason: "its description can't be understood: \(error)")
    }
    let shapes = shapes(description)
    parameters = try Parameters(shapes, from: file.tensors)
    first = try Parameters(shapes.map { ("adam.first.\($0.name)", $0.shape) }, from: file.tensors).tensors
    second = try Parameters(shapes.map { ("adam.second.\($0.name)", $0.shape) }, from: file.tensors).tensors
  }
}
