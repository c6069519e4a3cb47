"""Models on servers against engines in this process; called by scripts/bench/remote.

The machine is shared and noisy: what counts is a ratio of two measurements that were made one right after the other. The medians of the
rounds are given, with the least and the most in brackets.
"""
import argparse, asyncio, collections, contextlib, http.client, json, os, platform, signal, socket, statistics, subprocess, sys, tempfile
import threading, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NANO = os.path.join(ROOT, "Sources/TandemModels/Nano")
PROBLEMS = os.path.join(ROOT, "Sources/TandemTasks/Problems/countdown-heldout.jsonl")
BENCHMARK = os.environ["REMOTE_BENCHMARK"]
RUNS = (1, 16, 64)
DELAY = 0.01  # seconds that a network needs, in each direction


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Server:
    """A process that serves one model until `close`."""

    def __init__(self, name, command, environment=None, patience=300):
        self.name, self.port = name, free_port()
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + patience
        while time.monotonic() < end and self.process.poll() is None:
            try:
                opener.open(f"http://127.0.0.1:{self.port}/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"{name} did not start")

    @property
    def model(self):
        return self.at(self.port)

    def at(self, port):
        """The model as remote-benchmark names it, through `port`."""
        return f"http://127.0.0.1:{port}/v1#{self.name},{NANO}/{self.name}.gguf"

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def llama_server(name, parallel=4, context=512):
    return Server(name, [
        os.environ["TANDEM_REMOTE_PYTHON"], f"{ROOT}/scripts/remote/llama_server.py", f"{NANO}/{name}.gguf",
        "--parallel", str(parallel), "--context", str(context)])


def vllm_server(name, folder):
    return Server(name, [
        os.environ["VLLM_PYTHON"], "-m", "vllm.entrypoints.openai.api_server", "--model", f"{folder}/{name}",
        "--served-model-name", name, "--host", "127.0.0.1", "--dtype", "float32", "--enforce-eager", "--max-num-seqs", "64",
        "--enable-prompt-tokens-details", "--max-logprobs", "512", "--block-size", "32",
        "--logits-processors", "stop_temperature:StopTemperature"], {
            "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "1",
            "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": f"{ROOT}/packaging/vllm"})


class Network:
    """A port through which a server is DELAY seconds away, in each direction."""

    def __init__(self, target):
        self.target, self.port, ready = target, free_port(), threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.run(ready)), daemon=True).start()
        ready.wait()

    async def run(self, ready):
        await asyncio.start_server(self.accept, "127.0.0.1", self.port)
        ready.set()
        await asyncio.Event().wait()

    async def accept(self, reader, writer):
        await asyncio.sleep(2 * DELAY)  # the handshake of TCP
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.target)
        pipes = [asyncio.create_task(self.pipe(reader, to_writer)), asyncio.create_task(self.pipe(to_reader, writer))]
        await asyncio.wait(pipes)

    async def pipe(self, reader, writer):
        # Bytes are late, and no fewer for that: what arrives waits in a queue until it is due.
        queue, loop = collections.deque(), asyncio.get_running_loop()
        more = asyncio.Event()

        async def deliver():
            while True:
                while not queue:
                    more.clear()
                    await more.wait()
                due, data = queue.popleft()
                await asyncio.sleep(max(0, due - loop.time()))
                if not data:
                    break
                with contextlib.suppress(OSError):
                    writer.write(data)
                    await writer.drain()
            with contextlib.suppress(OSError):
                writer.close()

        task = asyncio.create_task(deliver())
        while True:
            try:
                data = await reader.read(1 << 16)
            except OSError:
                data = b""
            queue.append((loop.time() + DELAY, data))
            more.set()
            if not data:
                break
        await task


