// llama.cpp's own sampler chains on the kinds of rows that main.swift draws from.
//   peer [VOCABULARY [ROUNDS]]
#include "llama.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

static std::mt19937 generator(7);

static std::vector<float> row(const std::string &kind, size_t count) {
  std::normal_distribution<float> normal(0, kind == "peaked" ? 6 : kind == "real" ? 2.5f : 1);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> logits(count);
  for (auto &logit : logits) logit = normal(generator);
  float top = 24;
  for (int i = 0; kind == "real" && i < 20; i++) {
    logits[generator() % count] = top;
    top -= 0.4f + uniform(generator) * 1.5f;
  }
  return logits;
}

int main(int argc, char **argv) {
  size_t count = argc > 1 ? atoi(argv[1]) : 152064;
  int rounds = argc > 2 ? atoi(argv[2]) : 101;
  auto *chain = llama_sampler_chain_init(llama_sampler_chain_default_params());
  llama_sampler_chain_add(chain, llama_sampler_init_temp(0.6f));
  llama_sampler_chain_add(chain, llama_sampler_init_top_p(0.95f, 1));
  llama_sampler_chain_add(chain, llama_sampler_init_dist(1));
  std::vector<llama_token_data> candidates(count);
  for (std::string kind : {"flat", "real", "peaked"}) {
    std::vector<std::vector<float>> rows;
    for (int i = 0; i < 4; i++) rows.push_back(row(kind, count));
    std::vector<double> times;
    for (int round = 0; round <= rounds; round++) {
      auto start = std::chrono::steady_clock::now();
      for (size_t i = 0; i < count; i++) candidates[i] = {llama_token(i), rows[round % 4][i], 0};
      llama_token_data_array array{candidates.data(), count, -1, false};
      llama_sampler_apply(chain, &array);
      std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
      if (round > 0) times.push_back(time.count());
    }
    std::sort(times.begin(), times.end());
    printf("| %s | llama.cpp: T 0.6, top-p 0.95 | %.0f | %.0f | %.0f |\n", kind.c_str(), times[times.size() / 2], times[0],
           times.back());
  }
  llama_sampler_free(chain);
}
