// Causal self-attention within documents, grouped-query (arXiv:2305.13245), with rotary positions (arXiv:2104.09864,
// interleaved pairs, as GGUF's architecture `llama` has them).
//
// The gradient computes the probabilities again from one number a row, as FlashAttention does (arXiv:2205.14135). Rows
// of a document are done in tiles, and a tile only looks at the columns up to its last row: half of the square.
#include <cmath>
#include <cstring>
#include <map>
#include <tuple>

#include "operation.h"

namespace cmlx {
namespace {
REASSOCIATE

constexpr int tile = 64;  // rows; 64, 128 and 256 were measured

struct Shape {
  int B, T, heads, key_heads, D;
  std::shared_ptr<const std::vector<float>> rotation;  // [T, D]: cos and sin of each pair

  int width() const { return (heads + 2 * key_heads) * D; }
  float scale() const { return 1 / std::sqrt(float(D)); }
};

// cos, sin, cos, sin, ... of position / base^(2 i / D). Made once for a model. Called under the lock of the target.
std::shared_ptr<const std::vector<float>> rotation(int T, int D, float base) {
  static std::map<std::tuple<int, int, float>, std::shared_ptr<const std::vector<float>>> made;
  auto &kept = made[{T, D, base}];
  if (kept) return kept;
  auto table = std::make_shared<std::vector<float>>(size_t(T) * D);
  for (int t = 0; t < T; t++) {
    for (int i = 0; i < D / 2; i++) {
      const double angle = t * std::pow(double(base), -2.0 * i / D);
      (*table)[size_t(t) * D + 2 * i] = float(std::cos(angle));
      (*table)[size_t(t) * D + 2 * i + 1] = float(std::sin(angle));
    }
  }
  return kept = table;
}

// Turns each pair of x [n, D] by its angle, or back by it, times `factor`. `to` may be `from`.
VECTORISED void rotate(
  const float *from, int from_stride, float *to, int to_stride, int n, int D, const float *table, float direction,
  float factor
) {
  for (int t = 0; t < n; t++, from += from_stride, to += to_stride, table += D) {
    for (int i = 0; i < D; i += 2) {
      const float a = from[i], b = from[i + 1], cos = table[i] * factor, sin = table[i + 1] * factor * direction;
      to[i] = a * cos - b * sin;
      to[i + 1] = a * sin + b * cos;
    }
  }
}

// Scores of rows `first`..<`first + rows` become probabilities, with zeros after the diagonal. P [rows, columns].
VECTORISED void softmax(float *P, int first, int rows, int columns, float *log_sums) {
  for (int r = 0; r < rows; r++, P += columns) {
    const int n = first + r + 1;
    float maximum = P[0], sum = 0;
    for (int i = 1; i < n; i++) maximum = __builtin_elementwise_max(maximum, P[i]);
    for (int i = 0; i < n; i++) sum += P[i] = fast_exp(P[i] - maximum);
    const float inverse = 1 / sum;
    for (int i = 0; i < n; i++) P[i] *= inverse;
    for (int i = n; i < columns; i++) P[i] = 0;
    log_sums[r] = maximum + std::log(sum);
  }
}

// The same probabilities from what `softmax` noted, without looking for the maximum.
VECTORISED void softmax_again(float *P, int first, int rows, int columns, const float *log_sums) {
  for (int r = 0; r < rows; r++, P += columns) {
    const int n = first + r + 1;
    const float log_sum = log_sums[r];
    for (int i = 0; i < n; i++) P[i] = fast_exp(P[i] - log_sum);
    for (int i = n; i < columns; i++) P[i] = 0;
  }
}

// Gradient by probabilities becomes gradient by scores, in place. Both [rows, columns].
VECTORISED void softmax_backward(const float *P, float *by_P, int rows, int columns) {
  for (int r = 0; r < rows; r++, P += columns, by_P += columns) {
    float sum = 0;
    for (int i = 0; i < columns; i++) sum += P[i] * by_P[i];
    for (int i = 0; i < columns; i++) by_P[i] = P[i] * (by_P[i] - sum);
  }
}

// `n` tokens from `first` on.
struct Document {
  int first, n;
};

std::vector<Document> documents(const int32_t *positions, int B, int T) {
  std::vector<Document> found;
  for (int b = 0; b < B; b++) {
    for (int t = 0; t < T; t++) {
      const int i = b * T + t;
      if (t == 0 || positions[i] == 0) {
        found.push_back({i, 1});
      } else {
        expect(positions[i] == found.back().n, "positions must count up from 0 within each document");
        found.back().n++;
      }
      expect(t > 0 || positions[i] == 0, "the first position of a row must be 0");
    }
  }
  return found;
}

// One document, and one key head with the query heads that read it.
// qkv [N, width], out [N, heads * D], log_sums [heads, N]
void forward(const Shape &s, Document doc, int key_head, const float *qkv, float *out, float *log_sums) {
  const int n = doc.n, D = s.D, W = s.width(), group = s.heads / s.key_heads, N = s.B * s.T;
  static thread_local std::vector<float> scratch;
  scratch.resize(2 * size_t(n) * D + size_t(std::min(tile, n)) * n);
  float *Q = scratch.data(), *K = Q + size_t(n) * D, *P = K + size_t(n) * D;  // [n, D], [n, D], [tile, n]
  const float *base = qkv + size_t(doc.first) * W;
  rotate(base + (s.heads + key_head) * D, W, K, D, n, D, s.rotation->data(), 1, 1);
  const float *V = base + (s.heads + s.key_heads + key_head) * D;
  for (int h = key_head * group; h < (key_head + 1) * group; h++) {
    rotate(base + h * D, W, Q, D, n, D, s.rotation->data(), 1, s.scale());
    for (int r = 0; r < n; r += tile) {
      const int rows = std::min(tile, n - r), columns = r + rows;
      multiply(Transpose::b, rows, columns, D, Q + size_t(r) * D, D, K, D, P, columns);
      softmax(P, r, rows, columns, log_sums + size_t(h) * N + doc.first + r);
      multiply(
        Transpose::neither, rows, D, columns, P, columns, V, W, out + size_t(doc.first + r) * s.heads * D + h * D,
        s.heads * D);
    }
  }
}

// by_out [N, heads * D], by_qkv [N, width]
void backward(
  const Shape &s, Document doc, int key_head, const float *qkv, const float *log_sums, const float *by_out,
  float *by_qkv
) {
  const int n = doc.n, D = s.D, W = s.width(), group = s.heads / s.key_heads, N = s.B * s.T, O = s.heads * D;
  static thread_local std::vector<float> scratch;
  const size_t block = size_t(n) * D, square = size_t(std::min(tile, n)) * n;
  scratch.resize(3 * block + 2 * square);
  float *Q = scratch.data(), *K = Q + block, *by_K = K + block;  // [n, D]
  float *P = by_K + block, *by_P = P + square;                   // [tile, n]
  const float *base = qkv + size_t(doc.first) * W;
  float *by_base = by_qkv + size_t(doc.first) * W;
  const int k = (s.heads + key_head) * D, v = (s.heads + s.key_heads + key_head) * D;  // columns of qkv
  const float *table = s.rotation->data();
  rotate(base + k, W, K, D, n, D, table, 1, 1);
  std::memset(by_K, 0, block * sizeof(float));
  for (int t = 0; t < n; t++) std::memset(by_base + size_t(t) * W + v, 0, D * sizeof(float));
  for (int h = key_head * group; h < (key_head + 1) * group; h++) {
    rotate(base + h * D, W, Q, D, n, D, table, 1, s.scale());
    for (int r = 0; r < n; r += tile) {
      const int rows = std::min(tile, n - r), columns = r + rows;
      const float *by_rows = by_out + size_t(doc.first + r) * O + h * D;
      multiply(Transpose::b, rows, columns, D, Q + size_t(r) * D, D, K, D, P, columns);
      softmax_again(P, r, rows, columns, log_sums + size_t(h) * N + doc.first + r);
      multiply(Transpose::a, columns, D, rows, P, columns, by_rows, O, by_base + v, W, 1);
      multiply(Transpose::b, rows, columns, D, by_rows, O, base + v, W, by_P, columns);
      softmax_backward(P, by_P, rows, columns);
      multiply(Transpose::neither, rows, D, columns, by_P, columns, K, D, by_base + size_t(r) * W + h * D, W);
      multiply(Transpose::a, columns, D, rows, by_P, columns, Q + size_t(r) * D, D, by_K, D, 1);
    }
    rotate(by_base + h * D, W, by_base + h * D, W, n, D, table, -1, s.scale());
  }
  rotate(by_K, D, by_base + k, W, n, D, table, -1, 1);
}

mx::array attention(const Shape &s, const mx::array &qkv, const mx::array &positions) {
  const int N = s.B * s.T, O = s.heads * s.D;
  auto run = [=](const Buffers &at) {
    const auto all = documents(at.ints(1), s.B, s.T);
    parallel(int(all.size()) * s.key_heads, 1, [&](int begin, int end) {
      for (int i = begin; i < end; i++) {
        forward(s, all[i / s.key_heads], i % s.key_heads, at.floats(0), at.out[0], at.out[1]);
      }
    });
  };
  auto gradient = [=](const Arrays &inputs, const Arrays &by_outputs, const Arrays &outputs) -> Arrays {
    auto run = [=](const Buffers &at) {
      const auto all = documents(at.ints(1), s.B, s.T);
      parallel(int(all.size()) * s.key_heads, 1, [&](int begin, int end) {
        for (int i = begin; i < end; i++) {
          backward(
            s, all[i / s.key_heads], i % s.key_heads, at.floats(0), at.floats(2), at.floats(3), at.out[0]);
        }
      });
    };
    const Arrays needed{inputs[0], inputs[1], outputs[1], by_outputs[0]};
    return {operation("AttentionGradient", {{N, s.width()}}, needed, run)[0], no_gradient()};
  };
  return operation("Attention", {{N, O}, {s.heads, N}}, {qkv, positions}, run, gradient)[0];
}

// x [B, T, H, D]; cos, sin [B, T, 1, D / 2]
mx::array rotate(const mx::array &x, const mx::array &cos, const mx::array &sin) {
  auto pairs = mx::reshape(x, {x.shape(0), x.shape(1), x.shape(2), x.shape(3) / 2, 2});
  auto a = mx::take(pairs, 0, 4), b = mx::take(pairs, 1, 4);
  return mx::reshape(mx::stack({a * cos - b * sin, a * sin + b * cos}, 4), x.shape());
}

mx::array composed(const Shape &s, float rope_base, const mx::array &qkv, const mx::array &positions) {
  const int B = s.B, T = s.T, D = s.D;
  auto frequencies = mx::exp(mx::arange(0, D, 2, mx::float32) * mx::array(-std::log(rope_base) / float(D)));
  auto angles = mx::expand_dims(mx::astype(positions, mx::float32), {2, 3}) * frequencies;  // [B, T, 1, D / 2]
  auto cos = mx::cos(angles), sin = mx::sin(angles);
  auto parts = mx::split(mx::reshape(qkv, {B, T, -1, D}), mx::Shape{s.heads, s.heads + s.key_heads}, 2);
  auto by_head = [](const mx::array &x) { return mx::transpose(x, {0, 2, 1, 3}); };  // [B, H, T, D]
  // A document's number is the count of beginnings up to here.
  auto number = mx::cumsum(mx::astype(mx::equal(positions, mx::array(0)), mx::int32), 1);
  auto same = mx::equal(mx::expand_dims(number, 2), mx::expand_dims(number, 1));  // [B, T, T]
  auto order = mx::arange(0, T, mx::int32);
  auto causal = mx::greater_equal(mx::expand_dims(order, 1), mx::expand_dims(order, 0));
  auto mask = mx::expand_dims(mx::logical_and(same, causal), 1);
  auto out = mx::fast::scaled_dot_product_attention(
    by_head(rotate(parts[0], cos, sin)), by_head(rotate(parts[1], cos, sin)), by_head(parts[2]), s.scale(), "", mask);
  return mx::reshape(mx::transpose(out, {0, 2, 1, 3}), {B * T, s.heads * D});
}

}  // namespace
}  // namespace cmlx

using namespace cmlx;

extern "C" cmlx_array cmlx_attention(
  cmlx_body body, cmlx_array qkv, cmlx_array positions, int heads, int key_heads, float rope_base
) {
  return make([&] {
    const auto &a = get(qkv), &p = get(positions);
    expect(heads > 0 && key_heads > 0 && heads % key_heads == 0, "heads must be a multiple of key heads");
    expect(a.ndim() == 2 && p.ndim() == 2, "attention needs qkv [N, W] and positions [B, T], not " + text(a.shape()) + " and " + text(p.shape()));
    const int B = p.shape(0), T = p.shape(1), columns = heads + 2 * key_heads, D = a.shape(1) / columns;
    expect(
      a.shape(0) == B * T && a.shape(1) == columns * D && D % 2 == 0,
      "attention can't split " + text(a.shape()) + " into " + std::to_string(columns) + " heads of even size for positions " + text(p.shape()));
    if (!is_fused(body)) return composed({B, T, heads, key_heads, D, nullptr}, rope_base, a, p);
    return attention({B, T, heads, key_heads, D, rotation(T, D, rope_base)}, a, p);
  });
}
