"""Record what Django's executor runs for histories of migrations, forwards and backwards, on both databases.

    scripts/postgres oracle/venv/bin/python oracle/db/record_steps.py

Writes steps.jsonl next to this file: a line per history with its migrations as data (see autodetector/encode.py) and the
statements of each, by vendor and direction, the way they went to a real database; those that only ask are left out.
Where Django itself fails, its error stands in place of the statements, and the history ends there.
"""
import copy
import datetime
import json
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "autodetector"))

from django.conf import settings

DATABASE = "oracle_steps"
scratch = tempfile.TemporaryDirectory()
settings.configure(
    SECRET_KEY="x", USE_TZ=True, TIME_ZONE="UTC", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(scratch.name, "steps.sqlite3")},
        "pg": {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"], "USER": os.environ["PGUSER"]},
    },
)
import django

django.setup()
import encode
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Now, Upper

ID = ("id", models.BigAutoField(primary_key=True, auto_created=True, serialize=False, verbose_name="ID"))
CASCADE = models.CASCADE


def create(name, *fields, pk=ID, bases=(models.Model,), **options):
    return migrations.CreateModel(name, [*([pk] if pk else []), *fields], options=options, bases=bases)


def alter(name, field, model="note", **kwargs):
    return migrations.AlterField(model, name, field, **kwargs)


def add(name, field, model="note", **kwargs):
    return migrations.AddField(model, name, field, **kwargs)


def change(before, after, *others, **kwargs):
    """A field of a model becomes another."""
    return [[*others, create("Note", ("title", models.CharField(max_length=10)), ("x", before))], [alter("x", after, **kwargs)]]


Char, Text, Int, Big = models.CharField, models.TextField, models.IntegerField, models.BigIntegerField
Positive, FK, One, M2M = models.PositiveIntegerField, models.ForeignKey, models.OneToOneField, models.ManyToManyField
TAG, TOPIC = create("Tag"), create("Topic")
NAMED = create("Tag", pk=("name", Char(max_length=10, primary_key=True)))

