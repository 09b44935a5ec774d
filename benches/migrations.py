"""Commands over a long history, beside the reference's over the same one, as a Markdown table.

    benches/migrations.py               300 models with 1,000 migrations, and half as many of both
    benches/migrations.py --quick       half as many only, fewer rounds
    benches/migrations.py --write       keeps the tables in docs/internals/bench.md

Makes both projects under benches/target (history.py), builds ours in release, and runs the commands on SQLite, by turns.
A round may meet a busy minute: trust the CPU times, of which the ratios are made.
"""

import argparse
import datetime
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import history  # noqa: E402
import report  # noqa: E402
from run import PAGE  # noqa: E402

SIZES = (history.Size(150, 500), history.Size(300, 1000))

# No command and no build may take longer.
LIMIT = 1800

PYTHON = ROOT / "oracle/venv/bin/python"


@dataclass(frozen=True)
class Contestant:
    """Whose commands run: the words before a command, and the variable that names the file of the database."""

    name: str
    command: list
    folder: pathlib.Path
    variable: str
    value: str  # with `{file}`


@dataclass(frozen=True)
class Task:
    """A command; it starts from nothing, or finds everything applied. What it says has `says` in it."""

    title: str
    words: tuple
    says: str
    from_nothing: bool = False


TASKS = (
    Task("`migrate` from nothing", ("migrate",), "Applying sessions.0001_initial", from_nothing=True),
    Task("`migrate` with nothing to do", ("migrate",), "No migrations to apply."),
    Task("`showmigrations`", ("showmigrations",), "[X] 0001_initial"),
    Task("`makemigrations --check`", ("makemigrations", "--check"), "No changes detected"),
)


def main():
    args = arguments()
    sizes = SIZES[:1] if args.quick else SIZES
    results = {}
    with tempfile.TemporaryDirectory(prefix="quintet-migrations-") as folder:
        for size in sizes:
            results[size] = measure(contestants(size), size, pathlib.Path(folder), args)
    text = "\n\n".join([preamble(args), *(table(size, facts) for size, facts in results.items()), *growth(results)])
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "migrations", text, PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Commands over a long history, beside the reference's.")
    parser.add_argument("--quick", action="store_true", help="150 models only; 3 rounds, 1 from nothing")
    parser.add_argument("--rounds", type=int, help="number of rounds, at most 50")
    parser.add_argument("--from-nothing", type=int, help="number of rounds from nothing, which take long; at most 50")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/internals/bench.md")
    args = parser.parse_args()
    args.rounds = min(args.rounds or (3 if args.quick else 7), 50)
    args.from_nothing = min(args.from_nothing or (1 if args.quick else 3), 50)
    return args


def contestants(size):
    """Both projects, made and built."""
    folder = HERE / "target/migrations" / size.folder
    if not PYTHON.exists():
        raise RuntimeError("the reference is not installed\nhint: scripts/bootstrap python")
    say(f"{size}: making and building")
    history.write_ours(folder / "ours", size)
    history.write_reference(folder / "reference", size)
    build = ["cargo", "build", "--quiet", "--release", "--target-dir", str(HERE / "target")]
    subprocess.run(build, cwd=folder / "ours", check=True, timeout=LIMIT)
    program = HERE / "target/release" / f"history-{size.folder}"
    return [
        Contestant("quintet", [program], folder / "ours", "DATABASE_URL", "sqlite://{file}"),
        Contestant("the reference", [PYTHON, "manage.py"], folder / "reference", "DATABASE_FILE", "{file}"),
    ]


def measure(rows, size, folder, args):
    """Pairs of wall and CPU seconds by task and contestant."""
    facts = {}
    for task in TASKS:
        for number in range(args.from_nothing if task.from_nothing else args.rounds):
            for row in rows:
                say(f"{size}: {task.words[0]}, round {number + 1}, {row.name}")
                file = folder / f"{size.folder}-{row.name.split()[-1]}.sqlite3"
                if task.from_nothing:
                    for path in folder.glob(f"{file.name}*"):
                        path.unlink()
                facts.setdefault(task, {}).setdefault(row.name, []).append(timed(row, task, file))
    return facts


def timed(row, task, file):
    environment = {**os.environ, row.variable: row.value.format(file=file)}
    words = [str(word) for word in (*row.command, *task.words)]
    cpu, started = children_cpu(), time.monotonic()
    result = subprocess.run(
        words, cwd=row.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT,
    )
    took = time.monotonic() - started, children_cpu() - cpu
    if result.returncode != 0 or task.says not in result.stdout:
        raise RuntimeError(f"`{' '.join(words)}` did not do it:\n{result.stdout[-2000:]}")
    return took


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def say(line):
    print(line, file=sys.stderr, flush=True)


def table(size, facts):
    """A row a task, a column a contestant."""
    names = list(next(iter(facts.values())))
    lines = [
        f"**{size}**, SQLite",
        "",
        "| ms median [min–max] (CPU) | " + " | ".join(names) + f" | CPU of {names[-1]} |",
        "|---" * (len(names) + 2) + "|",
    ]
    for task, by_name in facts.items():
        cells = " | ".join(spread(by_name[name]) for name in names)
        ours, theirs = (median_cpu(by_name[name]) for name in (names[0], names[-1]))
        lines.append(f"| {task.title} | {cells} | {ours / theirs:.3f} |")
    return "\n".join(lines)


def growth(results):
    """What twice the models and twice the migrations cost, where both sizes were measured."""
    if len(results) < 2:
        return []
    small, large = results.values()
    cells = []
    for task in small:
        factors = (f"{name} {median_cpu(large[task][name]) / median_cpu(small[task][name]):.1f}" for name in small[task])
        cells.append(f"{task.title}: {', '.join(factors)}")
    return ["Twice the models and twice the migrations take so many times the CPU: " + "; ".join(cells) + "."]


def median_cpu(pairs):
    return statistics.median(cpu for _, cpu in pairs)


def spread(pairs):
    walls = [wall * 1000 for wall, _ in pairs]
    middle = f"{statistics.median(walls):,.0f} [{min(walls):,.0f}–{max(walls):,.0f}]"
    return f"{middle} ({median_cpu(pairs) * 1000:,.0f})"


def preamble(args):
    return (
        f"{datetime.date.today().isoformat()}, commit {report.commit(ROOT)}, {report.machine()}, load "
        f"{os.getloadavg()[0]:.1f}. {args.rounds} rounds, {args.from_nothing} of `migrate` from nothing, by turns; release "
        "build; the whole process with its start."
    )


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
