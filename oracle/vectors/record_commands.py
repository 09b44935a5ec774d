"""Record the command line as facts, without a word of its help texts: verbs, arguments, flags, exit codes, streams.

`record_vectors.py commands` calls `commands()`, which writes commands.json here. Parsers are asked for what they accept; the runs
at the end are real processes of which only the exit status, the streams written to and the ids named are kept.
"""
import argparse
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent / "project"
FULL = "backend.settings_full"
PROFILES = ["backend.settings", FULL, "backend.settings_secure", "backend.settings_insecure", "backend.settings_lax"]

MISSPELT = [
    "migrat", "migrates", "migrte", "mgirate", "migration", "migrations", "makemigration", "make_migrations", "makemigrate", "showmigration", "runsever", "run", "runserve", "server", "serve", "chek", "checks", "test1", "tests", "shel", "createsuperusr", "createuser", "superuser", "startap", "start", "startproj", "new",
    "dumpdat", "dump", "load", "flushdb", "diffsetting", "settings", "db", "sql", "Migrate", "MIGRATE", "nope", "x", "xyzzy", "hlep", "helps", "versio", "collect", "spectaculr",
]
# id, arguments, settings module (and what to set in the environment, None to unset)
RUNS = [
    ("no verb", [], FULL), ("help", ["help"], FULL), ("--help", ["--help"], FULL), ("-h", ["-h"], FULL), ("help --commands", ["help", "--commands"], FULL), ("help of a verb", ["help", "migrate"], FULL), ("--help of a verb", ["migrate", "--help"], FULL), ("-h of a verb", ["migrate", "-h"], FULL), ("help of an unknown verb", ["help", "nope"], FULL), ("version", ["version"], FULL), ("--version", ["--version"], FULL), ("--version of a verb", ["migrate", "--version"], FULL), ("-V is no flag", ["-V"], FULL),
    ("unknown verb", ["nope"], FULL), ("nearly known verb", ["migrat"], FULL), ("verb in capitals", ["MIGRATE"], FULL), ("unknown verb and its help", ["nope", "--help"], FULL), ("a flag before the verb", ["--verbosity", "1", "check"], FULL),
    ("missing positional", ["sqlmigrate"], FULL), ("missing second positional", ["sqlmigrate", "api"], FULL), ("positional too many", ["changepassword", "a", "b"], FULL), ("missing name", ["startapp"], FULL), ("unknown flag", ["check", "--nope"], FULL), ("unknown short flag", ["check", "-Z"], FULL), ("flag cut short", ["check", "--dep"], FULL), ("flag cut short, ambiguous", ["migrate", "--fa"], FULL), ("flag without its value", ["check", "--tag"], FULL), ("flag with equals sign", ["check", "--fail-level=WARNING"], FULL), ("bad choice", ["check", "--fail-level", "NOPE"], FULL), ("choice in lower case", ["check", "--fail-level", "warning"], FULL), ("verbosity out of range", ["check", "-v", "4"], FULL), ("verbosity no number", ["check", "-v", "x"], FULL), ("bad database alias", ["migrate", "--database", "nope"], FULL), ("two colour flags", ["check", "--no-color", "--force-color"], FULL), ("exclusive flags", ["showmigrations", "--list", "--plan"], FULL),
    ("command error", ["sqlmigrate", "api", "9999"], FULL), ("command error with traceback", ["sqlmigrate", "api", "9999", "--traceback"], FULL), ("migrate an unknown app", ["migrate", "nope"], FULL), ("migrate to an unknown migration", ["migrate", "api", "9999"], FULL), ("makemigrations of an unknown app", ["makemigrations", "nope"], FULL), ("showmigrations of an unknown app", ["showmigrations", "nope"], FULL), ("check of an unknown app", ["check", "nope"], FULL), ("flush without a database table", ["flush", "--noinput"], FULL), ("changepassword of an unknown user", ["changepassword", "nobody"], FULL, True), ("createsuperuser without a terminal", ["createsuperuser"], FULL, True), ("createsuperuser --noinput without a name", ["createsuperuser", "--noinput"], FULL, True), ("loaddata without a fixture", ["loaddata"], FULL), ("loaddata of a missing fixture", ["loaddata", "nope"], FULL), ("dumpdata of an unknown app", ["dumpdata", "nope"], FULL), ("startapp with a bad name", ["startapp", "1abc"], FULL), ("startapp with a name that exists", ["startapp", "json"], FULL), ("runserver with a bad address", ["runserver", "nope:x"], FULL), ("runserver with a bad port", ["runserver", "80a"], FULL), ("settings module missing", ["check", "--settings", "nope.settings"], FULL), ("settings module missing, help", ["help", "--settings", "nope.settings"], FULL),
    ("check of a good project", ["check"], FULL), ("check with warnings only", ["check", "--deploy"], "backend.settings"), ("check with warnings only, fail level warning", ["check", "--deploy", "--fail-level", "WARNING"], "backend.settings"), ("check with errors", ["check"], "backend.settings_lax"), ("check with errors, fail level critical", ["check", "--fail-level", "CRITICAL"], "backend.settings_lax"), ("check of a tag", ["check", "--tag", "urls"], FULL), ("check of two tags", ["check", "--tag", "urls", "--tag", "models"], FULL), ("check of an unknown tag", ["check", "--tag", "nope"], FULL), ("check of a deploy tag without --deploy", ["check", "--tag", "async_support"], FULL), ("check of the security tag without --deploy", ["check", "--tag", "security"], "backend.settings_insecure"), ("check --list-tags", ["check", "--list-tags"], FULL), ("check --list-tags --deploy", ["check", "--list-tags", "--deploy"], FULL), ("check of one app", ["check", "api"], FULL), ("check, quiet", ["check", "-v", "0"], FULL),
    ("another command with errors in the checks", ["migrate", "--plan"], "backend.settings_lax"), ("another command with errors, --skip-checks", ["migrate", "--plan", "--skip-checks"], "backend.settings_lax"), ("showmigrations", ["showmigrations"], FULL), ("migrate, quiet", ["migrate", "-v", "0"], FULL), ("migrate --check with unapplied migrations", ["migrate", "--check"], FULL), ("makemigrations --check without changes", ["makemigrations", "--check"], FULL), ("diffsettings", ["diffsettings"], FULL), ("test of a missing module", ["test", "nope.nothing"], FULL),
]


