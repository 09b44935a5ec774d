"""Record signed values: texts, objects, what is refused, hashes of sessions and signed cookies.

    python vectors/record_signing.py

Every value is signed at a fixed time, so that running it again gives the same bytes.
"""
import json
import pathlib
import random
import sys
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
KEY = "oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ"

ABOUT = {
    "texts": "`signed` is Signer.sign of `value`, `timed` TimestampSigner.sign at `now`; both take `key`, `salt`, `separator`, `algorithm`",
    "objects": "`signed` is TimestampSigner.sign_object of the value that `json` spells, at `now`; `compressed` the same with compress=True",
    "verdicts": "TimestampSigner(key, salt, fallbacks).unsign(signed, max_age) at `now`: valid, expired or bad",
    "cookies": "the value that set_signed_cookie gives a cookie `name` with `value` and `salt` at `now`; `legacy` that of former versions",
    "sessions": "SessionBase.encode of the database store and the key of the signed-cookie store, of the data that `json` spells",
    "hashes": "get_session_auth_hash of a user with this `password`",
    "masks": "CSRF tokens: `token` is `secret` under a mask",
}


def texts(rng):
    from django.core.signing import Signer, TimestampSigner

    alphabet = "abcXYZ019 :;,.-_/+=%\u00e4\u00df\u20ac\U0001f600\n\t\"'"
    out = []
    for n in range(120):
        value = "".join(rng.choice(alphabet) for _ in range(rng.randrange(0, 40)))
        key = KEY if n % 3 else "k%d-\u00fc" % n
        salt = ["", "extra", "a:b", "s\u00e4lt", "django.core.signing"][n % 5]
        sep = [":", ":", "/", "!!", " "][n % 5 if n > 40 else 0]
        algorithm = ["sha256", "sha256", "sha1", "sha512", "sha384"][n % 5 if n > 60 else 0]
        now = 1700000000 + n * 100003 + (n % 4) * 0.25
        args = dict(key=key, sep=sep, salt=salt or None, algorithm=algorithm)
        with mock.patch("time.time", lambda: now):
            out.append({
                "key": key, "salt": salt, "separator": sep, "algorithm": algorithm, "value": value, "now": now,
                "signed": Signer(**args).sign(value), "timed": TimestampSigner(**args).sign(value),
            })
    return out


def objects(rng):
    from django.core.signing import TimestampSigner

    def value(depth):
        kind = rng.randrange(9 if depth else 7)
        if kind == 0:
            return None
        if kind == 1:
            return rng.random() < 0.5
        if kind == 2:
            return rng.randrange(-10**6, 10**6)
        if kind == 3:
            return 10 ** rng.randrange(15, 30) + rng.randrange(9)
        if kind == 4:
            return rng.choice([0.1, -2.5, 1e16, 1e-7, 123456.789, 1e100])
        if kind in (5, 6):
            return "".join(rng.choice("abc \u00e4\u20ac\U0001f600\"\\/\n\x7f\u2028") for _ in range(rng.randrange(0, 60)))
        if kind == 7:
            return [value(depth - 1) for _ in range(rng.randrange(0, 5))]
        return {"k%d\u00e9" % n: value(depth - 1) for n in range(rng.randrange(0, 5))}

    out = []
    for n in range(120):
        obj, now = value(3), 1700000000 + n * 7919
        salt = "django.core.signing" if n % 2 else "s%d" % n
        signer = TimestampSigner(key=KEY, salt=salt)
        with mock.patch("time.time", lambda: now):
            out.append({
                "key": KEY, "salt": salt, "now": now, "json": json.dumps(obj),
                "signed": signer.sign_object(obj), "compressed": signer.sign_object(obj, compress=True),
            })
    return out


