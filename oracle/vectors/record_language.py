"""Record what the reference's language makes of generated texts: JSON, numbers, times, representations.

    python oracle/vectors/record_language.py            # writes language.json
    python oracle/vectors/record_language.py --tables   # prints crates/quintet-core/src/python/tables.rs

Every input is made by a generator with a fixed seed, so that a run repeats the recording.
"""

import io
import json
import random
import sys
import unicodedata
from decimal import Decimal, InvalidOperation, localcontext, Context
from pathlib import Path

from django.conf import settings

settings.configure()

from django.utils.dateparse import parse_date, parse_datetime, parse_duration, parse_time  # noqa: E402
from rest_framework.exceptions import ParseError  # noqa: E402
from rest_framework.parsers import FormParser, JSONParser  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.utils.html import parse_html_dict, parse_html_list  # noqa: E402

RANDOM = random.Random(20240131)
HERE = Path(__file__).parent


def mutated(seeds, alphabet, count, most=3):
    """The seeds, and texts that differ from one of them by a few characters."""
    found = list(dict.fromkeys(seeds))
    known = set(found)
    while len(found) < count + len(seeds):
        text = list(RANDOM.choice(seeds))
        for _ in range(RANDOM.randint(1, most)):
            at = RANDOM.randint(0, len(text))
            how = RANDOM.random()
            if how < 0.4 or not text:
                text.insert(at, RANDOM.choice(alphabet))
            elif how < 0.7:
                text[min(at, len(text) - 1)] = RANDOM.choice(alphabet)
            else:
                del text[min(at, len(text) - 1)]
        text = "".join(text)
        if text not in known:
            known.add(text)
            found.append(text)
    return found


def attempt(read, *errors):
    def result(text):
        try:
            value = read(text)
        except errors:
            return "!"
        return value
    return result


JSON_SEEDS = [
    "", " ", "null", "true", "false", "0", "-0", "-1", "1.0", "1e5", "1E+5", "1.5e-3", "-", "+1", ".5", "1.", "01", "1e", "1e+", "1e999",
    "NaN", "Infinity", "-Infinity", "-Infinit", "nan", "[]", "{}", "[1]", "[1,2]", "[1,]", "[,1]", "[1 2]", '{"a":1}', '{"a":1,"b":[2,{"c":null}]}',
    '{"a":1,}', "{1:2}", "{'a':1}", '{"a" 1}', '{"a":}', '{"a"', '{"a":1', "[", "[[", '"', '"a', '"\\', '"\\u', '"\\u12', '"\\u1234"', '"\\ud83d\\ude00"',
    '"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\ud800\\ud800"', '"x\\ud83dy"', '"\\ud800\\u00"', '"\\ud800\\', '"\\x"', '"\\n\\t\\r\\b\\f\\/\\\\\\""',
    '"\n"', '"\t"', '"é😀\u2028"', '{"é":"😀",\n "x": nul}', "\ufeff1", " \ufeff1", "1 2", "\x00", "\x0b1", "\u00a01", '{"a":1,"a":2}', "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "0.1", "1e22", "1e-7", "123456789.123456789",
    "5e-324", "1.7976931348623157e308", "[\n1,\n2,\n]", '{"a":\n\n"b\n"}', '["a",\r\n "b"]', '{"name": "x", "tags": [1, 2, 3], "price": "1.50"}',
    "tru", "nulls", "[true false]", '{"a":[}', '{"a":{"b":{"c":[[[]]]}}}', "'a'", '"a" "b"', "//", "[1]]", '{"x":1}}', "-a", "[-]", "-01", "1.e1", "0x10", "1_000",
]
JSON_ALPHABET = list('{}[]:,"\\ \n\t0123456789.eE+-nulltrfaseNI\'/ubx') + ["é", "😀", "\u2028", "\x01", "\x7f", "\ufeff", "\\u", "\\ud83d", "\\udE00", '"a"', "\r\n"]
BYTES = [
    ("utf-8", b"\xff"), ("utf-8", b'"\xc3"'), ("utf-8", b'"\xc3\xa9"'), ("utf-8", b'"\xe2\x82"'), ("utf-8", b'"\xe2\x28\xa1"'), ("utf-8", b'"\xf0\x9f\x98"'),
    ("utf-8", b'"\xed\xa0\x80"'), ("utf-8", b'"\xc0\x80"'), ("utf-8", b'"a"\xc3'), ("utf-8", b'"a"\xed\xa0'), ("utf-8", b'"a"\xf4\x90'), ("utf-8", b'{"name": "\xff"}'),
    ("utf-8", b"\xef\xbb\xbf1"), ("utf-8-sig", b"\xef\xbb\xbf1"), ("utf-8-sig", b"\xef\xbb\xbf\xff"), ("utf-8-sig", b"1"), ("utf-16", '{"é":"😀"}'.encode("utf-16")),
    ("utf-16", '{"é":"😀"}'.encode("utf-16-be")), ("utf-16", b"\xfe\xff" + '["é"]'.encode("utf-16-be")), ("utf-16", b""), ("utf-16", b"1"), ("utf-16-le", '["é"]'.encode("utf-16-le")),
    ("utf-16-be", '["é"]'.encode("utf-16-be")), ("utf-16-le", b"\xff\xfe1\x00"), ("utf-16-le", b"\x00\xd8\x00\x00"), ("utf-16-le", b"\x00\xdc\x00\x00"), ("utf-16-le", b"1\x00\x00\xd8"),
    ("utf-32", '["é😀"]'.encode("utf-32")), ("utf-32", b"abcd"), ("utf-32", b"1\x00\x00\x00"), ("utf-32-le", b"\x00\xd8\x00\x00"), ("utf-32-be", '["é"]'.encode("utf-32-be")),
    ("latin-1", b'"\xe9"'), ("ISO-8859-1", b'"\xe9"'), ("iso_8859_1", b'"\xe9"'), ("L1", b'"\xe9"'), ("ascii", b'"\xe9"'), ("us-ascii", b'"a"'), ("UTF8", b'"\xc3\xa9"'),
]


