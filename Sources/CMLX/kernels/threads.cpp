#include "threads.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cmlx {
namespace {

// Workers that sleep between two calls of `run`.
class Team {
 public:
  explicit Team(int workers) {
    for (int i = 0; i < workers; i++) threads.emplace_back([this, i] { work(i); });
  }

  ~Team() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      is_closed = true;
    }
    wake.notify_all();
    for (auto &thread : threads) thread.join();
  }

  int size() const { return static_cast<int>(threads.size()) + 1; }

  // Runs parts 0..<count; part 0 on the calling thread. `count` is at most `size()`.
  void run(int count, const std::function<void(int part)> &body) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      task = &body;
      parts = count;
      left = count - 1;
      round++;
    }
    wake.notify_all();
    body(0);
    std::unique_lock<std::mutex> lock(mutex);
    done.wait(lock, [this] { return left == 0; });
  }

 private:
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake, done;
  const std::function<void(int)> *task = nullptr;
  int parts = 0, left = 0;
  unsigned round = 0;
  bool is_closed = false;

  void work(int index) {
    unsigned seen = 0;
    std::unique_lock<std::mutex> lock(mutex);
    while (true) {
      wake.wait(lock, [&] { return is_closed || round != seen; });
      if (is_closed) return;
      seen = round;
      if (index + 1 >= parts) continue;
      auto *body = task;
      lock.unlock();
      (*body)(index + 1);
      lock.lock();
      if (--left == 0) done.notify_one();
    }
  }
};

std::unique_ptr<Team> &team() {
  static std::unique_ptr<Team> team;
  return team;
}

}  // namespace

void set_threads(int count) {
  if (count == (team() ? team()->size() : 1)) return;
  team() = count > 1 ? std::make_unique<Team>(count - 1) : nullptr;
}

void parallel(int count, int grain, const std::function<void(int, int)> &body) {
  const int parts = team() ? std::min(team()->size(), count / std::max(grain, 1)) : 1;
  if (parts < 2) {
    if (count > 0) body(0, count);
    return;
  }
  team()->run(parts, [&](int part) {
    const auto begin = int(int64_t(count) * part / parts), end = int(int64_t(count) * (part + 1) / parts);
    body(begin, end);
  });
}

}  // namespace cmlx
