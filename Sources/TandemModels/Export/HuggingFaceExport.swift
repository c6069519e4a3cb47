package import Foundation
import TandemSupport

/// Writes a model, or a LoRA adapter, as a folder that `transformers`, `peft`, vLLM and SGLang load.
///
/// The tokenizer has the ids of the model's file, and the weights are its numbers: what a Hugging Face program computes
/// from them differs from llama.cpp's results by rounding alone.
package struct HuggingFaceExport: Sendable {
  /// How the numbers of weights are written.
  package enum Number: String, Sendable, CaseIterable {
    case f32, f16
  }

  private let store: ModelStore
  private let number: Safetensors.Number

  package init(_ number: Number, store: ModelStore = ModelStore()) {
    self.store = store
    self.number = number == .f32 ? .f32 : .f16
  }

  /// Writes `reference` to `folder`, which may exist if it is empty. It is there in whole or not at all.
  ///
  /// - Parameters:
  ///   - base: The model of an adapter; nil for the one that its file names.
  /// - Returns: The size of all its files in bytes.
  /// - Throws: `ModelError`, most often `cannotExport`; `FileFault` for a folder that can't be written.
  @discardableResult package func write(
    _ reference: ModelReference, base: ModelReference? = nil, to folder: URL
  ) throws -> Int64 {
    let contents = try contents(of: reference)
    if contents.text("general.type") == "adapter" {
      let export = try adapter(reference, contents, base: base)
      return try writing(folder) { partial in
        try Safetensors.write(export.tensors, as: number, to: partial("adapter_model.safetensors"))
        try json(export.configuration, to: partial("adapter_config.json"))
      }
    }
    guard base == nil else {
      throw ModelError.cannotExport(name: "\(reference)", reason: "it is a model of its own, and has no base")
    }
    let export = try LlamaExport(contents, name: "\(reference)", number: number)
    let (configuration, tokenizer) = (export.configuration, export.tokenizer)
    let generation = GenerationConfiguration(
      startOfText: tokenizer.startOfText, endsOfText: tokenizer.endsOfText)
    return try writing(folder) { partial in
      try Safetensors.write(export.tensors, as: number, to: partial("model.safetensors"))
      try json(configuration, to: partial("config.json"))
      try json(generation, to: partial("generation_config.json"))
      try json(tokenizer.file, to: partial("tokenizer.json"))
      try json(
        tokenizer.configuration(contextLength: configuration.contextLength), to: partial("tokenizer_config.json"))
    }
  }

  private func contents(of reference: ModelReference) throws -> ModelContents {
    try ModelContents(store.urls(of: reference))
  }

  private func adapter(
    _ reference: ModelReference, _ contents: ModelContents, base: ModelReference?
  ) throws -> AdapterExport {
    let named = contents.text("general.base_model.0.name").flatMap { try? ModelReference(parsing: $0) }
    guard let base = base ?? named else {
      throw ModelError.cannotExport(name: "\(reference)", reason: "it does not name the model that it is for")
    }
    let model = try self.contents(of: base)
    let configuration = try LlamaExport(model, name: "\(base)", number: number).configuration
    return try AdapterExport(contents, name: "\(reference)", base: model, configuration, baseName: "\(base)")
  }

  private func json(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    try DurableFile.write(try encoder.encode(value) + Data("\n".utf8), to: path)
  }

  /// Fills a folder beside `folder` and renames it; after an error nothing is left. Returns the bytes of its files.
  private func writing(_ folder: URL, _ fill: ((String) -> String) throws -> Void) throws -> Int64 {
    let (path, files) = (folder.standardizedFileURL.path, FileManager.default)
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw FileFault.refused(path: path, number: EEXIST) }
      guard try files.contentsOfDirectory(atPath: path).isEmpty else {
        throw FileFault.refused(path: path, number: ENOTEMPTY)
      }
    }
    let partial = path + ".partial"
    // One that was left by a program that was killed.
    try? files.removeItem(atPath: partial)
    try DurableFile.makeFolder(partial)
    defer { try? files.removeItem(atPath: partial) }
    try fill { "\(partial)/\($0)" }
    let bytes = try files.contentsOfDirectory(atPath: partial).reduce(Int64(0)) {
      $0 + (ModelStore.size(URL(filePath: "\(partial)/\($1)")) ?? 0)
    }
    try DurableFile.publish(partial, as: path)
    return bytes
  }
}
