// The process: locks, streams, threads, and which BLAS is behind it.
#include <cstdlib>

#include "handles.h"
#include "kernels/threads.h"
#if defined(__linux__)
#include <dlfcn.h>
#include <malloc.h>
#endif

namespace cmlx {

std::recursive_mutex &mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

std::string &error() {
  static thread_local std::string error;
  return error;
}

#if defined(__linux__)
template <class Function> static Function *blas_symbol(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, name));
}
#endif

static void start() {
#if defined(__linux__)
  // A step frees its buffers and asks for the same again. By default glibc gives large ones back to the kernel, which
  // then clears each page again.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  if (auto *set = blas_symbol<void(int)>("openblas_set_num_threads")) set(1);
#endif
}

void enter() {
  static const mx::Stream stream = [] {
    start();
    return mx::new_thread_unsafe_stream(mx::Device::cpu);
  }();
  static thread_local bool is_set = false;
  if (is_set) return;
  mx::set_default_stream(stream);
  if (!mx::is_available(mx::Device::gpu)) mx::set_default_device(mx::Device::cpu);
  is_set = true;
}

}  // namespace cmlx

using namespace cmlx;

extern "C" {

const char *cmlx_error(void) { return error().c_str(); }

bool cmlx_has_gpu(void) {
  bool has = false;
  guarded([&] { has = mx::is_available(mx::Device::gpu); });
  return has;
}

bool cmlx_use_gpu(bool gpu) {
  return guarded([&] {
    if (gpu && !mx::is_available(mx::Device::gpu)) throw std::invalid_argument("this MLX has no GPU to use");
    mx::set_default_device(gpu ? mx::Device::gpu : mx::Device::cpu);
  });
}

bool cmlx_set_threads(int count) {
  return guarded([&] {
    expect(count >= 1 && count <= 256, "threads must be from 1 to 256, not " + std::to_string(count));
    set_threads(count);
  });
}

const char *cmlx_blas(void) {
#if defined(__APPLE__)
  return "Accelerate";
#else
  static const std::string description = [] {
    auto *config = blas_symbol<char *()>("openblas_get_config");
    auto *core = blas_symbol<char *()>("openblas_get_corename");
    return config && core ? std::string(config()) + " (running " + core() + ")" : std::string();
  }();
  return description.empty() ? nullptr : description.c_str();
#endif
}

size_t cmlx_peak_memory(void) { return mx::get_peak_memory(); }
void cmlx_reset_peak_memory(void) { mx::reset_peak_memory(); }

}
