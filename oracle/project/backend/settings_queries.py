"""Full, with the models that only queries are about. Nothing is served with it."""
from .settings_full import *  # noqa: F401,F403
from .settings_full import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "census"]
