"""Run the described queries on SQLite and on PostgreSQL, and write what they gave.

    python -m recorder.queries [--sqlite-only] [--show ID...]
Writes vectors/queries/: models.json, schema.*.sql, data.json, cases.jsonl. PostgreSQL as oracle/README.md says.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "vectors" / "queries"
APPS = ["contenttypes", "auth", "api", "shop", "census"]
DATABASE = "oracle_queries"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vendor")
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--show", nargs="*")
    options = parser.parse_args()
    if options.vendor:
        return child(options.vendor)
    OUT.mkdir(exist_ok=True)
    vendors = ["sqlite"] if options.sqlite_only else ["sqlite", "postgresql"]
    ran = {vendor: run(vendor) for vendor in vendors}
    lines = []
    for at, said in enumerate(ran["sqlite"]["cases"]):
        results = {vendor: ran[vendor]["results"][at] for vendor in vendors}
        sql = {vendor: [short(one) for one in result.pop("sql")] for vendor, result in results.items()}
        # What is the same is written once.
        first, *others = results.values()
        if others == [first]:
            results = {"both": first}
            del sql["postgresql"]
        line = {**said, "result": results, "sql": sql}
        if options.show is not None and said["id"] in options.show:
            print(json.dumps(line, indent=1, ensure_ascii=False))
        lines.append(line)
    if options.show is not None:
        return None
    for vendor in vendors:
        (OUT / ("schema.%s.sql" % vendor)).write_text(ran[vendor]["schema"], encoding="utf-8")
    (OUT / "models.json").write_text(rows_of(ran["sqlite"]["models"]), encoding="utf-8")
    (OUT / "data.json").write_text(rows_of(ran["sqlite"]["data"]), encoding="utf-8")
    (OUT / "cases.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    report(lines, vendors)
    return None


def short(sql):
    """The many columns of a table as one star: the text is there to be read."""
    return re.sub(r'(?:"(\w+)"\."\w+", ){4,}"\1"\."\w+"', r'"\1".*', sql)


def rows_of(them):
    """One a line."""
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in them) + "\n]\n"


def report(lines, vendors):
    ids = [line["id"] for line in lines]
    assert len(ids) == len(set(ids)), [one for one, often in collections.Counter(ids).items() if often > 1]
    for vendor in vendors:
        results = [of(line, vendor) for line in lines]
        errors = collections.Counter(result["error"] for result in results if "error" in result)
        empty = sum(result.get("rows") == [] for result in results)
        print("%s: %d queries, %d without rows, errors %s" % (vendor, len(lines), empty, dict(errors)))
    for line in lines:
        seen = [of(line, vendor).get("rows") for vendor in vendors]
        if len(seen) == 2 and None not in seen and seen[0] != seen[1] and not line.get("unordered"):
            if sorted(map(json.dumps, seen[0])) == sorted(map(json.dumps, seen[1])):
                print("the order differs: %s" % line["id"])


def of(line, vendor):
    return line["result"].get("both") or line["result"][vendor]


def run(vendor):
    """What a process of its own says, which has one database."""
    with tempfile.TemporaryDirectory() as tmp:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "backend.settings_queries", "PYTHONHASHSEED": "0", "ORACLE_SQLITE": "%s/queries.sqlite3" % tmp,
               "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "project"), str(ROOT / "autodetector")])}
        if vendor == "postgresql":
            env.update(DB_ENGINE="postgresql", DB_NAME=DATABASE, DB_USER=os.environ["PGUSER"], DB_HOST=os.environ["PGHOST"], DB_PORT=os.environ["PGPORT"])
            for sql in ["DROP DATABASE IF EXISTS %s" % DATABASE, "CREATE DATABASE %s" % DATABASE]:
                subprocess.run(["psql", "-qX", "-d", os.environ["PGDATABASE"], "-c", sql], check=True, capture_output=True)
        done = subprocess.run([sys.executable, "-m", "recorder.queries", "--vendor", vendor], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        return json.loads(done.stdout)


def state(encoded):
    """A model's state, with what the reference's own leaves out: relations to itself that go one way only."""
    from django.apps import apps
    model = apps.get_model(encoded["app"], encoded["name"])
    for name, field in encoded["fields"]:
        if field["class"] == "ManyToManyField" and model._meta.get_field(name).remote_field.model is model:
            field["kwargs"]["symmetrical"] = model._meta.get_field(name).remote_field.symmetrical
    return encoded


def child(vendor):
    import django
    django.setup()
    import encode
    from django.apps import apps
    from django.db import connection

    from . import cases, data, runner
    assert connection.vendor == vendor
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    with connection.schema_editor(collect_sql=True) as editor:
        if vendor == "postgresql":
            # What the digests need.
            editor.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
        for model in models:
            if not model._meta.proxy:
                editor.create_model(model)
    schema = "\n".join(editor.collected_sql) + "\n"
    with connection.cursor() as cursor:
        for statement in editor.collected_sql:
            cursor.execute(statement)
    rows = data.make()
    data.load(rows)
    connection.check_constraints()
    described = cases.all_cases()
    json.dump({
        "schema": schema, "models": [state(model) for app in APPS for model in encode.app(app)], "data": data.dump(rows), "cases": described,
        "results": [runner.run(said) for said in described],
    }, sys.stdout)


if __name__ == "__main__":
    main()
