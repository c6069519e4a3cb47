// Loads a model with llama.cpp alone and evaluates one token; prints the seconds of processor time.
#include "llama.h"
#include <cstdio>
#include <ctime>

int main(int, char **arguments) {
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
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  printf("%f\n", time.tv_sec + time.tv_nsec / 1e9);
}
