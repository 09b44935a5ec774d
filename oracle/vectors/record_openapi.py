"""Records how drf-spectacular describes the project. Writes openapi/PROFILE.json beside itself.

Run with the interpreter of oracle/venv. Version 3.1 and requests with components of their own, as the tool has both by a
setting: what is shown and what is taken are told apart then.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "project"
PROFILES = ["full", "gallery", "accounts"]

DESCRIBE = """
import django
django.setup()
from django.conf import settings
settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
from drf_spectacular.settings import spectacular_settings
spectacular_settings.apply_patches({"OAS_VERSION": "3.1.1", "COMPONENT_SPLIT_REQUEST": True, "TITLE": "Oracle", "VERSION": "1.0.0"})
from drf_spectacular.generators import SchemaGenerator
import json
print("SCHEMA" + json.dumps(SchemaGenerator().get_schema(request=None, public=True), indent=1, sort_keys=True, default=str))
"""


def record(profile):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": f"backend.settings_{profile}", "ORACLE_SQLITE": ":memory:"}
    done = subprocess.run([sys.executable, "-c", DESCRIBE], cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    document = json.loads(done.stdout.split("SCHEMA", 1)[1])
    path = HERE / "openapi" / f"{profile}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    count = sum(len(operations) for operations in document["paths"].values())
    print(f"{path.name:16} operations={count} schemas={len(document['components']['schemas'])}")


if __name__ == "__main__":
    for name in sys.argv[1:] or PROFILES:
        record(name)
