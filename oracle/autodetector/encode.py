"""Django's fields, expressions, models and operations as JSON. What has no encoding here is an error."""
import datetime
import decimal
import inspect
import types
import uuid

from django.apps.registry import apps as live
from django.conf import settings
from django.core import validators
from django.db import models
from django.db.migrations.state import ModelState
from django.db.models.constraints import BaseConstraint
from django.db.models.enums import Choices
from django.db.models.expressions import BaseExpression, Case, CombinedExpression, OrderBy, When
from django.db.models.fields import Field
from django.db.models.functions import Cast, Collate
from django.utils.functional import Promise


def value(it):
    """A value of any kind. Plain JSON stands for itself; a list or a tuple is a list; the rest is tagged."""
    if isinstance(it, Choices):
        return value(it.value)
    if isinstance(it, Promise):
        return str(it)
    if hasattr(it, "setting_name"):
        return {"$setting": it.setting_name, "to": str(it).lower()}
    if it is None or isinstance(it, (bool, int, float)) or type(it) is str:
        return it
    if isinstance(it, (list, tuple)):
        return [value(part) for part in it]
    if isinstance(it, (set, frozenset)):
        return {"$set": sorted(value(part) for part in it)}
    if isinstance(it, dict):
        return {"$dict": [[value(key), value(part)] for key, part in it.items()]}
    for kind, tag, text in SCALARS:
        if isinstance(it, kind):
            return {tag: text(it)}
    if isinstance(it, models.Deferrable):
        return {"$deferrable": it.name}
    if isinstance(it, Field):
        return {"$field": field(it)}
    if isinstance(it, models.F) and type(it) is models.F:
        return {"$f": it.name}
    if isinstance(it, models.Q):
        return {"$q": {"connector": it.connector, "negated": it.negated, "children": [child(part) for part in it.children]}}
    if isinstance(it, BaseExpression):
        return expression(it)
    if isinstance(it, models.Index):
        return {"$index": {"class": known(type(it), "django.db.models", "django.contrib.postgres.indexes"), **arguments(it)}}
    if isinstance(it, BaseConstraint):
        return {"$constraint": {"class": known(type(it), "django.db.models"), **arguments(it)}}
    if isinstance(it, VALIDATORS):
        return {"$validator": {"class": known(type(it), "django.core.validators", "django.contrib.auth.validators"), **arguments(it)}}
    if getattr(it, "deconstruct", None) and it.deconstruct()[0] == "django.db.models.SET":
        return {"$set_on_delete": value(it.deconstruct()[1][0])}
    if isinstance(it, (types.FunctionType, types.BuiltinFunctionType, type)):
        if "<lambda>" in it.__qualname__:
            return {"$lambda": True}
        return {"$function": "%s.%s" % (it.__module__, it.__qualname__)}
    if isinstance(it, types.MethodType) and isinstance(it.__self__, type):
        return {"$function": "%s.%s.%s" % (it.__self__.__module__, it.__self__.__qualname__, it.__name__)}
    raise TypeError("no encoding for %s: %r" % (type(it), it))


