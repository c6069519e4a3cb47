import Foundation
import TandemCommandLine
import TandemInference
import TandemRewards
import TandemSupport
import TandemTasks
import TandemTraining

extension TrainTLDR {
  /// Measures the models on held-out problems, prints the table, and writes it down.
  func compare(
    _ models: [(name: String, files: PolicyFiles)], _ tokenizer: BytePairTokenizer, _ engine: LlamaRollouts, limit: Int
  ) async throws {
    let practice = CountdownPractice(
      try Countdown.heldOut(), levels: [nil] + LengthLevel.allCases, tokenizer: tokenizer, seed: seed)
    let sampling = SamplingParameters(temperature: 0.6, topP: 0.95)
    var scores: [String: [PracticeScore]] = [:]
    var table = Table(["model", "level", "right", "thinking", "right ones", "wrong ones"], rightAligned: [2, 3, 4, 5])
    for (name, files) in models {
      let found = try await PracticeScore.measure(
        files, on: practice, problems: evaluate, by: engine, sampling, limit: limit, seed: seed)
      scores[name] = found
      for score in found {
        table.add([
          name, score.level?.rawValue ?? "none", score.accuracy.percent(), score.meanLength.digits(0),
          score.rightLength.digits(0), score.wrongLength.digits(0),
        ])
      }
    }
    Console.write(table.text)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try DurableFile.write(encoder.encode(scores), to: "\(output)/levels.json")
  }
}
