"""Write the scenarios' models and recorded migrations as data: states.jsonl, next to this file.

    python autodetector/export.py

The models are those of scenarios.py, the operations those of results.jsonl. Nothing is recorded again: where the
operations do not describe themselves as they did when they were recorded, the script stops.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from run import HEADER  # noqa: E402

CHILD = r'''
import json, os, sys
from django.conf import settings
job = json.load(sys.stdin)
conf = dict(SECRET_KEY="x", USE_TZ=True, DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "lab"], SILENCED_SYSTEM_CHECKS=[])
conf.update(job["settings"])
settings.configure(**conf)
import django
django.setup()
import encode
out = {"models": [model for app in job["apps"] for model in encode.app(app)], "migrations": {}}
for variant, texts in job["migrations"].items():
    seen = []
    for name, text in sorted(texts.items()):
        space = {}
        exec(compile(text, name, "exec"), space)
        migration = space["Migration"](name, "lab")
        out["migrations"].setdefault(variant, {})[name] = encode.migration(migration)
        seen += [[type(op).__name__, op.describe(), op.migration_name_fragment] for op in migration.operations]
    recorded = job["recorded"].get(variant)
    if recorded is not None and recorded != seen:
        raise SystemExit("%s: the operations differ from the recorded ones: %s" % (variant, seen))
json.dump(out, sys.stdout)
'''

# When the recorded migrations were made, where their text has such a moment.
NOW = "2024, 1, 31, 12, 0"


def child(source, settings=None, migrations=None, recorded=None, apps=("lab",)):
    """The models of a source, and migrations as data, in a process of their own."""
    with tempfile.TemporaryDirectory(prefix="lab-") as tmp:
        work = pathlib.Path(tmp)
        (work / "lab").mkdir()
        (work / "lab" / "__init__.py").write_text("")
        (work / "lab" / "models.py").write_text(HEADER + source)
        job = {"settings": settings or {}, "migrations": migrations or {}, "recorded": recorded or {}, "apps": apps}
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([tmp, str(HERE)]), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        done = subprocess.run([sys.executable, "-c", CHILD], cwd=tmp, env=env, text=True, capture_output=True, input=json.dumps(job))
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)


def text_of(recorded):
    return re.sub(r"<NOW>", NOW, recorded)


def export(recorded):
    """One line: the models before and after, and the migrations of each variant."""
    before, after = recorded["before"], recorded["after"]
    if recorded["id"] == "merge":
        after = after.replace("b = ...", "b = models.IntegerField(default=0)")
        variants, settings = {"merge": {"migrations": recorded["migrations"]}}, None
    else:
        variants = {name: recorded[name] for name in ("interactive", "noinput") if name in recorded}
        settings = recorded["interactive"].get("settings")
    texts = {name: {key: text_of(text) for key, text in run["migrations"].items()} for name, run in variants.items() if "migrations" in run}
    # An error of `inspect` left no list of operations.
    known = {name: run["operations"] for name, run in variants.items() if "operations" in run}
    first = child(before)
    last = child(after, settings, texts, known)
    return {"id": recorded["id"], "before": first["models"], "after": last["models"], "migrations": last["migrations"]}


def labelled(recorded):
    try:
        return export(recorded)
    except Exception as exc:
        raise RuntimeError("%s: %s" % (recorded["id"], exc)) from exc


def main():
    lines = [json.loads(line) for line in (HERE / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    base = child("", apps=("contenttypes", "auth"))["models"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        out = [{"id": "$base", "before": base, "after": base, "migrations": {}}, *pool.map(labelled, lines)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in out)
    (HERE / "states.jsonl").write_text(text, encoding="utf-8")
    print("%d scenarios" % (len(out) - 1))


if __name__ == "__main__":
    main()
