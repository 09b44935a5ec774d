"""What the derive of models costs to build: a crate with models, beside the same structs without the derive.

    benches/derive.py               100 models of 8 fields, 5 rounds
    benches/derive.py --quick       3 rounds
    benches/derive.py --write       keeps the table in docs/internals/bench.md

Makes both crates under benches/target. Debug builds; what they depend on is built before. A round may meet a busy minute:
trust the CPU times.
"""

import argparse
import datetime
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "scripts"))

import history  # noqa: E402
import report  # noqa: E402
from migrations import LIMIT, children_cpu, say  # noqa: E402
from run import PAGE  # noqa: E402

MODELS = 100
NAMES = ("with the derive", "without")


def main():
    args = arguments()
    folder = HERE / "target/derive"
    for name in NAMES:
        make(folder / crate(name), name)
        build(folder / crate(name))
    facts = {name: {"clean": [], "rebuild": []} for name in NAMES}
    for number in range(args.rounds):
        for name in NAMES:
            say(f"round {number + 1} of {args.rounds}, {name}")
            facts[name]["clean"].append(clean(folder / crate(name), name))
            facts[name]["rebuild"].append(rebuild(folder / crate(name), number))
    text = f"{preamble(args)}\n\n{table(facts)}"
    print(text)
    if args.write:
        report.replace(ROOT / "docs/internals/bench.md", "derive", text, PAGE)


def arguments():
    parser = argparse.ArgumentParser(description="What the derive of models costs to build.")
    parser.add_argument("--quick", action="store_true", help="3 rounds")
    parser.add_argument("--rounds", type=int, help="number of rounds, at most 50")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/internals/bench.md")
    args = parser.parse_args()
    args.rounds = min(args.rounds or (3 if args.quick else 5), 50)
    return args


def crate(name):
    return "derive-" + name.split()[0]


def make(folder, name):
    has_derive = name == NAMES[0]
    history.keep(folder / "Cargo.toml", history.RUST_MANIFEST.format(name=crate(name), quintet=ROOT / "crates/quintet"))
    history.keep(folder / "Cargo.lock", (HERE / "Cargo.lock").read_text(encoding="utf-8"))
    names = ", ".join(model(number) for number in range(MODELS)) if has_derive else ""
    main = history.RUST_MAIN.replace("{modules}", "mod app;\n").replace("{apps}", "app::app()")
    history.keep(folder / "src/main.rs", f"#![allow(dead_code)]\n{main.partition(chr(10))[2]}")
    history.keep(folder / "src/app/mod.rs", APP.replace("{models}", names))
    text = USES + "".join(MODEL.replace("{name}", model(number)) for number in range(MODELS))
    if not has_derive:
        text = re.sub(r"^ *#\[.*\]\n", "", text, flags=re.MULTILINE)
    history.keep(folder / "src/app/models.rs", text)


def model(number):
    return f"Model{number:03}"


def build(folder):
    """Wall and CPU seconds."""
    environment = {key: value for key, value in os.environ.items() if key != "CARGO_TARGET_DIR"}
    cpu, started = children_cpu(), time.monotonic()
    result = subprocess.run(
        [*CARGO, "build"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=LIMIT,
    )
    took = time.monotonic() - started, children_cpu() - cpu
    if result.returncode != 0:
        raise RuntimeError(f"the build of `{folder}` failed:\n{result.stdout[-3000:]}")
    return took


CARGO = ["cargo", "--quiet", "--config", f"build.target-dir='{HERE / 'target'}'"]


def clean(folder, name):
    subprocess.run([*CARGO, "clean", "-p", crate(name)], cwd=folder, check=True, timeout=60)
    return build(folder)


def rebuild(folder, number):
    """After a field of the first model has another name."""
    path = folder / "src/app/models.rs"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"pub title\w*:", f"pub title{number}:", text, count=1), encoding="utf-8")
    return build(folder)


def table(facts):
    """A row a build, a column a crate, and the difference by model."""
    lines = ["| s median [min–max] (CPU) | " + " | ".join(NAMES) + " | ms a model (CPU) |", "|---" * 4 + "|"]
    for key, title in (("clean", "clean build of the crate"), ("rebuild", "rebuild after editing a model")):
        cells = " | ".join(spread(facts[name][key]) for name in NAMES)
        wall, cpu = (
            (middle(facts[NAMES[0]][key], at) - middle(facts[NAMES[1]][key], at)) * 1000 / MODELS for at in (0, 1)
        )
        lines.append(f"| {title} | {cells} | {wall:.1f} ({cpu:.1f}) |")
    return "\n".join(lines)


def middle(pairs, at):
    return statistics.median(pair[at] for pair in pairs)


def spread(pairs):
    walls = [wall for wall, _ in pairs]
    return f"{middle(pairs, 0):.2f} [{min(walls):.2f}–{max(walls):.2f}] ({middle(pairs, 1):.2f})"


def preamble(args):
    return (
        f"{datetime.date.today().isoformat()}, commit {report.commit(ROOT)}, {report.machine()}, load "
        f"{os.getloadavg()[0]:.1f}. {MODELS} models of 8 fields, debug, linked; {args.rounds} rounds, by turns; what the "
        "crate depends on was built before."
    )


APP = """//! An app.

pub mod models;

#[allow(unused_imports)]
use models::*;

quintet::app! { app, models = [{models}] }
"""

# The key is to a model that is one in both crates.
USES = """use quintet::apps::auth::models::User;
use quintet::prelude::*;
"""

MODEL = """
#[derive(Model)]
pub struct {name} {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub slug: Slug,
    #[field(default = 0)]
    pub count: i32,
    #[field(default = true)]
    pub active: bool,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade, blank)]
    pub owner: Option<ForeignKey<User>>,
}
"""


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
