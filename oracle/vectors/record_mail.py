"""Record messages: the bytes that the reference writes, addresses that it takes and refuses, headers that it refuses.

    python vectors/record_mail.py

Dates, identifiers and boundaries are fixed: of chance come `BOUNDARY-n` in the order in which they are met.
"""
import base64
import re
from unittest import mock

from stack import ready, save

ready(DEFAULT_FROM_EMAIL="webmaster@localhost")

from django.core.mail import EmailMultiAlternatives  # noqa: E402
from django.core.mail.message import sanitize_address  # noqa: E402

LONG = "A subject that goes on and on; with a semicolon, commas, and many more words than one line can have, so that it is folded"
WORDS = "Grüße aus München, wo die Straßen lang sind und die Wörter noch viel länger als anderswo im Süden"
EURO = "価格は千円です。" * 9
LINE = "x" * 1200

MESSAGES = [
    dict(id="plain", subject="Hello", body="Text.", to=["ann@example.com"]),
    dict(id="empty", subject="", body="", to=["ann@example.com"]),
    dict(id="everybody", subject="Hello", body="a\nb\r\nc\rd", from_email="Bob <bob@example.com>", to=["ann@example.com", "Eve <eve@example.com>"], cc=["cc@example.com"], bcc=["bcc@example.com"], reply_to=["r1@example.com", "r2@example.com"]),
    dict(id="long-subject", subject=LONG, body="x\n", to=["ann@example.com"]),
    dict(id="long-word", subject="s" * 120, body="x\n", to=["ann@example.com"]),
    dict(id="long-words", subject=" ".join(["w" * 70] * 3), body="x\n", to=["ann@example.com"]),
    dict(id="spaces", subject="a  b\tc   d " * 12, body="x", to=["ann@example.com"]),
    dict(id="umlauts", subject="Grüße", body="Schöne Grüße\n", to=["ann@example.com"]),
    dict(id="long-umlauts", subject=WORDS, body="ä", to=["ann@example.com"]),
    dict(id="japanese", subject=EURO, body=EURO, to=["ann@example.com"]),
    dict(id="emoji", subject="\U0001f600 " * 30, body="\U0001f600", to=["ann@example.com"]),
    dict(id="many-recipients", subject="x", body="x", to=["person-%d@example.com" % n for n in range(12)]),
    dict(id="named-recipients", subject="x", body="x", to=['"Last, First" <person-%d@example.com>' % n for n in range(6)]),
    dict(id="name-umlaut", subject="x", body="x", from_email="Jörg <joerg@example.com>", to=["Zoë <zoe@example.com>", "ann@example.com"], cc=['"Müller, Jörg" <m@bücher.example>']),
    dict(id="long-name-umlaut", subject="x", body="x", to=["Ein sehr langer Name mit Ümläuten, der nicht auf eine Zeile paßt und also umgebrochen wird <z@example.com>".replace(",", "")]),
    dict(id="local-umlaut", subject="x", body="x", to=["jörg@example.com"]),
    dict(id="idn", subject="x", body="x", to=["ann@Bücher.example", "b@日本語.example"]),
    dict(id="headers", subject="x", body="x", to=["ann@example.com"], headers=[["X-One", "1"], ["X-Two", "ä"], ["Message-ID", "<own@example.com>"], ["date", "Fri, 09 Nov 2001 01:08:47 -0000"]]),
    dict(id="own-from-and-to", subject="x", body="x", to=["ann@example.com"], cc=["c@example.com"], headers=[["From", "from@example.com"], ["To", "list@example.com"], ["Reply-To", "r@example.com"], ["Cc", "d@example.com"]]),
    dict(id="long-line", subject="x", body="short\n" + LINE + "\nlast = ä \n", to=["ann@example.com"]),
    dict(id="long-umlaut-line", subject="x", body="ä" * 600, to=["ann@example.com"]),
    dict(id="long-line-of-spaces", subject="x", body="a" * 74 + " \n" + "a" * 75 + "\t\n" + "a" * 73 + " \n" + "=" * 1000, to=["ann@example.com"]),
    dict(id="html", subject="x", body="text", to=["ann@example.com"], alternatives=[["<b>hä</b>", "text/html"]]),
    dict(id="html-alone", subject="x", body="", to=["ann@example.com"], alternatives=[["<b>h</b>", "text/html"]]),
    dict(id="html-subtype", subject="x", body="<b>h</b>", to=["ann@example.com"], subtype="html"),
    dict(id="other-form", subject="x", body="text", to=["ann@example.com"], alternatives=[["BEGIN:VCALENDAR\n", "text/calendar"], ["{}", "application/json"]]),
    dict(id="file", subject="x", body="text", to=["ann@example.com"], attachments=[["a.bin", bytes(range(256)), None]]),
    dict(id="file-alone", subject="x", body="", to=["ann@example.com"], attachments=[["a.pdf", b"%PDF", None]]),
    dict(id="text-files", subject="x", body="text", to=["ann@example.com"], attachments=[["a.txt", "hä\n".encode(), None], ["b.csv", b"a;b\r\n", "text/csv"], ["c.txt", b"\xff\xfe", None], [None, b"x", "text/plain"], [None, b"x", None and "x" or "image/png"]]),
    dict(id="file-names", subject="x", body="text", to=["ann@example.com"], attachments=[["Äpfel & Birnen.png", b"x", None], ['a"b\\c.png', b"x", None], ["a b.tar.gz", b"x", None], ["n" * 90 + ".zip", b"x", None]]),
    dict(id="all", subject=WORDS, body="ä", to=["ann@example.com"], alternatives=[["<b>h</b>", "text/html"]], attachments=[["a.png", b"x" * 200, None], ["b.txt", b"x", None]]),
    dict(id="dots-and-from", subject="x", body=".\n..\nFrom me\n.", to=["ann@example.com"]),
]

