"""Record how the reference writes expressions and conditions in DDL, with literals inlined.

    scripts/postgres oracle/venv/bin/python oracle/db/record_expressions.py

Writes vectors/expressions.json: a model, and cases. A case has a place (check, condition, index, unique, generated,
default), the expression as data, and the text on each database, or null where the reference refuses it there.
"""
import datetime
import decimal
import json
import os
import pathlib
import uuid

import django
from django.conf import settings

settings.configure(
    USE_TZ=True,
    TIME_ZONE="UTC",
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
        "pg": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"],
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "USER": os.environ["PGUSER"],
        },
    },
    INSTALLED_APPS=[],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.apps.registry import Apps  # noqa: E402
from django.db import connections, models  # noqa: E402
from django.db.models import Case, CheckConstraint, F, Index, OrderBy, Q, UniqueConstraint, Value, When  # noqa: E402
from django.db.models import functions as fn  # noqa: E402
from django.db.models.expressions import CombinedExpression, RawSQL  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
UTC = datetime.timezone.utc
D = decimal.Decimal


class Owner(models.Model):
    class Meta:
        app_label = "lab"


FIELDS = {
    "title": lambda: models.CharField(max_length=100),
    "nick": lambda: models.CharField(max_length=20, null=True),
    "body": lambda: models.TextField(),
    "a": lambda: models.IntegerField(),
    "b": lambda: models.IntegerField(null=True),
    "small": lambda: models.PositiveSmallIntegerField(default=0),
    "price": lambda: models.DecimalField(max_digits=6, decimal_places=2),
    "rate": lambda: models.FloatField(),
    "active": lambda: models.BooleanField(),
    "maybe": lambda: models.BooleanField(null=True),
    "day": lambda: models.DateField(),
    "at": lambda: models.DateTimeField(),
    "till": lambda: models.DateTimeField(null=True),
    "hour": lambda: models.TimeField(),
    "span": lambda: models.DurationField(),
    "code": lambda: models.UUIDField(),
    "data": lambda: models.JSONField(),
    "blob": lambda: models.BinaryField(),
    "ip": lambda: models.GenericIPAddressField(),
    "named": lambda: models.IntegerField(db_column="other_name"),
    "owner": lambda: models.ForeignKey(Owner, models.CASCADE),
    "patron": lambda: models.ForeignKey(Owner, models.CASCADE, null=True, related_name="+"),
}
Thing = type(
    "Thing",
    (models.Model,),
    {"__module__": "lab", "Meta": type("Meta", (), {"app_label": "lab"}), **{k: v() for k, v in FIELDS.items()}},
)

M = datetime.datetime(2024, 1, 31, 12, 0, 0, 1, tzinfo=UTC)
DAY = datetime.date(2024, 1, 31)
NOON = datetime.time(12, 0, 0)
CODE = uuid.UUID("12345678-1234-5678-1234-567812345678")