def commands():
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand

    class Bare(BaseCommand):
        """A command without arguments: what every command takes."""

    common = {flag["flags"][-1]: flag for flag in arguments(Bare().create_parser("manage.py", "bare"))["flags"]}
    table = {}
    for verb, app in sorted(get_commands().items()):
        command = load_command_class(app, verb) if isinstance(app, str) else app
        found = arguments(command.create_parser("manage.py", verb))
        app_name = app if isinstance(app, str) else app.__module__.split(".management")[0]
        names = {flag["flags"][-1] for flag in found["flags"]}
        table[verb] = {
            "app": app_name, "positionals": found["positionals"], "flags": [f for f in found["flags"] if common.get(f["flags"][-1]) != f], "lacks": sorted(set(common) - names), "exclusive": found["exclusive"],
            "system_checks": command.requires_system_checks if isinstance(command.requires_system_checks, str) else list(command.requires_system_checks), "migration_checks": command.requires_migrations_checks,
        }
    known = get_commands()
    suggestions = [{"id": "verb `%s`" % w, "verb": w, "close": difflib.get_close_matches(w, known)} for w in MISSPELT]
    data = {
        "about": {
            "common": "the flags that every verb takes; a verb lists only its own; `lacks` names those it does not take", "app": "the package that brings the verb; `django.core` is the framework itself", "kind": "store: takes a value; flag: takes none; append: may be repeated; version, help: print and stop",
            "count": "of values: one, optional, any (also none), some (at least one), rest (everything that follows)", "metavar": "the placeholder in usage, where one is given", "exclusive": "groups of which one may be given", "system_checks": "`__all__` or the tags checked before the command runs",
            "suggestions": "verbs alike, nearest first; the first one is named after an unknown verb", "runs": "of real processes: exit status, whether each stream was written to; `error` is what the error starts with (or, with `traceback`, the class it ends with)", "checks": "`check --deploy` of whole settings modules; `issues` counts all, `ids` leaves out what drf_spectacular says of its own schema", "verbs": "as with the settings `backend.settings_full`",
        },
        "common": list(common.values()), "verbs": table, "suggestions": suggestions, "runs": [run(*entry) for entry in RUNS], "checks": [check_run(settings) for settings in PROFILES],
    }
    assert len({r["id"] for r in data["runs"]}) == len(data["runs"])
    (HERE / "commands.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


COUNTS = {None: "one", "?": "optional", "*": "any", "+": "some", argparse.REMAINDER: "rest"}


def arguments(parser):
    """What a parser accepts, in the order declared."""
    found = {"positionals": [], "flags": [], "exclusive": [[max(a.option_strings, key=len) for a in g._group_actions] for g in parser._mutually_exclusive_groups]}
    for action in parser._actions:
        fact = {"count": COUNTS.get(action.nargs, action.nargs), "metavar": action.metavar, "choices": list(action.choices) if action.choices else None, "type": getattr(action.type, "__name__", None), "default": default_of(action), "required": True if action.required and action.option_strings else None}
        if not action.option_strings:
            found["positionals"].append(slim({"name": action.metavar or action.dest, **fact, "metavar": None}))
        else:
            kind = kind_of(action)
            fact["count"] = fact["count"] if kind in ("store", "append") and action.nargs is not None else None
            found["flags"].append(slim({"flags": action.option_strings, "dest": action.dest, "kind": kind, **fact}))
    return found


def kind_of(action):
    if isinstance(action, argparse._AppendAction):
        return "append"
    if isinstance(action, argparse._VersionAction):
        return "version"
    if isinstance(action, argparse._HelpAction):
        return "help"
    return "flag" if action.nargs == 0 else "store"


def default_of(action):
    """Plain values only; a default taken from the machine is no fact."""
    plain = isinstance(action.default, (str, int, float, bool)) and action.default is not argparse.SUPPRESS
    return action.default if plain and action.dest != "parallel" else None


def slim(fact):
    return {k: v for k, v in fact.items() if v is not None}


def manage(args, settings, migrated=False):
    """A real process in a copy of nothing: its own empty (or migrated) database, no terminal."""
    with tempfile.TemporaryDirectory() as tmp:
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "ORACLE_SQLITE": os.path.join(tmp, "db.sqlite3"), "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
        if migrated:
            subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=PROJECT, env=env, check=True)
        return subprocess.run([sys.executable, "manage.py", *args], cwd=PROJECT, env=env, text=True, capture_output=True, stdin=subprocess.DEVNULL)


