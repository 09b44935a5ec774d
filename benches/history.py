"""A history of models and migrations, made up by size, and written twice: as a project of ours and as one of the reference's.

Both hold the same models, fields, keys and indexes, and the same migrations with the same names and one operation each;
the models are what the migrations lead to. Knows the two ways of writing, and nothing of measuring.
"""

import pathlib
import shutil
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
APPS = 10


@dataclass(frozen=True)
class Size:
    """So many models and migrations, one of which creates each model; both are multiples of the number of apps."""

    models: int
    migrations: int

    def __str__(self):
        return f"{self.models} models, {self.migrations:,} migrations"

    @property
    def folder(self):
        return f"{self.models}x{self.migrations}"


@dataclass(frozen=True)
class Alteration:
    """What becomes of a model after it was created: the operation and the model's lines, in both languages."""

    name: str
    rust: str
    python: str


# `{model}` is the model, `{index}` the name of its index.
ALTERATIONS = (
    Alteration(
        "{model}_remark",
        'add_field("{model}", "remark", char(50).with_default("").blank())',
        'migrations.AddField("{model}", "remark", models.CharField(blank=True, default="", max_length=50))',
    ),
    Alteration(
        "alter_{model}_title", 'alter_field("{model}", "title", char(200))',
        'migrations.AlterField("{model}", "title", models.CharField(max_length=200))',
    ),
    Alteration(
        "{index}", 'add_index("{model}", index(&["slug", "active"]).name("{index}"))',
        'migrations.AddIndex("{model}", models.Index(fields=["slug", "active"], name="{index}"))',
    ),
    Alteration(
        "rename_count_{model}_quantity", 'rename_field("{model}", "count", "quantity")',
        'migrations.RenameField("{model}", "count", "quantity")',
    ),
)
REMARK, TITLE, INDEX, RENAME = range(len(ALTERATIONS))


@dataclass(frozen=True)
class Model:
    """A model, and what becomes of it. Its key is to the model before it; the first one's is to the app before."""

    app: str
    name: str
    key: tuple | None  # app and model
    alterations: frozenset

    @property
    def index(self):
        return f"{self.name.lower()}_slug_active"


@dataclass(frozen=True)
class Migration:
    """A migration of one operation: of an alteration, or else the creation."""

    name: str
    model: Model
    alteration: Alteration | None
    after: str | None  # the one before it in the app


def models(size):
    """The models by app."""
    per_app = size.models // APPS
    rest = size.migrations - size.models
    apps = {}
    for number in range(size.models):
        at, app = number % per_app, f"app{number // per_app}"
        key = (app, f"Model{number - 1:03}") if at else None
        if not at and number:
            key = (f"app{number // per_app - 1}", f"Model{number - per_app:03}")
        rounds = rest // size.models + (number % size.models < rest % size.models)
        own = frozenset((number + turn) % len(ALTERATIONS) for turn in range(min(rounds, len(ALTERATIONS))))
        apps.setdefault(app, []).append(Model(app, f"Model{number:03}", key, own))
    return apps


def migrations(own):
    """The migrations of an app: first its models, then what becomes of them, kind after kind."""
    steps = [(model, None) for model in own]
    steps += [(model, kind) for kind in range(len(ALTERATIONS)) for model in own if kind in model.alterations]
    made = []
    for number, (model, kind) in enumerate(steps, 1):
        alteration = None if kind is None else ALTERATIONS[kind]
        ending = filled(alteration.name, model) if alteration else model.name.lower()
        name = f"{number:04}_{'initial' if number == 1 else ending}"
        made.append(Migration(name, model, alteration, made[-1].name if made else None))
    return made


def filled(text, model):
    return text.replace("{model}", model.name.lower()).replace("{index}", model.index)


def size_of(apps):
    return sum(map(len, apps.values())), sum(len(migrations(own)) for own in apps.values())


# Ours.


