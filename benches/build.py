"""How long a project takes to build, to rebuild and to start: a new one and one of ten models, beside the smallest program
with plain axum; and what each of the framework's features adds.

    benches/build.py                   debug and release, 5 rebuilds
    benches/build.py --quick           no release build, 3 rebuilds
    benches/build.py --only features   one part of it: plain, new, models, features
    benches/build.py --write           keeps the tables in docs/internals/bench.md

Makes the projects in a temporary folder with target folders of their own, so that every build is clean and nothing of
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
import tomllib
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import build_models  # noqa: E402
import report  # noqa: E402
import server  # noqa: E402
from run import PAGE  # noqa: E402

# No build here may take longer.
LIMIT = 1800


@dataclass(frozen=True)
class Edit:
    """What a rebuild changes: the first text of the file that matches `pattern` becomes `text` with a number in it."""

    file: str
    pattern: str
    text: str

    def of(self, content, number):
        if not re.search(self.pattern, content):
            raise RuntimeError(f"`{self.file}` does not hold `{self.pattern}` any more")
        return re.sub(self.pattern, self.text.replace("{number}", str(number)), content, count=1)


@dataclass(frozen=True)
class Contestant:
    """A project to build, with what is edited of it: a view, and a model where it has one."""

    part: str
    name: str
    make: object  # folder -> the project's folder
    binary: str
    view: Edit
    serve: list
    ready: str
    help: list
    model: Edit | None = None


PARTS = ("plain", "new", "models", "features")


def main():
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="quintet-build-") as folder:
        folder = pathlib.Path(folder)
        rows = [row for row in contestants(args) if row.part in args.only]
        results = {row.name: measure(row, folder, args) for row in rows}
        costs = feature_costs(folder, args) if "features" in args.only else {}
    tables = [table(results)] if results else []
    tables += [feature_table(costs)] if costs else []
    text = "\n\n".join([preamble(args), *tables])
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "build", text, PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="Build times of a new project, beside plain axum's.")
    parser.add_argument("--quick", action="store_true", help="no release build, 3 rebuilds")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part")
    parser.add_argument("--write", action="store_true", help="keep the tables in docs/internals/bench.md")
    args = parser.parse_args()
    if args.write and args.only:
        parser.error("a part is not kept, as the others would be lost")
    args.only = args.only or list(PARTS)
    return args


def contestants(args):
    return [
        Contestant(
            "plain", "plain axum", plain_axum, "plain-axum",
            Edit("src/main.rs", r"Hello, World!( #\d+)?", "Hello, World! #{number}"), ["{address}"], "/json", [],
        ),
        Contestant(
            "new", f"quintet, new project ({args.database})", lambda folder: new_project(folder, args.database), "measured",
            Edit("src/urls.rs", r"It works\.( #\d+)?", "It works. #{number}"), ["serve", "{address}"], "/", ["help"],
        ),
        Contestant(
            "models", f"quintet, {len(build_models.MODELS)} models ({args.database})",
            lambda folder: with_models(folder, args.database), "measured-models",
            Edit(f"{APP}/views.rs", re.escape(build_models.ANSWER) + r"( #\d+)?", build_models.ANSWER + " #{number}"),
            ["serve", "{address}"], f"/{build_models.APP}/", ["help"],
            Edit(f"{APP}/models.rs", r"max_length = \d+", "max_length = 1{number}"),
        ),
    ]


APP = f"src/{build_models.APP}"


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


def new_project(folder, database, name="measured"):
    command("cargo", "build", "--quiet", "-p", "quintet-cli", folder=ROOT)
    command(QUINTET, "startproject", name, "--database", database, folder=folder)
    return folder / name


QUINTET = ROOT / "target" / "debug" / "quintet"


def with_models(folder, database):
    """A new project with an app of ten models and its first migration."""
    project = new_project(folder, database, "measured-models")
    command(QUINTET, "startapp", build_models.APP, folder=project)
    for name, text in build_models.files().items():
        (project / APP / name).write_text(text, encoding="utf-8")
    urls = project / "src/urls.rs"
    urls.write_text(build_models.included(urls.read_text(encoding="utf-8")), encoding="utf-8")
    say("writing the migration of ten models")
    with tempfile.TemporaryDirectory(prefix="quintet-build-") as target:
        command("cargo", "run", "--quiet", "--target-dir", target, "--", "makemigrations", folder=project)
    return project


def measure(row, folder, args):
    say(f"{row.name}: making")
    project = row.make(folder)
    command("cargo", "fetch", "--quiet", folder=project)
    facts = {}
    say(f"{row.name}: clean debug build")
    facts["clean"], facts["crates"] = build(project)
    say(f"{row.name}: rebuilds")
    rebuilds = range(3 if args.quick else 5)
    facts["rebuilds"] = [rebuild(row.name, row.view, project, number) for number in rebuilds]
    if row.model:
        facts["models"] = [rebuild(row.name, row.model, project, number) for number in rebuilds]
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


def rebuild(name, edit, project, number):
    """Seconds from an edit to a linked program."""
    path = project / edit.file
    path.write_text(edit.of(path.read_text(encoding="utf-8"), number), encoding="utf-8")
    (wall, cpu), crates = build(project)
    if crates != 1:
        raise RuntimeError(f"the edit of `{edit.file}` of {name} rebuilt {crates} crates, not one")
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
    ("rebuild and link after changing a model, s median [min–max] (CPU)", lambda facts: spread_seconds(facts["models"])),
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


# What features add.


def features(manifest):
    """Those that a project can ask for: the rows of `[features]`, but for what is on anyway."""
    return [name for name in tomllib.loads(manifest).get("features", {}) if name != "default"]


def feature_costs(folder, args):
    """Facts of clean builds of a new project: without a feature, with each, with all."""
    project = new_project(folder, args.database, "featured")
    command("cargo", "fetch", "--quiet", folder=project)
    names = features((ROOT / "crates/quintet/Cargo.toml").read_text(encoding="utf-8"))
    sets = {"none": [], **{f"`{name}`": [name] for name in names}}
    sets |= {"all": names} if len(names) > 1 else {}
    return {title: feature_facts(title, some, project, args) for title, some in sets.items()}


def feature_facts(title, some, project, args):
    flags = [word for name in some for word in ("--features", f"quintet/{name}")]
    facts = {}
    for profile in ("debug",) if args.quick else ("debug", "release"):
        say(f"features, {title}: clean {profile} build")
        with tempfile.TemporaryDirectory(prefix="quintet-build-") as target:
            in_profile = ["--release"] if profile == "release" else []
            took, crates = build(project, "--target-dir", target, *in_profile, *flags)
            size = (pathlib.Path(target) / profile / "featured").stat().st_size
        facts |= {"crates": crates, f"clean {profile}": took, profile: {"bytes": size}}
    return facts


FEATURE_COLUMNS = [
    ("crates", lambda facts: facts["crates"], 0),
    ("clean debug build, s", lambda facts: facts["clean debug"][0], 1),
    ("CPU s", lambda facts: facts["clean debug"][1], 1),
    ("debug program, MB", lambda facts: facts["debug"]["bytes"] / 1e6, 1),
    ("clean release build, s", lambda facts: facts["clean release"][0], 1),
    ("CPU s", lambda facts: facts["clean release"][1], 1),
    ("release program, MB", lambda facts: facts["release"]["bytes"] / 1e6, 1),
]


def feature_table(costs):
    """A row for each set of features; behind each number what it is more than that of the first row."""
    lines = [
        "**A new project with the framework's features**, debug and release; in brackets: more than without",
        "",
        "| features | " + " | ".join(title for title, _, _ in FEATURE_COLUMNS) + " |",
        "|---" * (len(FEATURE_COLUMNS) + 1) + "|",
    ]
    first = next(iter(costs.values()))
    for title, facts in costs.items():
        cells = (cell_or_dash(lambda facts: more(of, digits, facts, first), facts) for _, of, digits in FEATURE_COLUMNS)
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def more(of, digits, facts, first):
    number = of(facts)
    return f"{number:.{digits}f}" + (f" ({number - of(first):+.{digits}f})" if facts is not first else "")


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
