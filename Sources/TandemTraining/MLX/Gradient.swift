import CMLX

/// A loss, and what was computed on the way to it.
package struct Loss: Sendable {
  /// A scalar.
  let value: Tensor
  /// What a trainer reports; no gradient passes through it.
  var seen: Tensor?
}

extension Tensor {
  /// The scalar that `loss` makes of `parameters`, and its gradient by each of them.
  ///
  /// `loss` is called once, with stand-ins for the parameters, and rethrows what it throws.
  package static func valueAndGradient(
    of parameters: [Tensor], _ loss: ([Tensor]) throws(TrainingError) -> Tensor
  ) throws(TrainingError) -> (value: Tensor, gradients: [Tensor]) {
    let (loss, gradients) = try gradient(of: parameters) { stand throws(TrainingError) in
      Loss(value: try loss(stand))
    }
    return (loss.value, gradients)
  }

  /// The same for a loss that reports more than its value.
  static func gradient(
    of parameters: [Tensor], _ loss: ([Tensor]) throws(TrainingError) -> Loss
  ) throws(TrainingError) -> (loss: Loss, gradients: [Tensor]) {
    var (value, seen): (cmlx_array?, cmlx_array?)
    var gradients = [cmlx_array?](repeating: nil, count: parameters.count)
    let failure: TrainingError? = withoutActuallyEscaping(loss) { loss in
      let call = Call(loss)
      let isDone = withExtendedLifetime(call) {
        withHandles(parameters) { handles in
          cmlx_value_and_gradient(
            { Unmanaged<Call>.fromOpaque($0.unsafelyUnwrapped).takeUnretainedValue().run($1, $2, $3) },
            Unmanaged.passUnretained(call).toOpaque(), handles, handles.count, &value, &gradients, &seen)
        }
      }
      return isDone ? nil : call.error ?? Self.failure("a gradient")
    }
    if let failure { throw failure }
    var owned: [Tensor] = []
    for gradient in gradients { owned.append(try Tensor(gradient, "a gradient")) }
    let more = try seen.map { handle throws(TrainingError) in try Tensor(handle, "what a loss reports") }
    return (Loss(value: try Tensor(value, "a loss"), seen: more), owned)
  }

  /// A loss function on its way through C.
  private final class Call {
    let loss: ([Tensor]) throws(TrainingError) -> Loss
    var error: TrainingError?

    init(_ loss: @escaping ([Tensor]) throws(TrainingError) -> Loss) { self.loss = loss }

    func run(
      _ arguments: UnsafePointer<cmlx_array?>?, _ count: Int, _ seen: UnsafeMutablePointer<cmlx_array?>?
    ) -> cmlx_array? {
      do throws(TrainingError) {
        var tensors: [Tensor] = []
        for index in 0..<count { tensors.append(try Tensor(cmlx_retain(arguments?[index]), "a parameter")) }
        let loss = try loss(tensors)
        seen?.pointee = loss.seen?.withHandle { cmlx_retain($0) }
        return loss.value.withHandle { cmlx_retain($0) }
      } catch {
        self.error = error
        return nil
      }
    }
  }
}
