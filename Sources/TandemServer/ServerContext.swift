import Hummingbird
import NIOCore

/// What a request carries: Hummingbird's own values, its connection, and how large its body may be.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  var maxUploadSize: Int { RewardServer.uploadLimit }

  /// Closes the connection once the client has had time to read the answer. To close at once, with bytes of the body
  /// still on their way, would make many clients lose the answer.
  func closeSoon() {
    channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
  }
}