def json_case(encoding, data):
    try:
        value = JSONParser().parse(io.BytesIO(data), parser_context={"encoding": encoding})
    except ParseError as error:
        return ["error", str(error.detail)]
    try:
        text = JSONRenderer().render(value).decode()
    except (ValueError, UnicodeError):
        text = None
    return ["value", repr(value), text]


def styled(value):
    """The same value in every style that the settings and a request can ask for."""
    found = []
    for ascii_only, compact, indent in [(True, True, None), (False, False, None), (True, False, 2), (False, True, 8)]:
        renderer = JSONRenderer()
        renderer.ensure_ascii, renderer.compact = ascii_only, compact
        text = renderer.render(value, "application/json" + (f"; indent={indent}" if indent else ""))
        found.append([ascii_only, compact, indent, text.decode()])
    return found


NUMBERS = [
    "", " ", "0", "1", "-1", "+1", "--1", "1_000", "1__0", "_1", "1_", " 12 ", "\u00a012\u2003", "\x1f3\x1c", "\u0663\u0664", "१२", "𝟙𝟚", "１２.５", "1.0", "1.", ".5", ".", "1e5", "1E5", "1e+5",
    "1e-5", "e5", "1e", "1_0.0_1e1_0", "1._0", "1_.0", "inf", "-inf", "Infinity", "+INFINITY", "nan", "-nan", "NaN", "snan", "sNaN12", "nan123", "infinit", "0x10", "1e400", "1e-400", "1,5",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "000", "-0", "-000", "00012", "123456789012345678901234567890", "1e308", "0.1", "0.30000000000000004", "1e22", "1 2",
    "\x001", "1\x00", "12\n", "½", "²", "Ⅷ", "0.000001", "0.0000001", "1E+2", "100e-2", "10.50", "-1.50", "0.00", "0e5", "-0.0", "1e1000000000000000000", "1e999999999999999999", "0e1000000000000000000",
    "1e-1999999999999999997", "1e-1999999999999999998", "9" * 30 + "." + "9" * 30, "1__0.5", "_1_", "1e_5", "5e-7", "١٫٥", "+.5e-3", "9e99", "True", "None", "0b1", "1j",
]
NUMBER_ALPHABET = list("0123456789_+-.eE ") + ["inf", "nan", "\u00a0", "٣", "𝟗", "\t", "\x00", "x"]