SCALARS = [
    (decimal.Decimal, "$decimal", str),
    (uuid.UUID, "$uuid", str),
    (datetime.datetime, "$datetime", lambda it: it.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat(sep=" ")),
    (datetime.date, "$date", lambda it: it.isoformat()),
    (datetime.time, "$time", lambda it: it.isoformat()),
    (datetime.timedelta, "$duration", lambda it: it // datetime.timedelta(microseconds=1)),
    (bytes, "$bytes", bytes.hex),
]
VALIDATORS = (validators.BaseValidator, validators.RegexValidator, validators.EmailValidator, validators.DecimalValidator,
              validators.FileExtensionValidator, validators.ProhibitNullCharactersValidator)


def child(it):
    """A part of a condition: a lookup, or another condition or expression."""
    return [it[0], value(it[1])] if isinstance(it, tuple) else value(it)


def expression(it):
    if isinstance(it, models.Value):
        if getattr(it, "_output_field", None) is not None:
            raise TypeError("no encoding for a value with an output field: %r" % it)
        return {"$value": value(it.value)}
    if type(it) is CombinedExpression:
        return {"$combined": [value(it.lhs), it.connector, value(it.rhs)]}
    if type(it) is OrderBy:
        return {"$orderby": {"expr": value(it.expression), "descending": it.descending,
                             "nulls_first": bool(it.nulls_first), "nulls_last": bool(it.nulls_last)}}
    if type(it) is Case:
        return {"$case": {"cases": [[value(when.condition), value(when.result)] for when in it.cases], "default": value(it.default)}}
    if isinstance(it, When):
        raise TypeError("a case outside of Case: %r" % it)
    if isinstance(it, models.Func):
        path, args, kwargs = it.deconstruct()
        known(type(it), "django.db.models")
        if kwargs:
            raise TypeError("no encoding for the options of a function: %r %r" % (it, kwargs))
        if type(it) is Cast:
            return {"$cast": [argument(args[0]), field(args[1])]}
        if type(it) is Collate:
            return {"$collate": [argument(args[0]), args[1]]}
        if type(it).__init__ is not models.Func.__init__ and any(isinstance(arg, str) for arg in args[1:]):
            raise TypeError("a function whose texts may be other than names of fields: %r" % it)
        return {"$func": [path.rpartition(".")[2], [argument(arg) for arg in args]]}
    raise TypeError("no encoding for %s: %r" % (type(it), it))


def argument(it):
    """What a function is given; a text is the name of a field."""
    return {"$f": it} if isinstance(it, str) else value(it)


def known(kind, *modules):
    """The name of a class, which must come from one of these packages."""
    if not any(kind.__module__ == module or kind.__module__.startswith(module + ".") for module in modules):
        raise TypeError("no encoding for a class of %s" % kind.__module__)
    return kind.__name__


def arguments(it):
    """What it was made with."""
    _, args, kwargs = it.deconstruct()
    return {"args": value(args), "kwargs": {key: value(part) for key, part in kwargs.items()}}


def field(it):
    _, path, args, kwargs = it.deconstruct()
    if args:
        if path != "django.db.models.CompositePrimaryKey":
            raise TypeError("a field with positional arguments: %r" % it)
        kwargs = {**kwargs, "fields": args}
    if not path.startswith("django.db.models."):
        raise TypeError("no encoding for a field of another's class: %s" % path)
    return {"class": path.rpartition(".")[2], "kwargs": {key: value(part) for key, part in kwargs.items()}}


def fields(pairs):
    return [[name, field(it)] for name, it in pairs]


def options(them):
    return {key: value(part) for key, part in them.items()}


def bases(them):
    """Labels of models. What all models are is left out; another class is named by its path."""
    out = []
    for base in them:
        if isinstance(base, str):
            out.append(base.lower())
        elif base is not models.Model:
            out.append({"$class": "%s.%s" % (base.__module__, base.__qualname__)})
    return out


def managers(them):
    out = []
    for name, manager in them:
        as_manager, path, queryset, args, kwargs = manager.deconstruct()
        if as_manager or args or kwargs:
            raise TypeError("no encoding for manager %s: %r" % (name, manager))
        out.append([name, path])
    return out


def model(it):
    """A model's state."""
    state = ModelState.from_model(it)
    return {"app": state.app_label, "name": state.name, "bases": bases(state.bases), "managers": managers(state.managers),
            "options": options(state.options), "fields": fields(state.fields.items())}


def app(label):
    """The states of an app's models, in the order of their classes; join tables that are made by themselves are not models."""
    return [model(it) for it in live.get_app_config(label).get_models(include_auto_created=False, include_swapped=True)]


def operation(it):
    _, args, kwargs = it.deconstruct()
    # Few give their arguments by position.
    kwargs = {**dict(zip(list(inspect.signature(type(it).__init__).parameters)[1:], args)), **kwargs}
    out = {"class": known(type(it), "django.db.migrations.operations")}
    for key, part in kwargs.items():
        out[key] = SPECIAL.get(key, value)(part)
    return out


def operations(them):
    return [operation(it) for it in them]


def code(it):
    """The name of code that a migration runs."""
    return "noop" if it.__qualname__.endswith("RunPython.noop") or it.__name__ == "noop" else it.__name__


SPECIAL = {
    "fields": fields, "field": field, "options": options, "bases": bases, "managers": managers, "code": code,
    "reverse_code": code, "state_operations": operations, "database_operations": operations,
}


def dependency(it):
    """What must come before; the reference keeps what the setting says, not its name."""
    said = getattr(it, "setting", None)
    if said not in (None, settings.AUTH_USER_MODEL):
        raise TypeError("no encoding for a dependency on %s" % said)
    return {"$setting": "AUTH_USER_MODEL"} if said else list(it)


def migration(it):
    return {"initial": it.initial, "dependencies": [dependency(on) for on in it.dependencies],
            "run_before": [list(key) for key in it.run_before], "replaces": [list(key) for key in it.replaces],
            "atomic": it.atomic, "operations": operations(it.operations)}
