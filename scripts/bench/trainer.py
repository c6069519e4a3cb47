"""The trainer against Python MLX and JAX: the same model, optimizer and batch, on one thread, per CPU second.

Rounds are interleaved, and the best of each is kept: other work on the machine only ever slows one down. Every
program trains on documents of 256 tokens, so that nobody gains by packing; Python MLX runs on the trainer's OpenBLAS.
`trainer.py peer NAME ...` is one measurement of a peer in a process of its own.
"""
import json, os, resource, subprocess, sys, time

ROOT = os.getcwd()
SWIFT = os.environ.get("TRAINER_BENCHMARK", f"{ROOT}/.build/release/trainer-benchmark")
BLAS = f"{ROOT}/.deps/mlx/lib/libmlxblas.so"
LENGTH, ROWS = 256, 16
# name: vocabulary, embedding length, blocks, heads, feed-forward length
SIZES = {"nano-small": (512, 64, 2, 2, 192), "0.4M": (512, 96, 3, 3, 256), "nano-large": (512, 128, 4, 4, 352),
         "2M": (512, 192, 5, 6, 512)}


def flops_per_token(V, d, L, H, ff):
    """Forward and backward: 6 a weight of a matrix, and the lower half of attention's square."""
    weights = V * d + L * (4 * d * d + 3 * ff * d)
    return 6 * weights + L * 7 * 2 * d * LENGTH / 2


def initial(V, d, L, H, ff):
    import numpy as np
    random = np.random.default_rng(0)
    matrix = lambda o, i: (random.standard_normal((o, i)) / i**0.5).astype("float32")
    one = lambda: np.ones(d, "float32")
    blocks = [dict(n1=one(), q=matrix(d, d), k=matrix(d, d), v=matrix(d, d), o=matrix(d, d), n2=one(),
                   g=matrix(ff, d), u=matrix(ff, d), w=matrix(d, ff)) for _ in range(L)]
    return dict(e=matrix(V, d), blocks=blocks, n=one()), random.integers(0, V, (ROWS, LENGTH + 1))


def mlx_step(sizes):
    import mlx.core as mx, mlx.optimizers as optim
    from mlx.utils import tree_map
    mx.set_default_device(mx.cpu)
    V, d, L, H, ff = sizes
    start, ids = initial(*sizes)
    params, ids = tree_map(mx.array, start), mx.array(ids)
    x, y, D = ids[:, :-1], ids[:, 1:], d // H
    optimizer = optim.AdamW(1e-3, betas=[0.9, 0.95], weight_decay=0.01)

    def loss(p):
        h = p["e"][x]
        heads = lambda t: t.reshape(ROWS, LENGTH, H, D).transpose(0, 2, 1, 3)
        rope = lambda t: mx.fast.rope(t, D, traditional=True, base=10000.0, scale=1.0, offset=0)
        for b in p["blocks"]:
            z = mx.fast.rms_norm(h, b["n1"], 1e-5)
            a = mx.fast.scaled_dot_product_attention(rope(heads(z @ b["q"].T)), rope(heads(z @ b["k"].T)),
                                                     heads(z @ b["v"].T), scale=D**-0.5, mask="causal")
            h = h + a.transpose(0, 2, 1, 3).reshape(ROWS, LENGTH, d) @ b["o"].T
            z = mx.fast.rms_norm(h, b["n2"], 1e-5)
            g = z @ b["g"].T
            h = h + (g * mx.sigmoid(g) * (z @ b["u"].T)) @ b["w"].T
        z = mx.fast.rms_norm(h, p["n"], 1e-5) @ p["e"].T
        return (mx.logsumexp(z, -1) - mx.take_along_axis(z, y[..., None], -1)[..., 0]).mean()

    gradient = mx.value_and_grad(loss)

    def step():
        nonlocal params
        value, grads = gradient(params)
        grads, _ = optim.clip_grad_norm(grads, 1.0)
        params = optimizer.apply_gradients(grads, params)
        mx.eval(params, optimizer.state, value)
    return step


