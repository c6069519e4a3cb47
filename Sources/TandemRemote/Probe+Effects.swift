import TandemInference

/// Whether what this kind of server can do has an effect at this one.
extension Probe {
  /// Sees that token ids come in streams.
  func checkTokens(_ call: CompletionCall, _ dialect: any Dialect) async throws {
    let found = try await complete(call, dialect)
    guard found.tokens.count + found.missing > 0 else {
      throw EngineError.badResponse(server: transport.server, reason: "a completion of two tokens had none")
    }
  }

  /// Takes away what has no effect.
  func checkEffects(_ call: CompletionCall, _ dialect: any Dialect, _ report: inout ServerReport) async throws {
    var call = call
    call.limit = 1
    let forced = try await tokens(of: " 7", call.model, dialect).last ?? 0
    var biased = call
    biased.bias = [forced: 100]
    if try await complete(biased, dialect).tokens.first?.token != forced {
      report.lose(.bias, because: "'logit_bias' has no effect")
    }
    if report.capabilities.contains(.score) {
      do {
        let targets = [[forced, call.prompt[0]]]
        var answers: [RemoteResponse] = []
        for request in try dialect.scores(call, [call.prompt], targets) {
          answers.append(try await transport.send(request))
        }
        _ = try dialect.scores(from: answers, targets)
      } catch let fault as RemoteFault {
        report.lose(.score, because: fault.reason)
      }
    }
    // With the bias, so that the token is a whole character: llama-server reports nothing for any other.
    var reporting = biased
    reporting.alternatives = options.reportedTokens
    do {
      let first = try await complete(reporting, dialect).tokens.first
      guard (first?.alternatives.count ?? 0) >= options.reportedTokens else {
        throw EngineError.badResponse(server: transport.server, reason: "it reports fewer tokens than were asked for")
      }
    } catch let error as EngineError {
      report.lose(.alternatives, because: "\(error)")
    }
    if report.capabilities.contains(.scaling) {
      // A server without the plug-in ignores its arguments. With it, it refuses a temperature that makes no sense: by
      // its status, or within the stream (vLLM 0.32).
      var refused = call
      refused.scaling = LogitScaling(of: [forced], temperature: -1)
      do {
        _ = try await complete(refused, dialect)
        report.lose(.scaling, because: "it was started without packaging/vllm/stop_temperature.py")
      } catch EngineError.refused(_, status: 400, let reason) where reason.contains("stop_temperature") {
      } catch EngineError.badResponse(_, let reason) where reason.contains("stop_temperature") {}
    }
    if report.adapters.isEmpty { report.lose(.adapters, because: "it was started without any") }
  }

  private func complete(
    _ call: CompletionCall, _ dialect: any Dialect
  ) async throws -> (tokens: [ReportedToken], missing: Int) {
    let stream = transport.stream(try dialect.completion(call))
    var (tokens, missing) = ([ReportedToken](), 0)
    do {
      while let data = try await stream.next() {
        guard let event = try dialect.event(data, received: tokens.count + missing) else { continue }
        tokens += event.tokens
        missing += event.missing?.count ?? 0
        if let usage = event.usage, usage.prompt != call.prompt.count {
          throw RemoteFault("it read \(usage.prompt) tokens, and was sent \(call.prompt.count)")
        }
      }
    } catch let fault as RemoteFault {
      throw EngineError.badResponse(server: transport.server, reason: fault.reason)
    }
    return (tokens, missing)
  }
}

extension ServerReport {
  fileprivate mutating func lose(_ capability: EngineCapabilities, because reason: String) {
    capabilities.subtract(capability)
    missing.append("\(capability.names.joined(separator: ", ")): \(reason)")
  }
}
