"""Accounts with most defaults of sessions and CSRF replaced."""
from .settings_accounts import *  # noqa: F401,F403

SESSION_COOKIE_NAME = "sid"
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_DOMAIN = ".example.com"
SESSION_COOKIE_PATH = "/acc/"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = False
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_USE_SESSIONS = True
CSRF_HEADER_NAME = "HTTP_X_MY_TOKEN"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
LOGOUT_REDIRECT_URL = "/acc/quiet/"
