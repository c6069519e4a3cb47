"""Pairs `tandem` with llama-bench and llama-server of the same build; called by scripts/bench/engine.

Machines are shared and noisy, so every figure is a ratio of two programs that ran one right after the other, repeated;
the median is given, with the least and the most. Speeds on their own say little.
"""
import argparse, concurrent.futures, json, os, platform, re, socket, statistics, subprocess, time, urllib.request

TANDEM = ".build/release/tandem"
TOOLS = ".deps/llama/bin/"
PROBLEMS = [json.loads(line) for line in open("Sources/TandemTasks/Problems/countdown-heldout.jsonl")]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def path(model):
    return re.search(r"^file\s+(.*)$", run(TANDEM, "models", "info", model), re.M).group(1)


def spread(values, digits=2):
    values = sorted(values)
    return f"{statistics.median(values):.{digits}f} ({values[0]:.{digits}f}–{values[-1]:.{digits}f})"


def llama_bench(file, prompt, tokens, repetitions=3, depth=0, threads=1, flash="0"):
    """Tokens a second of prefill and of decode; None for what was not asked for."""
    out = run(TOOLS + "llama-bench", "-m", file, "-p", str(prompt), "-n", str(tokens), "-d", str(depth), "-t", str(threads),
              "-fa", flash, "-r", str(repetitions), "-o", "jsonl")
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    rate = lambda want: next((statistics.median(r["samples_ts"]) for r in rows if want(r)), None)
    return rate(lambda r: r["n_gen"] == 0), rate(lambda r: r["n_prompt"] == 0)


def tandem_bench(model, prompt, tokens, parallel="1", repetitions=3, cache="shared"):
    out = json.loads(run(TANDEM, "bench", model, "-p", str(prompt), "-n", str(tokens), "-r", str(repetitions),
                         "--parallel", parallel, "--flash-attn", "off", "--cache", cache, "--format", "json"))
    return {(row["name"], row["sequences"]): row for row in out["rows"]}, out


def single(model, rounds, tokens):
    """One sequence: our prefill and decode over llama-bench's."""
    file, prefill, decode, rates = path(model), [], [], []
    repetitions = 40 if model.startswith("nano") else 3  # a nano model's 128 tokens take 20 ms
    for _ in range(rounds):
        their_prefill, their_decode = llama_bench(file, 256, tokens, repetitions)
        ours, _ = tandem_bench(model, 256, tokens, repetitions=repetitions)
        prefill.append(ours["prefill", 1]["median"] / their_prefill)
        decode.append(ours["decode", 1]["median"] / their_decode)
        rates.append((their_prefill, their_decode))
    return prefill, decode, rates


