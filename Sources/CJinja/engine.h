// llama.cpp's Jinja headers, included the way its library was compiled.
#pragma once

// The library is built without assertions. With them, the same inline constructors would abort on templates that
// the library answers with an exception, and the linker may take either copy.
#ifndef NDEBUG
#define NDEBUG
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <jinja/lexer.h>
#include <jinja/parser.h>
#include <jinja/runtime.h>
#include <jinja/value.h>
#include <json.h>
#pragma GCC diagnostic pop
