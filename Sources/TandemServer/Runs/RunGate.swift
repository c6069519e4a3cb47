package import Tandem

/// Stands in for the gate of `Tandem` until it is there: admits every run at once.
package final class RunGate: Sendable {
  package init(places: [Role: Int], queue: Int) {}

  package func withPlaces<Value: Sendable>(
    _ need: [Role: Int], key: String = "", _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await body()
  }
}
