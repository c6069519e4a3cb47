import CMLX

extension Tensor {
  /// The scalar that `loss` makes of `parameters`, and its gradient by each of them.
  ///
  /// `loss` is called once, with stand-ins for the parameters, and rethrows what it throws.
  package static func valueAndGradient(
    of parameters: [Tensor], _ loss: ([Tensor]) throws(TrainingError) -> Tensor
  ) throws(TrainingError) -> (value: Tensor, gradients: [Tensor]) {
    var value: cmlx_array?
    var gradients = [cmlx_array?](repeating: nil, count: parameters.count)
    let failure: TrainingError? = withoutActuallyEscaping(loss) { loss in
      let call = Call(loss)
      let isDone = withExtendedLifetime(call) {
        withHandles(parameters) { handles in
          cmlx_value_and_gradient(
            { Unmanaged<Call>.fromOpaque($0.unsafelyUnwrapped).takeUnretainedValue().run($1, $2) },
            Unmanaged.passUnretained(call).toOpaque(), handles, handles.count, &value, &gradients)
        }
      }
      return isDone ? nil : call.error ?? Self.failure("a gradient")
    }
    if let failure { throw failure }
    var owned: [Tensor] = []
    for gradient in gradients { owned.append(try Tensor(gradient, "a gradient")) }
    return (try Tensor(value, "a loss"), owned)
  }

  /// A loss function on its way through C.
  private final class Call {
    let loss: ([Tensor]) throws(TrainingError) -> Tensor
    var error: TrainingError?

    init(_ loss: @escaping ([Tensor]) throws(TrainingError) -> Tensor) { self.loss = loss }

    func run(_ arguments: UnsafePointer<cmlx_array?>?, _ count: Int) -> cmlx_array? {
      do throws(TrainingError) {
        var tensors: [Tensor] = []
        for index in 0..<count { tensors.append(try Tensor(cmlx_retain(arguments?[index]), "a parameter")) }
        return try loss(tensors).withHandle { cmlx_retain($0) }
      } catch {
        self.error = error
        return nil
      }
    }
  }
}
