import ArgumentParser
import Foundation
import TandemCommandLine
import TandemModels

extension Models {
  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make one model of several, by their weights.",
      discussion: """
        All models must have one architecture, the same shapes and the same vocabulary. The new file has the metadata of the \
        first one, matrices in F16 and vectors in F32.

          linear     Σ w θ / Σ w; two models with 0.7,0.3 as in AdaR1 (2504.21659)
          task       base + Σ w (θ - base), task vectors (2212.04089)
          dare-ties  the same, of which a share is dropped at random (2311.03099) and
                     signs must agree (2306.01708), as in ReCUT (2506.10822)

        EXAMPLES
          tandem models merge nano-small nano-small-tldr --weights 0.7,0.3 \\
            --output merged.gguf
          tandem models merge accurate.gguf short.gguf --base nano-small \\
            --method dare-ties --density 0.5 --output merged.gguf
        """)

    @Argument(help: "Names, paths, or hf:OWNER/REPO/FILE.gguf.") var models: [String]
    @Option(help: "linear, task or dare-ties.") var method = ModelMerge.Method.linear
    @Option(help: ArgumentHelp("What the models were trained from, for task and dare-ties.", valueName: "model"))
    var base: String?
    @Option(help: ArgumentHelp("One for each model. Default: 1 each.", valueName: "w,w,…")) var weights: String?
    @Option(help: "The share of the changes that dare-ties keeps. Default: 0.5.") var density: Float?
    @Option(name: [.customShort("s"), .long], help: "Seed of what dare-ties drops. Default: 1.") var seed: UInt64?
    @Option(name: .shortAndLong, help: ArgumentHelp("The new file.", valueName: "file")) var output: String

    func validate() throws {
      guard method == .dareTIES || (density, seed) == (nil, nil) else {
        throw ValidationError("--density and --seed have no effect without --method dare-ties.")
      }
      guard method.needsBase == (base != nil) else {
        throw ValidationError(
          base == nil ? "--method \(method.rawValue) needs --base." : "--base has no effect with --method linear.")
      }
      guard density.map({ $0 > 0 && $0 <= 1 }) ?? true else {
        throw ValidationError("--density must be above 0, at most 1.")
      }
      _ = try chosenWeights()
    }

    func run() throws {
      guard !FileManager.default.fileExists(atPath: output) else {
        throw ValidationError("\(output) already exists: remove it, or choose another name.")
      }
      let merge = try ModelMerge(method, weights: chosenWeights(), density: density ?? 0.5, seed: seed ?? 1)
      try merge.write(
        models.map { try ModelReference(parsing: $0) }, base: base.map { try ModelReference(parsing: $0) }, to: output)
      let size = try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int
      Console.write("\(output), \((size ?? 0).asBytes)\n")
    }

    private func chosenWeights() throws -> [Float] {
      guard let weights else { return models.map { _ in 1 } }
      let words = weights.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = words.compactMap { Float($0) }.filter(\.isFinite)
      guard numbers.count == words.count, numbers.count == models.count else {
        throw ValidationError("--weights takes \(models.count) numbers, one for each model, not '\(weights)'.")
      }
      return numbers
    }
  }
}

extension ModelMerge.Method: ExpressibleByArgument {}
