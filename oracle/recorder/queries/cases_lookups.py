"""Every lookup over every kind of column, with and without nulls, in `filter` and in `exclude`."""
from .words import all_, any_, case, date, dec, exc, flt, f, is_, micro, moment, not_, q, time, vals, xor

SPECIMEN = "shop.Specimen"
UUID = {"$uuid": "01234561-89ab-4def-8123-456789abcdef"}
COMPARED = ["exact", "gt", "gte", "lt", "lte"]
# A field, and values to compare it with.
COLUMNS = [
    ("char_null", ["apple pie", "Zebra"]), ("integer", [1, -1]), ("small", [0]), ("big", [42, 9223372036854775807]), ("pos", [1]), ("pos_big", [0]),
    ("decimal", [dec("0.10"), 10]), ("decimal_wide", [dec("-1.5")]), ("floating", [0.1, 3]), ("date", [date("2024-01-01")]),
    ("datetime", [moment("2024-02-29 12:00:00.000001")]), ("time", [time("12:30:45")]), ("duration", [micro(1_000_000)]), ("uuid", [UUID]),
    ("ip", ["::1"]), ("slug", ["a-b"]), ("binary", [{"$bytes": "41"}]), ("double", [14]),
]
TEXT = ["iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"]
NEEDLES = ["apple", "Ä", "%", "_", "\\", "'", "", "😀", "IST"]
REGEX = ["^a", "A.*e$", "[0-9]+%", r"\s", "^$", "ä", r"e\b"]
IN = [
    ("integer", [1, 2, 5]), ("integer", []), ("integer", [1, None]), ("integer", [None]), ("char_null", ["Apple", "zebra", "äpfel"]),
    ("decimal", [dec("0.10"), dec("0.2"), 10]), ("date", [date("2024-02-29"), date("1999-12-31")]), ("uuid", [UUID]), ("boolean_null", [True]),
    ("duration", [micro(0), micro(-5_000_000)]), ("floating", [0.1, 3.0]), ("big", [42, 9223372036854775807]), ("ip", ["::1", "10.0.0.1"]),
]
RANGE = [
    ("integer", [0, 5]), ("integer", [5, 0]), ("decimal", [dec("0.10"), dec("0.30")]), ("date", [date("2020-01-01"), date("2024-01-01")]),
    ("datetime", [moment("2024-01-01 00:00:00"), moment("2024-12-31 00:00:00")]), ("char_null", ["a", "n"]), ("time", [time("00:00:00"), time("12:30:45")]),
    ("duration", [micro(0), micro(1_000_000)]), ("floating", [0, 1]),
]
PARTS = {
    "date": [("year", 2024), ("iso_year", 2020), ("month", 2), ("day", 31), ("week", 1), ("week_day", 2), ("iso_week_day", 7), ("quarter", 1)],
    "datetime": [("year", 2024), ("iso_year", 2023), ("month", 12), ("day", 31), ("week", 1), ("week_day", 1), ("iso_week_day", 7), ("quarter", 4),
                 ("hour", 23), ("minute", 30), ("second", 59), ("date", date("2024-01-01")), ("time", time("12:00:00.000001"))],
    "time": [("hour", 23), ("minute", 30), ("second", 45)],
}
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"]
# What a person may write for a kind of column: taken, or refused.
COERCED = [
    ("integer", "5"), ("integer", "x"), ("integer", 1.5), ("integer", 9223372036854775807), ("integer", True), ("integer", ""), ("small", 100000),
    ("pos", -1), ("decimal", "0.10"), ("decimal", "x"), ("decimal", 0.1), ("decimal", dec("0.105")), ("floating", "0.1"), ("floating", "nan"), ("boolean", "true"),
    ("boolean", 1), ("boolean", "x"), ("boolean", 0), ("boolean_null", False), ("date", "2024-02-29"), ("date", "2024-02-30"), ("date", "x"), ("date", moment("2024-02-29 12:00:00")),
    ("datetime", "2024-02-29 12:00:00.000001+00:00"), ("datetime", "2024-02-29T12:00:00.000001Z"), ("datetime", "x"), ("datetime", date("2024-01-01")), ("time", "12:30:45"), ("time", "12:30"), ("time", "25:00"),
    ("uuid", "01234561-89ab-4def-8123-456789abcdef"), ("uuid", "0123456189ab4def8123456789abcdef"), ("uuid", "x"),
    ("char_null", 5), ("char_null", True), ("text", dec("1.0")), ("ip", "::0001"), ("ip", "x"), ("id", "1"), ("pk", 2), ("pk", "x"), ("pk", None), ("id", dec("1.5")),
]


