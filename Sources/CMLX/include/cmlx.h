// MLX for Swift: one C function an operation. No C++ exception leaves these functions: where one fails it returns
// NULL, false or -1, and `cmlx_error` says why. All may be called from any thread; they take turns.
#ifndef CMLX_H
#define CMLX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An array, or a node of a graph that will compute one. Whoever receives a handle owns it and gives it to `cmlx_free`.
typedef struct cmlx_array_ *cmlx_array;

/// What this thread's last failed call complained of.
const char *cmlx_error(void);

// MARK: - The library

/// Chooses the device of all later operations: the GPU where MLX was built for one, else the CPU. Also the way back.
bool cmlx_use_gpu(bool gpu);
bool cmlx_has_gpu(void);
/// Threads of the fused operations; OpenBLAS itself gets one, because its threads and ours would wait for each other.
bool cmlx_set_threads(int count);
/// What OpenBLAS says of itself, such as "OpenBLAS 0.3.34 ... SkylakeX"; "Accelerate" on macOS; NULL for another BLAS.
const char *cmlx_blas(void);
/// The most bytes that arrays have held at once.
size_t cmlx_peak_memory(void);
void cmlx_reset_peak_memory(void);

// MARK: - Arrays

typedef enum { CMLX_F32, CMLX_F16, CMLX_I32, CMLX_U32, CMLX_BOOL, CMLX_OTHER } cmlx_type;

void cmlx_free(cmlx_array array);
/// A second handle on the same array.
cmlx_array cmlx_retain(cmlx_array array);
/// Copies of `data`, in row-major order.
cmlx_array cmlx_f32(const float *data, const int *shape, int dimensions);
cmlx_array cmlx_i32(const int32_t *data, const int *shape, int dimensions);
cmlx_array cmlx_u32(const uint32_t *data, const int *shape, int dimensions);
cmlx_array cmlx_bool(bool value);
cmlx_array cmlx_zeros(const int *shape, int dimensions);
int cmlx_dimensions(cmlx_array array);
int cmlx_dimension(cmlx_array array, int index);
size_t cmlx_size(cmlx_array array);
cmlx_type cmlx_type_of(cmlx_array array);
/// Computes what these arrays stand for.
bool cmlx_eval(const cmlx_array *arrays, size_t count);
/// Computes, converts and copies `count` elements, which must be all of them.
bool cmlx_read_f32(cmlx_array array, float *out, size_t count);
bool cmlx_read_i64(cmlx_array array, int64_t *out, size_t count);
cmlx_array cmlx_convert(cmlx_array array, cmlx_type type);

// MARK: - Operations

typedef enum {
  CMLX_ADD, CMLX_SUBTRACT, CMLX_MULTIPLY, CMLX_DIVIDE, CMLX_MAXIMUM, CMLX_MINIMUM, CMLX_MATMUL
} cmlx_binary_operation;
typedef enum {
  CMLX_EXP, CMLX_LOG, CMLX_SQRT, CMLX_SQUARE, CMLX_NEGATIVE, CMLX_SIGMOID, CMLX_SUM, CMLX_MEAN, CMLX_STOP_GRADIENT,
  CMLX_TRANSPOSE
} cmlx_unary_operation;

cmlx_array cmlx_binary(cmlx_binary_operation operation, cmlx_array a, cmlx_array b);
cmlx_array cmlx_unary(cmlx_unary_operation operation, cmlx_array a);
cmlx_array cmlx_reshape(cmlx_array a, const int *shape, int dimensions);
/// The sum along one axis, which goes away.
cmlx_array cmlx_sum_along(cmlx_array a, int axis);

// MARK: - Operations of a transformer
//
// Each has two bodies: a fused one for the CPU, with a hand-written gradient, and one composed of MLX's operations,
// which runs on every device and is what the fused one is tested against. All arrays are F32 but ids, positions and
// targets, which are I32. N tokens stand in one row after the other; sizes are in the names of the dimensions.

typedef enum {
  /// Fused on the CPU, composed on a GPU.
  CMLX_AUTOMATIC,
  CMLX_FUSED,
  CMLX_COMPOSED
} cmlx_body;

/// Rows of a table. table [V, d], ids [N] -> [N, d]. Ids outside of the table fail when they are evaluated.
cmlx_array cmlx_embedding(cmlx_body body, cmlx_array table, cmlx_array ids);
/// x / sqrt(mean(x^2) + epsilon) * weight. x [N, d], weight [d] -> [N, d].
cmlx_array cmlx_rms_norm(cmlx_body body, cmlx_array x, cmlx_array weight, float epsilon);
/// x times each weight transposed, side by side, plus `residual` where it is not NULL.
/// x [N, in], weights [out_i, in], residual [N, sum of out_i] -> [N, sum of out_i].
cmlx_array cmlx_linear(
  cmlx_body body, cmlx_array x, const cmlx_array *weights, size_t count, cmlx_array residual);
