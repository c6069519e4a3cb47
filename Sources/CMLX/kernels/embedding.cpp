// Rows of a table, by number.
#include <cstring>

#include "operation.h"

namespace cmlx {
namespace {

void check(const int32_t *ids, int count, int rows) {
  for (int i = 0; i < count; i++) {
    expect(
      ids[i] >= 0 && ids[i] < rows,
      "token " + std::to_string(ids[i]) + " is not in the vocabulary of " + std::to_string(rows));
  }
}

mx::array embedding(const mx::array &table, const mx::array &ids) {
  const int V = table.shape(0), d = table.shape(1), N = ids.shape(0);
  auto run = [=](const Buffers &at) {
    const float *rows = at.floats(0);  // [V, d]
    float *out = at.out[0];            // [N, d]
    check(at.ints(1), N, V);
    for (int i = 0; i < N; i++) std::memcpy(out + size_t(i) * d, rows + size_t(at.ints(1)[i]) * d, d * sizeof(float));
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &) -> Arrays {
    auto scatter = [=](const Buffers &at) {
      const float *by_out = at.floats(0);  // [N, d]
      float *by_table = at.out[0];         // [V, d]
      std::fill(by_table, by_table + size_t(V) * d, 0.0f);
      for (int i = 0; i < N; i++) {
        float *row = by_table + size_t(at.ints(1)[i]) * d;
        const float *addend = by_out + size_t(i) * d;
        for (int j = 0; j < d; j++) row[j] += addend[j];
      }
    };
    return {operation("EmbeddingGradient", {{V, d}}, {by_outputs[0], inputs[1]}, scatter)[0], no_gradient()};
  };
  return operation("Embedding", {{N, d}}, {table, ids}, run, gradient)[0];
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_embedding(cmlx_body body, cmlx_array table, cmlx_array ids) {
  return make([&] {
    const auto &t = get(table), &i = get(ids);
    expect(t.ndim() == 2 && i.ndim() == 1, "embedding needs table [V, d] and ids [N], not " + text(t.shape()) + " and " + text(i.shape()));
    return is_fused(body) ? embedding(t, i) : mx::take(t, i, 0);
  });
}
