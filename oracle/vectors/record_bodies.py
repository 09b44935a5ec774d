"""Record what DRF's parsers make of bodies, and which renderer its negotiation chooses.

    python oracle/vectors/record_bodies.py            # writes bodies.json

Every body is sent to a view that answers with what it was given; multipart bodies are also generated, with a fixed seed.
"""

import json
import random
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x" * 50, USE_TZ=True, DATA_UPLOAD_MAX_NUMBER_FIELDS=20,
    DATA_UPLOAD_MAX_NUMBER_FILES=3, DATA_UPLOAD_MAX_MEMORY_SIZE=20000, FILE_UPLOAD_MAX_MEMORY_SIZE=500,
    INSTALLED_APPS=["rest_framework", "django.contrib.auth", "django.contrib.contenttypes"],
    DATABASES={}, REST_FRAMEWORK={"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": []},
    LOGGING_CONFIG=None, TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

RANDOM = random.Random(7)
HERE = Path(__file__).parent


class Echo(APIView):
    def post(self, request):
        data = request.data
        if not isinstance(data, QueryDict):
            return Response({"json": data})
        form = [[name, [shown(value) for value in data.getlist(name)]] for name in data]
        return Response({"form": form})

    def get(self, request):
        return Response({"b": 1, "a": [1.5, "é"]})


def shown(value):
    if isinstance(value, str):
        return value
    return {"name": value.name, "size": value.size, "type": value.content_type, "charset": value.charset, "hex": value.read().hex()}


urlpatterns = [path("", Echo.as_view())]

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=XX"


def part(head, body=b"v", end=b"\r\n"):
    return b"--XX\r\n" + head + b"\r\n\r\n" + body + end


def field(name, body=b"v"):
    return part(b'Content-Disposition: form-data; name="' + name + b'"', body)


def file(name, filename, body=b"content", more=b""):
    return part(b'Content-Disposition: form-data; name="' + name + b'"; filename="' + filename + b'"' + more, body)


END = b"--XX--\r\n"

