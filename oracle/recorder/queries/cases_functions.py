"""Database functions, parts of dates, windows."""
from .words import agg, ann, any_, as_, case, cast, date, dec, f, flt, fn, is_, moment, op, q, vals, when

SPECIMEN = "shop.Specimen"
TEXT = [
    fn("Lower", f("text")), fn("Upper", f("text")), fn("Length", f("text")), fn("Trim", f("text")), fn("LTrim", f("text")), fn("RTrim", f("text")), fn("Reverse", f("text")), fn("Left", f("text"), 3), fn("Right", f("text"), 3),
    fn("Substr", f("text"), 2), fn("Substr", f("text"), 2, 4), fn("StrIndex", f("text"), "a"), fn("Replace", f("char"), "a", "%s"), fn("Replace", f("char"), "p"), fn("Replace", f("text"), "a"), fn("Repeat", f("char"), 2), fn("LPad", f("char"), 12, "-"), fn("RPad", f("char"), 12, "-"),
    fn("Concat", f("char"), "/", f("char_null")), fn("Concat", f("char"), f("char_min")), fn("Concat", f("char"), f("text")), fn("Ord", f("text")), fn("Chr", f("choice_int")), fn("MD5", f("text")), fn("SHA1", f("text")), fn("SHA224", f("text")), fn("SHA256", f("text")), fn("SHA384", f("text")), fn("SHA512", f("text")),
    fn("Lower", fn("Substr", f("text"), 1, 2)), fn("Length", f("char_null")), fn("Concat", f("char"), cast(f("integer"), "CharField")),
]
NUMBERS = [
    fn("Abs", f("integer")), fn("Abs", f("decimal")), fn("Ceil", f("floating")), fn("Floor", f("floating")), fn("Round", f("decimal")), fn("Round", f("decimal"), 1), fn("Round", f("floating"), 1), fn("Sign", f("integer")), fn("Sqrt", f("pos_small")),
    fn("Mod", f("integer"), 3), fn("Power", f("bounded"), 2), fn("Exp", f("bounded")), fn("Ln", f("choice_int")), fn("Log", 10, f("choice_int")), fn("Sin", f("bounded")), fn("Cos", f("bounded")), fn("Tan", f("bounded")), fn("ASin", 0.5), fn("ACos", 0.5), fn("ATan", f("bounded")), fn("ATan2", f("bounded"), 2),
    fn("Degrees", f("bounded")), fn("Radians", f("bounded")), fn("Cot", f("choice_int")), fn("Pi"),
]
CHOICE = [
    fn("Coalesce", f("char_null"), f("char")), fn("Coalesce", f("integer"), f("choice_int"), 0), fn("Coalesce", f("integer"), f("small"), 0), fn("Coalesce", f("decimal"), dec("0")), fn("Coalesce", f("integer"), f("decimal")), fn("NullIf", f("char"), "Apple"), fn("NullIf", f("integer"), f("choice_int")),
    fn("Greatest", f("integer"), f("bounded")), fn("Least", f("integer"), f("choice_int"), 3), fn("Greatest", f("date"), as_(date("2024-01-01"), "DateField")), fn("Coalesce", f("datetime"), as_(moment("2024-01-01 00:00:00"), "DateTimeField")), fn("Coalesce", f("boolean_null"), False),
    fn("Coalesce", f("json"), as_({"$json": "{}"}, "JSONField")), fn("Greatest", f("char"), f("char_null")),
]
CASTS = [
    ("integer", "CharField", {}), ("integer", "TextField", {}), ("integer", "FloatField", {}), ("integer", "DecimalField", {"max_digits": 12, "decimal_places": 2}), ("decimal", "IntegerField", {}), ("decimal", "FloatField", {}), ("decimal", "CharField", {"max_length": 3}),
    ("char_min", "CharField", {"max_length": 2}), ("boolean", "IntegerField", {}), ("integer", "BooleanField", {}), ("date", "DateTimeField", {}), ("datetime", "DateField", {}), ("datetime", "TimeField", {}), ("date", "CharField", {}), ("uuid", "CharField", {}), ("floating", "DecimalField", {"max_digits": 40, "decimal_places": 3}), ("small", "BigIntegerField", {}), ("json", "TextField", {}),
]
PARTS = ["year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day", "hour", "minute", "second"]
TRUNCATED = ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "date", "time"]