class Server:
    """llama-server with as many slots as there will be requests."""

    def __init__(self, file, slots, context):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.process = subprocess.Popen(
            [TOOLS + "llama-server", "-m", file, "-np", str(slots), "-c", str(slots * context), "-t", "1", "-tb", "1",
             "-fa", "off", "--host", "127.0.0.1", "--port", self.url.rsplit(":", 1)[1], "--no-webui"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("llama-server did not start")

    def complete(self, index, tokens):
        body = json.dumps({"prompt": [index + 40], "n_predict": tokens, "temperature": 0, "ignore_eos": True,
                           "cache_prompt": False}).encode()
        request = urllib.request.Request(self.url + "/completion", body, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=600))["tokens_predicted"]

    def close(self):
        self.process.kill()
        self.process.wait()


def many(model, slots, tokens, rounds):
    """Several sequences at once: our tokens a second over llama-server's, and over one sequence of ours."""
    file, over_server, over_one = path(model), [], []
    server = Server(file, slots, 256)
    try:
        with concurrent.futures.ThreadPoolExecutor(slots) as pool:
            def serve():
                start = time.monotonic()
                total = sum(pool.map(lambda index: server.complete(index, tokens), range(slots)))
                return total / (time.monotonic() - start)
            serve()
            for _ in range(rounds):
                theirs = serve()
                rows = {c: tandem_bench(model, 64, tokens, f"1,{slots}", 1, c)[0] for c in ("shared", "separate")}
                best = max(rows.values(), key=lambda r: r["decode", slots]["median"])
                over_server.append(best["decode", slots]["median"] / theirs)
                over_one.append(best["decode", slots]["median"] / best["decode", 1]["median"])
    finally:
        server.close()
    return over_server, over_one


def run_nano():
    """Speculative Thinking on 30 problems, one after the other, in one process: wall seconds and usage."""
    rows = json.loads(run(TANDEM, "demo", "--problems", "30", "--parallel", "1", "--format", "json"))
    row = next(row for row in rows if row["strategy"] == "speculative-thinking")
    return row["seconds"], row["usage"]


def run_alone():
    """One model, two compute threads, flash attention as Tandem chooses it: the small model of the pair writes alone."""
    out = json.loads(run(TANDEM, "solve", "--preset", "smollm2", "--strategy", "small-only", "-t", "2", "--format", "json",
                         "--reasoning-budget", "300", "What is 12 * 7? Explain every step."))["outcome"]
    return out["seconds"], out["usage"]


def run_smollm2():
    out = json.loads(run(TANDEM, "solve", "--preset", "smollm2", "--flash-attn", "off", "--format", "json",
                         "--reasoning-budget", "300", "What is 12 * 7? Explain every step."))["outcome"]
    return out["seconds"], out["usage"]


def whole_run(preset):
    """Wall time of Speculative Thinking over what its tokens would take at llama-bench's rates."""
    models = ("nano-small", "nano-large") if preset == "nano" else ("smollm2-135m-q4_0", "smollm2-135m-q8_0")
    threads = 2 if preset == "alone" else 1
    wall, total = {"nano": run_nano, "smollm2": run_smollm2, "alone": run_alone}[preset]()
    expected, exact = 0.0, True
    for role, model in zip(("small", "large"), models):
        if role not in total or not any(total[role].values()):
            continue
        usage = total[role]
        sampled = usage["thinking"] + usage["answer"] + usage["discarded"]
        read = usage["prompt"] + usage["handedOver"] + usage["inserted"]
        exact = exact and usage["reevaluated"] == 0
        # Attention costs more the longer a run is: decode is measured over the lengths that runs come to, and
        # catch-up, which comes in pieces of about 20 tokens, at half of that.
        repetitions = 40 if preset == "nano" else 3
        # What both ways of attention reach at best, where Tandem chooses.
        both = [{"threads": threads, "flash": flash} for flash in ("01" if preset == "alone" else "0")]
        decode = max(llama_bench(path(model), 0, 300, repetitions, 20, **way)[1] for way in both)
        prefill = max(llama_bench(path(model), 20, 0, repetitions, 160, **way)[0] for way in both)
        expected += sampled / decode + read / prefill
    return wall / expected, exact


def first_token(repetitions=10):
    """Seconds from starting `tandem solve` to the first character of its transcript."""
    times = []
    for index in range(repetitions):
        start = time.monotonic()
        process = subprocess.Popen([TANDEM, "solve", PROBLEMS[index]["problem"]], stdout=subprocess.PIPE)
        process.stdout.read(1)
        times.append(time.monotonic() - start)
        process.stdout.read()
        process.wait()
    return times


def machine():
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown") \
        if os.path.exists("/proc/cpuinfo") else platform.processor()
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, one compute thread for every program if nothing else is said"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--out", default="docs/results/engine.md")
    options = options.parse_args()
    lines = ["# The engine against llama.cpp's own tools", "",
             "Made by `scripts/bench/engine`; medians of paired rounds, with the lowest and the highest in brackets.", "",
             f"Machine: {machine()}. Date: {time.strftime('%Y-%m-%d')}. Rounds: {options.rounds}. "
             "llama.cpp 0c1e57098, flash attention off where nothing else is said.", ""]

    def say(*row):
        print(*row, flush=True)
        lines.append(" ".join(row))

    say("| one sequence, over llama-bench | prefill, 256 tokens | decode, 128 tokens |")
    say("| --- | --- | --- |")
    for model in ("nano-large", "smollm2-135m", "smollm2-135m-q4_0"):
        prefill, decode, _ = single(model, options.rounds, 128)
        say(f"| {model} | {spread(prefill)} | {spread(decode)} |")
    say("")
    say("| many sequences, 64 tokens each | over llama-server | over one sequence |")
    say("| --- | --- | --- |")
    for model in ("nano-large", "smollm2-135m-q4_0"):
        for slots in (8, 32):
            server, one = many(model, slots, 64, max(2, options.rounds - 2))
            say(f"| {model}, {slots} | {spread(server)} | {spread(one)} |")
    say("")
    say("| a whole run of Speculative Thinking | wall time over its tokens at llama-bench's rates | nothing read twice |")
    say("| --- | --- | --- |")
    for preset, what in (("nano", "30 problems"), ("smollm2", "one problem"),
                         ("alone", "small-only with SmolLM2, one problem, two compute threads")):
        ratios = [whole_run(preset) for _ in range(options.rounds)]
        say(f"| {what if preset == 'alone' else f'{preset}, {what}'} | {spread([r[0] for r in ratios])} | "
            f"{'yes' if all(r[1] for r in ratios) else 'no'} |")
    say("")
    rows, _ = tandem_bench("smollm2-135m-q4_0", 1024, 32, repetitions=20)
    fork = rows["fork and rewind", 1]
    say(f"- Fork of 1,024 tokens and rewind to 512 (SmolLM2): {fork['median']:.3f} ms "
        f"({fork['least']:.3f}–{fork['most']:.3f}).")
    for model in ("nano-large", "smollm2-135m", "smollm2-135m-q8_0", "smollm2-135m-q4_0"):
        _, report = tandem_bench(model, 256, 32, repetitions=1)
        other = (report["residentBytes"] - report["weightBytes"] - report["cacheBytes"]) / 1e6
        say(f"- Resident memory beside weights and cache ({model}): {other:.0f} MB.")
    say("  (llama.cpp keeps Q4_0 weights a second time, rearranged for the processor.)")
    say(f"- From starting `tandem solve` to the first token (nano pair): {spread(first_token(), 3)} s.")
    os.makedirs(os.path.dirname(options.out), exist_ok=True)
    with open(options.out, "w") as file:
        file.write("\n".join(lines) + "\n")


main()
