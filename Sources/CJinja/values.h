// Measures and marks of the engine's values.
#pragma once

#include "engine.h"

#include <cstddef>

namespace cjinja {

// What `value` would take if it were written out; shared parts count each time. Throws where that is too much.
size_t weight(const jinja::value &value);

// Whether any text in `value` came from a message.
bool has_input(const jinja::value &value);

// Marks the keys in messages or tools as input, other than those that all of them have.
void mark_keys(const jinja::value &value);

// Throws where `value` holds `container`, or a function, which may hold anything: the engine would never free a cycle,
// and run into it when it prints one.
void check_storable(const jinja::value &value, const jinja::value &container);

// `value` as JSON, as Hugging Face's `tojson` writes it. Its arguments begin with the one at `first`.
jinja::value json(const jinja::value &value, const jinja::func_args &arguments, size_t first);

// Calls `function` within bounds, and keeps the marks of text that it returns.
jinja::value invoke(const jinja::value &function, jinja::func_args &arguments);

}  // namespace cjinja
