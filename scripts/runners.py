"""Runs every test runner of the checkout, one after the other, and sums what they counted.

A runner is a row of `runners()`. Its whole output goes to target/test-logs/NAME.log, the interesting part to the
terminal. The last line is the sum. Knows processes and the rows; how an output is read is counts.py's business, where
a soak is kept report.py's.

    scripts/test                 every row
    scripts/test rust doc        some rows
    scripts/soak                 the same at full size, kept in docs/internals/soak.md
"""

import argparse
import datetime
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Callable

import counts
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "target" / "test-logs"
VENV = str(ROOT / "oracle" / "venv" / "bin" / "python")
# What the tests in the reference's recordings are replayed with: the suites of the HTTP layer.
SUITES = ("hosts", "hosts_seed", "secure", "jsononly")


@dataclass(frozen=True)
class Runner:
    """One command. `missing` is the reason why it cannot run here: then it is one skipped test, and said."""

    name: str
    command: list[str]
    parse: Callable[[str], counts.Counts]
    minutes: float
    folder: pathlib.Path = ROOT
    missing: str = ""


def runners(soak):
    nextest = shutil.which("cargo-nextest") is not None
    return [
        Runner("bootstrap", ["scripts/bootstrap"], counts.no_test, 10),
        Runner("scripts", unittest("scripts/tests", "scripts"), counts.python_unittest, 5),
        Runner("format", ["cargo", "fmt", "--all", "--check"], counts.one_test, 2),
        Runner("lints", ["cargo", "clippy", "--workspace", "--all-targets", *FEATURES, "--", "-D", "warnings"], counts.one_test, 10),
        *existing("oracle", "oracle/tests"),
        *existing("bench-scripts", "benches/tests"),
        # What the soak does a thousand times, it does with a program that is built for speed.
        *([Runner("swift", SWIFT, counts.no_test, 30)] if soak else []),
        # A static program is built by the soak alone: it is the whole framework once more.
        *([Runner("musl", ["scripts/bootstrap", "musl"], counts.no_test, 10)] if soak else []),
        Runner(
            "rust",
            ["scripts/postgres", *(nextest_command(soak) if nextest else cargo_test_command(soak))],
            counts.nextest if nextest else counts.libtest,
            40,
        ),
        Runner("e2e", ["scripts/e2e"], counts.node_tap, 30),
        # What chance makes of a described API: a thousand times for each operation, or the same few each time.
        Runner(
            "schemathesis",
            [
                "env",
                *(["CASES=1000"] if soak else ["CASES=5", "PHASES=fuzzing,stateful", "QUINTET_TEST_SEED=1"]),
                "scripts/postgres",
                "scripts/schemathesis",
            ],
            counts.one_test,
            600 if soak else 10,
        ),
        Runner("doc", ["cargo", "test", "--workspace", "--doc", "--no-fail-fast", *FEATURES], counts.libtest, 10),
        Runner("docs", ["scripts/docs"], counts.one_test, 5),
        Runner(
            "recordings",
            [VENV, "-m", "recorder.replay", *(word for suite in SUITES for word in ("--suite", suite))],
            counts.one_test,
            5,
            ROOT / "oracle",
        ),
        *(
            [
                Runner(
                    "micro",
                    [sys.executable, "benches/micro.py", "--check"],
                    counts.one_test,
                    20,
                    missing="" if shutil.which("valgrind") else "`valgrind` is not installed, and no instruction is counted",
                ),
                # Shares files with a package of the workspace, and has a lockfile of its own.
                Runner("bench-guests", ["cargo", "check", "--locked", *GUEST], counts.one_test, 10),
            ]
            if soak
            else []
        ),
        Runner("benches", ["cargo", "check", "--manifest-path", "benches/Cargo.toml", "--workspace"], counts.one_test, 10),
        Runner(
            "deny",
            ["cargo", "deny", "--workspace", "check"],
            counts.one_test,
            5,
            missing="" if shutil.which("cargo-deny") else "`cargo-deny` is not installed",
        ),
    ]


# Everything is tested with every feature on.
FEATURES = ["--features", "quintet-tests/tls,quintet-tests/redis"]


SWIFT = ["cargo", "build", "--release", "-p", "quintet-tests", "--bin", "tokening", *FEATURES]


GUEST = ["--manifest-path", "benches/rest-sqlx/Cargo.toml", "--target-dir", "benches/target/rest-sqlx"]


def nextest_command(soak):
    wide = ["--run-ignored", "all"] if soak else []
    output = ["--success-output", "immediate", "--failure-output", "immediate"]
    return ["cargo", "nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass", *FEATURES, *output, *wide]


def cargo_test_command(soak):
    targets = ["--lib", "--bins", "--tests", "--examples"]
    wide = ["--include-ignored"] if soak else []
    return ["cargo", "test", "--workspace", "--no-fail-fast", *targets, *FEATURES, "--", "--show-output", *wide]


def existing(name, folder):
    """Python's own tests of a folder, where there are any."""
    if not list((ROOT / folder).glob("test*.py")):
        return []
    return [Runner(name, unittest(folder, str(pathlib.Path(folder).parent)), counts.python_unittest, 5)]


