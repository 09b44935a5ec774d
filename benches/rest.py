"""The REST layer: a small project with quintet, by hand, and with the reference, with the same bytes and the same checks.

    benches/rest.py              5 rounds of 2 s
    benches/rest.py --quick      2 rounds of 1 s
    benches/rest.py --with sqlx  beside axum with sqlx, too
    benches/rest.py --write      keeps the tables and the chart in docs/performance.md

A work item is a row of `ITEMS` with a function of its name in rest/requests.lua; what must be answered alike is a row of
`asked`; who else may take part is a row of `GUESTS`. The PostgreSQL is a throwaway server of scripts/postgres, unless
QUINTET_TEST_POSTGRES names one. Each contestant has a database of its own, copied from one that was migrated and filled once.
"""

import argparse
import contextlib
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import report  # noqa: E402
import rest_chart  # noqa: E402
import rest_data as data  # noqa: E402
import run  # noqa: E402
import server  # noqa: E402
from queries import psql, say  # noqa: E402

KINDS = ("SQLite", "PostgreSQL")
VENV = ROOT / "oracle" / "venv" / "bin"
LUA = HERE / "rest" / "requests.lua"
OURS, BY_HAND, GUNICORN, UVICORN = "quintet", "by hand", "gunicorn", "uvicorn"
REFERENCE = (GUNICORN, UVICORN)


@dataclass(frozen=True)
class Item:
    """What is asked under load: which statuses it has, by how many connections, what it is called."""

    title: str
    connections: int = 64
    refused: bool = False


@dataclass(frozen=True)
class Guest:
    """Who takes part where `--with` says so: what it is called, how it is built (by no words where it is there already), how
    it is run, in which folder, with which variables. `{address}`, `{host}`, `{port}` and `{url}` of the database are filled
    in. The remark is what a reader of the table is told of it."""

    title: str
    build: list
    command: list
    folder: pathlib.Path | None = None
    environment: object = lambda url: {}
    remark: str = ""


def apart(package):
    """A package below benches/ that has a lockfile of its own: how it is built, and where its program is then."""
    target = HERE / "target" / package
    manifest = ["--manifest-path", str(HERE / package / "Cargo.toml"), "--target-dir", str(target)]
    return ["cargo", "build", "--quiet", "--release", "--locked", *manifest], target / "release" / package


def by_address_and_url(title, package, remark=""):
    """A package that is started as that by hand is."""
    build, program = apart(package)
    return Guest(title, build, [program, "{address}", "{url}"], remark=remark)


GUESTS = {
    "sqlx": by_address_and_url(
        "axum with sqlx",
        "rest-sqlx",
        "Axum with sqlx: routes, checks and tokens of that by hand; 4 connections that read and one that writes, on "
        "PostgreSQL a pool of 16 for both.",
    ),
}

# In this order: what makes rows comes last, so that the others find the same tables everywhere.
ITEMS = {
    "hello": Item("hello JSON"),
    "latest": Item("list of 20 of 10,000"),
    "commented": Item("list of 100, nested"),
    "retrieve": Item("one row"),
    "page": Item("page: searched, filtered"),
    "unauthorized": Item("401", refused=True),
    "invalid": Item("400, three errors", refused=True),
    "patch": Item("partial update"),
    "create": Item("create"),
    "refresh": Item("refresh, rotated"),
    "login": Item("login", connections=4),
}

MIXED = {f"mix {count}": Item(f"mix, {count:,} connection{'s' if count > 1 else ''}", count) for count in (1, 64, 1_000)}

IDLE = 2_000

# How many rows the table has for the list of 20.
GROWTH = (1_000, 100_000, 1_000_000)


def main():
    args = arguments()
    if "QUINTET_TEST_POSTGRES" not in os.environ:
        again = [str(ROOT / "scripts/postgres"), sys.executable, *sys.argv]
        os.execv(again[0], again)
    raise_limit()
    say("building")
    for package in ("rest-quintet",) if args.base else ("rest-quintet", "rest-by-hand"):
        subprocess.run(run.cargo(package), check=True, timeout=3600)
    for row in (row for row in args.guests if row.build):
        say(f"building {row.title}")
        subprocess.run(row.build, check=True, timeout=3600)
    found, parts = {}, [preamble(args)]
    for kind in args.kinds:
        found[kind] = measured(kind, args)
        parts += tables(kind, found[kind], args.guests)
        if not args.only or "growth" in args.only:
            parts.append(growth_table(kind, growth(kind, args)))
    text = "\n\n".join([*parts, " ".join([remarks(), *(row.remark for row in args.guests if row.remark)])])
    if args.base:
        print(text.replace(remarks(), "").replace("by hand", "before"))
        return
    print(text)
    if args.write:
        page = ROOT / "docs" / "performance.md"
        report.replace(page, "rest", "![requests a second of those by hand](performance.svg)\n\n" + text, PAGE)
        (ROOT / "docs" / "performance.svg").write_text(chart(found), encoding="utf-8")