/// Rotates queries and keys (RoPE, interleaved pairs), and lets each token attend to itself and to those before it
/// in its document, which begins where a position is 0. Each query head reads key head `head * key_heads / heads`.
/// qkv [N, (heads + 2 * key_heads) * D]: queries, keys, values; positions [B, T], N = B * T -> [N, heads * D].
cmlx_array cmlx_attention(
  cmlx_body body, cmlx_array qkv, cmlx_array positions, int heads, int key_heads, float rope_base);
/// silu(gate) * up. gate_up [N, 2 * F] -> [N, F].
cmlx_array cmlx_swiglu(cmlx_body body, cmlx_array gate_up);
/// x where a random number, drawn from `seed`, is at least `probability`, divided by 1 - probability; 0 elsewhere.
cmlx_array cmlx_dropout(cmlx_array x, float probability, uint64_t seed);
/// -ln softmax(logits)[target]. logits [N, V], targets [N] -> [N].
cmlx_array cmlx_cross_entropy(cmlx_body body, cmlx_array logits, cmlx_array targets);

// MARK: - Training

/// Computes a loss from arrays that it borrows; returns a handle that the caller then owns, or NULL. `seen` is NULL, and
/// may be set to another array that was computed on the way.
typedef cmlx_array (*cmlx_function)(void *context, const cmlx_array *arguments, size_t count, cmlx_array *seen);

/// The scalar that `function` makes of `arguments`, and its gradient by each of them (`gradients` has `count` slots).
/// `seen` becomes what the function set it to, through which no gradient passes, or NULL.
bool cmlx_value_and_gradient(
  cmlx_function function, void *context, const cmlx_array *arguments, size_t count, cmlx_array *value,
  cmlx_array *gradients, cmlx_array *seen);

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  /// Gradients are multiplied by this first.
  float scale;
  /// The largest norm of all gradients together; larger ones are scaled down to it.
  float clip;
  /// The number of this step, counted from 1.
  int step;
} cmlx_adamw_options;

/// One step of AdamW over all parameters. `decays` says which of them weight decay applies to. Writes the new
/// parameters, first and second moments into 3 * `count` slots of `out`, and the norm of the scaled gradients. Where
/// that is not finite it writes no handle and returns true.
bool cmlx_adamw(
  cmlx_body body, const cmlx_array *parameters, const cmlx_array *gradients, const cmlx_array *first,
  const cmlx_array *second, const bool *decays, size_t count, cmlx_adamw_options options, cmlx_array *out,
  float *norm);

// MARK: - Several processes

/// Whether this machine can be called at that address: it is its own, and nobody has the port.
bool cmlx_can_listen(const char *host, const char *port);
/// Connects with the processes of `hostfile`, which lists their addresses as MLX's ring wants them:
/// [["host:port"], ["host:port"]]. Fails where they are not all there within some seconds. A process joins one group.
bool cmlx_join_group(const char *hostfile, int rank, int seconds);
/// The sum of each array over all processes, into `count` slots of `sums`. All processes must call this with arrays of
/// the same shapes in the same order. Fails where a process is gone.
bool cmlx_all_sum(const cmlx_array *arrays, size_t count, cmlx_array *sums);

// MARK: - Files

/// Named arrays and metadata, as they are read from or will be written to a GGUF or safetensors file.
typedef struct cmlx_file_ *cmlx_file;
typedef enum { CMLX_NONE, CMLX_STRING, CMLX_STRINGS, CMLX_NUMBERS } cmlx_metadata_kind;

cmlx_file cmlx_file_new(void);
void cmlx_file_free(cmlx_file file);
/// Quantised tensors are read as F32. Only F32, F16, Q8_0, Q4_0 and Q4_1 can be read.
cmlx_file cmlx_read_gguf(const char *path);
cmlx_file cmlx_read_safetensors(const char *path);
bool cmlx_write_gguf(cmlx_file file, const char *path);
/// Only metadata that are strings can be written.
bool cmlx_write_safetensors(cmlx_file file, const char *path);

/// Names stay valid as long as the file. Handles that are returned belong to the caller; those given are borrowed.
size_t cmlx_file_array_count(cmlx_file file);
const char *cmlx_file_array_name(cmlx_file file, size_t index);
cmlx_array cmlx_file_array(cmlx_file file, size_t index);
bool cmlx_file_set_array(cmlx_file file, const char *name, cmlx_array array);
size_t cmlx_file_metadata_count(cmlx_file file);
const char *cmlx_file_metadata_key(cmlx_file file, size_t index);
cmlx_metadata_kind cmlx_file_metadata_kind(cmlx_file file, size_t index);
/// Strings of a value; a single one has one.
size_t cmlx_file_string_count(cmlx_file file, size_t index);
const char *cmlx_file_string(cmlx_file file, size_t index, size_t element, size_t *byte_count);
cmlx_array cmlx_file_numbers(cmlx_file file, size_t index);
bool cmlx_file_set_strings(
  cmlx_file file, const char *key, const char *const *strings, size_t count, bool is_array);
bool cmlx_file_set_numbers(cmlx_file file, const char *key, cmlx_array numbers);

#ifdef __cplusplus
}
#endif
#endif
