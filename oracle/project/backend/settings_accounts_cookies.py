"""Accounts with sessions in signed cookies, and another CSRF cookie."""
from .settings_accounts import *  # noqa: F401,F403

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_SAMESITE = "None"
CSRF_COOKIE_NAME = "secret"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_DOMAIN = ".example.com"
CSRF_COOKIE_PATH = "/acc/"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
