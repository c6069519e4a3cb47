import TandemInference
import TandemLlama

// Reads the description of a model file, loads it, and draws one token; prints the seconds. Called by scripts/bench/load.

let start = ContinuousClock.now
let file = try GGUFFile(path: CommandLine.arguments[1])
let engine = try await LlamaEngine.load(file, LlamaParameters(contextSize: 512, sequences: 1))
let session = try await engine.makeSession()
for try await _ in session.generate(GenerationRequest(after: [5], sampling: .greedy, limit: 1)) {}
print(start.duration(to: .now) / .seconds(1))
await session.close()
