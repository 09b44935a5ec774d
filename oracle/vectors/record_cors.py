"""Record what the CORS middleware and its system checks answer.

    python vectors/record_cors.py [STEP...]
Writes cors.json and cors_checks.json here.
"""
import re
import sys

from stack import exchange, header, ready, save, urls

APP, OTHER = "https://app.example.com", "https://other.example.com"
LIST = {"CORS_ALLOWED_ORIGINS": [APP, "http://localhost:5173"]}
ALL = {"CORS_ALLOW_ALL_ORIGINS": True}
CRED = {"CORS_ALLOW_CREDENTIALS": True}
REGEX = {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.example\.com$"]}
PRIVATE = {"CORS_ALLOW_PRIVATE_NETWORK": True}
ASKS_PRIVATE = [["Access-Control-Request-Private-Network", "true"]]


def origin(value):
    return [["Origin", value]]


def preflight(value=APP, method="POST", more=()):
    return origin(value) + [["Access-Control-Request-Method", method], *more]


# id, settings, method, request headers, more (path, what the view sends)
CORS = [
    ("nothing set, no origin", {}, "GET", [], {}), ("nothing set, origin", {}, "GET", origin(APP), {}), ("listed origin", LIST, "GET", origin(APP), {}), ("second listed origin", LIST, "GET", origin("http://localhost:5173"), {}), ("origin not listed", LIST, "GET", origin(OTHER), {}), ("listed, no origin", LIST, "GET", [], {}), ("listed, empty origin", LIST, "GET", origin(""), {}),
    ("other scheme", LIST, "GET", origin("http://app.example.com"), {}), ("other port", LIST, "GET", origin(APP + ":8443"), {}), ("default port written out", LIST, "GET", origin(APP + ":443"), {}), ("no port where one is listed", LIST, "GET", origin("http://localhost"), {}), ("upper case host", LIST, "GET", origin("https://APP.example.com"), {}), ("upper case scheme", LIST, "GET", origin("HTTPS://app.example.com"), {}), ("trailing slash", LIST, "GET", origin(APP + "/"), {}), ("with a path", LIST, "GET", origin(APP + "/x?y#z"), {}), ("name that goes on", LIST, "GET", origin(APP + ".evil.org"), {}), ("user name before a listed host", LIST, "GET", origin("https://u@app.example.com"), {}), ("host as user name", LIST, "GET", origin("https://app.example.com@evil.org"), {}), ("trailing dot", LIST, "GET", origin(APP + "."), {}), ("two origins in one header", LIST, "GET", origin(APP + " " + OTHER), {}), ("origin sent twice", LIST, "GET", origin(APP) + origin(OTHER), {}), ("origin without a scheme", LIST, "GET", origin("app.example.com"), {}), ("scheme-relative origin", LIST, "GET", origin("//app.example.com"), {}), ("not ASCII origin", LIST, "GET", origin("https://\u00e4pp.example.com"), {}),
    ("listed with a path is compared by host", {"CORS_ALLOWED_ORIGINS": [APP + "/path"]}, "GET", origin(APP), {}), ("listed with a trailing slash", {"CORS_ALLOWED_ORIGINS": [APP + "/"]}, "GET", origin(APP), {}), ("listed in upper case", {"CORS_ALLOWED_ORIGINS": ["https://APP.example.com"]}, "GET", origin(APP), {}), ("listed with an upper case scheme", {"CORS_ALLOWED_ORIGINS": ["HTTPS://app.example.com"]}, "GET", origin(APP), {}), ("listed as a star", {"CORS_ALLOWED_ORIGINS": ["*"]}, "GET", origin(APP), {}), ("listed with a wildcard host", {"CORS_ALLOWED_ORIGINS": ["https://*.example.com"]}, "GET", origin(APP), {}), ("listed as a tuple", {"CORS_ALLOWED_ORIGINS": (APP,)}, "GET", origin(APP), {}),
    ("malformed IPv6 origin", LIST, "GET", origin("http://[::1"), {}), ("malformed IPv6 origin, all allowed", ALL, "GET", origin("http://[::1"), {}), ("malformed IPv6 origin in a preflight", ALL, "OPTIONS", preflight("http://[::1"), {}), ("IPv6 origin listed", {"CORS_ALLOWED_ORIGINS": ["http://[::1]:3000"]}, "GET", origin("http://[::1]:3000"), {}), ("junk origin, all allowed", ALL, "GET", origin("junk"), {}), ("bad port in the origin", LIST, "GET", origin(APP + ":x"), {}),
    ("null origin, nothing set", {}, "GET", origin("null"), {}), ("null origin listed", {"CORS_ALLOWED_ORIGINS": ["null"]}, "GET", origin("null"), {}), ("null origin, a list", LIST, "GET", origin("null"), {}), ("null origin, all allowed", ALL, "GET", origin("null"), {}), ("null origin, all allowed with credentials", {**ALL, **CRED}, "GET", origin("null"), {}), ("null origin, list with a relative entry", {"CORS_ALLOWED_ORIGINS": ["example"]}, "GET", origin("null"), {}), ("null origin, a regex for it", {"CORS_ALLOWED_ORIGIN_REGEXES": ["^null$"]}, "GET", origin("null"), {}), ("file origin listed", {"CORS_ALLOWED_ORIGINS": ["file://"]}, "GET", origin("file://"), {}), ("file origin, a list", LIST, "GET", origin("file://"), {}), ("extension origin listed", {"CORS_ALLOWED_ORIGINS": ["chrome-extension://abc"]}, "GET", origin("chrome-extension://abc"), {}),
    ("all allowed", ALL, "GET", origin(APP), {}), ("all allowed, no origin", ALL, "GET", [], {}), ("all allowed with credentials", {**ALL, **CRED}, "GET", origin(APP), {}), ("all allowed with credentials, no origin", {**ALL, **CRED}, "GET", [], {}), ("all allowed and a list", {**ALL, **LIST}, "GET", origin(OTHER), {}), ("all allowed off", {"CORS_ALLOW_ALL_ORIGINS": False}, "GET", origin(APP), {}), ("credentials with a list", {**LIST, **CRED}, "GET", origin(APP), {}), ("credentials, origin not listed", {**LIST, **CRED}, "GET", origin(OTHER), {}), ("credentials misspelt has no effect", {**LIST, "CORS_ALLOWS_CREDENTIALS": True}, "GET", origin(APP), {}),
    ("regex", REGEX, "GET", origin(APP), {}), ("regex does not match", REGEX, "GET", origin("https://a.b.example.com"), {}), ("regex other case", REGEX, "GET", origin("https://APP.EXAMPLE.COM"), {}), ("regex without end matches a prefix", {"CORS_ALLOWED_ORIGIN_REGEXES": [r"https://app\.example\.com"]}, "GET", origin(APP + ".evil.org"), {}), ("regex matches from the start only", {"CORS_ALLOWED_ORIGIN_REGEXES": [r"app\.example\.com"]}, "GET", origin(APP), {}), ("regex second of two", {"CORS_ALLOWED_ORIGIN_REGEXES": ["^x$", r"^https://app\."]}, "GET", origin(APP), {}), ("regex flag inside", {"CORS_ALLOWED_ORIGIN_REGEXES": [r"(?i)^https://APP\.example\.com$"]}, "GET", origin(APP), {}), ("regex and list", {**REGEX, **LIST}, "GET", origin("http://localhost:5173"), {}), ("regex with credentials", {**REGEX, **CRED}, "GET", origin(APP), {}),
    ("old name of the list", {"CORS_ORIGIN_WHITELIST": [APP]}, "GET", origin(APP), {}), ("old name of all allowed", {"CORS_ORIGIN_ALLOW_ALL": True}, "GET", origin(APP), {}), ("old name of the regexes", {"CORS_ORIGIN_REGEX_WHITELIST": [r"^https://app\."]}, "GET", origin(APP), {}), ("new list wins over the old name", {"CORS_ALLOWED_ORIGINS": [OTHER], "CORS_ORIGIN_WHITELIST": [APP]}, "GET", origin(APP), {}), ("new all allowed wins over the old name", {"CORS_ALLOW_ALL_ORIGINS": False, "CORS_ORIGIN_ALLOW_ALL": True}, "GET", origin(APP), {}), ("new regexes win over the old name", {"CORS_ALLOWED_ORIGIN_REGEXES": ["^x"], "CORS_ORIGIN_REGEX_WHITELIST": [".*"]}, "GET", origin(APP), {}),
    ("expose headers", {**LIST, "CORS_EXPOSE_HEADERS": ["X-Total", "x-id"]}, "GET", origin(APP), {}), ("expose headers in a preflight", {**LIST, "CORS_EXPOSE_HEADERS": ["X-Total"]}, "OPTIONS", preflight(), {}), ("expose headers, origin not listed", {**LIST, "CORS_EXPOSE_HEADERS": ["X-Total"]}, "GET", origin(OTHER), {}), ("expose headers empty", {**LIST, "CORS_EXPOSE_HEADERS": []}, "GET", origin(APP), {}),
    ("preflight", LIST, "OPTIONS", preflight(), {}), ("preflight, nothing set", {}, "OPTIONS", preflight(), {}), ("preflight, origin not listed", LIST, "OPTIONS", preflight(OTHER), {}), ("preflight, all allowed", ALL, "OPTIONS", preflight(), {}), ("preflight, all allowed with credentials", {**ALL, **CRED}, "OPTIONS", preflight(), {}), ("preflight with credentials", {**LIST, **CRED}, "OPTIONS", preflight(), {}), ("preflight for a method that is not allowed", LIST, "OPTIONS", preflight(method="TRACE"), {}), ("preflight asks an empty method", LIST, "OPTIONS", preflight(method=""), {}), ("preflight asks headers", LIST, "OPTIONS", preflight(more=[["Access-Control-Request-Headers", "x-own, content-type"]]), {}), ("preflight without origin", LIST, "OPTIONS", [["Access-Control-Request-Method", "POST"]], {}), ("preflight of an unknown path", LIST, "OPTIONS", preflight(), {"path": "/missing/"}), ("preflight of a path without slash", LIST, "OPTIONS", preflight(), {"path": "/api/x"}), ("preflight from a null origin, all allowed", ALL, "OPTIONS", preflight("null"), {}), ("OPTIONS that is no preflight", LIST, "OPTIONS", origin(APP), {}), ("OPTIONS that is no preflight, unknown path", LIST, "OPTIONS", origin(APP), {"path": "/missing/"}), ("GET with a preflight's header", LIST, "GET", preflight(), {}), ("HEAD", LIST, "HEAD", origin(APP), {}), ("POST", LIST, "POST", origin(APP), {}), ("DELETE", LIST, "DELETE", origin(APP), {}),
    ("own methods", {**LIST, "CORS_ALLOW_METHODS": ["GET", "POST"]}, "OPTIONS", preflight(), {}), ("own methods in lower case", {**LIST, "CORS_ALLOW_METHODS": ["get"]}, "OPTIONS", preflight(), {}), ("no methods", {**LIST, "CORS_ALLOW_METHODS": []}, "OPTIONS", preflight(), {}), ("own headers", {**LIST, "CORS_ALLOW_HEADERS": ["X-Own", "accept"]}, "OPTIONS", preflight(), {}), ("no headers", {**LIST, "CORS_ALLOW_HEADERS": []}, "OPTIONS", preflight(), {}), ("headers as a star", {**LIST, "CORS_ALLOW_HEADERS": ["*"]}, "OPTIONS", preflight(), {}),
    ("max age 600", {**LIST, "CORS_PREFLIGHT_MAX_AGE": 600}, "OPTIONS", preflight(), {}), ("max age 0", {**LIST, "CORS_PREFLIGHT_MAX_AGE": 0}, "OPTIONS", preflight(), {}), ("max age on a GET", {**LIST, "CORS_PREFLIGHT_MAX_AGE": 600}, "GET", origin(APP), {}),
    ("private network", {**LIST, **PRIVATE}, "OPTIONS", preflight(more=ASKS_PRIVATE), {}), ("private network, not asked", {**LIST, **PRIVATE}, "OPTIONS", preflight(), {}), ("private network, off", LIST, "OPTIONS", preflight(more=ASKS_PRIVATE), {}), ("private network, asked with other text", {**LIST, **PRIVATE}, "OPTIONS", preflight(more=[["Access-Control-Request-Private-Network", "True"]]), {}), ("private network on a GET", {**LIST, **PRIVATE}, "GET", origin(APP) + ASKS_PRIVATE, {}), ("private network, origin not listed", {**LIST, **PRIVATE}, "OPTIONS", preflight(OTHER, more=ASKS_PRIVATE), {}), ("private network, all allowed", {**ALL, **PRIVATE}, "OPTIONS", preflight(more=ASKS_PRIVATE), {}),
    ("URLs regex matches", {**LIST, "CORS_URLS_REGEX": "^/api/.*$"}, "GET", origin(APP), {}), ("URLs regex does not match", {**LIST, "CORS_URLS_REGEX": "^/other/.*$"}, "GET", origin(APP), {}), ("URLs regex does not match a preflight", {**LIST, "CORS_URLS_REGEX": "^/other/.*$"}, "OPTIONS", preflight(), {}), ("URLs regex matches a prefix", {**LIST, "CORS_URLS_REGEX": "/api"}, "GET", origin(APP), {}), ("URLs regex matches from the start only", {**LIST, "CORS_URLS_REGEX": "x/"}, "GET", origin(APP), {}), ("URLs regex sees no query", {**LIST, "CORS_URLS_REGEX": "^/api/x/$"}, "GET", origin(APP), {"path": "/api/x/?q=1"}), ("URLs regex sees the decoded path", {**LIST, "CORS_URLS_REGEX": "^/api/caf\u00e9/$"}, "GET", origin(APP), {"path": "/api/caf%C3%A9/"}), ("URLs regex empty", {**LIST, "CORS_URLS_REGEX": ""}, "GET", origin(APP), {}), ("the default URLs regex and a newline in the path", LIST, "GET", origin(APP), {"path": "/api/a%0Ab/"}), ("URLs regex does not match, all allowed", {**ALL, "CORS_URLS_REGEX": "^/other/"}, "GET", origin(APP), {}),
    ("404 page", LIST, "GET", origin(APP), {"path": "/missing/"}), ("500 page", LIST, "GET", origin(APP), {"path": "/boom/"}), ("slash redirect", LIST, "GET", origin(APP), {"path": "/api/x"}), ("refused host", {**LIST, "ALLOWED_HOSTS": ["example.com"]}, "GET", origin(APP), {}), ("preflight of a refused host", {**LIST, "ALLOWED_HOSTS": ["example.com"]}, "OPTIONS", preflight(), {}),
    ("Vary present", LIST, "GET", origin(APP), {"view": [["Vary", "Accept"]]}), ("Vary several", LIST, "GET", origin(APP), {"view": [["Vary", "Accept, Cookie"]]}), ("Vary several without spaces", LIST, "GET", origin(APP), {"view": [["Vary", "Accept,Cookie"]]}), ("Vary has Origin", LIST, "GET", origin(APP), {"view": [["Vary", "Accept, Origin"]]}), ("Vary has origin", LIST, "GET", origin(APP), {"view": [["Vary", "origin, Accept"]]}), ("Vary star", LIST, "GET", origin(APP), {"view": [["Vary", "*"]]}), ("Vary star among others", LIST, "GET", origin(APP), {"view": [["Vary", "Accept, *"]]}), ("Vary present, no origin", LIST, "GET", [], {"view": [["Vary", "Accept"]]}), ("Vary present, URLs regex does not match", {**LIST, "CORS_URLS_REGEX": "^/other/"}, "GET", origin(APP), {"view": [["Vary", "Accept"]]}),
    ("allow-origin by the view is overwritten", LIST, "GET", origin(APP), {"view": [["Access-Control-Allow-Origin", "https://view.test"]]}), ("allow-origin by the view, origin not listed", LIST, "GET", origin(OTHER), {"view": [["Access-Control-Allow-Origin", "https://view.test"]]}), ("expose headers by the view without the setting", LIST, "GET", origin(APP), {"view": [["Access-Control-Expose-Headers", "X-View"]]}),
    ("middleware last, 404 page", LIST, "GET", origin(APP), {"path": "/missing/", "order": "last"}), ("middleware last, slash redirect", LIST, "GET", origin(APP), {"path": "/api/x", "order": "last"}), ("middleware last, HTTPS redirect", {**LIST, "SECURE_SSL_REDIRECT": True}, "GET", origin(APP), {"order": "last"}), ("middleware first, HTTPS redirect", {**LIST, "SECURE_SSL_REDIRECT": True}, "GET", origin(APP), {}), ("middleware last, preflight and HTTPS redirect", {**LIST, "SECURE_SSL_REDIRECT": True}, "OPTIONS", preflight(), {"order": "last"}), ("middleware first, preflight and HTTPS redirect", {**LIST, "SECURE_SSL_REDIRECT": True}, "OPTIONS", preflight(), {}), ("middleware last, preflight of a refused host", {**LIST, "ALLOWED_HOSTS": ["example.com"]}, "OPTIONS", preflight(), {"order": "last"}),
]
CORS_MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
REST = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]