CHECKS = [
    Q(a=1), Q(a__exact=-1), Q(a__gt=1), Q(a__gte=1), Q(a__lt=1), Q(a__lte=1), Q(a=1, b=2), Q(a=1) | Q(b=2),
    Q(a=1) & (Q(b=2) | Q(small=3)), (Q(a=1) & Q(b=2)) | Q(small=3), (Q(a=1, b=2)) | (Q(a=3, b=4)),
    Q(a=1) ^ Q(b=2), Q(a=1) ^ Q(b=2) ^ Q(small=3), ~Q(a=1), ~Q(b=1), ~Q(b__gt=1), ~Q(a=1, b=2), ~(Q(a=1) | Q(b=2)),
    ~Q(~Q(b=1)), Q(~Q(b=1), a=2), ~Q(b__isnull=True), ~Q(b__isnull=False), Q(b__isnull=True), Q(b__isnull=False),
    Q(b=None), ~Q(b=None), Q(a__in=[1, 2, 3]), Q(a__in=[2, 1, 2, None]), ~Q(b__in=[1]), Q(a__range=(1, 5)),
    Q(title="it's"), Q(title=""), Q(title="100%"), Q(title="back\\slash"), Q(title__iexact="x_y"), Q(title__contains="a%b"),
    Q(title__icontains="x"), Q(title__startswith="x"), Q(title__istartswith="x"), Q(title__endswith="x"),
    Q(title__iendswith="x_"), Q(title__regex=r"^\d+$"), Q(title__iregex="^x"), Q(title__in=["x", "y"]),
    Q(body__contains="it's"), Q(ip__contains="10"), Q(a__contains=4), Q(title__gt="m"), Q(title=5),
    Q(active=True), Q(active=False), ~Q(active=True), Q(maybe=True), ~Q(maybe=True), ~Q(maybe=False), Q(active__in=[True]),
    Q(price=D("10.50")), Q(price__gte=0), Q(price__lt=D("-1")), Q(price__in=[D("1.00"), D("2.5")]), Q(rate__gt=1.5), Q(rate__gt=2),
    Q(price__range=(0, 100)), Q(a__gte=1.5), Q(a__lt=1.5),
    Q(day=DAY), Q(day__gte=DAY), Q(at__lt=M), Q(hour__gt=NOON), Q(span__gt=datetime.timedelta(days=1, seconds=2, microseconds=3)),
    Q(at__range=(M, M)), Q(code=CODE), Q(code__in=[CODE]), Q(data={"a": [1, "x", None]}), Q(blob=b"\x00\xff"), Q(ip="10.0.0.1"),
    Q(named=1), Q(owner=1), Q(owner_id=1), Q(owner__id=1), Q(owner__isnull=True), Q(patron=1), ~Q(patron=1), Q(owner__in=[1, 2]),
    Q(pk=1), Q(id__gt=0), Q(owner__gt=1), ~Q(patron__isnull=True), Q(owner=F("patron")),
    Q(a=F("b")), ~Q(a=F("b")), ~Q(b=F("a")), Q(a__lt=F("named")), Q(a__lt=F("b") + 1), Q(a__in=[F("b"), 1]), Q(a__range=(F("b"), 5)),
    Q(title__contains=F("nick")), Q(title__istartswith=F("nick")), Q(title__endswith=F("nick")), Q(title__iexact=F("nick")),
    Q(title=fn.Lower("title")), Q(title__gt=fn.Lower("nick")), Q(at__lte=fn.Now()), Q(till__gt=F("at")), ~Q(till__gt=F("at")),
    Q(price__lte=F("price") * 2), Q(rate=F("a") / 2), Q(a=Value(1)), Q(title=Value("x")), Q(a=-F("b")),
    Q(a__gt=fn.Length("title")), Q(a=fn.Coalesce("b", 0)), Q(a=fn.Coalesce("b", Value(0))),
    Q(Case(When(a=1, then=True), default=False, output_field=models.BooleanField())),
    Q(RawSQL("a > 1", (), output_field=models.BooleanField())),
    Q(day__year=2024), Q(at__year=2024), Q(at__year__gte=2024), Q(day__month=5), Q(at__hour__lt=12), Q(at__date=DAY),
    Q(a=1) & ~Q(b=2) & ~(Q(title="x") | Q(nick="y")), Q(a=1) | ~Q(b=2), ~(Q(a=1) & ~Q(b=2)), ~(Q(a=1) ^ Q(b=2)),
    Q(Q(a=1) | Q(b=2), Q(title="x") | Q(nick="y")), Q(a=1) | (Q(b=2) & Q(small=3)) | Q(title="x"), Q(a__in=[]) | Q(b=1), ~Q(a__in=[]) & Q(b=1),
    Q(span=F("till") - F("at")), Q(at__lt=F("till") + datetime.timedelta(days=1)),
    Q(a__gte=0) & Q(a__lte=99999), Q(small__gte=0), Q(nick__isnull=True) | ~Q(nick=""), Q(small=-1), Q(small__gte=-1) & Q(a=1), Q(title__in=("x",)),
    Q(a=1) & Q(a=1), (Q(a=1) | Q(b=1)) & (Q(a=1) | Q(b=1)), Q(data=None), Q(span=datetime.timedelta(hours=-1)), Q(span=datetime.timedelta(days=-3)),
    Q(span=datetime.timedelta(minutes=5)), Q(data={"a": "b\\c"}), Q(title=True), Q(price=1.5), Q(a=2**40), Q(a__lt=2**40) & Q(b=1), Q(at__year__lt=2024), Q(day__year__lte=2024), Q(day__quarter=1),
    Q(a__in=["1", "2"]), Q(a="5"), Q(code="12345678-1234-5678-1234-567812345678"), Q(active="1"), Q(rate="1.5"), Q(day="2024-01-31"), Q(price__gt="1.5"), Q(nosuch=1), Q(a__nosuch=1),
    Q(a__isnull=1), Q(a__gt=None), Q(title__regex="it's"), Q(Q(Q(a=1))), ~Q(Q(a=1), b=2), ~(~Q(a=1) | ~Q(b=2)), Q(a=1) ^ ~Q(b=2), ~Q(b__range=(1, 2)), ~Q(nick__contains="x"), ~Q(day__year=2024), ~Q(till__year=2024),
]

