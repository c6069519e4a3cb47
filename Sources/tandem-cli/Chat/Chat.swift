import ArgumentParser
import Foundation
import Tandem
import TandemCommandLine
import TandemSetup

struct Chat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold a conversation with two models.",
    discussion: """
      Each line that you write is answered as the next turn, with the transcript of `tandem solve`. Lines that begin with \
      / are commands; /help lists them. The arrow keys, Home, End, Ctrl-A, -E, -U, -K and -W edit a line, and Up brings \
      back the lines before it. Pasted text may have several lines.

      While the models think, Ctrl-C ends the thinking, and the answer follows; Ctrl-O lets the large model take over. A \
      second Ctrl-C ends the program. Without a terminal, each line of standard input is a turn.

      EXAMPLES
        tandem chat
        tandem chat --preset smollm2 --strategy large-only --system "Be brief."
        printf 'Use 3, 7, 5, 2 to make 24.\\n/stats\\n' | tandem chat
      """)

  @Option(help: "A system message.")
  var system: String?

  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Strategy") var strategy: StrategyOptions
  @OptionGroup(title: "How each model is used") var roles: RoleOptions
  @OptionGroup(title: "Sampling and limits") var sampling: SamplingOptions

  func run() async throws {
    let setup = try RunSetup(
      options: sampling.options.merging(over: models.options), strategy: strategy.strategy,
      settings: strategy.layers(models.options), small: roles.small, large: roles.large)
    var conversation = try await Conversation(setup, system: system?.withoutByteOrderMark)
    guard let keyboard = Keyboard() else {
      while let line = readLine() { guard try await conversation.take(line, keyboard: nil) else { break } }
      return
    }
    defer { keyboard.close() }
    Console.write(conversation.greeting)
    while let line = try await keyboard.line(prompt: "> ") {
      do {
        guard try await conversation.take(line, keyboard: keyboard) else { break }
      } catch let error as Interrupted {
        throw error
      } catch {
        try Task.checkCancellation()
        Console.write(StyledText("\(Failure(error, of: Tandem.self).message)\n", .error))
      }
    }
    try Task.checkCancellation()
  }
}