BODIES = [
    ("no type", None, b"{}"), ("empty type", "", b"{}"), ("empty body, json", "application/json", b""), ("empty body, form", FORM, b""), ("empty body, text", "text/plain", b""), ("empty body, multipart", PARTS, b""),
    ("json", "application/json", b'{"a": [1, 2.50, null, "\xc3\xa9"]}'), ("json, upper case type", "APPLICATION/JSON", b"[]"), ("json, charset", "application/json; charset=latin-1", b'"\xe9"'), ("json, unknown charset", "application/json; charset=klingon", b'"\xc3\xa9"'),
    ("json, charset that is none of text", "application/json; charset=bz2", b"x"), ("json, utf-16", "application/json; charset=utf-16", '{"é": 1}'.encode("utf-16")), ("json, quoted charset", 'application/json; charset="utf-8"', b'"\xc3\xa9"'),
    ("json, malformed", "application/json", b'{"a": 1,}'), ("json, NaN", "application/json", b"[NaN]"), ("json, bytes", "application/json", b'{"a": "\xff"}'), ("json, null", "application/json", b"null"), ("json, spaces", "application/json", b"  "), ("json, BOM", "application/json", b"\xef\xbb\xbf{}"),
    ("text", "text/plain", b"x"), ("vendor type", "application/vnd.api+json", b"{}"), ("star type", "*/*", b'{"a": 1}'), ("half star type", "application/*", b'{"a": 1}'), ("nonsense type", "nonsense", b"{}"), ("quotes in the type", 'text/"x"', b"x"), ("very long type", "application/json; x=" + "y" * 300, b"{}"), ("parameters", "application/json; a=b; c", b"{}"),
    ("type with another after a comma", "application/json, text/plain", b"{}"), ("json with a space before the semicolon", "application/json ;charset=utf-8", b"{}"),
    ("form", FORM, b"a=1&b=%C3%A9+x&a=2&c"), ("form, latin-1", FORM + "; charset=latin-1", b"a=%E9"), ("form, bytes", FORM, b"a=\xff"), ("form, 20 fields", FORM, b"&".join([b"a=1"] * 20)), ("form, 21 fields", FORM, b"&".join([b"a=1"] * 21)), ("form, charset that is none of text", FORM + "; charset=zlib", b"a=1"),
    ("multipart", PARTS, field(b"a", b"1") + file(b"f", b"x.txt") + field(b"a", b"2") + END), ("multipart, no boundary", "multipart/form-data", field(b"a") + END), ("multipart, empty boundary", "multipart/form-data; boundary=", field(b"a") + END), ("multipart, quoted boundary", 'multipart/form-data; boundary="XX"', field(b"a") + END),
    ("multipart, boundary with a space at its end", 'multipart/form-data; boundary="XX "', b"x"), ("multipart, boundary of 201", "multipart/form-data; boundary=" + "b" * 201, b"x"), ("multipart, boundary of 202", "multipart/form-data; boundary=" + "b" * 202, b"x"), ("multipart, upper case", "Multipart/Form-Data; boundary=XX", field(b"a") + END), ("multipart, boundary in upper case", "multipart/form-data; BOUNDARY=XX", field(b"a") + END),
    ("multipart, wrong boundary", "multipart/form-data; boundary=YY", field(b"a") + END), ("multipart, wrong boundary and long", "multipart/form-data; boundary=YY", field(b"a", b"x" * 1500) + END), ("multipart, no end", PARTS, field(b"a") + field(b"b")), ("multipart, cut in a field", PARTS, field(b"a") + part(b'Content-Disposition: form-data; name="b"', b"val", b"")), ("multipart, cut in a file", PARTS, field(b"a") + file(b"f", b"x")[:-2]),
    ("multipart, cut after a boundary", PARTS, file(b"f", b"x") + b"--XX"), ("multipart, a dash after the boundary", PARTS, file(b"f", b"x") + b"--XX-"), ("multipart, cut in a head", PARTS, field(b"a") + b"--XX\r\nContent-Disp"), ("multipart, nothing but the end", PARTS, END), ("multipart, prologue and epilogue", PARTS, b"hello\r\n" + field(b"a") + END + b"bye"), ("multipart, a form in the epilogue", PARTS, field(b"a") + END + field(b"b") + END),
    ("multipart, line feeds only", PARTS, (field(b"a") + END).replace(b"\r\n", b"\n")), ("multipart, empty value", PARTS, field(b"a", b"") + END), ("multipart, line breaks in a value", PARTS, field(b"a", b"\r\n1\r\n\r\n2\r\n") + END), ("multipart, boundary in a value", PARTS, field(b"a", b"1--XX2") + END), ("multipart, boundary without a line break", PARTS, field(b"a", b"1")[:-2] + END), ("multipart, almost a boundary", PARTS, field(b"a", b"\r\n--X\r\n--\r\n-") + END),
    ("multipart, no name", PARTS, part(b"Content-Disposition: form-data") + field(b"a") + END), ("multipart, empty name", PARTS, field(b"") + END), ("multipart, spaces around a name", PARTS, field(b" a ") + END), ("multipart, name without quotes", PARTS, part(b"Content-Disposition: form-data; name=a") + END), ("multipart, escaped quote", PARTS, field(b'a\\"b') + END), ("multipart, semicolon in a name", PARTS, field(b"a;b") + END), ("multipart, name twice", PARTS, part(b'Content-Disposition: form-data; name="a"; name="b"') + END),
    ("multipart, no disposition", PARTS, part(b"Content-Type: text/plain") + field(b"a") + END), ("multipart, other disposition", PARTS, part(b'Content-Disposition: attachment; name="a"') + END), ("multipart, disposition in upper case", PARTS, part(b'CONTENT-DISPOSITION: FORM-DATA; NAME="a"') + END), ("multipart, space before the colon", PARTS, part(b'Content-Disposition : form-data; name="a"') + END), ("multipart, more headers", PARTS, part(b'X-Own: 1\r\nContent-Disposition: form-data; name="a"\r\nX-Other: 2') + END), ("multipart, nonsense among the headers", PARTS, part(b'nonsense\r\nContent-Disposition: form-data; name="a"') + END), ("multipart, bytes in a name", PARTS, field(b"\xff") + END), ("multipart, UTF-8 in a name", PARTS, field("é".encode(), "ü".encode()) + END), ("multipart, bytes in a value", PARTS, field(b"a", b"\xff\xc3") + END),
    ("multipart, latin-1", PARTS + "; charset=latin-1", field(b"a", b"\xe9") + END), ("multipart, charset that is none of text", PARTS + "; charset=hex", field(b"a") + END), ("multipart, head of 1020 bytes", PARTS, part(b'Content-Disposition: form-data; name="a"; x="' + b"y" * 960 + b'"') + END), ("multipart, head too long", PARTS, part(b'Content-Disposition: form-data; name="a"; x="' + b"y" * 1020 + b'"') + END), ("multipart, long part without a head", PARTS, b"--XX\r\n" + b"x" * 3000 + b"\r\n" + END), ("multipart, short part without a head", PARTS, b"--XX\r\n" + b"x" * 300 + b"\r\n" + field(b"a") + END),
    ("multipart, 20 fields", PARTS, field(b"a") * 20 + END), ("multipart, 21 fields", PARTS, field(b"a") * 21 + END), ("multipart, 22 fields", PARTS, field(b"a") * 22 + END), ("multipart, fields without names count", PARTS, part(b"Content-Disposition: form-data") * 22 + END), ("multipart, 3 files", PARTS, file(b"f", b"x") * 3 + END), ("multipart, 4 files", PARTS, file(b"f", b"x") * 4 + END),
    ("multipart, fields of the limit", PARTS, field(b"a", b"x" * 19997) + END), ("multipart, fields past the limit", PARTS, field(b"a", b"x" * 19998) + END), ("multipart, two fields past the limit", PARTS, field(b"a", b"x" * 10000) + field(b"b", b"x" * 10000) + END), ("multipart, large file", PARTS, file(b"f", b"x.bin", b"y" * 5000) + END), ("multipart, file and type", PARTS, part(b'Content-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: Text/Plain; charset=UTF-8', b"x") + END), ("multipart, file of a type without a slash", PARTS, file(b"f", b"a", b"x", b"\r\nContent-Type: nonsense") + END),
    ("multipart, empty file", PARTS, file(b"f", b"x", b"") + END), ("multipart, file without a name", PARTS, file(b"f", b"", b"x") + END), ("multipart, file in folders", PARTS, file(b"f", b"/etc/../passwd", b"x") + END), ("multipart, file in folders of windows", PARTS, file(b"f", b"C:\\\\x\\\\y.txt", b"x") + END), ("multipart, file is a folder", PARTS, file(b"f", b"a/", b"x") + field(b"a") + END), ("multipart, file is dots", PARTS, file(b"f", b"..", b"x") + END), ("multipart, file with control characters", PARTS, file(b"f", b"a\x00\x07b", b"x") + END), ("multipart, file with entities", PARTS, file(b"f", b"&#x2F;etc&sol;a&amp;b&#233;.txt", b"x") + END), ("multipart, long file name", PARTS, file(b"f", b"n" * 300 + b".txt", b"x") + END), ("multipart, long extension", PARTS, file(b"f", b"n." + b"e" * 300, b"x") + END), ("multipart, UTF-8 file name", PARTS, file(b"f", "é😀.txt".encode(), b"x") + END),
    ("multipart, RFC 2231 file name", PARTS, part(b"Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''%C3%A9.txt", b"x") + END), ("multipart, both file names", PARTS, part(b"Content-Disposition: form-data; name=\"f\"; filename=\"a\"; filename*=UTF-8''b", b"x") + END), ("multipart, RFC 2231 of an unknown charset", PARTS, part(b"Content-Disposition: form-data; name=\"f\"; filename*=klingon''b", b"x") + field(b"a") + END), ("multipart, continued file name", PARTS, part(b'Content-Disposition: form-data; name="f"; filename*0="a"; filename*1="b"', b"x") + END),
    ("multipart, base64 field", PARTS, part(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', b"aGVsbG8=") + END), ("multipart, broken base64 field", PARTS, part(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', b"aGVsbG8") + END), ("multipart, base64 file", PARTS, part(b'Content-Disposition: form-data; name="f"; filename="x"\r\nContent-Transfer-Encoding: base64', b"aGVs\r\nbG8=\r\n") + END), ("multipart, broken base64 file", PARTS, part(b'Content-Disposition: form-data; name="f"; filename="x"\r\nContent-Transfer-Encoding: base64', b"aGVsbG8") + END), ("multipart, base64 in upper case", PARTS, part(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: BASE64', b"aGVsbG8=") + END), ("multipart, other encoding", PARTS, part(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: quoted-printable', b"=41") + END),
    ("multipart, files after fields of one name", PARTS, file(b"a", b"x") + field(b"a") + END), ("multipart, other multipart", "multipart/mixed; boundary=XX", field(b"a") + END),
]

