// Trains a model of random documents for a while and prints what `scripts/bench/trainer` compares, as one JSON object.
// Arguments: vocabulary, embedding length, blocks, heads, feed-forward length, length of documents, rows of that
// length in a step, steps, threads.
import Foundation
import TandemInference
import TandemTraining

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 9 else {
  FileHandle.standardError.write(Data("trainer-benchmark needs nine numbers; see its source.\n".utf8))
  exit(2)
}
let (length, rows, steps) = (numbers[5], numbers[6], numbers[7])
try MLX.use(threads: numbers[8])
let configuration = LlamaConfiguration(
  vocabularySize: numbers[0], embeddingLength: numbers[1], blockCount: numbers[2], headCount: numbers[3],
  feedForwardLength: numbers[4], contextLength: length)
var generator = SplitMix64(seed: 1)
let documents = (0..<rows).map { _ in
  TrainingDocument(
    tokens: (0...length).map { _ in Token(rawValue: .random(in: 0..<Int32(numbers[0]), using: &generator)) })
}
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

let options = TrainingOptions(
  schedule: CosineSchedule(peak: 1e-3, warmUp: 0, steps: steps + 2), rowLength: length * rows)
var trainer = try Trainer(Llama(configuration, seed: 1), documents, options)
// Two steps to warm up: buffers, tables, the threads of OpenBLAS.
for _ in 0..<2 { _ = try trainer.step() }
let (cpu, start) = (cpuSeconds(), ContinuousClock.now)
var loss: Float = 0
while let progress = try trainer.step() { loss = progress.loss }
let tokens = Double(length * rows * steps)
let result: [String: Any] = [
  "parameters": configuration.parameterCount, "tokensPerCPUSecond": tokens / (cpuSeconds() - cpu),
  "tokensPerSecond": tokens / ((ContinuousClock.now - start) / .seconds(1)), "loss": Double(loss),
  "tensorBytes": MLX.peakMemory, "blas": MLX.blas ?? "none",
]
print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: .sortedKeys), as: UTF8.self))