EXPRESSIONS = [
    F("title"), F("named"), fn.Lower("title"), fn.Upper("title"), fn.Length("title"), fn.Coalesce("nick", "title"),
    fn.Coalesce("nick", Value("it's")), fn.Abs("a"), fn.Concat("title", "body"), fn.Concat("title", Value(" "), "nick"),
    fn.Concat("title", "a"), fn.Trim("title"), fn.LTrim("title"), fn.RTrim("title"), fn.Left("title", 3), fn.Right("title", 3),
    fn.Substr("title", 2), fn.Substr("title", 2, 3), fn.Round("price"), fn.Round("rate", 2), fn.Round("a", precision=1), fn.Ceil("rate"), fn.Floor("rate"),
    fn.Mod("a", "b"), fn.Mod("a", 2), fn.Mod("rate", 2), fn.Power("a", 2), fn.Sqrt("rate"), fn.Greatest("a", "b"), fn.Least("a", "b"),
    fn.NullIf("title", Value("")), fn.Replace("title", Value("a"), Value("b")), fn.Replace("title", Value("a")), fn.Reverse("title"), fn.MD5("title"), fn.SHA256("title"),
    fn.Repeat("title", 2), fn.LPad("title", 5, Value("0")), fn.RPad("title", 5), fn.StrIndex("title", Value("x")), fn.Ord("title"), fn.Chr("a"),
    fn.Sign("a"), fn.Exp("rate"), fn.Ln("rate"), fn.Log("rate", 2), fn.Abs("price"), fn.Cast("a", models.CharField(max_length=10)), fn.Cast("a", models.TextField()),
    fn.Cast("title", models.IntegerField()), fn.Cast("a", models.FloatField()), fn.Cast("title", models.DateField()), fn.Cast("title", models.DateTimeField()), fn.Cast("a", models.BigIntegerField()),
    fn.Cast("title", models.DecimalField(max_digits=5, decimal_places=1)), fn.Cast("a", models.BooleanField()), fn.Cast("title", models.UUIDField()),
    fn.ExtractYear("day"), fn.ExtractMonth("day"), fn.ExtractYear("at"), fn.ExtractWeekDay("day"), fn.TruncMonth("day"), fn.TruncDate("at"),
    F("a") + F("b"), F("a") + 1, F("a") - 1, F("a") * 2, F("a") / 2, F("a") % 2, F("a") ** 2, (F("a") + 1) * (F("b") - 2), F("price") * 2, F("price") + F("price"), F("rate") * 1.5,
    F("a") + F("b") * 2, -F("a"), fn.Lower("title").desc(), F("a").asc(), F("a").desc(), F("a").desc(nulls_last=True), F("a").asc(nulls_first=True),
    (F("a") + 1).desc(), fn.Collate("title", "C"), fn.Collate(fn.Lower("title"), "nocase"), fn.Collate("title", "C").desc(), fn.Lower(fn.Trim("title")),
    Case(When(a=1, then=Value("x")), default=Value("y")), Case(When(a=1, then="title"), When(Q(b=2) | Q(small=3), then="nick")),
    Case(When(active=True, then=Value(1)), default=Value(0)), Case(When(~Q(b=1), then=F("a")), default=F("b")), Case(When(a=1, then="code")), Case(When(a=1, then="price"), default=Value(D("1.5"))),
    RawSQL("lower(title)", ()), fn.Lower(Value("X")), fn.Coalesce("price", Value(D("0.00"))), fn.Coalesce("at", Value(M)),
]

