// The threads of the fused operations.
#pragma once
#include <functional>

namespace cmlx {

void set_threads(int count);

// Calls `body` with ranges that together are 0..<count, one a thread, and waits for them. The ranges depend only on
// `count`, `grain` and the number of threads, so that the same run gives the same bits.
void parallel(int count, int grain, const std::function<void(int begin, int end)> &body);

}  // namespace cmlx
