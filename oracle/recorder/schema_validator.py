"""Whether a description keeps the rules of OpenAPI 3.1, by the official schema of it and by JSON Schema 2020-12.

    python -m recorder.schema_validator SCHEMA.json [SCHEMA.yaml]

The second file must say the same as the first.
"""

import json
import sys
from pathlib import Path

import drf_spectacular
import yaml
from jsonschema import Draft202012Validator

RULES = Path(drf_spectacular.__file__).parent / "validation" / "openapi_3_1_schema.json"


def wrong(document):
    for error in Draft202012Validator(json.loads(RULES.read_text())).iter_errors(document):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        try:
            Draft202012Validator.check_schema(schema)
        except Exception as error:
            yield f"{name}: {str(error)[:300]}"


def main(path, same=None):
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    found = list(wrong(document))
    if same and yaml.safe_load(Path(same).read_text(encoding="utf-8")) != document:
        found.append(f"{same} says something else than {path}")
    print("\n".join(found) or "valid")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
