"""The load benchmark: contestants side by side in one run, as a Markdown table.

    benches/run.py                 7 rounds of 5 s
    benches/run.py --quick         3 rounds of 2 s
    benches/run.py --write         keeps the table in docs/internals/bench.md

All servers run at once, pinned to one core; `wrk` has another. The rounds go around the contestants, so that a noisy minute
hits all of them. A new contestant is one row of `CONTESTANTS`, a new request one row of `REQUESTS`.
"""

import argparse
import contextlib
import datetime
import pathlib
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import report  # noqa: E402
import server  # noqa: E402

BIN = HERE / "target" / "release"


@dataclass(frozen=True)
class Request:
    """What is asked. Everybody must answer with `body`, or else as the first contestant does: with the same bytes."""

    title: str
    path: str
    body: bytes | None = None
    headers: dict = field(default_factory=dict)
    script: str = ""  # a file of wrk's Lua beside this one, for anything but GET of one path
    sends: bytes | None = None  # what is sent by POST before the rounds, to compare the answers


@dataclass(frozen=True)
class Contestant:
    """Who answers. `{address}` in the command is where it must listen."""

    name: str
    build: list
    command: list
    ready: str
    requests: tuple
    baseline: bool = False
    environment: dict = field(default_factory=dict)


def cargo(package):
    folders = ["--manifest-path", str(HERE / "Cargo.toml"), "--target-dir", str(HERE / "target")]
    return ["cargo", "build", "--quiet", "--release", *folders, "-p", package]


REQUESTS = {
    "hello": Request("hello JSON, GET /json", "/json", b'{"message":"Hello, World!"}'),
}

CONTESTANTS = [
    Contestant("plain axum", cargo("plain-axum"), [BIN / "plain-axum", "{address}"], "/json", ("hello",), baseline=True),
    Contestant("quintet", cargo("quintet-hello"), [BIN / "quintet-hello", "serve", "{address}"], "/json", ("hello",)),
]

CONNECTIONS = 64


@dataclass(frozen=True)
class Round:
    """One run of wrk against one contestant."""

    rate: float
    p99_ms: float
    cpu_us: float
    errors: int


def main():
    args = arguments()
    contestants = chosen(args.only)
    for contestant in contestants:
        print(f"building {contestant.name}", file=sys.stderr, flush=True)
        subprocess.run(contestant.build, check=True, timeout=1800)
    tables = [table(request, *measure(name, request, contestants, args)) for name, request in REQUESTS.items()]
    text = "\n\n".join([preamble(args), *tables])
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "bench", text, PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Load benchmark, side by side.")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 s instead of 7 of 5 s")
    parser.add_argument("--rounds", type=int, help="number of rounds, at most 50")
    parser.add_argument("--seconds", type=int, help="length of a round, at most 60")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this contestant, and the baseline")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/internals/bench.md")
    args = parser.parse_args()
    args.rounds = min(args.rounds or (3 if args.quick else 7), 50)
    args.seconds = min(args.seconds or (2 if args.quick else 5), 60)
    return args


def chosen(names):
    unknown = set(names) - {contestant.name for contestant in CONTESTANTS}
    if unknown:
        sys.exit(f"error: `{unknown.pop()}` is not a contestant\nhint: " + ", ".join(row.name for row in CONTESTANTS))
    return [row for row in CONTESTANTS if not names or row.name in names or row.baseline]