def cors():
    from django.http import HttpResponse
    from django.urls import path

    current, reached = {}, []

    def view(request, **kwargs):
        reached.append(1)
        response = HttpResponse("ok")
        for name, value in current.get("view", []):
            response[name] = value
        return response

    def boom(request):
        raise ValueError

    urls([path("boom/", boom), path("api/<rest>/", view), path("api/caf\u00e9/", view)])
    cases = []
    for id, settings, method, headers, more in CORS:
        current.clear()
        current.update(more)
        reached.clear()
        first = more.get("order", "first") == "first"
        middleware = [CORS_MIDDLEWARE, *REST] if first else [*REST, CORS_MIDDLEWARE]
        got = exchange(method, more.get("path", "/api/x/"), headers, overrides={**settings, "MIDDLEWARE": middleware})
        cases.append({"id": id, "settings": settings, "cors_middleware": "first" if first else "last", "method": method, "target": more.get("path", "/api/x/"), "request_headers": headers, "view_headers": more.get("view", []),
                      "status": got["status"], "view_reached": bool(reached), "headers": [[k, v] for k, v in got["headers"] if k.lower().startswith("access-control-") or k.lower() == "vary"],
                      "content_type": header(got, "Content-Type"), "content_length": header(got, "Content-Length")})
    save("cors.json", {"routes": "/api/<one segment>/ answers 200 `ok` with `view_headers` to every method, /boom/ raises, the rest is unknown", "middleware": "SecurityMiddleware and CommonMiddleware, with CorsMiddleware before or after them as `cors_middleware` says", "host": "testserver, allowed unless the settings say otherwise; http", "headers": "access-control-* and Vary, in the order sent"}, cases=cases)