DEFAULTS = [
    ("a", 5), ("a", -5), ("a", Value(5)), ("title", "it's"), ("title", Value("x")), ("title", ""), ("title", "100%"), ("active", True), ("active", False),
    ("price", D("10.50")), ("price", 1), ("rate", 1.5), ("rate", -2), ("rate", 1), ("day", DAY), ("at", M), ("hour", NOON), ("span", datetime.timedelta(days=1, seconds=2, microseconds=3)),
    ("code", CODE), ("data", {"a": [1, "x", None, True]}), ("blob", b"\x00\xff"), ("ip", "10.0.0.1"), ("b", None),
    ("at", fn.Now()), ("title", fn.Lower(Value("X"))), ("a", Value(1) + Value(2)), ("title", fn.Concat(Value("a"), Value("b"))), ("a", fn.Length(Value("abc"))),
    ("rate", fn.Pi()), ("title", fn.MD5(Value("x"))), ("a", fn.Abs(Value(-3))), ("price", fn.Round(Value(D("1.55")), 1)), ("at", fn.TruncDay(fn.Now())), ("day", fn.Cast(fn.Now(), models.DateField())),
    ("data", Value({"a": 1}, models.JSONField())), ("a", RawSQL("1 + 1", ())), ("code", fn.NullIf(Value("x"), Value("y"))), ("a", Case(When(Q(Value(True)), then=Value(1)), default=Value(2))),
]

GENERATED = [
    (fn.Lower("title"), models.CharField(max_length=100)), (F("a") + F("b"), models.IntegerField()), (F("price") * 2, models.DecimalField(max_digits=9, decimal_places=2)),
    (fn.Concat("title", Value(": "), "body"), models.TextField()), (Case(When(a=1, then=Value("x")), default=Value("y")), models.CharField(max_length=1)), (F("a"), models.IntegerField()),
    (Q(a=1), models.BooleanField()), (Q(a=1) | ~Q(b=2), models.BooleanField()), (fn.Coalesce("nick", "title"), models.CharField(max_length=9)), (F("a") * 2.5, models.FloatField()),
    (fn.Upper(fn.Left("title", 1)), models.CharField(max_length=1)), (fn.Length("title"), models.IntegerField()), (F("named") % 10, models.IntegerField()),
    (Q(title__contains="a%"), models.BooleanField()),
]