def arguments():
    parser = argparse.ArgumentParser(description="The REST layer, side by side.")
    parser.add_argument("--quick", action="store_true", help="2 rounds of 1 s instead of 5 of 2 s")
    parser.add_argument("--rounds", type=int, help="number of rounds, at most 50")
    parser.add_argument("--seconds", type=int, help="length of a round, at most 60")
    parser.add_argument("--only", action="append", default=[], metavar="ITEM", help="this work item: " + ", ".join([*ITEMS, "growth"]))
    parser.add_argument("--database", action="append", dest="kinds", choices=KINDS, help="this database only")
    parser.add_argument("--no-reference", action="store_true", help="without the reference")
    names = ", ".join(GUESTS)
    parser.add_argument("--with", action="append", dest="guests", default=[], metavar="NAME", help=f"this one, too: {names}")
    parser.add_argument("--base", type=pathlib.Path, metavar="BIN", help="another build, in the place of that by hand")
    parser.add_argument("--write", action="store_true", help="keep the result in docs/performance.md")
    args = parser.parse_args()
    unknown = set(args.only) - set(ITEMS) - set(MIXED) - {"growth"}
    if unknown:
        parser.error(f"`{unknown.pop()}` is no work item; there are {', '.join([*ITEMS, *MIXED, 'growth'])}")
    unknown = set(args.guests) - set(GUESTS)
    if unknown:
        parser.error(f"`{unknown.pop()}` is no contestant; there are {names}")
    args.guests = [GUESTS[name] for name in dict.fromkeys(args.guests)]
    args.rounds = min(args.rounds or (2 if args.quick else 5), 50)
    args.seconds = min(args.seconds or (1 if args.quick else 2), 60)
    args.kinds = args.kinds or list(KINDS)
    return args


