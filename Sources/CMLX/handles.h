// What the files of this target share: handles, and the guard that every function of cmlx.h runs in.
#pragma once
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "include/cmlx.h"
#include "mlx/mlx.h"

namespace mx = mlx::core;

struct cmlx_array_ {
  mx::array array;
};

namespace cmlx {

// MLX's graph may not be changed by two threads at once, and a loss function calls back into this target.
std::recursive_mutex &mutex();
// One stream for all threads: MLX would give each its own, and an array made by one thread could then not be
// evaluated by another.
void enter();
std::string &error();

template <class Body> bool guarded(Body &&body) {
  std::lock_guard<std::recursive_mutex> lock(mutex());
  try {
    enter();
    body();
    return true;
  } catch (const std::exception &caught) {
    error() = caught.what();
  } catch (...) {
    error() = "an unknown C++ exception";
  }
  return false;
}

template <class Body> cmlx_array make(Body &&body) {
  cmlx_array handle = nullptr;
  guarded([&] { handle = new cmlx_array_{body()}; });
  return handle;
}

// Throws where a handle is missing, because an earlier call failed.
inline const mx::array &get(cmlx_array handle) {
  if (!handle) throw std::invalid_argument("an array is missing");
  return handle->array;
}

inline std::vector<mx::array> get(const cmlx_array *handles, size_t count) {
  std::vector<mx::array> arrays;
  arrays.reserve(count);
  for (size_t i = 0; i < count; i++) arrays.push_back(get(handles[i]));
  return arrays;
}

// Whether the fused body of an operation is to be used.
inline bool is_fused(cmlx_body body) {
  if (body == CMLX_AUTOMATIC) return mx::default_device() == mx::Device::cpu;
  return body == CMLX_FUSED;
}

inline void expect(bool condition, const std::string &message) {
  if (!condition) throw std::invalid_argument(message);
}

inline std::string text(const mx::Shape &shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); i++) out += (i ? ", " : "") + std::to_string(shape[i]);
  return out + "]";
}

}  // namespace cmlx
