import Testing

@testable import TandemTraining

@Suite struct `A tensor` {
  @Test func `says in MLX's words what is wrong with an operation`() throws {
    let a = try Tensor.zeros([2, 3])
    let error = failure { _ = try a.matrixMultiplied(by: a) }
    guard case .operation(let name, let reason) = error else {
      Issue.record("nothing was thrown")
      return
    }
    #expect(name == "a matrix product")
    #expect(reason.contains("matmul"))
  }

  @Test func `can't be made of the wrong number of values`() {
    #expect(failure { _ = try Tensor([1, 2, 3], shape: [2, 2]) } != nil)
    #expect(failure { _ = try Tensor([Float](), shape: [-1, 0]) } != nil)
  }

  @Test func `refuses shapes that a fused operation would read beyond`() throws {
    let x = try Tensor.zeros([4, 6])
    let positions = try Tensor(integers: [0, 1, 2], shape: [1, 3])
    #expect(failure { _ = try x.linear([Tensor.zeros([2, 5])], .fused) } != nil)
    #expect(failure { _ = try x.linear([Tensor.zeros([2, 6])], adding: Tensor.zeros([4, 3]), .fused) } != nil)
    #expect(failure { _ = try x.rmsNorm(Tensor.zeros([5]), epsilon: 1e-5, .fused) } != nil)
    #expect(failure { _ = try x.attention(positions: positions, heads: 1, keyHeads: 1, ropeBase: 10, .fused) } != nil)
  }

  @Test func `outside of a table throws when it is computed, and the next computation works`() throws {
    let table = try Tensor.zeros([3, 2])
    for id in [-1, 3] as [Int32] {
      let rows = try table.rows(Tensor(integers: [id], shape: [1]), .fused)
      #expect(failure { _ = try rows.values() } != nil)
      #expect(try Tensor([1, 2], shape: [2]).sum().item() == 3)
    }
    let broken = try Tensor(integers: [0, 2], shape: [1, 2])
    let scores = try Tensor.zeros([2, 6]).attention(positions: broken, heads: 1, keyHeads: 1, ropeBase: 10, .fused)
    #expect(failure { _ = try scores.values() } != nil, "positions must count up")
  }

  @Test func `is differentiated through a closure that may throw`() throws {
    let x = try Tensor([1, 2, 3, 4], shape: [2, 2])
    let y = try Tensor([1, 1], shape: [2, 1])
    let w = try Tensor([0.5, -0.25], shape: [2, 1])
    let (loss, gradients) = try Tensor.valueAndGradient(of: [w]) { p throws(TrainingError) in
      try (x.matrixMultiplied(by: p[0]) - y).squared().mean()
    }
    #expect(try loss.item() == 0.625)
    #expect(try gradients[0].values() == [-2.5, -4])
    let error = failure {
      _ = try Tensor.valueAndGradient(of: [w]) { _ throws(TrainingError) in throw .parameterMissing(name: "x") }
    }
    #expect(error == .parameterMissing(name: "x"), "the closure's own error comes back")
  }

  @Test func `can be computed in many tasks at once`() async throws {
    let sums = try await withThrowingTaskGroup(of: Float.self) { group in
      for seed in 0..<8 {
        group.addTask {
          let x = try noise([40, 8], seed: UInt64(seed))
          let (value, gradients) = try Tensor.valueAndGradient(of: [x]) { p throws(TrainingError) in
            try p[0].swiGLU(.fused).squared().sum()
          }
          return try value.item() - gradients[0].squared().sum().item()
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 }
    }
    #expect(sums.isFinite)
  }
}

@Suite struct `The array library` {
  @Test func `stands on OpenBLAS or Accelerate`() {
    #expect(MLX.warning(blas: MLX.blas, coreType: nil) == nil)
  }

  @Test func `warns of what makes it slow`() throws {
    #expect(try #require(MLX.warning(blas: nil, coreType: nil)).contains("scripts/deps"))
    #expect(try #require(MLX.warning(blas: "OpenBLAS", coreType: "Haswell")).contains("Haswell"))
  }
}
