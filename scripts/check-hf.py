"""Compares exported folders with llama.cpp on the model files that they were made of: scripts/check-hf runs it.

check-hf.py MODEL.gguf EXPORT [ADAPTER.gguf ADAPTER-EXPORT]: prints a line for each check, and fails if one does.
"""
import json
import os
import random
import socket
import sys
import urllib.request

import torch
import xllamacpp
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

TEXTS, TOKENS = 10_000, 64
# Two tokens nearer than this, in nats, change places with the order of a sum.
NEAR = 0.02


def prompts(count, seed):
    draw = random.Random(seed)
    for _ in range(count):
        numbers = draw.sample(range(1, 26), draw.choice([3, 4]))
        yield f"Use {', '.join(map(str, numbers))} to make {draw.randint(10, 99)}."


def texts(count, special, seed):
    """Countdown prompts, digits, white space, words, special tokens, and characters from all over Unicode."""
    draw = random.Random(seed)
    asks = prompts(count, seed)

    def piece():
        kind = draw.randrange(8)
        if kind == 0:
            return next(asks)
        if kind == 1:
            return str(draw.randrange(10 ** draw.randint(1, 12)))
        if kind == 2:
            return "".join(draw.choice(" \n\t\r\u00a0\u3000\u2028") for _ in range(draw.randint(1, 5)))
        if kind == 3:
            return draw.choice(special)
        if kind == 4:
            return draw.choice(["don't", "WE'LL", " it's", "I'd", "'s", "naïve", "straße", "x²", "½", "Ⅷ", "٣", "e\u0301"])
        if kind == 5:
            return "".join(chr(draw.randint(32, 126)) for _ in range(draw.randint(1, 12)))
        if kind == 6:
            # No surrogates, which no text has, and no 0, which ends a text of C.
            ranges = [(1, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)]
            return "".join(chr(draw.randint(*draw.choice(ranges))) for _ in range(draw.randint(1, 6)))
        return draw.choice(["你好，世界", "Привет", "مرحبا", "🙂👩‍👩‍👧", "日本語テキスト", "ไทย", "हिन्दी"])

    for _ in range(count):
        yield "".join(piece() for _ in range(draw.randint(1, 6)))


class LlamaServer:
    """llama.cpp's own server, in this process."""

    def __init__(self, path, adapter=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        parameters = xllamacpp.CommonParams()
        parameters.model.path, parameters.port, parameters.hostnames = path, port, ["127.0.0.1"]
        parameters.n_ctx, parameters.n_parallel, parameters.cpuparams.n_threads = 512, 1, 1
        parameters.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        if adapter:
            lora = xllamacpp.CommonAdapterLoraInfo()
            lora.path, lora.scale = adapter, 1.0
            parameters.lora_adapters = [lora]
        self.port, self.server = port, xllamacpp.Server(parameters)

    def call(self, path, **body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def ids(self, text, special):
        return self.call("/tokenize", content=text, add_special=False, parse_special=special)["tokens"]

    def greedy(self, ids):
        return self.call("/completion", prompt=ids, n_predict=TOKENS, temperature=0, return_tokens=True,
                         cache_prompt=False)["tokens"]


def check(name, right, total, note=""):
    print(f"{'ok  ' if right == total else 'FAIL'}  {name}: {right} of {total}{note}", flush=True)
    return right == total


def same_ids(tokenizer, server):
    special = [token.content for token in tokenizer.added_tokens_decoder.values()]
    wrong = 0
    for text in texts(TEXTS, special, seed=1):
        ids, expected = tokenizer.encode(text, add_special_tokens=False), server.ids(text, special=True)
        if ids != expected:
            wrong += 1
            if wrong <= 10:
                print("      differs:", ascii(text), ids, expected)
    return check("token ids", TEXTS - wrong, TEXTS)


def chat(tokenizer, prompt):
    return tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True,
                                         return_dict=True)["input_ids"]


def same_tokens(name, model, tokenizer, server):
    """Greedy answers, equal up to a near-tie: there the rest of the answer is another one."""
    right, ties, total = 0, 0, 0
    for prompt in prompts(24, seed=2):
        total += 1
        ids = chat(tokenizer, prompt)
        expected = server.greedy(ids)
        with torch.no_grad():
            ours = model.generate(torch.tensor([ids]), max_new_tokens=TOKENS, do_sample=False)[0][len(ids):].tolist()
        if ours == expected:
            right += 1
            continue
        place = next((i for i, (a, b) in enumerate(zip(ours, expected)) if a != b), min(len(ours), len(expected)))
        with torch.no_grad():
            top = torch.log_softmax(model(torch.tensor([ids + ours[:place]])).logits[0, -1], -1).topk(2).values
        if (top[0] - top[1]).item() < NEAR:
            ties += 1
        else:
            print("      differs:", prompt, "at", place, ours[place:place + 4], expected[place:place + 4], top.tolist())
    return check(name, right + ties, total, f" ({ties} up to a near-tie)" if ties else "")


def main(gguf, export, adapter=None, adapter_export=None):
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(export)
    model = AutoModelForCausalLM.from_pretrained(export, dtype=torch.float32).eval()
    if adapter is None:
        server = LlamaServer(gguf)
        results = [same_ids(tokenizer, server), same_tokens("greedy tokens", model, tokenizer, server)]
    else:
        plain, server = LlamaServer(gguf), LlamaServer(gguf, adapter)
        model = PeftModel.from_pretrained(model, adapter_export).merge_and_unload().eval()
        asks = [chat(tokenizer, prompt) for prompt in prompts(24, seed=2)]
        changed = sum(plain.greedy(ids) != server.greedy(ids) for ids in asks)
        print(f"      the adapter changes {changed} of {len(asks)} answers")
        results = [changed > 0, same_tokens("greedy tokens with the adapter merged", model, tokenizer, server)]
    sys.stdout.flush()
    # The server's threads would keep the process.
    os._exit(0 if all(results) else 1)


main(*sys.argv[1:])
