"""The first table of docs/results/tldr.md, from the runs of scripts/reproduce-tldr: python3 tldr.py runs/tldr"""
import json
import pathlib
import statistics
import sys

LEVELS = [None, "short", "medium", "long"]


def rows(paths, moment):
    """Scores of all runs, by level."""
    files = [json.loads(path.read_text()) for path in paths]
    return {level: [s for f in files for s in f[moment] if s.get("level") == level] for level in LEVELS}


def cell(values, digits, unit=""):
    spread = f" ({min(values):.{digits}f}–{max(values):.{digits}f})" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{unit}{spread}"


def table(title, paths, moment):
    for level, scores in rows(paths, moment).items():
        right = cell([100 * s["accuracy"] for s in scores], 1, " %")
        lengths = [cell([s[key] for s in scores], 0) for key in ("meanLength", "rightLength", "wrongLength")]
        print(f"| {title} | {level or 'none'} | {right} | {' | '.join(lengths)} |")


def found(pattern):
    return sorted(pathlib.Path(sys.argv[1]).glob(f"{pattern}/levels.json"))


print("# TLDR on nano-small\n")
print("`scripts/reproduce-tldr`. Held-out problems, temperature 0.6, top-p 0.95, at most 440 tokens; mean over seeds")
print("(lowest–highest). A completion that runs into the limit is wrong. Tokens are those of the thinking. L1-max has a slope")
print("of 0.003 a token and budgets of 80, 150 and 300; SFT by level learns from traces whose length fits their level.\n")
print("| model | asked for | right | thinking | of right ones | of wrong ones |")
print("| --- | --- | --- | --- | --- | --- |")
table("nano-small as shipped", found("seed-*"), "before")
table("SFT by level", found("sft-*"), "levels")
table("TLDR", found("seed-*"), "after")
table("L1-max", found("l1-max-*"), "after")