TIMES = [
    "2024-01-02T03:04:05Z", "2024-01-02T03:04:05z", "2024-01-02 03:04:05", "2024-01-02", "20240102", "20240102T030405", "20240102T030405Z", "2024-W01-2", "2024W012", "2024-W01", "2024W01", "2024-W53-1",
    "2020-W53-7", "2024-W01-2T03:04", "2024-W01-03:04", "2024W01203:04", "2024W01030405", "2024-1-2", "2024-1-2 3:4", "2024-1-2 3:4:5.6", "2024-01-02T03:04:05.123456789", "2024-01-02T03:04:05,5", "2024-02-30",
    "2023-02-29", "2024-13-01", "0000-01-01", "0001-01-01", "9999-12-31T23:59:59.999999", "2024-01-02T24:00", "2024-01-02T23:60", "2024-01-02T23:59:60", "2024-01-02T03", "2024-01-02T0304", "2024-01-02T03:04+01:00",
    "2024-01-02T03:04+0100", "2024-01-02T03:04+01", "2024-01-02T03:04 +01:00", "2024-01-02 03:04:05 Z", "2024-01-02T03:04-23:59", "2024-01-02T03:04+24:00", "2024-01-02T03:04:05+01:02:03.5", "2024-01-02T03:04:05.+01:00",
    "2024-01-02T03:04:+01:00", " 2024-01-02", "2024-01-02 ", "2024-01-02\n", "2024-1-2\n", "2024-01-02T03:04:05\n", "12:30", "12:30:05", "12:30:05.5", "1230", "123005", "T12:30", "T1230Z", "12", "1:2", "1:2:3", "24:00", "12:60",
    "12:30+01:00", "12:30 Z", "٢٠٢٤-٠١-٠٢", "2024-01-02é03:04", "2024-01-02😀03:04:05", "2024-001", "2024-01-02TT03:04", "2024-01-0203:04", "030405123", "03:04:05123", "2024-01-02T", "2024-01", "202401", "2024-01-02T03:04:05.1234567+02:30",
    "99991231", "0001-W01-1", "9999-W52-7", "2024-01-02T03:04Z+01:00", "0001-01-01T00:00+14:00", "2024-01-02T03:04:05.5Z", "2024-01-02\u00a003:04", "2024-1-2 3:4\u00a0+01:00", "2024-10-10T10:10:10.1",
]
TIME_ALPHABET = list("0123456789:-+.,TWZ z") + ["é", "٣", "\n"]

DURATIONS = [
    "", "\n", "5", "5.5", "1:2", "1:2:3", "01:02:03.456789", "1 02:03:04", "1 day, 2:03:04", "2 days, 2:03:04", "-1 day, 2:03:04", "-1 02:03:04", "1 -02:03:04", "-5", "--5", "3 days", "3 days 04:05:06", "3 day 04:05:06", "-3 days 04:05:06",
    "3 days -04:05:06", "3 days +04:05:06", "P1D", "P1DT2H", "PT5S", "P", "PT", "-P1DT2H3M4.5S", "+P1D", "P1.5D", "PT1,5H", "P1Y", "P1W", "PT0.0000005S", "PT0.0000015S", "PT0.0000025S", "1:2:3:4", "5,5", "5.1234567", "5.1234567890123",
    "99999999999", "999999999 00:00:00", "1000000000 00:00:00", "-999999999 00:00:00", "P999999999DT24H", "999999999 23:59:59.999999", "-P999999999D", "-P1000000000D", "٣", "1 2", "15:30.1", "1 15:30", "P1.1DT1.1H1.1M1.1S", "PT1e5S", "04:05:06", "100:05:06",
    "5\n", "P3DT4H5M6.7S", "PT36H", "P0.1D", "PT0.3333333H", "-0.5", "-1:30", "9" * 400,
]
DURATION_ALPHABET = list("0123456789:-+., PTDHMSday") + ["days", "٣", "\n"]


