// Several processes that compute together, over MLX's ring of TCP connections.
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <future>
#include <optional>
#include <thread>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handles.h"
#include "mlx/distributed/distributed.h"
#include "mlx/distributed/ops.h"

using namespace cmlx;

namespace {

std::optional<mx::distributed::Group> &group() {
  static std::optional<mx::distributed::Group> group;
  return group;
}

}  // namespace

extern "C" {

bool cmlx_can_listen(const char *host, const char *port) {
  return guarded([&] {
    addrinfo hints{}, *found = nullptr;
    hints.ai_family = AF_INET;  // the family that MLX's ring uses
    hints.ai_socktype = SOCK_STREAM;
    const int status = getaddrinfo(host, port, &hints, &found);
    if (status) throw std::runtime_error(gai_strerror(status));
    // MLX itself shares a port with whoever else allows it to, and would then take the other's connections.
    const int enable = 1, descriptor = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &enable, sizeof enable);
    const bool is_free = bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 && listen(descriptor, 0) == 0;
    const std::string reason = std::strerror(errno);
    close(descriptor);
    freeaddrinfo(found);
    if (!is_free) throw std::runtime_error(reason);
  });
}

bool cmlx_join_group(const char *hostfile, int rank, int seconds) {
  return guarded([&] {
    // MLX keeps its first group, and would return it whatever the hosts are.
    expect(!group().has_value(), "this process is in a group already");
    setenv("MLX_HOSTFILE", hostfile, 1);
    setenv("MLX_RANK", std::to_string(rank).c_str(), 1);
    // MLX waits for its neighbour for ever. Whoever gives up leaves that thread behind, and should end the program.
    std::promise<mx::distributed::Group> promise;
    auto future = promise.get_future();
    std::thread([promise = std::move(promise)]() mutable {
      try {
        promise.set_value(mx::distributed::init(true, "ring"));
      } catch (...) {
        promise.set_exception(std::current_exception());
      }
    }).detach();
    if (future.wait_for(std::chrono::seconds(seconds)) == std::future_status::timeout) {
      throw std::runtime_error("not all of them came within " + std::to_string(seconds) + " seconds");
    }
    group() = future.get();
  });
}

bool cmlx_all_sum(const cmlx_array *arrays, size_t count, cmlx_array *sums) {
  return guarded([&] {
    expect(group().has_value(), "this process is in no group");
    // One array for all: every message costs a turn around the ring, however short it is.
    std::vector<mx::array> flat, made;
    for (const auto &array : get(arrays, count)) flat.push_back(mx::reshape(array, {-1}));
    const auto all = mx::distributed::all_sum(mx::concatenate(flat), *group());
    int begin = 0;
    for (size_t i = 0; i < count; i++) {
      const int end = begin + static_cast<int>(flat[i].size());
      made.push_back(mx::reshape(mx::slice(all, {begin}, {end}), arrays[i]->array.shape()));
      begin = end;
    }
    mx::eval(made);
    for (size_t i = 0; i < count; i++) sums[i] = new cmlx_array_{made[i]};
  });
}

}
