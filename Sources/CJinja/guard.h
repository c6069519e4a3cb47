// What llama.cpp's engine leaves to its callers: bounds for templates nobody has read, and input marks that survive.
#pragma once

#include "engine.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cjinja {

// Not a std::exception: the engine would wrap it into an excerpt of the template's source.
struct failure {
  std::string message;
};

constexpr size_t megabyte = 1 << 20;
constexpr size_t max_source = megabyte / 4;
// The stack on which templates are parsed and run, and how much of it must be free when one calls itself.
constexpr size_t stack_size = 32 * megabyte;
constexpr size_t stack_reserve = 16 * megabyte;

// Refuses what would exhaust the stack in the recursive parser.
void check_nesting(const std::vector<jinja::token> &tokens);

// Refuses JSON in which recursion would exhaust the stack.
void check_json_nesting(const std::string &json);

// Puts guards around everything in a program that repeats, calls or grows.
//
// Not bounded: the time of one call of the engine between two steps, which the size of its data keeps to seconds; and
// what a `caller()` leaks that a template keeps in a variable of its own block.
void guard(jinja::program &program);

// Replaces the global functions that are unbounded or not thread-safe.
void define_functions(jinja::context &context);

// The bounds of one rendering; lives on the stack of the thread that renders.
class budget {
 public:
  // The budget of the rendering on this thread.
  static thread_local budget *current;

  explicit budget(const char *stack_top);
  ~budget();
  budget(const budget &) = delete;
  budget &operator=(const budget &) = delete;

  void step();
  void take(size_t bytes);

 private:
  const char *stack_floor;
  int64_t deadline;
  size_t steps = 0;
  size_t bytes = 0;
};

}  // namespace cjinja
