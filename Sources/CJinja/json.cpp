// `tojson`, which the engine's own writes numbers with six digits only.
#include "values.h"

#include "guard.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace cjinja {

using jinja::cast_val;
using jinja::is_val;
using jinja::mk_val;
using jinja::value;

namespace {

struct writer {
  std::string item_separator;
  std::string key_separator;
  size_t indent = 0;
  bool has_lines = false;
  std::string text;

  // As Python's repr: the shortest digits that mean the same number.
  void number(double number) {
    char digits[64];
    if (std::isnan(number) || std::isinf(number)) {
      text += std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
      return;
    }
    const double size = std::fabs(number);
    const bool is_plain = size == 0 || (size >= 1e-4 && size < 1e16);
    const auto end = std::to_chars(
        digits, digits + sizeof digits, number, is_plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
    text.append(digits, end);
    if (is_plain && std::find(digits, end, '.') == end) text += ".0";
  }

  void string(const std::string &characters) {
    static const std::string escaped = "\"\\\b\f\n\r\t";
    static const std::string letters = "\"\\bfnrt";
    text += '"';
    for (const char next : characters) {
      const size_t place = escaped.find(next);
      if (place != std::string::npos && next != '\0') {
        text += {'\\', letters[place]};
      } else if (static_cast<unsigned char>(next) < 0x20) {
        char code[8];
        std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned char>(next));
        text += code;
      } else {
        text += next;
      }
    }
    text += '"';
  }

  void line(size_t level) {
    if (has_lines) text += '\n' + std::string(level * indent, ' ');
  }

  template <typename Items, typename Write>
  void list(const char *brackets, const Items &items, size_t level, const Write &write) {
    text += brackets[0];
    bool is_first = true;
    for (const auto &item : items) {
      if (!is_first) text += item_separator;
      is_first = false;
      line(level + 1);
      write(item);
    }
    if (!is_first) line(level);
    text += brackets[1];
  }

  void write(const value &root, size_t level) {
    if (is_val<jinja::value_bool>(root)) {
      text += root->as_bool() ? "true" : "false";
    } else if (is_val<jinja::value_int>(root)) {
      text += std::to_string(root->as_int());
    } else if (is_val<jinja::value_float>(root)) {
      number(root->as_float());
    } else if (is_val<jinja::value_string>(root)) {
      string(root->val_str.str());
    } else if (is_val<jinja::value_array>(root)) {
      list("[]", root->val_arr, level, [&](const value &item) { write(item, level + 1); });
    } else if (is_val<jinja::value_object>(root)) {
      list("{}", root->val_obj, level, [&](const auto &pair) {
        string(pair.first->as_string().str());
        text += key_separator;
        write(pair.second, level + 1);
      });
    } else {
      text += "null";
    }
  }
};

// Characters beyond ASCII as \uXXXX, in pairs beyond the first plane.
std::string ascii(const std::string &json) {
  std::string result;
  for (size_t i = 0; i < json.size();) {
    const auto first = static_cast<unsigned char>(json[i]);
    const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 1 || i + length > json.size()) {
      result += json[i++];
      continue;
    }
    uint32_t scalar = first & (0xFF >> (length + 1));
    for (size_t j = 1; j < length; ++j) scalar = scalar << 6 | (static_cast<unsigned char>(json[i + j]) & 0x3F);
    char code[16];
    if (scalar < 0x10000) {
      std::snprintf(code, sizeof code, "\\u%04x", scalar);
    } else {
      scalar -= 0x10000;
      std::snprintf(code, sizeof code, "\\u%04x\\u%04x", 0xD800 + (scalar >> 10), 0xDC00 + (scalar & 0x3FF));
    }
    result += code;
    i += length;
  }
  return result;
}

}  // namespace

value json(const value &root, const jinja::func_args &arguments, size_t first) {
  const value indent = arguments.get_kwarg_or_pos("indent", first + 1);
  const value separators = arguments.get_kwarg_or_pos("separators", first + 2);
  if (arguments.get_kwarg_or_pos("sort_keys", first + 3)->as_bool()) {
    throw std::runtime_error("tojson() can't sort keys");
  }
  writer writer;
  writer.has_lines = is_val<jinja::value_int>(indent);
  writer.indent = writer.has_lines ? static_cast<size_t>(std::max<int64_t>(indent->as_int(), 0)) : 0;
  const auto given = is_val<jinja::value_array>(separators) ? separators->val_arr : std::vector<value>();
  writer.item_separator = given.size() > 0 ? given[0]->as_string().str() : writer.has_lines ? "," : ", ";
  writer.key_separator = given.size() > 1 ? given[1]->as_string().str() : ": ";
  writer.write(root, 0);
  const bool is_ascii = arguments.get_kwarg_or_pos("ensure_ascii", first)->as_bool();
  return mk_val<jinja::value_string>(is_ascii ? ascii(writer.text) : writer.text);
}

}  // namespace cjinja
