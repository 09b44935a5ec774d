"""Record the fixed error pages, what each exception answers, and which settings a debug page hides.

    python vectors/record_pages.py [STEP...]
Writes handlers.json and secret_masking.json here.
"""
import base64
import sys

from stack import exchange, ready, save, urls

FORM = [["Content-Type", "application/x-www-form-urlencoded"]]
MULTIPART = [["Content-Type", "multipart/form-data; boundary=b"]]
# view name -> (method, request headers, body, settings): how to make it raise
RAISING = {
    "http404": {}, "http404-with-text": {}, "permission-denied": {}, "permission-denied-with-text": {}, "suspicious-operation": {}, "disallowed-host": {}, "disallowed-redirect": {}, "suspicious-file": {}, "request-data-too-big": {}, "too-many-fields": {}, "too-many-files": {}, "bad-request": {}, "bad-request-with-text": {},
    "multipart-error": {}, "unicode-decode-error": {}, "value-error": {}, "object-does-not-exist": {}, "validation-error": {}, "unreadable-post": {}, "key-error": {}, "timeout-error": {}, "improperly-configured": {}, "field-error": {}, "type-error": {}, "returns-none": {}, "wrong-method": {},
    "reads-form": {"method": "POST", "headers": FORM, "body": b"a=1&b=2&c=3", "settings": {"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}}, "reads-body": {"method": "POST", "headers": FORM, "body": b"a=12345", "settings": {"DATA_UPLOAD_MAX_MEMORY_SIZE": 4}}, "reads-multipart": {"method": "POST", "headers": [["Content-Type", "multipart/form-data"]], "body": b"x"}, "reads-files": {"method": "POST", "headers": MULTIPART, "body": b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n' * 2 + b"--b--\r\n", "settings": {"DATA_UPLOAD_MAX_NUMBER_FILES": 1}}, "reads-many-query-fields": {"target": "/reads-many-query-fields/?a=1&b=2&c=3", "settings": {"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}}, "reads-host": {"host": "evil.test", "settings": {"ALLOWED_HOSTS": ["testserver"]}},
}
# exceptions that have no view of their own above reach the handler from routing
ROUTING = {"unknown path": "/nope/", "unknown path with a script": "/%3Cscript%3E/", "unknown path, not ASCII": "/caf%C3%A9/", "unknown path, invalid UTF-8": "/%FF/", "unknown path with a NUL": "/a%00b/", "root without a route": "/"}


