"""Tokens and logins: what a token costs a request, HS256 beside another crate, a hash beside CPython's, and a flood of logins.

    benches/tokens.py              7 rounds of 5 s, a flood of 30 s
    benches/tokens.py --quick      3 rounds of 2 s, a flood of 5 s
    benches/tokens.py --write      keeps the tables in docs/internals/bench.md
    benches/tokens.py --bin DIR    programs that are built already

Costs are processor time of the server or of the thread, and instructions where valgrind is there: what others do on the
machine changes them little. The flood is measured in time, with nobody else on the machine or it says nothing.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import report  # noqa: E402
import run  # noqa: E402
import server  # noqa: E402

# What a view asks for, and its path.
VIEWS = (
    ("nothing (a function view)", "/plain/"),
    ("nothing (an API view)", "/open/"),
    ("no token; a row of the users by its key", "/row/"),
    ("a token (`JWTStatelessUserAuthentication`)", "/stateless/"),
    ("a token and its user (`JWTAuthentication`), one query", "/user/"),
)
# What is counted in instructions: this crate, and `jsonwebtoken` with a map of claims and with a struct.
PROFILED = ("ours", "theirs", "theirs-typed")
ITERATIONS = 1_000_000
LOGINS = 200


def main():
    args = arguments()
    if not args.bin:
        print("building", file=sys.stderr, flush=True)
        subprocess.run(run.cargo("tokens"), check=True, timeout=1800)
    programs = pathlib.Path(args.bin or run.BIN)
    with site(programs) as running:
        parts = [run.preamble(args), busy(), requests(running, args)]
        parts.append(alone(programs, args))
        parts.append(hashes(programs))
    with site(programs) as running:
        parts.append(flood(programs, running, 5 if args.quick else 30))
    text = "\n\n".join(parts)
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "tokens", text, run.PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Tokens and logins.")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 s instead of 7 of 5 s, a flood of 5 s")
    parser.add_argument("--bin", help="a folder with the programs, built already")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/internals/bench.md")
    args = parser.parse_args()
    args.rounds, args.seconds = (3, 2) if args.quick else (7, 5)
    return args


def busy():
    return f"Load of the machine when this began: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores."


@contextlib.contextmanager
def site(programs, core=None):
    """The server upon a database of its own, with a user."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite://{folder}/tokens.sqlite3"}
        for word in ("migrate", "people"):
            subprocess.run(
                [programs / "tokens-server", word, "--verbosity", "0"], check=True, timeout=120, cwd=folder,
                env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
            )
        words = [programs / "tokens-server", "serve", "{address}", "--access-log", "off"]
        with server.started("quintet", words, "/plain/", core, folder=folder, environment=environment) as running:
            yield running


def login(running):
    body = json.dumps({"username": "ann", "password": "pw"}).encode()
    status, _, text = running.get("/token/", {"Content-Type": "application/json"}, body)
    if status != 200:
        raise RuntimeError(f"the login is answered with {status} {text[:200]!r}")
    return json.loads(text)["access"]


def requests(running, args):
    """Processor time of the server for a request of each view, and how much more it is than without a token."""
    headers = {"Authorization": f"Bearer {login(running)}"}
    asked = {path: run.Request(title, path, b'{"message":"Hello, World!"}', headers) for title, path in VIEWS}
    for request in asked.values():
        run.refuse_other_answers([running], request)
        run.load(running, request, None, 1)
    rounds = {path: [] for path in asked}
    for _ in range(args.rounds):
        for path, request in asked.items():
            rounds[path].append(run.load(running, request, None, args.seconds))
    cost = {path: statistics.median(one.cpu_us for one in runs) for path, runs in rounds.items()}
    lines = ["**what a token costs a request**", "", "| the view asks for | CPU µs/request [min–max] | more than `/open/` | req/s | errors |"]
    lines.append("|---|---|---|---|---|")
    for title, path in VIEWS:
        all_costs = [one.cpu_us for one in rounds[path]]
        rate = statistics.median(one.rate for one in rounds[path])
        errors = sum(one.errors for one in rounds[path])
        more = f"{cost[path] - cost['/open/']:+.2f}"
        lines.append(f"| {title} | {cost[path]:.2f} [{min(all_costs):.2f}–{max(all_costs):.2f}] | {more} | {rate:,.0f} | {errors} |")
    own = cost["/user/"] - cost["/row/"]
    return "\n".join(lines) + f"\n\nChecking a token and finding its user, without what the row costs: {own:+.2f} µs."


