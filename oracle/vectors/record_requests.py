"""Record how query strings, form bodies and cookie headers are taken apart.

    python vectors/record_requests.py
Writes cookies_query.json here.
"""
from stack import environ, ready, save, urls

# id, query string as it stands in the request line (bytes where it is no UTF-8)
QUERIES = [
    ("empty", ""), ("one pair", "a=1"), ("two pairs", "a=1&b=2"), ("repeated name", "a=1&b=2&a=3"), ("blank value", "a="), ("blank value in the middle", "a=&b=1"), ("no equals sign", "a"), ("no equals sign in the middle", "a&b=1"), ("blank name", "=1"), ("only an equals sign", "="), ("two equals signs", "a=b=c"), ("equals sign and then equals sign", "a=="), ("only an ampersand", "&"), ("leading ampersand", "&a=1"), ("trailing ampersand", "a=1&"), ("two ampersands", "a=1&&b=2"), ("three blank parts", "&&&"),
    ("semicolon is no separator", "a=1;b=2"), ("encoded semicolon", "a=1%3Bb=2"), ("HTML ampersand", "a=1&amp;b=2"), ("plus is a space", "a=b+c"), ("plus in the name", "a+b=c"), ("encoded plus", "a=b%2Bc"), ("encoded space", "a=b%20c"), ("raw space", "a=b c"), ("two plus signs", "a=++"), ("encoded ampersand", "a=b%26c"), ("encoded equals sign in the name", "a%3Db=c"), ("encoded percent", "a=%25"), ("encoded twice", "a=%2541"), ("encoded name", "%61=1"), ("lower case hex", "a=%c3%a9"), ("upper case hex", "a=%C3%A9"), ("mixed case hex", "a=%c3%A9"),
    ("percent alone", "a=%"), ("percent and one digit", "a=%4"), ("percent and no hex", "a=%zz"), ("percent and half hex", "a=%4z"), ("percent before a good escape", "a=%%41"), ("percent in the name", "%=1"), ("percent u", "a=%u00e9"), ("percent at the end of a part", "a=1%&b=2"),
    ("not ASCII, raw UTF-8", "a=\u00e9"), ("not ASCII name, raw UTF-8", "\u00e9=1"), ("raw Latin-1 byte", b"a=\xe9"), ("raw Latin-1 byte and UTF-8", b"a=\xc3\xa9&b=\xe9"), ("raw Latin-1 byte and an escape", b"a=%C3%A9&b=\xe9"), ("four-byte character", "a=%F0%9F%98%80"), ("four-byte character, raw", "a=\U0001f600"), ("invalid UTF-8 escape", "a=%FF"), ("invalid UTF-8 escape in the name", "%FF=1"), ("cut UTF-8 escape", "a=%C3"), ("cut UTF-8 escape and text", "a=%C3x"), ("cut three-byte escape", "a=%E2%82"), ("overlong escape", "a=%C0%AF"), ("surrogate escape", "a=%ED%A0%80"), ("beyond Unicode", "a=%F5%80%80%80"), ("byte order mark", "a=%EF%BB%BF1"), ("half raw, half escaped character", b"a=\xc3%A9"),
    ("NUL escape", "a=%00"), ("NUL in the middle", "a=b%00c"), ("newline escape", "a=%0A"), ("carriage return and newline", "a=%0D%0A"), ("tab escape", "a=%09"), ("control character", "a=%1F"), ("delete character", "a=%7F"),
    ("brackets", "a[]=1&a[]=2"), ("bracket with a key", "a[b]=1"), ("dots", "a.b=1"), ("double underscore", "author__id=1"), ("hash escape", "a=%23"), ("raw question mark", "a=?"), ("raw slash", "a=/x/"), ("quotes", "a=\"b\"&c='d'"), ("comma", "a=1,2"), ("tilde and star", "a=~*"), ("backslash", "a=\\"), ("colon", "a=1:2"), ("upper and lower case names differ", "A=1&a=2"), ("spaces around are kept", "+a+=+1+"),
    ("many repeats keep order", "&".join("a=%d" % i for i in (3, 1, 2, 3))), ("JSON as value", "q=%7B%22a%22%3A%5B1%5D%7D"), ("URL as value", "next=http%3A%2F%2Fx.test%2F%3Fa%3D1%26b%3D2"),
]
# id, number of parts, DATA_UPLOAD_MAX_NUMBER_FIELDS, separator text
LIMITS = [("999 fields", 999, 1000, "&"), ("1000 fields", 1000, 1000, "&"), ("1001 fields", 1001, 1000, "&"), ("1001 ampersands alone", 1001, 1000, ""), ("limit 2, two fields", 2, 2, "&"), ("limit 2, three fields", 3, 2, "&"), ("limit 2, semicolons", 3, 2, ";"), ("limit off, 5000 fields", 5000, None, "&"), ("limit 0, one field", 1, 0, "&")]
COOKIES = [
    ("empty", ""), ("one", "a=1"), ("two", "a=1; b=2"), ("two without a space", "a=1;b=2"), ("repeated, the last wins", "a=1; a=2"), ("spaces around", " a = 1 ; b = 2 "), ("tab around", "\ta=1\t;\tb=2"), ("blank value", "a="), ("blank name", "=1"), ("no equals sign", "abc"), ("no equals sign twice", "abc; def"), ("no equals sign and a pair", "abc; a=1"), ("only an equals sign", "="), ("only semicolons", ";;;"), ("trailing semicolon", "a=1;"), ("equals sign in the value", "a=b=c"), ("comma is no separator", "a=1, b=2"), ("ampersand", "a=1&b=2"), ("plus stays", "a=b+c"), ("percent stays", "a=%C3%A9"),
    ("quoted", 'a="b"'), ("quoted with a space", 'a="b c"'), ("quoted semicolon splits", 'a="b;c"'), ("quoted escaped semicolon", 'a="b\\073c"'), ("quoted escaped comma", 'a="b\\054c"'), ("quoted escaped quote", 'a="b\\"c"'), ("quoted escaped backslash", 'a="b\\\\c"'), ("quoted octal of UTF-8", 'a="\\303\\251"'), ("quoted bad octal", 'a="\\400"'), ("quoted backslash at the end", 'a="b\\"'), ("only quotes", 'a=""'), ("one quote", 'a="'), ("quote in the middle", 'a=b"c"d'), ("unclosed quote", 'a="b'), ("single quotes stay", "a='b'"), ("backslash outside of quotes stays", "a=b\\073"), ("quoted name stays", '"a"=1'),
    ("dollar names are cookies", "$Version=1; a=1; $Path=/"), ("attribute names are cookies", "a=1; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"), ("names differ by case", "a=1; A=2"), ("brackets and colon in the name", "a[1]:b=2"), ("not ASCII value", "a=\u00e9"), ("not ASCII name", "\u00e9=1"), ("invalid UTF-8 value", b"a=\xff"), ("Latin-1 value", b"a=\xe9"), ("control character", "a=\x01"), ("JSON as value", 'a={"b":[1,2]}'), ("JSON in quotes", 'a="{\\"b\\":1}"'), ("base64 as value", "a=YQ=="), ("a session and a CSRF token", "csrftoken=abc123; sessionid=def456"), ("spaces inside a value", "a=b  c"), ("spaces inside a name", "a b=1"), ("long value", "a=" + "x" * 4096),
]