HISTORIES = {
    # Types.
    "char_to_text": change(Char(max_length=10), Text()),
    "char_index_to_text_index": change(Char(max_length=10, db_index=True), Text(db_index=True)),
    "char_unique_to_int_unique": change(Char(max_length=10, unique=True), Int(unique=True)),
    "char_index_to_int_index": change(Char(max_length=10, db_index=True), Int(db_index=True)),
    "int_index_to_char_index": change(Int(db_index=True), Char(max_length=10, db_index=True)),
    "int_to_char": change(Int(), Char(max_length=5)),
    "int_to_positive": change(Int(), Positive()),
    "positive_to_int": change(Positive(), Int()),
    "positive_to_small_positive": change(Positive(), models.PositiveSmallIntegerField()),
    "positive_to_float": change(Positive(), models.FloatField()),
    "positive_renamed_and_altered": [[create("Note", ("x", Positive()))], [migrations.RenameField("note", "x", "y"), alter("y", Int())]],
    "json_to_text": change(models.JSONField(), Text()),
    "text_to_json": change(Text(), models.JSONField()),
    "decimal": change(models.DecimalField(max_digits=5, decimal_places=2), models.DecimalField(max_digits=8, decimal_places=3)),
    "char_to_slug": change(Char(max_length=50), models.SlugField()),
    "slug_to_char": change(models.SlugField(), Char(max_length=50)),
    "char_to_email": change(Char(max_length=10), models.EmailField()),
    "date_to_datetime": change(models.DateField(), models.DateTimeField()),
    "int_to_bool": change(Int(null=True), models.BooleanField(null=True)),
    "same_type_other_class": change(Char(max_length=10), models.FilePathField(path="/tmp", max_length=10)),
    "char_to_longer_slug": change(Char(max_length=10), models.SlugField(max_length=20)),
    "slug_to_longer_file": change(models.SlugField(max_length=20), models.FileField(max_length=30)),
    "url_to_longer_email": change(models.URLField(max_length=20), models.EmailField(max_length=30)),
    "char_to_text_key": [[NAMED, create("Note", ("tag", Char(max_length=5)))], [alter("tag", FK("lab.tag", CASCADE, db_column="tag"))]],
    "positive_to_int_key": [[create("Tag", pk=("id", Positive(primary_key=True))), create("Note", ("tag", Positive()))], [alter("tag", FK("lab.tag", CASCADE, db_column="tag"))]],
    # Null and defaults.
    "null_to_default_text": change(Char(max_length=10, null=True), Char(max_length=10, default="it's 100%")),
    "null_to_blank": change(Char(max_length=10, null=True), Char(max_length=10, blank=True)),
    "null_to_one_off": change(Int(null=True), Int(default=3), preserve_default=False),
    "null_to_no_default": change(Int(null=True), Int()),
    "null_and_type_and_default": change(Int(null=True), Char(max_length=5, default="a")),
    "null_to_db_default": change(Int(null=True), Int(db_default=4)),
    "null_to_bool_default": change(models.BooleanField(null=True), models.BooleanField(default=True)),
    "null_to_decimal_default": change(models.DecimalField(max_digits=5, decimal_places=2, null=True), models.DecimalField(max_digits=5, decimal_places=2, default=1)),
    "null_to_json_default": change(models.JSONField(null=True), models.JSONField(default=dict)),
    "default_only": change(Int(), Int(default=5)),
    "db_default_set_and_dropped": [*change(Int(), Int(db_default=4)), [alter("x", Int(db_default=5))], [alter("x", Int())]],
    "db_default_expression": change(models.DateTimeField(), models.DateTimeField(db_default=Now())),
    "db_default_text": change(Char(max_length=9), Char(max_length=9, db_default="a'b")),
    "db_default_null": change(Int(null=True), Int(null=True, db_default=None)),
    # Unique and index.
    "unique_on_off": [*change(Char(max_length=10), Char(max_length=10, unique=True)), [alter("x", Char(max_length=10))]],
    "unique_to_index": change(Char(max_length=10, unique=True), Char(max_length=10, db_index=True)),
    "index_to_unique": change(Char(max_length=10, db_index=True), Char(max_length=10, unique=True)),
    "index_on_off": [*change(Char(max_length=10), Char(max_length=10, db_index=True)), [alter("x", Char(max_length=10))]],
    "index_off": change(Char(max_length=10, db_index=True), Char(max_length=10)),
    "int_unique_off": change(Int(unique=True), Int()),
    "unique_index_to_index": change(Int(unique=True, db_index=True), Int(db_index=True)),
    "unique_off_after_rename_model": [[create("Note", ("x", Char(max_length=10, unique=True)))], [migrations.RenameModel("Note", "Memo")], [alter("x", Char(max_length=10), model="memo")]],
    "unique_off_after_rename_field": [[create("Note", ("x", Char(max_length=10, unique=True)))], [migrations.RenameField("note", "x", "y")], [alter("y", Char(max_length=10))]],
    "index_off_after_rename_table": [[create("Note", ("x", Int(db_index=True)))], [migrations.AlterModelTable("note", "memos")], [alter("x", Int())]],
    "unique_together_after_renames": [[create("Note", ("a", Int()), ("b", Int()), unique_together={("a", "b")})], [migrations.AlterModelTable("note", "memos"), migrations.RenameField("note", "a", "c")], [migrations.AlterUniqueTogether("note", set())]],
    "unique_together_between_columns": [[create("Note", ("a", Int()), ("b", Int()))], [migrations.AlterUniqueTogether("note", {("a", "b")})], [migrations.AlterUniqueTogether("note", {("b", "a")})]],
    "meta_index_on_the_same_column": [[create("Note", ("x", Int(db_index=True)), indexes=[models.Index(fields=["x"], name="own")])], [alter("x", Int())]],
    # Collations and comments.
    "comment": change(Int(), Int(db_comment="it's a number")),
    "comment_changed_and_gone": [*change(Int(db_comment="a"), Int(db_comment="b")), [alter("x", Int())]],
    "comment_and_type": change(Int(db_comment="a"), Big(db_comment="b")),
    "comment_of_key": [[TAG, create("Note", ("x", FK("lab.tag", CASCADE)))], [alter("x", FK("lab.tag", CASCADE, db_comment="why"))]],
    "comments_created": [[create("Note", ("x", Int(db_comment="c")), db_table_comment="t")], [migrations.AlterModelTableComment("note", None)], [add("y", Char(max_length=5, default="", db_comment="new"))]],
    # Primary keys.
    "auto_to_big": [[create("Tag", pk=("id", models.AutoField(primary_key=True))), create("Note", ("tag", FK("lab.tag", CASCADE)), ("tags", M2M("lab.tag")), ("one", One("lab.tag", CASCADE, related_name="ones")))], [alter("id", models.BigAutoField(primary_key=True), model="tag")]],
    "auto_to_big_twice": [[create("Tag", pk=("id", models.AutoField(primary_key=True))), create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("id", models.BigAutoField(primary_key=True), model="tag")], [alter("tag", FK("lab.tag", CASCADE, null=True))]],
    "auto_to_int": [[create("Note", pk=("id", models.AutoField(primary_key=True)))], [alter("id", Int(primary_key=True))]],
    "int_to_auto": [[create("Note", pk=("id", Int(primary_key=True)))], [alter("id", models.AutoField(primary_key=True))]],
    "char_key_longer": [[NAMED, create("Note", ("tag", FK("lab.tag", CASCADE)), ("tags", M2M("lab.tag", related_name="+")))], [alter("name", Char(max_length=20, primary_key=True), model="tag")]],
    "char_key_to_int": [[NAMED, create("Note", ("tag", FK("lab.tag", CASCADE, null=True)))], [alter("name", Text(primary_key=True), model="tag")]],
    "chain_of_keys": [[create("A", pk=("id", models.AutoField(primary_key=True))), create("B", pk=("a", One("lab.a", CASCADE, primary_key=True))), create("C", pk=("b", One("lab.b", CASCADE, primary_key=True))), create("D", ("c", FK("lab.c", CASCADE)))], [alter("id", models.BigAutoField(primary_key=True), model="a")]],
    "self_key": [[create("Note", ("parent", FK("lab.note", CASCADE, null=True)), pk=("id", models.AutoField(primary_key=True)))], [alter("id", models.BigAutoField(primary_key=True))]],
    "to_field_longer": [[create("Tag", ("code", Char(max_length=5, unique=True))), create("Note", ("tag", FK("lab.tag", CASCADE, to_field="code")), ("other", FK("lab.tag", CASCADE, related_name="others")))], [alter("code", Char(max_length=9, unique=True), model="tag")]],
    "rename_key": [[create("Tag"), create("Note", ("tag", FK("lab.tag", CASCADE)))], [migrations.RenameField("tag", "id", "number")]],
    "key_moves": [[create("Note", ("code", Char(max_length=5, unique=True)))], [migrations.RemoveField("note", "id"), alter("code", Char(max_length=5, primary_key=True))]],
    "key_moves_to_new_column": [[create("Note", ("code", Char(max_length=5)))], [migrations.RemoveField("note", "id"), add("number", Int(primary_key=True, default=1), preserve_default=False)]],
    "key_to_unique": [[create("Note", pk=("code", Char(max_length=5, primary_key=True)))], [alter("code", Char(max_length=5, unique=True)), add("id", models.BigAutoField(primary_key=True))]],
    "small_auto": [[create("Note", pk=("id", models.SmallAutoField(primary_key=True))), create("Tag", ("note", FK("lab.note", CASCADE)))], [alter("id", models.BigAutoField(primary_key=True))], [alter("id", models.AutoField(primary_key=True))]],
    "auto_to_uuid": [[create("Note", pk=("id", models.AutoField(primary_key=True)))], [alter("id", Char(primary_key=True, max_length=40))]],
    "key_of_auto_to_text": [[create("Tag", pk=("id", models.AutoField(primary_key=True))), create("Note", ("tag", FK("lab.tag", CASCADE)), ("tags", M2M("lab.tag", related_name="+")))], [alter("id", Char(primary_key=True, max_length=40), model="tag")]],
    "positive_key": [[create("Tag", pk=("id", Positive(primary_key=True))), create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("id", models.PositiveBigIntegerField(primary_key=True), model="tag")]],
    # References.
    "int_to_key": [[TAG, create("Note", ("tag", Big()))], [alter("tag", FK("lab.tag", CASCADE, db_column="tag"))]],
    "key_to_int": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", Big())]],
    "key_on_delete": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.tag", models.PROTECT, related_name="r", blank=True, limit_choices_to={"id": 1}))]],
    "key_default": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.tag", CASCADE, default=1))]],
    "key_constraint_on": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE, db_constraint=False)))], [alter("tag", FK("lab.tag", CASCADE))]],
    "key_other_target": [[TAG, TOPIC, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.topic", CASCADE))]],
    "key_other_type": [[NAMED, TOPIC, create("Note", ("tag", FK("lab.topic", CASCADE)))], [alter("tag", FK("lab.tag", CASCADE))]],
    "key_column": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.tag", CASCADE, db_column="t"))]],
    "key_to_one_and_back": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", One("lab.tag", CASCADE))], [alter("tag", FK("lab.tag", CASCADE))]],
    "key_null_default": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE, null=True)))], [alter("tag", FK("lab.tag", CASCADE, default=1), preserve_default=False)]],
    "key_with_long_names": [[create("AVeryLongModelNameThatGoesOnAndOnAndOn"), create("AnotherVeryLongModelNameThatGoesOnAndOn", ("a_very_long_field_name_for_a_key", FK("lab.averylongmodelnamethatgoesonandonandon", CASCADE, unique=True)), ("unique_with_a_rather_long_name_as_well", Positive(unique=True)))], [migrations.AlterField("anotherverylongmodelnamethatgoesonandon", "unique_with_a_rather_long_name_as_well", Int())]],
    "remove_key": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [migrations.RemoveField("note", "tag")]],
    "remove_renamed_key": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [migrations.RenameField("note", "tag", "label")], [migrations.RenameModel("Tag", "Label")], [migrations.RemoveField("note", "label")]],
    "remove_indexed": [[create("Note", ("x", Char(max_length=5, unique=True)), ("y", Int(db_index=True)))], [migrations.RemoveField("note", "x"), migrations.RemoveField("note", "y")]],
    "key_to_other_field": [[create("Tag", ("code", Char(max_length=5, unique=True))), create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.tag", CASCADE, to_field="code"))]],
    "rename_to_field": [[create("Tag", ("code", Char(max_length=5, unique=True))), create("Note", ("tag", FK("lab.tag", CASCADE, to_field="code")))], [migrations.RenameField("tag", "code", "sign")], [alter("sign", Char(max_length=9, unique=True), model="tag")]],
    "unique_of_to_field_goes": [[create("Tag", ("code", Char(max_length=5, unique=True))), create("Note", ("tag", FK("lab.tag", CASCADE, to_field="code", db_constraint=False)))], [alter("code", Char(max_length=5), model="tag")]],
    "key_index_off_on": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", FK("lab.tag", CASCADE, db_index=False))], [alter("tag", FK("lab.tag", CASCADE))]],
    "text_key_index": [[NAMED, create("Note", ("tag", FK("lab.tag", CASCADE)))], [alter("tag", One("lab.tag", CASCADE))], [alter("tag", FK("lab.tag", CASCADE, db_index=False))]],
    # Renames.
    "rename_model": [[create("Note", ("x", Char(max_length=5, db_index=True)), ("parent", FK("lab.note", CASCADE, null=True)), unique_together={("x", "parent")}), create("Tag", ("note", FK("lab.note", CASCADE)), ("hidden", FK("lab.note", CASCADE, related_name="+")), ("notes", M2M("lab.note", related_name="tags")))], [migrations.RenameModel("Note", "Memo")]],
    "rename_model_with_self_m2m": [[create("Note", ("friends", M2M("lab.note")))], [migrations.RenameModel("Note", "Memo")]],
    "rename_model_with_m2m": [[TAG, create("Note", ("tags", M2M("lab.tag")))], [migrations.RenameModel("Note", "Memo")], [migrations.RenameModel("Tag", "Label")]],
    "rename_model_with_table": [[create("Note", ("x", Int()), db_table="notes"), create("Tag", ("note", FK("lab.note", CASCADE)))], [migrations.RenameModel("Note", "Memo")]],
    "rename_model_with_through": [[TAG, create("Note"), create("Link", ("note", FK("lab.note", CASCADE)), ("tag", FK("lab.tag", CASCADE))), add("tags", M2M("lab.tag", through="lab.Link"))], [migrations.RenameModel("Note", "Memo")]],
    "rename_table_with_m2m": [[TAG, create("Note", ("tags", M2M("lab.tag")), ("tag", FK("lab.tag", CASCADE, related_name="+")))], [migrations.AlterModelTable("note", "memos")], [migrations.AlterModelTable("note", None)]],
    "rename_field_in_rules": [[create("Note", ("a", Int()), ("b", Int(db_index=True)), unique_together={("a", "b")}, indexes=[models.Index(fields=["a", "-b"], name="ab")], constraints=[models.UniqueConstraint(fields=["b", "a"], name="u")])], [migrations.RenameField("note", "a", "c")]],
    "rename_field_to_column": [[create("Note", ("a", Int()))], [alter("a", Int(db_column="b"))], [migrations.RenameField("note", "a", "b")]],
    "rename_and_delete_at_once": [[create("Note", ("x", Int(db_index=True))), migrations.RenameField("note", "x", "y"), migrations.AlterModelTable("note", "memos"), add("z", Int(db_index=True, default=1)), migrations.RemoveField("note", "z"), TAG, add("tag", FK("lab.tag", CASCADE)), migrations.RenameModel("Tag", "Label")]],
    "create_and_delete_at_once": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)), ("tags", M2M("lab.tag", related_name="+"))), migrations.DeleteModel("Note"), migrations.DeleteModel("Tag")]],
    "rename_column_with_all": [[TAG, create("Note", ("a", Char(max_length=5, unique=True)), ("b", Char(max_length=5, db_index=True)), ("c", Positive()), ("tag", One("lab.tag", CASCADE)))], [migrations.RenameField("note", "a", "a2"), migrations.RenameField("note", "b", "b2"), migrations.RenameField("note", "c", "c2"), migrations.RenameField("note", "tag", "tag2")], [alter("a2", Int()), alter("b2", Int()), alter("c2", Int()), alter("tag2", Big())]],
    "index_asked_for_and_not": [[create("Note")], [add("x", Int(db_index=True, default=1)), alter("x", Int())]],
    "unique_together_asked_for_and_not": [[create("Note", ("a", Int()), ("b", Int()), unique_together={("a", "b")}), migrations.AlterUniqueTogether("note", set())]],
    "table_of_a_parent": [[create("Note", ("x", Int())), create("Child", ("y", Int()), pk=("note_ptr", One("lab.note", CASCADE, parent_link=True, primary_key=True, auto_created=True, serialize=False)), bases=("lab.note",)), create("Tag", ("child", FK("lab.child", CASCADE)))], [migrations.AlterModelTable("note", "notes")], [migrations.RemoveField("child", "y"), migrations.DeleteModel("Tag"), migrations.DeleteModel("Child")]],
    # Many to many.
    "m2m_add_remove": [[TAG, create("Note")], [add("tags", M2M("lab.tag", db_table="links"))], [migrations.RemoveField("note", "tags")]],
    "m2m_rename": [[TAG, create("Note", ("tags", M2M("lab.tag")))], [migrations.RenameField("note", "tags", "labels")]],
    "m2m_table": [[TAG, create("Note", ("tags", M2M("lab.tag")))], [alter("tags", M2M("lab.tag", db_table="links"))]],
    "m2m_no_constraint": [[TAG, create("Note", ("tags", M2M("lab.tag")))], [alter("tags", M2M("lab.tag", db_constraint=False))]],
    "m2m_self": [[create("Note", ("friends", M2M("self")))], [alter("friends", M2M("self", symmetrical=False, db_table="f"))]],
    "m2m_other_target": [[TAG, TOPIC, create("Note", ("tags", M2M("lab.tag")))], [alter("tags", M2M("lab.topic"))]],
    "m2m_words": [[TAG, create("Note", ("tags", M2M("lab.tag")))], [alter("tags", M2M("lab.tag", related_name="n", blank=True, help_text="h"))]],
    "m2m_long_names": [[create("AVeryLongModelNameThatGoesOnAndOnAndOn", ("a_very_long_field_name_for_many_to_many", M2M("lab.averylongmodelnamethatgoesonandonandon")))]],
    "m2m_to_through": [[TAG, create("Note", ("tags", M2M("lab.tag"))), create("Link", ("note", FK("lab.note", CASCADE)), ("tag", FK("lab.tag", CASCADE)))], [alter("tags", M2M("lab.tag", through="lab.Link"))]],
    "m2m_of_text_keys": [[NAMED, create("Note", ("tags", M2M("lab.tag")))], [alter("name", Char(max_length=30, primary_key=True), model="tag")], [migrations.RenameModel("Tag", "Label")]],
    "m2m_between_renamed": [[TAG, create("Note", ("tags", M2M("lab.tag", related_name="notes")), ("more", M2M("lab.tag", related_name="more", db_table="more")))], [migrations.RenameModel("Tag", "Label"), migrations.RenameModel("Note", "Memo")], [migrations.RemoveField("memo", "tags"), migrations.DeleteModel("Memo")]],
    # Indexes and constraints.
    "indexes": [[create("Note", ("a", Int()), ("b", Char(max_length=9)), indexes=[models.Index(fields=["a"], name="i1"), models.Index(fields=["b"], name="i2", opclasses=["varchar_pattern_ops"]), models.Index(fields=["-a"], name="i3", condition=Q(b="x"), include=["b"])])], [migrations.AddIndex("note", models.Index(Lower("b").desc(), "a", name="i4"))], [migrations.RemoveIndex("note", "i4"), migrations.RemoveIndex("note", "i2")]],
    "index_renamed": [[create("Note", ("a", Int()), indexes=[models.Index(fields=["a"], name="i1")])], [migrations.RenameIndex("note", old_name="i1", new_name="i5")], [migrations.RemoveIndex("note", "i5")]],
    "index_created_and_renamed_field": [[create("Note", ("a", Int()), ("b", Char(max_length=9)), indexes=[models.Index(Upper("b"), name="i1"), models.Index(fields=["b"], name="i2", include=["a"])]), migrations.AlterModelTable("note", "memos")]],
    "constraints": [[create("Note", ("a", Int()), ("b", Char(max_length=9)), constraints=[models.CheckConstraint(condition=Q(a__gte=0) | Q(b="it's"), name="c1"), models.UniqueConstraint(fields=["a", "b"], name="u1", deferrable=models.Deferrable.DEFERRED), models.UniqueConstraint(fields=["b"], name="u2", condition=Q(a__lt=3)), models.UniqueConstraint(Lower("b"), name="u3"), models.UniqueConstraint(fields=["a"], name="u4", include=["b"]), models.UniqueConstraint(fields=["b"], name="u5", opclasses=["varchar_pattern_ops"])])],
                    [migrations.RemoveConstraint("note", name) for name in ["c1", "u1", "u2", "u3", "u4", "u5"]],
                    [migrations.AddConstraint("note", models.UniqueConstraint(fields=["a", "b"], name="u1", deferrable=models.Deferrable.IMMEDIATE)), migrations.AddConstraint("note", models.UniqueConstraint(fields=["b"], name="u2", condition=Q(a__lt=3))), migrations.AddConstraint("note", models.CheckConstraint(condition=Q(a__gte=F("a") - 1), name="c1")), migrations.AddConstraint("note", models.UniqueConstraint(fields=["a"], name="u6"))]],
    "nulls_distinct": [[create("Note", ("a", Int(null=True)), ("b", Int(null=True)), constraints=[models.UniqueConstraint(fields=["a"], name="n1", nulls_distinct=False)])], [migrations.AddConstraint("note", models.UniqueConstraint(fields=["b"], name="n2", nulls_distinct=True)), migrations.AddConstraint("note", models.UniqueConstraint(fields=["b"], name="n3", nulls_distinct=False, condition=Q(a=1)))], [migrations.RemoveConstraint("note", "n1"), migrations.RemoveConstraint("note", "n3")]],
    "checks_of_all_lookups": [[create("Note", ("a", Int(null=True)), ("b", Char(max_length=9)), ("c", models.DateTimeField(null=True)), constraints=[models.CheckConstraint(condition=Q(a__in=[1, 2]) & ~Q(b__startswith="x%"), name="c1"), models.CheckConstraint(condition=Q(a__isnull=True) | Q(a__range=(1, 9)), name="c2"), models.CheckConstraint(condition=Q(c__year__gte=2000) ^ Q(b=""), name="c3")])], [migrations.AlterModelTable("note", "memos")], [migrations.RemoveConstraint("note", "c1"), alter("a", Big(null=True))]],
    "alter_constraint": [[create("Note", ("a", Int()), constraints=[models.CheckConstraint(condition=Q(a__gte=0), name="c")])], [migrations.AlterConstraint("note", "c", models.CheckConstraint(condition=Q(a__gte=0), name="c", violation_error_message="no"))]],
    "drop_unique_beside_constraint": [[create("Note", ("a", Int(unique=True)), constraints=[models.UniqueConstraint(fields=["a"], name="u")])], [alter("a", Int())]],
    "drop_check_beside_constraint": [[create("Note", ("a", Positive()), constraints=[models.CheckConstraint(condition=Q(a__gte=0), name="c")])], [alter("a", Int())]],
    # Kinds of models.
    "proxy": [[create("Note", ("x", Int())), create("Face", pk=None, proxy=True, bases=("lab.note",))], [create("Tag", ("face", FK("lab.face", CASCADE)))], [migrations.AlterModelOptions("face", {"verbose_name": "f"}), migrations.DeleteModel("Tag"), migrations.DeleteModel("Face")]],
    "key_of_proxy_changes": [[create("Note", pk=("id", models.AutoField(primary_key=True))), create("Face", pk=None, proxy=True, bases=("lab.note",)), create("Tag", ("face", FK("lab.face", CASCADE)))], [alter("id", models.BigAutoField(primary_key=True))]],
    "unmanaged": [[create("Note", ("x", Int()), managed=False)], [add("y", Int()), alter("x", Text()), migrations.RemoveField("note", "x"), migrations.RenameModel("Note", "Memo"), migrations.DeleteModel("Memo")]],
    "child": [[create("Note", ("x", Int())), create("Child", ("y", Int()), pk=("note_ptr", One("lab.note", CASCADE, parent_link=True, primary_key=True, auto_created=True, serialize=False)), bases=("lab.note",), indexes=[models.Index(fields=["y"], name="iy")])], [add("z", Int(default=1), model="child"), alter("y", Text(), model="child")]],
    "composite": [[create("Note", ("a", Int()), ("b", Int()), pk=("pk", models.CompositePrimaryKey("a", "b")))], [add("c", Int(null=True))]],
    "order_with_respect_to": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)))], [migrations.AlterOrderWithRespectTo("note", "tag")], [migrations.AlterOrderWithRespectTo("note", None)]],
    "order_with_respect_to_created": [[TAG, create("Note", ("tag", FK("lab.tag", CASCADE)), order_with_respect_to="tag")]],
    # New columns.
    "new_columns": [[create("Note")], [add("a", Char(max_length=5, default="é'%\\")), add("b", models.BooleanField(default=False)), add("c", models.DecimalField(max_digits=6, decimal_places=2, default="1.5")), add("d", models.FloatField(default=1)), add("e", models.JSONField(default=list)), add("f", models.UUIDField(null=True)), add("g", models.BinaryField(default=b"\x00\xff")), add("h", models.DurationField(default=datetime.timedelta(days=1, seconds=2, microseconds=3))), add("i", models.DateField(default=datetime.date(2024, 1, 31))), add("j", models.TimeField(default=datetime.time(12, 30))), add("k", models.GenericIPAddressField(default="::1")), add("l", models.GeneratedField(expression=Lower("a"), output_field=Text(), db_persist=True)), add("m", models.SlugField(unique=True, null=True)), add("n", Positive(db_index=True, default=0)), add("o", Text(blank=True)), add("p", models.BinaryField(blank=True)), add("q", models.FloatField(default=1.5)), add("r", Int(db_default=3)), add("s", models.URLField(null=True, default="x")), add("t", models.FileField(upload_to="x", blank=True)), add("u", models.DurationField(default=datetime.timedelta(seconds=-1)))]],
    "new_keys": [[TAG, TOPIC, create("Note")], [add("a", FK("lab.tag", CASCADE, null=True)), add("b", One("lab.tag", CASCADE, default=1, related_name="+")), add("c", FK("lab.tag", CASCADE, default=1, db_constraint=False, related_name="+")), add("d", FK("lab.note", CASCADE, null=True, db_index=False))]],
    "new_text_key": [[NAMED, create("Note")], [add("a", FK("lab.tag", CASCADE, null=True)), add("b", One("lab.tag", CASCADE, null=True, related_name="+"))]],
    "remove_columns": [[create("Note", ("a", Int()), ("b", Char(max_length=4, unique=True)), ("c", Int(db_index=True)), ("d", Positive()))], [migrations.RemoveField("note", "a"), migrations.RemoveField("note", "b"), migrations.RemoveField("note", "c"), migrations.RemoveField("note", "d")]],
    "remove_column_in_unique_together": [[create("Note", ("a", Int()), ("b", Int()), unique_together={("a", "b")})], [migrations.AlterUniqueTogether("note", set()), migrations.RemoveField("note", "a")]],
    "generated": [[create("Note", ("a", Int()), ("b", models.GeneratedField(expression=F("a") + 1, output_field=Int(), db_persist=True)))], [alter("b", models.GeneratedField(expression=F("a") + 2, output_field=Int(), db_persist=True))]],
    "generated_words": [[create("Note", ("a", Int()), ("b", models.GeneratedField(expression=F("a") + 1, output_field=Int(), db_persist=True)))], [alter("b", models.GeneratedField(expression=F("a") + 1, output_field=Int(), db_persist=True, help_text="h"))]],
    "generated_from_column": change(Int(), models.GeneratedField(expression=Length("title"), output_field=Int(), db_persist=True)),
    # Others.
    "raw_sql": [[create("Note", ("a", Int()))], [migrations.RunSQL("CREATE INDEX raw ON lab_note (a)", "DROP INDEX raw")], [migrations.SeparateDatabaseAndState([migrations.RunSQL(["ALTER TABLE lab_note ADD COLUMN b integer NULL"], ["ALTER TABLE lab_note DROP COLUMN b"])], [add("b", Int(null=True))])]],
    "separate": [[create("Note", ("a", Int()))], [migrations.SeparateDatabaseAndState([add("b", Int(null=True)), alter("b", Text(null=True)), migrations.RenameField("note", "b", "c")], [add("c", Text(null=True))])]],
}


