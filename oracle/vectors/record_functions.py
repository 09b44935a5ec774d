"""Record what the functions that Django adds to SQLite give, and what its fields make of values.

    python vectors/record_functions.py
Writes functions.json here: `functions` (an SQL text with its parameters, and the `result`, or `raised`), and `values` (a field's class with its
options, a value and its `result` as SQLite gets it for a lookup, or `raised`). The time zone is Europe/Berlin. A value is tagged with its type.
"""
import datetime
import decimal
import itertools
import json
import os
import pathlib
import uuid

import stack

HERE = pathlib.Path(__file__).resolve().parent
ZONE = "Europe/Berlin"

MOMENTS = ["2024-01-31 12:34:56.789012", "2023-12-31 23:30:00", "2024-03-31 00:59:59", "2024-03-31 01:00:00", "2024-10-27 00:30:00", "2024-10-27 01:30:00",
           "2024-02-29 00:00:00", "2021-01-03 10:00:00", "1999-12-31 23:59:59.999999", "0001-01-02 00:00:00", "9999-12-30 12:00:00", "1890-06-01 12:00:00",
           "2024-01-31 12:00:00+02:00", "2024-01-31 12:00:00.5", "", "x", "2024-01-31T12:00:00", "2024-02-30 00:00:00", None, 5]
DATES = ["2024-01-31", "2020-12-31", "2021-01-01", "2021-01-03", "2021-01-04", "2024-12-30", "0001-01-01", "9999-12-31", "2024-2-3", "", "x", None, 7]
TIMES = ["12:34:56", "00:00:00", "23:59:59.999999", "12:34:56.5", "12:34", "", "x", None]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Asia/Tokyo", "+02:00", "-05:30", None]
PARTS = ["year", "iso_year", "quarter", "month", "day", "week", "week_day", "iso_week_day"]
CLOCK = ["hour", "minute", "second"]
CUTS = ["year", "quarter", "month", "week", "day"]


