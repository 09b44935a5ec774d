"""What a described query gives: rows with exact types, a number, or the class of an error. Leaves the database as it was."""
import json
import warnings

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from . import build
from .values import encode


class Undo(Exception):
    """Takes back what a statement did."""


def run(said):
    warnings.simplefilter("ignore")
    out = {}
    with CaptureQueriesContext(connection) as seen, timezone.override(said.get("zone", "UTC")):
        try:
            with transaction.atomic():
                out.update(STATEMENTS[said.get("statement", "select")](said))
                raise Undo
        except Undo:
            pass
        except (Exception, EmptyResultSet) as error:
            out = {"error": type(error).__name__, "message": str(error).split("\n")[0]}
    kept = [one["sql"] for one in seen.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))]
    out["sql"] = kept
    return out


def select(said):
    rows = taken(build.query(said["query"]), said.get("full"))
    return {"rows": sorted(rows, key=json.dumps) if said.get("unordered") else rows}


def taken(qs, full=False):
    """Rows of values as they are; of models, the key and what was annotated, or everything that came."""
    if qs._fields is not None:
        # Dates come as they are, not as rows of one value.
        return [[encode(part) for part in (row if isinstance(row, tuple) else (row,))] for row in qs]
    if full:
        return [whole(it, qs.query.annotation_select) for it in qs]
    return [[encode(it.pk), *[encode(getattr(it, name)) for name in qs.query.annotation_select]] for it in qs]


def whole(it, annotations=(), way=()):
    """The fields that came, what was annotated, and the rows that came along."""
    loaded = it.__dict__
    out = {"fields": {field.attname: encode(loaded[field.attname]) for field in it._meta.concrete_fields if field.attname in loaded}}
    if annotations:
        out["annotations"] = {name: encode(getattr(it, name)) for name in annotations}
    parents = {field.name for field in it._meta.parents.values() if field}
    # The way back of one to one is there too.
    came = [(name, other) for name, other in sorted(it._state.fields_cache.items()) if name not in parents and not any(other is one for one in way)]
    related = {name: other and whole(other, way=(*way, it)) for name, other in came}
    if related:
        out["related"] = related
    return out


def count(said):
    return {"value": build.query(said["query"]).count()}


def exists(said):
    return {"value": build.query(said["query"]).exists()}


def aggregate(said):
    found = build.query(said["query"]).aggregate(**{name: build.expr(it) for name, it in said["values"]})
    return {"values": {name: encode(it) for name, it in found.items()}}


def update(said):
    values = {name: build.right(it) for name, it in said["values"]}
    done = build.query(said["query"]).update(**values)
    return {"count": done, "rows": taken(build.query(said["then"]))}


def delete(said):
    qs = build.query(said["query"])
    # Nothing at all where no database was asked.
    done = qs._raw_delete(qs.db) or 0
    return {"count": done, "rows": taken(build.query(said["then"]))}


STATEMENTS = {"select": select, "count": count, "exists": exists, "aggregate": aggregate, "update": update, "delete": delete}
