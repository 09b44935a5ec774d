"""Full, with the gallery, and a folder for uploaded files."""
import os

from .settings_full import *  # noqa: F401,F403
from .settings_full import BASE_DIR, INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "gallery"]
ROOT_URLCONF = "backend.urls_gallery"

MEDIA_ROOT = os.getenv("ORACLE_MEDIA") or BASE_DIR / "media"
MEDIA_URL = "/media/"

REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": {
        **REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"],
        "uploads": "2/min", "reads": "3/hour", "burst": "2/s", "steady": "4/day", "never": None,
    },
}