def run(id, args, settings, migrated=False):
    done = manage(args, settings, migrated)
    first = (done.stderr.strip().splitlines() or [""])[-1 if "Traceback" in done.stderr else 0]
    error = re.match(r"([\w.]+Error|Unknown command|usage|No installed app)\b", first) if done.returncode else None
    fact = {"id": id, "args": args, "settings": settings, "exit": done.returncode, "stdout": bool(done.stdout), "stderr": bool(done.stderr)}
    if error:
        fact["error"] = error[1]
    if "Traceback" in done.stderr:
        fact["traceback"] = True
    suggested = re.search(r"Did you mean (\S+?)\?", done.stderr)
    if suggested:
        fact["suggestion"] = suggested[1]
    if "--list-tags" in args:
        fact["tags"] = done.stdout.split()
    if "--commands" in args:
        fact["verbs"] = done.stdout.split()
    ids = issue_ids(done)
    if ids:
        fact["ids"] = ids
    return fact


def check_run(settings):
    done = manage(["check", "--deploy"], settings)
    counted = re.search(r"identified (\d+|no) issues? \((\d+) silenced\)", done.stdout + done.stderr)
    return {"id": "check --deploy of " + settings, "settings": settings, "exit": done.returncode, "stdout": bool(done.stdout), "stderr": bool(done.stderr), "issues": 0 if counted[1] == "no" else int(counted[1]), "silenced": int(counted[2]), "ids": issue_ids(done)}


def issue_ids(done):
    """The ids in printed order; those of drf_spectacular describe its own schema, not the settings."""
    return [i for i in re.findall(r"^.*?: \((\w+\.[EWI]\d+)\)", done.stderr + done.stdout, re.M) if not i.startswith("drf_spectacular.")]
