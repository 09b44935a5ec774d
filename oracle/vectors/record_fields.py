"""Record what the fields of serializers make of generated inputs.

    python vectors/record_fields.py [COUNT [SEED]]
Writes fields.json here, COUNT inputs for each field (400 unless said). `python vectors/record_fields.py - COUNT SEED` prints the same instead.
`texts` are all answers that come again; `fields` have `class`, `kwargs`, the `zone`, what OPTIONS says of it (`info`), and `cases`: how the input comes (`json`, `form`, with `?` where
absent values are left as they are), the input, and the number of the answer in `texts`: `["valid", TEXT]` with the value as the renderer writes it,
`["errors", DETAILS]` with messages and codes, `["skip"]`, or `["raised", CLASS]`. Lone surrogates in answers are written as U+FFFD.
"""
import datetime
import decimal
import json
import pathlib
import random
import re
import sys
import urllib.parse

import django
from django.conf import settings

settings.configure(USE_TZ=True, TIME_ZONE="UTC", INSTALLED_APPS=[], DATABASES={})
django.setup()

from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.exceptions import ValidationError  # noqa: E402
from rest_framework.fields import SkipField  # noqa: E402
from rest_framework.metadata import SimpleMetadata  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20240131


def spec(name, zone="UTC", **kwargs):
    return {"class": name, "zone": zone, "kwargs": kwargs}


COLOURS = [["red", "Red"], ["blue", "Blue"], ["Group", [[1, "One"], [2, "Two"]]], ["True", "Yes"], ["", "None"]]
FIELDS = [
    spec("BooleanField"),
    spec("BooleanField", allow_null=True),
    spec("BooleanField", required=False),
    spec("CharField"),
    spec("CharField", max_length=5, min_length=2, allow_null=True),
    spec("CharField", allow_blank=True, required=False, trim_whitespace=False, max_length=3),
    spec("CharField", default="x", error_messages={"max_length": "At most {max_length}!", "invalid": "No {{text}}."}, max_length=4),
    spec("EmailField"),
    spec("EmailField", max_length=20, allow_blank=True),
    spec("RegexField", regex="^[a-z]+[0-9]$"),
    spec("RegexField", regex="b.d", min_length=4, trim_whitespace=False),
    spec("SlugField"),
    spec("SlugField", allow_unicode=True, trim_whitespace=False),
    spec("URLField"),
    spec("URLField", max_length=30),
    spec("IPAddressField"),
    spec("IPAddressField", protocol="ipv4"),
    spec("IPAddressField", protocol="ipv6"),
    spec("UUIDField"),
    spec("UUIDField", format="hex", allow_null=True),
    spec("UUIDField", format="int"),
    spec("UUIDField", format="urn"),
    spec("IntegerField"),
    spec("IntegerField", min_value=-3, max_value=100, allow_null=True),
    spec("BigIntegerField", max_value=9223372036854775807, min_value=-9223372036854775808),
    spec("BigIntegerField", coerce_to_string=True),
    spec("FloatField"),
    spec("FloatField", min_value=-1.5, max_value=1000),
    spec("DecimalField", max_digits=5, decimal_places=2),
    spec("DecimalField", max_digits=5, decimal_places=2, coerce_to_string=False, allow_null=True),
    spec("DecimalField", max_digits=12, decimal_places=4, normalize_output=True, min_value=0, max_value={"$decimal": "1000.5"}),
    spec("DecimalField", max_digits=None, decimal_places=None),
    spec("DecimalField", max_digits=3, decimal_places=0),
    spec("DecimalField", max_digits=2, decimal_places=2),
    spec("DateTimeField"),
    spec("DateTimeField", zone="America/New_York"),
    spec("DateTimeField", zone="Asia/Kathmandu", allow_null=True, format="%d.%m.%Y %H:%M:%S %z"),
    spec("DateTimeField", zone="Europe/Berlin", input_formats=["%d.%m.%Y %H:%M", "iso-8601", "%Y%m%d%H%M%S%z"]),
    spec("DateTimeField", default_timezone="Europe/London"),
    spec("DateField"),
    spec("DateField", format="%d %B %Y", input_formats=["%d.%m.%Y", "%b %d, %Y", "iso-8601"]),
    spec("TimeField"),
    spec("TimeField", format="%I:%M %p", input_formats=["%I:%M %p", "iso-8601"]),
    spec("DurationField"),
    spec("DurationField", format="iso-8601", min_value={"$microseconds": 0}, max_value={"$microseconds": 90061000000}),
    spec("ChoiceField", choices=COLOURS),
    spec("ChoiceField", choices=COLOURS, allow_blank=True, allow_null=True),
    spec("ChoiceField", choices=[[1, "One"], [2, "Two"], ["1.0", "Point"]], required=False),
    spec("ChoiceField", choices=[[True, "Yes"], [False, "No"], ["null", "Perhaps"]]),
    spec("MultipleChoiceField", choices=COLOURS),
    spec("MultipleChoiceField", choices=COLOURS, allow_empty=False),
    spec("ListField"),
    spec("ListField", child=spec("IntegerField", max_value=10), min_length=1, max_length=3),
    spec("ListField", child=spec("CharField", max_length=3, allow_blank=True), allow_empty=False, required=False),
    spec("ListField", child=spec("ListField", child=spec("BooleanField"))),
    spec("DictField"),
    spec("DictField", child=spec("IntegerField"), allow_empty=False),
    spec("HStoreField"),
    spec("JSONField"),
    spec("JSONField", allow_null=True, required=False),
    spec("JSONField", binary=True),
    spec("FileField"),
    spec("ListField", child=spec("DictField", child=spec("CharField", max_length=2))),
]


