"""What the recorders of this folder share: one Django in this process, a raw WSGI exchange, and the shape of a vector file.

A vector file is `{"about": {...}, "cases": [{"id": ..., ...}], ...}`; every list of cases has ids of its own. Requests go straight to
WSGIHandler in a hand-made environ, as a server passes them: percent-decoded path, latin-1 headers, no test client in between.
"""
import io
import json
import logging
import pathlib
import sys
import types
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent


def ready(**settings_):
    """Configure the real stack with the least that serves a request; every case overrides what it is about."""
    from django.conf import settings

    base = {"SECRET_KEY": "k" * 25 + "abcdefghijklmnopqrstuvwxyz", "ALLOWED_HOSTS": ["*"], "ROOT_URLCONF": "vector_urls", "MIDDLEWARE": [],
            "INSTALLED_APPS": [], "USE_TZ": True, "LOGGING_CONFIG": None}
    settings.configure(**{**base, **settings_})
    urls([])
    logging.disable()
    import django

    django.setup()
    import django.test.signals  # noqa: F401  (forgets caches when a setting is overridden)


def save(name, about, **sections):
    for cases in sections.values():
        ids = [case["id"] for case in cases if isinstance(case, dict)]
        assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    text = json.dumps({"about": about, **sections}, indent=1, ensure_ascii=False)
    (HERE / name).write_text(text + "\n", encoding="utf-8")
    print("%-24s %s" % (name, " ".join("%s=%d" % (k, len(v)) for k, v in sections.items())), flush=True)


def urls(patterns, **names):
    """The module behind ROOT_URLCONF."""
    from django.urls import clear_url_caches

    module = types.ModuleType("vector_urls")
    module.urlpatterns = patterns
    vars(module).update(names)
    sys.modules["vector_urls"] = module
    clear_url_caches()


def environ(method, target, headers=(), body=b"", scheme="http", server=("testserver", "80")):
    path, _, query = target.partition("?")
    env = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"), "SERVER_NAME": server[0], "SERVER_PORT": server[1], "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }
    if body:
        env["CONTENT_LENGTH"] = str(len(body))
    for name, value in headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key
        value = value.encode().decode("latin-1")
        env[key] = env[key] + "," + value if key in env else value
    return env


def exchange(method, target, headers=(), body=b"", scheme="http", host="testserver", overrides=None):
    """One request under the overridden settings: status, reason, headers as sent, body, and the exception the handler met, if any."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.signals import got_request_exception
    from django.test import override_settings

    seen, met = {}, []

    def start_response(status, response_headers, exc_info=None):
        seen["status"], seen["reason"] = int(status.split(" ", 1)[0]), status.split(" ", 1)[1]
        seen["headers"] = [[k, v.strip(" ")] for k, v in response_headers]  # as a server writes them

    def note(sender, **kwargs):
        met.append(sys.exc_info()[0].__name__)

    if host is not None:
        headers = [["Host", host], *headers]
    got_request_exception.connect(note)
    try:
        with override_settings(**(overrides or {})):
            result = WSGIHandler()(environ(method, target, headers, body, scheme), start_response)
            seen["body"] = b"".join(result)
            result.close()
    finally:
        got_request_exception.disconnect(note)
    seen["exception"] = met[0] if met else None
    return seen


def header(result, name):
    return next((v for k, v in result["headers"] if k.lower() == name.lower()), None)