def value(v):
    if isinstance(v, bool) or v is None or isinstance(v, (int, str)):
        return v
    if isinstance(v, float):
        return {"float": repr(v)}
    if isinstance(v, D):
        return {"decimal": str(v)}
    if isinstance(v, bytes):
        return {"bytes": list(v)}
    if isinstance(v, datetime.datetime):
        return {"datetime": v.replace(tzinfo=None).isoformat(" ")}
    if isinstance(v, datetime.date):
        return {"date": v.isoformat()}
    if isinstance(v, datetime.time):
        return {"time": v.isoformat()}
    if isinstance(v, datetime.timedelta):
        return {"duration": v // datetime.timedelta(microseconds=1)}
    if isinstance(v, uuid.UUID):
        return {"uuid": str(v)}
    if isinstance(v, dict):
        return {"json": json.dumps(v)}
    raise TypeError(v)


def kind(field):
    names = ("max_length", "max_digits", "decimal_places")
    return {"kind": type(field).__name__, **{n: getattr(field, n) for n in names if getattr(field, n, None) is not None}}


def expr(e):
    if isinstance(e, (list, tuple)):
        return {"list": [expr(one) for one in e]}
    if isinstance(e, Q):
        return {"q": condition(e)}
    if isinstance(e, F):
        return {"f": e.name}
    if isinstance(e, Value):
        return {"value": value(e.value)}
    if isinstance(e, OrderBy):
        nulls = True if e.nulls_first else False if e.nulls_last else None
        return {"order_by": expr(e.expression), "descending": e.descending, "nulls_first": nulls}
    if isinstance(e, CombinedExpression):
        return {"combined": [expr(e.lhs), e.connector, expr(e.rhs)]}
    if isinstance(e, Case):
        cases = [[condition(c.condition), expr(c.result)] for c in e.cases]
        default = None if isinstance(e.default, Value) and e.default.value is None else expr(e.default)
        return {"case": cases, "default": default}
    if isinstance(e, RawSQL):
        return {"raw": e.sql}
    if isinstance(e, fn.Collate):
        return {"collate": expr(e.source_expressions[0]), "collation": e.collation}
    if isinstance(e, fn.Cast):
        return {"cast": expr(e.source_expressions[0]), "to": kind(e.output_field)}
    if isinstance(e, fn.Concat):
        args, pair = [], e.source_expressions[0]
        while True:
            left, right = pair.source_expressions
            args.append(expr(left))
            if type(right).__name__ != "ConcatPair":
                return {"func": "Concat", "args": [*args, expr(right)]}
            pair = right
    if isinstance(e, models.Func):
        return {"func": type(e).__name__, "args": [expr(a) for a in e.source_expressions]}
    return {"value": value(e)}


def condition(q):
    if not isinstance(q, Q):
        return {"expr": expr(q)}
    children = [
        {"lookup": c[0], "value": expr(c[1])} if isinstance(c, tuple) else condition(c) for c in q.children
    ]
    found = children[0] if len(children) == 1 else {q.connector.lower(): children}
    return {"not": found} if q.negated else found


def written(connection, sql, params):
    if connection.vendor == "postgresql":
        return connection.ops.compose_sql(sql, params) if params else sql
    assert not params
    return sql


def attempt(make):
    out = {}
    for alias, name in (("default", "sqlite"), ("pg", "postgresql")):
        connection = connections[alias]
        connection.ensure_connection()
        try:
            out[name] = make(connection.schema_editor(collect_sql=True), connection)
        except Exception as error:  # noqa: BLE001
            print(name, type(error).__name__, error)
            out[name] = None
    return out


def default_case(name, default):
    field = FIELDS[name]()
    field.db_default = default
    field._db_default_expression = default if hasattr(default, "resolve_expression") else Value(default, field)
    field.set_attributes_from_name(name)
    field.model = Thing
    return field


def cases():
    for q in CHECKS:
        def check(editor, connection, q=q):
            return CheckConstraint(condition=q, name="c")._get_check_sql(Thing, editor)
        yield {"place": "check", "condition": condition(q), **attempt(check)}
    for q in CHECKS[:20]:
        def where(editor, connection, q=q):
            return str(UniqueConstraint(fields=["a"], condition=q, name="c").create_sql(Thing, editor)).split(" WHERE ")[1]
        yield {"place": "condition", "condition": condition(q), **attempt(where)}
    for e in EXPRESSIONS:
        def index(editor, connection, e=e):
            return str(Index(e, name="i").create_sql(Thing, editor).parts["columns"])
        yield {"place": "index", "expr": expr(e), **attempt(index)}
    for e in EXPRESSIONS[:12]:
        def unique(editor, connection, e=e):
            return str(UniqueConstraint(e, name="i").create_sql(Thing, editor).parts["columns"])
        yield {"place": "unique", "expr": expr(e), **attempt(unique)}
    for name, default in DEFAULTS:
        def of(editor, connection, name=name, default=default):
            return written(connection, *editor.db_default_sql(default_case(name, default)))
        yield {"place": "default", "field": name, "expr": expr(default), **attempt(of)}
    for e, output in GENERATED:
        def generated(editor, connection, e=e, output=output):
            field = models.GeneratedField(expression=e, output_field=output, db_persist=True)
            meta = type("Meta", (), {"app_label": "lab", "apps": Apps()})
            own = {name: make() for name, make in FIELDS.items() if name not in ("owner", "patron")}
            type("Thing", (models.Model,), {"__module__": "lab", "Meta": meta, **own, "made": field})
            return written(connection, *editor._column_generated_sql(field))
        yield {"place": "generated", "expr": expr(e), "to": kind(output), **attempt(generated)}


def main():
    lines = ",\n".join("  " + json.dumps(case) for case in cases())
    (HERE.parent / "vectors" / "expressions.json").write_text("[\n%s\n]\n" % lines)


main()
