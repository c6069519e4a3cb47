import TandemCommandLine
import TandemSupport

/// A line that a user writes in a conversation.
enum ChatInput: Hashable {
  case prompt(String)
  case command(Command, [String])
  case nothing

  /// What a line that begins with "/" can ask for.
  enum Command: String, CaseIterable {
    case help, strategy, think, stats, history, save, new, quit
  }

  /// Throws `ChatError` for a command that there is not. A prompt that begins with "/" has a space before it.
  init(_ line: String) throws(ChatError) {
    guard line.hasPrefix("/") else {
      self = line.allSatisfy(\.isWhitespace) ? .nothing : .prompt(line)
      return
    }
    var words = Self.words(in: line.dropFirst())
    let name = words.isEmpty ? "" : words.removeFirst()
    guard let command = Command(rawValue: name) else {
      throw .unknownCommand(name: name, nearest: Command.allCases.map(\.rawValue).nearest(to: name))
    }
    self = .command(command, words)
  }

  /// The words of a line; quotes hold together what has spaces.
  static func words(in line: some StringProtocol) -> [String] {
    var (words, word, quote) = ([String](), String?.none, Character?.none)
    for character in line {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        (quote, word) = (character, word ?? "")
      } else if quote == nil, character.isWhitespace {
        if let found = word { words.append(found) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return word.map { words + [$0] } ?? words
  }

  /// What the commands do.
  static let help = """
    /strategy NAME [key=value …]  think in another way; without a name, say which one
    /think N | off | on           at most N thinking tokens, none, or as at the start
    /stats                        tokens and seconds of each model so far
    /history                      the conversation so far
    /save FILE                    write it as a line of JSON, as `tandem train sft` reads it
    /new                          begin another conversation
    /quit                         end, as Ctrl-D does

    While the models think, Ctrl-C ends the thinking, and the answer follows; Ctrl-O lets the large model take over. While
    they answer, Ctrl-C stops the answer. A second Ctrl-C ends the program.

    """
}

/// What can be wrong with a command of a conversation.
enum ChatError: Error, Hashable {
  case unknownCommand(name: String, nearest: String?)
  case wrongUse(command: ChatInput.Command, usage: String)
}

extension ChatError: ReportableError {
  var exitStatus: ExitStatus { .wrongUsage }

  var description: String {
    switch self {
    case .unknownCommand(let name, let nearest):
      "There is no command /\(name)." + (nearest.map { " Did you mean /\($0)?" } ?? "") + " /help lists the commands."
    case .wrongUse(let command, let usage): "/\(command.rawValue) takes \(usage)."
    }
  }
}
