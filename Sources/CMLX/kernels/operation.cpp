#include "operation.h"

// MLX's encoder calls std::bind, whose libstdc++ names something that C++20 deprecates.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

#include "mlx/allocator.h"
#include "mlx/backend/cpu/encoder.h"
#include "mlx/primitives.h"

namespace cmlx {
namespace {

class Operation final : public mx::Primitive {
 public:
  Operation(mx::Stream stream, const char *name, Run run, Gradient gradient)
      : Primitive(stream), label(name), run(std::move(run)), gradient(std::move(gradient)) {}

  const char *name() const override { return label; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    Buffers buffers;
    for (auto &output : outputs) {
      output.set_data(mx::allocator::malloc(output.nbytes()));
      buffers.out.push_back(output.data<float>());
    }
    for (const auto &input : inputs) buffers.in.push_back(input.data<char>());
    // MLX keeps inputs and outputs until this has run.
    mx::cpu::get_command_encoder(stream()).dispatch([run = run, buffers = std::move(buffers)] { run(buffers); });
  }

  void eval_gpu(const Arrays &, Arrays &) override {
    throw std::runtime_error(std::string(label) + " is fused for the CPU only");
  }

  Arrays vjp(
    const Arrays &inputs, const Arrays &by_outputs, const std::vector<int> &indices, const Arrays &outputs
  ) override {
    if (!gradient) throw std::runtime_error(std::string(label) + " has no gradient");
    Arrays plain, wanted;
    for (const auto &array : by_outputs) plain.push_back(mx::contiguous(array));
    const auto all = gradient(inputs, plain, outputs);
    for (int index : indices) wanted.push_back(all.at(index));
    return wanted;
  }

 private:
  const char *label;
  Run run;
  Gradient gradient;
};

}  // namespace

Arrays operation(
  const char *name, const std::vector<mx::Shape> &outputs, const Arrays &inputs, Run run, Gradient gradient
) {
  Arrays plain;
  for (const auto &input : inputs) plain.push_back(mx::contiguous(input));
  auto primitive = std::make_shared<Operation>(
    mx::default_stream(mx::Device::cpu), name, std::move(run), std::move(gradient));
  return mx::array::make_arrays(outputs, std::vector<mx::Dtype>(outputs.size(), mx::float32), primitive, plain);
}

}  // namespace cmlx
