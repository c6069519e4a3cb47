import NIOCore
import Synchronization

/// Watches one connection for its client's hang-up, and tells whoever asked.
///
/// Not Hummingbird's `consumeWithCancellationOnInboundClose`: it takes the request's body, so it can't span both the
/// part of a request that decides about the status and the part that streams, and it closes the connection after each
/// response. This one costs nothing while nothing happens.
final class HangUp: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Never

  private struct State {
    var isGone = false
    var nextNumber = 0
    var actions: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  /// Calls `action` once the client is gone, at once if it is gone already. Returns a number for `forget`.
  func whenGone(_ action: @escaping @Sendable () -> Void) -> Int {
    let (isGone, number) = state.withLock { state in
      state.nextNumber += 1
      if !state.isGone { state.actions[state.nextNumber] = action }
      return (state.isGone, state.nextNumber)
    }
    if isGone { action() }
    return number
  }

  /// Drops the action with this number.
  func forget(_ number: Int) { state.withLock { $0.actions[number] = nil } }

  /// A client that closes its side only says that it sends no more; it can't be told from one that is gone.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent { tell() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    tell()
    context.fireChannelInactive()
  }

  private func tell() {
    let actions = state.withLock { state in
      defer { (state.isGone, state.actions) = (true, [:]) }
      return state.actions.values
    }
    for action in actions { action() }
  }
}