PIECES = [field(b"a", b"1"), field(b"b", b"\r\n"), file(b"f", b"x.txt", b"abc\r\n--X"), file(b"g", b"y", b"\r\n"), END, b"--XX", b"--XX\r\n", b"\r\n", b"\n", b"-", b"x", b"\r\n\r\n", b"--", b"Content-Disposition: form-data; name=q\r\n\r\n", b"\x00\xff"]

ACCEPTS = [
    None, "", "*/*", "application/json", "text/html", "text/*", "application/*", "text/plain", "application/json;q=0", "text/html;q=0.9, application/json;q=0.8", "application/json, text/html", "text/html, application/json", "*/*;q=0.1, text/html", "APPLICATION/JSON", "application/json; indent=4", "application/json; indent=0", "application/json; indent=-3",
    "application/json; indent=99", "application/json; indent=x", "application/json;indent= 2 ", "*/*; indent=2", "application/*; indent=2", "application/json; charset=utf-8", "text/html; level=1, application/json", "application/json; version=1.0, */*", "nonsense", ",", "text/html,", "application/json;", "*/json", "*", "text/xml, */*", "application/json; indent=3; q=0.5", "text/html; indent=4",
    "a/b," * 63 + "application/json", "a/b," * 64 + "application/json", "a/" + "b" * 300 + ", application/json", "application/json; x=" + "y" * 300, "a/b, " * 2000 + "application/json", 'application/json; indent="4"', "application/json; INDENT=4", "application/json; indent=4; indent=2", "application/json ; indent=2",
]
FORMATS = [None, "json", "api", "xml", "", "JSON"]