def made(value, plain=False):
    """A field, or an argument of one, as its class wants it."""
    if isinstance(value, dict) and "$decimal" in value:
        return decimal.Decimal(value["$decimal"])
    if isinstance(value, dict) and "$microseconds" in value:
        return datetime.timedelta(microseconds=value["$microseconds"])
    if not (isinstance(value, dict) and "class" in value):
        return value
    kwargs = {name: made(argument) for name, argument in value["kwargs"].items()}
    if "default_timezone" in kwargs:
        import zoneinfo
        kwargs["default_timezone"] = zoneinfo.ZoneInfo(kwargs["default_timezone"])
    return getattr(serializers, value["class"])(**kwargs)


# What is put to every field.
ANY = [None, True, False, 0, 1, -1, 2, 10, 255, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**128, 10**30, 10**400, 0.0, -0.0, 1.0, 0.5, 1.5, 1e-7, 1e16, 1e22, 1.7e308, 5e-324,
       123456789.123456789, "", " ", "\t\n", "0", "1", "a", "abc", "abcdef", "null", "None", "true", "True", "ON", "off", "yes", "N", "1.0", "1.50", "-1", "+1", " 1 ", "1_0", "１２",
       "1e3", "0x10", "inf", "nan", "\u0000", "a\u0000b", "\ud800", "a\udfffb", "é", "e\u0301", "😀", "\u200b", "\u00a0x\u3000", "\x1cx\x1f", "x" * 1001, "9" * 1000, "9" * 1001, "'", '"',
       "a'b", 'a"b\'c\\d\n', "\u2028", "<b>&amp;", [], {}, [1], [None], ["a", "b"], [[]], {"a": 1}, {"a": None, "b": [True, 1.5]}, {"a": {"b": {}}}, [{"a": "b"}], {"": ""}]
ALPHABET = "abzAZ019-_.:/@ +%eE,T\u0000\n\téßſK１\u2028😀'\"[]{}()#?&=\\x"


def mutated(random, text):
    letters = list(text)
    for _ in range(random.choice([0, 0, 0, 0, 0, 0, 1, 1, 2, 3])):
        at = random.randrange(len(letters) + 1)
        what = random.randrange(4)
        if what == 0:
            letters.insert(at, random.choice(ALPHABET))
        elif letters and what == 1:
            del letters[min(at, len(letters) - 1)]
        elif letters and what == 2:
            letters[min(at, len(letters) - 1)] = random.choice(ALPHABET)
        elif letters:
            at = min(at, len(letters) - 1)
            letters.insert(at, letters[at])
    return "".join(letters)


