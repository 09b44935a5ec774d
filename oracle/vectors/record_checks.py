"""Record which system checks answer to which settings and URL configurations, as the `check` command prints them.

    python vectors/record_checks.py
Writes deploy_matrix.json here.
"""
import io
import re

from stack import ready, save, urls

SECURITY = "django.middleware.security.SecurityMiddleware"
XFRAME = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
EVERY = [SECURITY, SESSION, CSRF, XFRAME]
GOOD_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A deployment without a warning; each case says how it differs.
GOOD = {
    "SECRET_KEY": GOOD_KEY, "SECRET_KEY_FALLBACKS": [], "DEBUG": False, "ALLOWED_HOSTS": ["example.com"], "MIDDLEWARE": EVERY, "INSTALLED_APPS": ["django.contrib.sessions"],
    "SECURE_HSTS_SECONDS": 3600, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True, "SECURE_SSL_REDIRECT": True, "SECURE_CONTENT_TYPE_NOSNIFF": True, "SECURE_REFERRER_POLICY": "same-origin", "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_HTTPONLY": True, "CSRF_COOKIE_SECURE": True, "CSRF_USE_SESSIONS": False, "X_FRAME_OPTIONS": "DENY", "SILENCED_SYSTEM_CHECKS": [],
}
BAD = {"SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_HTTPONLY": False, "CSRF_COOKIE_SECURE": False, "SECURE_HSTS_SECONDS": 0, "SECURE_SSL_REDIRECT": False, "SECURE_CONTENT_TYPE_NOSNIFF": False, "X_FRAME_OPTIONS": "SAMEORIGIN", "DEBUG": True, "ALLOWED_HOSTS": [], "SECURE_REFERRER_POLICY": None, "SECRET_KEY": "short", "SECRET_KEY_FALLBACKS": ["short"]}


def but(*absent):
    return {"MIDDLEWARE": [m for m in EVERY if m not in absent]}


