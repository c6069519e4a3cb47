// Several linear maps of the same input, side by side, and the residual connection after them.
#include <cstring>

#include "operation.h"

namespace cmlx {
namespace {

struct Sizes {
  int N, in;              // rows and columns of x
  std::vector<int> out;   // columns that each weight makes
  std::vector<int> from;  // where they begin
  int total = 0;

  Sizes(const mx::array &x, const Arrays &weights) : N(x.shape(0)), in(x.shape(1)) {
    for (const auto &weight : weights) {
      from.push_back(total);
      out.push_back(weight.shape(0));
      total += weight.shape(0);
    }
  }
};

// by_x [N, in] = sum of by_out_i [N, out_i] weight_i [out_i, in]
mx::array gradient_by_x(const Sizes &sizes, const mx::array &by_out, const Arrays &weights) {
  Arrays inputs{by_out};
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  auto run = [sizes](const Buffers &at) {
    parallel(sizes.N, 64, [&](int begin, int end) {
      for (size_t i = 0; i < sizes.out.size(); i++) {
        multiply(
          Transpose::neither, end - begin, sizes.in, sizes.out[i],
          at.floats(0) + size_t(begin) * sizes.total + sizes.from[i], sizes.total, at.floats(1 + i), sizes.in,
          at.out[0] + size_t(begin) * sizes.in, sizes.in, i > 0 ? 1 : 0);
      }
    });
  };
  return operation("LinearGradientByX", {{sizes.N, sizes.in}}, inputs, run)[0];
}

// by_weight [out, in] = by_out_i [N, out]^T x [N, in]
mx::array gradient_by_weight(const Sizes &sizes, size_t i, const mx::array &by_out, const mx::array &x) {
  const int out = sizes.out[i], from = sizes.from[i], total = sizes.total, N = sizes.N, in = sizes.in;
  auto run = [=](const Buffers &at) {
    parallel(out, 32, [&](int begin, int end) {
      multiply(
        Transpose::a, end - begin, in, N, at.floats(0) + from + begin, total, at.floats(1), in,
        at.out[0] + size_t(begin) * in, in);
    });
  };
  return operation("LinearGradientByWeight", {{out, in}}, {by_out, x}, run)[0];
}

mx::array linear(const mx::array &x, const Arrays &weights, const mx::array *residual) {
  const Sizes sizes(x, weights);
  const size_t count = weights.size();
  const bool adds = residual != nullptr;
  Arrays inputs{x};
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  if (residual) inputs.push_back(*residual);
  auto run = [=](const Buffers &at) {
    parallel(sizes.N, 64, [&](int begin, int end) {
      float *out = at.out[0] + size_t(begin) * sizes.total;
      const size_t bytes = size_t(end - begin) * sizes.total * sizeof(float);
      if (adds) std::memcpy(out, at.floats(1 + count) + size_t(begin) * sizes.total, bytes);
      for (size_t i = 0; i < count; i++) {
        multiply(
          Transpose::b, end - begin, sizes.out[i], sizes.in, at.floats(0) + size_t(begin) * sizes.in, sizes.in,
          at.floats(1 + i), sizes.in, out + sizes.from[i], sizes.total, adds ? 1 : 0);
      }
    });
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &) {
    const Arrays weights(inputs.begin() + 1, inputs.begin() + 1 + count);
    Arrays gradients{gradient_by_x(sizes, by_outputs[0], weights)};
    for (size_t i = 0; i < count; i++) gradients.push_back(gradient_by_weight(sizes, i, by_outputs[0], inputs[0]));
    if (adds) gradients.push_back(by_outputs[0]);
    return gradients;
  };
  return operation("Linear", {{sizes.N, sizes.total}}, inputs, run, gradient)[0];
}

mx::array composed(const mx::array &x, const Arrays &weights, const mx::array *residual) {
  Arrays parts;
  for (const auto &weight : weights) parts.push_back(mx::matmul(x, mx::transpose(weight)));
  auto out = parts.size() == 1 ? parts[0] : mx::concatenate(parts, 1);
  return residual ? mx::add(*residual, out) : out;
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_linear(
  cmlx_body body, cmlx_array x, const cmlx_array *weights, size_t count, cmlx_array residual
) {
  return make([&] {
    const auto &a = get(x);
    const auto w = get(weights, count);
    expect(a.ndim() == 2 && count > 0, "linear needs x [N, in] and a weight, not " + text(a.shape()));
    for (const auto &weight : w) {
      expect(
        weight.ndim() == 2 && weight.shape(1) == a.shape(1),
        "linear can't multiply " + text(a.shape()) + " by a weight " + text(weight.shape()));
    }
    const auto *r = residual ? &residual->array : nullptr;
    if (r) {
      const mx::Shape shape{a.shape(0), Sizes(a, w).total};
      expect(r->shape() == shape, "linear makes " + text(shape) + ", but the residual is " + text(r->shape()));
    }
    return is_fused(body) ? linear(a, w, r) : composed(a, w, r);
  });
}