def write_ours(folder, size):
    """A project of ours; its program is called `history-` and the size."""
    apps = models(size)
    manifest = RUST_MANIFEST.format(name=f"history-{size.folder}", quintet=ROOT / "crates/quintet")
    keep(folder / "Cargo.toml", manifest)
    keep(folder / "Cargo.lock", (HERE / "Cargo.lock").read_text(encoding="utf-8"))
    modules = "".join(f"mod {app};\n" for app in apps)
    listed = ", ".join(f"{app}::app()" for app in apps)
    keep(folder / "src/main.rs", RUST_MAIN.replace("{modules}", modules).replace("{apps}", listed))
    for app, own in apps.items():
        steps = migrations(own)
        source = folder / "src" / app
        names = ", ".join(model.name for model in own)
        keep(source / "mod.rs", RUST_APP.replace("{app}", app).replace("{models}", names))
        keep(source / "models.rs", "//! The models.\n\nuse quintet::prelude::*;\n" + "".join(map(rust_model, own)))
        lines = "".join(f"mod m{step.name};\n" for step in steps)
        listing = "".join(f"        m{step.name}::migration(),\n" for step in steps)
        keep(source / "migrations/mod.rs", RUST_LIST.replace("{modules}", lines).replace("{migrations}", listing))
        for step in steps:
            keep(source / f"migrations/m{step.name}.rs", rust_migration(step))


def rust_model(model, derive="Model"):
    done = model.alterations
    index = f'#[model(index(fields = ["slug", "active"], name = "{model.index}"))]\n' if INDEX in done else ""
    remark = '    #[field(max_length = 50, default = "", blank)]\n    pub remark: String,\n' if REMARK in done else ""
    key = ""
    if model.key:
        app, name = model.key
        path = name if app == model.app else f"crate::{app}::models::{name}"
        key = f"    #[field(on_delete = cascade, blank)]\n    pub parent: Option<ForeignKey<{path}>>,\n"
    return (
        f"\n#[derive({derive})]\n{index}pub struct {model.name} {{\n    pub id: BigAuto,\n"
        f"    #[field(max_length = {200 if TITLE in done else 100})]\n    pub title: String,\n"
        "    pub slug: Slug,\n    pub body: Text,\n"
        f"    #[field(default = 0)]\n    pub {'quantity' if RENAME in done else 'count'}: i32,\n"
        "    #[field(default = true)]\n    pub active: bool,\n"
        "    #[field(max_digits = 8, decimal_places = 2)]\n    pub price: Decimal,\n"
        f"    #[field(auto_now_add)]\n    pub created_at: DateTime,\n{key}{remark}}}\n"
    )


def rust_migration(step):
    model = step.model
    words = f'Migration::new("{step.name}")' + ("" if step.after else ".initial()")
    words += "".join(f'\n        .depends_on("{app}", "{name}")' for app, name in dependencies(step))
    operation = filled(step.alteration.rust, model) if step.alteration else rust_creation(model)
    return (
        f"//! {step.name}.\n\nuse quintet::migrations::*;\n\npub fn migration() -> Migration {{\n"
        f"    {words}.operations(vec![{operation}])\n}}\n"
    )


def rust_creation(model):
    key = ""
    if model.key:
        key = f'        ("parent", foreign_key("{".".join(model.key)}", OnDelete::Cascade).null().blank()),\n'
    return RUST_CREATION.replace("{name}", model.name).replace("{key}", key)


RUST_MANIFEST = """[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
quintet = {{ path = "{quintet}" }}

[workspace]

[profile.dev]
debug = "line-tables-only"
"""

RUST_MAIN = """//! A history of made-up models.

{modules}
use quintet::apps;
use quintet::prelude::*;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-of-the-benchmark-that-protects-nothing-at-all".into(),
        database: env.database("DATABASE_URL", "sqlite://db.sqlite3"),
        installed_apps: [apps::defaults(), vec![{apps}]].concat(),
        urls,
        ..Settings::default()
    }
}

fn urls() -> Urls {
    urls![]
}
"""

RUST_APP = """//! An app.

pub mod migrations;
pub mod models;

use models::*;

quintet::app! { {app}, models = [{models}], migrations = migrations::all() }
"""