SETTINGS = [
    ("nothing wrong", {}), ("everything wrong, all middleware", BAD), ("everything wrong, no middleware", {**BAD, "MIDDLEWARE": []}), ("everything wrong, no middleware, no session app", {**BAD, "MIDDLEWARE": [], "INSTALLED_APPS": []}), ("everything wrong, only the security middleware", {**BAD, "MIDDLEWARE": [SECURITY]}),
    ("no middleware", {"MIDDLEWARE": []}), ("no security middleware", but(SECURITY)), ("no frame middleware", but(XFRAME)), ("no CSRF middleware", but(CSRF)), ("no session middleware", but(SESSION)), ("no security middleware and no HSTS", {**but(SECURITY), "SECURE_HSTS_SECONDS": 0, "SECURE_SSL_REDIRECT": False, "SECURE_CONTENT_TYPE_NOSNIFF": False}), ("no security middleware and a bad policy", {**but(SECURITY), "SECURE_REFERRER_POLICY": "x", "SECURE_CROSS_ORIGIN_OPENER_POLICY": "x"}), ("no frame middleware and no DENY", {**but(XFRAME), "X_FRAME_OPTIONS": "SAMEORIGIN"}), ("no CSRF middleware and no secure cookie", {**but(CSRF), "CSRF_COOKIE_SECURE": False}), ("a subclass of the middleware is not seen", {"MIDDLEWARE": ["backend.middleware.OwnSecurityMiddleware", SESSION, CSRF, XFRAME]}),
    ("HSTS 0", {"SECURE_HSTS_SECONDS": 0}), ("HSTS none", {"SECURE_HSTS_SECONDS": None}), ("HSTS 0 and no subdomains", {"SECURE_HSTS_SECONDS": 0, "SECURE_HSTS_INCLUDE_SUBDOMAINS": False, "SECURE_HSTS_PRELOAD": False}), ("HSTS without subdomains", {"SECURE_HSTS_INCLUDE_SUBDOMAINS": False}), ("HSTS without preload", {"SECURE_HSTS_PRELOAD": False}), ("HSTS without both", {"SECURE_HSTS_INCLUDE_SUBDOMAINS": False, "SECURE_HSTS_PRELOAD": False}), ("HSTS subdomains 1 is not true", {"SECURE_HSTS_INCLUDE_SUBDOMAINS": 1}), ("HSTS one second", {"SECURE_HSTS_SECONDS": 1}), ("HSTS negative", {"SECURE_HSTS_SECONDS": -1}),
    ("nosniff off", {"SECURE_CONTENT_TYPE_NOSNIFF": False}), ("nosniff 1 is not true", {"SECURE_CONTENT_TYPE_NOSNIFF": 1}), ("no HTTPS redirect", {"SECURE_SSL_REDIRECT": False}), ("HTTPS redirect 1 is not true", {"SECURE_SSL_REDIRECT": 1}),
    ("session cookie not secure", {"SESSION_COOKIE_SECURE": False}), ("session cookie secure 1 is not true", {"SESSION_COOKIE_SECURE": 1}), ("session cookie not secure, no app", {"SESSION_COOKIE_SECURE": False, "INSTALLED_APPS": []}), ("session cookie not secure, no middleware", {"SESSION_COOKIE_SECURE": False, **but(SESSION)}), ("session cookie not secure, neither", {"SESSION_COOKIE_SECURE": False, "INSTALLED_APPS": [], **but(SESSION)}), ("session cookie not HttpOnly", {"SESSION_COOKIE_HTTPONLY": False}), ("session cookie not HttpOnly, no app", {"SESSION_COOKIE_HTTPONLY": False, "INSTALLED_APPS": []}), ("session cookie not HttpOnly, no middleware", {"SESSION_COOKIE_HTTPONLY": False, **but(SESSION)}), ("session cookie not HttpOnly, neither", {"SESSION_COOKIE_HTTPONLY": False, "INSTALLED_APPS": [], **but(SESSION)}), ("session cookie neither secure nor HttpOnly", {"SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_HTTPONLY": False}), ("session app by its config class is not seen", {"SESSION_COOKIE_SECURE": False, "INSTALLED_APPS": ["django.contrib.sessions.apps.SessionsConfig"], **but(SESSION)}),
    ("CSRF cookie not secure", {"CSRF_COOKIE_SECURE": False}), ("CSRF cookie not secure but in sessions", {"CSRF_COOKIE_SECURE": False, "CSRF_USE_SESSIONS": True}), ("CSRF cookie secure 1 is not true", {"CSRF_COOKIE_SECURE": 1}),
    ("DEBUG", {"DEBUG": True}), ("no hosts", {"ALLOWED_HOSTS": []}), ("any host is no warning", {"ALLOWED_HOSTS": ["*"]}), ("no hosts and DEBUG", {"ALLOWED_HOSTS": [], "DEBUG": True}), ("frame options SAMEORIGIN", {"X_FRAME_OPTIONS": "SAMEORIGIN"}), ("frame options deny in lower case", {"X_FRAME_OPTIONS": "deny"}), ("frame options empty", {"X_FRAME_OPTIONS": ""}),
    ("key of 49 characters", {"SECRET_KEY": GOOD_KEY[:49]}), ("key of 50 characters", {"SECRET_KEY": GOOD_KEY[:50]}), ("key of 4 letters", {"SECRET_KEY": "abcd" * 20}), ("key of 5 letters", {"SECRET_KEY": "abcde" * 10}), ("generated key", {"SECRET_KEY": "django-insecure-" + GOOD_KEY}), ("generated prefix inside", {"SECRET_KEY": "x-django-insecure-" + GOOD_KEY}), ("generated prefix in upper case", {"SECRET_KEY": "DJANGO-INSECURE-" + GOOD_KEY}), ("key empty", {"SECRET_KEY": ""}), ("key of 50 two-byte characters", {"SECRET_KEY": "\u00e9\u00e8\u00ea\u00eb\u00e0" * 10}), ("key of 25 two-byte characters", {"SECRET_KEY": "\u00e9\u00e8\u00ea\u00eb\u00e0" * 5}), ("good fallbacks", {"SECRET_KEY_FALLBACKS": [GOOD_KEY]}), ("first fallback bad", {"SECRET_KEY_FALLBACKS": ["short", GOOD_KEY]}), ("second fallback bad", {"SECRET_KEY_FALLBACKS": [GOOD_KEY, "short"]}), ("two fallbacks bad", {"SECRET_KEY_FALLBACKS": ["short", "django-insecure-" + GOOD_KEY]}),
    ("referrer policy none", {"SECURE_REFERRER_POLICY": None}), ("referrer policy empty", {"SECURE_REFERRER_POLICY": ""}), ("referrer policy empty list", {"SECURE_REFERRER_POLICY": []}), ("referrer policy string of two", {"SECURE_REFERRER_POLICY": "no-referrer, strict-origin"}), ("referrer policy list of two", {"SECURE_REFERRER_POLICY": ["no-referrer", "strict-origin"]}), ("referrer policy list with a bad one", {"SECURE_REFERRER_POLICY": ["no-referrer", "nonsense"]}), ("referrer policy string with a bad one", {"SECURE_REFERRER_POLICY": "no-referrer,nonsense"}), ("referrer policy bad", {"SECURE_REFERRER_POLICY": "nonsense"}), ("referrer policy list with spaces", {"SECURE_REFERRER_POLICY": [" no-referrer"]}), ("referrer policy upper case", {"SECURE_REFERRER_POLICY": "NO-REFERRER"}), ("referrer policy trailing comma", {"SECURE_REFERRER_POLICY": "no-referrer,"}),
    *[("referrer policy %s" % p, {"SECURE_REFERRER_POLICY": p}) for p in ("no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url")],
    *[("opener policy %s" % p, {"SECURE_CROSS_ORIGIN_OPENER_POLICY": p}) for p in (None, "same-origin", "same-origin-allow-popups", "unsafe-none", "nonsense", "", "SAME-ORIGIN", "same-origin-plus-coep")],
    ("silenced", {"DEBUG": True, "SILENCED_SYSTEM_CHECKS": ["security.W018"]}), ("silenced error", {"SECURE_REFERRER_POLICY": "x", "SILENCED_SYSTEM_CHECKS": ["security.E023"]}), ("one of two silenced", {"DEBUG": True, "ALLOWED_HOSTS": [], "SILENCED_SYSTEM_CHECKS": ["security.W018"]}), ("silenced without effect", {"SILENCED_SYSTEM_CHECKS": ["security.W018"]}),
    ("warnings and fail level warning", {"DEBUG": True}, "WARNING"), ("warnings and fail level critical", {"SECURE_REFERRER_POLICY": "x"}, "CRITICAL"), ("silenced warning and fail level warning", {"DEBUG": True, "SILENCED_SYSTEM_CHECKS": ["security.W018"]}, "WARNING"), ("warnings and fail level debug", {"DEBUG": True}, "DEBUG"), ("warnings and fail level info", {"DEBUG": True}, "INFO"), ("nothing wrong and fail level debug", {}, "DEBUG"),
]
# Python names of settings modules do not exist in other implementations: these run with plain `check --tag security`.
CORE = [
    ("4_0.E001 trusted origin without a scheme", "compatibility", {"CSRF_TRUSTED_ORIGINS": ["example.com"]}), ("4_0.E001 two of three", "compatibility", {"CSRF_TRUSTED_ORIGINS": ["example.com", "https://a.test", "*.b.test"]}), ("trusted origins with schemes", "compatibility", {"CSRF_TRUSTED_ORIGINS": ["https://example.com", "http://*.a.test", "x://y", "://"]}),
    ("security.E102 failure view missing", "security", {"CSRF_FAILURE_VIEW": "nowhere.view"}), ("security.E101 failure view takes no reason", "security", {"CSRF_FAILURE_VIEW": "vector_urls.takes_nothing"}), ("failure view good", "security", {"CSRF_FAILURE_VIEW": "vector_urls.takes_reason"}),
    ("urls.E006 static URL", "urls", {"STATIC_URL": "/static"}), ("urls.E006 media URL", "urls", {"MEDIA_URL": "/media"}), ("urls.E006 both", "urls", {"STATIC_URL": "static", "MEDIA_URL": "https://cdn.test/m"}), ("urls empty or with slash", "urls", {"STATIC_URL": None, "MEDIA_URL": ""}), ("urls are full addresses", "urls", {"STATIC_URL": "https://cdn.test/s/", "MEDIA_URL": "/m/"}), ("urls.W002 is off without slash appending", "urls", {"APPEND_SLASH": False}),
    ("caches.E001 no default cache", "caches", {"CACHES": {"other": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}), ("files.E001 temporary folder missing", "files", {"FILE_UPLOAD_TEMP_DIR": "/nonexistent"}), ("translation.E001 language code", "translation", {"LANGUAGE_CODE": "not a code"}), ("translation.E002 and E004 languages", "translation", {"LANGUAGE_CODE": "en-us", "LANGUAGES": [["not a code", "Bad"]]}), ("translation.E003 bidirectional", "translation", {"LANGUAGES": [["en-us", "x"]], "LANGUAGES_BIDI": ["not a code"]}), ("translation.E004 language not in the list", "translation", {"LANGUAGE_CODE": "xx", "LANGUAGES": [["en", "x"]]}), ("translation general language in the list", "translation", {"LANGUAGE_CODE": "en-gb", "LANGUAGES": [["en", "x"]]}),
    ("templates.E002 string_if_invalid", "templates", {"TEMPLATES": [{"NAME": "t", "BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"string_if_invalid": 5}}]}), ("check of every tag, nothing wrong", None, {}),
]
# id, routes; a route is {path|re_path, view|include, name, namespace, app_name}, or something else that is no route
URLS = [
    ("nothing", []), ("good routes", [{"path": "a/", "view": "view", "name": "a"}, {"re_path": "^b/$", "view": "view"}]), ("urls.W001 include that ends with a dollar", [{"re_path": "^x$", "include": [{"path": "a/", "view": "view"}]}]), ("dollar at the end of a view's route", [{"re_path": "^x$", "view": "view"}]), ("include that ends with an escaped dollar", [{"re_path": "^x\\$", "include": [{"path": "a/", "view": "view"}]}]), ("include route as path that ends with a dollar", [{"path": "x$", "include": [{"path": "a/", "view": "view"}]}]),
    ("urls.W002 route with a leading slash", [{"path": "/a/", "view": "view"}]), ("urls.W002 named route", [{"path": "/a/", "view": "view", "name": "a"}]), ("urls.W002 regex with a leading slash", [{"re_path": "/a/$", "view": "view"}]), ("urls.W002 regex with caret and slash", [{"re_path": "^/a/$", "view": "view"}]), ("include with a leading and a trailing slash", [{"path": "/a/", "include": [{"path": "b/", "view": "view"}]}]), ("urls.W002 inside an include", [{"path": "a/", "include": [{"path": "/b/", "view": "view"}]}]), ("urls.W002 slash alone", [{"path": "/", "view": "view"}]), ("urls.W002 leading and no trailing slash", [{"path": "/a", "view": "view"}]), ("urls.W002 two leading slashes", [{"path": "//a", "view": "view"}]), ("urls.W002 below an include without a trailing slash", [{"path": "a", "include": [{"path": "/b/", "view": "view"}]}]),
    ("urls.W003 name with a colon", [{"path": "a/", "view": "view", "name": "x:a"}]), ("urls.W003 name is a colon", [{"path": "a/", "view": "view", "name": ":"}]), ("urls.W003 inside an include", [{"path": "a/", "include": [{"re_path": "^b/$", "view": "view", "name": "x:b"}]}]), ("name without a colon", [{"path": "a/", "view": "view", "name": "x-a.b c"}]),
    ("urls.W005 namespace twice", [{"path": "a/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"}, {"path": "b/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"}]), ("urls.W005 three times is one warning", [{"path": p + "/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"} for p in "abc"]), ("urls.W005 nested twice", [{"path": "a/", "namespace": "o", "app_name": "app", "include": [{"path": p + "/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"} for p in "ab"]}]), ("same namespace at different depths", [{"path": "a/", "namespace": "n", "app_name": "app", "include": [{"path": "b/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"}]}]), ("urls.W005 app name as the namespace twice", [{"path": p + "/", "include": [{"path": "x/", "view": "view"}], "app_name": "app"} for p in "ab"]), ("urls.W005 below an include without namespace", [{"path": "a/", "include": [{"path": "b/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"}]}, {"path": "c/", "include": [{"path": "x/", "view": "view"}], "namespace": "n", "app_name": "app"}]),
    ("urls.E004 tuple", [{"tuple": ["^x$", "view"]}]), ("urls.E004 string", ["x"]), ("urls.E004 string prefix and a route", ["x", {"path": "a/", "view": "view"}]), ("urls.E004 inside an include", [{"path": "a/", "include": ["x"]}]), ("urls.E009 class as a view", [{"path": "a/", "view": "class"}]), ("urls.E009 class as a named view", [{"path": "a/", "view": "class", "name": "a"}]),
    ("2_0.W001 caret in a path", [{"path": "^a/", "view": "view"}]), ("2_0.W001 dollar in a path", [{"path": "a/$", "view": "view"}]), ("2_0.W001 group in a path", [{"path": "(?P<x>a)/", "view": "view"}]), ("2_0.W001 and urls.W002", [{"path": "/a/$", "view": "view"}]), ("2_0.W001 in an include", [{"path": "^a/", "include": [{"path": "b/", "view": "view"}]}]), ("dollar inside a path", [{"path": "a$b/", "view": "view"}]), ("urls.W010 opening bracket alone", [{"path": "a/<int:x/", "view": "view"}]), ("urls.W010 closing bracket alone", [{"path": "a/int:x>/", "view": "view"}]), ("urls.W010 turned round", [{"path": "a/>int:x</", "view": "view"}]), ("urls.W010 one good and one bad", [{"path": "<int:x>/<y/", "view": "view"}]),
    ("several at once", [{"path": "/a/$", "view": "view", "name": "x:a"}, {"re_path": "^b$", "include": [{"path": "/c/", "view": "view"}]}]),
]
HANDLERS = [("urls.E008 handler404 missing", {"handler404": "vector_urls.missing"}), ("urls.E008 handler500 in a missing module", {"handler500": "nowhere.view"}), ("urls.E007 handler404 takes only a request", {"handler404": "takes_request"}), ("urls.E007 handler500 takes nothing", {"handler500": "takes_nothing"}), ("urls.E007 handler500 takes two", {"handler500": "takes_two"}), ("urls.E007 all four", {"handler400": "takes_nothing", "handler403": "takes_nothing", "handler404": "takes_nothing", "handler500": "takes_nothing"}), ("handlers good", {"handler400": "takes_two", "handler403": "takes_two", "handler404": "takes_two", "handler500": "takes_request"})]


def takes_nothing():
    """A view that takes nothing."""


def takes_request(request):
    """A view that takes a request."""


def takes_two(request, exception):
    """An error handler's view."""


def takes_reason(request, reason=""):
    """A CSRF failure view."""


FUNCTIONS = {f.__name__: f for f in (takes_nothing, takes_request, takes_two, takes_reason)}


def run(settings, tag, deploy=False, fail_level=None):
    """What `check` prints: the issues in printed order, how many are silenced, the exit status."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.test import override_settings

    out, err = io.StringIO(), io.StringIO()
    options = {"deploy": deploy, "tags": [tag] if tag else None, "stdout": out, "stderr": err, "no_color": True, "fail_level": fail_level or "ERROR"}
    with override_settings(**settings):
        try:
            call_command("check", **options)
            failed = 0
        except SystemCheckError as exc:
            err.write(str(exc))
            failed = 1
    text = out.getvalue() + err.getvalue()
    counted = re.search(r"identified (\d+|no) issues? \((\d+) silenced\)", text)
    issues, level = [], None
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z]+S:", line):
            level = line[:-2].capitalize()
        match = re.match(r"(.*?): \((\w+\.\w+)\) (.*)", line)
        if match:
            issues.append({"id": match[2], "level": level, "object": match[1], "msg": match[3], "hint": None})
        elif line.startswith("\tHINT: "):
            issues[-1]["hint"] = line[len("\tHINT: "):]
    assert (0 if counted[1] == "no" else int(counted[1])) == len(issues), text
    return issues, int(counted[2]), failed


def deploy_matrix():
    cases = []
    for id, settings, *rest in SETTINGS:
        level = rest[0] if rest else None
        issues, silenced, failed = run({**GOOD, **settings}, "security", deploy=True, fail_level=level)
        cases.append({"id": id, "settings": settings, "fail_level": level or "ERROR", "ids": [[i["id"], i["level"]] for i in issues], "silenced": silenced, "exit": failed})
    return cases


def core():
    urls([], **FUNCTIONS)
    cases = []
    for id, tag, settings in CORE:
        given = {**settings, **({"LANGUAGES": [tuple(p) for p in settings["LANGUAGES"]]} if "LANGUAGES" in settings else {})}
        if id.startswith("urls.W002"):
            urls(build([{"path": "/a/", "view": "view"}]), **FUNCTIONS)
        cases.append(record({"id": id, "tag": tag, "settings": settings}, *run({**GOOD, **given}, tag)))
        urls([], **FUNCTIONS)
    return cases


def routes():
    cases = []
    for id, patterns in URLS:
        urls(build(patterns))
        cases.append(record({"id": id, "routes": patterns}, *run(GOOD, "urls")))
    return cases


def error_handlers():
    cases = []
    for id, names in HANDLERS:
        urls([], **{k: FUNCTIONS.get(v, v) for k, v in names.items()}, **{k: v for k, v in FUNCTIONS.items()})
        cases.append(record({"id": id, "handlers": names}, *run(GOOD, "urls")))
    urls([])
    return cases


def record(case, issues, silenced, failed):
    return {**case, "issues": [{**i, "msg": steady(i["msg"]), "object": steady(i["object"])} for i in issues], "exit": failed}


def steady(text):
    """Without the addresses and module names of this process."""
    return re.sub(r" at 0x[0-9a-f]+", "", text).replace("__main__.", "vector_urls.")


def build(patterns):
    """The real routes of a description."""
    from django.urls import include, path, re_path

    made = []
    for entry in patterns:
        if isinstance(entry, str):
            made.append(entry)
        elif "tuple" in entry:
            made.append(tuple(view_or_text(v) for v in entry["tuple"]))
        else:
            kind = path if "path" in entry else re_path
            route = entry.get("path", entry.get("re_path"))
            if "include" in entry:
                inner = build(entry["include"])
                target = include((inner, entry["app_name"]), namespace=entry.get("namespace")) if "app_name" in entry else include(inner)
                made.append(kind(route, target))
            else:
                made.append(class_route(kind, route, entry) if entry["view"] == "class" else kind(route, view, name=entry.get("name")))
    return made


def view_or_text(value):
    return view if value == "view" else value


def class_route(kind, route, entry):
    """`path()` refuses a view class itself, so the pattern is made one level below."""
    from django.urls.resolvers import RoutePattern, URLPattern
    from django.views import View

    class Page(View):
        """A class-based view."""

    return URLPattern(RoutePattern(route, name=entry.get("name"), is_endpoint=True), Page, {}, entry.get("name"))


def view(request, **kwargs):
    """A view."""


def main():
    ready(INSTALLED_APPS=["django.contrib.sessions"])
    save("deploy_matrix.json", {"base": GOOD, "cases": "`base` with `settings` over it, `check --deploy --tag security [--fail-level ...]`: [id, level] in printed order", "core": "`base` with `settings` over it, `check [--tag ...]` without --deploy", "routes": "`check --tag urls`; `view` is a function, `class` a class-based view not called", "handlers": "names of views in the URL module: takes_nothing(), takes_request(request), takes_two(request, exception)", "exit": "status of the command", "order": "errors before warnings, then by text"},
         cases=deploy_matrix(), core=core(), routes=routes(), handlers=error_handlers())


if __name__ == "__main__":
    main()
