"""Tables of docs/results/tldr.md from the levels.json of runs of `tandem train tldr`: python3 tldr.py FOLDER..."""
import json
import pathlib
import statistics
import sys

LEVELS = [None, "short", "medium", "long"]


def rows(folders, moment):
    """Scores of all runs, by level."""
    files = [json.loads((pathlib.Path(folder) / "levels.json").read_text()) for folder in folders]
    return {level: [s for f in files for s in f[moment] if s.get("level") == level] for level in LEVELS}


def cell(values, digits, unit=""):
    spread = f" ({min(values):.{digits}f}–{max(values):.{digits}f})" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{unit}{spread}"


def table(title, folders, moment):
    for level, scores in rows(folders, moment).items():
        right = cell([100 * s["accuracy"] for s in scores], 1, " %")
        lengths = [cell([s[key] for s in scores], 0) for key in ("meanLength", "rightLength", "wrongLength")]
        print(f"| {title} | {level or 'none'} | {right} | {' | '.join(lengths)} |")


folders = sys.argv[1:]
tldr = [f for f in folders if "l1-max" not in f]
print("# TLDR on nano-small\n")
print("`scripts/reproduce-tldr`. Held-out problems, temperature 0.6, top-p 0.95, at most 440 tokens; mean over seeds")
print("(lowest–highest). A completion that runs into the limit is wrong. Tokens are those of the thinking.\n")
print("| model | asked for | right | thinking | of right ones | of wrong ones |")
print("| --- | --- | --- | --- | --- | --- |")
table("untrained (SFT only)", tldr, "before")
table("TLDR", tldr, "after")
for folder in folders:
    if "l1-max" in folder:
        table("L1-max", [folder], "after")