def benchmark(*words):
    """What remote-benchmark prints, one value a line."""
    done = subprocess.run([BENCHMARK, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"remote-benchmark {' '.join(map(str, words))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def mean(rows, key):
    return statistics.mean(row[key] for row in rows)


def spread(values, form):
    values = sorted(values)
    return f"{form.format(statistics.median(values))} ({form.format(values[0])}–{form.format(values[-1])})"


def plain_load(server, runs, tokens, body):
    """Tokens a second if RUNS threads ask for a stream of TOKENS each and drop what they get: no ids, no log-probabilities."""
    path, more = body

    def ask(run):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        connection.request(
            "POST", path, json.dumps({"prompt": f"Use {run + 2}, 7, 5, 2 to make 24.", "seed": run, "stream": True, **more}),
            {"Content-Type": "application/json"})
        counts.append(connection.getresponse().read().count(b"data: {"))
        connection.close()

    counts = []
    threads = [threading.Thread(target=ask, args=(run,)) for run in range(runs)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return runs * tokens / (time.monotonic() - began) if min(counts) > tokens / 2 else sys.exit("a plain call failed")


def measure_problems(out, small, large, options, kind):
    """One problem at a time: in this process, over servers, and as the released client calls."""
    near = (small.model, large.model)
    far = (small.at(Network(small.port).port), large.at(Network(large.port).port))
    away = f"{kind}, {2000 * DELAY:.0f} ms away"

    def solve(pair, *words):
        return lambda strategy: benchmark("solve", strategy, *pair, options.file, *words)

    def published(pair):
        return lambda strategy: benchmark("published", *pair, options.file)

    local = "in this process"
    ways = {local: solve((f"{NANO}/nano-small.gguf", f"{NANO}/nano-large.gguf")), kind: solve(near),
            f"{kind}, look-ahead": solve(near, "look-ahead"), f"{kind}, warm-up": solve(near, "warm-up"),
            away: solve(far), f"{away}, look-ahead": solve(far, "look-ahead"), f"{away}, warm-up": solve(far, "warm-up")}
    released = {f"{kind}, the released client's calls": published(near), f"{away}, the released client's calls": published(far)}
    rows = {}
    for strategy, title in TITLES.items():
        out.append(f"\n### {title}\n")
        out.append("| | seconds a problem | on the wire | calls | hand-overs | tokens kept | of prompts cached | dropped |")
        out.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
        found = {**ways, **(released if strategy == "speculative-thinking" else {})}
        rounds = {way: [] for way in found}
        for _ in range(options.rounds):
            for way, measure in found.items():  # one after the other, so that rounds are paired
                rounds[way].append(measure(strategy))
        for way, results in rounds.items():
            seconds, last = [mean(result, "seconds") for result in results], results[-1]
            rows[strategy, way] = seconds
            wire = cached = dropped = "—"
            if last[0].get("wire"):
                wire, dropped = f"{mean(last, 'wire'):.3f}", f"{mean(last, 'discarded'):.0f}"
                cached = f"{100 * mean(last, 'cached') / mean(last, 'prompt'):.0f} %"
            out.append(f"| {way} | {spread(seconds, '{:.3f}')} | {wire} | {mean(last, 'calls'):.1f} | {mean(last, 'handOvers'):.1f} | "
                       f"{mean(last, 'kept'):.0f} | {cached} | {dropped} |")
        if strategy == "speculative-thinking":
            handed = mean(rounds[kind][-1], "handOvers")
            overhead = [1000 * (x - y) / handed for x, y in zip(rows[strategy, kind], rows[strategy, local])]
    out.append("\n### In short\n\n| | |\n| --- | --- |")

    def ratio(text, one, other):
        out.append(f"| {text} | {spread([x / y for x, y in zip(rows[one], rows[other])], '{:.2f}')} |")

    for strategy, title in TITLES.items():
        ratio(f"{title}: {kind} over in this process", (strategy, kind), (strategy, local))
    out.append(f"| Milliseconds a hand-over more than in this process | {spread(overhead, '{:.1f}')} |")
    for place, calls in ((kind, f"{kind}, the released client's calls"), (away, f"{away}, the released client's calls")):
        first = ("speculative-thinking", calls)
        ratio(f"{place}, over the released client's calls", ("speculative-thinking", place), first)
        ratio(f"{place}, statements kept and look-ahead, over the released client's calls",
              ("speculative-thinking-keep", f"{place}, look-ahead"), first)


TITLES = {
    "speculative-thinking": "Speculative Thinking, as released",
    "speculative-thinking-keep": "Speculative Thinking, statements kept",
    "speculative-cot": "SCoT, three drafts",
}


def measure_load(out, server, body, options, tokens=128):
    out.append("\n### Many runs at once\n")
    out.append(f"Each writes {tokens} tokens. Beside it the server's own benchmark: the same number of plain streams whose bytes are dropped, "
               "without ids and log-probabilities.\n")
    out.append("| runs | tokens a second | plain streams | ratio |\n| --- | --- | --- | --- |")
    for runs in RUNS:
        ours, theirs = [], []
        for _ in range(options.rounds + 2):
            row = benchmark("load", server.model, runs, tokens)[0]
            ours.append(row["tokens"] / row["seconds"])
            theirs.append(plain_load(server, runs, tokens, body(tokens)))
        out.append(f"| {runs} | {spread(ours, '{:,.0f}')} | {spread(theirs, '{:,.0f}')} | "
                   f"{spread([a / b for a, b in zip(ours, theirs)], '{:.2f}')} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vllm", action="store_true")
    parser.add_argument("--untested", action="store_true", help="run no tests against vLLM")
    parser.add_argument("--output", default=f"{ROOT}/docs/results/remote.md")
    options = parser.parse_args()
    out = [f"""# Models on servers

Made by `scripts/bench/remote`: the nano pair, greedy, {options.problems} Countdown problems, {options.rounds} rounds; medians of the rounds, with
the least and the most in brackets. Rounds are paired: all ways of one round ran one after the other. "Away" is a relay on the same
machine that delays all bytes by {1000 * DELAY:.0f} ms in each direction, and a connection by as much again.

Machine: {platform.machine()}, {os.cpu_count()} cores, {platform.system()}; one compute thread for every engine and server, and the client on the same
cores. Date: {time.strftime("%Y-%m-%d")}. llama-server b11549 (xllamacpp). Load of the machine at the start: {os.getloadavg()[0]:.1f}.

The released client's way is a faithful repetition of the calls of `speculative_vllm.py`: each call is a whole answer that is waited for, text goes
in and is made into tokens again by the server, nothing says which run a call belongs to, and probes without a cue are drawn again. The
rules, constants and budgets are the same, and the server keeps its cache. It asks for no token ids and no log-probabilities."""]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        lines = [json.loads(line)["problem"] for line in open(PROBLEMS)][: options.problems]
        file.write("\n".join(lines))
        file.flush()
        options.file = file.name
        out.append("\n## llama-server")
        small, large = llama_server("nano-small"), llama_server("nano-large")
        try:
            measure_problems(out, small, large, options, "llama-server")
        finally:
            small.close(), large.close()
        server = llama_server("nano-large", parallel=64)
        try:
            measure_load(out, server, lambda n: (
                "/completion", {"n_predict": n, "ignore_eos": True, "cache_prompt": True}), options)
        finally:
            server.close()
        if options.vllm:
            measure_vllm(out, options)
    with open(options.output, "w") as file:
        file.write("\n".join(out) + "\n")


def measure_vllm(out, options):
    with tempfile.TemporaryDirectory() as folder:
        if "VLLM_MODELS" in os.environ:
            folder = os.environ["VLLM_MODELS"]
        else:
            for name in ("nano-small", "nano-large"):
                subprocess.run(
                    [os.environ["TANDEM"], "models", "export", name, "--to", "hf", "--output", f"{folder}/{name}"], check=True)
        out.append("\n## vLLM 0.32 on the CPU")
        small, large = vllm_server("nano-small", folder), vllm_server("nano-large", folder)
        try:
            measure_problems(out, small, large, options, "vLLM")
            measure_load(out, large, lambda n: (
                "/v1/completions", {"model": "nano-large", "max_tokens": n, "ignore_eos": True}), options)
            if not options.untested:
                subprocess.run(
                    ["swift", "test", "--filter", "VLLMTests"], check=True,
                    env={**os.environ, "TANDEM_VLLM": large.model.split(",")[0]})
        finally:
            small.close(), large.close()


main()