def cases():
    for column, values in COLUMNS:
        for value in values:
            for lookup in COMPARED:
                yield both("%s %s %s" % (column, lookup, name(value)), is_("%s__%s" % (column, lookup), value), lookup == "exact" or value is values[0])
    for column in ["char_null", "integer", "boolean_null", "json", "uuid", "ip", "datetime"]:
        for yes in (True, False):
            yield case("%s isnull %s" % (column, yes), q(SPECIMEN, flt(is_(column + "__isnull", yes))))
            yield case("exclude %s isnull %s" % (column, yes), q(SPECIMEN, exc(is_(column + "__isnull", yes))))
        yield case("%s is nothing" % column, q(SPECIMEN, flt(is_(column, None))))
        yield case("exclude %s is nothing" % column, q(SPECIMEN, exc(is_(column, None))))
    yield case("isnull of a number", q(SPECIMEN, flt(is_("integer__isnull", 1))))
    yield case("isnull of a text", q(SPECIMEN, flt(is_("integer__isnull", "false"))))
    yield case("iexact nothing", q(SPECIMEN, flt(is_("char_null__iexact", None))))
    yield case("gt nothing", q(SPECIMEN, flt(is_("integer__gt", None))))
    for lookup in TEXT:
        for needle in NEEDLES:
            yield both("text %s %s" % (lookup, needle), is_("text__" + lookup, needle), needle == "apple")
        yield case("char_null %s" % lookup, q(SPECIMEN, exc(is_("char_null__" + lookup, "a"))))
    for lookup in ["regex", "iregex"]:
        for pattern in REGEX:
            yield case("text %s %s" % (lookup, pattern), q(SPECIMEN, flt(is_("text__" + lookup, pattern))))
    yield case("regex that is none", q(SPECIMEN, flt(is_("text__regex", "("))))
    for column, lookup, needle in [("integer", "contains", 7), ("integer", "startswith", "-"), ("decimal", "startswith", "0"), ("integer", "regex", "^-"), ("date", "contains", "-02-"),
                                   ("uuid", "icontains", "4DEF"), ("uuid", "startswith", "01234561-89AB"), ("uuid", "endswith", "abcdef"), ("uuid", "iexact", "01234561-89AB-4DEF-8123-456789ABCDEF"),
                                   ("ip", "startswith", "192"), ("ip", "contains", ":"), ("datetime", "startswith", "2024"), ("boolean", "exact", "t")]:
        yield case("%s %s %s" % (column, lookup, needle), q(SPECIMEN, flt(is_("%s__%s" % (column, lookup), needle))))
    for at, (column, values) in enumerate(IN):
        yield both("%s in, %d" % (column, at), is_(column + "__in", values), True)
    for at, (column, values) in enumerate(RANGE):
        yield both("%s range, %d" % (column, at), is_(column + "__range", values), True)
    for column, parts in PARTS.items():
        for part, value in parts:
            yield both("%s %s" % (column, part), is_("%s__%s" % (column, part), value), True)
            if part not in ("date", "time"):
                yield case("%s %s gte" % (column, part), q(SPECIMEN, flt(is_("%s__%s__gte" % (column, part), value))))
    for lookup, value in [("year__in", [2023, 2024]), ("year__gt", 2023), ("year__lt", 2000), ("year__lte", 2023), ("year__range", [1968, 1999]), ("iso_year__gt", 2020), ("iso_year__lte", 2020),
                          ("month__in", [1, 2]), ("date__gt", date("2024-01-01")), ("date__in", [date("2024-01-01"), date("2024-12-30")]), ("date__year", 2024), ("time__hour__gt", 20),
                          ("hour__range", [0, 5]), ("year", "2024"), ("year", "x"), ("year__gt", f("integer")), ("date__isnull", True), ("year__isnull", False), ("nonsense", 1), ("year__nonsense", 1)]:
        yield case("datetime %s %s" % (lookup, name(value)), q(SPECIMEN, flt(is_("datetime__" + lookup, value))))
    for zone in ZONES:
        for lookup, value in [("year", 2024), ("day", 31), ("hour", 1), ("date", date("2024-01-01")), ("week_day", 2), ("date__lt", date("2024-01-01")), ("time", time("05:45:00")), ("year__gte", 2024)]:
            yield case("datetime %s in %s" % (lookup, zone), q(SPECIMEN, flt(is_("datetime__" + lookup, value))), zone=zone)
    for at, (column, value) in enumerate(COERCED):
        yield case("%s is %s, %d" % (column, name(value), at), q(SPECIMEN, flt(is_(column, value))))
    for column, lookup, value in [("integer", "gt", "5"), ("integer", "gt", 1.5), ("integer", "gte", 1.5), ("integer", "lt", 1.5), ("integer", "lt", 9223372036854775807), ("integer", "gt", -9223372036854775807),
                                  ("integer", "gte", 9223372036854775807), ("small", "in", [0, 99999]), ("decimal", "gt", 0.1), ("decimal", "lt", "x"), ("boolean", "in", ["true", 0]),
                                  ("nothing", "exact", 1), ("integer", "nonsense", 1), ("char", "lower", "a"), ("char", "length", 3), ("pk", "in", [1, 2]), ("pk", "gt", 38), ("pk", "isnull", True)]:
        yield case("%s %s %s refused or taken" % (column, lookup, name(value)), q(SPECIMEN, flt(is_("%s__%s" % (column, lookup), value))))
    yield from joined()