def verdicts():
    from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

    base = 1700000000
    with mock.patch("time.time", lambda: base):
        good = TimestampSigner(key=KEY, salt="s").sign("ann")
        old = TimestampSigner(key="old-key", salt="s").sign("ann")
    cases = [(good, 0, None), (good, 10, 10), (good, 10.5, 10), (good, 11, 10), (good, -5, 0), (good, 0, 0), (good, 10**9, None),
             (old, 0, None), (old, 100, 10), (good + "x", 0, None), (good[:-1], 0, None), ("ann", 0, None), ("", 0, None), (":", 0, None),
             ("::", 0, None), (good.replace("ann", "Ann"), 0, None), (good.swapcase(), 0, None), (good + ":", 0, None),
             (" " + good, 0, None), (good + "=", 0, None), (good + "\n", 0, None)]
    out = []
    for signed, later, max_age in cases:
        with mock.patch("time.time", lambda: base + later):
            try:
                TimestampSigner(key=KEY, salt="s", fallback_keys=["old-key"]).unsign(signed, max_age=max_age)
                verdict = "valid"
            except SignatureExpired:
                verdict = "expired"
            except BadSignature:
                verdict = "bad"
        out.append({"key": KEY, "fallbacks": ["old-key"], "salt": "s", "signed": signed, "now": base + later, "max_age": max_age, "verdict": verdict})
    return out


def cookies():
    from django.core.signing import get_cookie_signer
    from django.http import HttpResponse

    out = []
    for n, (name, value, salt) in enumerate([("a", "1", ""), ("theme", "dark \u00e4", "ui"), ("ab", "x:y", "c"), ("a", "x:y", "bc")]):
        now = 1700000000 + n
        with mock.patch("time.time", lambda: now):
            response = HttpResponse()
            response.set_signed_cookie(name, value, salt=salt)
            out.append({
                "name": name, "value": value, "salt": salt, "now": now, "signed": response.cookies[name].value,
                "legacy": get_cookie_signer(salt=name + salt).sign(value),
            })
    return out


def sessions():
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.backends.signed_cookies import SessionStore as CookieStore

    out = []
    for n, data in enumerate([
        {}, {"a": 1}, {"_auth_user_id": "1", "_auth_user_backend": "django.contrib.auth.backends.ModelBackend", "_auth_user_hash": "0" * 64},
        {"\u00e4": ["\u20ac", None, 1.5], "long": "x" * 500}, {"_session_expiry": 0}, {"_session_expiry": "2030-01-01T00:00:00+00:00"},
    ]):
        now = 1700000000 + n
        with mock.patch("time.time", lambda: now):
            store = CookieStore()
            store.update(data)
            store.save()
            out.append({"now": now, "json": json.dumps(data), "database": SessionStore().encode(data), "cookie": store.session_key})
    return out


def hashes():
    from django.contrib.auth.models import User

    passwords = ["", "!", "md5$a$b", "pbkdf2_sha256$1000000$x$y="]
    return [{"password": password, "hash": User(password=password).get_session_auth_hash()} for password in passwords]


def masks(rng):
    from django.middleware import csrf

    out = []
    for _ in range(50):
        secret, mask = ("".join(rng.choice(csrf.CSRF_ALLOWED_CHARS) for _ in range(32)) for _ in range(2))
        with mock.patch.object(csrf, "_get_new_csrf_string", lambda: mask):
            token = csrf._mask_cipher_secret(secret)
        assert csrf._unmask_cipher_token(token) == secret
        out.append({"secret": secret, "mask": mask, "token": token})
    return out


def main():
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY=KEY, INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"], USE_TZ=True,
    )
    django.setup()
    rng = random.Random(6)
    found = {
        "about": ABOUT, "texts": texts(rng), "objects": objects(rng), "verdicts": verdicts(), "cookies": cookies(), "sessions": sessions(),
        "hashes": hashes(), "masks": masks(rng),
    }
    (HERE / "signing.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print({name: len(cases) for name, cases in found.items() if name != "about"})


if __name__ == "__main__":
    sys.exit(main())
