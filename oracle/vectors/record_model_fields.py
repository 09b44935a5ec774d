"""Record the fields that a ModelSerializer makes of the models of the project.

    python vectors/record_model_fields.py
Writes model_fields.json here: for each model and field what OPTIONS says of it (`info`), `class`, `allow_null`, `allow_blank`, `allow_empty`, the classes
of its `validators` in order with their messages, and the `default`; with the ranges of whole numbers of SQLite and of PostgreSQL (`sqlite`, `postgres`).
"""
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "project"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings_full")
os.environ.setdefault("ORACLE_SQLITE", ":memory:")

import django  # noqa: E402

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.base.operations import BaseDatabaseOperations  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.metadata import SimpleMetadata  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402


def plain(value):
    return json.loads(JSONRenderer().render(value))


def facts(field):
    info = SimpleMetadata().get_field_info(field)
    own = {"class": type(field).__name__, "info": plain(info), "allow_null": field.allow_null}
    for name in ("allow_blank", "allow_empty"):
        if hasattr(field, name):
            own[name] = getattr(field, name)
    if isinstance(field, serializers.SlugRelatedField):
        own["slug_field"] = field.slug_field
    asked = []
    for validator in [] if field.read_only else field.validators:
        name = type(validator).__name__
        asked.append([name, str(validator.message)] if name == "UniqueValidator" else [name])
    own["validators"] = asked
    return own


def record():
    models = {}
    for label in ("api", "shop", "auth"):
        for model in apps.get_app_config(label).get_models():
            meta = type("Meta", (), {"model": model, "fields": "__all__"})
            serializer = type(f"{model.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta})()
            names = {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}
            built = {}
            info = serializers.model_meta.get_field_info(model)
            for name in serializer.get_default_field_names({}, info):
                if name not in names:
                    continue
                # Without the options that serializers add for uniqueness over several fields.
                field_class, kwargs = serializer.build_field(name, info, model, 0)
                field = field_class(**kwargs)
                field.bind(name, serializer)
                built[name] = facts(field)
            models[model._meta.label] = built
    return models


if __name__ == "__main__":
    both = {"sqlite": record()}
    exact = BaseDatabaseOperations(connection)
    connection.ops.integer_field_range = exact.integer_field_range
    for model in apps.get_models():
        for field in model._meta.fields:
            # The ranges are kept with the field once they were asked for.
            field.__dict__.pop("validators", None)
    both["postgres"] = record()
    lines = json.dumps(both, ensure_ascii=False, indent=1)
    (HERE / "model_fields.json").write_text(lines + "\n")