def digits(random, least=1, most=6):
    return "".join(random.choice("0123456789") for _ in range(random.randint(least, most)))


def word(random, most=8):
    return "".join(random.choice("abcdefgxyzéßÄ09-_") for _ in range(random.randint(1, most)))


def host(random):
    labels = [random.choice(["a", "example", "b-c", "ä1"]) if random.random() < 0.7 else word(random, random.choice([3, 8, 64])) for _ in range(random.randint(1, 3))]
    return ".".join(labels + [random.choice(["com", "de", "org", "com", "x", "xn--p1ai", "xn--a-1", "museum", "c0m", "рф", "COM", "com.", "-a", "a-"])])


def ipv4(random):
    return ".".join(str(random.choice([0, 1, 9, 10, 99, 127, 200, 255] * 3 + [256, 1000, "01", "00"])) for _ in range(random.choice([4, 4, 4, 4, 4, 4, 3, 5])))


def ipv6(random):
    groups = [random.choice(["0", "1", "ff", "FFFF", "2001", "db8", "0db8"] * 4 + ["00000", "g"]) for _ in range(random.choice([8, 8, 6, 4, 3, 7, 9]))]
    text = ":".join(groups)
    if random.random() < 0.7:
        at = random.randrange(len(groups) + 1)
        text = ":".join(groups[:at]) + "::" + ":".join(groups[at:])
    return text + random.choice(["", "", "", ":1.2.3.4", "%eth0", "/64"]) if random.random() < 0.5 else random.choice(
        ["::", "::1", "::ffff:1.2.3.4", "::1.2.3.4", "::ffff:0:0", "1::", ":1", "1:", ":::", "::ffff:010.1.1.1", "fe80::1%1", "fe80::1%", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
         "1:2:3:4:5:6:1.2.3.4", "::1:2:3:4:5:6:7:8", "2001:DB8::1", "0:0:0:0:0:0:0:0", "1:0:0:2:0:0:0:3", "::FFFF:1.2.3.256", "0000:0000:0000:0000:0000:ffff:192.168.100.200"])


def email(random):
    user = random.choice(["a", "a.b", "x_y", word(random), word(random) + "." + word(random), '"a b"', '"\\a"', "a..b", ".a", "a+b", "!#$%", "ſ", "x" * 65, ""])
    place = random.choice([host(random), "localhost", "LOCALHOST", f"[{ipv4(random)}]", f"[{ipv6(random)}]", "example.com", "b" * 63 + ".com"])
    return user + random.choice(["@", "@", "@", "@", "@", "@", "@", "@@", " @", ""]) + place


def url(random):
    user = random.choice(["", "", "", "", "", "", "u@", "u:p@", ":p@", "u:@", "u:p:q@", "a/b@", "a?b@", "[@", "ä@"])
    place = random.choice([host(random), host(random), ipv4(random), f"[{ipv6(random)}]", "localhost", "example.com", "ex℀mple.com", "例え.jp", "a" * 250 + ".com", "K.com"])
    path = random.choice(["", "/", "", "/x", "/a b", "/ä?x=1#y", "?x", "#y", "/[", "/\u3000", "/\x1f", "?x@-bad-", "/a\n", "//", "\\"])
    return random.choice(["http", "https", "HTTP", "ftp", "ftps", "http", "https", "gopher", "", "ht tp"]) + random.choice(["://"] * 9 + [":/", "//"]) + user + place + random.choice(
        ["", "", "", ":80", ":", ":123456", ":8a"]) + path


