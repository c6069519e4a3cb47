// GGUF and safetensors, read and written by MLX.
#include <algorithm>
#include <map>

#include "handles.h"

// Ordered, so that an index means the same until something is added.
struct cmlx_file_ {
  std::map<std::string, mx::array> arrays;
  std::map<std::string, mx::GGUFMetaData> metadata;
};

using namespace cmlx;

namespace {

cmlx_file_ &get(cmlx_file file) {
  if (!file) throw std::invalid_argument("a file is missing");
  return *file;
}

template <class Map> const typename Map::value_type &element(const Map &map, size_t index) {
  expect(index < map.size(), "there are only " + std::to_string(map.size()) + " entries");
  return *std::next(map.begin(), static_cast<std::ptrdiff_t>(index));
}

// MLX leaves blocks of Q4 and Q8 packed, with their scales and biases beside them.
std::map<std::string, mx::array> unpacked(const std::unordered_map<std::string, mx::array> &arrays) {
  std::map<std::string, mx::array> plain;
  const std::string suffix = ".weight";
  for (const auto &[name, array] : arrays) {
    if (name.ends_with(".scales") || name.ends_with(".biases")) continue;
    const auto stem = name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
    const auto scales = arrays.find(stem + ".scales"), biases = arrays.find(stem + ".biases");
    if (scales == arrays.end() || biases == arrays.end()) {
      plain.insert({name, array});
      continue;
    }
    const int group = 32, columns = scales->second.shape(-1) * group, bits = array.shape(-1) * 32 / columns;
    plain.insert({name, mx::astype(mx::dequantize(array, scales->second, biases->second, group, bits), mx::float32)});
  }
  return plain;
}

}  // namespace

extern "C" {

cmlx_file cmlx_file_new(void) { return new cmlx_file_; }
void cmlx_file_free(cmlx_file file) {
  guarded([&] { delete file; });
}

cmlx_file cmlx_read_gguf(const char *path) {
  cmlx_file file = nullptr;
  guarded([&] {
    auto [arrays, metadata] = mx::load_gguf(path);
    file = new cmlx_file_{unpacked(arrays), {metadata.begin(), metadata.end()}};
  });
  return file;
}

cmlx_file cmlx_read_safetensors(const char *path) {
  cmlx_file file = nullptr;
  guarded([&] {
    auto [arrays, metadata] = mx::load_safetensors(path);
    auto made = std::make_unique<cmlx_file_>();
    made->arrays.insert(arrays.begin(), arrays.end());
    for (const auto &[key, value] : metadata) made->metadata[key] = value;
    file = made.release();
  });
  return file;
}

bool cmlx_write_gguf(cmlx_file file, const char *path) {
  return guarded([&] {
    const auto &f = get(file);
    std::unordered_map<std::string, mx::array> arrays;
    for (const auto &[name, array] : f.arrays) arrays.insert({name, mx::contiguous(array)});
    mx::save_gguf(path, arrays, {f.metadata.begin(), f.metadata.end()});
  });
}

bool cmlx_write_safetensors(cmlx_file file, const char *path) {
  return guarded([&] {
    const auto &f = get(file);
    std::unordered_map<std::string, std::string> strings;
    for (const auto &[key, value] : f.metadata) {
      const auto *string = std::get_if<std::string>(&value);
      expect(string != nullptr, "safetensors can't hold " + key + ": its metadata are strings");
      strings[key] = *string;
    }
    std::unordered_map<std::string, mx::array> arrays;
    for (const auto &[name, array] : f.arrays) arrays.insert({name, mx::contiguous(array)});
    mx::save_safetensors(path, arrays, strings);
  });
}

size_t cmlx_file_array_count(cmlx_file file) { return file ? file->arrays.size() : 0; }
const char *cmlx_file_array_name(cmlx_file file, size_t index) {
  const char *name = nullptr;
  guarded([&] { name = element(get(file).arrays, index).first.c_str(); });
  return name;
}
cmlx_array cmlx_file_array(cmlx_file file, size_t index) {
  return make([&] { return element(get(file).arrays, index).second; });
}
bool cmlx_file_set_array(cmlx_file file, const char *name, cmlx_array array) {
  return guarded([&] { get(file).arrays.insert_or_assign(name, cmlx::get(array)); });
}

size_t cmlx_file_metadata_count(cmlx_file file) { return file ? file->metadata.size() : 0; }
const char *cmlx_file_metadata_key(cmlx_file file, size_t index) {
  const char *key = nullptr;
  guarded([&] { key = element(get(file).metadata, index).first.c_str(); });
  return key;
}
cmlx_metadata_kind cmlx_file_metadata_kind(cmlx_file file, size_t index) {
  cmlx_metadata_kind kind = CMLX_NONE;
  guarded([&] {
    const auto &value = element(get(file).metadata, index).second;
    if (std::holds_alternative<std::string>(value)) kind = CMLX_STRING;
    if (std::holds_alternative<std::vector<std::string>>(value)) kind = CMLX_STRINGS;
    if (std::holds_alternative<mx::array>(value)) kind = CMLX_NUMBERS;
  });
  return kind;
}
size_t cmlx_file_string_count(cmlx_file file, size_t index) {
  size_t count = 0;
  guarded([&] {
    const auto &value = element(get(file).metadata, index).second;
    if (std::holds_alternative<std::string>(value)) count = 1;
    if (const auto *strings = std::get_if<std::vector<std::string>>(&value)) count = strings->size();
  });
  return count;
}
const char *cmlx_file_string(cmlx_file file, size_t index, size_t at, size_t *byte_count) {
  const std::string *found = nullptr;
  guarded([&] {
    const auto &value = element(get(file).metadata, index).second;
    if (const auto *string = std::get_if<std::string>(&value)) found = string;
    if (const auto *strings = std::get_if<std::vector<std::string>>(&value)) found = &strings->at(at);
  });
  *byte_count = found ? found->size() : 0;
  return found ? found->c_str() : nullptr;
}
cmlx_array cmlx_file_numbers(cmlx_file file, size_t index) {
  return make([&] { return std::get<mx::array>(element(get(file).metadata, index).second); });
}
bool cmlx_file_set_strings(
  cmlx_file file, const char *key, const char *const *strings, size_t count, bool is_array
) {
  return guarded([&] {
    if (is_array) {
      get(file).metadata[key] = std::vector<std::string>(strings, strings + count);
    } else {
      expect(count == 1, "a single string was expected");
      get(file).metadata[key] = std::string(strings[0]);
    }
  });
}
bool cmlx_file_set_numbers(cmlx_file file, const char *key, cmlx_array numbers) {
  return guarded([&] { get(file).metadata[key] = cmlx::get(numbers); });
}

}