def jax_step(sizes):
    import jax, jax.numpy as jnp
    V, d, L, H, ff = sizes
    start, ids = initial(*sizes)
    params = jax.tree.map(jnp.asarray, start)
    x, y, D = jnp.asarray(ids[:, :-1]), jnp.asarray(ids[:, 1:]), d // H
    angles = jnp.arange(LENGTH)[:, None] * 10000.0 ** (-jnp.arange(0, D, 2) / D)
    cos, sin = jnp.cos(angles), jnp.sin(angles)
    mask = jnp.tril(jnp.ones((LENGTH, LENGTH), bool))
    moments = (jax.tree.map(jnp.zeros_like, params),) * 2

    def norm(t, w): return t * jax.lax.rsqrt((t * t).mean(-1, keepdims=True) + 1e-5) * w

    def rope(t):
        a, b = t[..., 0::2], t[..., 1::2]
        return jnp.stack([a * cos - b * sin, a * sin + b * cos], -1).reshape(t.shape)

    def loss(p):
        h = p["e"][x]
        heads = lambda t: t.reshape(ROWS, LENGTH, H, D).transpose(0, 2, 1, 3)
        for b in p["blocks"]:
            z = norm(h, b["n1"])
            q, k, v = rope(heads(z @ b["q"].T)), rope(heads(z @ b["k"].T)), heads(z @ b["v"].T)
            s = jnp.where(mask, q @ k.swapaxes(-1, -2) * D**-0.5, -jnp.inf)
            h = h + (jax.nn.softmax(s) @ v).transpose(0, 2, 1, 3).reshape(ROWS, LENGTH, d) @ b["o"].T
            z = norm(h, b["n2"])
            h = h + (jax.nn.silu(z @ b["g"].T) * (z @ b["u"].T)) @ b["w"].T
        z = norm(h, p["n"]) @ p["e"].T
        return (jax.nn.logsumexp(z, -1) - jnp.take_along_axis(z, y[..., None], -1)[..., 0]).mean()

    @jax.jit
    def update(params, first, second, t):
        value, grads = jax.value_and_grad(loss)(params)
        size = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(grads)))
        grads = jax.tree.map(lambda g: g / jnp.maximum(size, 1), grads)
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, grads)
        second = jax.tree.map(lambda v, g: 0.95 * v + 0.05 * g * g, second, grads)
        move = lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.95**t)) + 1e-8) + 0.01 * p)
        return jax.tree.map(move, params, first, second), first, second, value

    state, count = (params, *moments), 0

    def step():
        nonlocal state, count
        count += 1
        *state, value = update(*state, float(count))
        value.block_until_ready()
    return step


def peer(name, size, steps):
    step = {"mlx": mlx_step, "jax": jax_step}[name](SIZES[size])
    for _ in range(2):
        step()
    cpu, wall = time.process_time(), time.time()
    for _ in range(steps):
        step()
    tokens = ROWS * LENGTH * steps
    print(json.dumps({"tokensPerCPUSecond": tokens / (time.process_time() - cpu),
                      "tokensPerSecond": tokens / (time.time() - wall)}))


def gemm_peak():
    """GFLOP per CPU second of the trainer's own BLAS at 1024 cubed."""
    import ctypes
    blas = ctypes.CDLL(BLAS)
    blas.openblas_set_num_threads(1)
    n = 1024
    a, b, c = ((ctypes.c_float * (n * n))(*([0.5] * (n * n))) for _ in range(3))
    best = 0
    for _ in range(20):
        start = time.process_time()
        blas.cblas_sgemm(101, 111, 112, n, n, n, ctypes.c_float(1), a, n, b, n, ctypes.c_float(0), c, n)
        best = max(best, 2 * n**3 / (time.process_time() - start) / 1e9)
    return best


def measure(command, **environment):
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return {**json.loads(output), "megabytes": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)}


def main(rounds=3):
    me, peak, rows = [sys.executable, __file__, "peer"], 0, []
    for size, sizes in SIZES.items():
        flops = flops_per_token(*sizes)
        steps = max(4, int(1.5e11 / (flops * ROWS * LENGTH)))
        best = {}
        for _ in range(rounds):
            peak = max(peak, gemm_peak())
            runs = {
                "tandem": measure([SWIFT, *map(str, sizes), str(LENGTH), str(ROWS), str(steps), "1"]),
                "mlx": measure([*me, "mlx", size, str(max(2, steps // 3))], LD_PRELOAD=BLAS, OPENBLAS_NUM_THREADS="1"),
                "jax": measure([*me, "jax", size, str(max(2, steps // 3))], XLA_FLAGS="--xla_cpu_multi_thread_eigen=false"),
            }
            for name, run in runs.items():
                if run["tokensPerCPUSecond"] > best.get(name, {"tokensPerCPUSecond": 0})["tokensPerCPUSecond"]:
                    best[name] = run
        speed = {name: run["tokensPerCPUSecond"] for name, run in best.items()}
        rows.append((size, best["tandem"]["parameters"], speed, flops, {n: r["megabytes"] for n, r in best.items()}))
        print(size, {n: round(s) for n, s in speed.items()}, file=sys.stderr)
    lines = ["# Results of the trainer's benchmark", "",
             f"`scripts/bench/trainer`, best of {rounds} interleaved rounds; {best['tandem']['blas']}. Batches of {ROWS} documents of "
             f"{LENGTH} tokens, vocabulary 512, F32, AdamW. One GEMM thread reaches {peak:.0f} GFLOP per CPU second.", "",
             "| model | parameters | Tandem, tokens per CPU second | Python MLX + OpenBLAS | JAX | times MLX | times JAX | share of GEMM peak "
             "| peak memory, MB: Tandem, MLX, JAX |", "|---|---|---|---|---|---|---|---|---|"]
    for size, count, speed, flops, memory in rows:
        t = speed["tandem"]
        lines.append(f"| {size} | {count:,} | {t:,.0f} | {speed['mlx']:,.0f} | {speed['jax']:,.0f} | {t / speed['mlx']:.1f} "
                     f"| {t / speed['jax']:.1f} | {t * flops / peak / 1e9:.0%} | {memory['tandem']:.0f}, {memory['mlx']:.0f}, {memory['jax']:.0f} |")
    with open("docs/results/trainer.md", "w") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    if sys.argv[1:2] == ["peer"]:
        peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
