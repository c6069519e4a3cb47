package import Hummingbird

/// What a request carries: Hummingbird's own values, and how large its body may be.
package struct ServerContext: RequestContext {
  package var coreContext: CoreRequestContextStorage

  package init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }

  package var maxUploadSize: Int { RewardServer.uploadLimit }
}
