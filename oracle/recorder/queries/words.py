"""Short words for descriptions."""


def q(model, *steps, order=("pk",), **more):
    """A query of a model. Ordered by its key unless said; by what the model says where `order` is None."""
    said = {"model": model}
    if steps:
        said["steps"] = list(steps)
    if order is not None:
        said["order"] = list(order)
    said.update(more)
    return said


def case(id_, query, **more):
    return {"id": id_, "query": query, **{key: it for key, it in more.items() if it is not False}}


def flt(condition):
    return {"filter": condition}


def exc(condition):
    return {"exclude": condition}


def ann(name, expr):
    return {"annotate": [name, expr]}


def alias(name, expr):
    return {"alias": [name, expr]}


def vals(*pairs):
    return {"values": [it if isinstance(it, str) else list(it) for it in pairs]}


def is_(path, value):
    return ["is", path, value]


def all_(*parts):
    return ["and", *parts]


def any_(*parts):
    return ["or", *parts]


def xor(*parts):
    return ["xor", *parts]


def not_(part):
    return ["not", part]


def f(path):
    return {"$f": path}


def outer(path):
    return {"$outer": path}


def fn(name, *args):
    return {"$func": [name, list(args)]}


def agg(name, *args, **more):
    return {"$aggregate": {"name": name, "args": list(args), **more}}


def op(left, operator, right):
    return {"$combined": [left, operator, right]}


def when(*pairs, **default):
    return {"$case": {"cases": [list(pair) for pair in pairs], **default}}


def cast(expr, class_, **kwargs):
    return {"$cast": [expr, field(class_, **kwargs)]}


def as_(expr, class_, **kwargs):
    return {"$as": [expr, field(class_, **kwargs)]}


def field(class_, **kwargs):
    return {"class": class_, "kwargs": kwargs}


def js(value):
    import json
    return {"$json": json.dumps(value, ensure_ascii=False)}


def dec(text):
    return {"$decimal": text}


def moment(text):
    return {"$datetime": text}


def date(text):
    return {"$date": text}


def time(text):
    return {"$time": text}


def micro(number):
    return {"$duration": number}
