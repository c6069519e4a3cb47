import Foundation
import Synchronization
import Tandem
import TandemCommandLine

/// Shows a run as it happens: thinking dimmed, each model in its own colour, each hand-over with its reason. Without
/// colours, `[small]` and `[large: reflection]` say who writes.
final class LiveTranscript: Sendable {
  private let console: Console
  private let state = Mutex(State())

  private struct State {
    var text = FinalText()
    var author: Author?
    var segment = Segment.thinking
    /// Who took over last, and why; shown as soon as they write something visible.
    var handOver: (author: Author, text: String)?
    /// Newlines that are held back until more text follows.
    var newlines = 0
    var isEmpty = true
  }

  init(_ console: Console) { self.console = console }

  func show(_ event: Event) {
    state.withLock { state in
      switch event {
      case .handedOver(let role, let reason):
        state.handOver = (Author(role), "\(role.rawValue): \(reason)")
      case .finished, .failed:
        if !state.isEmpty { Console.write("\n") }
      default:
        for piece in state.text.take(event) { write(piece.text, piece.author, piece.segment, &state) }
      }
    }
  }

  private func write(_ text: String, _ author: Author, _ segment: Segment, _ state: inout State) {
    var text = text[...]
    if segment != state.segment {
      (state.segment, state.newlines) = (segment, 2)
      text = text.drop(while: \.isNewline)
    }
    let body = text.prefix(upTo: text.lastIndex { !$0.isNewline }.map(text.index(after:)) ?? text.startIndex)
    guard !body.isEmpty else { return state.newlines += text.count }
    var output = StyledText(state.isEmpty ? "" : String(repeating: "\n", count: state.newlines))
    (state.newlines, state.isEmpty) = (text.count - body.count, false)
    if author != state.author || state.handOver?.author == author {
      let reason = state.handOver?.author == author ? state.handOver?.text : nil
      let mark = reason.map { "[\($0)] " } ?? (console.hasColor ? "" : "[\(author.rawValue)] ")
      output += StyledText(mark, .dim)
      state.author = author
    }
    state.handOver = nil
    Console.write(output + StyledText(String(body), style(author, segment)))
  }

  private func style(_ author: Author, _ segment: Segment) -> StyledText.Style {
    switch (author, segment) {
    case (.small, .thinking): .dimSmall
    case (.small, .answer): .small
    case (.large, .thinking): .dimLarge
    case (.large, .answer): .large
    case (.inserted, _): .inserted
    }
  }
}
