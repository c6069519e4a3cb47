// Loads a model with llama.cpp alone and evaluates one token; prints the seconds.
#include "llama.h"
#include <chrono>
#include <cstdio>

int main(int, char **arguments) {
  auto start = std::chrono::steady_clock::now();
  llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
  llama_backend_init();
  auto model_parameters = llama_model_default_params();
  model_parameters.load_mode = LLAMA_LOAD_MODE_MMAP;
  auto *model = llama_model_load_from_file(arguments[1], model_parameters);
  auto parameters = llama_context_default_params();
  parameters.n_ctx = 512;
  parameters.n_threads = parameters.n_threads_batch = 1;
  auto *context = model ? llama_init_from_model(model, parameters) : nullptr;
  if (!context) return 1;
  llama_token token = 5;
  if (llama_decode(context, llama_batch_get_one(&token, 1)) != 0) return 1;
  volatile float logit = llama_get_logits_ith(context, -1)[0];
  (void)logit;
  printf("%f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}
