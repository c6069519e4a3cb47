#include "cjinja.h"

#include "guard.h"
#include "values.h"

#include <cctype>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <pthread.h>

struct cjinja_template {
  jinja::program program;
  std::string source;
};

namespace {

using cjinja::failure;

// "…While executing X at line 3, column 5 in source:…Error: what" becomes "what (line 3, column 5)".
std::string plain(const std::string &message) {
  const std::string cause = "\nError: ";
  const size_t at = message.find(" at line ");
  const size_t end = message.find(" in source:");
  const size_t found = message.rfind(cause);
  if (at == std::string::npos || end == std::string::npos || found == std::string::npos) return message;
  return message.substr(found + cause.size()) + " (" + message.substr(at + 4, end - at - 4) + ")";
}

// "lexer: what\n...excerpt...\n   ^" becomes `what, near "excerpt"`.
std::string plain_syntax(std::string message) {
  for (const std::string prefix : {"lexer: ", "parser: ", "Parser Error: "}) {
    if (message.compare(0, prefix.size(), prefix) == 0) message.erase(0, prefix.size());
  }
  const size_t line = message.find("\n...");
  if (line == std::string::npos) return message;
  const size_t end = message.find("...\n", line + 4);
  const std::string excerpt = message.substr(line + 4, end == std::string::npos ? end : end - line - 4);
  return message.substr(0, line) + ", near \"" + excerpt + "\"";
}

struct job {
  const std::function<void(const char *)> *work;
  char *error = nullptr;
  bool is_done = false;
};

void fail(job &job, const char *message) noexcept { job.error = strdup(message); }

void *run_job(void *argument) {
  auto &current = *static_cast<job *>(argument);
  try {
    (*current.work)(static_cast<const char *>(__builtin_frame_address(0)));
    current.is_done = true;
  } catch (const failure &failed) {
    fail(current, failed.message.c_str());
  } catch (const std::bad_alloc &) {
    fail(current, "there is not enough memory");
  } catch (const std::exception &error) {
    fail(current, error.what());
  } catch (...) {
    fail(current, "the Jinja engine failed");
  }
  return nullptr;
}

// The engine recurses with the template, and the threads of Swift tasks may have as little as half a megabyte of
// stack; so it works on a thread of its own, whose depth is known.
bool run(const std::function<void(const char *)> &work, char **error) {
  job current{&work};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, cjinja::stack_size);
  const bool is_started = pthread_create(&thread, &attributes, run_job, &current) == 0;
  pthread_attr_destroy(&attributes);
  if (is_started) {
    pthread_join(thread, nullptr);
  } else {
    fail(current, "there is no thread left to run it on");
  }
  if (error) {
    *error = current.error;
  } else {
    free(current.error);
  }
  return current.is_done;
}

// Windows' and old Macs' line ends, which the engine would normalise in quadratic time.
std::string with_unix_lines(const char *source, size_t length) {
  std::string result;
  result.reserve(length);
  for (size_t i = 0; i < length; ++i) {
    if (source[i] != '\r') result.push_back(source[i]);
    if (source[i] == '\r' && (i + 1 == length || source[i + 1] != '\n')) result.push_back('\n');
  }
  return result;
}

jinja::program parse_guarded(const std::string &source) {
  if (source.size() > cjinja::max_source) throw failure{"it is too long"};
  try {
    jinja::lexer lexer;
    // The engine takes a single character before the first tag for blanks; after an empty comment it does not.
    const bool is_short_start = source.size() > 1 && !std::isspace(static_cast<unsigned char>(source[0])) &&
                                source[0] != '{' && source[1] == '{';
    const auto lexed = lexer.tokenize(is_short_start ? "{##}" + source : source);
    cjinja::check_nesting(lexed.tokens);
    auto program = jinja::parse_from_tokens(lexed);
    cjinja::guard(program);
    return program;
  } catch (const std::exception &error) {
    throw failure{"it is not valid Jinja: " + plain_syntax(error.what())};
  }
}

// A word of a few, which is the template's own text: a prompt that is cut in fewer places is tokenised more like the one
// that the model was trained on.
void unmark(const jinja::value &object, const char *key) {
  auto missing = jinja::value(jinja::mk_val<jinja::value_undefined>());
  const auto word = object->at(key, missing);
  if (!jinja::is_val<jinja::value_string>(word)) return;
  object->insert(jinja::mk_val<jinja::value_string>(key), jinja::mk_val<jinja::value_string>(word->val_str.str()));
}

// Text of messages and tools is marked, so that it can never become a control token.
void define_variables(jinja::context &context, const std::string &json) {
  cjinja::check_json_nesting(json);
  auto variables = common_json::parse(json);
  auto input = common_json::object();
  for (const char *name : {"messages", "tools"}) {
    if (!variables.contains(name)) continue;
    input[name] = variables.at(name);
    variables.erase(name);
  }
  jinja::global_from_json(context, input, true);
  jinja::global_from_json(context, variables, false);
  for (const char *name : {"messages", "tools"}) cjinja::mark_keys(context.get_val(name));
  for (const auto &tool : context.get_val("tools")->val_arr) unmark(tool, "type");
  for (const auto &message : context.get_val("messages")->val_arr) {
    unmark(message, "role");
    auto missing = jinja::value(jinja::mk_val<jinja::value_undefined>());
    for (const auto &call : message->at("tool_calls", missing)->val_arr) unmark(call, "type");
  }
}

}  // namespace

cjinja_template *cjinja_parse(const char *source, size_t length, char **error) {
  cjinja_template *result = nullptr;
  const bool is_done = run(
      [&](const char *) {
        auto parsed = std::make_unique<cjinja_template>();
        parsed->source = with_unix_lines(source, length);
        parsed->program = parse_guarded(parsed->source);
        result = parsed.release();
      },
      error);
  return is_done ? result : nullptr;
}

void cjinja_free(cjinja_template *parsed) {
  if (parsed) run([&](const char *) { delete parsed; }, nullptr);
}

bool cjinja_render(const cjinja_template *parsed, const char *variables_json, cjinja_emit emit, void *context,
                   char **error) {
  return run(
      [&](const char *stack_top) {
        cjinja::budget budget(stack_top);
        jinja::context scope(parsed->source);
        cjinja::define_functions(scope);
        jinja::value_string text;
        try {
          define_variables(scope, variables_json);
          text = jinja::runtime::gather_string_parts(jinja::runtime(scope).execute(parsed->program));
        } catch (const std::exception &failed) {
          throw failure{plain(failed.what())};
        }
        for (const auto &part : text->val_str.parts) {
          if (!part.val.empty()) emit(context, part.val.data(), part.val.size(), part.is_input);
        }
      },
      error);
}

void cjinja_free_string(char *string) { free(string); }
