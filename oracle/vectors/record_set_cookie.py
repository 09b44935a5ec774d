"""Record the Set-Cookie headers that responses write.

    python vectors/record_set_cookie.py
Writes set_cookie.json here. The clock stands at 1700000000 seconds.
"""
import datetime
import time
from unittest import mock

from stack import ready, save

NOW = 1700000000
VALUES = [
    ("plain", "abc123"), ("empty", ""), ("space", "a b"), ("semicolon", "a;b"), ("comma", "a,b"), ("quote", 'a"b'), ("backslash", "a\\b"), ("equals", "a=b"), ("legal punctuation", "!#$%&'*+-.^_`|~:"), ("unescaped punctuation", "()/<=>?@[]{}"),
    ("quoted already", '"abc"'), ("control character", "a\x01b"), ("newline", "a\nb"), ("carriage return and header", "a\r\nX-Evil: 1"), ("NUL", "a\x00b"), ("delete character", "a\x7fb"), ("Latin-1 letter", "caf\u00e9"), ("JSON", '{"a":[1,2]}'), ("base64", "YWJj/+=="), ("long", "x" * 4096), ("percent", "%C3%A9"),
]
# id, calls: (method, args, kwargs)
CALLS = [
    ("max age", [("set", ["a", "1"], {"max_age": 3600})]), ("max age zero", [("set", ["a", "1"], {"max_age": 0})]), ("max age of a fraction", [("set", ["a", "1"], {"max_age": 1.9})]), ("max age as a duration", [("set", ["a", "1"], {"max_age": datetime.timedelta(minutes=5)})]),
    ("expires in an hour", [("set", ["a", "1"], {"expires": datetime.datetime.fromtimestamp(NOW + 3600, datetime.timezone.utc)})]), ("expires in the past", [("set", ["a", "1"], {"expires": datetime.datetime.fromtimestamp(NOW - 60, datetime.timezone.utc)})]),
    ("other path", [("set", ["a", "1"], {"path": "/api/"})]), ("no path", [("set", ["a", "1"], {"path": None})]), ("empty path", [("set", ["a", "1"], {"path": ""})]), ("domain", [("set", ["a", "1"], {"domain": "example.com"})]), ("secure", [("set", ["a", "1"], {"secure": True})]), ("http only", [("set", ["a", "1"], {"httponly": True})]),
    ("same site lax", [("set", ["a", "1"], {"samesite": "Lax"})]), ("same site strict", [("set", ["a", "1"], {"samesite": "Strict"})]), ("same site none", [("set", ["a", "1"], {"samesite": "None"})]),
    ("everything", [("set", ["a", "1"], {"max_age": 60, "path": "/x", "domain": ".example.com", "secure": True, "httponly": True, "samesite": "Lax"})]),
    ("two cookies", [("set", ["b", "1"], {}), ("set", ["a", "2"], {})]), ("the same twice, the later value in the first place", [("set", ["a", "1"], {}), ("set", ["b", "2"], {}), ("set", ["a", "3"], {})]), ("the same twice keeps attributes", [("set", ["a", "1"], {"max_age": 60, "domain": "example.com", "secure": True, "httponly": True, "samesite": "Lax"}), ("set", ["a", "2"], {})]),
    ("the same twice, the path is set anew", [("set", ["a", "1"], {"path": "/x"}), ("set", ["a", "2"], {})]), ("the same twice without a path keeps it", [("set", ["a", "1"], {"path": "/x"}), ("set", ["a", "2"], {"path": None})]),
    ("names differ by case", [("set", ["a", "1"], {}), ("set", ["A", "2"], {})]),
    ("delete", [("delete", ["a"], {})]), ("delete with path and domain", [("delete", ["a"], {"path": "/x", "domain": "example.com"})]), ("delete a __Secure- cookie", [("delete", ["__Secure-a"], {})]), ("delete a __Host- cookie", [("delete", ["__Host-a"], {})]), ("delete with same site none", [("delete", ["a"], {"samesite": "None"})]), ("delete with same site lax", [("delete", ["a"], {"samesite": "Lax"})]),
    ("set, then delete", [("set", ["a", "1"], {"httponly": True, "max_age": 60}), ("delete", ["a"], {})]), ("delete, then set", [("delete", ["a"], {}), ("set", ["a", "1"], {})]),
    ("name with a space", [("set", ["a b", "1"], {})]), ("name with a semicolon", [("set", ["a;b", "1"], {})]), ("name with a newline", [("set", ["a\nb", "1"], {})]), ("empty name", [("set", ["", "1"], {})]), ("name not ASCII", [("set", ["\u00e9", "1"], {})]), ("name of an attribute", [("set", ["Path", "1"], {})]), ("name with a colon", [("set", ["a:b", "1"], {})]), ("name with a bracket", [("set", ["a[b]", "1"], {})]),
]


class Frozen(datetime.datetime):
    """A moment later than NOW, as time goes on between two looks at a clock."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW, tz) + datetime.timedelta(microseconds=1)


class Meta(type(datetime.datetime)):
    def __instancecheck__(cls, other):
        return isinstance(other, datetime.datetime)


class Module:
    """The module `datetime` with a clock that stands."""

    timedelta, timezone = datetime.timedelta, datetime.timezone
    datetime = Meta("Frozen", (Frozen,), {})


def main():
    ready()
    cases = [case("value: " + id, [("set", ["a", value], {})]) for id, value in VALUES]
    cases += [case(id, calls) for id, calls in CALLS]
    save("set_cookie.json", {"calls": "`set` is set_cookie(name, value, ...), `delete` is delete_cookie(name, ...); `expires` in seconds since 1970", "now": "1700000000", "set_cookie": "the headers in order; null where a call raised"}, cases=cases)


def case(id, calls):
    from django.http import HttpResponse, response as module

    with mock.patch.object(time, "time", lambda: NOW), mock.patch.object(module, "datetime", Module):
        response = HttpResponse()
        try:
            for kind, args, kwargs in calls:
                getattr(response, {"set": "set_cookie", "delete": "delete_cookie"}[kind])(*args, **kwargs)
            headers = [morsel.output(header="").lstrip(" ") for morsel in response.cookies.values()]
        except Exception as exc:
            assert type(exc).__name__ == "CookieError", exc
            headers = None
    return {"id": id, "calls": [{"kind": kind, "name": args[0], "value": (args + [""])[1], **{k: plain(v) for k, v in kwargs.items()}} for kind, args, kwargs in calls], "set_cookie": headers}


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return value.total_seconds() if isinstance(value, datetime.timedelta) else value


if __name__ == "__main__":
    main()
