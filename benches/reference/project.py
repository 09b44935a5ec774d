"""The small project with the reference: the same tables, routes, checks and bytes as benches/rest.

DATABASE names a file of SQLite, or PGHOST, PGPORT, PGUSER and PGDATABASE a database of PostgreSQL. The tables are made by
somebody else. `gunicorn project:wsgi` and `uvicorn project:asgi` serve it.
"""

import datetime
import os

import django
from django.conf import settings

FILE = os.environ.get("DATABASE")

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": FILE,
    "OPTIONS": {"init_command": "PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 134217728;", "transaction_mode": "IMMEDIATE"},
}

POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ.get("PGDATABASE"),
    "USER": os.environ.get("PGUSER"),
    "HOST": os.environ.get("PGHOST"),
    "PORT": os.environ.get("PGPORT"),
}

# Connections that stay are for threads that stay, which those of an asynchronous server do not.
MAX_AGE = 0 if os.environ.get("IS_ASYNC") else None

settings.configure(
    SECRET_KEY="a-key-of-the-benchmark-that-protects-nothing-at-all",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="routes",
    DATABASES={"default": {**(SQLITE if FILE else POSTGRES), "CONN_MAX_AGE": MAX_AGE}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
        "django_filters",
        "press",
    ],
    MIDDLEWARE=[
        "corsheaders.middleware.CorsMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
    SIMPLE_JWT={
        "ACCESS_TOKEN_LIFETIME": datetime.timedelta(hours=24),
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TIME_ZONE="UTC",
    USE_TZ=True,
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

wsgi = get_wsgi_application()
asgi = get_asgi_application()