def micro(programs, *words):
    said = subprocess.run([programs / "micro", *map(str, words)], check=True, capture_output=True, text=True, timeout=300)
    return {name: float(value) for name, value in (line.split() for line in said.stdout.splitlines())}


def alone(programs, args):
    """HS256: signing and checking a user's token, beside the crate `jsonwebtoken` with aws-lc-rs."""
    number = 200_000 if args.quick else 1_000_000
    times = {**micro(programs, "ours", number), **micro(programs, "theirs", number)}
    names = {"ours": "ours", "theirs": "theirs", "theirs-typed": "theirs_typed"}
    titles = {"ours": "quintet, a map of claims", "theirs": "`jsonwebtoken`, a map of claims", "theirs-typed": "`jsonwebtoken`, a struct"}
    lines = ["**HS256: signing and checking a token of 5 claims**", "", "| | sign, ns | check, ns | both, ns | instructions: sign | check | both |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name in PROFILED:
        sign, check = times[f"{names[name]}_sign_ns"], times[f"{names[name]}_check_ns"]
        counted = [instructions(programs, f"{verb}-{name}") for verb in ("sign", "check")]
        shown = [f"{count:,.0f}" for count in (*counted, sum(counted))] if all(counted) else ["–"] * 3
        lines.append(f"| {titles[name]} | {sign:,.0f} | {check:,.0f} | {sign + check:,.0f} | {' | '.join(shown)} |")
    return "\n".join(lines)


def instructions(programs, what, number=1_000):
    """Instructions of one, as callgrind counts them: what the program does besides is taken away."""
    if shutil.which("valgrind") is None:
        return None

    def counted(*words):
        with tempfile.TemporaryDirectory() as folder:
            command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", programs / "micro", *map(str, words)]
            said = subprocess.run(command, capture_output=True, text=True, timeout=600)
        found = re.search(r"Collected : (\d+)", said.stderr)
        return int(found[1]) if found else None

    twice, once = counted(what, 2 * number), counted(what, number)
    return (twice - once) / number if twice and once else None


def hashes(programs):
    """A hash beside CPython's, of as many iterations, in processor time."""
    ours = micro(programs, "pbkdf2", ITERATIONS)["pbkdf2_ns"] / 1e6
    theirs = min(cpython() for _ in range(5)) * 1e3
    return (
        f"**PBKDF2, SHA-256, {ITERATIONS:,} iterations**: quintet {ours:.1f} ms, CPython's hashlib {theirs:.1f} ms, "
        f"ratio {ours / theirs:.2f} (CPU; the least of five)."
    )


def cpython():
    import hashlib

    before = time.process_time()
    hashlib.pbkdf2_hmac("sha256", b"a password", b"salt of 22 letters....", ITERATIONS)
    return time.process_time() - before


def flood(programs, running, seconds):
    """More logins than there is time for; what somebody else's requests wait meanwhile."""
    words = [programs / "flood", running.address, str(LOGINS), str(seconds)]
    load = os.getloadavg()[0]
    before = running.cpu_seconds()
    said = subprocess.run(words, check=True, capture_output=True, text=True, timeout=seconds + 180)
    used = running.cpu_seconds() - before
    facts = dict(line.split() for line in said.stdout.splitlines())
    answers = ", ".join(f"{count} × {name.removeprefix('logins_')}" for name, count in facts.items() if name.startswith("logins_"))
    lines = [
        f"**{LOGINS} logins/s offered for {seconds} s** (hashes of {ITERATIONS:,} iterations), load before {load:.1f}: {answers}; "
        f"{used:.1f} s of CPU. 50 requests/s to `/user/` meanwhile:",
        "",
        "| | p50 ms | p99 ms | max ms |",
        "|---|---|---|---|",
    ]
    for name in ("quiet", "busy"):
        lines.append(f"| {name} | " + " | ".join(facts[f"{name}_{part}_ms"] for part in ("p50", "p99", "max")) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
