"""Single steps by the number of their instructions, which no other program on the machine changes.

    benches/micro.py             counts, beside what is kept in benches/micro.txt
    benches/micro.py --write     keeps them
    benches/micro.py --check     fails where one is more than 8 % from what is kept
    benches/micro.py --base BIN  beside another build of the program

Each step is run few and many times under valgrind; the difference is the step's. Rows are added to `STEPS`, and to the
`match` in micro/src/main.rs. Counts differ from processor to processor and from compiler to compiler: --check says so and
leaves it at that where these are not those of the file.
"""

import argparse
import pathlib
import platform
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import run  # noqa: E402

FILE = HERE / "micro.txt"
TOLERANCE = 0.08

# Name, what it is, how often it is run: so few, so many.
STEPS = {
    "token": ("a token is read and checked", 200, 1200),
    "list": ("a list of 20 rows, from the database to bytes", 50, 250),
    "serialize": ("20 rows to JSON, without a database", 100, 600),
    "validate": ("a row that is sent is checked", 100, 600),
    "render": ("a query is made, and its SQL", 200, 1200),
    "route": ("a request goes through the middleware to the last of 50 routes", 100, 600),
    "schema": ("the description of 300 models, which are 1,800 operations", 1, 3),
    "state": ("the state to which the built-in migrations lead", 2, 12),
}


def main():
    args = arguments()
    if shutil.which("valgrind") is None:
        print("skipped: `valgrind` is not installed, and no instruction is counted\nhint: run `scripts/bootstrap valgrind`")
        return 0
    subprocess.run(run.cargo("micro"), check=True, timeout=3600)
    counts = counted(run.BIN / "micro")
    if args.base:
        print(table(counts, counted(args.base, is_other=True), "before"))
        return 0
    kept_on, kept = read(FILE.read_text(encoding="utf-8") if FILE.exists() else "")
    print(table(counts, kept, "kept"))
    if args.write:
        FILE.write_text(written(machine(), counts), encoding="utf-8")
    if args.check:
        return checked(counts, kept, kept_on)
    return 0


def arguments():
    parser = argparse.ArgumentParser(description="Single steps by the number of their instructions.")
    parser.add_argument("--write", action="store_true", help="keep the counts in benches/micro.txt")
    parser.add_argument("--check", action="store_true", help="fail where a count is far from what is kept")
    parser.add_argument("--base", type=pathlib.Path, metavar="BIN", help="another build of the program, to compare with")
    return parser.parse_args()


def counted(program, is_other=False):
    """The counts of a program; another one may be too old to know all steps."""
    counts = {}
    for name, (title, few, many) in STEPS.items():
        print(f"counting: {title}", file=sys.stderr, flush=True)
        try:
            counts[name] = round((instructions(program, name, many) - instructions(program, name, few)) / (many - few))
        except UnknownStep:
            if not is_other:
                raise
    return counts


class UnknownStep(RuntimeError):
    """The program does not have this step."""


def instructions(program, name, number):
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program), name, str(number)]
    result = subprocess.run(words, capture_output=True, text=True, timeout=600)
    if result.returncode != 0:
        kind = UnknownStep if f"`{name}` is nothing that is measured" in result.stderr else RuntimeError
        raise kind(f"`micro {name}` failed: {result.stderr[-500:]}")
    return total(result.stderr)


def total(text):
    """What callgrind says at its end."""
    found = re.search(r"Collected : (\d+)", text)
    if not found:
        raise RuntimeError(f"callgrind said nothing of instructions: {text[-500:]}")
    return int(found[1])


def machine():
    """What counts depend on beside the program."""
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True, timeout=60).stdout.split()[1:2]
    model = re.search(r"^model name\s*: (.*)$", cpuinfo(), re.MULTILINE)
    return f"Rust {compiler[0] if compiler else '?'}, {model[1] if model else platform.machine()}"


def cpuinfo():
    path = pathlib.Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def written(on, counts):
    lines = ["# Instructions of single steps. `benches/micro.py --write` replaces this; by hand nothing is changed.", f"# {on}"]
    return "\n".join([*lines, *(f"{name} {count}" for name, count in counts.items()), ""])


def read(text):
    """On what machine the counts were made, and the counts."""
    comments = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    pairs = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return (comments[-1] if comments else ""), {name: int(count) for name, count in pairs}


def table(counts, others, word):
    lines = [f"| instructions | now | {word} | ratio |", "|---|---|---|---|"]
    for name, count in counts.items():
        other = others.get(name)
        ratio = f"{count / other:.3f}" if other else "–"
        lines.append(f"| {STEPS[name][0]} | {count:,} | {f'{other:,}' if other else '–'} | {ratio} |")
    return "\n".join(lines)


def checked(counts, kept, kept_on):
    """0 where nothing is far away, or nothing can be said."""
    if not kept:
        print("error: nothing is kept\nhint: run `benches/micro.py --write`")
        return 1
    if kept_on != machine():
        print(f"skipped: the counts are those of {kept_on}, and this is {machine()}")
        return 0
    far = [name for name, count in counts.items() if name not in kept or abs(count / kept[name] - 1) > TOLERANCE]
    for name in far:
        print(f"error: `{name}` takes {counts[name]:,} instructions, and {kept.get(name, 0):,} are kept")
    if far:
        print("hint: find out why; where it is meant, run `benches/micro.py --write`")
    return 1 if far else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
