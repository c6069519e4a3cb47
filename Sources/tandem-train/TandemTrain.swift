import ArgumentParser
import TandemCommandLine

/// `tandem-train`: the program that `tandem train` starts.
@main
struct TandemTrain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tandem train",
    abstract: "Train small models, and adapters for any model.",
    version: tandemVersion,
    subcommands: [
      TrainNano.self, TrainSFT.self, TrainReweighted.self, TrainDPO.self, TrainWSPO.self, TrainDraft.self,
      TrainScotData.self, SelectDrafts.self, TrainSCoT.self, TrainTLDR.self,
      TrainExport.self, TrainExportPairs.self,
    ])

  static func main() async { await runProgram() }
}