def raise_limit():
    """Thousands of connections are as many files, here and in what is started."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4 * IDLE:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8 * IDLE), hard))


# Contestants.


def commands(args):
    """Name, command, folder, environment by the URL of a database. The first is measured, the second is what by."""
    rust = [
        (OURS, [run.BIN / "rest-quintet", "serve", "{address}"], None, lambda url: {"DATABASE_URL": url}),
        (BY_HAND, [run.BIN / "rest-by-hand", "{address}", "{url}"], None, lambda url: {}),
    ]
    if args.base:
        rust[1] = (BY_HAND, [args.base, *rust[0][1][1:]], *rust[0][2:])
    rust += [(row.title, row.command, row.folder, row.environment) for row in args.guests]
    if args.base or args.no_reference:
        return rust
    python = [VENV / "python", "-m"]
    quiet = ["--log-level", "critical"]
    gunicorn = [*python, "gunicorn", "--workers", "2", "--bind", "{address}", *quiet, "--no-control-socket", "project:wsgi"]
    uvicorn = [*python, "uvicorn", "--host", "{host}", "--port", "{port}", *quiet, "--lifespan", "off", "project:asgi"]
    folder = HERE / "reference"
    return [*rust, (GUNICORN, gunicorn, folder, data.reference), (UVICORN, uvicorn, folder, asynchronous)]


def asynchronous(url):
    return {**data.reference(url), "IS_ASYNC": "1"}


@contextlib.contextmanager
def running(kind, rows, args):
    """All contestants, each with a database of so many rows."""
    core = server.cores()[0]
    with contextlib.ExitStack() as stack:
        databases, servers = Databases(stack, kind, rows), {}
        for name, command, folder, environment in commands(args):
            url = databases.copy()
            host, port = "127.0.0.1", str(server.free_port())
            words = [str(word).replace("{url}", url).replace("{host}", host).replace("{port}", port) for word in command]
            start = server.started(name, words, "/hello/", core, folder, {**environment(url), **QUIET}, port=int(port))
            servers[name] = stack.enter_context(start)
        yield servers


QUIET = {"PYTHONDONTWRITEBYTECODE": "1", "RUST_LOG": "error"}


class Databases:
    """A filled database, of which each contestant has a copy; gone at the end."""

    def __init__(self, stack, kind, rows=data.ROWS):
        self.stack, self.count = stack, 0
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quintet-bench-")))
        self.kind, self.filled = kind, self.fill(kind, rows)

    def fill(self, kind, rows):
        say(f"{kind}: filling {rows:,} rows")
        url = self.named(kind, "filled")
        environment = {**os.environ, "DATABASE_URL": url}
        migrate = [str(run.BIN / "rest-quintet"), "migrate", "--no-input"]
        result = subprocess.run(migrate, env=environment, capture_output=True, text=True, timeout=120)
        if result.returncode != 0:
            raise RuntimeError(f"`migrate` failed: {result.stderr}")
        data.fill(kind, url, rows)
        return url

    def copy(self):
        self.count += 1
        return self.named(self.kind, str(self.count), self.filled)

    def named(self, kind, name, like=None):
        if kind == "SQLite":
            file = self.folder / f"{name}.sqlite3"
            if like:
                file.write_bytes(pathlib.Path(like.removeprefix("sqlite://")).read_bytes())
            return f"sqlite://{file}"
        name, root = f"quintet_rest_{os.getpid()}_{name}", os.environ["QUINTET_TEST_POSTGRES"]
        template = f" TEMPLATE {database_of(like)}" if like else ""
        psql(root, f"CREATE DATABASE {name}{template}")
        self.stack.callback(psql, root, f"DROP DATABASE {name} WITH (FORCE)")
        return root.replace("/postgres?", f"/{name}?", 1)


def database_of(url):
    return url.partition("?")[0].rpartition("/")[2]


# Measuring.


def measured(kind, args):
    """What was found of a kind: rounds by item and contestant, idle and peak bytes by contestant."""
    items = {name: item for name, item in {**ITEMS, **MIXED}.items() if not args.only or name in args.only}
    if not items:
        return {}, {}, {}
    with running(kind, data.ROWS, args) as servers, tempfile.TemporaryDirectory(prefix="quintet-bench-") as folder:
        data.compare(servers, data.asked())
        load = Load(pathlib.Path(folder), server.cores()[1])
        idle = {name: idle_bytes(one) for name, one in servers.items() if name not in REFERENCE}
        apart = {name: item for name, item in items.items() if name not in MIXED}
        rounds = {name: rounds_of(kind, name, item, servers, load, args) for name, item in apart.items()}
        peak = {name: one.peak() for name, one in servers.items()}
    for name, item in items.items():
        if name in MIXED:
            rounds[name] = mixed(kind, name, item, args)
    return rounds, idle, peak


def mixed(kind, name, item, args):
    """Rounds of a mix, each contestant with a database as it was at first: who made many rows before would read more now."""
    args = argparse.Namespace(**{**vars(args), "no_reference": True})
    with running(kind, data.ROWS, args) as servers, tempfile.TemporaryDirectory(prefix="quintet-bench-") as folder:
        return rounds_of(kind, name, item, servers, Load(pathlib.Path(folder), server.cores()[1]), args)


def growth(kind, args):
    """Rounds of the list of 20 by the number of rows in its table and by contestant, without the reference."""
    found, args = {}, argparse.Namespace(**{**vars(args), "no_reference": True})
    for rows in GROWTH:
        item = Item(f"list of 20 of {rows:,}")
        with running(kind, rows, args) as servers, tempfile.TemporaryDirectory(prefix="quintet-bench-") as folder:
            data.compare(servers, data.asked_of_any_size())
            load = Load(pathlib.Path(folder), server.cores()[1], data.authors(rows))
            found[rows] = rounds_of(kind, "latest", item, servers, load, args)
    return found


def rounds_of(kind, name, item, servers, load, args):
    """The reference is a number to compare with, and has fewer rounds. A login takes a third of a second, so that its
    rounds are longer."""
    found = {}
    seconds = max(args.seconds, 4) if name == "login" else args.seconds
    contestants = [key for key in servers if key not in REFERENCE]
    reference = [key for key in servers if key in REFERENCE and name not in MIXED]
    turns = 1 if name == "login" else args.rounds
    if name != "login":
        for key in (*contestants, *reference):
            load.run(servers[key], name, item, 1)
    for number in range(turns):
        say(f"{kind}, {item.title}: round {number + 1} of {turns}")
        # By turns who comes first: what the machine does besides hits all of them.
        for key in contestants if number % 2 == 0 else reversed(contestants):
            found.setdefault(key, []).append(load.run(servers[key], name, item, seconds))
    for key in reference:
        say(f"{kind}, {item.title}: {key}")
        found[key] = [load.run(servers[key], name, item, seconds)]
    return found


@dataclass(frozen=True)
class Round:
    """One run of wrk against one contestant."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    errors: int


