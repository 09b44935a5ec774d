"""Record what the reference writes to ADMINS about errors, and to MANAGERS about broken links.

    python vectors/record_error_mail.py

Of an error: the subject, both ends, the lines that begin a part, and which of the probes can be read in the text. What a part
says of the reference's own machine is left out.
"""
import logging
import re

from stack import exchange, ready, save, urls

ready(
    DEBUG=False,
    ADMINS=[("Ann", "ann@example.com"), ("Bob", "bob@example.com")],
    MANAGERS=[("Mia", "mia@example.com")],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    MIDDLEWARE=["django.middleware.common.BrokenLinkEmailsMiddleware"],
    OWN_PASSWORD="probe-setting",
    OWN_COLOUR="probe-colour",
)

from django.core import mail  # noqa: E402
from django.http import HttpResponse, HttpResponseServerError  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import re_path  # noqa: E402
from django.utils.log import AdminEmailHandler, RequireDebugFalse  # noqa: E402

logging.disable(logging.NOTSET)
logger = logging.getLogger("django")
logger.propagate = False
handler = AdminEmailHandler()
handler.setLevel("ERROR")
handler.addFilter(RequireDebugFalse())
logger.addHandler(handler)


def boom(request):
    request.POST
    raise ValueError("it broke: probe-message")


def busy(request):
    return HttpResponse(status=503)


urls([re_path("^boom/", boom), re_path("^busy/", busy), re_path("^said/", lambda request: HttpResponseServerError("said")), re_path("^fine/", lambda request: HttpResponse("fine"))])

PROBES = ["probe-message", "probe-query", "probe-token", "probe-form", "probe-secret", "probe-cookie", "probe-session", "probe-csrf", "probe-agent",
          "probe-authorization", "probe-key", "probe-setting", "probe-colour"]
FORM = ("Content-Type", "application/x-www-form-urlencoded")
HEADERS = [("Cookie", "colour=probe-cookie; sessionid=probe-session; csrftoken=probe-csrf"), ("User-Agent", "probe-agent"),
           ("Authorization", "Bearer probe-authorization"), ("X-Api-Key", "probe-key")]

ERRORS = [
    dict(id="get", method="GET", target="/boom/"),
    dict(id="everything", method="POST", target="/boom/x/?a=probe-query&token=probe-token", headers=[*HEADERS, FORM], body="name=probe-form&password=probe-secret"),
    dict(id="line-break", method="GET", target="/boom/a%0D%0Ab%0Ac"),
    dict(id="unicode", method="GET", target="/boom/gr%C3%BC%C3%9Fe"),
    dict(id="returned", method="GET", target="/said/"),
    dict(id="busy", method="GET", target="/busy/"),
    dict(id="fine", method="GET", target="/fine/"),
    dict(id="not-found", method="GET", target="/nowhere/"),
    dict(id="debug", method="GET", target="/boom/", debug=True),
    dict(id="nobody", method="GET", target="/boom/", admins=[]),
]

HOST = "http://testserver"
LINKS = [
    dict(id="external", target="/nowhere/", referer="http://other.example/page"),
    dict(id="internal", target="/nowhere/?a=1", referer=HOST + "/page"),
    dict(id="internal-https", target="/nowhere/", referer="https://testserver/page"),
    dict(id="none", target="/nowhere/", referer=""),
    dict(id="itself", target="/nowhere/", referer=HOST + "/nowhere/"),
    dict(id="itself-https", target="/nowhere/", referer="https://testserver/nowhere/"),
    dict(id="itself-path", target="/nowhere/", referer="/nowhere/"),
    dict(id="itself-query", target="/nowhere/?a=1", referer=HOST + "/nowhere/?a=1"),
    dict(id="itself-elsewhere", target="/nowhere/", referer="http://other.example/nowhere/"),
    dict(id="slash", target="/nowhere/", referer="/nowhere"),
    dict(id="slash-whole", target="/nowhere/", referer=HOST + "/nowhere"),
    dict(id="search", target="/nowhere/", referer="http://search.example/?q=x"),
    dict(id="internal-search", target="/nowhere/", referer=HOST + "/find/?q=x"),
    dict(id="ignored", target="/favicon.ico", referer="http://other.example/", ignorable=[r"^/favicon\.ico$"]),
    dict(id="agent", target="/nowhere/", referer="http://other.example/", agent="An agent"),
    dict(id="found", target="/fine/", referer="http://other.example/"),
    dict(id="debug", target="/nowhere/", referer="http://other.example/", debug=True),
    dict(id="words", target="/nowhere/", referer="words of mine"),
]


def labels(body):
    """The lines that begin something: up to the first colon."""
    known = ["Request Method", "Request URL", "Server time", "Installed Middleware", "Exception Type", "Exception Value", "Request information", "USER",
             "GET", "POST", "FILES", "COOKIES", "META", "Settings"]
    found = [re.match("([A-Za-z ]+):", line) for line in body.split("\n")]
    return [match[1] for match in found if match and match[1] in known]


def error(case):
    mail.outbox = []
    with override_settings(DEBUG=case.get("debug", False), ADMINS=case.get("admins", [("Ann", "ann@example.com"), ("Bob", "bob@example.com")])):
        exchange(case["method"], case["target"], case.get("headers", []), case.get("body", "").encode())
    if not mail.outbox:
        return None
    [message] = mail.outbox
    return {"subject": message.subject, "from": message.from_email, "to": message.to, "begins": message.body.split("\n")[:4], "labels": labels(message.body),
            "url": re.search("Request URL: (.*)", message.body)[1], "reads": [probe for probe in PROBES if probe in message.body]}


def link(case):
    mail.outbox = []
    headers = [("Referer", case["referer"])] if case["referer"] else []
    headers += [("User-Agent", case["agent"])] if "agent" in case else []
    with override_settings(DEBUG=case.get("debug", False), IGNORABLE_404_URLS=[re.compile(one) for one in case.get("ignorable", [])]):
        exchange("GET", case["target"], headers)
    if not mail.outbox:
        return None
    [message] = mail.outbox
    return {"subject": message.subject, "from": message.from_email, "to": message.to, "body": message.body}


save(
    "error_mail.json",
    {"what": "messages to ADMINS about errors, and to MANAGERS about broken links"},
    errors=[{**case, "mail": error(case)} for case in ERRORS],
    links=[{**case, "mail": link(case)} for case in LINKS],
)
