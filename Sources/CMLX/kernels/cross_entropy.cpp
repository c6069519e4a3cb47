// Minus the log-probability of each target.
#include <cmath>

#include "operation.h"

namespace cmlx {
namespace {
REASSOCIATE

// ln of the sum of e^x.
__attribute__((always_inline)) inline float log_sum_exp(const float *x, int V) {
  float maximum = x[0];
  for (int j = 1; j < V; j++) maximum = __builtin_elementwise_max(maximum, x[j]);
  float sum = 0;
  for (int j = 0; j < V; j++) sum += fast_exp(x[j] - maximum);
  return maximum + std::log(sum);
}

// logits [rows, V]; targets, out, sums [rows]
VECTORISED void forward(const float *logits, const int32_t *targets, float *out, float *sums, int rows, int V) {
  for (int i = 0; i < rows; i++, logits += V) {
    sums[i] = log_sum_exp(logits, V);
    out[i] = sums[i] - logits[targets[i]];
  }
}

// logits, by_logits [rows, V]; targets, sums, by_out [rows]
VECTORISED void backward(
  const float *logits, const int32_t *targets, const float *sums, const float *by_out, float *by_logits, int rows,
  int V
) {
  for (int i = 0; i < rows; i++, logits += V, by_logits += V) {
    const float sum = sums[i], factor = by_out[i];
    for (int j = 0; j < V; j++) by_logits[j] = fast_exp(logits[j] - sum) * factor;
    by_logits[targets[i]] -= factor;
  }
}

mx::array cross_entropy(const mx::array &logits, const mx::array &targets) {
  const int N = logits.shape(0), V = logits.shape(1);
  auto run = [=](const Buffers &at) {
    const auto *targets = at.ints(1);
    for (int i = 0; i < N; i++) {
      expect(
        targets[i] >= 0 && targets[i] < V,
        "target " + std::to_string(targets[i]) + " is not in the vocabulary of " + std::to_string(V));
    }
    parallel(N, 64, [&](int begin, int end) {
      forward(
        at.floats(0) + size_t(begin) * V, targets + begin, at.out[0] + begin, at.out[1] + begin, end - begin, V);
    });
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &outputs) -> Arrays {
    auto run = [=](const Buffers &at) {
      parallel(N, 64, [&](int begin, int end) {
        const size_t row = size_t(begin) * V;
        backward(
          at.floats(0) + row, at.ints(1) + begin, at.floats(2) + begin, at.floats(3) + begin, at.out[0] + row,
          end - begin, V);
      });
    };
    const Arrays needed{inputs[0], inputs[1], outputs[1], by_outputs[0]};
    return {operation("CrossEntropyGradient", {{N, V}}, needed, run)[0], no_gradient()};
  };
  return operation("CrossEntropy", {{N}, {N}}, {logits, targets}, run, gradient)[0];
}

mx::array composed(const mx::array &logits, const mx::array &targets) {
  auto chosen = mx::take_along_axis(logits, mx::expand_dims(targets, 1), 1);
  return mx::subtract(mx::logsumexp(logits, 1), mx::squeeze(chosen, 1));
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_cross_entropy(cmlx_body body, cmlx_array logits, cmlx_array targets) {
  return make([&] {
    const auto &a = get(logits), &t = get(targets);
    expect(
      a.ndim() == 2 && t.ndim() == 1 && a.shape(0) == t.shape(0),
      "cross_entropy needs logits [N, V] and targets [N], not " + text(a.shape()) + " and " + text(t.shape()));
    return is_fused(body) ? cross_entropy(a, t) : composed(a, t);
  });
}