def both(id_, condition, exclude):
    """One query a condition, where it is enough; else rows of both."""
    if not exclude:
        return case(id_, q(SPECIMEN, flt(condition)))
    # Those where it holds and those of `exclude`, told apart by a value of their own.
    return case(id_, q(SPECIMEN, flt(any_(condition, not_(condition))), {"annotate": ["yes", {"$case": {"cases": [[condition, 1]], "default": 0}}]}))


def joined():
    """And, or, xor and not, over columns with nulls."""
    a, b, c = is_("integer__gt", 0), is_("boolean_null", True), is_("char_null__startswith", "a")
    conditions = {
        "a and b": all_(a, b), "a or b": any_(a, b), "a xor b": xor(a, b), "a xor b xor c": xor(a, b, c), "not a": not_(a), "not not a": not_(not_(a)),
        "not (a and b)": not_(all_(a, b)), "not (a or b)": not_(any_(a, b)), "a and not b": all_(a, not_(b)), "not a or not b": any_(not_(a), not_(b)),
        "not (a xor b)": not_(xor(a, b)), "a and (b or c)": all_(a, any_(b, c)), "a or (b and c)": any_(a, all_(b, c)), "not (a and not (b or c))": not_(all_(a, not_(any_(b, c)))),
        "empty and": all_(), "empty or": any_(), "a or empty": any_(a, all_()), "not empty": not_(all_()), "a and in nothing": all_(a, is_("integer__in", [])),
        "a or in nothing": any_(a, is_("integer__in", [])), "not in nothing": not_(is_("integer__in", [])), "a and not in nothing": all_(a, not_(is_("integer__in", []))),
        "xor one": xor(a), "xor with in nothing": xor(a, is_("integer__in", [])), "xor with all": xor(a, not_(is_("integer__in", []))),
    }
    for name_, condition in conditions.items():
        yield case("filter " + name_, q(SPECIMEN, flt(condition)))
        yield case("exclude " + name_, q(SPECIMEN, exc(condition)))
    yield case("column against column", q(SPECIMEN, flt(is_("integer__gt", f("small")))))
    yield case("column not equal column", q(SPECIMEN, exc(is_("integer", f("small")))))
    yield case("column is itself", q(SPECIMEN, flt(is_("char_null", f("char_null")))))
    yield case("text contains a column", q(SPECIMEN, flt(is_("text__contains", f("char_null")))))
    yield case("text icontains a column", q(SPECIMEN, flt(is_("text__icontains", f("char")))))
    yield case("text startswith a column", q(SPECIMEN, flt(is_("text__startswith", f("char")))))
    yield case("column in columns", q(SPECIMEN, flt(is_("integer__in", [f("small"), 1, f("bounded")]))))
    yield case("column range of columns", q(SPECIMEN, flt(is_("integer__range", [f("bounded"), f("pos")]))))
    yield case("filter twice", q(SPECIMEN, flt(a), flt(b), exc(c)))
    yield case("values of everything", q(SPECIMEN, vals("integer", "small", "big", "decimal", "decimal_wide", "floating", "boolean", "boolean_null", "date", "datetime", "time", "duration", "uuid", "ip", "binary", "double", "file")))
    yield case("values of texts", q(SPECIMEN, vals("char", "char_null", "text", "slug", "slug_unicode", "email", "json")))


def name(value):
    """A value in an id."""
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    return str(value)
