"""Writes nano-lora.gguf: a random rank-2 LoRA for the query and value weights of nano-small.

    python3 -m venv venv && venv/bin/pip install gguf==0.19.0 && venv/bin/python make-lora.py
"""
import pathlib

import gguf
import numpy as np

WIDTH, RANK, LAYERS = 64, 2, 2

random = np.random.default_rng(7)
writer = gguf.GGUFWriter(pathlib.Path(__file__).with_name("nano-lora.gguf"), "llama")
writer.add_type("adapter")
writer.add_string("adapter.type", "lora")
writer.add_float32("adapter.lora.alpha", 8.0)
for layer in range(LAYERS):
    for name in ("attn_q", "attn_v"):
        a = random.normal(0, 0.3, (RANK, WIDTH)).astype(np.float32)
        b = random.normal(0, 0.3, (WIDTH, RANK)).astype(np.float32)
        writer.add_tensor(f"blk.{layer}.{name}.weight.lora_a", a)
        writer.add_tensor(f"blk.{layer}.{name}.weight.lora_b", b)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
