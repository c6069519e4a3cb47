// An operation of ours in MLX's graph, and what its body needs.
#pragma once
#include <functional>
#include <memory>

#include "../handles.h"
#include "threads.h"
#if defined(__APPLE__)
#include <Accelerate/Accelerate.h>
#else
extern "C" void cblas_sgemm(
  int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
  const float *b, int ldb, float beta, float *c, int ldc);
#endif

// Compiled for several instruction sets; the best one that the processor has is chosen when the program is loaded.
#if defined(__x86_64__) && defined(__linux__)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif
// The compiler may reorder sums, and so use vectors for them. The order stays the same from run to run.
#define REASSOCIATE _Pragma("clang fp reassociate(on) contract(fast)")

namespace cmlx {

using Arrays = std::vector<mx::array>;

// The memory of an operation while it runs: inputs are row-major, outputs are F32 and uninitialised.
struct Buffers {
  std::vector<const void *> in;
  std::vector<float *> out;

  const float *floats(size_t i) const { return static_cast<const float *>(in[i]); }
  const int32_t *ints(size_t i) const { return static_cast<const int32_t *>(in[i]); }
};

// What the operation computes. Runs on MLX's thread; what it throws is thrown by `mx::eval`.
using Run = std::function<void(const Buffers &)>;
// The gradient by each input, given the inputs, the gradients by the outputs (row-major), and the outputs. Those that
// nobody asks for are never evaluated.
using Gradient = std::function<Arrays(const Arrays &inputs, const Arrays &by_outputs, const Arrays &outputs)>;
// Stands for the gradient by an input that has none, such as ids.
inline mx::array no_gradient() { return mx::array(0.0f); }

// Adds an operation to the graph and returns its outputs, all of them F32. Without a gradient it is a constant.
Arrays operation(
  const char *name, const std::vector<mx::Shape> &outputs, const Arrays &inputs, Run run, Gradient gradient = nullptr);

enum class Transpose { neither, a, b };

// c = alpha * a b + beta * c, all row-major, with the distances of their rows; `m`, `n`, `k` as in BLAS.
inline void multiply(
  Transpose transpose, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float *c, int ldc,
  float beta = 0, float alpha = 1
) {
  enum { row_major = 101, no = 111, yes = 112 };
#if defined(__APPLE__)
  cblas_sgemm(
    CblasRowMajor, transpose == Transpose::a ? CblasTrans : CblasNoTrans,
    transpose == Transpose::b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
#else
  cblas_sgemm(
    row_major, transpose == Transpose::a ? yes : no, transpose == Transpose::b ? yes : no, m, n, k, alpha, a, lda, b,
    ldb, beta, c, ldc);
#endif
}

// e^x with a relative error of 2e-7; a polynomial after Moshier's Cephes (expf.c). NaN stays NaN.
__attribute__((always_inline)) inline float fast_exp(float x) {
  x = x < -87.f ? -87.f : x > 87.f ? 87.f : x;
  const float n = __builtin_elementwise_rint(x * 1.44269504f), r = x - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float power;
  __builtin_memcpy(&power, &bits, sizeof power);
  return p * power;
}

}  // namespace cmlx
