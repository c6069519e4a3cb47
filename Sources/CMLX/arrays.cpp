// Making, reading and combining arrays.
#include <cstring>

#include "handles.h"

using namespace cmlx;

namespace {

mx::Shape shape_of(const int *sizes, int dimensions) { return mx::Shape(sizes, sizes + dimensions); }

mx::Dtype dtype_of(cmlx_type type) {
  switch (type) {
    case CMLX_F32: return mx::float32;
    case CMLX_F16: return mx::float16;
    case CMLX_I32: return mx::int32;
    case CMLX_U32: return mx::uint32;
    case CMLX_BOOL: return mx::bool_;
    case CMLX_OTHER: break;
  }
  throw std::invalid_argument("there is no such type of element");
}

template <class Element> void read(const mx::array &array, mx::Dtype dtype, Element *out, size_t count) {
  expect(array.size() == count, "an array of " + text(array.shape()) + " does not have " + std::to_string(count) + " elements");
  auto plain = mx::contiguous(mx::astype(array, dtype));
  mx::eval(plain);
  std::memcpy(out, plain.data<Element>(), count * sizeof(Element));
}

}  // namespace

extern "C" {

void cmlx_free(cmlx_array array) {
  guarded([&] { delete array; });
}
cmlx_array cmlx_retain(cmlx_array a) { return make([&] { return get(a); }); }
cmlx_array cmlx_f32(const float *data, const int *shape, int n) {
  return make([&] { return mx::array(data, shape_of(shape, n), mx::float32); });
}
cmlx_array cmlx_i32(const int32_t *data, const int *shape, int n) {
  return make([&] { return mx::array(data, shape_of(shape, n), mx::int32); });
}
cmlx_array cmlx_u32(const uint32_t *data, const int *shape, int n) {
  return make([&] { return mx::array(data, shape_of(shape, n), mx::uint32); });
}
cmlx_array cmlx_bool(bool value) { return make([&] { return mx::array(value); }); }
cmlx_array cmlx_zeros(const int *shape, int n) { return make([&] { return mx::zeros(shape_of(shape, n), mx::float32); }); }

int cmlx_dimensions(cmlx_array a) { return a ? static_cast<int>(a->array.ndim()) : -1; }
int cmlx_dimension(cmlx_array a, int i) { return a && i >= 0 && i < int(a->array.ndim()) ? a->array.shape(i) : -1; }
size_t cmlx_size(cmlx_array a) { return a ? a->array.size() : 0; }
cmlx_type cmlx_type_of(cmlx_array a) {
  if (!a) return CMLX_OTHER;
  const auto type = a->array.dtype();
  if (type == mx::float32) return CMLX_F32;
  if (type == mx::float16) return CMLX_F16;
  if (type == mx::int32) return CMLX_I32;
  if (type == mx::uint32) return CMLX_U32;
  if (type == mx::bool_) return CMLX_BOOL;
  return CMLX_OTHER;
}

bool cmlx_eval(const cmlx_array *arrays, size_t count) {
  return guarded([&] { mx::eval(get(arrays, count)); });
}
bool cmlx_read_f32(cmlx_array a, float *out, size_t count) {
  return guarded([&] { read(get(a), mx::float32, out, count); });
}
bool cmlx_read_i64(cmlx_array a, int64_t *out, size_t count) {
  return guarded([&] { read(get(a), mx::int64, out, count); });
}
cmlx_array cmlx_convert(cmlx_array a, cmlx_type type) { return make([&] { return mx::astype(get(a), dtype_of(type)); }); }

cmlx_array cmlx_binary(cmlx_binary_operation operation, cmlx_array x, cmlx_array y) {
  return make([&]() -> mx::array {
    const auto &a = get(x), &b = get(y);
    switch (operation) {
      case CMLX_ADD: return mx::add(a, b);
      case CMLX_SUBTRACT: return mx::subtract(a, b);
      case CMLX_MULTIPLY: return mx::multiply(a, b);
      case CMLX_DIVIDE: return mx::divide(a, b);
      case CMLX_MAXIMUM: return mx::maximum(a, b);
      case CMLX_MINIMUM: return mx::minimum(a, b);
      case CMLX_MATMUL: return mx::matmul(a, b);
    }
    throw std::invalid_argument("there is no such operation");
  });
}

cmlx_array cmlx_unary(cmlx_unary_operation operation, cmlx_array x) {
  return make([&]() -> mx::array {
    const auto &a = get(x);
    switch (operation) {
      case CMLX_EXP: return mx::exp(a);
      case CMLX_LOG: return mx::log(a);
      case CMLX_SQRT: return mx::sqrt(a);
      case CMLX_SQUARE: return mx::square(a);
      case CMLX_NEGATIVE: return mx::negative(a);
      case CMLX_SIGMOID: return mx::sigmoid(a);
      case CMLX_SUM: return mx::sum(a);
      case CMLX_MEAN: return mx::mean(a);
      case CMLX_STOP_GRADIENT: return mx::stop_gradient(a);
      case CMLX_TRANSPOSE: return mx::transpose(a);
    }
    throw std::invalid_argument("there is no such operation");
  });
}

cmlx_array cmlx_reshape(cmlx_array a, const int *shape, int n) {
  return make([&] { return mx::reshape(get(a), shape_of(shape, n)); });
}
cmlx_array cmlx_sum_along(cmlx_array a, int axis) { return make([&] { return mx::sum(get(a), axis); }); }

cmlx_array cmlx_dropout(cmlx_array x, float probability, uint64_t seed) {
  return make([&] {
    expect(probability >= 0 && probability < 1, "a dropout of " + std::to_string(probability) + " leaves nothing");
    const auto &a = get(x);
    const auto kept = mx::random::bernoulli(mx::array(1 - probability), a.shape(), mx::random::key(seed));
    return mx::where(kept, mx::multiply(a, mx::array(1 / (1 - probability))), mx::array(0.0f));
  });
}

bool cmlx_value_and_gradient(
  cmlx_function function, void *context, const cmlx_array *arguments, size_t count, cmlx_array *value,
  cmlx_array *gradients, cmlx_array *seen
) {
  return guarded([&] {
    std::vector<int> all(count);
    for (size_t i = 0; i < count; i++) all[i] = static_cast<int>(i);
    auto loss = [&](const std::vector<mx::array> &arrays) {
      std::vector<cmlx_array_> borrowed;
      borrowed.reserve(arrays.size());
      for (const auto &array : arrays) borrowed.push_back({array});
      std::vector<cmlx_array> handles;
      for (auto &handle : borrowed) handles.push_back(&handle);
      cmlx_array more = nullptr;
      cmlx_array result = function(context, handles.data(), handles.size(), &more);
      if (!result) throw std::runtime_error(error().empty() ? "the loss function failed" : std::string(error()));
      std::vector<mx::array> out{result->array};
      if (more) out.push_back(more->array);
      delete result;
      delete more;
      return out;
    };
    auto [values, derivatives] = mx::value_and_grad(
      std::function<std::vector<mx::array>(const std::vector<mx::array> &)>(loss), all)(get(arguments, count));
    *value = new cmlx_array_{values[0]};
    *seen = values.size() > 1 ? new cmlx_array_{values[1]} : nullptr;
    for (size_t i = 0; i < count; i++) gradients[i] = new cmlx_array_{derivatives[i]};
  });
}

}
