import TandemInference
import TandemLlama

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Reads the description of a model file, loads it, and draws one token; prints the seconds of processor time. Called by
// scripts/bench/load.

let file = try GGUFFile(path: CommandLine.arguments[1])
let engine = try await LlamaEngine.load(file, LlamaParameters(contextSize: 512, sequences: 1))
let session = try await engine.makeSession()
for try await _ in session.generate(GenerationRequest(after: [5], sampling: .greedy, limit: 1)) {}
var time = timespec()
clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
print(Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
await session.close()