def date(random):
    year = random.choice(["2024", "2023", "0001", "9999", "1900", "0000", "1582", "24", "12024", "２０２４"])
    month = random.choice(["01", "02", "12", "1", "2", "13", "00", "11"])
    day = random.choice(["01", "29", "30", "31", "1", "32", "00", "28"])
    week = random.choice(["W01", "W53", "W05", "W00", "W54", "w01"])
    return random.choice([f"{year}-{month}-{day}", f"{year}-{month}-{day}", f"{year}-{month}-{day}", f"{year}{month}{day}", f"{year}-{week}-{random.randint(0, 8)}", f"{year}{week}{random.randint(1, 7)}",
                          f"{year}-{week}", f"{day}.{month}.{year}", f"Jan {day}, {year}", f"mar {day}, {year}", f"{year}-{month}", f"{year}/{month}/{day}", f"{year}-001"])


def clock(random):
    hour = random.choice(["00", "03", "23", "24", "3", "12", "02", "01"])
    minute = random.choice(["00", "04", "59", "60", "4", "30"])
    second = random.choice(["", ":00", ":05", ":59", ":60", ":5"])
    fraction = random.choice(["", "", ".1", ",5", ".123456", ".1234567", ".123456789012", ".1234567890123", ".", ".000001", ".9999999"]) if second else ""
    if random.random() < 0.15:
        return random.choice([hour + minute + second.replace(":", "") + fraction, hour, f"{hour}:{minute} PM", f"{hour}:{minute} am"])
    return f"{hour}:{minute}{second}{fraction}"


def moment(random):
    zone = random.choice(["", "", "", "Z", "z", "+00:00", "+02:00", "-0530", "-08", "+24:00", "+23:59", " +01:00", "+01:00:30", "-00:00", "+5", " Z", "+99:99", "-12:34:56.789"])
    known = ["2024-03-10T02:30:00", "2024-03-10T03:00:00", "2024-11-03T01:30:00", "2024-11-03T01:30:00-04:00", "2024-11-03 01:59:59.999999", "2024-03-31T02:30", "2024-10-27T02:30", "2024-10-27T01:30",
             "2024-03-31T01:30", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999", "1883-11-18T12:00:00", "1900-01-01T00:00:00", "31.01.2024 12:30",
             "20240131123000+0130", "2024-01-31", "20240131T123000Z", "1985-12-31T23:59", "1986-01-01T00:10", "2037-07-01T12:00:00", "2050-07-01T12:00:00", "2099-07-01T00:00Z", "1950-06-01T00:00:00Z"]
    return random.choice([date(random) + random.choice(["T", "T", "T", " ", "t", "  ", "_", ""]) + clock(random) + zone, random.choice(known), random.choice(known) + zone, date(random)])


def duration(random):
    number = lambda: random.choice(["0", "1", "5", "59", "60", "99", "-1", "007", "1000000000", "999999999", "86400", "106751991", "10675199"])  # noqa: E731
    fraction = random.choice(["", "", ".5", ",25", ".1234567", ".000001", ".1234567890123"])
    days = random.choice(["", "", f"{number()} ", f"{number()} days, ", f"{number()} day ", f"{number()} days "])
    sign = random.choice(["", "", "", "-", "+"])
    part = lambda letter: random.choice(["", f"{number()}{random.choice(['', '.5', ',25'])}{letter}"])  # noqa: E731
    iso = f"{sign}P{part('D')}" + random.choice(["", f"T{part('H')}{part('M')}{part('S')}", "T"])
    return random.choice([f"{days}{sign}{number()}:{number()}:{number()}{fraction}", f"{days}{number()}:{number()}{fraction}", f"{days}{sign}{number()}{fraction}", iso, iso])


def number(random):
    sign = random.choice(["", "", "", "-", "+", "--"])
    whole = random.choice([digits(random, 1, 3), digits(random, 1, 8), "0", "00", "", "1_000", "1__0", "_1", "１２", "٣", "9" * 18, "9" * 30])
    fraction = random.choice(["", "", "." + digits(random, 1, 3), "." + digits(random, 1, 7), ".0", ".00", ".", ".5_0", ".1.2", ".0 "])
    exponent = random.choice(["", "", "", "e2", "E-3", "e+1", "e", "e400", "e-400", "E1_0", "e99999999999999999999"])
    return random.choice(["", "", "", " ", "\n", "\x1c", "\u3000"]) + sign + whole + fraction + exponent + random.choice(["", "", "", " ", "\n"])