FORMS = [
    "", "a=1", "a=1&b=2&a=3", "a", "a=", "=1", "=", "&", "&&a=1&", "a=1;b=2", "a=1=2", "a+b=c+d", "a%20b=%2B", "%E9=%C3%A9", "a=%", "a=%4", "a=%zz", "a=%e2%82", "a=%F0%9F%98%80", "é=ü", "a[0]=1&a[1]=2", "a[1]=b&a[0]=a", "a[0]x=1&a[0]y=2&a[1]x=3",
    "a[0]=1&a[0]x=2", "a[0]x=2&a[0]=1", "a[00]=1&a[0]=2", "a[]=1", "a[x]=1", "a[-1]=1", "a[0][1]=5", "a[10]=x&a[9]=y", "a.x=1&a.y=2", "a.x=1&a.x=2", "a.=1", "a.x.y=1", "ax=1", "a[0].x=1", "a.b[0]=1", "a[0]%0A=1", "a.x%0A=1", "a.x%0Ay=1", "a[0]x%0Ay=1",
    "a[99999999999999999999]=1&a[1]=2", "a%5B0%5D=1", "a[0]=1&a[0]=2", "a=1&a[0]=2", "a[1]x=&a[1]x=5", "a%00=%00", "a=%FF%41",
]
FORM_ALPHABET = list("a[]0123.=&+;%xE9") + ["a[0]", "a.", "%C3%A9", "%0A", "é", "&a[1]x="]
FORM_BYTES = [("latin-1", b"a=%E9&\xe9=1"), ("utf-8", b"a=\xff"), ("utf-8", b"\xc3=%C3%A9"), ("ascii", b"a=%41%C3"), ("latin-1", b"a=%C3%A9")]


def form_case(encoding, data):
    form = FormParser().parse(io.BytesIO(data), parser_context={"encoding": encoding})

    def shown(item):
        return {"form": [[name, values] for name, values in item.lists()]} if hasattr(item, "lists") else item

    found = parse_html_list(form, prefix="a", default=None)
    return [[[name, values] for name, values in form.lists()], found and [shown(item) for item in found], [[name, values] for name, values in parse_html_dict(form, prefix="a").lists()]]


def moment(value):
    return None if value is None else value.isoformat()


def micros(value):
    if value is None:
        return None
    return str((value.days * 86400 + value.seconds) * 1000000 + value.microseconds)


def decimal(text):
    value = Decimal(text)
    shown = [str(value), format(value, "f") if value.is_finite() and abs(value.as_tuple().exponent) < 50 else None]
    for places, precision, rounding in [(2, 5, "ROUND_HALF_EVEN"), (0, 28, "ROUND_UP"), (3, 28, "ROUND_DOWN"), (1, 4, "ROUND_HALF_UP"), (2, 28, "ROUND_FLOOR"),
                                        (1, 28, "ROUND_CEILING"), (0, 3, "ROUND_HALF_DOWN"), (1, 28, "ROUND_05UP")]:
        with localcontext(Context(prec=precision)):
            try:
                shown.append(str(value.quantize(Decimal(".1") ** places if places else Decimal(1), rounding=rounding)))
            except InvalidOperation:
                shown.append(None)
    return shown


def pairs(texts, result):
    return [[text, result(text)] for text in texts]