def exchange(client, method, target, body=b"", **headers):
    content_type = headers.pop("CONTENT_TYPE", None)
    environ = {**headers}
    if content_type is not None:
        environ["CONTENT_TYPE"] = content_type
    environ["CONTENT_LENGTH"] = str(len(body))
    from django.test.client import FakePayload

    environ.update({"REQUEST_METHOD": method, "PATH_INFO": "/", "QUERY_STRING": target, "wsgi.input": FakePayload(body)})
    response = client.request(**environ)
    return response.status_code, response.headers.get("Content-Type"), response.content


def record():
    client = Client(raise_request_exception=False)
    bodies = list(BODIES)
    for number in range(600):
        body = b"".join(RANDOM.choice(PIECES) for _ in range(RANDOM.randint(1, 6)))
        if RANDOM.random() < 0.5:
            body = field(b"first", b"0") + body
        bodies.append((f"generated {number}", PARTS, body))
    found = []
    for name, content_type, body in bodies:
        kinds = {} if content_type is None else {"CONTENT_TYPE": content_type}
        status, kind, text = exchange(client, "POST", "", body, **kinds)
        answer = json.loads(text) if kind == "application/json" else None
        found.append({"id": name, "content_type": content_type, "body": body.hex(), "status": status, "answer": answer})
    chosen = []
    for accept in ACCEPTS:
        for format in FORMATS:
            if format is not None and accept not in ACCEPTS[:12]:
                continue
            headers = {} if accept is None else {"HTTP_ACCEPT": accept}
            status, kind, text = exchange(client, "GET", "" if format is None else f"format={format}", **headers)
            text = text.decode() if kind == "application/json" else None
            chosen.append({"accept": accept, "format": format, "status": status, "content_type": kind, "body": text})
    return {"bodies": found, "accept": chosen}


if __name__ == "__main__":
    found = record()
    lines = (json.dumps(name) + ":[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]" for name, rows in found.items())
    (HERE / "bodies.json").write_text("{" + ",\n".join(lines) + "}\n")
    print({name: len(rows) for name, rows in found.items()})
