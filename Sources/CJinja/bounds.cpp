// How much a template may take, and the functions that the engine itself does not bound.
#include "guard.h"

#include <ctime>
#include <set>

namespace cjinja {

using namespace jinja;

namespace {

constexpr size_t max_steps = 250'000;
constexpr size_t max_bytes = 256 * megabyte;
constexpr int64_t max_milliseconds = 2'000;
constexpr size_t max_range = 100'000;
constexpr size_t max_tokens_in_tag = 1'000;
constexpr size_t max_brackets = 100;
constexpr size_t max_blocks = 100;
constexpr size_t max_json_depth = 90;

// The processor time of this thread: a busy machine makes no template fail.
int64_t milliseconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

value range(const func_args &arguments) {
  arguments.ensure_count(1, 3);
  arguments.ensure_vals<value_int, value_int, value_int>(true, false, false);
  const size_t count = arguments.count();
  const int64_t start = count == 1 ? 0 : arguments.get_pos(0)->as_int();
  const int64_t stop = arguments.get_pos(count == 1 ? 0 : 1)->as_int();
  const int64_t stride = count == 3 ? arguments.get_pos(2)->as_int() : 1;
  if (stride == 0) throw std::runtime_error("range() step argument must not be zero");
  auto result = mk_val<value_array>();
  for (int64_t i = start; stride > 0 ? i < stop : i > stop;) {
    if (result->val_arr.size() == max_range) throw failure{"it counts too far"};
    result->push_back(mk_val<value_int>(i));
    if (__builtin_add_overflow(i, stride, &i)) break;
  }
  return result;
}

value strftime_now(const func_args &arguments) {
  arguments.ensure_vals<value_string>();
  const std::string format = arguments.get_pos(0)->as_string().str();
  const std::time_t time = std::time(nullptr);
  std::tm parts{};
  char written[256];
  const size_t length =
      localtime_r(&time, &parts) ? std::strftime(written, sizeof written, format.c_str(), &parts) : 0;
  if (length == 0 && !format.empty()) throw std::runtime_error("strftime_now: the format is too long");
  return mk_val<value_string>(std::string(written, length));
}

// The blocks that are open at some point of a template; each `elif` is one more, as the engine parses it.
struct nesting {
  std::vector<size_t> blocks;
  size_t depth = 0;

  void see(const std::string &keyword) {
    static const std::set<std::string> openers = {"call", "filter", "for", "if", "macro", "set"};
    if (openers.count(keyword) > 0) {
      blocks.push_back(1);
      ++depth;
    } else if (keyword == "elif" && !blocks.empty()) {
      ++blocks.back();
      ++depth;
    } else if (keyword.compare(0, 3, "end") == 0 && openers.count(keyword.substr(3)) > 0 && !blocks.empty()) {
      depth -= blocks.back();
      blocks.pop_back();
    }
  }
};

value raise_exception(const func_args &arguments) {
  throw failure{"it refuses these messages: " + arguments.get_pos(0)->as_string().str()};
}

}  // namespace

thread_local budget *budget::current = nullptr;

budget::budget(const char *stack_top)
    : stack_floor(stack_top - stack_size + stack_reserve), deadline(milliseconds() + max_milliseconds) {
  current = this;
}

budget::~budget() { current = nullptr; }

void budget::step() {
  if (static_cast<const char *>(__builtin_frame_address(0)) < stack_floor) throw failure{"it calls itself without end"};
  if (++steps > max_steps || milliseconds() > deadline) throw failure{"it takes too long"};
}

void budget::take(size_t more) {
  bytes += more;
  if (bytes > max_bytes) throw failure{"it takes too much memory"};
}

void check_nesting(const std::vector<token> &tokens) {
  nesting open;
  size_t tag = 0;
  size_t brackets = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    switch (tokens[i].t) {
      case token::open_statement:
      case token::open_expression:
        tag = i;
        brackets = 0;
        if (tokens[i].t == token::open_statement && i + 1 < tokens.size()) open.see(tokens[i + 1].value);
        break;
      case token::equals:
        // `{% set a = b %}` has no end.
        if (brackets == 0 && tokens[tag + 1].value == "set") open.see("endset");
        break;
      case token::open_paren:
      case token::open_square_bracket:
      case token::open_curly_bracket: ++brackets; break;
      case token::close_paren:
      case token::close_square_bracket:
      case token::close_curly_bracket: brackets -= brackets > 0 ? 1 : 0; break;
      case token::text:
      case token::comment: tag = i; break;
      default: break;
    }
    if (i - tag > max_tokens_in_tag) throw failure{"one of its expressions is too long"};
    if (brackets > max_brackets || open.depth > max_blocks) throw failure{"it is nested too deeply"};
  }
}

void check_json_nesting(const std::string &json) {
  size_t depth = 0;
  bool is_quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char next = json[i];
    if (next == '"') is_quoted = !is_quoted;
    if (is_quoted && next == '\\') ++i;
    if (is_quoted) continue;
    if (next == '{' || next == '[') ++depth;
    if ((next == '}' || next == ']') && depth > 0) --depth;
    if (depth > max_json_depth) throw failure{"a tool or an argument is nested too deeply"};
  }
}

void define_functions(context &ctx) {
  ctx.set_val("range", mk_val<value_func>("range", range));
  ctx.set_val("strftime_now", mk_val<value_func>("strftime_now", strftime_now));
  ctx.set_val("raise_exception", mk_val<value_func>("raise_exception", raise_exception));
}

}  // namespace cjinja
