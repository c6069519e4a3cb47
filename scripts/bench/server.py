"""Pairs `tandem serve` with llama-server; called by scripts/bench/server.

Both serve nano-large with 16 slots, one compute thread and the same window, and get the same requests from scripts/conformance/load.py.
The machine is shared and noisy: what counts is a ratio of two measurements that were made one right after the other. The medians of the
rounds are given, with the least and the most in brackets.
"""
import argparse, http.client, json, os, pathlib, platform, re, signal, socket, statistics, subprocess, sys, tempfile, time, urllib.request

TANDEM, PEER = os.environ["TANDEM"], os.environ["LLAMA_SERVER"]
CLIENTS = (1, 4, 16)


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Server:
    """A server that runs until `close`; `model` is what requests name."""

    def __init__(self, model, command, **more):
        self.model, self.port = model, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(600):
            try:
                opener.open(self.base + "/health", timeout=1)
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        sys.exit(f"{command[0]} did not start")

    def load(self, *options):
        """What load.py tells, one value a line."""
        out = subprocess.run(
            [sys.executable, "-I", "scripts/conformance/load.py", self.base, self.model, "--json", *options],
            check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in out.splitlines()]

    def resident(self):
        """MB of memory; nil where the system does not say."""
        try:
            with open(f"/proc/{self.process.pid}/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
        except OSError:
            return None

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def servers(window):
    info = subprocess.run([TANDEM, "models", "info", "nano-large"], check=True, capture_output=True, text=True).stdout
    file = re.search(r"^file\s+(.*)$", info, re.M).group(1)
    ours = Server("nano/large-only", [TANDEM, "serve", "--parallel", "16", "--queue", "128", "--strategies", "large-only,speculative-thinking",
                                      "--strategy", "large-only", "--ctx-size", str(window), "--log", "none"])
    peer = Server("nano", [PEER, "-m", file, "-np", "16", "-c", str(16 * window), "-t", "1", "-tb", "1", "--jinja",
                           "--alias", "nano", "--no-webui", "--host", "127.0.0.1", "--slots"])
    return ours, peer


def in_process(problems):
    """Runs of Speculative Thinking by `tandem evaluate`, one after the other: (question, seed, seconds, thinking tokens)."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [TANDEM, "evaluate", "--task", "countdown", "--problems", str(problems), "--strategy", "speculative-thinking",
             "--seeds", "1", "--parallel", "1", "--output", folder + "/run"],
            check=True, capture_output=True)
        runs = []
        for file in sorted(pathlib.Path(folder, "run/traces").rglob("*.jsonl")):
            events = [json.loads(line) for line in file.read_text().splitlines()]
            header, outcome = events[0]["header"], events[-1]["outcome"]
            if header["seed"] >= 1 << 63:
                continue  # more than a request may have
            tokens = sum(outcome["usage"][role]["thinking"] for role in ("small", "large"))
            runs.append((header["problem"]["question"], header["seed"], outcome["seconds"], tokens))
        return runs


def by_server(server, runs):
    """The same runs by a server: the seconds of each as its client sees them, and whether all had as many tokens."""
    connection, seconds, same = http.client.HTTPConnection("127.0.0.1", server.port), [], True
    for question, seed, _, tokens in runs:
        body = {"model": "nano/speculative-thinking", "seed": seed, "messages": [{"role": "user", "content": question}]}
        began = time.monotonic()
        connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        seconds.append(time.monotonic() - began)
        same = same and answer["usage"]["completion_tokens_details"]["reasoning_tokens"] == tokens
    return seconds, same


def soak(server, minutes, say):
    """Mixed load with hang-ups, and the memory that is resident meanwhile."""
    kinds = [{"model": model, "max_tokens": tokens} for model in ("nano/large-only", "nano/speculative-thinking") for tokens in (64, 300)]
    end, memory, answers, round_ = time.monotonic() + 60 * minutes, [], 0, 0
    while time.monotonic() < end:
        found = server.load("--clients", "6", "--seconds", "15", "--hang-ups", "4", "--busy", f"metrics:{server.base}/metrics:tandem_runs",
                            "--extra", json.dumps(kinds[round_ % len(kinds)]))
        answers += found[0]["requests"]
        round_ += 1
        memory.append(server.resident())
    part = max(1, len(memory) // 3)
    middle, last = statistics.median(memory[part:2 * part] or memory), statistics.median(memory[-part:])
    say(f"- Mixed load with hang-ups for {minutes:g} min, {answers} answers: resident memory {memory[0]:.0f} MB after the first "
        f"quarter of a minute, {middle:.0f} MB in the middle third, {last:.0f} MB in the last.")


def spread(values, digits=2):
    values = sorted(values)
    return f"{statistics.median(values):.{digits}f} ({values[0]:.{digits}f}–{values[-1]:.{digits}f})"


def machine():
    name = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        name = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, one compute thread for each server"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=5, help="for each measurement")
    options.add_argument("--problems", type=int, default=20, help="of the comparison with runs in process")
    options.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="of mixed load, for the memory")
    options.add_argument("--out", default="docs/results/server.md")
    o = options.parse_args()
    ours, peer = servers(512)
    lines = ["# The server beside llama-server", "",
             "Made by `./scripts/bench/server`: nano-large behind both, requests of 64 tokens, streamed; medians of paired rounds, with the",
             "lowest and the highest in brackets. Ratios are Tandem's over llama-server's.", "",
             f"Machine: {machine()}. Date: {time.strftime('%Y-%m-%d')}. Rounds: {o.rounds} of {o.seconds:g} s. Load before: "
             f"{os.getloadavg()[0]:.1f}.", ""]

    def say(line):
        print(line, flush=True)
        lines.append(line)

    try:
        for server in (ours, peer):
            server.load("--clients", "4", "--seconds", "1")  # warm-up
        before = ours.resident()
        say("| clients | tokens/s, ratio | Tandem | llama-server | first text, ms: Tandem | llama-server | errors |")
        say("| ---: | --- | --- | --- | --- | --- | ---: |")
        for clients in CLIENTS:
            rounds = [[server.load("--clients", str(clients), "--seconds", str(o.seconds))[0] for server in (ours, peer)]
                      for _ in range(o.rounds)]
            rate = lambda index: [r[index]["tokens/s"] for r in rounds]
            first = lambda index: spread([r[index]["first ms p50"] for r in rounds], 1)
            ratio = [a / b for a, b in zip(rate(0), rate(1))]
            say(f"| {clients} | {spread(ratio)} | {spread(rate(0), 0)} | {spread(rate(1), 0)} | {first(0)} | {first(1)} | "
                f"{sum(r[0]['errors'] + r[1]['errors'] for r in rounds)} |")
        say("")
        for name, server in (("Tandem", ours), ("llama-server", peer)):
            burst = server.load("--clients", "", "--burst", "100")[0]
            say(f"- 100 requests at once, {name}: {burst['answers'].get('200', 0)} answered; the last one began after {burst['last to begin s']} s, "
                f"all took {burst['took s']} s.")
        gone = ours.load("--clients", "", "--hang-ups", "40", "--busy", f"metrics:{ours.base}/metrics:tandem_runs")[0]
        say(f"- {gone['hang-ups']} hang-ups in the middle of a stream: nothing runs any more {gone['idle after s p50'] * 1e3:.0f} ms later "
            f"(median; {gone['worst'] * 1e3:.0f} ms at most).")
        ratios, same = [], True
        for _ in range(o.rounds):
            runs = in_process(o.problems)
            seconds, equal = by_server(ours, runs)
            ratios.append(sum(seconds) / sum(run[2] for run in runs))
            same = same and equal
        say(f"- Speculative Thinking, {o.problems} problems one after the other, seconds by the server as its client sees them over seconds in "
            f"process: {spread(ratios, 3)}; {'all' if same else 'NOT all'} runs have the same number of tokens.")
        if o.soak:
            soak(ours, o.soak, say)
        if before:
            say(f"- Resident memory of `tandem serve`: {before:.0f} MB before, {ours.resident():.0f} MB after.")
        ours.load("--clients", "", "--stop", str(ours.process.pid))
    finally:
        for server in (ours, peer):
            server.close()
    with open(o.out, "w") as file:
        file.write("\n".join(lines) + "\n")


main()