OK_REGEX = re.compile("^x$")
# id, settings; a compiled regex is written as {"regex": pattern}
CHECKS = [
    ("nothing set", {}), ("a good configuration", {**LIST, **REGEX, **CRED, "CORS_EXPOSE_HEADERS": ["X-A"], "CORS_URLS_REGEX": "^/api/"}),
    ("headers are a string, which is a sequence of strings", {"CORS_ALLOW_HEADERS": "accept"}), ("E001 headers are none", {"CORS_ALLOW_HEADERS": None}), ("E001 headers hold a number", {"CORS_ALLOW_HEADERS": ["accept", 1]}), ("E001 headers are a set", {"CORS_ALLOW_HEADERS": {"accept"}}), ("headers are empty", {"CORS_ALLOW_HEADERS": []}),
    ("E002 methods are none", {"CORS_ALLOW_METHODS": None}), ("E002 methods hold a number", {"CORS_ALLOW_METHODS": [1]}), ("methods are a string, which is a sequence of strings", {"CORS_ALLOW_METHODS": "GET"}),
    ("E003 credentials are text", {"CORS_ALLOW_CREDENTIALS": "true"}), ("E003 credentials are 1", {"CORS_ALLOW_CREDENTIALS": 1}), ("E003 credentials are none", {"CORS_ALLOW_CREDENTIALS": None}),
    ("E004 max age is text", {"CORS_PREFLIGHT_MAX_AGE": "600"}), ("E004 max age is negative", {"CORS_PREFLIGHT_MAX_AGE": -1}), ("E004 max age is none", {"CORS_PREFLIGHT_MAX_AGE": None}), ("E004 max age is a fraction", {"CORS_PREFLIGHT_MAX_AGE": 1.5}), ("max age 0", {"CORS_PREFLIGHT_MAX_AGE": 0}), ("max age is true", {"CORS_PREFLIGHT_MAX_AGE": True}),
    ("E005 all allowed is text", {"CORS_ALLOW_ALL_ORIGINS": "yes"}), ("E005 all allowed by its old name", {"CORS_ORIGIN_ALLOW_ALL": "yes"}), ("E005 all allowed is none", {"CORS_ALLOW_ALL_ORIGINS": None}),
    ("E006 origins are none", {"CORS_ALLOWED_ORIGINS": None}), ("E006 origins by their old name", {"CORS_ORIGIN_WHITELIST": None}), ("E006 origins hold a number", {"CORS_ALLOWED_ORIGINS": [1]}), ("E006 origins are a set", {"CORS_ALLOWED_ORIGINS": {APP}}), ("origins are a string, checked letter by letter", {"CORS_ALLOWED_ORIGINS": "ab"}),
    ("E007 regexes are none", {"CORS_ALLOWED_ORIGIN_REGEXES": None}), ("E007 regexes by their old name", {"CORS_ORIGIN_REGEX_WHITELIST": None}), ("E007 regexes hold a number", {"CORS_ALLOWED_ORIGIN_REGEXES": [1]}), ("regexes compiled", {"CORS_ALLOWED_ORIGIN_REGEXES": [OK_REGEX]}), ("a regex that does not compile is not checked", {"CORS_ALLOWED_ORIGIN_REGEXES": ["("]}),
    ("E008 exposed headers are none", {"CORS_EXPOSE_HEADERS": None}), ("E008 exposed headers hold a number", {"CORS_EXPOSE_HEADERS": [1]}), ("E009 URLs regex is a number", {"CORS_URLS_REGEX": 1}), ("E009 URLs regex is a list", {"CORS_URLS_REGEX": ["^/"]}), ("E009 URLs regex is none", {"CORS_URLS_REGEX": None}), ("URLs regex compiled", {"CORS_URLS_REGEX": OK_REGEX}),
    ("E012 the removed model setting", {"CORS_MODEL": "cors.Site"}), ("E013 the removed referer setting", {"CORS_REPLACE_HTTPS_REFERER": True}), ("E013 the removed referer setting, off", {"CORS_REPLACE_HTTPS_REFERER": False}),
    ("E013 origin without a scheme", {"CORS_ALLOWED_ORIGINS": ["example.com"]}), ("E013 origin without a scheme, old name", {"CORS_ORIGIN_WHITELIST": ["example.com"]}), ("E013 origin is scheme-relative", {"CORS_ALLOWED_ORIGINS": ["//example.com"]}), ("E013 origin is a scheme alone", {"CORS_ALLOWED_ORIGINS": ["https://"]}), ("E013 origin is a star", {"CORS_ALLOWED_ORIGINS": ["*"]}), ("E013 origin is empty", {"CORS_ALLOWED_ORIGINS": [""]}), ("E013 origin is host and port", {"CORS_ALLOWED_ORIGINS": ["localhost:3000"]}), ("E013 origin holds a quote", {"CORS_ALLOWED_ORIGINS": ["it's"]}), ("E013 twice, and a good one between", {"CORS_ALLOWED_ORIGINS": ["a.test", APP, "b.test"]}),
    ("E014 origin with a path", {"CORS_ALLOWED_ORIGINS": [APP + "/path"]}), ("E014 origin with a trailing slash", {"CORS_ALLOWED_ORIGINS": [APP + "/"]}), ("E014 origin with a query", {"CORS_ALLOWED_ORIGINS": [APP + "?q"]}), ("E014 origin with a fragment", {"CORS_ALLOWED_ORIGINS": [APP + "#f"]}), ("E014 path, query and fragment", {"CORS_ALLOWED_ORIGINS": [APP + "/p?q#f"]}), ("E014 by the old name", {"CORS_ORIGIN_WHITELIST": [APP + "/"]}), ("E013 and E014 together", {"CORS_ALLOWED_ORIGINS": ["a.test", APP + "/"]}),
    ("null and file are good", {"CORS_ALLOWED_ORIGINS": ["null", "file://"]}), ("file with a path", {"CORS_ALLOWED_ORIGINS": ["file:///x"]}), ("E015 private network is text", {"CORS_ALLOW_PRIVATE_NETWORK": "yes"}), ("E015 private network is none", {"CORS_ALLOW_PRIVATE_NETWORK": None}), ("all allowed together with credentials is no error", {**ALL, **CRED}), ("misspelt setting is no error", {"CORS_ALLOWS_CREDENTIALS": True}),
    ("everything wrong", {"CORS_ALLOW_HEADERS": None, "CORS_ALLOW_METHODS": None, "CORS_ALLOW_CREDENTIALS": None, "CORS_ALLOW_PRIVATE_NETWORK": None, "CORS_PREFLIGHT_MAX_AGE": None, "CORS_ALLOW_ALL_ORIGINS": None, "CORS_ALLOWED_ORIGINS": None, "CORS_ALLOWED_ORIGIN_REGEXES": None, "CORS_EXPOSE_HEADERS": None, "CORS_URLS_REGEX": None, "CORS_MODEL": "x", "CORS_REPLACE_HTTPS_REFERER": True}),
]


def cors_checks():
    from corsheaders.checks import check_settings
    from django.test import override_settings

    cases = []
    for id, settings in CHECKS:
        with override_settings(**settings):
            issues = check_settings()
        cases.append({"id": id, "settings": {k: plain(v) for k, v in settings.items()}, "issues": [{"id": i.id, "level": type(i).__name__, "msg": i.msg, "hint": i.hint} for i in issues]})
    save("cors_checks.json", {"settings": "`{\"regex\": ...}` is a compiled pattern, `{\"set\": [...]}` a set", "issues": "in the order found"}, cases=cases)


def plain(value):
    if isinstance(value, re.Pattern):
        return {"regex": value.pattern}
    if isinstance(value, set):
        return {"set": sorted(value)}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def main():
    ready(INSTALLED_APPS=["corsheaders"])
    for step in (cors, cors_checks):
        if not sys.argv[1:] or step.__name__ in sys.argv[1:]:
            step()


if __name__ == "__main__":
    main()
