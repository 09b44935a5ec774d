"""Slow clients: thousands of connections that send a header one byte at a time, while a probe asks for a normal page.

    benches/slow.py [--quick] [--write] [--connections 10000] [--seconds 20]

Runs the load (benches/slowload, a process of its own) against each contestant in turn and prints a Markdown table.
Raises the limit of open files as far as the system allows; what is left of the wanted number is printed.
"""

import argparse
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scripts"))

import report  # noqa: E402
import run  # noqa: E402
import server  # noqa: E402


def main():
    args = arguments()
    raise_limit()
    contestants = [row for row in run.CONTESTANTS if "hello" in row.requests]
    for command in [run.cargo("slowload"), *(row.build for row in contestants)]:
        subprocess.run(command, check=True, timeout=1800)
    text = table({row.name: measure(row, args) for row in contestants}, args)
    print(text)
    if args.write:
        report.replace(HERE.parent / "docs/internals/bench.md", "slow", text, run.PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Slow clients against each contestant.")
    parser.add_argument("--quick", action="store_true", help="2,000 connections for 5 s")
    parser.add_argument("--connections", type=int)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--write", action="store_true", help="keep the table in docs/internals/bench.md")
    args = parser.parse_args()
    args.connections = args.connections or (2_000 if args.quick else 10_000)
    args.seconds = min(args.seconds or (5 if args.quick else 20), 300)
    return args


def raise_limit():
    """Server and load inherit it; each needs a descriptor per connection."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def measure(row, args):
    """The facts that the load prints, and the server's weight."""
    server_core, load_core, _ = server.cores()
    request = run.REQUESTS["hello"]
    with server.started(row.name, row.command, row.ready, server_core, environment=row.environment) as running:
        idle = running.rss()
        words = [run.BIN / "slowload", running.address, request.path]
        words += ["--connections", args.connections, "--seconds", args.seconds]
        words = server.pinned([str(word) for word in words], load_core)
        result = subprocess.run(words, capture_output=True, text=True, timeout=args.seconds + 120)
        if result.returncode != 0:
            raise RuntimeError(f"slowload failed against `{row.name}`: {result.stderr}")
        facts = dict(line.split() for line in result.stdout.splitlines())
        return {**facts, "idle_mb": f"{idle / 1e6:.1f}", "after_mb": f"{running.rss() / 1e6:.1f}"}


COLUMNS = [
    ("tried", "connections_tried"), ("open at start", "open_at_start"), ("open at end", "open_at_end"),
    ("closed by server", "closed_by_server"), ("p50 ms before", "p50_ms_before"), ("p50 ms", "p50_ms_during"),
    ("p99 ms before", "p99_ms_before"), ("p99 ms", "p99_ms_during"), ("max ms", "max_ms_during"),
    ("failed probes", "probes_failed_during"), ("RSS idle MB", "idle_mb"), ("RSS after MB", "after_mb"),
]


def table(results, args):
    tried = next(iter(results.values()))["connections_tried"]
    lower = int(tried) < args.connections
    scaled = f" (scaled down from {args.connections:,}: the limit of open files is lower)" if lower else ""
    lines = [
        f"**slow clients**: {int(tried):,} connections{scaled}, each sending its header one byte a second for "
        f"{args.seconds} s; a probe asks for hello JSON, one new connection after the other",
        "",
        "| contestant | " + " | ".join(title for title, _ in COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    for name, facts in results.items():
        lines.append(f"| {name} | " + " | ".join(facts[key] for _, key in COLUMNS) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