def handlers():
    urls(routes())
    pages = []
    for id, target, more in [("400", "/bad-request/", {}), ("403", "/permission-denied/", {}), ("404", "/nope/", {}), ("500", "/value-error/", {})]:
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            got = exchange(method, target, **more)
            pages.append({"id": "%s, %s" % (id, method), "method": method, "status": got["status"], "reason": got["reason"], "headers": got["headers"], "body": got["body"].decode()})
    cases = []
    for debug in (False, True):
        for name, how in RAISING.items():
            settings = {**how.get("settings", {}), "DEBUG": debug}
            try:
                got = exchange(how.get("method", "GET"), how.get("target", "/%s/" % name), how.get("headers", []), how.get("body", b""), host=how.get("host", "testserver"), overrides=settings)
            except Exception as exc:  # the page about the error met the error again
                got = {"status": None, "reason": None, "headers": [], "body": b"", "exception": type(exc).__name__}
            cases.append(answer("%s%s" % (name, ", DEBUG" if debug else ""), name, debug, how, got))
        for name, target in ROUTING.items():
            got = exchange("GET", target, overrides={"DEBUG": debug})
            cases.append(answer("%s%s" % (name, ", DEBUG" if debug else ""), None, debug, {"target": target}, got))
    for name in ("http404", "value-error", "bad-request"):
        for label, extra in (("XMLHttpRequest", [["X-Requested-With", "XMLHttpRequest"]]), ("Accept JSON", [["Accept", "application/json"]]), ("Accept text", [["Accept", "text/plain"]]), ("Accept HTML", [["Accept", "text/html"]]), ("Accept all", [["Accept", "*/*"]])):
            got = exchange("GET", "/%s/" % name, extra, overrides={"DEBUG": True})
            cases.append(answer("%s, DEBUG, %s" % (name, label), name, True, {"headers": extra}, got))
        got = exchange("HEAD", "/%s/" % name, overrides={"DEBUG": True})
        cases.append(answer("%s, DEBUG, HEAD" % name, name, True, {"method": "HEAD"}, got))
    with_common = []
    for name in ("bad-request", "permission-denied", "http404", "value-error"):
        got = exchange("GET", "/%s/" % name, overrides={"MIDDLEWARE": ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware"]})
        with_common.append({"id": name, "status": got["status"], "headers": got["headers"]})
    save("handlers.json", {"middleware": "none, except in `with_middleware`: SecurityMiddleware, CommonMiddleware, XFrameOptionsMiddleware", "templates": "none: no 404.html and the like", "HEAD": "the application hands over the body, a server drops it", "page": "`400` `403` `404` `500`: that fixed page; `debug`: a DEBUG page of any text; `own`: the view's own", "raises": "the class that the view raises itself; absent (null) where reading the request does, or routing", "status": "null where the exception left the application, and the server had to answer"}, pages=pages, cases=cases, with_middleware=with_common)


def answer(id, name, debug, how, got):
    fixed = {"Bad Request (400)": "400", "403 Forbidden": "403", "Not Found": "404", "Server Error (500)": "500"}
    body = got["body"].decode("utf-8", "replace")
    page = next((v for k, v in fixed.items() if "<title>%s</title>" % k in body), None) or ("debug" if (got["status"] or 0) >= 400 and body else "own")
    case = {"id": id, "view": name, "raises": RAISES.get(name), "debug": debug, "method": how.get("method", "GET"), "target": how.get("target", "/%s/" % name), "request_headers": how.get("headers", []), "settings": how.get("settings", {}),
            "status": got["status"], "reason": got["reason"], "headers": got["headers"], "page": page, "reaches_500_signal": got["exception"]}
    if how.get("body"):
        case["request_body_b64"] = base64.b64encode(how["body"]).decode()
    if how.get("host"):
        case["host"] = how["host"]
    return case


RAISES = {}


def routes():
    from django.core import exceptions as e
    from django.http import Http404, HttpResponse, UnreadablePostError
    from django.http.multipartparser import MultiPartParserError
    from django.urls import path
    from django.views.decorators.http import require_POST

    raised = {
        "http404": Http404(), "http404-with-text": Http404("no such <thing>"), "permission-denied": e.PermissionDenied(), "permission-denied-with-text": e.PermissionDenied("not <you>"), "suspicious-operation": e.SuspiciousOperation("odd"), "disallowed-host": e.DisallowedHost("h"), "disallowed-redirect": e.DisallowedRedirect("r"), "suspicious-file": e.SuspiciousFileOperation("f"), "request-data-too-big": e.RequestDataTooBig("b"), "too-many-fields": e.TooManyFieldsSent("f"), "too-many-files": e.TooManyFilesSent("f"), "bad-request": e.BadRequest(), "bad-request-with-text": e.BadRequest("bad <text>"),
        "multipart-error": MultiPartParserError("m"), "unicode-decode-error": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "value-error": ValueError("v"), "object-does-not-exist": e.ObjectDoesNotExist("o"), "validation-error": e.ValidationError("v"), "unreadable-post": UnreadablePostError("u"), "key-error": KeyError("k"), "timeout-error": TimeoutError("t"), "improperly-configured": e.ImproperlyConfigured("i"), "field-error": e.FieldError("f"), "type-error": TypeError("t"),
    }
    RAISES.update({k: type(v).__name__ for k, v in raised.items()})
    patterns = [path(name + "/", thrower(exc)) for name, exc in raised.items()]
    done = HttpResponse
    return patterns + [
        path("returns-none/", lambda r: None), path("wrong-method/", require_POST(lambda r: done("ok"))),
        path("reads-form/", lambda r: done(str(len(r.POST)))), path("reads-body/", lambda r: done(str(len(r.body)))), path("reads-multipart/", lambda r: done(str(len(r.POST)))), path("reads-files/", lambda r: done(str(len(r.FILES)))), path("reads-many-query-fields/", lambda r: done(str(len(r.GET)))), path("reads-host/", lambda r: done(r.get_host())),
    ]


def thrower(exc):
    def view(request):
        raise exc

    return view


NAMES = [
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECRET", "secret", "MY_SECRETS", "API", "API_URL", "api_root", "RAPID", "CAPITAL", "THERAPIST", "AUTH", "AUTH_USER_MODEL", "AUTHENTICATION_BACKENDS", "AUTHOR", "author_name", "TOKEN", "TOKEN_LIFETIME", "token", "TOKENS", "SIMPLE_JWT", "KEY", "KEYBOARD", "MONKEY", "KEYS", "key", "PASS", "PASSWORD", "password", "PASSWD", "PASSPORT", "COMPASS", "BYPASS", "passphrase", "DB_PWD", "PWD", "SIGNATURE", "signature", "SIGNING", "SIGN", "HTTP_COOKIE", "COOKIE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "HTTP_AUTHORIZATION", "HTTP_X_API_VERSION",
    "DEBUG", "ALLOWED_HOSTS", "DATABASES", "DATABASE_URL", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER", "STATIC_URL", "CREDENTIALS", "CORS_ALLOW_CREDENTIALS", "PRIVATE", "PRIVATE_KEY", "CERTIFICATE", "SALT", "HASH", "DSN", "SENTRY_DSN", "REDIS_URL", "LOGIN_URL", "PASSWORD_HASHERS", "AUTH_PASSWORD_VALIDATORS", "sessionid", "SESSIONID", "csrftoken", "",
]
NESTED = [
    ("dictionary, a secret key inside", "DATABASES", {"default": {"NAME": "db", "USER": "u", "PASSWORD": "p", "HOST": "h", "OPTIONS": {"sslkey": "k", "sslmode": "require"}}}), ("dictionary under a secret name", "SECRET_SETTINGS", {"a": 1}), ("list under a plain name", "HOSTS", ["a", "secret"]), ("list under a secret name", "API_KEYS", ["a", "b"]), ("tuple stays a tuple", "NAMES", ("a", "b")), ("list of dictionaries", "SERVERS", [{"host": "h", "password": "p"}, {"host": "h2", "api_key": "k"}]), ("list of lists of dictionaries", "DEEP", [[{"token": "t", "n": 1}]]), ("tuple of dictionaries", "PAIRS", ({"auth": "a"}, {"b": 1})), ("dictionary with a list of dictionaries", "CONFIG", {"servers": [{"key": "k"}], "plain": [1, 2]}), ("number under a secret name", "TOKEN_COUNT", 5), ("none under a secret name", "SECRET", None), ("true under a secret name", "USE_AUTH", True), ("empty text under a secret name", "PASSWORD", ""), ("empty dictionary under a secret name", "KEYS", {}),
    ("numbers as keys", "MAP", {1: "a", 2: {"password": "p"}}), ("none as a key", "MAP", {None: "a"}), ("secret text in a value is not seen", "URL", "postgres://u:password@h/db"), ("three levels", "A", {"b": {"c": {"secret": 1, "d": 2}}}), ("key that holds the word", "X", {"monkey": 1, "donkey_name": 2, "mon": 3}),
]


def secret_masking():
    from django.test import override_settings
    from django.views.debug import SafeExceptionReporterFilter

    mask = SafeExceptionReporterFilter()
    star = mask.cleansed_substitute
    names = [{"id": "name `%s`" % n, "name": n, "masked": mask.cleanse_setting(n, "value") == star} for n in NAMES]
    nested = [{"id": i, "name": n, "value": plain(v), "shown": plain(mask.cleanse_setting(n, v))} for i, n, v in NESTED]
    with override_settings(SESSION_COOKIE_NAME="sid"):
        cookie = [{"id": "name `%s`, SESSION_COOKIE_NAME `sid`" % n, "name": n, "masked": mask.cleanse_setting(n, "value") == star} for n in ("sid", "SID", "sid2", "sessionid")]
    save("secret_masking.json", {"substitute": star, "words": mask.hidden_settings.pattern.split("|"), "rule": "a name that contains one of `words`, in any case, or equals SESSION_COOKIE_NAME", "keys": "keys that are no text are written as `<number 1>`, `<none>`"}, names=names, session_cookie=cookie, nested=nested)


def plain(value):
    if isinstance(value, dict):
        return {k if isinstance(k, str) else "<none>" if k is None else "<number %s>" % k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def main():
    ready()
    for step in (handlers, secret_masking):
        if not sys.argv[1:] or step.__name__ in sys.argv[1:]:
            step()


if __name__ == "__main__":
    main()
