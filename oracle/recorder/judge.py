"""Put every recording to the conformance application, on both databases, and count.

    python -m recorder.judge PROGRAM                      every suite, SQLite and PostgreSQL (needs PGHOST, PGPORT, PGUSER)
    python -m recorder.judge PROGRAM --suite notes --db sqlite -v
    python -m recorder.judge PROGRAM --write ../COMPATIBILITY.md

Each suite gets a process and a database of its own, filled as the reference's. An exchange that differs is a deviation only
where `deviations.jsonl` names it with an id and with the answer that is given instead: status, and text that the body has.
`instead` is a body that is put after it, where only the reference made a row.
Exit status: 0 when nothing else differs, and no deviation was named in vain.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from .core import compare, run_step, step_of
from .server import PROFILES, ROOT, Server, free_port

BEGIN, END = "<!-- conformance:begin -->", "<!-- conformance:end -->"

# The profiles whose suites count; those of others are put where they are named by `--suite`.
OURS = (
    "seed", "full", "revoke", "throttle", "secure", "jsononly", "gallery", "gallery_zone", "gallery_house",
    "accounts", "accounts_strict", "accounts_cookies",
)


class Ours:
    """The application on a private copy of a profile's database."""

    def __init__(self, program, profile, vendor):
        self.program, self.profile, self.vendor = program, profile, vendor
        self.host, self.port = "127.0.0.1", free_port()

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oracle-"))
        environment = {**os.environ, "PROFILE": self.profile, "DATABASE_URL": self.database(),
                       "MEDIA": str(self.folder / "media")}
        self.log = open(self.folder / "log", "w+", encoding="utf-8")
        command = [self.program, "serve", "%s:%d" % (self.host, self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log, cwd=self.folder)
        for _ in range(200):
            if self.process.poll() is not None:
                raise RuntimeError("the application did not start:\n" + self.said())
            with contextlib.suppress(OSError):
                socket.create_connection((self.host, self.port), 0.2).close()
                return self
            time.sleep(0.05)
        raise RuntimeError("the application did not answer:\n" + self.said())

    def database(self):
        settings, fixture = PROFILES[self.profile]
        if self.vendor == "postgres":
            Server.postgres(self, settings, fixture)
            return "postgres://%s@/oracle_replay?host=%s&port=%s" % tuple(os.environ[k] for k in ("PGUSER", "PGHOST", "PGPORT"))
        file = self.folder / "db.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as db:
            db.executescript((ROOT / "fixtures" / fixture).read_text(encoding="utf-8"))
        return "sqlite://%s" % file

    # As `Server` does it.
    pg_env, templates = staticmethod(Server.pg_env), Server.templates

    def said(self):
        self.log.seek(0)
        return self.log.read()[-4000:]

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Count:
    """What became of the exchanges of a suite."""

    def __init__(self):
        self.equal, self.different, self.deviations = 0, [], {}

    @property
    def total(self):
        return self.equal + len(self.different) + sum(self.deviations.values())

    def add(self, other):
        self.equal += other.equal
        self.different += other.different
        for key, number in other.deviations.items():
            self.deviations[key] = self.deviations.get(key, 0) + number


def judge(program, path, vendor, known, used):
    """The count of one suite on one database."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    count, variables = Count(), {}
    with Ours(program, entries[0]["profile"], vendor) as server:
        for entry in entries:
            try:
                result = run_step(server.host, server.port, step_of(entry), variables)
                problems = compare(entry, result)
            except Exception as error:  # a server that breaks is a difference, not a crash of the judge
                result, problems = None, ["%s: %s" % (type(error).__name__, error)]
            deviation = known.get((entry["id"], vendor))
            if not problems:
                count.equal += 1
            elif deviation and result and is_meant(deviation, result):
                used.add((entry["id"], vendor))
                if "instead" in deviation:
                    keep_step(server, entry, deviation["instead"], variables)
                count.deviations[deviation["deviation"]] = count.deviations.get(deviation["deviation"], 0) + 1
            else:
                count.different.append((entry["id"], problems))
    return count


def is_meant(deviation, result):
    status, _, raw = result
    return status == deviation["status"] and deviation.get("body", "") in raw.decode("utf-8", "replace")


def keep_step(server, entry, body, variables):
    """Where the reference made a row, or used up a number, and ours did not: another row, so that the numbers of the rest agree."""
    step = {**step_of(entry), "body": json.dumps(body).encode(), "save": {}}
    status = run_step(server.host, server.port, step, variables)[0]
    if status != 201:
        raise RuntimeError("%s: what is put instead is answered with %d" % (entry["id"], status))


def deviations():
    file = ROOT / "deviations.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    known = {}
    for line in map(json.loads, lines):
        for vendor in line.get("db", ["sqlite", "postgres"]):
            known[line["id"], vendor] = line
    return known


def table(counts):
    rows = ["| suite | exchanges | equal | deviations | different |", "|---|---|---|---|---|"]
    names = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    for vendor, suites in counts.items():
        whole = Count()
        for suite, count in suites.items():
            whole.add(count)
            rows.append(row("%s, %s" % (suite, names[vendor]), count))
        rows.append(row("**all, %s**" % names[vendor], whole))
    return "\n".join(rows)


def row(name, count):
    said = ", ".join("%d `%s`" % (number, key) for key, number in sorted(count.deviations.items())) or "0"
    return "| %s | %d | %d | %s | %d |" % (name, count.total, count.equal, said, len(count.different))


def write(file, text):
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    file.write_text(before + BEGIN + "\n" + text + "\n" + END + after, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", help="the conformance application")
    parser.add_argument("--db", choices=["sqlite", "postgres"])
    parser.add_argument("--suite", action="append", default=[])
    parser.add_argument("--write", type=pathlib.Path, help="keep the table between the markers of this page")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what differs")
    args = parser.parse_args()
    program = str(pathlib.Path(args.program).resolve())
    known, used, counts = deviations(), set(), {}
    for vendor in [args.db] if args.db else ["sqlite", "postgres"]:
        counts[vendor] = {}
        for path in sorted((ROOT / "transcripts").glob("*.jsonl")):
            if args.suite and path.stem not in args.suite:
                continue
            with path.open(encoding="utf-8") as lines:
                if json.loads(lines.readline())["profile"] not in OURS and path.stem not in args.suite:
                    continue
            override = path.parent / "postgresql" / path.name
            chosen = override if vendor == "postgres" and override.exists() else path
            count = counts[vendor][path.stem] = judge(program, chosen, vendor, known, used)
            for name, problems in count.different if args.verbose else []:
                print(name, *("    " + problem[:900] for problem in problems), sep="\n", flush=True)
    print(table(counts))
    different = sum(len(count.different) for suites in counts.values() for count in suites.values())
    whole = not args.suite and not args.db
    vain = sorted(key for key in known if key not in used) if whole else []
    for name, vendor in vain:
        print("%s on %s is named as a deviation, and is none" % (name, vendor))
    if args.write and whole:
        write(args.write, table(counts))
    return 1 if different or vain else 0


if __name__ == "__main__":
    sys.exit(main())
