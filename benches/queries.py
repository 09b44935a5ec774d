"""Queries: the typed ones beside hand-written drivers, on SQLite and on PostgreSQL, behind the same routes of plain axum.

    benches/queries.py              7 rounds of 5 s, then what queries cost by themselves
    benches/queries.py --quick      3 rounds of 2 s
    benches/queries.py --write      keeps the tables in docs/internals/bench.md

The PostgreSQL is a throwaway server of scripts/postgres, unless QUINTET_TEST_POSTGRES names one. Each contestant has a
database of its own, filled with the same rows. Rows are added to `REQUESTS`; the programs are in benches/queries.
"""

import argparse
import contextlib
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import report  # noqa: E402
import run  # noqa: E402
import server  # noqa: E402

NEW = b'{"author":1000,"title":"A new title","body":"Some text."}'
JSON = {"Content-Type": "application/json"}

REQUESTS = {
    "one": run.Request("one row by its key, GET /post/ID", "/post/4711", script="queries/one.lua"),
    "list": run.Request("20 rows of 10,000, filtered and ordered, GET /posts/AUTHOR", "/posts/42", script="queries/list.lua"),
    "insert": run.Request("a new row, POST /posts", "/posts", None, JSON, "queries/insert.lua", sends=NEW),
}

# Name, program, whether the ratios are against it.
CONTESTANTS = (("by hand", "queries-by-hand", True), ("quintet", "queries-typed", False))

KINDS = ("SQLite", "PostgreSQL")
ROWS = 10_000
SIZES = (1_000, 100_000, 1_000_000)


def main():
    args = arguments()
    if "QUINTET_TEST_POSTGRES" not in os.environ:
        again = [str(ROOT / "scripts/postgres"), sys.executable, *sys.argv]
        os.execv(again[0], again)
    say("building")
    subprocess.run(run.cargo("queries"), check=True, timeout=1800)
    parts = [run.preamble(args) + REMARK]
    with contextlib.ExitStack() as stack:
        databases = Databases(stack)
        for kind in KINDS:
            contestants = [contestant(row, databases.filled(kind, ROWS)) for row in CONTESTANTS]
            for name, request in REQUESTS.items():
                parts.append(kind_of(kind, run.table(request, *run.measure(name, request, contestants, args))))
        facts = measure_alone({kind: {size: databases.filled(kind, size) for size in SIZES} for kind in KINDS}, args)
        parts += [render_table(facts), list_table(facts), iterate_table(facts)]
    text = "\n\n".join(parts)
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "queries", text, run.PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Queries beside hand-written drivers.")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 2 s instead of 7 of 5 s")
    parser.add_argument("--rounds", type=int, help="number of rounds, at most 50")
    parser.add_argument("--seconds", type=int, help="length of a round, at most 60")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/internals/bench.md")
    args = parser.parse_args()
    args.rounds = min(args.rounds or (3 if args.quick else 7), 50)
    args.seconds = min(args.seconds or (2 if args.quick else 5), 60)
    return args


REMARK = (
    " Both contestants answer through the same routes of plain axum with the same bytes; what they do by hand: rusqlite with "
    "threads that read and one that commits what waits together, tokio-postgres with 4 shared connections for reads and 12 "
    "in a pool for writes, all of it prepared. CPU of the program, without PostgreSQL's own, which has both cores and "
    "waits for no disk (`fsync` is off)."
)


def contestant(row, url):
    name, program, is_baseline = row
    command = [run.BIN / program, "{address}", url]
    return run.Contestant(name, [], command, "/post/1", tuple(REQUESTS), baseline=is_baseline)


def kind_of(kind, table):
    return table.replace("**", f"**{kind}: ", 1)


def say(text):
    print(text, file=sys.stderr, flush=True)


class Databases:
    """Makes databases, which are gone at the end."""

    def __init__(self, stack):
        self.stack, self.count = stack, 0
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quintet-bench-")))

    def filled(self, kind, rows):
        """The URL of a new database with so many rows."""
        say(f"{kind}: filling {rows:,} rows")
        self.count += 1
        return (self.sqlite if kind == "SQLite" else self.postgres)(rows)

    def sqlite(self, rows):
        file = self.folder / f"{self.count}.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + SQLITE.format(rows=rows, authors=authors(rows)))
        return f"sqlite://{file}"

    def postgres(self, rows):
        name = f"quintet_bench_{os.getpid()}_{self.count}"
        root = os.environ["QUINTET_TEST_POSTGRES"]
        psql(root, f"CREATE DATABASE {name}")
        self.stack.callback(psql, root, f"DROP DATABASE {name} WITH (FORCE)")
        url = root.replace("/postgres?", f"/{name}?", 1)
        psql(url, POSTGRES.format(rows=rows, authors=authors(rows)))
        psql(url, "VACUUM ANALYZE")
        return url


def authors(rows):
    """Each has at least 20 posts that are published."""
    return 100 if rows >= 10_000 else 10


def psql(url, sql):
    words = ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", sql, url]
    result = subprocess.run(words, capture_output=True, text=True, timeout=600)
    if result.returncode != 0:
        raise RuntimeError(f"psql failed: {result.stderr}")


