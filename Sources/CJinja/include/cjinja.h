// A C face for llama.cpp's Jinja engine (common/jinja, C++): parse once, render often.
//
// No C++ exception crosses this line: failures come back as a message. The engine trusts its templates, and a template
// comes with a model file from anywhere; guard.cpp bounds what one may take (size, nesting, steps, memory, seconds).
#ifndef CJINJA_H
#define CJINJA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cjinja_template cjinja_template;

// Called once for each piece of the rendered text, in order. `is_input` is true for text that came from the
// messages or tools and false for text of the template itself; `text` is not terminated. May be called on another thread,
// but only while `cjinja_render` runs.
typedef void (*cjinja_emit)(void *context, const char *text, size_t length, bool is_input);

// Parses `source`. Returns NULL and sets `*error` (free it with cjinja_free_string) where it is not valid Jinja.
cjinja_template *cjinja_parse(const char *source, size_t length, char **error);
void cjinja_free(cjinja_template *parsed);

// Renders with the variables of a JSON object. What is under "messages" and "tools" counts as input, keys included,
// except for a "role" and a "type"; other variables count as the template's own text. Returns false and sets `*error` on failure; nothing was
// emitted then. Many threads may render one template at once.
bool cjinja_render(const cjinja_template *parsed, const char *variables_json, cjinja_emit emit, void *context,
                   char **error);
void cjinja_free_string(char *string);

#ifdef __cplusplus
}
#endif
#endif
