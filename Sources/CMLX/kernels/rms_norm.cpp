// Root mean square norm, arXiv:1910.07467.
#include "operation.h"

namespace cmlx {
namespace {
REASSOCIATE

// 1 / sqrt(mean(x^2) + epsilon) of one row.
__attribute__((always_inline)) inline float inverse_root(const float *x, int d, float epsilon) {
  float sum = 0;
  for (int j = 0; j < d; j++) sum += x[j] * x[j];
  return 1 / __builtin_sqrtf(sum / float(d) + epsilon);
}

// x, out [rows, d]; weight [d].
VECTORISED void forward(const float *x, const float *weight, float *out, int rows, int d, float epsilon) {
  for (int i = 0; i < rows; i++, x += d, out += d) {
    const float r = inverse_root(x, d, epsilon);
    for (int j = 0; j < d; j++) out[j] = x[j] * r * weight[j];
  }
}

// x, by_out, by_x [rows, d]; weight, by_weight [d]; adds to by_weight.
VECTORISED void backward(
  const float *x, const float *weight, const float *by_out, float *by_x, float *by_weight, int rows, int d,
  float epsilon
) {
  for (int i = 0; i < rows; i++, x += d, by_out += d, by_x += d) {
    const float r = inverse_root(x, d, epsilon);
    float sum = 0;
    for (int j = 0; j < d; j++) sum += by_out[j] * weight[j] * x[j];
    const float pull = sum * r * r * r / float(d);
    for (int j = 0; j < d; j++) by_x[j] = by_out[j] * weight[j] * r - x[j] * pull;
    for (int j = 0; j < d; j++) by_weight[j] += by_out[j] * x[j] * r;
  }
}

mx::array rms_norm(const mx::array &x, const mx::array &weight, float epsilon) {
  const int N = x.shape(0), d = x.shape(1);
  auto run = [=](const Buffers &at) {
    parallel(N, 256, [&](int begin, int end) {
      const size_t row = size_t(begin) * d;
      forward(at.floats(0) + row, at.floats(1), at.out[0] + row, end - begin, d, epsilon);
    });
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &) -> Arrays {
    auto run = [=](const Buffers &at) {
      // Blocks of rows add to sums of their own, which are added in order: the same bits for any number of threads.
      const int rows = 512, blocks = (N + rows - 1) / rows;
      std::vector<float> sums(size_t(blocks) * d, 0.0f);
      parallel(blocks, 1, [&](int begin, int end) {
        for (int block = begin; block < end; block++) {
          const int first = block * rows, count = std::min(rows, N - first);
          const size_t row = size_t(first) * d;
          backward(
            at.floats(0) + row, at.floats(1), at.floats(2) + row, at.out[0] + row, &sums[size_t(block) * d], count, d,
            epsilon);
        }
      });
      std::fill(at.out[1], at.out[1] + d, 0.0f);
      for (int block = 0; block < blocks; block++) {
        for (int j = 0; j < d; j++) at.out[1][j] += sums[size_t(block) * d + j];
      }
    };
    return operation("RMSNormGradient", {{N, d}, {d}}, {inputs[0], inputs[1], by_outputs[0]}, run);
  };
  return operation("RMSNorm", {{N, d}}, {x, weight}, run, gradient)[0];
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_rms_norm(cmlx_body body, cmlx_array x, cmlx_array weight, float epsilon) {
  return make([&] {
    const auto &a = get(x), &w = get(weight);
    expect(
      a.ndim() == 2 && w.ndim() == 1 && a.shape(1) == w.shape(0),
      "rms_norm needs x [N, d] and weight [d], not " + text(a.shape()) + " and " + text(w.shape()));
    return is_fused(body) ? rms_norm(a, w, epsilon) : mx::fast::rms_norm(a, w, epsilon);
  });
}
