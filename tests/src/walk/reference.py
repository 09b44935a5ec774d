"""Does and undoes migrations that come line by line as JSON, with the reference's own operations and schema editor.

Answers each line with `null`, or with what went wrong.
"""
import datetime
import decimal
import json
import sys
import traceback
import uuid

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": json.loads(sys.argv[1])},
    INSTALLED_APPS=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import functions

NAMES = {"datetime": datetime, "decimal": decimal, "uuid": uuid, "migrations": migrations, "models": models, "functions": functions}
state = ProjectState()
done = []


def forwards(ask):
    global state
    migration = migrations.Migration(ask["name"], ask["app"])
    migration.operations = [eval(text, NAMES) for text in ask["operations"]]
    before = state.clone()
    with connection.schema_editor(atomic=migration.atomic) as editor:
        state = migration.apply(state, editor)
    done.append((before, migration))


def backwards(ask):
    global state
    before, migration = done.pop()
    assert (migration.app_label, migration.name) == (ask["app"], ask["name"])
    with connection.schema_editor(atomic=migration.atomic) as editor:
        migration.unapply(before.clone(), editor)
    state = before


for line in sys.stdin:
    ask = json.loads(line)
    try:
        (forwards if ask["forwards"] else backwards)(ask)
        answer = None
    except Exception:
        answer = traceback.format_exc()
    print(json.dumps(answer), flush=True)
