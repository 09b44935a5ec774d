"""Compares two descriptions of one API, operation by operation: ours with the recorded one of drf-spectacular.

    python -m recorder.schemas OURS.json vectors/openapi/full.json vectors/openapi/differences.txt

A fact is a line such as `GET /notes/ 200 [].title type = string`. A fact that differs must be one of the differences that
are listed with an id and a reason; a difference that is listed must be there.
"""

import json
import re
import sys

METHODS = ("get", "post", "put", "patch", "delete")
LIMITS = ("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "minItems", "maxItems")


class Reader:
    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        seen = 0
        while isinstance(schema, dict) and "$ref" in schema and seen < 20:
            at = self.document
            for name in schema["$ref"].split("/")[1:]:
                at = at[name]
            schema = {**at, **{key: value for key, value in schema.items() if key != "$ref"}}
            seen += 1
        return schema if isinstance(schema, dict) else {}

    def branches(self, schema):
        """The ways to be right, without references and unions."""
        schema = self.resolve(schema)
        for word in ("oneOf", "anyOf"):
            if word in schema:
                rest = {key: value for key, value in schema.items() if key != word}
                return [{**rest, **branch} for one in schema[word] for branch in self.branches(one)]
        if "allOf" in schema:
            whole = {key: value for key, value in schema.items() if key != "allOf"}
            for one in schema["allOf"]:
                for branch in self.branches(one):
                    whole = {**whole, **branch}
            return [whole]
        return [schema]

    def facts(self, schema, place, depth=0):
        types, enum, limits, formats = set(), set(), {}, set()
        is_null = False
        branches = self.branches(schema)
        for branch in branches:
            own = branch.get("type")
            own = own if isinstance(own, list) else [own] if own else []
            if "null" in own or branch.get("enum") == [None]:
                is_null = True
            if branch.get("maxLength") == 0 or branch.get("enum") == [""]:
                enum.add('""')
                types.add("string")
                continue
            if branch.get("enum") == [None] or own == ["null"]:
                continue
            types |= set(own) - {"null"}
            enum |= {json.dumps(value) for value in branch.get("enum", ()) if value is not None}
            if branch.get("format"):
                formats.add(branch["format"])
            for name in LIMITS:
                if name in branch:
                    limits[name] = branch[name]
        if '""' in enum and len(enum) == 1:
            enum = set()
            yield f"{place} blank", "yes"
        if "integer" in types and "number" in types:
            types.discard("integer")
        yield f"{place} type", "|".join(sorted(types)) or "anything"
        if formats:
            yield f"{place} format", "|".join(sorted(formats))
        if is_null:
            yield f"{place} null", "yes"
        if enum:
            yield f"{place} enum", " ".join(sorted(enum))
        for name, value in limits.items():
            yield f"{place} {name}", str(value)
        if depth > 5:
            return
        for branch in branches:
            if isinstance(branch.get("items"), dict):
                yield from self.facts(branch["items"], f"{place}[]", depth + 1)
            if isinstance(branch.get("additionalProperties"), dict) and "properties" not in branch:
                yield from self.facts(branch["additionalProperties"], f"{place}.*", depth + 1)
            required = branch.get("required", [])
            for name, one in branch.get("properties", {}).items():
                yield f"{place}.{name}", "required" if name in required else "optional"
                yield from self.facts(one, f"{place}.{name}", depth + 1)

    def all(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield from self.operation(f"{method.upper()} {path}", item[method])

    def operation(self, place, told):
        yield f"{place} id", told["operationId"]
        yield f"{place} tags", " ".join(told.get("tags", []))
        security = {" ".join(sorted(one)) or "nobody" for one in told.get("security", [])}
        yield f"{place} security", " or ".join(sorted(security)) or "nobody"
        for one in told.get("parameters", []):
            at = f"{place} {one['in']} {one['name']}"
            yield at, "required" if one.get("required") else "optional"
            yield from self.facts(one.get("schema", {}), at)
            if "explode" in one:
                yield f"{at} explode", str(one["explode"])
        body = told.get("requestBody")
        if body:
            yield f"{place} body", "required" if body.get("required") else "optional"
            for media_type in body["content"]:
                yield f"{place} body as {media_type}", "yes"
            first = body["content"].get("application/json") or next(iter(body["content"].values()))
            yield from self.facts(first.get("schema", {}), f"{place} body")
        for status, answer in told["responses"].items():
            yield f"{place} {status}", "answered"
            for media_type, content in answer.get("content", {}).items():
                yield f"{place} {status} as {media_type}", "yes"
                if status.startswith("2"):
                    yield from self.facts(content.get("schema", {}), f"{place} {status}")


def differences(ours, theirs):
    mine, other = dict(Reader(ours).all()), dict(Reader(theirs).all())
    gone = {key.rsplit(" id", 1)[0] for key in other if key.endswith(" id") and key not in mine}
    new = {key.rsplit(" id", 1)[0] for key in mine if key.endswith(" id") and key not in other}
    for place in sorted(gone):
        yield f"{place}: described -> not"
    for place in sorted(new):
        yield f"{place}: not -> described"
    known = gone | new
    # What stands within something that differs is not told again.
    told, undescribed = set(), set()
    for key in sorted({**mine, **other}):
        operation = " ".join(key.split(" ")[:2])
        if operation in known or mine.get(key) == other.get(key):
            continue
        parent = key
        is_within = False
        # What nobody described is anything to us; whatever the reference guesses of it is one difference.
        if any(mine.get(f"{operation} {status} type") == "anything" for status in ("200", "201")):
            place = key[len(operation) + 1 :]
            if place.startswith(("2", "body")):
                undescribed.add(operation)
                continue
        while True:
            cut = max(parent.rfind("."), parent.rfind("[]"), parent.rfind(" "))
            if cut <= 0:
                break
            parent = parent[:cut]
            if parent in told:
                is_within = True
                break
        if is_within:
            continue
        if mine.get(key) is None or other.get(key) is None:
            told.add(key)
        yield f"{key}: {other.get(key, '-')} -> {mine.get(key, '-')}"
    for operation in sorted(undescribed):
        yield f"{operation}: guessed -> anything"


def rules(path):
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            parts = line.split(" | ")
            assert len(parts) == 3, f"{path}:{number}: `id | expression | reason`"
            yield parts[0], re.compile(parts[1]), parts[2]


def main(ours, theirs, listed):
    ours, theirs = (json.load(open(path, encoding="utf-8")) for path in (ours, theirs))
    known = list(rules(listed))
    used, wrong, counts = set(), [], {}
    for one in differences(ours, theirs):
        found = next((rule for rule in known if rule[1].search(one)), None)
        if found is None:
            wrong.append(one)
        else:
            used.add(found[0])
            counts[found[0]] = counts.get(found[0], 0) + 1
    same = set(dict(Reader(ours).all()).items()) & set(dict(Reader(theirs).all()).items())
    print(f"facts the same: {len(same)}; differences listed: {sum(counts.values())} by {len(used)} rules; not listed: {len(wrong)}")
    for name in counts:
        print(f"  {name}: {counts[name]}")
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
