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
  private let shape: CompletionResponse

  /// Throws for a model that there is not, or a server that is about to end.
  init(_ request: CompletionRequest, _ runs: RunService, _ context: ServerContext) throws {
    if runs.isDraining { throw RunService.draining }
    let model = try runs.models.model(named: request.model)
    self.request = request
    self.context = context
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

  /// Throws for a prompt that no model could continue.
  func check() async throws {
    for prompt in prompts where prompt.count + min(request.maxTokens, 1) > participant.model.contextSize {
      throw ServerError.tooLong(needed: prompt.count, capacity: participant.model.contextSize)
    }
  }

  /// The whole response.
  func whole() async throws -> CompletionResponse {
    var choices: [CompletionResponse.Choice] = []
    let usage = try await run { piece, index, prompt in
      if index == choices.count {
        choices.append(choice(index, prompt, isFirst: true))
      }
      choices[index].text += piece.text
      choices[index].finishReason = piece.finish
      choices[index].tokenIDs? += piece.tokens.map(\.rawValue)
      guard let more = piece.logprobs else { return }
      if choices[index].logprobs == nil { choices[index].logprobs = LogProbabilities() }
      choices[index].logprobs?.append(more)
    }
    var response = shape
    (response.choices, response.usage) = (choices, usage)
    return response
  }

  /// The response in parts, as JSON.
  func stream(_ send: (String) async throws -> Void) async throws {
    var begun = -1
    let usage = try await run { piece, index, prompt in
      var choice = choice(index, prompt, isFirst: index != begun)
      begun = index
      (choice.text, choice.finishReason, choice.logprobs) = (piece.text, piece.finish, piece.logprobs)
      choice.tokenIDs? += piece.tokens.map(\.rawValue)
      var part = shape
      part.choices = [choice]
      try await send(String(decoding: try JSONEncoder.compact.encode(part), as: UTF8.self))
    }
    guard request.includesUsage else { return }
    var last = shape
    last.usage = usage
    try await send(String(decoding: try JSONEncoder.compact.encode(last), as: UTF8.self))
  }

  private func choice(_ index: Int, _ prompt: [Token], isFirst: Bool) -> CompletionResponse.Choice {
    CompletionResponse.Choice(
      index: index, text: "", tokenIDs: request.returnsTokenIDs ? [] : nil,
      promptTokenIDs: request.returnsTokenIDs && isFirst ? prompt.map(\.rawValue) : nil)
  }

  /// Writes all continuations behind the gate; ends when the client is gone.
  private func run(
    _ emit: (CompletionRun.Piece, Int, [Token]) async throws -> Void
  ) async throws -> CompletionResponse.Usage {
    var usage = CompletionResponse.Usage()
    let watch = GoneFlag()
    let hangUp = await context.hangUp
    let number = hangUp?.whenGone { watch.raise() }
    defer { if let number { hangUp?.forget(number) } }
    do {
      try await pair.gate.withPlaces([request.role: 1], key: context.key) {
        var index = 0
        for prompt in prompts {
          usage.promptTokens += prompt.count
          for choice in 0..<request.choices {
            let run = CompletionRun(
              request: request, participant: participant, prompt: prompt, seed: request.seed &+ UInt64(choice))
            usage.completionTokens += try await run.write { piece in
              if watch.isRaised { throw CancellationError() }
              try await emit(piece, index, prompt)
            }
            index += 1
          }
        }
      }
    } catch {
      throw ServerError(error)
    }
    return usage
  }
}

extension ServedPair {
  /// The model of a role. Throws if the pair has none.
  func participant(_ role: Role) throws(ServerError) -> Participant {
    if let participant = solver[role] { return participant }
    throw .invalid("\(name) has no \(role.rawValue) model.", "role")
  }
}
