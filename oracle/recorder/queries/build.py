"""A described query as a QuerySet of the reference. The description is told in oracle/README.md."""
from django.apps import apps
from django.contrib.postgres import aggregates as postgres, search
from django.db import models
from django.db.models import (
    Case, Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, RowRange, Subquery, Value, ValueRange, When, Window,
    functions,
)
from django.db.models.expressions import OrderBy, RawSQL
from django.db.models.functions import datetime as parts

from .values import decode, is_value


def query(said):
    """The QuerySet of a description."""
    if "combined" in said:
        first, *others = [query(one) for one in said["combined"]["queries"]]
        how = getattr(first, said["combined"]["op"])
        qs = how(*others, all=True) if said["combined"].get("all") else how(*others)
    else:
        qs = apps.get_model(said["model"])._default_manager.all()
    for step in said.get("steps", []):
        (kind, content), = step.items()
        qs = STEPS[kind](qs, content)
    if said.get("none"):
        qs = qs.none()
    if "order" in said:
        qs = qs.order_by(*[order(one) for one in said["order"]])
    if said.get("reverse"):
        qs = qs.reverse()
    if "distinct" in said:
        qs = qs.distinct() if said["distinct"] is True else qs.distinct(*said["distinct"])
    if "only" in said:
        qs = qs.only(*said["only"])
    if "defer" in said:
        qs = qs.defer(*said["defer"])
    for word, names in said.get("load", []):
        qs = getattr(qs, word)(*names)
    if "related" in said:
        qs = qs.select_related() if said["related"] is True else qs.select_related(*said["related"])
    if "lock" in said:
        options = dict(said["lock"])
        qs = qs.select_for_update(**{key: tuple(it) if key == "of" else it for key, it in options.items()})
    if "slice" in said:
        start, stop = said["slice"]
        qs = qs[start:stop]
    return qs


def values(qs, content):
    """Rows as values: names and what they are. A name of a path by itself is given as such; tuples come."""
    pairs = [(it, {"$f": it}) if isinstance(it, str) else it for it in content]
    named = {name: expr(it) for name, it in pairs if it != {"$f": name}}
    # As `values()` does it: what is computed is an annotation, whose name is then chosen.
    return (qs.annotate(**named) if named else qs).values_list(*[name for name, _ in pairs])


def datetimes(qs, content):
    name, each, order_, *zone = content
    return qs.datetimes(name, each, order_, tzinfo=tzinfo(zone[0]) if zone else None)


STEPS = {
    "dates": lambda qs, content: qs.dates(*content),
    "datetimes": datetimes,
    "filter": lambda qs, content: qs.filter(*conditions(content)),
    "exclude": lambda qs, content: qs.exclude(*conditions(content)),
    "annotate": lambda qs, content: qs.annotate(**{content[0]: expr(content[1])}),
    "alias": lambda qs, content: qs.alias(**{content[0]: expr(content[1])}),
    "values": values,
    "filtered_relation": lambda qs, content: qs.annotate(
        **{content[0]: FilteredRelation(content[1], condition=condition(content[2]))}
    ),
}


def conditions(content):
    return [condition(content)]


def condition(said):
    """A condition: `[word, ...]`."""
    word, *rest = said
    if word in ("and", "or", "xor"):
        return Q(*[part for one in rest for part in squashed(condition(one))], _connector=word.upper())
    if word == "not":
        return ~condition(rest[0])
    if word == "is":
        return Q((rest[0], right(rest[1])))
    if word == "compare":
        return Q(Compared(expr(rest[0]), rest[1], right(rest[2])))
    if word == "expr":
        return Q(expr(rest[0]))
    raise TypeError("no condition: %r" % (said,))


def squashed(it):
    """What `&`, `|` and `^` make of a part: one that holds a single condition is that condition."""
    return it.children if len(it.children) == 1 and not it.negated else [it]


class Compared:
    """A comparison that is resolved where its left side is: transforms and lookups by name."""

    contains_aggregate = False
    conditional = True

    def __init__(self, left, path, value):
        self.left, self.path, self.value = left, path, value

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        left = self.left.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        value = self.value
        if hasattr(value, "resolve_expression"):
            value = value.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        elif isinstance(value, (list, tuple)):
            value = [
                one.resolve_expression(query, allow_joins, reuse, summarize, for_save)
                if hasattr(one, "resolve_expression") else one for one in value
            ]
        return query.build_lookup(self.path.split("__"), left, value)


def right(said):
    """What is compared with: a constant stays one."""
    if isinstance(said, list):
        return [right(one) for one in said]
    if isinstance(said, dict) and "$list" in said:
        return [right(one) for one in said["$list"]]
    if is_value(said) and not (isinstance(said, dict) and "$value" in said):
        return decode(said)
    if isinstance(said, dict) and "$subquery" in said:
        # `in` takes the query itself, other lookups too.
        return query(said["$subquery"])
    return expr(said)


def expr(said):
    """An expression; a plain value is a constant."""
    if isinstance(said, list):
        return [expr(one) for one in said]
    if is_value(said):
        return Value(decode(said))
    (tag, content), = said.items()
    return EXPRESSIONS[tag](content)


def field(said):
    made = getattr(models, said["class"])
    return made(**said.get("kwargs", {}))