RUST_LIST = """//! The history of this app's tables.

use quintet::migrations::Migration;

{modules}
/// All migrations, in order.
pub fn all() -> Vec<Migration> {
    vec![
{migrations}    ]
}
"""

RUST_CREATION = """create_model(
        "{name}",
        vec![
        ("id", big_auto().primary_key()),
        ("title", char(100)),
        ("slug", slug()),
        ("body", text()),
        ("count", integer().with_default(0)),
        ("active", boolean().with_default(true)),
        ("price", decimal(8, 2)),
        ("created_at", date_time().auto_now_add()),
{key}        ],
        options(),
    )"""


def dependencies(step):
    """Of a migration: the one before it, and the one that creates the model of another app that it refers to."""
    own = [(step.model.app, step.after)] if step.after else []
    key = step.model.key
    return own + ([(key[0], "0001_initial")] if step.alteration is None and key and key[0] != step.model.app else [])


# The reference's.


def write_reference(folder, size):
    apps = models(size)
    fresh(folder)
    keep(folder / "manage.py", PYTHON_MANAGE)
    keep(folder / "settings.py", PYTHON_SETTINGS.replace("{apps}", repr(list(apps))))
    for app, own in apps.items():
        keep(folder / app / "__init__.py", "")
        keep(folder / app / "migrations/__init__.py", "")
        keep(folder / app / "models.py", "from django.db import models\n" + "".join(map(python_model, own)))
        for step in migrations(own):
            keep(folder / app / f"migrations/{step.name}.py", python_migration(step))


PYTHON_FIELDS = (
    ("title", "CharField(max_length=100)"),
    ("slug", "SlugField()"),
    ("body", "TextField()"),
    ("count", "IntegerField(default=0)"),
    ("active", "BooleanField(default=True)"),
    ("price", "DecimalField(decimal_places=2, max_digits=8)"),
    ("created_at", "DateTimeField(auto_now_add=True)"),
)


def python_fields(model, done=frozenset()):
    """Pairs of name and words, as they are after some alterations."""
    fields = [(name, f"models.{words}") for name, words in PYTHON_FIELDS]
    if TITLE in done:
        fields[0] = ("title", "models.CharField(max_length=200)")
    if RENAME in done:
        fields[3] = ("quantity", fields[3][1])
    if model.key:
        words = f'models.ForeignKey("{".".join(model.key)}", blank=True, null=True, on_delete=models.CASCADE)'
        fields.append(("parent", words))
    if REMARK in done:
        fields.append(("remark", 'models.CharField(blank=True, default="", max_length=50)'))
    return fields


def python_model(model):
    fields = "".join(f"    {name} = {words}\n" for name, words in python_fields(model, model.alterations))
    index = f'models.Index(fields=["slug", "active"], name="{model.index}")'
    meta = f"\n    class Meta:\n        indexes = [{index}]\n" if INDEX in model.alterations else ""
    return f"\n\nclass {model.name}(models.Model):\n{fields}{meta}"


def python_migration(step):
    operation = filled(step.alteration.python, step.model) if step.alteration else python_creation(step.model)
    initial = "" if step.after else "    initial = True\n"
    return (
        "import django.db.models.deletion\nfrom django.db import migrations, models\n\n\n"
        f"class Migration(migrations.Migration):\n{initial}    dependencies = {dependencies(step)!r}\n"
        f"    operations = [{operation}]\n"
    )


def python_creation(model):
    key = 'models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")'
    fields = "".join(f'            ("{name}", {words}),\n' for name, words in [("id", key), *python_fields(model)])
    return f'migrations.CreateModel(\n        name="{model.name}",\n        fields=[\n{fields}        ],\n    )'


PYTHON_MANAGE = """import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""

PYTHON_SETTINGS = """import os

SECRET_KEY = "a-key-of-the-benchmark-that-protects-nothing-at-all"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages",
] + {apps}
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE_FILE"]}}
"""


# Files.


def fresh(folder):
    """Nothing of an earlier history stays: the reference runs whatever lies in its folders."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def keep(path, text):
    """A file that is as it should be keeps its time, so that nothing is built anew."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