def identifier(random):
    text = "".join(random.choice("0123456789abcdefABCDEF") for _ in range(32))
    dashed = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    return random.choice([text, dashed, "{" + dashed + "}", "urn:uuid:" + dashed, text[:31], "-" + text + "-", text[:31] + "g", "0x" + text[2:], "+" + text[1:], text[:15] + "_" + text[16:],
                          " " + text[1:], text[:30] + "__", "urn:" + text, "}" + text + "{", "uuid:{" + text + "}", "_" + text[1:], "0X_" + text[3:], "١" * 32])


def lines(random):
    return random.choice([word(random, 3), word(random, 8), " " + word(random) + " ", word(random) + "\n", "bad" + digits(random, 1, 2), "abc1", "bd", "b\nd", "b.d.", "a" * random.randint(1, 12),
                          "x\ud800", "ab\u0000", "éé\ud900\u0000zzz", 12345, 1.5, 1e3, True])


def text_of_json(random):
    return json.dumps(random.choice(ANY)) if random.random() < 0.6 else random.choice(
        ["{", "[1,]", "NaN", "Infinity", "-Infinity", '{"a": NaN}', '"\\ud800"', "1 2", "01", "'a'", '{"b":1,"a":2,"b":3}', "  [1, 2.50] ", "\ufeff1", "1e400", "-0", "1E5", '"é\\u00e9"', "tru"])


def choice(random):
    return random.choice(["red", "blue", "Red", 1, "1", 1.0, "1.0", True, "True", "true", 2, "", " red", "Group", None, ["red"], {"red": 1}, "Two", word(random), "\ud800"])


def item(random, depth=0):
    what = random.randrange(9)
    if what < 5 or depth > 2:
        return random.choice([1, 5, 11, "1", "12", "abc", "abcd", "", None, True, "yes", 1.5, "x", -1, 100, "a'b"])
    if what < 7:
        return [item(random, depth + 1) for _ in range(random.randrange(4))]
    return {random.choice(["a", "b", "", "c.d", "é"]): item(random, depth + 1) for _ in range(random.randrange(4))}


OWN = {
    "BooleanField": lambda r: r.choice(["t", "T", "y", "YES", "true", "On", "1", "f", "F", "n", "No", "FALSE", "OFF", "0", "null", "NULL", "", "2", " true", "true\n", "none", "ı", 1, 0, 1.0, 0.0, 2]),
    "CharField": lines, "RegexField": lines, "SlugField": lines, "EmailField": email, "URLField": url, "IPAddressField": lambda r: r.choice([ipv4, ipv6])(r), "UUIDField": identifier,
    "IntegerField": number, "BigIntegerField": number, "FloatField": number, "DecimalField": number, "DateTimeField": moment, "DateField": date, "TimeField": clock, "DurationField": duration,
    "ChoiceField": choice, "MultipleChoiceField": lambda r: [choice(r) for _ in range(r.randrange(4))], "ListField": item, "DictField": item, "HStoreField": item, "JSONField": text_of_json,
    "FileField": lambda r: word(r),
}
NUMBERS = {"IntegerField", "BigIntegerField", "FloatField", "DecimalField"}


def value(random, name):
    """A value for a field of a class: sometimes what is put to all of them."""
    if random.random() < 0.2:
        return random.choice(ANY)
    if name in NUMBERS and random.random() < 0.3:
        return random.choice([random.randint(-200, 200), round(random.uniform(-2000, 2000), random.randrange(6)), float(random.randint(-200, 200)), random.uniform(-1, 1) * 10 ** random.randint(-9, 20)])
    own = OWN[name](random)
    return mutated(random, own) if isinstance(own, str) and "\ud800" not in own else own