ADDRESSES = [
    "ann@example.com", " ann@example.com ", "Ann <ann@example.com>", "Ann B. Chen <ann@example.com>", '"Chen, Ann" <ann@example.com>',
    "ann@bücher.example", "Jörg <j@example.com>", "jörg@example.com", '"an n"@example.com', "<ann@example.com>", "root", "ann@[127.0.0.1]",
    "", " ", "a b", "a@b c", "a@", "@b", "<a@b", "a@b>", "a@b, c@d", "a..b@c", "a@b\nBcc: c@d", '"a@b', "x <a@b> y", "Jörg <j@bücher.example>",
    "Ann <ann@example.com>, Bob <bob@example.com>", "a.@b", ".a@b", "a@b..c", 'a"b@c', "a\\b@c", "a@b@c", "名前 <a@b>",
]

HEADERS = [
    dict(subject="a\nb"), dict(subject="a\rb"), dict(subject="a\r\nBcc: eve@example.com"), dict(to=["a@b\nBcc: c@d"]), dict(from_email="a@b\n"),
    dict(cc=["a@b\r"]), dict(reply_to=["a@b\nX: y"]), dict(headers=[["X-One", "a\nb"]]), dict(subject="ä\nb"), dict(subject="fine"),
]


def message(case):
    built = EmailMultiAlternatives(
        case.get("subject", "x"), case.get("body", "x"), case.get("from_email"), case.get("to", ["ann@example.com"]), case.get("bcc"),
        cc=case.get("cc"), reply_to=case.get("reply_to"), headers=dict(case.get("headers", [])),
        attachments=[tuple(a) for a in case.get("attachments", [])], alternatives=[tuple(a) for a in case.get("alternatives", [])],
    )
    if "subtype" in case:
        built.content_subtype = case["subtype"]
    return built


def rendered(case):
    with mock.patch("django.core.mail.message.formatdate", lambda localtime: "Mon, 20 Jan 2025 10:00:00 -0000"), mock.patch(
        "django.core.mail.message.make_msgid", lambda domain: "<1@localhost>"
    ):
        raw = message(case).message().as_bytes()
    met = []
    for found in re.findall(rb"={15}\d{19}==", raw):
        if found not in met:
            met.append(found)
    for n, found in enumerate(met):
        raw = raw.replace(found, b"BOUNDARY-%d" % n)
    return raw.decode()


def told(case):
    case = dict(case)
    if "attachments" in case:
        case["attachments"] = [[name, base64.b64encode(content).decode(), kind] for name, content, kind in case["attachments"]]
    return case


def verdict(make):
    try:
        return {"ok": make()}
    except Exception as error:
        return {"refused": type(error).__name__}


save(
    "mail.json",
    {
        "messages": "EmailMultiAlternatives of these arguments as bytes; attachments are in base64",
        "addresses": "sanitize_address(address, 'utf-8')",
        "headers": "whether a message of these arguments can be written",
    },
    messages=[{**told(case), "bytes": rendered(case)} for case in MESSAGES],
    addresses=[{"id": n, "address": a, **verdict(lambda: sanitize_address(a, "utf-8"))} for n, a in enumerate(ADDRESSES)],
    headers=[{"id": n, **told(case), **verdict(lambda: bool(message(case).message().as_bytes()))} for n, case in enumerate(HEADERS)],
)
