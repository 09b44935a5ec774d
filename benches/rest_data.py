"""What benches/rest.py fills databases with, the tokens that it sends, and what all contestants must answer alike."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import sqlite3
import time

from queries import psql

SECRET = b"a-key-of-the-benchmark-that-protects-nothing-at-all"
PASSWORD = "a password of the benchmark"
ROWS, USERS, CATEGORIES, COMMENTS = 10_000, 100, 20, 30_000
# As of a site that is in use: PostgreSQL keeps a plan that it made for a table that was all but empty, whoever asks.
TOKENS = 10_000


def fill(kind, url, rows=ROWS):
    """Rows for tables that were just made, of which so many are articles."""
    values = {"rows": rows, "authors": authors(rows), "categories": CATEGORIES, "users": USERS}
    values |= {"hash": password_hash(PASSWORD), "letters": f"'{'eyJh' * 50}'"}
    if kind == "SQLite":
        sql = NUMBERS.format(count=max(rows, COMMENTS, TOKENS)) + FILL.format(**values, **numbered(SQLITE, rows))
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
            connection.executescript(sql + "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")
    else:
        psql(url, FILL.format(**values, **numbered(POSTGRES, rows)))
        psql(url, "VACUUM ANALYZE")


def authors(rows):
    """How many users have articles: each has twenty at least."""
    return min(USERS, rows // 100)


def password_hash(password):
    salt, iterations = "saltsaltsaltsaltsalt22", 1_000_000
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def reference(url):
    """The variables by which the reference's project finds a database."""
    if url.startswith("sqlite://"):
        return {"DATABASE": url.removeprefix("sqlite://")}
    name = url.partition("?")[0].rpartition("/")[2]
    user = re.search("//([^@]+)@", url)
    folder = re.search("host=([^&]+)", url)
    return {
        "PGDATABASE": name,
        "PGUSER": user[1] if user else os.environ.get("PGUSER", ""),
        "PGHOST": folder[1] if folder else os.environ.get("PGHOST", ""),
        "PGPORT": os.environ.get("PGPORT", "5432"),
    }


# The same rows for both, by a table of numbers and four words that differ.
FILL = """
INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
SELECT '{hash}', {no}, 'user' || n, '', '', '', {no}, {yes}, {now} FROM {numbers_users};
INSERT INTO press_category (name) SELECT 'Category ' || n FROM {numbers_categories};
INSERT INTO press_article (title, slug, body, views, published, created_at, category_id, author_id)
SELECT 'The title of article ' || n, 'article-' || n,
    'The text of article ' || n || ', a "quoted" word, and so much more that it is about one hundred and twenty letters long.',
    n % 1000, n % 7 <> 0, {moment}, n % {categories} + 1, n % {authors} + 1
FROM {numbers_rows};
INSERT INTO press_comment (article_id, name, text)
SELECT n % {rows} + 1, 'Somebody ' || n, 'Number ' || n || ' of what was said of an article.' FROM {numbers_comments};
INSERT INTO token_blacklist_outstandingtoken (token, jti, user_id, created_at, expires_at)
SELECT 'A token as long as they are: ' || {letters}, 'token-' || n, n % {users} + 1, {moment}, {moment} FROM {numbers_tokens};
INSERT INTO token_blacklist_blacklistedtoken (token_id, blacklisted_at)
SELECT id, created_at FROM token_blacklist_outstandingtoken WHERE id % 10 <> 0;
"""

NUMBERS = """
CREATE TEMP TABLE numbers AS
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count}) SELECT n FROM number;
"""


def numbered(words, rows):
    counts = {"users": USERS, "categories": CATEGORIES, "rows": rows, "comments": COMMENTS, "tokens": TOKENS}
    return {**words, **{f"numbers_{name}": words["numbers"].format(count=count) for name, count in counts.items()}}


SQLITE = {
    "numbers": "numbers WHERE n <= {count}",
    "no": "0",
    "yes": "1",
    "now": "'2024-01-01 00:00:00.123456'",
    "moment": "strftime('%Y-%m-%d %H:%M:%S', 1700000000 + n * 37, 'unixepoch') || '.123456'",
}

POSTGRES = {
    "numbers": "generate_series(1, {count}) AS n",
    "no": "false",
    "yes": "true",
    "now": "'2024-01-01 00:00:00.123456+00'",
    "moment": "to_timestamp(1700000000 + n * 37) + interval '123456 microseconds'",
}


# Tokens.


def tokens(item, connections, users=USERS):
    """What a run of wrk sends: an access token of each user, or refresh tokens that nobody sent in yet."""
    if item == "refresh":
        return [token("refresh", number % USERS + 1) for number in range(4 * connections)]
    made = [token("access", number + 1) for number in range(users)]
    return [text[:-4] + "AAAA" for text in made] if item == "unauthorized" else made