def pairs(random, name):
    """A form: names with values."""
    names = random.choices(["f", "f[0]", "f[1]", "f[10]", "f.a", "f.b", "f[0]a", "f[0].a", "f[0][0]", "f[1][1]", "g", "f[", "f[x]", "f."], weights=[12, 3, 2, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1], k=random.choice([0, 1, 1, 1, 1, 2, 3]))
    if name not in ("ListField", "DictField", "HStoreField", "MultipleChoiceField"):
        names = [random.choice(["f", "f", "f", "f", "f", "g"]) for _ in names]

    def text():
        one = value(random, "CharField" if random.random() < 0.1 else name)
        one = one if isinstance(one, str) else random.choice(["", "1", "abc", "true", json.dumps(one)])
        return re.sub("[\ud800-\udfff]", "", one)

    return [[one, text()] for one in names]


def inputs(random, one, count):
    """Modes with inputs: each once."""
    seen = set()
    wanted = [("json", {}), ("json?", {}), ("form", []), ("form?", []), *[("json", {"f": each}) for each in ANY]] if count > 60 else []
    while len(wanted) < count + 60:
        mode = random.choice(["json", "json", "json", "json?", "form", "form", "form?"])
        given = pairs(random, one["class"]) if mode.startswith("form") else {"f": value(random, one["class"])}
        wanted.append((mode, given))
    for mode, given in wanted:
        key = mode + json.dumps(given)
        if key not in seen and len(key) < 1500:
            seen.add(key)
            yield mode, given
        if len(seen) >= count:
            return


def answer(one, mode, given):
    """What a serializer with this field says."""
    serializer_class = type("One", (serializers.Serializer,), {"f": made(one)})
    data = QueryDict(urllib.parse.urlencode([tuple(pair) for pair in given])) if mode.startswith("form") else given
    serializer = serializer_class(data=data, partial=mode.endswith("?"))
    field = serializer.fields["f"]
    try:
        valid = serializer.run_validation(data)
        if "f" not in valid:
            return ["skip"]
        shown = None if valid["f"] is None else field.to_representation(valid["f"])
        return ["valid", JSONRenderer().render([shown]).decode()[1:-1]]
    except ValidationError as error:
        return ["errors", error.get_full_details()["f"]]
    except SkipField:
        return ["skip"]
    except Exception as error:  # what a server answers with 500
        return ["raised", type(error).__name__]


def plain(error):
    """Details without the dictionaries' order of keys in the way, and without lone surrogates."""
    text = json.dumps(error, ensure_ascii=False)
    return json.loads(re.sub("[\ud800-\udfff]", "\ufffd", text))


def record(count, seed):
    texts, numbers, fields = [], {}, []
    for place, one in enumerate(FIELDS):
        chance = random.Random(f"{seed} {place}")
        cases = []
        with timezone.override(one["zone"]):
            for mode, given in inputs(chance, one, count):
                said = plain(answer(one, mode, given))
                key = json.dumps(said)
                if key not in numbers:
                    numbers[key] = len(texts)
                    texts.append(said)
                cases.append([mode, given, numbers[key]])
        info = json.loads(JSONRenderer().render(SimpleMetadata().get_field_info(type("One", (serializers.Serializer,), {"f": made(one)})().fields["f"])))
        fields.append({**one, "info": info, "cases": cases})
    return {"texts": texts, "fields": fields}


def written(recorded):
    """One text or case a line."""
    compact = {"separators": (",", ":")}
    lines = ['{"texts":[']
    lines.append(",\n".join(json.dumps(one, **compact) for one in recorded["texts"]))
    lines.append('],"fields":[')
    fields = []
    for one in recorded["fields"]:
        head = {name: what for name, what in one.items() if name != "cases"}
        cases = ",\n".join(json.dumps(case, **compact) for case in one["cases"])
        fields.append(json.dumps(head, **compact)[:-1] + ',"cases":[\n' + cases + "]}")
    lines.append(",\n".join(fields))
    lines.append("]}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    arguments = sys.argv[1:]
    to_stdout = arguments[:1] == ["-"]
    arguments = arguments[to_stdout:]
    count, seed = (int(argument) for argument in (arguments + ["400", str(SEED)][len(arguments):]))
    text = written(record(count, seed))
    if to_stdout:
        sys.stdout.write(text)
    else:
        (HERE / "fields.json").write_text(text)