def order(said):
    """What to order by: `-name`, or a value with its direction."""
    if isinstance(said, str):
        return said
    by = said["by"]
    by = F(by) if isinstance(by, str) else expr(by)
    nulls = said.get("nulls")
    return OrderBy(by, descending=said.get("desc", False), nulls_first=nulls == "first" or None, nulls_last=nulls == "last" or None)


def as_field(content):
    of, kind = content
    if is_value(of):
        return Value(decode(of), output_field=field(kind))
    return ExpressionWrapper(expr(of), output_field=field(kind))


def func(content):
    name, args = content
    made = getattr(functions, name, None) or getattr(search, name)
    args = [expr(one) for one in args]
    if name in ("SearchRank", "SearchHeadline"):
        # A field's name and a text by themselves mean these.
        of = search.SearchVector(args[0]) if name == "SearchRank" else args[0]
        return made(of, search.SearchQuery(args[1].value))
    if name == "JSONObject":
        keys = [key.value for key in args[::2]]
        return made(**dict(zip(keys, args[1::2])))
    # These take numbers and texts of their own, not values.
    plain = {"Lag": (1,), "Lead": (1,), "NthValue": (1,), "Ntile": (0,)}.get(name, ())
    args = [one.value if at in plain else one for at, one in enumerate(args)]
    return made(*args)


def extract(content):
    part, of, *zone = content
    made = {
        "year": parts.ExtractYear, "iso_year": parts.ExtractIsoYear, "month": parts.ExtractMonth, "day": parts.ExtractDay,
        "week": parts.ExtractWeek, "week_day": parts.ExtractWeekDay, "iso_week_day": parts.ExtractIsoWeekDay,
        "quarter": parts.ExtractQuarter, "hour": parts.ExtractHour, "minute": parts.ExtractMinute, "second": parts.ExtractSecond,
    }.get(part)
    zone = tzinfo(zone[0]) if zone and zone[0] else None
    return made(expr(of), tzinfo=zone) if made else parts.Extract(expr(of), lookup_name=part, tzinfo=zone)


def truncate(content):
    part, of, *more = content
    zone = tzinfo(more[0]) if more and more[0] else None
    kind = {"output_field": field(more[1])} if len(more) > 1 and more[1] else {}
    if part in ("date", "time"):
        return getattr(parts, "Trunc" + part.title())(expr(of), tzinfo=zone, **kind)
    return parts.Trunc(expr(of), part, tzinfo=zone, **kind)


def tzinfo(name):
    import zoneinfo
    return zoneinfo.ZoneInfo(name)


def aggregate(said):
    made = getattr(models, said["name"], None) or getattr(postgres, said["name"])
    options = {}
    if said.get("distinct"):
        options["distinct"] = True
    if "filter" in said:
        options["filter"] = condition(said["filter"])
    if "default" in said:
        options["default"] = expr(said["default"])
    if "order" in said:
        options["ordering"] = [order(one) for one in said["order"]]
    args = [expr(one) for one in said["args"]]
    if said["name"] == "StringAgg":
        # A text of its own, not a value.
        args[1] = args[1].value
    if said["name"] == "Count" and not args:
        args = ["*"]
    if said["name"] in ("StdDev", "Variance") and said.get("sample"):
        options["sample"] = True
    return made(*args, **options)


def window(said):
    options = {}
    if said.get("partition"):
        options["partition_by"] = [expr(one) for one in said["partition"]]
    if said.get("order"):
        options["order_by"] = [order(one) for one in said["order"]]
    if said.get("frame"):
        unit, start, end = said["frame"]
        options["frame"] = {"rows": RowRange, "range": ValueRange}[unit](start=start, end=end)
    return Window(expr(said["of"]), **options)


def combined(content):
    left, operator, behind = content
    left, behind = expr(left), expr(behind)
    how = {
        "+": lambda: left + behind, "-": lambda: left - behind, "*": lambda: left * behind, "/": lambda: left / behind,
        "%": lambda: left % behind, "^": lambda: left ** behind, "&": lambda: left.bitand(behind), "|": lambda: left.bitor(behind),
        "#": lambda: left.bitxor(behind), "<<": lambda: left.bitleftshift(behind), ">>": lambda: left.bitrightshift(behind),
    }
    return how[operator]()


def case(said):
    whens = [When(condition(test), then=expr(result)) for test, result in said["cases"]]
    return Case(*whens, default=expr(said["default"])) if "default" in said else Case(*whens)


def raw(content):
    sql, params = content
    # A question mark stands for a value, two for one of them.
    text = sql.replace("%", "%%").replace("??", "\0").replace("?", "%s").replace("\0", "?")
    return RawSQL(text, [decode(one) for one in params])


EXPRESSIONS = {
    "$f": F,
    "$outer": OuterRef,
    "$as": as_field,
    "$list": lambda content: [expr(one) for one in content],
    "$func": func,
    "$extract": extract,
    "$truncate": truncate,
    "$aggregate": aggregate,
    "$window": window,
    "$combined": combined,
    "$case": case,
    "$cast": lambda content: functions.Cast(expr(content[0]), field(content[1])),
    "$collate": lambda content: functions.Collate(expr(content[0]), content[1]),
    "$condition": lambda content: ExpressionWrapper(condition(content), output_field=models.BooleanField()),
    "$subquery": lambda content: Subquery(query(content)),
    "$exists": lambda content: Exists(query(content)),
    "$raw": raw,
}
