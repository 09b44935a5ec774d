"""The REST layer by the instructions of a request, beside code by hand and beside the floor: bare hyper and the bare drivers.

    benches/instructions.py                       every row of `ITEMS`, on both databases
    benches/instructions.py --only create --database PostgreSQL
    benches/instructions.py --keep FOLDER         callgrind's files, for callgrind_annotate
    benches/instructions.py --write               keeps the tables in docs/internals/performance.md

One request after the other on one connection, after a warm-up; the kernel's own work is not counted. No other program on the
machine changes these numbers, so that this may run beside anything. Needs `scripts/bootstrap valgrind postgres`.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import report  # noqa: E402
import rest  # noqa: E402
import rest_data as data  # noqa: E402
import run  # noqa: E402
import server  # noqa: E402
from queries import say  # noqa: E402

WARM_UP, COUNT = 150, 200
OURS, BY_HAND, FLOOR = "quintet", "by hand", "floor"
PROGRAMS = {
    OURS: ("rest-quintet", ["serve", "{address}"]),
    BY_HAND: ("rest-by-hand", ["{address}", "{url}"]),
    FLOOR: ("rest-floor", ["{address}", "{url}"]),
}


def get(path):
    return "GET", path, None


def post(**body):
    return "POST", "/articles/", body


def article(number):
    return f"/articles/{number * 7919 % data.ROWS + 1}/"


TEXT = "Some text, and some more of it, up to a hundred letters or so in all."

# What is asked, by its number; its title; its status; whether the floor answers it.
ITEMS = {
    "hello": ("hello JSON", 200, True, lambda number: get("/hello/")),
    "retrieve": ("one row", 200, True, lambda number: get(article(number))),
    "latest": ("list of 20", 200, False, lambda number: get("/latest/")),
    "create": ("create", 201, True, lambda number: post(title="A new title", slug=f"new-{number}", body=TEXT, category=number % 20 + 1)),
    "patch": ("partial update", 200, False, lambda number: ("PATCH", article(number), {"title": f"A changed title {number}"})),
    "invalid": ("400, three errors", 400, False, lambda number: post(title="", slug="no slug!", body="Some text.", category=999_999)),
    "unauthorized": ("401", 401, False, lambda number: get("/latest/")),
}


def main():
    args = arguments()
    if shutil.which("callgrind_control") is None:
        sys.exit("error: `valgrind` is not installed\nhint: run `scripts/bootstrap valgrind`")
    if "QUINTET_TEST_POSTGRES" not in os.environ:
        again = [str(ROOT / "scripts/postgres"), sys.executable, *sys.argv]
        os.execv(again[0], again)
    for package, _ in PROGRAMS.values():
        say(f"building {package}")
        subprocess.run(run.cargo(package), check=True, timeout=3600)
    parts = []
    with contextlib.ExitStack() as stack:
        keep = args.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="quintet-bench-"))
        for kind in args.kinds or rest.KINDS:
            parts.append(table(kind, counted(kind, args.only or ITEMS, pathlib.Path(keep))))
    text = "\n\n".join([f"Commit {report.commit(ROOT)}, {report.machine()}.", *parts])
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/performance.md", "instructions", text, "# Performance, inside\n")


def arguments():
    parser = argparse.ArgumentParser(description="The REST layer by the instructions of a request.")
    parser.add_argument("--only", action="append", choices=ITEMS, metavar="ITEM", help="this work item: " + ", ".join(ITEMS))
    parser.add_argument("--database", action="append", dest="kinds", choices=rest.KINDS, help="this database only")
    parser.add_argument("--keep", metavar="FOLDER", help="where callgrind's files stay")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/internals/performance.md")
    args = parser.parse_args()
    if args.write and (args.only or args.kinds):
        parser.error("only whole tables are kept")
    return args


def counted(kind, names, folder):
    """Instructions of a request by item and program."""
    found = {}
    with contextlib.ExitStack() as stack:
        databases = rest.Databases(stack, kind)
        for name in names:
            for who in PROGRAMS:
                if who == FLOOR and not ITEMS[name][2]:
                    continue
                say(f"{kind}: {ITEMS[name][0]}, {who}")
                file = folder / f"callgrind.{kind}.{name}.{PROGRAMS[who][0]}"
                found[name, who] = instructions(who, databases.copy(), name, file)
    return found


def instructions(who, url, name, file):
    """Those of a request, by callgrind's own count of so many of them."""
    package, words = PROGRAMS[who]
    words = [word.replace("{url}", url) for word in words]
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", str(run.BIN / package), *words]
    environment = {"DATABASE_URL": url, **rest.QUIET}
    with server.started(package, command, "/hello/", environment=environment, limit=120) as running:
        host, port = running.address.split(":")
        with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=60)) as connection:
            ask(connection, name, range(WARM_UP))
            control(running, "--zero")
            ask(connection, name, range(WARM_UP, WARM_UP + COUNT))
            control(running, "--dump")
    return total(pathlib.Path(f"{file}.1").read_text(encoding="utf-8", errors="replace")) // COUNT


def control(running, word):
    subprocess.run(["callgrind_control", word, str(running.process.pid)], check=True, capture_output=True, timeout=120)


def ask(connection, name, numbers):
    _, wanted, _, make = ITEMS[name]
    tokens = [data.token("access", number + 1) for number in range(data.USERS)]
    for number in numbers:
        method, path, body = make(number)
        token = tokens[number % len(tokens)]
        if wanted == 401:
            token = token[:-4] + "AAAA"
        headers = {"Accept": "application/json", "Host": "bench", "Authorization": f"Bearer {token}"}
        if name == "hello":
            del headers["Authorization"]
        if body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body, separators=(",", ":"))
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        text = response.read()
        if response.status != wanted:
            raise RuntimeError(f"{method} {path} is answered with {response.status}, not {wanted}: {text[:200]!r}")


def total(text):
    """What a file of callgrind counts in all."""
    found = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
    if not found:
        raise RuntimeError("callgrind counted nothing")
    return int(found[1])


def table(kind, found):
    lines = [f"| instructions a request, {kind} | quintet | by hand | of by hand | floor |", "|---|---|---|---|---|"]
    for name in dict.fromkeys(name for name, _ in found):
        ours, hand, floor = (found.get((name, who)) for who in PROGRAMS)
        lines.append(f"| {ITEMS[name][0]} | {ours:,} | {hand:,} | {ours / hand:.2f} | {f'{floor:,}' if floor else '–'} |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
