import Foundation
import Tandem
import TandemCommandLine
import TandemInference
import TandemLlama
import TandemModels

/// Turns the thinking of traces into a model's embeddings.
struct TraceEmbedder {
  private let engine: LlamaEngine

  static func load(_ model: String) async throws -> Self {
    let path = try ModelStore().url(of: ModelReference(parsing: model)).path
    let file = try GGUFFile(path: path)
    let contextSize = max(file.trainedContext, 8)
    let parameters = LlamaParameters(contextSize: contextSize, sequences: 1)
    return Self(engine: try await LlamaEngine.loadWithWarnings(path, parameters))
  }

  /// The bias of each problem that has enough traces on both sides.
  func bias(of traces: [Trace], against references: [Trace]) async throws -> [InformationBias] {
    let (chains, ideal) = (try await samples(of: traces), try await samples(of: references))
    return InformationBias.measure(of: chains, against: ideal)
  }

  /// Traces without any thinking are left out. Thinking that is longer than the model's window is cut to its beginning.
  private func samples(of traces: [Trace]) async throws -> [InformationBias.Sample] {
    let session = try await engine.makeSession()
    var samples: [InformationBias.Sample] = []
    for trace in traces {
      let thoughts = trace.thoughts.filter { $0.segment == .thinking }
      let tokens = try engine.tokenizer.encode(thoughts.map(\.text).joined(), control: .asText)
      guard let question = trace.header?.problem.question, !tokens.isEmpty else { continue }
      try await session.extend(to: Array(tokens.prefix(engine.contextSize)))
      samples.append(
        InformationBias.Sample(
          question: question, tokens: thoughts.reduce(0) { $0 + $1.tokenCount },
          embedding: try await session.embedding()))
    }
    await session.close()
    return samples
  }
}
