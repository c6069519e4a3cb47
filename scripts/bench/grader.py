"""Grades the same cases with `tandem grade` and with math-verify, in turn; called by scripts/bench/grader.

Time is processor time, and only that of the verdicts: starting up, importing and reading the file are left out of both.
Each round grades all cases with either grader; the medians are given, with the least and the most.
"""
import argparse, datetime, hashlib, importlib.metadata, json, logging, os, platform, statistics, subprocess, time

from math_verify import parse, verify

TANDEM = os.environ.get("TANDEM", ".build/release/tandem")
MARKS = ("$", "\\boxed", "\\(", "\\[")


def wrapped(text, form):
    """math-verify reads LaTeX only between delimiters: a bare answer gets them. A sum of money, `\\$5`, has none."""
    return text if form != "answer" or any(mark in text.replace("\\$", "") for mark in MARKS) else f"${text}$"


def math_verify(cases):
    verdicts, slowest = [], 0
    begin = time.process_time()
    for case in cases:
        form = case.get("form", "answer")
        gold = case["gold"] if form == "raw" else wrapped(case["gold"], "answer")
        start = time.process_time()
        try:
            verdicts.append(bool(verify(parse(gold), parse(wrapped(case["pred"], form)))))
        except Exception:  # what it cannot read is wrong
            verdicts.append(False)
        slowest = max(slowest, time.process_time() - start)
    return verdicts, time.process_time() - begin, slowest * 1000


def tandem(path):
    run = subprocess.run([TANDEM, "grade", "--cases", path, "--format", "json"], capture_output=True, text=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    errors = [line for line in lines if "error" in line]
    if run.returncode or errors:
        raise SystemExit(f"tandem grade failed on {path}: {run.stderr[-500:]}")
    summary = lines[-1]["summary"]
    return [line["correct"] for line in lines[:-1]], summary["seconds"], summary["slowestMilliseconds"]


def spread(values, digits=0):
    values = sorted(values)
    return f"{statistics.median(values):,.{digits}f} ({values[0]:,.{digits}f}–{values[-1]:,.{digits}f})"


def row(name, cases, verdicts, keep):
    pairs = [(case["expected"], verdict) for case, verdict in zip(cases, verdicts) if keep(case)]
    right = sum(expected == verdict for expected, verdict in pairs)
    positives = sum(verdict and not expected for expected, verdict in pairs)
    negatives = sum(expected and not verdict for expected, verdict in pairs)
    share = 100 * right / len(pairs) if pairs else 0
    return f"| {name} | {len(pairs):,} | {share:.2f} % | {positives} | {negatives} |"


def is_clean(case):
    return not case.get("label_suspect") and not case.get("contested")


SUBSETS = {
    "all labels": lambda case: True,
    "without suspect and contested labels": is_clean,
    "and without those that need a tolerance": lambda case: is_clean(case) and not case.get("needs_tolerance"),
    "bare answers": lambda case: case.get("form", "answer") == "answer",
    "whole outputs": lambda case: case.get("form") == "text",
    "either, as the suites pass them": lambda case: case.get("form") == "raw",
}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cases")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--out", default="docs/results/grader.md")
    options = options.parse_args()
    logging.disable(logging.CRITICAL)
    data = open(options.cases, "rb").read()
    cases = [json.loads(line) for line in data.splitlines() if line.strip()]
    unlabelled = sum("expected" not in case for case in cases)
    if unlabelled:
        raise SystemExit(f"{unlabelled} of {len(cases)} cases have no label: each line needs expected.")
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(tandem(options.cases))
        theirs.append(math_verify(cases))
    rates = [[len(cases) / seconds for _, seconds, _ in runs] for runs in (ours, theirs)]
    ratio = [mine / peer for mine, peer in zip(*rates)]
    steady = all(run[0] == ours[0][0] for run in ours)
    version = importlib.metadata.version
    lines = [
        "# The grader against math-verify", "",
        "Made by `scripts/bench/grader`. Both grade the same cases in the same run, in turn. Time is the CPU time of "
        "the verdicts alone.", "",
        f"Cases: {len(cases):,} (SHA-256 `{hashlib.sha256(data).hexdigest()[:16]}…`). Peer: math-verify "
        f"{version('math-verify')}, latex2sympy2_extended {version('latex2sympy2_extended')}, SymPy {version('sympy')}, "
        f"Python {platform.python_version()}. Machine: {platform.machine()}, {platform.system()}, one thread. "
        f"Rounds: {options.rounds}. Date: {datetime.date.today()}.", "",
        "| `tandem grade` | cases | agreement | false positives | false negatives |", "| --- | ---: | ---: | ---: | ---: |",
        *(row(name, cases, ours[0][0], keep) for name, keep in SUBSETS.items()), "",
        "| math-verify | cases | agreement | false positives | false negatives |", "| --- | ---: | ---: | ---: | ---: |",
        *(row(name, cases, theirs[0][0], keep) for name, keep in SUBSETS.items()), "",
        "| | `tandem grade` | math-verify |", "| --- | ---: | ---: |",
        f"| cases per CPU second | {spread(rates[0])} | {spread(rates[1])} |",
        f"| slowest case, ms | {spread([run[2] for run in ours], 1)} | {spread([run[2] for run in theirs], 1)} |", "",
        f"`tandem grade` is {spread(ratio)} times as fast."
        + ("" if steady else " Its verdicts DIFFERED between rounds."),
        "", "The cases on which it contradicts the label are in [grader-labels.md](../grader-labels.md).",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    with open(options.out, "w") as file:
        file.write(text)


main()
