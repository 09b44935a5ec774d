"""Makes up fields and inputs, and says what the reference makes of them, as long as somebody asks.

    python oracle/recorder/fields_live.py
Each line of the input is a question: `{"class": "DateField", "seed": 7, "batch": 3, "count": 500}`. Each line of the output
is the answer: a recording as `vectors/record_fields.py` writes one, with one field of that class and so many inputs. The
same question has the same answer. `classes` as the whole question gives the names of the classes. Ends with its input.
"""
import datetime
import json
import pathlib
import random
import struct
import sys
import unicodedata
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vectors"))

import record_fields as known  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.duration import duration_iso_string, duration_string  # noqa: E402
from rest_framework import serializers  # noqa: E402

spec = known.spec
CLASSES = list(dict.fromkeys(field["class"] for field in known.FIELDS))
ZONES = ["UTC", "America/New_York", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia", "America/St_Johns", "Etc/GMT+12"]
LONGEST = 8000


def main():
    for line in sys.stdin:
        question = json.loads(line)
        said = CLASSES if question == "classes" else answered(**question)
        sys.stdout.write(json.dumps(said, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def answered(seed, batch, count, **rest):
    name = rest["class"]
    chance = random.Random(f"{seed} {name} {batch}")
    one = field(chance, name, seed, batch)
    serializer_class = type("One", (serializers.Serializer,), {"f": known.made(one)})
    texts, numbers, cases = [], {}, []
    with timezone.override(one["zone"]):
        for mode, given in inputs(chance, one, count):
            # As it arrives: two escapes that make one character are one.
            given = json.loads(json.dumps(given))
            said = known.plain(answer(serializer_class, mode, given))
            key = json.dumps(said)
            if key not in numbers:
                numbers[key] = len(texts)
                texts.append(said)
            cases.append([mode, given, numbers[key]])
    return {"texts": texts, "fields": [{**one, "info": None, "cases": cases}]}


def answer(serializer_class, mode, given):
    """As `known.answer`, with a class that was made once."""
    data = QueryDict(urllib.parse.urlencode([tuple(pair) for pair in given])) if mode.startswith("form") else given
    serializer = serializer_class(data=data, partial=mode.endswith("?"))
    try:
        valid = serializer.run_validation(data)
        if "f" not in valid:
            return ["skip"]
        valid = kept(valid["f"])
        shown = None if valid is None else serializer.fields["f"].to_representation(valid)
        return ["valid", known.JSONRenderer().render([shown]).decode()[1:-1]]
    except known.ValidationError as error:
        return ["errors", error.get_full_details()["f"]]
    except known.SkipField:
        return ["skip"]
    except Exception as error:  # what a server answers with 500
        return ["raised", type(error).__name__]


def kept(value):
    """As a database gives it back: there is no time that clocks leave out."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        try:
            return value.astimezone(datetime.timezone.utc).astimezone(value.tzinfo)
        except OverflowError:
            return value
    return value


# Fields.

def field(chance, name, seed, batch):
    """One of the recorded fields of the class and one with arguments by chance, in turns."""
    recorded = [one for one in known.FIELDS if one["class"] == name]
    if batch % 2 == 0:
        return recorded[(batch // 2 + seed) % len(recorded)]
    kwargs = arguments(chance, name)
    if chance.random() < 0.3:
        kwargs["allow_null"] = True
    if chance.random() < 0.3:
        kwargs["required"] = False
    if chance.random() < 0.2:
        kwargs["error_messages"] = {"invalid": "This is {{no}} good.", "required": "Where is it?", "null": "Null?"}
    return spec(name, zone=chance.choice(ZONES) if name == "DateTimeField" else "UTC", **kwargs)


def some(chance, **choices):
    """Some of the arguments, each with one of its values."""
    return {name: chance.choice(values) for name, values in choices.items() if chance.random() < 0.4}


LENGTHS = dict(max_length=[1, 2, 5, 20, 254, 1000], min_length=[0, 1, 2, 6])
TEXT = dict(allow_blank=[True], trim_whitespace=[False], **LENGTHS)
STAMPS = ["%d.%m.%Y %H:%M", "%Y%m%d%H%M%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%d %b %Y %I:%M %p", "%j/%Y", "%y-%m-%d %H", "%A, %d. %B %Y"]
DAYS = ["%d.%m.%Y", "%b %d, %Y", "%Y%m%d", "%d/%m/%y", "%Y-%j", "%d %B %Y", "%m%d%Y", "%a %d %b %Y", "%%%Y-%m-%d"]
CLOCKS = ["%I:%M %p", "%H%M%S", "%H:%M:%S.%f", "%H.%M", "%I%p", "%M:%H", "%H:%M:%S %z"]


def readable(chance, formats):
    """Those that the reference's language can read at all; which they are is not what is asked here."""
    usable = []
    for one in formats:
        try:
            datetime.datetime.strptime(datetime.datetime(2024, 1, 31, 12, 30).strftime(one), one)
        except ValueError:
            continue
        usable.append(one)
    return chance.sample(usable, chance.randint(1, 3)) + chance.choice([[], ["iso-8601"]])


def arguments(chance, name):
    if name == "CharField":
        return some(chance, **TEXT)
    if name in ("EmailField", "URLField"):
        return some(chance, **TEXT)
    if name == "SlugField":
        return some(chance, allow_unicode=[True], **TEXT)
    if name == "RegexField":
        regex = chance.choice(["^[a-z]+[0-9]$", "b.d", r"^\w+$", r"\d{2,3}", "^(a|b)*c?$", r"[^\s]+@", "(?i)^abc", r"^\S*\Z", "^é", r"\bbad\b"])
        return {"regex": regex, **some(chance, **TEXT)}
    if name == "IPAddressField":
        return some(chance, protocol=["ipv4", "ipv6"], allow_blank=[True], trim_whitespace=[False])
    if name == "UUIDField":
        return some(chance, format=["hex", "urn", "hex_verbose"])
    if name == "IntegerField":
        return some(chance, min_value=[-3, 0, 10, -(2**31)], max_value=[100, 5, 0, 2**31 - 1])
    if name == "BigIntegerField":
        return some(chance, min_value=[-(2**63), 0], max_value=[2**63 - 1, 10**9], coerce_to_string=[True, False])
    if name == "FloatField":
        return some(chance, min_value=[-1.5, 0, 1e-5], max_value=[1000, 0.1, 1e18])
    if name == "DecimalField":
        digits = chance.choice([None, 1, 2, 3, 5, 9, 12, 19, 28, 40])
        places = None if digits is None and chance.random() < 0.7 else chance.randint(0, digits or 6)
        limits = [{"$decimal": text} for text in ("0", "1000.5", "-3.25", "99.99", "1E+3")]
        rounding = ["ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_05UP"]
        return {"max_digits": digits, "decimal_places": places,
                **some(chance, coerce_to_string=[True, False], normalize_output=[True], min_value=limits, max_value=limits, rounding=rounding)}
    if name == "DateTimeField":
        given = some(chance, format=STAMPS, default_timezone=ZONES[1:])
        return given | ({"input_formats": readable(chance, STAMPS)} if chance.random() < 0.5 else {})
    if name == "DateField":
        return some(chance, format=DAYS) | ({"input_formats": readable(chance, DAYS)} if chance.random() < 0.5 else {})
    if name == "TimeField":
        return some(chance, format=CLOCKS[:-1]) | ({"input_formats": readable(chance, CLOCKS)} if chance.random() < 0.5 else {})
    if name == "DurationField":
        limits = [{"$microseconds": number} for number in (0, 90061000000, -1, 3600 * 10**6)]
        return some(chance, format=["iso-8601"], min_value=limits, max_value=limits)
    if name in ("ChoiceField", "MultipleChoiceField"):
        more = some(chance, allow_empty=[False]) if name == "MultipleChoiceField" else some(chance, allow_blank=[True])
        return {"choices": choices(chance), **more}
    if name == "ListField":
        return {"child": child(chance), **some(chance, allow_empty=[False], min_length=[1, 2], max_length=[1, 3, 5])}
    if name == "DictField":
        return {"child": child(chance), **some(chance, allow_empty=[False])}
    if name == "HStoreField":
        return some(chance, allow_empty=[False])
    if name == "JSONField":
        return some(chance, binary=[True])
    return {}


def choices(chance):
    pool = [["red", "Red"], ["blue", "Blue"], ["1", "One"], [2, "Two"], [True, "Yes"], ["None", "No"], ["", "Empty"], ["1.5", "Half"], ["é", "E"], [3.0, "Three"], ["\x00", "Zero"], [-1, "Less"], ["a b", "Both"]]
    picked = chance.sample(pool, chance.randint(1, 6))
    # Two keys that are one to the reference are one choice there: nobody declares such a field.
    unique = list({str(pair[0]): pair for pair in picked}.values())
    return [["Group", unique[:2]], *unique[2:]] if len(unique) > 2 and chance.random() < 0.3 else unique


def child(chance, depth=0):
    name = chance.choice(["CharField", "IntegerField", "BooleanField", "FloatField", "DateField", "DecimalField", "UUIDField", "ChoiceField", "JSONField", "EmailField", "DurationField", "ListField", "DictField"])
    kwargs = {"child": child(chance, depth + 1)} if name in ("ListField", "DictField") and depth < 2 else arguments(chance, "IntegerField" if name in ("ListField", "DictField") else name)
    name = "IntegerField" if name in ("ListField", "DictField") and depth >= 2 else name
    if chance.random() < 0.3:
        kwargs["allow_null"] = True
    return spec(name, **kwargs)


# Inputs.

DIGITS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Nd"]
NUMBERS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("No", "Nl")]
SPACES = [chr(code) for code in range(0x110000) if chr(code).isspace()]
BY_DIGIT = {str(digit): [letter for letter in DIGITS if unicodedata.digit(letter) == digit] for digit in range(10)}


def letter(chance):
    kind = chance.randrange(10)
    if kind < 5:
        return chance.choice(known.ALPHABET)
    if kind == 5:
        return chance.choice(SPACES)
    if kind == 6:
        return chance.choice(DIGITS + NUMBERS)
    if kind == 7:
        return chr(chance.choice([*range(0xD800, 0xD804), *range(0xDFFC, 0xE000), 0xFFFD, 0xFEFF, 0xFFFF, 0x10FFFF, 0x130, 0x131, 0x17F, 0x1E9E, 0x212A, 0x2212, 0x202E]))
    return chr(chance.choice([chance.randrange(0x80), chance.randrange(0x800), chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)]))


def spoilt(chance, text):
    """A text with something wrong, or with other ways to write the same."""
    kind = chance.randrange(12)
    if kind < 5:
        return known.mutated(chance, text)
    if kind == 5:
        return "".join(chance.choice(BY_DIGIT[one]) if one in BY_DIGIT and chance.random() < 0.5 else one for one in text)
    if kind == 6:
        around = lambda: "".join(chance.choice(SPACES) for _ in range(chance.randrange(3)))  # noqa: E731
        return around() + text + around()
    if kind == 7 and text:
        at = chance.randrange(len(text))
        return text[:at] + letter(chance) + text[at + chance.randrange(2):]
    if kind == 8:
        return chance.choice([text.upper(), text.lower(), text.title(), text.swapcase()])
    if kind == 9 and text:
        at = chance.randrange(len(text))
        return text[:at] + text[at] * chance.choice([2, 3, 20, 300]) + text[at:]
    if kind == 10:
        return text + text
    return unicodedata.normalize(chance.choice(["NFC", "NFD", "NFKC", "NFKD"]), text)


def huge(chance):
    digits = known.digits(chance, 1, 1) * chance.choice([18, 19, 20, 38, 39, 40, 308, 309, 310, 999, 1000, 1001, 4299])
    text = chance.choice(["", "-"]) + digits
    return chance.choice([text, int(text), text + "." + digits[:3], "0." + digits, text + "e-" + digits[:3], digits[:3] + "e" + digits[:4], "x" * chance.choice([254, 255, 256, 1000, 1001, 2000])])


def number(chance):
    kind = chance.randrange(5)
    if kind == 0:
        return chance.getrandbits(chance.choice([8, 31, 32, 63, 64, 65, 127, 128, 129, 200])) * chance.choice([1, -1])
    if kind == 1:
        while True:
            one = struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]
            if one == one and abs(one) != float("inf"):
                return one
    if kind == 2:
        return chance.choice([2**31, 2**53, 2**63, 2**64, 10**15, 10**16, 10**17]) + chance.choice([-1, 0, 1]) + chance.choice([0, 0.0, 0.5])
    if kind == 3:
        return round(chance.uniform(-1000, 1000), chance.randrange(8))
    return chance.randint(-20, 300)