def queries():
    from django.core.exceptions import TooManyFieldsSent
    from django.core.handlers.wsgi import WSGIRequest
    from django.http import QueryDict
    from django.test import override_settings

    def pairs_of(query):
        """The pairs in the order parsed, and the dictionary that the reference makes of them."""
        env = environ("GET", "/")
        env["QUERY_STRING"] = (query if isinstance(query, bytes) else query.encode()).decode("latin-1")
        seen, keep = [], QueryDict.appendlist
        QueryDict.appendlist = lambda self, key, value: (seen.append([key, value]), keep(self, key, value))[1]
        try:
            got = WSGIRequest(env).GET
        finally:
            QueryDict.appendlist = keep
        return seen, got

    cases = []
    for id, query in QUERIES:
        pairs, got = pairs_of(query)
        cases.append({"id": id, **raw("query", query), "pairs": pairs, "lists": [[k, v] for k, v in got.lists()], "last": [[k, v] for k, v in got.items()], "urlencode": got.urlencode()})
    limits = []
    for id, count, limit, separator in LIMITS:
        query = separator.join("a=1" for _ in range(count)) if separator else "&" * (count - 1)
        with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=limit):
            try:
                limits.append({"id": id, "parts": count, "part": "a=1" if separator else "", "separator": separator or "&", "max_fields": limit, "pairs": len(pairs_of(query)[0]), "exception": None})
            except TooManyFieldsSent as exc:
                limits.append({"id": id, "parts": count, "part": "a=1" if separator else "", "separator": separator or "&", "max_fields": limit, "pairs": None, "exception": type(exc).__name__})
    return cases, limits


