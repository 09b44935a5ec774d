"""Full, with sessions, CSRF, Basic and database tokens put to use."""
from .settings_full import *  # noqa: F401,F403
from .settings_full import INSTALLED_APPS, REST_FRAMEWORK

ROOT_URLCONF = "backend.urls_accounts"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework.authtoken"]

REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
}

# The reason as plain text: the page itself is each framework's own.
CSRF_FAILURE_VIEW = "accounts.views.failure"
CSRF_TRUSTED_ORIGINS = ["https://app.example.com", "https://*.trusted.example"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
LOGIN_REDIRECT_URL = "/acc/who/"
