import TandemLlama
import Testing

@Suite struct `A trial of the device` {
  @Test func `divides operations by bytes`() {
    #expect(DeviceTrial(operationsPerSecond: 3e10, bytesPerSecond: 1e10).intensity == 3)
  }

  @Test func `measures a processor, and leaves a GPU to others`() throws {
    guard let trial = DeviceTrial.run(bytes: 4 << 20) else { return }
    // Far from what any processor's core does, so that a busy machine does not matter.
    #expect((1e6...1e13).contains(trial.operationsPerSecond) && (1e5...1e13).contains(trial.bytesPerSecond))
  }
}
