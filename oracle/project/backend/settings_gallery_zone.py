"""The gallery in a time zone whose clocks change."""
from .settings_gallery import *  # noqa: F401,F403

TIME_ZONE = "America/New_York"
