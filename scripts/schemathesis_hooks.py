"""Keeps chance from asking what the reference answers with a 500 too; every operation is asked, and all else of each.

Read by `scripts/schemathesis`. The oracle's shop has columns whose rules no serializer knows, on purpose. What is left out
here was recorded of the real stack, in `oracle/transcripts`, or asked of it, and the conformance application must answer
it alike:

- field_text: an empty `char_unique` that is there already. The reference asks nothing of an empty text, on POST, PUT and
  PATCH; the unique index does.
- field_misc: a booking's negative `seat`, which a condition of the table refuses, on POST, PUT and PATCH.
- crud: a product's `quantity` above 1000000, which a condition of the table refuses, on POST, PUT and PATCH.
- crud, nested: deleting a category that products are in, which `PROTECT` refuses. A category that nothing is in is deleted
  instead, and one that is not there stays a 404.
- asked of the real stack: one label twice in one list of new tags. Each is looked for before any of them is written.
- asked of the real stack: an `ondelete` that leaves out `set_default`, whose default is category 1, while that is not there.
- asked of the real stack: registering `ª` where `a` is there. Names are compared as they came, and normalised when the user
  is made; the unique index refuses then.
"""

import os
import re
import time
import unicodedata
import uuid

import hypothesis
import requests
import schemathesis
from schemathesis.core import NotSet

# Schemathesis asks for cases that are accepted more often, and two thirds of a long run go into the search for those.
hypothesis.target = lambda *_, **__: None

TARGET = os.environ.get("SCHEMATHESIS_TARGET", "")
USER = {"username": "root", "password": os.environ.get("SCHEMATHESIS_PASSWORD", "")}
kept = {}


@schemathesis.auth(refresh_interval=120)
class Login:
    """A soak lasts longer than a token: with one that is over, everything would be a 401, and nothing tried."""

    def get(self, case, context):
        return login()

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context, case, kwargs):
    path, body = case.operation.path, case.body
    if isinstance(body, dict):
        if path.startswith("/api/shop/specimens/"):
            not_empty(body, "char_unique")
        elif path.startswith("/api/shop/bookings/"):
            within(body, "seat", lambda seat: seat >= 0)
        elif path.startswith("/api/shop/products/"):
            within(body, "quantity", lambda quantity: quantity <= 1_000_000)
        elif path.endswith("/register/") and isinstance(body.get("username"), str):
            body["username"] = unicodedata.normalize("NFKC", body["username"])
    elif isinstance(body, list) and path == "/api/shop/bulk-tags/":
        each_label_once(body)
    if case.method.upper() == "POST" and path == "/api/shop/ondelete/":
        without_a_default_that_is_gone(case)
    if case.method.upper() == "DELETE" and path == "/api/shop/categories/{id}/":
        instead_of_one_in_use(case)


def not_empty(body, name):
    if isinstance(body.get(name), str) and not body[name].strip():
        del body[name]


def within(body, name, is_good):
    try:
        # `-640.0` is a whole number to the reference.
        if not is_good(int(re.sub(r"\.0*\s*$", "", str(body[name])))):
            del body[name]
    except (KeyError, ValueError):
        pass


def each_label_once(tags):
    seen = set()
    for tag in [tag for tag in tags if isinstance(tag, dict)]:
        # As it is compared: a label is read as text, and without spaces around it.
        label = str(tag.get("label")).strip()
        if label in seen:
            tags.remove(tag)
        seen.add(label)


def without_a_default_that_is_gone(case):
    headers = {"Authorization": f"Bearer {login()}"}
    if requests.get(f"{TARGET}/api/shop/categories/1/", headers=headers, timeout=20).status_code == 200:
        return
    if isinstance(case.body, dict):
        case.body.setdefault("set_default", None)
    elif isinstance(case.body, NotSet):
        case.body, case.media_type = {"set_default": None}, "application/json"


def instead_of_one_in_use(case):
    headers = {"Authorization": f"Bearer {login()}"}
    categories = f"{TARGET}/api/shop/categories/"
    number = str((case.path_parameters or {}).get("id", ""))
    if not number.isdecimal() or requests.get(f"{categories}{number}/", headers=headers, timeout=20).status_code != 200:
        return
    name = uuid.uuid4().hex
    made = requests.post(categories, json={"name": name, "slug": name}, headers=headers, timeout=20)
    case.path_parameters["id"] = made.json()["id"]


def login():
    """A token, kept for less than half of its life: checking a password is slow on purpose."""
    if not kept or time.monotonic() - kept["since"] > 100:
        kept.update(token=fresh_token(), since=time.monotonic())
    return kept["token"]


def fresh_token():
    """Chance has guessed at passwords before, so that the server may want some patience first."""
    for _ in range(10):
        answer = requests.post(f"{TARGET}/api/token/", json=USER, timeout=60)
        if answer.status_code not in (429, 503):
            break
        time.sleep(int(answer.headers.get("Retry-After", "1")))
    answer.raise_for_status()
    return answer.json()["access"]