def captured(connection, act):
    """The statements that an action runs, without those that only ask."""
    seen = []

    def keep(execute, sql, params, many, context):
        asks = re.match(r"\s*(SELECT|PRAGMA|SAVEPOINT|RELEASE|BEGIN)\b", sql) or "sqlite_master" in sql
        if not asks:
            seen.append(sql if not params else sql % tuple(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        act()
    return seen


def run(alias, history):
    """The statements of each migration, there and back."""
    connection = connections[alias]
    states, there, back = [ProjectState()], [], []
    for at, migration in enumerate(history):
        state = states[-1].clone()

        def forwards():
            with connection.schema_editor(atomic=True) as editor:
                migration.apply(state, editor)

        try:
            there.append(captured(connection, forwards))
        except Exception as exc:
            there.append("%s: %s" % (type(exc).__name__, str(exc).split("\n")[0]))
            break
        states.append(state)
    done = history[: len(states) - 1]
    for at, migration in reversed(list(enumerate(done))):

        def backwards():
            with connection.schema_editor(atomic=True) as editor:
                migration.unapply(states[at].clone(), editor)

        try:
            back.append(captured(connection, backwards))
        except Exception as exc:
            back.append("%s: %s" % (type(exc).__name__, str(exc).split("\n")[0]))
            break
    return {"forwards": there, "backwards": back}


def empty(alias):
    connection = connections[alias]
    if alias == "default":
        connection.close()
        pathlib.Path(connection.settings_dict["NAME"]).unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")


def main():
    import psycopg

    with psycopg.connect(host=os.environ["PGHOST"], port=os.environ["PGPORT"], user=os.environ["PGUSER"], dbname="postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS %s" % DATABASE)
        admin.execute("CREATE DATABASE %s" % DATABASE)
    lines = []
    for name, operations in HISTORIES.items():
        history = []
        for at, one in enumerate(operations, 1):
            migration = migrations.Migration("%04d" % at, "lab")
            migration.operations = one
            history.append(migration)
        line = {"id": name, "migrations": [encode.migration(migration) for migration in history]}
        for alias, vendor in [("default", "sqlite"), ("pg", "postgresql")]:
            empty(alias)
            # A state changes fields of the operations that it was made from.
            line[vendor] = run(alias, copy.deepcopy(history))
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    (HERE / "steps.jsonl").write_text("".join(lines), encoding="utf-8")
    print("%d histories" % len(lines))


main()
