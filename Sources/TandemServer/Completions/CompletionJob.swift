import Foundation
import Hummingbird
import Tandem
import TandemInference

/// All continuations of one request, one after the other in one place of the model's engine.
struct CompletionJob: Sendable {
  private let request: CompletionRequest
  private let pair: ServedPair
  private let participant: Participant
  private let prompts: [[Token]]
  private let context: ServerContext
  private let runs: RunService
  private let shape: CompletionResponse

  /// Throws for a model that there is not.
  init(_ request: CompletionRequest, _ runs: RunService, _ context: ServerContext) throws {
    let model = try runs.models.model(named: request.model)
    self.request = request
    self.context = context
    self.runs = runs
    pair = model.pair
    var own: Participant? = try pair.participant(request.role)
    request.sampling.apply(to: &own)
    participant = try own ?? pair.participant(request.role)
    let tokenizer = participant.model.tokenizer
    prompts = try request.prompts.map { prompt in
      switch prompt {
      case .tokens(let tokens): return tokens
      case .text(let text): return try tokenizer.encode([PromptPart(text, isInput: false)])
      }
    }
    shape = CompletionResponse(
      id: RunID.make("cmpl", separator: "-"), created: UnixTime.now, model: request.model, choices: [])
    context.record.note { $0.model = request.model }
  }

  /// Begins to write. The writing never waits for a client, and ends when the client is gone.
  ///
  /// Throws for a prompt that is too long for the model, or a server that is about to end.
  func begin() async throws -> CompletionStream {
    for prompt in prompts where prompt.count + min(request.maxTokens, 1) > participant.model.contextSize {
      throw ServerError.tooLong(needed: prompt.count, capacity: participant.model.contextSize)
    }
    let stream = CompletionStream(request, shape, prompts)
    try runs.beginCompletion(shape.id) { stream.cancel(because: $0) }
    let hangUp = await context.hangUp
    let number = hangUp?.whenGone { stream.cancel(because: .clientGone) }
    stream.begin {
      try await pair.gate.withPlaces([request.role: 1], key: context.key) { try await write(to: stream) }
    } onEnd: {
      runs.endCompletion(shape.id)
      if let number { hangUp?.forget(number) }
    }
    return stream
  }

  /// Writes all continuations.
  private func write(to stream: CompletionStream) async throws {
    var index = 0
    for prompt in prompts.indices {
      for choice in 0..<request.choices {
        let run = CompletionRun(
          request: request, participant: participant, prompt: prompts[prompt], seed: request.seed &+ UInt64(choice))
        try await run.write { try stream.put($0, index: index, prompt: prompt) }
        index += 1
      }
    }
  }
}

extension ServedPair {
  /// The model of a role. Throws if the pair has none.
  func participant(_ role: Role) throws(ServerError) -> Participant {
    if let participant = solver[role] { return participant }
    throw .invalid("\(name) has no \(role.rawValue) model.", "role")
  }
}
