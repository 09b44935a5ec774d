"""How long a new project takes to build, to rebuild and to start, beside the smallest program with plain axum.

    benches/build.py               debug and release, 5 rebuilds
    benches/build.py --quick       no release build, 3 rebuilds
    benches/build.py --write       keeps the table in docs/internals/bench.md

Makes both projects in a temporary folder with target folders of their own, so that every build is clean and nothing of
the checkout is touched. Downloads come first and are not measured.
"""

import argparse
import datetime
import os
import pathlib
import re
import resource
import shutil
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
import server  # noqa: E402
from run import PAGE  # noqa: E402

# No build here may take longer.
LIMIT = 1800


@dataclass(frozen=True)
class Contestant:
    """A project to build. `edit` is the file with the view, `literal` the text in it that a rebuild changes."""

    name: str
    make: object  # folder -> the project's folder
    binary: str
    edit: str
    literal: str
    serve: list
    ready: str
    help: list


def main():
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="quintet-build-") as folder:
        results = {row.name: measure(row, pathlib.Path(folder), args) for row in contestants(args)}
    text = preamble(args) + "\n\n" + table(results)
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "build", text, PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Build times of a new project, beside plain axum's.")
    parser.add_argument("--quick", action="store_true", help="no release build, 3 rebuilds")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/internals/bench.md")
    return parser.parse_args()


def contestants(args):
    return [
        Contestant(
            "plain axum", plain_axum, "plain-axum", "src/main.rs", "Hello, World!", ["{address}"], "/json", [],
        ),
        Contestant(
            f"quintet, new project ({args.database})", lambda folder: new_project(folder, args.database), "measured",
            "src/urls.rs", "It works.", ["serve", "{address}"], "/", ["help"],
        ),
    ]


def plain_axum(folder):
    """The benchmark's program outside of its workspace, with the versions of its lockfile."""
    project = folder / "plain-axum"
    shutil.copytree(HERE / "plain-axum", project)
    shutil.copy(HERE / "Cargo.lock", project / "Cargo.lock")
    manifest = (HERE / "plain-axum" / "Cargo.toml").read_text(encoding="utf-8")
    manifest = re.sub(r"^\w[\w-]*\.workspace = true\n", "", manifest, flags=re.MULTILINE)
    manifest = manifest.replace("[lints]\nworkspace = true\n", "")
    manifest = manifest.replace("[package]\n", '[package]\nversion = "0.1.0"\nedition = "2024"\n')
    manifest += '\n[workspace]\n\n[profile.dev]\ndebug = "line-tables-only"\n'
    (project / "Cargo.toml").write_text(manifest, encoding="utf-8")
    return project


def new_project(folder, database):
    command("cargo", "build", "--quiet", "-p", "quintet-cli", folder=ROOT)
    quintet = ROOT / "target" / "debug" / "quintet"
    command(quintet, "startproject", "measured", "--database", database, folder=folder)
    return folder / "measured"


def measure(row, folder, args):
    say(f"{row.name}: making")
    project = row.make(folder)
    command("cargo", "fetch", "--quiet", folder=project)
    facts = {}
    say(f"{row.name}: clean debug build")
    facts["clean"], facts["crates"] = build(project)
    say(f"{row.name}: rebuilds")
    facts["rebuilds"] = [rebuild(row, project, number) for number in range(3 if args.quick else 5)]
    facts["debug"] = run_facts(row, project, "debug")
    if not args.quick:
        say(f"{row.name}: clean release build")
        facts["clean release"], _ = build(project, "--release")
        facts["release"] = run_facts(row, project, "release")
    return facts


def build(project, *flags):
    """(wall, CPU) seconds and the number of crates."""
    cpu, started = children_cpu(), time.monotonic()
    output = command("cargo", "build", "--color", "never", *flags, folder=project)
    took = time.monotonic() - started, children_cpu() - cpu
    return took, len(re.findall(r"^ +Compiling ", output, re.MULTILINE))


