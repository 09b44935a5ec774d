"""Values to JSON and back: plain JSON, or one tag. Those of the models' encoding, and results with exact types."""
import datetime
import decimal
import json
import uuid

UTC = datetime.timezone.utc


def encode(it):
    """A value of a row. Lists and dictionaries only come out of JSON."""
    if it is None or isinstance(it, bool) or type(it) in (int, str):
        return it
    if isinstance(it, float):
        return it if it == it and it not in (float("inf"), float("-inf")) else {"$float": repr(it)}
    if isinstance(it, decimal.Decimal):
        return {"$decimal": format(it, "f")}
    if isinstance(it, uuid.UUID):
        return {"$uuid": str(it)}
    if isinstance(it, datetime.datetime):
        # What is computed of a date has no zone.
        it = it.astimezone(UTC).replace(tzinfo=None) if it.tzinfo else it
        return {"$datetime": it.isoformat(sep=" ")}
    if isinstance(it, datetime.date):
        return {"$date": it.isoformat()}
    if isinstance(it, datetime.time):
        return {"$time": it.isoformat()}
    if isinstance(it, datetime.timedelta):
        return {"$duration": it // datetime.timedelta(microseconds=1)}
    if isinstance(it, (bytes, memoryview)):
        return {"$bytes": bytes(it).hex()}
    if isinstance(it, tuple):
        return {"$key": [encode(part) for part in it]}
    if isinstance(it, (dict, list)):
        return {"$json": json.dumps(it, ensure_ascii=False)}
    if isinstance(it, str):
        return str(it)
    raise TypeError("no encoding for %s: %r" % (type(it), it))


def is_value(it):
    """Whether a piece of a description is a value."""
    return not isinstance(it, (dict, list)) or (isinstance(it, dict) and len(it) == 1 and next(iter(it)) in TAGS)


def decode(it):
    if not isinstance(it, dict):
        return it
    (tag, content), = it.items()
    return TAGS[tag](content)


TAGS = {
    "$decimal": decimal.Decimal,
    "$uuid": uuid.UUID,
    "$datetime": lambda text: datetime.datetime.fromisoformat(text).replace(tzinfo=UTC),
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$duration": lambda micro: datetime.timedelta(microseconds=micro),
    "$bytes": bytes.fromhex,
    "$json": json.loads,
    "$value": decode,
}