def cookies():
    from django.core.handlers.wsgi import WSGIRequest

    cases = []
    for id, cookie in COOKIES:
        env = environ("GET", "/")
        env["HTTP_COOKIE"] = (cookie if isinstance(cookie, bytes) else cookie.encode()).decode("latin-1")
        cases.append({"id": id, **raw("cookie", cookie), "cookies": WSGIRequest(env).COOKIES})
    return cases


def forms():
    """Bodies of application/x-www-form-urlencoded: the same parser, with its own limits."""
    from django.core.handlers.wsgi import WSGIRequest
    from django.test import override_settings

    cases = []
    for id, body, content_type, settings, *rest in [
        ("pairs", b"a=1&b=2&a=3", "application/x-www-form-urlencoded", {}), ("plus and escape", b"a=b+c%20d&e=%C3%A9", "application/x-www-form-urlencoded", {}), ("raw UTF-8", "a=\u00e9".encode(), "application/x-www-form-urlencoded", {}), ("raw Latin-1 byte", b"a=\xe9", "application/x-www-form-urlencoded", {}), ("charset parameter", b"a=%E9", "application/x-www-form-urlencoded; charset=iso-8859-1", {}), ("charset utf-8", b"a=%C3%A9", "application/x-www-form-urlencoded; charset=utf-8", {}), ("unknown charset", b"a=1", "application/x-www-form-urlencoded; charset=nope", {}), ("upper case type", b"a=1", "APPLICATION/X-WWW-FORM-URLENCODED", {}), ("other type", b"a=1", "text/plain", {}), ("JSON type", b'{"a": 1}', "application/json", {}), ("no type", b"a=1", None, {}), ("empty body", b"", "application/x-www-form-urlencoded", {}), ("semicolon", b"a=1;b=2", "application/x-www-form-urlencoded", {}),
        ("newline at the end", b"a=1\r\n", "application/x-www-form-urlencoded", {}), ("too large", b"a=123", "application/x-www-form-urlencoded", {"DATA_UPLOAD_MAX_MEMORY_SIZE": 4}), ("just large enough", b"a=12", "application/x-www-form-urlencoded", {"DATA_UPLOAD_MAX_MEMORY_SIZE": 4}), ("too many fields", b"a=1&b=2&c=3", "application/x-www-form-urlencoded", {"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}), ("a GET has no form", b"a=1", "application/x-www-form-urlencoded", {}, "GET"), ("a PUT has no form", b"a=1", "application/x-www-form-urlencoded", {}, "PUT"),
    ]:
        method = rest[0] if rest else "POST"
        with override_settings(**settings):
            request = WSGIRequest(environ(method, "/", [["Content-Type", content_type]] if content_type else [], body))
            try:
                result, exception = [[k, v] for k, v in request.POST.lists()], None
            except Exception as exc:
                result, exception = None, type(exc).__name__
        cases.append({"id": id, "method": method, "content_type": content_type, **raw("body", body), "settings": settings, "lists": result, "exception": exception})
    return cases


def raw(name, value):
    if isinstance(value, bytes):
        try:
            return {name: value.decode()}
        except UnicodeDecodeError:
            return {name + "_hex": value.hex()}
    return {name: value}


def main():
    ready()
    urls([])
    cases, limits = queries()
    save("cookies_query.json", {"query": "the bytes after `?` are the UTF-8 of `query`; where they are no UTF-8, `query_hex` (`cookie_hex`, `body_hex`) holds them", "pairs": "as parsed, in order", "lists": "by name, in order of first appearance", "last": "one value a name, as a plain lookup gives it", "limits": "`parts` times `part`, joined with `separator`", "cookies": "the Cookie header as it stands, and the dictionary made of it", "forms": "a request body; `lists` null where reading it raised"},
         queries=cases, limits=limits, cookies=cookies(), forms=forms())


if __name__ == "__main__":
    main()
