// AdamW, arXiv:1711.05101, over all parameters at once, with gradients clipped by their common norm.
#include <cmath>

#include "operation.h"

namespace cmlx {
namespace {
REASSOCIATE

VECTORISED double sum_of_squares(const float *x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += double(x[i]) * x[i];
  return sum;
}

struct Step {
  float learning_rate, beta1, beta2, epsilon, decay;
  float scale;       // of gradients
  float correction1, correction2;  // 1 / (1 - beta^step)
};

// All [count]. `decay` is 0 for parameters that do not decay.
VECTORISED void update(
  const Step &step, const float *p, const float *g, const float *m, const float *v, float *new_p, float *new_m,
  float *new_v, size_t count
) {
  const Step s = step;
  for (size_t i = 0; i < count; i++) {
    const float gradient = g[i] * s.scale;
    const float first = s.beta1 * m[i] + (1 - s.beta1) * gradient;
    const float second = s.beta2 * v[i] + (1 - s.beta2) * gradient * gradient;
    const float root = __builtin_elementwise_sqrt(second * s.correction2);
    new_m[i] = first;
    new_v[i] = second;
    new_p[i] = p[i] - s.learning_rate * (first * s.correction1 / (root + s.epsilon) + s.decay * p[i]);
  }
}

Arrays fused(const Step &step, const mx::array &p, const mx::array &g, const mx::array &m, const mx::array &v) {
  const size_t count = p.size();
  auto run = [=](const Buffers &at) {
    update(
      step, at.floats(0), at.floats(1), at.floats(2), at.floats(3), at.out[0], at.out[1], at.out[2], count);
  };
  return operation("AdamW", {p.shape(), p.shape(), p.shape()}, {p, g, m, v}, run);
}

Arrays composed(const Step &s, const mx::array &p, const mx::array &g, const mx::array &m, const mx::array &v) {
  auto number = [](float value) { return mx::array(value); };
  auto gradient = g * number(s.scale);
  auto first = m * number(s.beta1) + gradient * number(1 - s.beta1);
  auto second = v * number(s.beta2) + mx::square(gradient) * number(1 - s.beta2);
  auto change = first * number(s.correction1) / (mx::sqrt(second * number(s.correction2)) + number(s.epsilon));
  return {p - number(s.learning_rate) * (change + number(s.decay) * p), first, second};
}

float norm_of(const Arrays &gradients, bool is_fused) {
  double sum = 0;
  if (is_fused) {
    for (const auto &gradient : gradients) sum += sum_of_squares(gradient.data<float>(), gradient.size());
  } else {
    for (const auto &gradient : gradients) sum += mx::sum(mx::square(gradient)).item<float>();
  }
  return float(std::sqrt(sum));
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" bool cmlx_adamw(
  cmlx_body body, const cmlx_array *parameters, const cmlx_array *gradients, const cmlx_array *first,
  const cmlx_array *second, const bool *decays, size_t count, cmlx_adamw_options options, cmlx_array *out,
  float *norm
) {
  return guarded([&] {
    const auto p = get(parameters, count), m = get(first, count), v = get(second, count);
    Arrays g;
    for (const auto &gradient : get(gradients, count)) g.push_back(mx::contiguous(gradient));
    mx::eval(g);
    *norm = norm_of(g, is_fused(body)) * options.scale;
    if (!std::isfinite(*norm)) return;
    const float clip = *norm > options.clip ? options.clip / *norm : 1;
    Arrays all;
    for (size_t i = 0; i < count; i++) {
      expect(
        p[i].shape() == g[i].shape() && p[i].shape() == m[i].shape() && p[i].shape() == v[i].shape(),
        "a parameter " + text(p[i].shape()) + " has another shape than its gradient " + text(g[i].shape()));
      const Step step{
        options.learning_rate, options.beta1, options.beta2, options.epsilon, decays[i] ? options.weight_decay : 0,
        options.scale * clip, 1 / (1 - std::pow(options.beta1, float(options.step))),
        1 / (1 - std::pow(options.beta2, float(options.step)))};
      const auto updated = is_fused(body) ? fused(step, p[i], g[i], m[i], v[i]) : composed(step, p[i], g[i], m[i], v[i]);
      all.insert(all.end(), updated.begin(), updated.end());
    }
    mx::eval(all);
    for (size_t i = 0; i < count; i++) {
      for (size_t part = 0; part < 3; part++) out[part * count + i] = new cmlx_array_{all[3 * i + part]};
    }
  });
}
