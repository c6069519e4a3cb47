// silu(gate) * up, arXiv:2002.05202.
#include "operation.h"

namespace cmlx {
namespace {
REASSOCIATE

// gate_up [rows, 2 F], out [rows, F]
VECTORISED void forward(const float *gate_up, float *out, int rows, int F) {
  for (int i = 0; i < rows; i++, gate_up += 2 * size_t(F), out += F) {
    const float *gate = gate_up, *up = gate_up + F;
    for (int j = 0; j < F; j++) out[j] = gate[j] / (1 + fast_exp(-gate[j])) * up[j];
  }
}

// gate_up, by_gate_up [rows, 2 F], by_out [rows, F]
VECTORISED void backward(const float *gate_up, const float *by_out, float *by_gate_up, int rows, int F) {
  for (int i = 0; i < rows; i++, gate_up += 2 * size_t(F), by_gate_up += 2 * size_t(F), by_out += F) {
    const float *gate = gate_up, *up = gate_up + F;
    for (int j = 0; j < F; j++) {
      const float sigmoid = 1 / (1 + fast_exp(-gate[j])), silu = gate[j] * sigmoid;
      by_gate_up[j] = by_out[j] * up[j] * (sigmoid + silu * (1 - sigmoid));
      by_gate_up[F + j] = by_out[j] * silu;
    }
  }
}

mx::array swiglu(const mx::array &gate_up) {
  const int N = gate_up.shape(0), F = gate_up.shape(1) / 2;
  auto run = [=](const Buffers &at) {
    parallel(N, 64, [&](int begin, int end) {
      forward(at.floats(0) + size_t(begin) * 2 * F, at.out[0] + size_t(begin) * F, end - begin, F);
    });
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &) -> Arrays {
    auto run = [=](const Buffers &at) {
      parallel(N, 64, [&](int begin, int end) {
        const size_t wide = size_t(begin) * 2 * F, narrow = size_t(begin) * F;
        backward(at.floats(0) + wide, at.floats(1) + narrow, at.out[0] + wide, end - begin, F);
      });
    };
    return operation("SwiGLUGradient", {{N, 2 * F}}, {inputs[0], by_outputs[0]}, run);
  };
  return operation("SwiGLU", {{N, F}}, {gate_up}, run, gradient)[0];
}

mx::array composed(const mx::array &gate_up) {
  const auto parts = mx::split(gate_up, 2, 1);
  return mx::multiply(mx::multiply(parts[0], mx::sigmoid(parts[0])), parts[1]);
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_swiglu(cmlx_body body, cmlx_array gate_up) {
  return make([&] {
    const auto &a = get(gate_up);
    expect(a.ndim() == 2 && a.shape(1) % 2 == 0, "swiglu needs [N, 2 F], not " + text(a.shape()));
    return is_fused(body) ? swiglu(a) : composed(a);
  });
}