def calls():
    def call(name, *params):
        return f"SELECT {name}({', '.join('?' * len(params))})", params

    for part, moment, zone in itertools.product(PARTS + CLOCK, MOMENTS, ZONES):
        yield call("django_datetime_extract", part, moment, zone, "UTC" if zone else None)
    for part, date in itertools.product(PARTS, DATES):
        yield call("django_date_extract", part, date)
    for part, time in itertools.product(CLOCK, TIMES):
        yield call("django_time_extract", part, time)
    for part, moment, zone in itertools.product(CUTS, MOMENTS[:12], ZONES):
        yield call("django_date_trunc", part, moment, zone, "UTC" if zone else None)
    for part, date in itertools.product(CUTS, DATES):
        yield call("django_date_trunc", part, date, None, None)
    for part, moment, zone in itertools.product(CUTS + CLOCK, MOMENTS, ZONES):
        yield call("django_datetime_trunc", part, moment, zone, "UTC" if zone else None)
    for part, moment, zone in itertools.product(CLOCK, MOMENTS, ZONES):
        yield call("django_time_trunc", part, moment, zone, "UTC" if zone else None)
    for part, time in itertools.product(CLOCK, TIMES):
        yield call("django_time_trunc", part, time, None, None)
    for moment, zone in itertools.product(MOMENTS, ZONES[:-1]):
        yield call("django_datetime_cast_date", moment, zone, "UTC")
        yield call("django_datetime_cast_time", moment, zone, "UTC")
    for left, right in itertools.product(TIMES, TIMES):
        yield call("django_time_diff", left, right)
    for left, right in itertools.product(MOMENTS[:9], MOMENTS[:9] + [None]):
        yield call("django_timestamp_diff", left, right)
    for left, right in itertools.product(DATES[:5], DATES[:5] + [None]):
        yield call("django_timestamp_diff", left, right)
    sides = [0, 1, 86_400_000_000, -86_400_000_000, 43_200_000_000, -1, 2.5, None, "2024-01-31 12:00:00", "2024-02-28 23:59:59.999999", "2024-01-31", "12:00:00", "x"]
    for sign, left, right in itertools.product(["+", "-", "*", "/", " + "], sides, sides):
        if sign in "*/" and (isinstance(left, str) or isinstance(right, str)):
            continue  # Refused before there is SQL.
        yield call("django_format_dtdelta", sign, left, right)
    for pattern, text in itertools.product(["a", "^a.*z$", "(?i)Ä", r"\d+", r"\bword\b", "[", "", None], ["abc", "a\nz", "ä 12", "a word.", "", 12, 1.0, 1.5, None]):
        yield f"SELECT ? REGEXP ?", (text, pattern)
    for name, text in itertools.product(["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "REVERSE"], ["", "abc", "äö😀", None]):
        yield call(name, text)
    for name, text, length, fill in itertools.product(["LPAD", "RPAD"], ["", "abc", "äöü"], [0, 2, 5, 9, None], [" ", "xy", "", None]):
        yield call(name, text, length, fill)
    for text, count in itertools.product(["", "ab", None], [0, 3, None]):
        yield call("REPEAT", text, count)
    for number in [-2, 0, 3, -0.5, 2.5, None]:
        yield call("SIGN", number)
        yield call("COT", number)
        for name in ["ACOS", "ASIN", "ATAN", "CEILING", "COS", "DEGREES", "EXP", "FLOOR", "LN", "RADIANS", "SIN", "SQRT", "TAN"]:
            yield call(name, number)
        for name, other in itertools.product(["ATAN2", "LOG", "MOD", "POWER"], [2, 0, -1.5, None]):
            yield call(name, number, other)
    for left, right in [(5, 3), (0, -1), (None, 1)]:
        yield call("BITXOR", left, right)
    for name, numbers in itertools.product(["STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP"], [[], [1, 2], [1, 2, 3, 4, 10], [0.1, 0.2, 0.7], [1, 2.5, -3], [10**12, 10**12 + 1]]):
        rows = " UNION ALL ".join(["SELECT ? AS n"] * len(numbers)) or "SELECT 1 AS n WHERE 0"
        yield f"SELECT {name}(n) FROM ({rows})", numbers


def fields(models):
    return {
        "IntegerField": models.IntegerField(), "BigIntegerField": models.BigIntegerField(), "FloatField": models.FloatField(),
        "DecimalField": models.DecimalField(max_digits=8, decimal_places=2), "BooleanField": models.BooleanField(), "CharField": models.CharField(max_length=20),
        "DateField": models.DateField(), "DateTimeField": models.DateTimeField(), "TimeField": models.TimeField(), "UUIDField": models.UUIDField(),
        "JSONField": models.JSONField(), "GenericIPAddressField": models.GenericIPAddressField(),
    }


TEXTS = ["", "5", " 5 ", "+5", "-5", "5_000", "_5", "5.0", "5.7", "1e3", "1E-7", "abc", "True", "t", "f", "False", "0", "1", "yes", "nan", "inf", "99999999999999999999",
         "2024-01-31", "2024-1-3", "20240131", "2024-W05-3", "2024-02-30", "2024-01-31 12:00", "2024-01-31T12:00:00Z", "2024-01-31 12:00:00.5+02:00",
         "2024-01-31 12:00:00,123456789", "2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-01-31 12:00:00-0530", "2024-01-31 25:00", "0001-01-01 00:00", "12:00", "12:00:00", "12:00:00.123",
         "24:00", "12", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B8109DAD11D180B400C04FD430C8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "::FFFF:1.2.3.4", "2001:0db8::0001", "1.2.3.4",
         "ä€😀\u007f\u0001\"\\", "0.1", ".5", "5.", "1e400"]
VALUES = [True, False, 0, 1, 5, -3, 2**40, 1.0, 0.1, 2.5, 1e16, 1e22, 1e-7, 0.0001, -1.7, decimal.Decimal("1.50"), decimal.Decimal("-0.001"), decimal.Decimal("1234.5678"), datetime.date(2024, 1, 31),
          datetime.datetime(2024, 1, 31, 23, 30, tzinfo=datetime.timezone.utc), datetime.time(12, 0, 0, 5), uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), None]


def tagged(value):
    match value:
        case None:
            return {"null": None}
        case bool():
            return {"bool": value}
        case int():
            return {"int": str(value)}
        case float():
            return {"float": repr(value)}
        case decimal.Decimal():
            return {"decimal": str(value)}
        case str():
            return {"text": value}
        case datetime.datetime():
            return {"moment": value.replace(tzinfo=None).isoformat(" ")}
        case datetime.date():
            return {"date": value.isoformat()}
        case datetime.time():
            return {"time": value.isoformat()}
        case uuid.UUID():
            return {"uuid": str(value)}
    raise TypeError(type(value))


def recorded(give):
    try:
        return {"result": tagged(give())}
    except Exception as error:
        return {"raised": type(error).__name__}


def main():
    stack.ready(TIME_ZONE=ZONE, DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
    import warnings

    from django.db import connection, models

    warnings.simplefilter("ignore")
    connection.ensure_connection()
    raw = connection.connection

    def ask(sql, params):
        return raw.execute(sql, params).fetchone()[0]

    functions = [{"sql": sql, "params": [tagged(param) for param in params], **recorded(lambda: ask(sql, params))} for sql, params in calls()]
    values = []
    for (name, field), value in itertools.product(fields(models).items(), TEXTS + VALUES):
        def give():
            prepared = field.get_prep_value(value)
            return field.get_db_prep_value(prepared, connection, prepared=True)

        values.append({"field": name, "value": tagged(value), **recorded(give)})
    parts = {"functions": functions, "values": values}
    text = ",\n".join(f' "{name}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]" for name, rows in parts.items())
    pathlib.Path(os.environ.get("OUT", HERE / "functions.json")).write_text("{\n" + text + "\n}\n", encoding="utf-8")
    print(len(functions), "calls,", len(values), "values")


main()