def record():
    numbers = mutated(NUMBERS, NUMBER_ALPHABET, 1500)
    times = mutated(TIMES, TIME_ALPHABET, 2500)
    json_texts = mutated(JSON_SEEDS, JSON_ALPHABET, 2500, 4)
    durations = mutated(DURATIONS, DURATION_ALPHABET, 1200)
    float_values = [RANDOM.uniform(-1, 1) * 10 ** RANDOM.randint(-320, 308) for _ in range(200)]
    float_values += [float(RANDOM.randint(0, 2**60)) for _ in range(50)] + [10.0**power for power in range(-8, 25)]
    texts = ["", "a", "'", '"', "'\"", "\\", "\n\r\t\x00\x1f\x7f\x80\xa0\xad", "é😀\u2028\u200b\ue000\U000e0001\u0378", "it's", '"q"']
    texts += ["".join(chr(RANDOM.choice([RANDOM.randint(0, 0x7f), RANDOM.randint(0, 0x2fff), RANDOM.randint(0xe000, 0x1ffff)])) for _ in range(12)) for _ in range(300)]
    values = [None, {}, [], [[]], {"a": []}, {"é": ["😀", "\u2028\x7f\x01\"\\/<&"], "b": {"c": [1, 2.5, None, True]}}, ["\ud83d"[:0], 10**30]]
    unit = lambda read, *errors: attempt(read, *errors)  # noqa: E731
    return {
        "json": [["utf-8", text.encode().hex(), *json_case("utf-8", text.encode())] for text in json_texts]
        + [[encoding, data.hex(), *json_case(encoding, data)] for encoding, data in BYTES],
        "styles": [[json.dumps(value), styled(value)] for value in values],
        "forms": [["utf-8", text.encode().hex(), *form_case("utf-8", text.encode())] for text in mutated(FORMS, FORM_ALPHABET, 800)]
        + [[encoding, data.hex(), *form_case(encoding, data)] for encoding, data in FORM_BYTES],
        "int": pairs(numbers, unit(lambda text: str(int(text)), ValueError)),
        "float": pairs(numbers, unit(lambda text: repr(float(text)), ValueError)),
        "decimal": pairs(numbers, unit(decimal, InvalidOperation)),
        "float_repr": [[value.hex(), repr(value)] for value in float_values],
        "date": pairs(times, unit(lambda text: moment(parse_date(text)), ValueError)),
        "time": pairs(times, unit(lambda text: moment(parse_time(text)), ValueError)),
        "datetime": pairs(times, unit(lambda text: moment(parse_datetime(text)), ValueError)),
        "duration": pairs(durations, unit(lambda text: micros(parse_duration(text)), OverflowError)),
        "repr": [[text, repr(text)] for text in texts],
        "strip": pairs([" a ", "\u00a0\u2003a\u3000", "\x1c\x1d\x1e\x1fa\x85", "\u200ba\u200b", "\ufeffa", "\u180ea", "\u2028a\u2029\u202f\u205f\u1680", "\x00a"], str.strip),
    }


def runs(wanted):
    """The first and last of each run of code points."""
    found, start = [], None
    for code in range(0x80, 0x110001):
        inside = code < 0x110000 and wanted(code)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append((start, code - 1))
            start = None
    return found


def rows(items):
    line, lines = "   ", []
    for item in items:
        if len(line) + len(item) + 2 > 118:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return "\n".join([*lines, line])


def tables():
    def code(number):
        return f"0x{number:x}" if number < 0x10000 else f"0x{number >> 16:x}_{number & 0xffff:04x}"

    zeros = [number for number in range(0x80, 0x110000) if unicodedata.decimal(chr(number), None) == 0]
    print(f"//! What the reference's language knows of characters: its Unicode is version {unicodedata.unidata_version}, whatever ours is.")
    print("//!\n//! Written by `oracle/vectors/record_language.py`; facts only, in order, to be searched by halves.\n")
    print("/// Beyond ASCII, the first and last of each run of characters that `repr` escapes.\n#[rustfmt::skip]")
    print("pub(super) const UNPRINTABLE: &[(u32, u32)] = &[")
    print(rows(f"({code(first)}, {code(last)})" for first, last in runs(lambda number: not chr(number).isprintable())))
    print("];\n\n/// Beyond ASCII, the zeros: nine more digits follow each.\n#[rustfmt::skip]\npub(super) const ZEROS: &[u32] = &[")
    print(rows(code(zero) for zero in zeros))
    print("];")


if __name__ == "__main__":
    if "--tables" in sys.argv:
        tables()
    else:
        found = record()
        lines = (json.dumps(name) + ":[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows_) + "\n]" for name, rows_ in found.items())
        (HERE / "language.json").write_text("{" + ",\n".join(lines) + "}\n")