def rebuild(row, project, number):
    """Seconds from an edit of one view to a linked program."""
    path = project / row.edit
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(row.literal) + r"( #\d+)?")
    if not pattern.search(text):
        raise RuntimeError(f"`{row.edit}` of {row.name} does not hold `{row.literal}` any more")
    path.write_text(pattern.sub(f"{row.literal} #{number}", text, count=1), encoding="utf-8")
    (wall, cpu), crates = build(project)
    if crates != 1:
        raise RuntimeError(f"the edit of `{row.edit}` of {row.name} rebuilt {crates} crates, not one")
    return wall, cpu


def run_facts(row, project, profile):
    """Size of the program, idle memory of the server, latency of `help` (for a program that has it)."""
    binary = project / "target" / profile / row.binary
    with server.started(row.name, [binary, *row.serve], row.ready, folder=project) as running:
        time.sleep(1)
        rss = running.rss()
    latencies = [help_latency(binary, row.help, project) for _ in range(20)] if row.help else []
    return {"bytes": binary.stat().st_size, "rss": rss, "help": latencies}


def help_latency(binary, words, project):
    started = time.monotonic()
    subprocess.run([str(binary), *words], cwd=project, check=True, capture_output=True, timeout=30)
    return (time.monotonic() - started) * 1000


def command(*words, folder):
    """Everything that the command printed; an error with its end when it fails."""
    # A shared target folder would make no build a clean one.
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    result = subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=LIMIT,
    )
    if result.returncode != 0:
        raise RuntimeError(f"`{' '.join(str(word) for word in words)}` failed:\n{result.stdout[-3000:]}")
    return result.stdout


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def say(line):
    print(line, file=sys.stderr, flush=True)


ROWS = [
    ("crates", lambda facts: f"{facts['crates']}"),
    ("clean debug build, s wall (CPU)", lambda facts: seconds(facts["clean"])),
    ("rebuild and link after editing a view, s median [min–max] (CPU)", lambda facts: spread_seconds(facts["rebuilds"])),
    ("clean release build, s wall (CPU)", lambda facts: seconds(facts["clean release"])),
    ("debug program, MB", lambda facts: f"{facts['debug']['bytes'] / 1e6:.1f}"),
    ("release program, MB", lambda facts: f"{facts['release']['bytes'] / 1e6:.1f}"),
    ("`help`, debug, ms median [min–max]", lambda facts: spread(facts["debug"]["help"])),
    ("`help`, release, ms median [min–max]", lambda facts: spread(facts["release"]["help"])),
    ("idle server, debug, RSS MB", lambda facts: f"{facts['debug']['rss'] / 1e6:.1f}"),
    ("idle server, release, RSS MB", lambda facts: f"{facts['release']['rss'] / 1e6:.1f}"),
]


def table(results):
    """A row a fact, a column a contestant; what was not measured is a dash."""
    lines = ["| | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
    for title, cell in ROWS:
        lines.append(f"| {title} | " + " | ".join(cell_or_dash(cell, facts) for facts in results.values()) + " |")
    return "\n".join(lines)


def cell_or_dash(cell, facts):
    try:
        return cell(facts)
    except KeyError:
        return "–"


def seconds(pair):
    return f"{pair[0]:.1f} ({pair[1]:.1f})"


def spread_seconds(pairs):
    walls, cpus = zip(*pairs)
    return f"{statistics.median(walls):.2f} [{min(walls):.2f}–{max(walls):.2f}] ({statistics.median(cpus):.2f})"


def spread(values):
    return f"{statistics.median(values):.1f} [{min(values):.1f}–{max(values):.1f}]" if values else "–"


def preamble(args):
    return (
        f"{datetime.date.today().isoformat()}, commit {report.commit(ROOT)}, {report.machine()}. "
        f"{3 if args.quick else 5} rebuilds, 20 starts; downloads not counted."
    )


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