def cases():
    for kind, exprs in [("text", TEXT), ("number", NUMBERS), ("choice", CHOICE)]:
        for at, expr in enumerate(exprs):
            # The largest floating-point numbers have no powers.
            yield case("%s function %d %s" % (kind, at, expr["$func"][0]), q(SPECIMEN, flt(any_(is_("floating__lt", 100), is_("floating__isnull", True))), ann("x", expr), vals("pk", "x")))
    for column, class_, kwargs in CASTS:
        yield case("cast %s to %s" % (column, class_), q(SPECIMEN, flt(any_(is_("floating__lt", 100), is_("floating__isnull", True))), ann("x", cast(f(column), class_, **kwargs)), vals("pk", "x")))
    for part in PARTS:
        yield case("extract %s" % part, q(SPECIMEN, ann("x", {"$extract": [part, f("datetime")]}), vals("pk", "x")))
        yield case("extract %s in a zone" % part, q(SPECIMEN, ann("x", {"$extract": [part, f("datetime"), "Asia/Kathmandu"]}), vals("pk", "x")))
        yield case("extract %s of a date" % part, q(SPECIMEN, ann("x", {"$extract": [part, f("date")]}), vals("pk", "x")))
    for part in TRUNCATED:
        for zone in [None, "Europe/Berlin", "America/New_York"]:
            yield case("truncate to %s in %s" % (part, zone), q(SPECIMEN, ann("x", {"$truncate": [part, f("datetime"), zone]}), vals("pk", "x")))
        yield case("truncate a date to %s" % part, q(SPECIMEN, ann("x", {"$truncate": [part, f("date")]}), vals("pk", "x")))
    yield case("truncate in the current zone", q(SPECIMEN, ann("x", {"$truncate": ["day", f("datetime")]}), vals("pk", "x")), zone="Europe/Berlin")
    yield case("truncate a time", q(SPECIMEN, ann("x", {"$truncate": ["hour", f("time")]}), vals("pk", "x")))
    yield case("truncate to a date", q(SPECIMEN, ann("x", {"$truncate": ["month", f("datetime"), None, {"class": "DateField", "kwargs": {}}]}), vals("pk", "x")))
    yield case("extract of a duration", q(SPECIMEN, ann("x", {"$extract": ["hour", f("duration")]}), vals("pk", "x")))
    yield case("extract epoch", q(SPECIMEN, ann("x", {"$extract": ["epoch", f("datetime")]}), vals("pk", "x")))
    yield case("extract by a hostile part", q(SPECIMEN, ann("x", {"$extract": ["year' FROM datetime)) OR 1=1;SELECT 1 --", f("datetime")]}), vals("pk", "x")))
    yield case("truncate by a hostile part", q(SPECIMEN, ann("x", {"$truncate": ["year', datetime)) OR 1=1;--", f("datetime")]}), vals("pk", "x")))
    yield case("count by month", q("api.Note", ann("m", {"$truncate": ["month", f("created_at")]}), vals("m"), ann("n", agg("Count", f("pk"))), order=["m"]))
    yield case("count by year in a zone", q("api.Note", ann("y", {"$extract": ["year", f("created_at"), "Europe/Berlin"]}), vals("y"), ann("n", agg("Count", f("pk"))), order=["-y"]))
    yield case("now is later", q("api.Note", flt(is_("created_at__lt", fn("Now"))), order=["pk"]))
    yield case("filter by a function", q(SPECIMEN, ann("n", fn("Length", f("text"))), flt(is_("n__lt", 8))))
    yield case("order by a function", q(SPECIMEN, order=[{"by": fn("Lower", f("text")), "desc": True}, "pk"]))
    yield case("compare with a function", q(SPECIMEN, flt(is_("char", fn("Left", f("text"), 10)))))
    yield case("a function of a wrong number", q(SPECIMEN, ann("x", fn("Coalesce", f("char")))))
    yield from windows()


def windows():
    product = "shop.Product"
    by = {"partition": [f("status")], "order": ["-price", "pk"]}
    over = [
        ("RowNumber", fn("RowNumber"), by), ("Rank", fn("Rank"), {"partition": [f("status")], "order": ["price"]}), ("DenseRank", fn("DenseRank"), {"order": ["price"]}), ("PercentRank", fn("PercentRank"), {"order": ["price"]}), ("CumeDist", fn("CumeDist"), {"order": ["price"]}),
        ("Ntile", fn("Ntile", 4), {"order": ["pk"]}), ("Lag", fn("Lag", f("price")), by), ("Lag 2", fn("Lag", f("quantity"), 2, 0), by), ("Lead", fn("Lead", f("name"), 1, "end"), by), ("FirstValue", fn("FirstValue", f("name")), by), ("LastValue", fn("LastValue", f("name")), by),
        ("NthValue", fn("NthValue", f("name"), 2), by), ("Sum", agg("Sum", f("quantity")), {"partition": [f("category")]}), ("running Sum", agg("Sum", f("price")), {"order": ["pk"]}), ("Count", agg("Count"), {"partition": [f("status"), f("category__parent")]}), ("Avg", agg("Avg", f("price")), {"partition": [f("supplier__name")]}),
        ("Sum of rows", agg("Sum", f("quantity")), {"order": ["pk"], "frame": ["rows", -1, 1]}), ("Sum of rows before", agg("Sum", f("quantity")), {"order": ["pk"], "frame": ["rows", None, 0]}), ("Sum of a range", agg("Sum", f("quantity")), {"order": ["price"], "frame": ["range", None, 0]}), ("Max of all rows", agg("Max", f("price")), {"order": ["pk"], "frame": ["rows", None, None]}), ("no partition", agg("Max", f("price")), {}),
    ]
    for name, of, window in over:
        yield case("window " + name, q(product, ann("x", {"$window": {"of": of, **window}}), vals("pk", "x")))
    rank = {"$window": {"of": fn("RowNumber"), **by}}
    yield case("window filtered", q(product, ann("x", rank), flt(is_("x__lte", 2))))
    yield case("window filtered with more", q(product, ann("x", rank), flt(is_("x", 1)), flt(is_("quantity__gte", 0))))
    yield case("window ordered", q(product, ann("x", rank), order=["x", "pk"]))
    yield case("window plus a number", q(product, ann("x", op(rank, "*", 10)), vals("pk", "x")))
    yield case("window in a case", q(product, ann("x", rank), ann("y", when([is_("x", 1), "first"], default="other")), vals("pk", "y")))
    yield case("window filtered by or", q(product, ann("x", rank), flt(any_(is_("x", 1), is_("quantity", 999)))))
    yield case("window's function alone", q(product, ann("x", fn("RowNumber"))))
    yield case("window over what is no aggregate", q(product, ann("x", {"$window": {"of": fn("Lower", f("name"))}})))
    yield case("window over groups", q(product, vals("status"), ann("n", agg("Count", f("pk"))), ann("x", {"$window": {"of": fn("Rank"), "order": [{"by": agg("Count", f("pk")), "desc": True}]}}), order=["status"]))
