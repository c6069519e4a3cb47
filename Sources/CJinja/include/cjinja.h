// A C face for llama.cpp's Jinja engine (common/jinja, C++): parse once, render often.
// No C++ exception crosses this line: failures come back as a message.
#ifndef CJINJA_H
#define CJINJA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cjinja_template cjinja_template;

// Called once for each piece of the rendered text, in order. `is_input` is true for text that came from the
// caller's variables (a user's message) and false for text of the template itself; `text` is not terminated.
typedef void (*cjinja_emit)(void *context, const char *text, size_t length, bool is_input);

// Parses `source`. Returns NULL and sets `*error` (free it with cjinja_free_string) where it is not valid Jinja.
cjinja_template *cjinja_parse(const char *source, size_t length, char **error);
void cjinja_free(cjinja_template *parsed);

// Renders with the variables of a JSON object. Returns false and sets `*error` on failure; pieces that were
// emitted before it must then be thrown away. Thread-safe for different templates, not for one.
bool cjinja_render(const cjinja_template *parsed, const char *variables_json, cjinja_emit emit, void *context,
                   char **error);
void cjinja_free_string(char *string);

#ifdef __cplusplus
}
#endif
#endif
