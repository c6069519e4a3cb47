#include "values.h"

#include "guard.h"

#include <algorithm>
#include <set>

namespace cjinja {

using jinja::cast_val;
using jinja::func_args;
using jinja::is_val;
using jinja::mk_val;
using jinja::value;
using jinja::value_array;
using jinja::value_func;
using jinja::value_int;
using jinja::value_kwarg;
using jinja::value_object;
using jinja::value_string;

namespace {

constexpr size_t max_weight = 32 * megabyte;
constexpr int max_depth = 100;
// About the size of the engine's value class, which holds a field for each type.
constexpr size_t value_size = 256;
constexpr size_t part_size = sizeof(jinja::string_part);
// From this length on, std::sort trusts the comparison blindly.
constexpr size_t max_unchecked_sort = 16;
constexpr size_t max_json_indent = 16;

[[noreturn]] void too_large() { throw failure{"it builds data that is too large"}; }

// Calls `visit` with each value in `root`, itself included; stops early where `visit` returns false.
template <typename Visit>
bool walk(const value &root, const Visit &visit, int depth = 0) {
  if (depth > max_depth) throw failure{"it builds data that is nested too deeply"};
  if (!root) return true;
  if (!visit(root)) return false;
  for (const auto &item : root->val_arr) {
    if (!walk(item, visit, depth + 1)) return false;
  }
  for (const auto &pair : root->val_obj) {
    if (!walk(pair.first, visit, depth + 1) || !walk(pair.second, visit, depth + 1)) return false;
  }
  if (const auto *function = cast_val<value_func>(root)) return walk(function->arg0, visit, depth + 1);
  if (const auto *named = cast_val<value_kwarg>(root)) return walk(named->val, visit, depth + 1);
  return true;
}

const value &unnamed(const value &argument) {
  const auto *named = cast_val<value_kwarg>(argument);
  return named ? named->val : argument;
}

// Text that was cut or put together; all of it counts as input where any of its sources did.
value text(const std::string &characters, bool is_input) {
  auto result = mk_val<value_string>(characters);
  if (is_input) result->mark_input();
  return result;
}

// The engine's own `split` takes quadratic time, forgets the marks of all pieces but the last, and knows no default.
value split(const std::string &whole, const func_args &arguments, bool is_input) {
  const value separator = arguments.get_kwarg_or_pos("sep", 0);
  const value limit = arguments.get_kwarg_or_pos("maxsplit", 1);
  int64_t left = is_val<value_int>(limit) ? limit->as_int() : -1;
  auto result = mk_val<value_array>();
  if (!is_val<value_string>(separator)) {
    const char *blanks = " \t\n\r\f\v";
    size_t start = whole.find_first_not_of(blanks);
    while (start != std::string::npos) {
      size_t end = left-- == 0 ? std::string::npos : whole.find_first_of(blanks, start);
      result->push_back(text(whole.substr(start, end - start), is_input));
      start = whole.find_first_not_of(blanks, end);
    }
    return result;
  }
  const std::string between = separator->val_str.str();
  if (between.empty()) throw std::runtime_error("empty separator");
  size_t start = 0;
  for (size_t end; left-- != 0 && (end = whole.find(between, start)) != std::string::npos;) {
    result->push_back(text(whole.substr(start, end - start), is_input));
    start = end + between.size();
    if (result->val_arr.size() * value_size > max_weight) too_large();
  }
  result->push_back(text(whole.substr(start), is_input));
  return result;
}

// The engine's own `replace` takes quadratic time, forgets the marks of mixed text, and knows no count.
value replace(const std::string &whole, const func_args &arguments, bool is_input) {
  const value before = arguments.get_kwarg_or_pos("old", 0);
  const value after = arguments.get_kwarg_or_pos("new", 1);
  const value limit = arguments.get_kwarg_or_pos("count", 2);
  if (!is_val<value_string>(before) || !is_val<value_string>(after)) {
    throw std::runtime_error("replace() takes two strings");
  }
  const std::string from = before->val_str.str();
  const std::string to = after->val_str.str();
  int64_t left = is_val<value_int>(limit) ? limit->as_int() : -1;
  std::string result;
  size_t start = 0;
  while (left-- != 0) {
    const size_t found = whole.find(from, start);
    if (found == std::string::npos) break;
    result.append(whole, start, found - start).append(to);
    if (from.empty() && found < whole.size()) result.push_back(whole[found]);
    start = found + std::max<size_t>(from.size(), 1);
    if (result.size() > max_weight) too_large();
    if (start > whole.size()) break;
  }
  if (start < whole.size()) result.append(whole, start);
  return text(result, is_input);
}

// The engine sorts with a comparison that contradicts itself for mixed types, which std::sort may answer with a crash.
void check_sortable(const value &items, const func_args &arguments) {
  std::vector<value> keys = items->val_arr;
  for (const auto &pair : items->val_obj) keys.push_back(pair.first);
  if (keys.size() <= max_unchecked_sort) return;
  for (const auto &argument : arguments.get_args()) {
    if (is_val<value_string>(unnamed(argument))) throw failure{"it sorts a long list by an attribute"};
  }
  const bool texts = is_val<value_string>(keys.front());
  for (const auto &key : keys) {
    if (texts ? !is_val<value_string>(key) : !is_val<value_int>(key)) throw failure{"it sorts a long mixed list"};
  }
}

// Division by zero is a signal, not an exception; the engine's tests can be called by name, and as functions.
void check_division(const std::string &name, const func_args &arguments) {
  if (name == "test_is_divisibleby") throw failure{"it calls 'divisibleby'"};
  static const std::set<std::string> testing = {"reject", "rejectattr", "select", "selectattr"};
  if (testing.count(name) == 0) return;
  for (size_t i = 0; i < std::min<size_t>(arguments.count(), 2); ++i) {
    const value argument = arguments.get_pos(i);
    if (is_val<value_string>(argument) && argument->val_str.str() == "divisibleby") {
      throw failure{"it calls 'divisibleby'"};
    }
  }
}

// Functions that write their arguments once for each line or item of their subject.
void check_width(const std::string &name, const value &subject, const func_args &arguments, size_t first) {
  static const std::set<std::string> widening = {"indent", "join", "safe", "string", "tojson"};
  if (widening.count(name) == 0 || arguments.count() <= first) return;
  size_t width = 4;
  for (size_t i = first; i < arguments.count(); ++i) {
    walk(arguments.get_pos(i), [&](const value &part) {
      width = std::max(width, part->val_str.length());
      if (is_val<value_int>(part)) width = std::max<size_t>(width, std::max<int64_t>(part->as_int(), 0));
      return true;
    });
  }
  size_t places = 1;
  walk(subject, [&](const value &part) {
    places += 4;
    for (const auto &piece : part->val_str.parts) places += std::count(piece.val.begin(), piece.val.end(), '\n');
    return true;
  });
  const bool is_json = name != "indent" && name != "join";
  if (width > max_weight / places || (is_json && width > max_json_indent)) too_large();
}

// Refuses calls to the engine's functions that would end the process, or take all its memory.
void check_call(const std::string &name, const value &subject, const func_args &arguments) {
  size_t given = 0;
  for (const auto &argument : arguments.get_args()) given += weight(argument);
  if (given > max_weight) too_large();
  check_division(name, arguments);
  if (!subject) {
    if (name == "tojson" && arguments.count() > 0) check_width(name, arguments.get_pos(0), arguments, 1);
    return;
  }
  if (name == "append" && arguments.count() > 0) check_storable(arguments.get_pos(0), subject);
  if (name == "sort" || name == "dictsort") check_sortable(subject, arguments);
  check_width(name, subject, arguments, 0);
}

// The engine forgets the marks when it writes values out, and when it cuts text of mixed origin.
void keep_marks(const std::string &name, const value &result) {
  static const std::set<std::string> writers = {"format", "indent", "join",   "rsplit",
                                                "safe",   "slice",  "string", "tojson"};
  if (writers.count(name) == 0) return;
  if (is_val<value_string>(result) && !has_input(result)) result->val_str.mark_input();
  if (name != "rsplit") return;
  for (const auto &piece : result->val_arr) piece->val_str.mark_input();
}

}  // namespace

size_t weight(const value &root) {
  size_t total = 0;
  walk(root, [&](const value &part) {
    total += value_size + part->val_str.length() + part->val_str.parts.size() * part_size;
    if (total > max_weight) too_large();
    return true;
  });
  return total;
}

bool has_input(const value &root) {
  return !walk(root, [](const value &part) {
    const auto &parts = part->val_str.parts;
    return std::none_of(parts.begin(), parts.end(), [](const auto &piece) { return piece.is_input; });
  });
}

void mark_keys(const value &root) {
  static const std::set<std::string> known = {
      "arguments", "content", "description", "function", "id", "name", "parameters", "reasoning_content", "role",
      "tool_call_id", "tool_calls", "type"};
  for (const auto &item : root->val_arr) mark_keys(item);
  for (const auto &pair : root->val_obj) {
    if (known.count(pair.first->val_str.str()) == 0) pair.first->val_str.mark_input();
    mark_keys(pair.second);
  }
}

void check_storable(const value &root, const value &container) {
  walk(root, [&](const value &part) {
    if (part == container) throw failure{"it puts a value into itself"};
    if (is_val<value_func>(part)) throw failure{"it stores a function"};
    return true;
  });
}

value invoke(const value &callee, func_args &arguments) {
  const auto *function = cast_val<value_func>(callee);
  if (!function) throw std::runtime_error("Callee is not a function: got " + callee->type());
  const value &subject = function->arg0;
  check_call(function->name, subject, arguments);
  const bool is_builtin = subject || function->name == "tojson";
  bool is_input = is_builtin && has_input(subject);
  for (const auto &argument : arguments.get_args()) is_input = is_input || (is_builtin && has_input(argument));
  if (subject && is_val<value_string>(subject)) {
    if (function->name == "split") return split(subject->val_str.str(), arguments, is_input);
    if (function->name == "replace") return replace(subject->val_str.str(), arguments, is_input);
  }
  const bool is_json = is_builtin && function->name == "tojson" && (subject || arguments.count() > 0);
  value result = !is_json    ? function->invoke(arguments)
                 : subject   ? json(subject, arguments, 0)
                             : json(arguments.get_pos(0), arguments, 1);
  if (is_input) keep_marks(function->name, result);
  return result;
}

}  // namespace cjinja