def nested(chance, name, depth=0):
    kind = chance.randrange(8)
    if kind == 0 and depth == 0:
        one = []
        for _ in range(chance.choice([3, 10, 40])):
            one = [one] if chance.random() < 0.6 else {"a": one}
        return one
    if kind < 4 and depth < 4:
        return [nested(chance, name, depth + 1) for _ in range(chance.randrange(5))]
    if kind < 6 and depth < 4:
        return {chance.choice(["a", "b", "", "é", "a.b", "0", " ", "A", "\ud800" if depth > 9 else "x" * 20]): nested(chance, name, depth + 1) for _ in range(chance.randrange(4))}
    return value(chance, chance.choice(["CharField", "IntegerField", "BooleanField", name]), depth + 1)


def value(chance, name, depth=0):
    """A value for a field of a class: mostly nearly right, sometimes something of another class."""
    kind = chance.randrange(20)
    if kind == 0:
        return huge(chance)
    if kind == 1:
        return number(chance)
    if kind == 2:
        return "".join(letter(chance) for _ in range(chance.randint(0, 12)))
    if kind == 3 and depth < 3:
        return nested(chance, name, depth + 1)
    if kind == 4:
        name = chance.choice(CLASSES)
    own = known.value(chance, name) if name in known.OWN else number(chance)
    if isinstance(own, str) and kind > 10:
        return spoilt(chance, own)
    if isinstance(own, (int, float)) and not isinstance(own, bool) and kind > 16:
        return spoilt(chance, str(own))
    return own


