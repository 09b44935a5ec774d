"""Record tokens that reset passwords: PasswordResetTokenGenerator of fixed users, keys and times.

    python vectors/record_reset_tokens.py

`state` is what the generator signs, so that a test needs no row of a user.
"""
import datetime
import random

from stack import ready, save

ready(PASSWORD_RESET_TIMEOUT=3600)

from django.contrib.auth.tokens import PasswordResetTokenGenerator  # noqa: E402
from django.utils.encoding import force_bytes  # noqa: E402
from django.utils.http import urlsafe_base64_encode  # noqa: E402

KEYS = ["oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ", "k\u00fcche", "x" * 80]


class User:
    def __init__(self, pk, password, last_login, email):
        self.pk, self.password, self.last_login, self.email = pk, password, last_login, email

    def get_email_field_name(self):
        return "email"


def tokens(rng):
    for n in range(40):
        login = None if n % 3 == 0 else datetime.datetime(2024, 1, 1 + n % 28, n % 24, n, n, n * 1000, tzinfo=datetime.timezone.utc)
        pk = n * 7919 if n % 4 else "0d2a1c9e-7f55-4a2b-9d3e-%012d" % n
        user = User(pk, "pbkdf2_sha256$1000$salt%d$%x" % (n, rng.getrandbits(128)), login, ["ann@example.com", "", None, "J\u00f6rg@b\u00fccher.example"][n % 4])
        generator = PasswordResetTokenGenerator()
        generator.secret = KEYS[n % 3]
        now = datetime.datetime(2024, 5, 1 + n % 28, n % 24, n, 59 - n, 123456)
        generator._now = lambda: now
        seconds = generator._num_seconds(now)
        token = generator.make_token(user)
        assert generator.check_token(user, token)
        yield {"id": n, "pk": str(pk), "uid": urlsafe_base64_encode(force_bytes(str(pk))), "key": KEYS[n % 3], "made_at": seconds,
               "state": generator._make_hash_value(user, seconds), "token": token}


save("reset_tokens.json", {"tokens": "make_token of a user whose state is `state`, at `made_at` seconds since 2001, with `key`; `uid` is `pk` in a link"},
     tokens=list(tokens(random.Random(1))))
