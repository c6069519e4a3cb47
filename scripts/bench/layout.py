"""Measures the layouts of the cache; called by scripts/bench/layout.

Programs take turns within a round, so that what disturbs one disturbs all; medians of the rounds, with the least and the most.
"""
import argparse, json, os, re, statistics, subprocess, tempfile, time

TANDEM = os.environ["TANDEM"]
PEER = os.environ["LLAMA_BATCHED_BENCH"]
RESULTS = "docs/results/real-size.md"
TITLE = "## Cache layout"
SMOL = ".deps/models/SmolLM2-135M-Instruct.Q4_1.gguf"
LAYOUTS, FLASH = ("shared", "separate"), ("on", "off", "auto")


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{result.stderr[-2000:]}")
    return result.stdout


def spread(values, digits=0):
    values = sorted(values)
    return f"{statistics.median(values):,.{digits}f} ({values[0]:,.{digits}f}–{values[-1]:,.{digits}f})"


def path(model):
    return re.search(r"^file\s+(.*)$", run(TANDEM, "models", "info", model), re.M).group(1)


def evaluate(flags, window, parallel, layout, flash, threads):
    """Sampled tokens a second of a run, from the first job's start to the last one's end. Fewer cells than all windows have are
    shared, so one block less makes the layout that a plan of unrelated runs does not get by itself."""
    with tempfile.TemporaryDirectory() as folder:
        cells = ["--cells", str(window * parallel - 256)] if layout == "shared" else []
        run(TANDEM, "evaluate", "--task", "countdown", "--strategy", "large-only", "--parallel", str(parallel), "-c", str(window),
            "--flash-attn", flash, "-t", str(threads), "--no-traces", "--output", folder + "/run", *flags, *cells)
        records = [json.loads(line) for line in open(folder + "/run/records.jsonl")]
    tokens = sum(sum(r["usage"][role].get(kind, 0) for kind in ("thinking", "answer", "discarded"))
                 for r in records for role in ("small", "large") if role in r["usage"])
    ends = [r["startedAt"] + r["seconds"] for r in records]
    return tokens / (max(ends) - min(r["startedAt"] for r in records))


def bench(model, sequences, tokens, layout, flash, threads):
    out = json.loads(run(TANDEM, "bench", model, "-p", "8", "-n", str(tokens), "-r", "1", "--parallel", str(sequences), "-t", str(threads),
                         "--flash-attn", flash, "--cache", layout, "--format", "json"))
    return next(row["median"] for row in out["rows"] if row["name"] == "decode")


def peer(model, sequences, tokens, layout, flash, threads):
    shared = ["-kvu"] if layout == "shared" else ["-no-kvu"]
    out = run(PEER, "-m", path(model), "-c", str(256 * sequences), "-b", "256", "-ub", "256", "-npp", "8", "-ntg", str(tokens),
              "-npl", str(sequences), "-t", str(threads), "-tb", str(threads), "-fa", flash, "--output-format", "jsonl", *shared)
    return next(json.loads(line)["speed_tg"] for line in out.splitlines() if line.startswith("{"))


def memory(*flags):
    """The most megabytes of memory that a run of `tandem solve` had."""
    process = subprocess.Popen([TANDEM, "solve", "-q", *flags, "Count to a hundred."], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(error.decode()[-2000:])
    return usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--threads", default="1,2")
    options.add_argument("--out", default=RESULTS)
    options = options.parse_args()
    threads = [int(count) for count in options.threads.split(",")]
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown") \
        if os.path.exists("/proc/cpuinfo") else "unknown"
    lines = [TITLE, "",
             f"`./scripts/bench/layout`, {time.strftime('%Y-%m-%d')}, {cpu}, {os.cpu_count()} cores, {options.rounds} rounds, load "
             f"{os.getloadavg()[0]:.1f} at the beginning. Until decision 35, `evaluate` had the shared cache and llama.cpp's own choice, flash attention on.", ""]

    def say(line):
        print(line, flush=True)
        lines.append(line)

    combinations = [(layout, flash) for layout in LAYOUTS for flash in FLASH]
    say("| `evaluate`, tokens/s | threads | " + " | ".join(f"{l}, {f}" for l, f in combinations) + " | chosen over before |")
    say("| --- " * (len(combinations) + 3) + "|")
    # Limits that leave room for all runs at once in the shared cache too.
    nano = ["--problems", "256", "--reasoning-budget", "400", "--predict", "24"]
    smol = ["--large", SMOL, "--thinking-format", "none", "--predict", "96", "--reasoning-budget", "96", "--problems", "32", "--temp", "0.6"]
    for name, flags, window, parallel in (("nano, 64 at once", nano, 512, 64), ("SmolLM2, 16 at once", smol, 512, 16)):
        for count in threads:
            rates = {key: [] for key in combinations}
            for _ in range(options.rounds):
                for key in combinations:
                    rates[key].append(evaluate(flags, window, parallel, *key, count))
            gain = [now / then for now, then in zip(rates["separate", "auto"], rates["shared", "on"])]
            say(f"| {name} | {count} | " + " | ".join(spread(rates[key]) for key in combinations) + f" | **{spread(gain, 2)}** |")
    say("")
    combinations = [(layout, flash) for layout in LAYOUTS for flash in ("on", "off")]
    say("| over llama-batched-bench, 64 tokens each | threads | " + " | ".join(f"{l}, {f}" for l, f in combinations) + " |")
    say("| --- " * (len(combinations) + 2) + "|")
    for model, sequences in (("nano-large", 16), ("nano-large", 64), ("smollm2-135m-q4_0", 16)):
        for count in threads:
            ratios = {key: [] for key in combinations}
            for _ in range(options.rounds):
                for key in combinations:
                    ratios[key].append(bench(model, sequences, 64, *key, count) / peer(model, sequences, 64, *key, count))
            say(f"| {model}, {sequences} sequences | {count} | " + " | ".join(spread(ratios[key], 2) for key in combinations) + " |")
    say("")
    say("| SmolLM2 as Q4_0 and Q8_0, `-c 32768` | most memory, MB | over one session |")
    say("| --- | --- | --- |")
    for tokens in (8, 512):
        flags = ["--preset", "smollm2", "-c", "32768", "--extend-context", "--reasoning-budget", str(tokens), "--predict", "8"]
        cot = ["--strategy", "speculative-cot", "--set", "drafts=5", "--set", f"draftTokens={tokens}"]
        one, five = [], []
        for _ in range(options.rounds):
            one.append(memory(*flags, "--strategy", "speculative-thinking"))
            five.append(memory(*flags, *cot))
        say(f"| one session of each, {tokens} tokens | {spread(one)} | |")
        say(f"| five drafts of {tokens} tokens | {spread(five)} | **{spread([b / a for a, b in zip(one, five)], 2)}** |")
    text = open(options.out).read() if os.path.exists(options.out) else ""
    section = "\n".join(lines) + "\n"
    before, found, after = text.partition(TITLE + "\n")
    rest = re.search(r"^## ", after, re.M)
    after = after[rest.start():] if rest else ""
    with open(options.out, "w") as file:
        file.write(before.rstrip("\n") + "\n\n" + section + ("\n" + after if after else ""))


main()