class Load:
    """Runs wrk. Each run has tokens and names of rows of its own."""

    def __init__(self, folder, core, users=data.USERS):
        self.file, self.core, self.users, self.count = folder / "tokens", core, users, 0

    def run(self, target, name, item, seconds):
        self.count += 1
        kind = "mix" if name in MIXED else name
        self.file.write_text("\n".join(data.tokens(kind, item.connections, self.users)), encoding="utf-8")
        words = ["wrk", "-t1", f"-c{item.connections}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-s", str(LUA)]
        words += [f"http://{target.address}", "--", kind, f"{self.count}", str(self.file)]
        before = target.cpu_seconds()
        result = subprocess.run(server.pinned(words, self.core), capture_output=True, text=True, timeout=seconds + 60)
        used = target.cpu_seconds() - before
        if result.returncode != 0:
            raise RuntimeError(f"wrk failed against `{target.name}`: {result.stderr or result.stdout}")
        return round_of(result.stdout, used, item.refused)


def round_of(text, cpu_seconds, is_refused):
    """Reads what wrk printed. Where refusals are wanted, an answer that is none is the error."""
    first = run.round_of(text, cpu_seconds)
    requests = int(run.re.search(r"(\d+) requests in ", text)[1])
    bad = run.re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    bad = int(bad[1]) if bad else 0
    errors = first.errors - bad + (requests - bad if is_refused else bad)
    p50 = run.re.search(r"^\s+50%\s+([\d.]+)(us|ms|s|m)\s*$", text, run.re.MULTILINE)
    p50_ms = float(p50[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[p50[2]]
    return Round(first.rate, p50_ms, first.p99_ms, first.cpu_us, errors)


def idle_bytes(target):
    """What a keep-alive connection takes that was answered once and waits."""
    host, port = target.address.split(":")
    # What the first connections make stays: buffers, threads.
    for count in (50, IDLE):
        before = target.rss()
        connections = [answered(host, int(port), target.name) for _ in range(count)]
        time.sleep(0.5)
        grown = (target.rss() - before) / count
        for connection in connections:
            connection.close()
        time.sleep(0.5)
    return grown


def answered(host, port, name):
    """A connection on which one request was answered."""
    connection = socket.create_connection((host, port), timeout=20)
    connection.sendall(b"GET /hello/ HTTP/1.1\r\nHost: bench\r\n\r\n")
    if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"`{name}` answers hello on a new connection with something else")
    return connection


# Telling.


def preamble(args):
    remark = server.cores()[2]
    return (
        f"{run.datetime.date.today().isoformat()}, commit {report.commit(ROOT)}, {report.machine()}; {versions()}. "
        f"{args.rounds} rounds of {args.seconds} s, by turns, `wrk -t1 -c64`; release builds; medians [min–max]."
        + (f" {remark[0].upper()}{remark[1:]}." if remark else " Servers on one core, load on another.")
    )


def versions():
    called = {
        "django": "the reference",
        "djangorestframework": "its REST layer",
        "djangorestframework_simplejwt": "its tokens",
        "psycopg": "its driver",
        "gunicorn": "gunicorn",
        "uvicorn": "uvicorn",
    }
    ask = "import importlib.metadata as m, sys; print(*(m.version(name) for name in sys.argv[1:]))"
    found = subprocess.run([VENV / "python", "-c", ask, *called], capture_output=True, text=True, timeout=60)
    numbers = found.stdout.split() or ["?"] * len(called)
    wrk = subprocess.run(["wrk", "--version"], capture_output=True, text=True, timeout=20)
    wrk = (wrk.stdout or wrk.stderr).split("[")[0].strip()
    return ", ".join([wrk, *(f"{name} {number}" for name, number in zip(called.values(), numbers))])


def median(runs, name):
    return statistics.median(getattr(one, name) for one in runs)


def ratio(found, name, other=BY_HAND):
    if OURS not in found or other not in found:
        return None
    below = median(found[other], name)
    return median(found[OURS], name) / below if below else None


HEADS = (
    "work", "quintet, req/s", "by hand, req/s", "of by hand", "CPU µs a request", "of by hand", "p50 ms", "p99 ms",
    "p99, of by hand", "times gunicorn", "times uvicorn",
)


def tables(kind, found, others=()):
    rounds, idle, peak = found
    if not rounds:
        return []
    names = [other.title for other in others]
    heads = [*HEADS, *(head for name in names for head in (f"{name}, req/s", f"quintet, of {name}", f"CPU, of {name}"))]
    lines = [f"**{kind}**", "", "| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name, by_contestant in rounds.items():
        lines.append(row({**ITEMS, **MIXED}[name].title, by_contestant, names))
    errors = {key: sum(one.errors for by in rounds.values() for one in by.get(key, [])) for key in peak}
    told = "; ".join(f"{key} {number}" for key, number in errors.items() if number)
    memory = [
        "| | " + " | ".join(peak) + " |",
        "|---" * (len(peak) + 1) + "|",
        "| peak memory, MB | " + " | ".join(f"{size / 1e6:.1f}" for size in peak.values()) + " |",
        f"| an idle connection of {IDLE:,}, KB | "
        + " | ".join(f"{idle[key] / 1e3:.1f}" if key in idle else "–" for key in peak)
        + " |",
        "| errors | " + " | ".join(str(errors[key]) for key in peak) + " |",
    ]
    if told:
        say(f"{kind}: errors: {told}")
    return ["\n".join(lines), "\n".join(memory)]


def growth_table(kind, found):
    lines = [
        f"**{kind}: the list of 20 by the size of its table**, req/s (CPU µs a request); target: the same for all",
        "",
        "| | " + " | ".join(f"{rows:,} rows" for rows in found) + " | last of first |",
        "|---" * (len(found) + 2) + "|",
    ]
    first, last = found[GROWTH[0]], found[GROWTH[-1]]
    for name in first:
        cells = [f"{median(by[name], 'rate'):,.0f} ({median(by[name], 'cpu_us'):.1f})" for by in found.values()]
        kept = median(last[name], "rate") / median(first[name], "rate")
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {kept:.2f} |")
    return "\n".join(lines)


def row(title, found, others=()):
    ours, by_hand = found[OURS], found[BY_HAND]
    rates = [span(runs) for runs in (ours, by_hand)]

    def pair(name, digits):
        return " / ".join(f"{median(runs, name):.{digits}f}" for runs in (ours, by_hand))

    cells = [
        title,
        *rates,
        two(ratio(found, "rate")),
        pair("cpu_us", 1),
        two(ratio(found, "cpu_us")),
        pair("p50_ms", 2),
        pair("p99_ms", 2),
        two(ratio(found, "p99_ms")),
        times(ratio(found, "rate", GUNICORN)),
        times(ratio(found, "rate", UVICORN)),
    ]
    for other in others:
        cells += [span(found[other]), two(ratio(found, "rate", other)), two(ratio(found, "cpu_us", other))]
    return "| " + " | ".join(cells) + " |"


def span(runs):
    rates = [one.rate for one in runs]
    digits = 0 if max(rates) >= 100 else 1
    return f"{statistics.median(rates):,.{digits}f} [{min(rates):,.{digits}f}–{max(rates):,.{digits}f}]"


def two(number):
    return "–" if number is None else f"{number:.2f}"


def times(number):
    return "–" if number is None else f"{number:.1f}" if number < 10 else f"{number:.0f}"


def chart(found):
    """The ratios of requests a second."""
    titles = {name: item.title for name, item in {**ITEMS, **MIXED}.items()}
    names = [name for name in titles if all(name in rounds for rounds, _, _ in found.values())]
    groups = [(titles[name], [ratio(rounds[name], "rate") or 0.0 for rounds, _, _ in found.values()]) for name in names]
    return rest_chart.svg("Requests a second: quintet, of those by hand", list(found), groups)


def remarks():
    return (
        "All contestants have the same tables, routes, checks and bytes: answers and refusals are compared before anything "
        "is measured. By hand: rusqlite with threads that read and one that commits what waits together, tokio-postgres with "
        "4 shared connections for reads and 12 in a pool for writes, all of it prepared, HS256 by aws-lc-rs, serde. The "
        "reference runs under gunicorn with 2 workers and under uvicorn with 1, on the same core. CPU is that of the program, "
        "without PostgreSQL's own, which has both cores and waits for no disk (`fsync` is off). A login is a hash of 1,000,000 "
        "rounds by 4 connections. The mix: 4 lists, 3 rows, a page, a partial update, a new row; each begins with tables as "
        "they were at first."
    )


PAGE = """# Performance

What the REST layer does beside code that is written by hand for one purpose, and beside the reference. `make bench` measures
all of it; `benches/rest.py --write` replaces what stands between the markers and the chart. Machines differ and are noisy:
trust the ratios and the CPU columns. How it is measured, and other measurements: [benchmarks](internals/benchmarks.md). How
to make a project fast: [the guide](guides/performance.md).
"""


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
