import ArgumentParser
import TandemCommandLine

/// `tandem`: two language models at one problem, from the command line.
@main
struct Tandem: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tandem",
    abstract: "A small and a large language model think together inside one answer.",
    discussion: """
      EXAMPLES
        tandem solve "Use 3, 7, 5, 2 to make 24."         the built-in pair
        tandem solve --preset smollm2 "What is 12 * 7?"   a pair of real models
        tandem serve                                      OpenAI's API and a page
        tandem chat                                       a conversation
        tandem demo                                       compares strategies
        tandem models list                                installed, available

      EXIT STATUS
        0    success
        1    failure
        64   wrong usage
        65   invalid input file
        66   no such model or file
        69   server or download failed
        75   busy: try again later
        130  interrupted
      """,
    version: tandemVersion,
    subcommands: [
      Solve.self, Chat.self, Serve.self, Demo.self, Evaluate.self, ReportCommand.self, GradeCommand.self,
      TraceCommand.self, Train.self, Calibrate.self, Steer.self, Models.self, Rewards.self, StrategiesCommand.self,
      Doctor.self, Bench.self,
    ])

  static func main() async {
    var arguments = Array(CommandLine.arguments.dropFirst())
    // The help on training is the trainer's: `help train tldr` is `train help tldr`.
    if arguments.starts(with: ["help", Train._commandName]) { arguments.swapAt(0, 1) }
    await runProgram(arguments)
  }
}
