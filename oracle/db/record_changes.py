"""Record what the reference does to tables for changes that no other recording has.

    scripts/postgres oracle/venv/bin/python oracle/db/record_changes.py

Writes changes.jsonl, next to this file. A line is a case: the migration before (`setup`), the migration of the case, and
per database the script that is shown for them (`script`, and `reverse`), the statements that are run when they are
applied and undone (`forwards`, `backwards`), or the error in their place. All statements have been run, in a database
`oracle_changes` that is dropped and created again.
"""
import datetime
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "autodetector"))

import django
import psycopg
from django.conf import settings

SCRATCH = "oracle_changes"

with psycopg.connect(autocommit=True) as server:
    server.execute("DROP DATABASE IF EXISTS %s" % SCRATCH)
    server.execute("CREATE DATABASE %s" % SCRATCH)

settings.configure(
    USE_TZ=True,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
        "pg": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": SCRATCH,
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "USER": os.environ["PGUSER"],
        },
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connections, models  # noqa: E402
from django.db.backends.base.schema import BaseDatabaseSchemaEditor  # noqa: E402
from django.db.migrations import Migration  # noqa: E402
from django.db.migrations import operations as op  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint  # noqa: E402
from django.db.models.functions import Lower, Now, Upper  # noqa: E402

import encode  # noqa: E402


def auto():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def char(n=10, **kw):
    return models.CharField(max_length=n, **kw)


def key(to, **kw):
    return models.ForeignKey(to, models.CASCADE, **kw)


def create(name, *fields, pk=None, **options):
    return op.CreateModel(name, [pk or auto(), *fields], options=options)


TAG = create("Tag", ("label", char()))
NOTE = create("Note", ("title", char(100)), ("rank", models.IntegerField(null=True)))
KEYED = create("Note", ("title", char(100)), ("tag", key("lab.Tag")), ("rank", models.IntegerField()))
MANY = create("Note", ("title", char(100)), ("tags", models.ManyToManyField("lab.Tag")))
SELF = create("Node", ("parent", key("lab.Node", null=True)), ("name", char()), ("rank", models.IntegerField()))
SLUGGED = create("Tag", ("slug", char(unique=True)), ("label", char()))
RICH = create(
    "Note", ("title", char(100)), ("rank", models.IntegerField(default=0)), ("body", models.TextField()), ("tag", key("lab.Tag")),
    unique_together={("title", "rank")},
    indexes=[Index(fields=["title"], name="by_title"), Index(fields=["-rank", "body"], name="by_rank"), Index(Lower("title"), name="by_lower")],
    constraints=[
        CheckConstraint(condition=Q(rank__gte=0), name="rank_positive"), UniqueConstraint(fields=["body", "tag"], name="one_body"),
        UniqueConstraint(fields=["title"], condition=Q(rank=1), name="one_first"), UniqueConstraint(Upper("title"), name="one_upper"),
    ],
)

