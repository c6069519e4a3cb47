import Hummingbird

/// What a request carries: Hummingbird's own values, and how large its body may be.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage

  init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }

  var maxUploadSize: Int { RewardServer.uploadLimit }
}