# What the migration of the model would make, with an index; the authors take turns.
SQLITE = """
CREATE TABLE bench_post (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT, author bigint NOT NULL, title varchar(100) NOT NULL,
    views integer NOT NULL, published bool NOT NULL, created_at datetime NOT NULL, body text NOT NULL
);
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {rows})
INSERT INTO bench_post (author, title, views, published, created_at, body)
SELECT n % {authors}, 'The title of post ' || n, n % 1000, n / {authors} % 5 <> 0,
    strftime('%Y-%m-%d %H:%M:%S', 1700000000 + n * 37, 'unixepoch') || '.123456',
    'The text of post ' || n || ', a "quoted" word, and so much more that it is about one hundred and twenty letters long.'
FROM number;
CREATE INDEX bench_post_author ON bench_post (author, created_at);
ANALYZE;
"""

POSTGRES = """
CREATE TABLE bench_post (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, author bigint NOT NULL, title varchar(100) NOT NULL,
    views integer NOT NULL, published boolean NOT NULL, created_at timestamp with time zone NOT NULL, body text NOT NULL
);
INSERT INTO bench_post (author, title, views, published, created_at, body)
SELECT n % {authors}, 'The title of post ' || n, n % 1000, n / {authors} % 5 <> 0,
    to_timestamp(1700000000 + n * 37) + interval '123456 microseconds',
    'The text of post ' || n || ', a "quoted" word, and so much more that it is about one hundred and twenty letters long.'
FROM generate_series(1, {rows}) AS n;
CREATE INDEX bench_post_author ON bench_post (author, created_at);
"""


# What a query costs by itself.


def measure_alone(urls, args):
    """The medians of the rounds: facts by kind and what was done."""
    work = {}
    for kind, by_size in urls.items():
        largest = by_size[SIZES[-1]]
        work[kind, "render"] = ("render", by_size[SIZES[0]], 100_000 if args.quick else 1_000_000)
        for size in SIZES:
            work[kind, "list", size] = ("list", by_size[size], 1_000 if args.quick else 5_000)
            work[kind, "iterate", size] = ("iterate", largest, size)
    found = {}
    for number in range(args.rounds):
        for key, words in work.items():
            # A million rows take their time, and memory is no matter of chance.
            if key[1] == "iterate" and number >= (1 if args.quick else 3):
                continue
            say(f"{' '.join(map(str, key))}: round {number + 1} of {args.rounds}")
            found.setdefault(key, []).append(alone(*words))
    return {key: {name: middle(runs, name) for name in runs[0]} for key, runs in found.items()}


def alone(what, url, number):
    words = server.pinned([str(word) for word in (run.BIN / "queries-micro", what, url, number)], server.cores()[0])
    result = subprocess.run(words, capture_output=True, text=True, timeout=600)
    if result.returncode != 0:
        raise RuntimeError(f"queries-micro {what} failed: {result.stderr}")
    return dict(line.split(" ", 1) for line in result.stdout.splitlines())


def middle(runs, name):
    if name == "sql":
        return runs[0][name]
    return statistics.median(float(facts[name]) for facts in runs)


def render_table(facts):
    steps = (
        ("making the query: `Post::objects().filter(..).order_by(..).limit(20)`", "build_ns"),
        ("its shape and its values", "shape_ns"),
        ("its SQL from the cache, with the values that are bound", "render_ns"),
        ("**all of it**, target 2,000", "build_and_render_ns"),
    )
    lines = ["**Making a query and its SQL**, a shape that was compiled before", "", "| ns | SQLite | PostgreSQL |", "|---|---|---|"]
    for title, key in steps:
        lines.append(f"| {title} | " + " | ".join(f"{facts[kind, 'render'][key]:,.0f}" for kind in KINDS) + " |")
    return "\n".join(lines)


def list_table(facts):
    sizes = " | ".join(f"{size:,} rows" for size in SIZES)
    lines = [
        "**The list of 20 by the size of its table**, one after the other; target: the same for all",
        "",
        f"| µs, median (p99) | {sizes} | last of first |",
        "|---" * (len(SIZES) + 2) + "|",
    ]
    for kind in KINDS:
        own = [facts[kind, "list", size] for size in SIZES]
        cells = " | ".join(f"{one['list_us']:.0f} ({one['list_p99_us']:.0f})" for one in own)
        lines.append(f"| {kind} | {cells} | {own[-1]['list_us'] / own[0]['list_us']:.2f} |")
    return "\n".join(lines)


def iterate_table(facts):
    sizes = " | ".join(f"{size:,} rows" for size in SIZES)
    lines = [
        "**`iterator` over all rows**, 2,000 at once in memory; target: the same peak for all beyond that",
        "",
        f"| peak MB, more than before (µs a row) | {sizes} |",
        "|---" * (len(SIZES) + 1) + "|",
    ]
    for kind in KINDS:
        own = [facts[kind, "iterate", size] for size in SIZES]
        cells = [f"{(one['peak_kb'] - one['before_kb']) / 1000:.1f} ({one['row_us']:.2f})" for one in own]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