# name, setup, operations
CASES = [
    ("remade_with_everything", [TAG, RICH], [op.AddField("note", "done", models.BooleanField(default=False))]),
    ("remade_with_everything_on_alter", [TAG, RICH], [op.AlterField("note", "title", char(200))]),
    ("remove_indexed_field", [TAG, RICH], [op.RemoveIndex("note", "by_rank"), op.AlterUniqueTogether("note", set()), op.RemoveConstraint("note", "rank_positive"), op.RemoveConstraint("note", "one_first"), op.RemoveField("note", "rank")]),
    ("rename_column", [NOTE], [op.RenameField("note", "title", "name")]),
    ("rename_key", [TAG, KEYED], [op.RenameField("note", "tag", "label")]),
    ("rename_unique", [SLUGGED], [op.RenameField("tag", "slug", "code")]),
    ("rename_indexed", [create("Note", ("title", char(db_index=True)))], [op.RenameField("note", "title", "name")]),
    ("rename_in_unique_together", [create("Note", ("a", char()), ("b", char()), unique_together={("a", "b")})], [op.RenameField("note", "a", "c")]),
    ("rename_key_in_unique_together", [TAG, create("Note", ("a", char()), ("tag", key("lab.Tag")), unique_together={("a", "tag")})], [op.RenameField("note", "tag", "label")]),
    ("null_to_default", [NOTE], [op.AlterField("note", "rank", models.IntegerField(default=7))]),
    ("null_to_nothing", [NOTE], [op.AlterField("note", "rank", models.IntegerField())]),
    ("null_to_one_off", [NOTE], [op.AlterField("note", "rank", models.IntegerField(default=3), preserve_default=False)]),
    ("null_to_db_default", [NOTE], [op.AlterField("note", "rank", models.IntegerField(db_default=4))]),
    ("to_null", [TAG, KEYED], [op.AlterField("note", "rank", models.IntegerField(null=True))]),
    ("two_alters", [TAG, KEYED], [op.AlterField("note", "rank", models.BigIntegerField()), op.AlterField("note", "title", models.TextField())]),
    ("remove_then_add", [TAG, KEYED], [op.RemoveField("note", "rank"), op.AddField("note", "level", models.IntegerField(default=1)), op.AddField("note", "depth", models.IntegerField(default=2))]),
    ("create_then_add", [], [TAG, op.AddField("tag", "n", models.IntegerField(default=1)), op.AddField("tag", "m", models.IntegerField(null=True, db_index=True))]),
    ("self_reference_remade", [SELF], [op.AddField("node", "done", models.BooleanField(default=True))]),
    ("self_reference_altered", [SELF], [op.AlterField("node", "rank", models.BigIntegerField())]),
    ("self_key_altered", [SELF], [op.AlterField("node", "parent", key("lab.Node", default=1))]),
    ("own_type_changes", [SELF], [op.AlterField("node", "id", models.CharField(max_length=9, primary_key=True))]),
    ("key_type_changes", [create("Tag", ("label", char()), pk=("id", models.IntegerField(primary_key=True))), KEYED], [op.AlterField("tag", "id", models.BigIntegerField(primary_key=True))]),
    ("key_type_changes_for_join", [create("Tag", ("label", char()), pk=("id", models.IntegerField(primary_key=True))), MANY], [op.AlterField("tag", "id", models.BigIntegerField(primary_key=True))]),
    ("own_key_type_changes_for_join", [TAG, create("Note", ("tags", models.ManyToManyField("lab.Tag")), pk=("id", models.IntegerField(primary_key=True)))], [op.AlterField("note", "id", models.BigIntegerField(primary_key=True))]),
    ("to_field_type_changes", [SLUGGED, create("Note", ("tag", key("lab.Tag", to_field="slug")))], [op.AlterField("tag", "slug", char(50, unique=True))]),
    ("unique_added", [NOTE], [op.AlterField("note", "title", char(100, unique=True))]),
    ("unique_removed", [SLUGGED], [op.AlterField("tag", "slug", char())]),
    ("index_added", [NOTE], [op.AlterField("note", "title", char(100, db_index=True))]),
    ("index_removed", [create("Note", ("title", char(db_index=True)))], [op.AlterField("note", "title", char())]),
    ("key_becomes_one_to_one", [TAG, KEYED], [op.AlterField("note", "tag", models.OneToOneField("lab.Tag", models.CASCADE))]),
    ("key_loses_constraint", [TAG, KEYED], [op.AlterField("note", "tag", key("lab.Tag", db_constraint=False))]),
    ("key_becomes_number", [TAG, KEYED], [op.AlterField("note", "tag", models.BigIntegerField(db_column="tag_id"))]),
    ("number_becomes_key", [TAG, NOTE], [op.AlterField("note", "rank", key("lab.Tag", null=True))]),
    ("key_repointed", [TAG, create("Other", ("x", char())), KEYED], [op.AlterField("note", "tag", key("lab.Other"))]),
    ("positive", [NOTE], [op.AlterField("note", "rank", models.PositiveIntegerField(null=True)), op.AddField("note", "n", models.PositiveSmallIntegerField(null=True))]),
    ("json", [NOTE], [op.AddField("note", "data", models.JSONField(null=True)), op.AddField("note", "more", models.JSONField(default=dict)), op.RemoveField("note", "data")]),
    ("add_many", [TAG, NOTE], [op.AddField("note", "tags", models.ManyToManyField("lab.Tag")), op.RemoveField("note", "tags")]),
    ("alter_many_target", [TAG, create("Other", ("x", char())), MANY], [op.AlterField("note", "tags", models.ManyToManyField("lab.Other"))]),
    ("alter_many_table", [TAG, MANY], [op.AlterField("note", "tags", models.ManyToManyField("lab.Tag", db_table="links"))]),
    ("rename_many", [TAG, MANY], [op.RenameField("note", "tags", "labels")]),
    ("many_to_self", [create("Node", ("friends", models.ManyToManyField("lab.Node")))], [op.RenameModel("Node", "Person")]),
    ("rename_model_with_all", [TAG, RICH, create("Leaf", ("note", key("lab.Note")), ("notes", models.ManyToManyField("lab.Note", related_name="+")))], [op.RenameModel("Note", "Memo")]),
    ("rename_target_of_two", [TAG, create("Note", ("a", key("lab.Tag", related_name="x")), ("b", key("lab.Tag", related_name="y")))], [op.RenameModel("Tag", "Label")]),
    ("rename_target_of_many", [TAG, MANY], [op.RenameModel("Tag", "Label")]),
    ("rename_owner_of_many", [TAG, MANY], [op.RenameModel("Note", "Memo")]),
    ("rename_self_reference", [SELF], [op.RenameModel("Node", "Leaf")]),
    ("table", [TAG, MANY], [op.AlterModelTable("note", "papers")]),
    ("unique_together", [NOTE], [op.AlterUniqueTogether("note", {("title", "rank")}), op.AlterUniqueTogether("note", {("rank", "title")}), op.AlterUniqueTogether("note", set())]),
    ("order", [TAG, KEYED], [op.AlterOrderWithRespectTo("note", "tag")]),
    ("order_remade", [TAG, create("Note", ("tag", key("lab.Tag")), ("title", char()), order_with_respect_to="tag")], [op.AddField("note", "n", models.IntegerField(default=1)), op.AlterOrderWithRespectTo("note", None)]),
    ("checks", [NOTE], [op.AddConstraint("note", CheckConstraint(condition=Q(rank__gt=0) | Q(rank=None), name="c")), op.RemoveConstraint("note", "c")]),
    ("uniques", [NOTE], [op.AddConstraint("note", UniqueConstraint(fields=["title", "rank"], name="u")), op.RemoveConstraint("note", "u")]),
    ("unique_deferrable", [NOTE], [op.AddConstraint("note", UniqueConstraint(fields=["title"], name="u", deferrable=models.Deferrable.DEFERRED)), op.AddField("note", "n", models.IntegerField(default=1)), op.RemoveConstraint("note", "u")]),
    ("unique_including", [NOTE], [op.AddConstraint("note", UniqueConstraint(fields=["title"], name="u", include=["rank"])), op.AddField("note", "n", models.IntegerField(default=1)), op.RemoveConstraint("note", "u")]),
    ("unique_nulls", [NOTE], [op.AddConstraint("note", UniqueConstraint(fields=["rank"], name="u", nulls_distinct=False)), op.RemoveConstraint("note", "u")]),
    ("unique_expression", [NOTE], [op.AddConstraint("note", UniqueConstraint(Lower("title"), F("rank").desc(), name="u")), op.AddField("note", "n", models.IntegerField(default=1)), op.RemoveConstraint("note", "u")]),
    ("indexes", [NOTE], [op.AddIndex("note", Index(fields=["title", "-rank"], name="i")), op.AddIndex("note", Index(Lower("title").desc(), name="j", condition=Q(rank__gt=1))), op.RenameIndex("note", "k", old_name="i"), op.RemoveIndex("note", "j")]),
    ("created_with_all", [TAG], [RICH]),
    ("delete_with_join", [TAG, MANY], [op.DeleteModel("Note")]),
    ("deferred_go_with_table", [TAG], [NOTE, create("Temp", ("tag", key("lab.Tag")), ("n", models.IntegerField(db_index=True))), op.DeleteModel("Temp")]),
    ("deferred_follow_table", [TAG], [create("Temp", ("tag", key("lab.Tag")), ("n", models.IntegerField(db_index=True))), op.AlterModelTable("temp", "lasting")]),
    ("deferred_follow_remake", [TAG], [create("Temp", ("tag", key("lab.Tag")), ("n", models.IntegerField(db_index=True)), unique_together={("tag", "n")}), op.AddField("temp", "m", models.IntegerField(default=1))]),
    ("deferred_go_with_column", [TAG], [create("Temp", ("tag", key("lab.Tag")), ("n", models.IntegerField(db_index=True))), op.RemoveField("temp", "n")]),
    ("db_default_added", [NOTE], [op.AddField("note", "n", models.IntegerField(db_default=3)), op.AddField("note", "m", models.IntegerField(db_default=3, null=True)), op.AddField("note", "at", models.DateTimeField(db_default=Now()))]),
    ("db_default_altered", [create("Note", ("n", models.IntegerField(db_default=3)))], [op.AlterField("note", "n", models.IntegerField(db_default=4)), op.AlterField("note", "n", models.IntegerField())]),
    ("generated_added", [NOTE], [op.AddField("note", "twice", models.GeneratedField(expression=F("rank") * 2, output_field=models.IntegerField(), db_persist=True))]),
    ("generated_remade", [create("Note", ("n", models.IntegerField()), ("twice", models.GeneratedField(expression=F("n") * 2, output_field=models.IntegerField(), db_persist=True)))], [op.AddField("note", "m", models.IntegerField(default=1)), op.RemoveField("note", "twice")]),
    ("generated_altered", [create("Note", ("n", models.IntegerField()), ("twice", models.GeneratedField(expression=F("n") * 2, output_field=models.IntegerField(), db_persist=True)))], [op.AlterField("note", "twice", models.GeneratedField(expression=F("n") * 3, output_field=models.IntegerField(), db_persist=True))]),
    ("child_table", [NOTE, op.CreateModel("Memo", [("note_ptr", models.OneToOneField("lab.Note", models.CASCADE, auto_created=True, parent_link=True, primary_key=True, serialize=False)), ("n", models.IntegerField())], bases=("lab.note",))], [op.AddField("memo", "m", models.IntegerField(default=1)), op.AlterField("memo", "n", models.BigIntegerField()), op.AlterField("note", "title", char(50))]),
    ("composite_key", [], [op.CreateModel("Pair", [("pk", models.CompositePrimaryKey("a", "b")), ("a", models.IntegerField()), ("b", models.IntegerField()), ("c", char())]), op.AddField("pair", "d", models.IntegerField(default=1))]),
    ("primary_key_replaced", [create("Note", ("uid", models.IntegerField()))], [op.RemoveField("note", "id"), op.AlterField("note", "uid", models.IntegerField(primary_key=True, serialize=False))]),
    ("primary_key_moves", [create("Note", ("uid", models.IntegerField()))], [op.AlterField("note", "uid", models.IntegerField(primary_key=True, serialize=False))]),
    ("primary_key_renamed", [create("Note", pk=("code", char(primary_key=True))), create("Leaf", ("note", key("lab.Note")))], [op.RenameField("note", "code", "key")]),
    ("decimals", [NOTE], [op.AddField("note", "price", models.DecimalField(max_digits=6, decimal_places=2, default="1.5")), op.AlterField("note", "price", models.DecimalField(max_digits=8, decimal_places=3, default=2))]),
    ("comments", [create("Note", ("n", models.IntegerField(db_comment="count")), db_table_comment="notes")], [op.AlterModelTableComment("note", "others"), op.AlterField("note", "n", models.IntegerField(db_comment="it's")), op.AddField("note", "m", models.IntegerField(db_comment="new", default=1))]),
    ("times", [NOTE], [op.AddField("note", "day", models.DateField(default="2024-01-31")), op.AddField("note", "span", models.DurationField(default=datetime.timedelta(days=1, seconds=5))), op.AddField("note", "blob", models.BinaryField(default=b"x"))]),
    ("sql", [NOTE], [op.RunSQL("UPDATE lab_note SET rank = 1", "UPDATE lab_note SET rank = 2"), op.RunSQL(["SELECT 1;", "SELECT 2"], op.RunSQL.noop)]),
    ("add_keys", [TAG, NOTE], [op.AddField("note", "a", key("lab.Tag", null=True, related_name="+")), op.AddField("note", "b", key("lab.Tag", null=True, db_constraint=False, related_name="+")), op.AddField("note", "c", models.OneToOneField("lab.Tag", models.CASCADE, null=True, related_name="+")), op.AddField("note", "d", key("lab.Tag", null=True, db_index=False, related_name="+"))]),
    ("remove_keys", [TAG, create("Note", ("a", key("lab.Tag", related_name="+")), ("b", key("lab.Tag", db_constraint=False, related_name="+")), ("c", models.OneToOneField("lab.Tag", models.CASCADE, related_name="+")), ("d", key("lab.Tag", db_constraint=False, db_index=False, related_name="+")))], [op.RemoveField("note", "d"), op.RemoveField("note", "c"), op.RemoveField("note", "b"), op.RemoveField("note", "a")]),
    ("db_column", [NOTE], [op.AlterField("note", "title", char(100, db_column="headline")), op.RenameField("note", "title", "name"), op.AlterField("note", "rank", models.IntegerField(db_column="place", default=1))]),
    ("key_db_column", [TAG, KEYED], [op.AlterField("note", "tag", key("lab.Tag", db_column="label"))]),
    ("key_null_to_not", [TAG, create("Note", ("tag", key("lab.Tag", null=True)))], [op.AlterField("note", "tag", key("lab.Tag", default=1)), op.AlterField("note", "tag", key("lab.Tag"))]),
    ("many_options", [TAG, MANY], [op.AlterField("note", "tags", models.ManyToManyField("lab.Tag", related_name="x", blank=True))]),
    ("many_through", [TAG, NOTE, create("Link", ("note", key("lab.Note")), ("tag", key("lab.Tag")), unique_together={("note", "tag")})], [op.AddField("note", "tags", models.ManyToManyField("lab.Tag", through="lab.Link")), op.AlterField("note", "tags", models.ManyToManyField("lab.Tag", through="lab.Link", related_name="y")), op.RemoveField("note", "tags")]),
    ("many_self_remade", [create("Node", ("friends", models.ManyToManyField("lab.Node")), ("n", models.IntegerField()))], [op.AddField("node", "m", models.IntegerField(default=1)), op.RenameField("node", "friends", "fellows")]),
    ("many_with_table", [TAG, create("Note", ("tags", models.ManyToManyField("lab.Tag", db_table="links")))], [op.AlterModelTable("note", "papers"), op.RenameModel("Note", "Memo")]),
    ("table_remade", [TAG, RICH], [op.AlterModelTable("note", "papers"), op.AlterField("note", "body", char(50))]),
    ("table_with_quotes", [create("Note", ("n", models.IntegerField(db_index=True)), db_table='"my notes"')], [op.AddField("note", "m", models.IntegerField(default=1))]),
    ("long_names", [create("Tag", ("label", char()), db_table="t" * 60)], [create("Note", ("n" * 40, key("lab.Tag", related_name="+")), ("m" * 40, models.IntegerField(db_index=True)), db_table="u" * 60, unique_together={("n" * 40, "m" * 40)}), op.AddField("note", "x", models.IntegerField(default=1))]),
    ("proxy", [NOTE], [op.CreateModel("Short", [], options={"proxy": True}, bases=("lab.note",)), op.AlterField("note", "title", char(9)), op.DeleteModel("Short")]),
    ("unmanaged", [], [create("Note", ("n", models.IntegerField()), managed=False), op.AddField("note", "m", models.IntegerField(default=1)), op.AlterField("note", "m", models.BigIntegerField(default=1)), op.RemoveField("note", "m")]),
    ("child_key_type", [create("Note", ("n", models.IntegerField()), pk=("id", models.IntegerField(primary_key=True))), op.CreateModel("Memo", [("note_ptr", models.OneToOneField("lab.Note", models.CASCADE, auto_created=True, parent_link=True, primary_key=True, serialize=False)), ("m", models.IntegerField())], bases=("lab.note",))], [op.AlterField("note", "id", models.BigIntegerField(primary_key=True))]),
    ("child_keys", [NOTE, op.CreateModel("Memo", [("note_ptr", models.OneToOneField("lab.Note", models.CASCADE, auto_created=True, parent_link=True, primary_key=True, serialize=False))], bases=("lab.note",))], [create("Leaf", ("memo", key("lab.Memo")), ("memos", models.ManyToManyField("lab.Memo", related_name="+"))), op.RenameModel("Memo", "Card"), op.DeleteModel("Leaf"), op.DeleteModel("Card")]),
    ("generated_indexed", [NOTE], [op.AddField("note", "low", models.GeneratedField(expression=Lower("title"), output_field=char(100), db_persist=True)), op.AddIndex("note", Index(fields=["low"], name="i")), op.RenameField("note", "rank", "place")]),
    ("json_checked", [create("Note", ("data", models.JSONField(default=list)))], [op.AlterField("note", "data", models.JSONField(null=True)), op.AlterField("note", "data", models.TextField(null=True)), op.RenameField("note", "data", "text")]),
    ("positive_renamed", [create("Note", ("n", models.PositiveIntegerField()))], [op.RenameField("note", "n", "m"), op.AlterField("note", "m", models.IntegerField())]),
    ("check_and_alter", [create("Note", ("n", models.IntegerField()), ("m", models.IntegerField(null=True)), constraints=[CheckConstraint(condition=Q(n__gt=F("m")) & ~Q(m=5), name="c")])], [op.AlterField("note", "m", models.IntegerField(default=2)), op.RemoveConstraint("note", "c"), op.RemoveField("note", "m")]),
    ("unique_together_moves", [TAG, create("Note", ("a", char()), ("b", char()), ("tag", key("lab.Tag")), unique_together={("a", "b")})], [op.AlterField("note", "a", models.TextField()), op.RemoveField("note", "tag"), op.AlterUniqueTogether("note", {("b", "a")})]),
    ("slug_and_autos", [], [create("A", ("slug", models.SlugField()), pk=("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))), create("B", ("a", key("lab.A")), pk=("id", models.SmallAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))), op.AlterField("a", "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")), op.AlterField("a", "slug", models.SlugField(db_index=False))]),
    ("uuid_key", [], [create("A", pk=("id", models.UUIDField(primary_key=True, serialize=False))), create("B", ("a", key("lab.A", null=True))), op.AddField("b", "c", models.OneToOneField("lab.A", models.CASCADE, related_name="+"))]),
    ("key_to_key", [create("A", pk=("id", models.IntegerField(primary_key=True))), create("B", pk=("a", models.OneToOneField("lab.A", models.CASCADE, primary_key=True))), create("C", ("b", key("lab.B")))], [op.AlterField("a", "id", models.BigIntegerField(primary_key=True)), op.AddField("c", "n", models.IntegerField(default=1))]),
    ("all_kinds", [], [create("All", *[(type(f).__name__.lower(), f) for f in [models.BinaryField(), models.BooleanField(null=True), char(5), models.DateField(), models.DateTimeField(), models.DecimalField(max_digits=5, decimal_places=2), models.DurationField(), models.EmailField(), models.FileField(), models.FilePathField(), models.FloatField(), models.GenericIPAddressField(), models.IntegerField(), models.JSONField(), models.PositiveBigIntegerField(), models.PositiveIntegerField(), models.PositiveSmallIntegerField(), models.SlugField(), models.SmallIntegerField(), models.BigIntegerField(), models.TextField(), models.TimeField(), models.URLField(), models.UUIDField()]]), op.AddField("all", "n", models.IntegerField(default=1))]),
    ("separate", [NOTE], [op.SeparateDatabaseAndState(database_operations=[op.RunSQL("ALTER TABLE lab_note RENAME TO lab_memo", "ALTER TABLE lab_memo RENAME TO lab_note")], state_operations=[op.AlterModelTable("note", "lab_memo")]), op.AddField("note", "n", models.IntegerField(default=1))]),
]

ran = []
base_execute = BaseDatabaseSchemaEditor.execute


def execute(self, sql, params=()):
    if not self.collect_sql:
        text = str(sql)
        ran.append(text % tuple(map(self.quote_value, params)) if params is not None else text)
    return base_execute(self, sql, params)


BaseDatabaseSchemaEditor.execute = execute


def migration(name, operations):
    made = Migration(name, "lab")
    made.operations = operations
    return made


def state_of(setup, rendered):
    state = ProjectState()
    for one in setup:
        one.state_forwards("lab", state)
    if rendered:
        state.apps
    return state


def script(connection, setup, operations, backwards):
    state, made = state_of(setup, False), migration("0002_case", operations)
    with connection.schema_editor(collect_sql=True, atomic=made.atomic) as editor:
        (made.unapply if backwards else made.apply)(state, editor, collect_sql=True)
    return editor.collected_sql


def run(connection, setup, operations, backwards):
    ran.clear()
    with connection.schema_editor(atomic=True) as editor:
        made = migration("0002_case", operations)
        (made.unapply if backwards else made.apply)(state_of(setup, True), editor)
    return list(ran)


def attempt(make, *args):
    try:
        return make(*args)
    except Exception as error:  # noqa: BLE001
        return {"error": "%s: %s" % (type(error).__name__, error)}


def on(connection, setup, operations):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for name in connection.introspection.table_names(cursor):
                cursor.execute('DROP TABLE "%s"' % name)
    with connection.schema_editor(atomic=True) as editor:
        migration("0001_initial", setup).apply(state_of([], True), editor)
    out = {"script": attempt(script, connection, setup, operations, False)}
    out["forwards"] = attempt(run, connection, setup, operations, False)
    if isinstance(out["forwards"], list):
        out["reverse"] = attempt(script, connection, setup, operations, True)
        out["backwards"] = attempt(run, connection, setup, operations, True)
    return out


def main():
    lines = []
    for name, setup, operations in CASES:
        line = {"id": name, "setup": encode.migration(migration("0001_setup", setup))}
        line["case"] = encode.migration(migration("0002_case", operations))
        for alias, vendor in (("default", "sqlite"), ("pg", "postgresql")):
            line[vendor] = on(connections[alias], setup, operations)
            for way, done in line[vendor].items():
                if isinstance(done, dict):
                    print(name, vendor, way, done["error"])
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    (HERE / "changes.jsonl").write_text("".join(lines), encoding="utf-8")
    print("%d cases" % len(lines))


main()
