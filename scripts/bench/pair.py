"""Pairs `tandem bench pair` with llama-bench; called by scripts/bench/pair.

The machine is shared and noisy: what counts are ratios of measurements that were made one right after the other. The medians of the
rounds are given, with the least and the most in brackets.
"""
import argparse, json, os, pathlib, platform, re, statistics, subprocess, sys

TANDEM, BENCH = os.environ["TANDEM"], os.environ["LLAMA_BENCH"]
RESULTS = pathlib.Path("docs/results/real-size.md")
TITLE = "## What a strategy costs on two models"
SMALL, LARGE = ".deps/models/shape-0.1b.gguf", ".deps/models/shape-1.5b.gguf"
PHASES = ("prefill", "catch-up", "decode", "sampling", "scores")


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def llama_bench(model, threads):
    """Tokens a second: read, and written."""
    out = run(BENCH, "-m", model, "-p", 128, "-n", 48, "-t", threads, "-r", 1, "-ub", 256, "-o", "jsonl")
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    rate = {row["n_gen"] == 0: row["avg_ts"] for row in rows}
    return {"prefill": rate[True], "decode": rate[False]}


def bench_pair(threads, options, *words):
    out = run(TANDEM, "bench", "pair", SMALL, LARGE, "--threads", threads, "--thinking", options.thinking, "--answer", options.answer,
              "--format", "json", *words)
    return json.loads(out)["rows"]


def measure(threads, options):
    """All rows of a round, by their labels."""
    rows = {row["strategy"]: row for row in bench_pair(threads, options)}
    one, = bench_pair(threads, options, "--strategy", "speculative-cot", "--set", "speculative-cot.drafts=1")
    rows["speculative-cot, one draft"] = one
    base = rows["large-only"]["seconds"][0]
    for row in rows.values():
        row["ratio"] = row["seconds"][0] / base if row["seconds"] else None
    return rows


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def tables(threads, rounds, peers):
    """Markdown: the rates, then a row for each strategy."""
    lines = [f"### {threads} compute thread{'s' * (threads > 1)}", ""]
    lines += ["| llama-bench, tokens a second | read, 128 tokens | written, 48 tokens | R |", "| --- | --- | --- | --- |"]
    for role in ("small", "large"):
        reads, writes = ([peer[role][kind] for peer in peers] for kind in ("prefill", "decode"))
        gain = statistics.median(a / b for a, b in zip(reads, writes))
        lines.append(f"| {role} | {spread(reads, 0)} | {spread(writes, 1)} | {gain:.1f} |")
    lines += ["", "| strategy | seconds | over large-only | small wrote, read | large wrote, read |", "| --- | --- | --- | --- | --- |"]
    labels = sorted(rounds[0], key=lambda label: statistics.median(r[label]["ratio"] or 0 for r in rounds))
    for label in labels:
        own = [r[label] for r in rounds]
        if own[0].get("fault"):
            continue
        work = [", ".join(str(own[0]["work"][role][kind]) for kind in ("written", "read")) for role in ("small", "large")]
        lines.append(f"| {label} | {spread([o['seconds'][0] for o in own], 2)} | {spread([o['ratio'] for o in own], 2)} | {work[0]} | {work[1]} |")
    lines += ["", "Where the seconds go, medians:", ""]
    columns = [(role, kind) for role in ("small", "large") for kind in PHASES
               if any(r[label]["work"][role]["seconds"].get(kind, 0) > 0.005 for r in rounds for label in labels)]
    lines += ["| strategy | " + " | ".join(f"{role} {kind}" for role, kind in columns) + " | other |",
              "| --- |" + " --- |" * (len(columns) + 1)]
    for label in labels:
        def median(value):
            number = statistics.median(value(r[label]) for r in rounds)
            return f"{number:.2f}" if number >= 0.005 else ""
        cells = [median(lambda row: row["work"][role]["seconds"].get(kind, 0)) for role, kind in columns]
        other = statistics.median(r[label]["other"] for r in rounds)
        lines.append(f"| {label} | " + " | ".join(cells) + f" | {other:.3f} |")
    large = [r["large-only"] for r in rounds]
    expected = [o["work"]["large"]["written"] / peer["large"]["decode"] + o["work"]["large"]["read"] / peer["large"]["prefill"]
                for o, peer in zip(large, peers)]
    ratio = [e / o["seconds"][0] for e, o in zip(expected, large)]
    return lines + ["", f"Large-only at llama-bench's rates over what it took: {spread(ratio, 2)}.", ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--thinking", type=int, default=200)
    parser.add_argument("--answer", type=int, default=8)
    parser.add_argument("--threads", default="1,2")
    options = parser.parse_args()
    text = [TITLE, "",
            f"`./scripts/bench/pair --rounds {options.rounds} --thinking {options.thinking}`: `tandem bench pair` on shape-0.1b and shape-1.5b, "
            "the vocabulary of R1-Distill-Qwen and random weights as Q4_0, and llama-bench of the same build, in turn. "
            f"{options.thinking} tokens of thinking in thoughts of 40, {options.answer} of the answer; all else as `tandem bench pair` has it. "
            f"Medians of {options.rounds} round{'s' * (options.rounds > 1)}, with the least and the most. Machine: {processor()}, {os.cpu_count()} cores.", ""]
    for threads in map(int, options.threads.split(",")):
        rounds, peers = [], []
        for _ in range(options.rounds):
            peers.append({"small": llama_bench(SMALL, threads), "large": llama_bench(LARGE, threads)})
            rounds.append(measure(threads, options))
        text += tables(threads, rounds, peers)
    advice = json.loads(run(TANDEM, "doctor", "--pair", "--small", SMALL, "--large", LARGE, "--ctx-size", 4096, "--format", "json"))["advice"]
    text += ["What `tandem doctor --pair` says of the same pair:", ""] + [f"- {sentence}" for sentence in advice] + [""]
    section = "\n".join(text)
    old = RESULTS.read_text()
    if TITLE in old:
        new = re.sub(re.escape(TITLE) + r"\n.*?(?=\n## |\Z)", lambda _: section.rstrip() + "\n", old, count=1, flags=re.S)
    else:
        new = old.rstrip() + "\n\n" + section.rstrip() + "\n"
    RESULTS.write_text(new)
    print(section)


def processor():
    try:
        return re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        return platform.processor() or platform.machine()


main()