def unittest(folder, top):
    python = VENV if folder.startswith("oracle/") else sys.executable
    return [python, "-m", "unittest", "discover", "-s", folder, "-t", top]


def main():
    args = arguments()
    environment = scaled_environment()
    rows = [row for row in runners(args.soak) if not args.names or row.name in args.names]
    started = time.monotonic()
    results = [(row, *run(row, environment, args.soak)) for row in rows]
    print("\n" + "\n".join(summary(results)))
    total = sum((result for _, result, _, _ in results), counts.Counts())
    if args.soak:
        keep(environment, total, results, time.monotonic() - started)
    print(total.line(), flush=True)
    return 1 if total.failed else 0


def arguments():
    names = [row.name for row in runners(False)]
    parser = argparse.ArgumentParser(description="Run the test runners and sum their counts.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(names))
    parser.add_argument("--soak", action="store_true", help="full size; the result is kept in docs/internals/soak.md")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in names]
    if unknown:
        parser.error(f"`{unknown[0]}` is not a runner; there are {', '.join(names)}")
    return args


def scaled_environment():
    """A fixed seed and the small size, unless the caller says otherwise."""
    defaults = {"QUINTET_TEST_SEED": "1", "QUINTET_TEST_SCALE": "1", "CARGO_TERM_COLOR": "never", "CARGO_NET_RETRY": "5"}
    return {**defaults, **os.environ}


def run(row, environment, soak):
    """The counts of one row, its output, and its seconds."""
    print(f"\n== {row.name}: {' '.join(row.command)}", flush=True)
    if row.missing:
        print(f"skipped: {row.missing}", flush=True)
        return counts.Counts(skipped=1), f"skipped: {row.missing}", 0.0
    started = time.monotonic()
    text, status = stream(row, environment, None if soak else row.minutes * 60)
    result = counts.verdict(row.parse, text, status)
    if result.broken:
        print(f"error: the runner `{row.name}` broke: {result.broken}", flush=True)
    return result, text, time.monotonic() - started


def stream(row, environment, limit):
    """Runs the command in a process group of its own, so that nothing it started outlives it."""
    try:
        process = subprocess.Popen(
            row.command, cwd=row.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )
    except OSError as error:
        print(f"error: `{row.command[0]}` could not be started: {error}", flush=True)
        return "", 127
    lines = []
    reader = threading.Thread(target=show, args=(row.name, process.stdout, lines), daemon=True)
    reader.start()
    try:
        status = process.wait(limit)
    except subprocess.TimeoutExpired:
        print(f"error: `{row.name}` took longer than {limit:.0f} s and was stopped", flush=True)
        stop(process)
        status = 124
    except BaseException:
        stop(process)
        raise
    reader.join(10)
    if reader.is_alive():
        # Something in the group still holds the pipe: it is ours to end.
        signal_group(process, signal.SIGKILL)
        reader.join(10)
    return "".join(lines), status


def show(name, pipe, lines):
    LOGS.mkdir(parents=True, exist_ok=True)
    shows = counts.hide_success()
    with pipe, open(LOGS / f"{name}.log", "w", encoding="utf-8") as log:
        for line in pipe:
            lines.append(line)
            log.write(line)
            if shows(line.rstrip("\n")):
                print(line, end="", flush=True)


def stop(process):
    """Politely first: the throwaway database server is stopped by its script."""
    signal_group(process, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def summary(results):
    """One line a runner, and every reason for a skip."""
    for row, result, text, seconds in results:
        broken = f"  ({result.broken})" if result.broken else ""
        numbers = f"{result.passed:>5} passed {result.failed:>4} failed {result.skipped:>4} skipped"
        yield f"{row.name:<14}{numbers}  {seconds:>6.1f} s{broken}"
        for test, reason in counts.skipped_by_themselves(text).items():
            yield f"    skipped: {test}: {reason}"
        if row.missing:
            yield f"    skipped: {row.missing}"


def keep(environment, total, results, seconds):
    lines = [line for _, _, text, _ in results for line in counts.soak_lines(text)]
    body = [
        f"- date: {datetime.date.today().isoformat()}",
        f"- commit: {report.commit(ROOT)}",
        f"- seed: {environment['QUINTET_TEST_SEED']}, scale: {environment['QUINTET_TEST_SCALE']}",
        f"- machine: {report.machine()}",
        f"- {total.line()}",
        f"- time: {seconds / 60:.1f} min",
        "",
        "```text",
        *(lines or ["no test said what it scaled"]),
        "```",
    ]
    report.replace(ROOT / "docs/internals/soak.md", "soak", "\n".join(body), SOAK_PAGE)


SOAK_PAGE = """# The last soak

`make soak` runs the tests of `make test` at full size, the ignored ones included: `make soak SEED=7 SCALE=50`. It replaces
what follows. A line per scaled test says what it counted and how long that took.
"""


if __name__ == "__main__":
    # Ending politely ends the runner's processes too, see `stream`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