PREFIXES = ["f", "f[0]", "f[1]", "f[2]", "f[10]", "f[01]", "f[٣]", "f[]", "f.a", "f.b", "f.a.b", "f.a[0]", "f[0]a", "f[0].a", "f[0][0]", "f[1][1]", "f[0].a[1]", "g", "f[", "f[x]", "f.", "f[-1]", "f[0]\n", "f.a\n", "F", " f",
            "f[99999999999999999999]"]


def pairs(chance, name):
    """A form: names with values."""
    many = name in ("ListField", "DictField", "HStoreField", "MultipleChoiceField")
    names = [chance.choice(PREFIXES if many else ["f", "f", "f", "f", "f", "f", "g", "f[0]", "f.a"]) for _ in range(chance.choice([0, 1, 1, 1, 1, 2, 3, 5]))]

    def text():
        one = value(chance, "CharField" if chance.random() < 0.1 else name)
        one = one if isinstance(one, str) else chance.choice(["", "1", "abc", "true", json.dumps(one)])
        return known.re.sub("[\ud800-\udfff]", "", one)

    return [[one, text()] for one in names]


def fitting(chance, one):
    """A value that the field itself suggests; nothing where it suggests none."""
    name, kwargs = one["class"], one["kwargs"]
    if name in ("ChoiceField", "MultipleChoiceField"):
        keys = [pair[0] for entry in kwargs["choices"] for pair in (entry[1] if isinstance(entry[1], list) else [entry])]
        pick = lambda: chance.choice([chance.choice(keys), str(chance.choice(keys))])  # noqa: E731
        return pick() if name == "ChoiceField" else [pick() for _ in range(chance.randrange(4))]
    if name in ("DateTimeField", "DateField", "TimeField"):
        moment = datetime.datetime(chance.choice([1, 68, 69, 999, 1000, 1900, 1970, 2000, 2024, 9999, chance.randint(1, 9999)]), 1, 1) + datetime.timedelta(
            days=chance.randrange(365), seconds=chance.choice([0, 1, 43200, 86399, chance.randrange(86400)]), microseconds=chance.choice([0, 0, 1, 999999, chance.randrange(10**6)]))
        moment = moment.replace(tzinfo=chance.choice([None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(minutes=chance.randint(-1439, 1439)))]))
        formats = [one for one in kwargs.get("input_formats", []) if one != "iso-8601"]
        if formats and chance.random() < 0.7:
            return moment.strftime(chance.choice(formats))
        part = moment.timetz() if name == "TimeField" else moment.date() if name == "DateField" and chance.random() < 0.8 else moment
        return part.isoformat()
    if name == "DurationField":
        span = datetime.timedelta(days=chance.choice([0, 1, -1, chance.randint(-1000, 10**6)]), seconds=chance.randint(0, 10**6), microseconds=chance.choice([0, chance.randrange(10**6)]))
        return chance.choice([duration_string, duration_iso_string, str])(span)
    if name in ("ListField", "DictField"):
        child = kwargs.get("child") or spec("Field")
        inner = lambda: fitting(chance, child) if chance.random() < 0.5 else value(chance, child["class"] if child["class"] in known.OWN else "JSONField", 2)  # noqa: E731
        count = chance.choice([0, 1, 1, 2, 3, 6])
        return [inner() for _ in range(count)] if name == "ListField" else {chance.choice(["a", "b", "c", "é", "", "a.b"]): inner() for _ in range(count)}
    if name == "RegexField":
        return "".join(chance.choice(["a", "b", "c", "z", "bad", "abc", "1", "23", "é", "x@", " ", "\n", "_"]) for _ in range(chance.randint(1, 4)))
    if name == "DecimalField":
        digits, places = kwargs.get("max_digits") or 6, kwargs.get("decimal_places") or 0
        text = known.digits(chance, 1, max(1, digits - places + 1)) + "." + known.digits(chance, 1, places + 2)
        return chance.choice(["", "-"]) + chance.choice([text, text.rstrip("0"), text.split(".")[0], text + "e" + str(chance.randint(-5, 5))])
    return value(chance, name)


def inputs(chance, one, count):
    """Modes with inputs: each once."""
    seen = set()
    for _ in range(count * 20):
        mode = chance.choice(["json", "json", "json", "json", "json?", "form", "form", "form?"])
        given = pairs(chance, one["class"]) if mode.startswith("form") else {"f": fitting(chance, one) if chance.random() < 0.3 else value(chance, one["class"])}
        key = mode + json.dumps(given)
        if key not in seen and len(key) < LONGEST:
            seen.add(key)
            yield mode, given
        if len(seen) >= count:
            return


if __name__ == "__main__":
    main()
