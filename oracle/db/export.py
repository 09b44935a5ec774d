"""Write the operations of every migration of the project as data: operations.json, next to this file.

    python db/export.py
"""
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "project"), str(HERE.parent / "autodetector")]
APPS = ["contenttypes", "auth", "admin", "sessions", "token_blacklist", "api", "shop"]


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings_full"
    import django

    django.setup()
    import encode
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    leaves = sorted(key for key in loader.graph.leaf_nodes() if key[0] in APPS)
    order = []
    for leaf in leaves:
        order += [key for key in loader.graph.forwards_plan(leaf) if key not in order]
    out = []
    for app, name in order:
        out.append({"app": app, "name": name, **encode.migration(loader.disk_migrations[app, name])})
    missing = [key for key in loader.disk_migrations if key[0] in APPS and key not in order]
    if missing:
        raise SystemExit("not in the plan: %s" % missing)
    text = "[\n" + ",\n".join(json.dumps(line, ensure_ascii=False) for line in out) + "\n]\n"
    (HERE / "operations.json").write_text(text, encoding="utf-8")
    print("%d migrations" % len(out))


if __name__ == "__main__":
    main()