def token(token_type, user, lifetime=20 * 3600):
    now = int(time.time())
    claims = {"token_type": token_type, "exp": now + lifetime, "iat": now, "jti": os.urandom(16).hex(), "user_id": str(user)}
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    return f"{text}.{unpadded(hmac.digest(SECRET, text.encode(), 'sha256'))}"


def encoded(value):
    return unpadded(json.dumps(value, separators=(",", ":")).encode())


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# What is answered alike.


def asked():
    """Method, path, token, what is sent, status. Nothing but keys, moments of making and tokens may differ."""
    good, used = token("access", 7), token("refresh", 7)
    late, forged = token("access", 7, lifetime=-60), good[:-4] + "AAAA"
    new = {"title": "A new title", "slug": "compared", "body": "Some text.", "category": 3}
    yield "GET", "/hello/", None, None, 200
    yield "GET", "/latest/", good, None, 200
    yield "GET", "/commented/", good, None, 200
    yield "GET", "/articles/4711/", good, None, 200
    for query in ("category=6&published=true&search=7&page=2", "search=article+77,7", "page=500", "category=3"):
        yield "GET", f"/articles/?{query}", good, None, 200
    yield "POST", "/articles/", good, new, 201
    yield "POST", "/articles/", good, {**new, "slug": "more", "views": "12", "published": False, "category": "4"}, 201
    yield "PATCH", "/articles/4711/", good, {"title": "  Another title "}, 200
    yield "PATCH", "/articles/4712/", good, {"slug": "article-4712", "views": 5, "category": 1}, 200
    yield "GET", "/articles/4711/", good, None, 200
    # Refusals.
    yield "POST", "/articles/", good, {"title": "", "slug": "no slug!", "body": "Some text.", "category": 999999}, 400
    yield "POST", "/articles/", good, {}, 400
    yield "POST", "/articles/", good, new, 400
    yield "POST", "/articles/", good, {**new, "slug": "x" * 61, "title": "y" * 101}, 400
    yield "POST", "/articles/", good, {"title": None, "slug": None, "body": [], "views": "x", "published": 7, "category": None}, 400
    yield "POST", "/articles/", good, {**new, "slug": "other", "category": "x"}, 400
    yield "PATCH", "/articles/4711/", good, {"slug": "article-1"}, 400
    yield "GET", "/articles/99999/", good, None, 404
    yield "GET", "/articles/x/", good, None, 404
    yield "GET", "/articles/?page=0", good, None, 404
    yield "GET", "/articles/?category=99", good, None, 400
    yield "GET", "/latest/", None, None, 401
    yield "GET", "/latest/", forged, None, 401
    yield "GET", "/latest/", late, None, 401
    yield "GET", "/latest/", used, None, 401
    yield "POST", "/token/", None, {"username": "user7", "password": PASSWORD}, 200
    yield "POST", "/token/", None, {"username": "user7", "password": "another"}, 401
    yield "POST", "/token/refresh/", None, {"refresh": used}, 200
    yield "POST", "/token/refresh/", None, {"refresh": used}, 401
    yield "POST", "/token/refresh/", None, {"refresh": forged}, 401


def asked_of_any_size():
    """The same of a table of any size."""
    yield "GET", "/latest/", token("access", 1), None, 200


def compare(servers, requests):
    """Everybody must answer as the first does."""
    for number, (method, path, token, sends, status) in enumerate(requests):
        wanted = None
        for running in servers.values():
            answer = plain(*ask(running, method, path, token, sends))
            wanted = wanted or answer
            if answer != wanted or answer[0] != status:
                told = f"{answer[0]} {answer[1][:300]!r}, not {status} {wanted[1][:300]!r}"
                raise RuntimeError(f"`{running.name}` answers {number}: {method} {path} with {told}")


def ask(running, method, path, token, sends):
    headers = {"Host": "bench", "Accept": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Content-Type": "application/json"} if sends is not None else {}
    host, port = running.address.split(":")
    with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=20)) as connection:
        connection.request(method, path, body=None if sends is None else json.dumps(sends), headers=headers)
        response = connection.getresponse()
        return response.status, response.read()


def plain(status, body):
    """An answer without what is new in each: when a row was made, and tokens."""
    text = body.decode()
    if status == 201:
        text = re.sub(r'"created_at":"[^"]+\.\d{6}Z"', '"created_at":""', text)
    return status, re.sub(r'"(access|refresh)":"[\w-]+\.[\w-]+\.[\w-]+"', r'"\1":""', text)
