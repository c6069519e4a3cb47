#ifndef CLLAMA_SHIM_H
#define CLLAMA_SHIM_H
#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <gguf.h>
#include <llama.h>
#endif