def measure(name, request, contestants, args):
    """Rounds and resident bytes (idle, after) by contestant."""
    server_core, load_core, _ = server.cores()
    rounds, memory = {}, {}
    with contextlib.ExitStack() as stack:
        servers = {}
        for row in (row for row in contestants if name in row.requests):
            start = server.started(row.name, row.command, row.ready, server_core, environment=row.environment)
            servers[row.name] = stack.enter_context(start)
        refuse_other_answers(servers.values(), request)
        time.sleep(1)
        idle = {key: running.rss() for key, running in servers.items()}
        for running in servers.values():
            load(running, request, load_core, min(2, max(1, args.seconds // 2)))
        for number in range(args.rounds):
            for key, running in servers.items():
                print(f"{request.title}: round {number + 1} of {args.rounds}, {key}", file=sys.stderr, flush=True)
                rounds.setdefault(key, []).append(load(running, request, load_core, args.seconds))
        memory = {key: (idle[key], running.rss()) for key, running in servers.items()}
    return rounds, memory, [row.name for row in contestants if row.baseline]


def refuse_other_answers(all_running, request):
    wanted = request.body
    for running in all_running:
        status, _, body = running.get(request.path, request.headers, request.sends)
        wanted = body if wanted is None else wanted
        if status != 200 or body != wanted:
            raise RuntimeError(f"`{running.name}` answers {request.path} with {status} {body[:200]!r}, not {wanted[:200]!r}")


def load(running, request, core, seconds):
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    words += [word for header in request.headers.items() for word in ("-H", "%s: %s" % header)]
    words += ["-s", str(HERE / request.script)] if request.script else []
    words.append(f"http://{running.address}{request.path}")
    before = running.cpu_seconds()
    result = subprocess.run(server.pinned(words, core), capture_output=True, text=True, timeout=seconds + 60)
    used = running.cpu_seconds() - before
    if result.returncode != 0:
        raise RuntimeError(f"wrk failed against `{running.name}`: {result.stderr or result.stdout}")
    return round_of(result.stdout, used)


def round_of(text, cpu_seconds):
    """Reads what wrk printed."""
    requests = int(re.search(r"(\d+) requests in ", text)[1])
    p99 = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    socket_errors = re.search(r"Socket errors: (.*)", text)
    errors = (int(bad[1]) if bad else 0) + sum(map(int, re.findall(r"\d+", socket_errors[1] if socket_errors else "")))
    return Round(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        p99_ms=float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[p99[2]],
        cpu_us=cpu_seconds / requests * 1e6 if requests else float("nan"),
        errors=errors,
    )


def table(request, rounds, memory, baselines):
    """One row a contestant; ratios against the baseline, above 1 is better for req/s and worse for CPU."""
    base = rounds.get(baselines[0]) if baselines else None
    versus = f"of {baselines[0]}" if base else "ratio"
    lines = [
        f"**{request.title}**",
        "",
        f"| contestant | req/s median [min–max] | {versus} | CPU µs/request | {versus} | p99 ms "
        "| RSS idle → after MB | errors |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, runs in rounds.items():
        rates = [run.rate for run in runs]
        rate, cpu = median(runs, "rate"), median(runs, "cpu_us")
        rate_ratio = f"{rate / median(base, 'rate'):.2f}" if base else "–"
        cpu_ratio = f"{cpu / median(base, 'cpu_us'):.2f}" if base else "–"
        idle, after = (size / 1e6 for size in memory[name])
        lines.append(
            f"| {name} | {rate:,.0f} [{min(rates):,.0f}–{max(rates):,.0f}] | {rate_ratio} | {cpu:.2f} | {cpu_ratio} "
            f"| {median(runs, 'p99_ms'):.2f} | {idle:.1f} → {after:.1f} | {sum(run.errors for run in runs)} |"
        )
    return "\n".join(lines)


def median(runs, name):
    return statistics.median(getattr(run, name) for run in runs)


def preamble(args):
    remark = server.cores()[2]
    return (
        f"{datetime.date.today().isoformat()}, commit {report.commit(ROOT)}, {report.machine()}. {args.rounds} rounds of "
        f"{args.seconds} s, interleaved, `wrk -t1 -c{CONNECTIONS}`; release builds; medians."
        + (f" {remark[0].upper()}{remark[1:]}." if remark else " Servers on one core, load on another.")
    )


PAGE = """# Benchmarks

`make bench ARGS=--write` and `make bench-build ARGS=--write` replace what stands between the markers. Machines differ and are
noisy: trust the ratios and the CPU columns. `make bench` needs a while; each part can be run alone:
`benches/{run,slow,queries,migrations,derive}.py`.
"""


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
