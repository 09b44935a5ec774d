"""Annotations, arithmetic, cases, conditions as values, subqueries and what they refer to."""
from .words import agg, alias, all_, ann, any_, as_, case, cast, date, dec, exc, f, flt, fn, is_, micro, moment, not_, op, outer, q, vals, when

PRODUCT, SPECIMEN = "shop.Product", "shop.Specimen"
ARITHMETIC = [
    ("quantity + 1", op(f("quantity"), "+", 1)), ("price * 2", op(f("price"), "*", 2)), ("price + price", op(f("price"), "+", f("price"))), ("price * quantity", op(f("price"), "*", f("quantity"))), ("price / 3", op(f("price"), "/", 3)),
    ("quantity / 2", op(f("quantity"), "/", 2)), ("quantity % 3", op(f("quantity"), "%", 3)), ("quantity ^ 2", op(f("quantity"), "^", 2)), ("1 - quantity", op(1, "-", f("quantity"))), ("price - decimal", op(f("price"), "-", dec("0.5"))),
    ("(quantity + 1) * 2", op(op(f("quantity"), "+", 1), "*", 2)), ("quantity * 1.5", op(f("quantity"), "*", as_(1.5, "FloatField"))), ("behind a key", op(f("category__id"), "+", f("id"))),
    ("updated - created", op(f("updated_at"), "-", f("created_at"))), ("created + duration", op(f("created_at"), "+", as_(micro(90_000_000_001), "DurationField"))),
]
MIXED = [
    ("integer + decimal", op(f("integer"), "+", f("decimal"))), ("integer + floating", op(f("integer"), "+", f("floating"))), ("char + integer", op(f("char"), "+", f("integer"))), ("date + duration", op(f("date"), "+", f("duration"))), ("datetime + duration", op(f("datetime"), "+", f("duration"))),
    ("datetime - duration", op(f("datetime"), "-", f("duration"))), ("datetime - datetime", op(f("datetime"), "-", f("datetime"))), ("date - date", op(f("date"), "-", f("date"))), ("time - time", op(f("time"), "-", f("time"))), ("duration + duration", op(f("duration"), "+", f("duration"))),
    ("duration * 2", as_(op(f("duration"), "*", 2), "DurationField")), ("small * small", op(f("small"), "*", f("small"))), ("decimal / decimal_wide", op(f("decimal"), "/", f("decimal_wide"))), ("integer and null", op(f("integer"), "+", None)), ("as float", as_(op(f("integer"), "+", f("decimal")), "FloatField")),
    ("as decimal", as_(op(f("integer"), "+", f("decimal")), "DecimalField", max_digits=12, decimal_places=3)), ("boolean + 1", op(f("boolean"), "+", 1)),
]
CONSTANTS = [("number", 1), ("text", "it's %s"), ("true", True), ("float", 1.5), ("decimal", dec("1.50")), ("date", date("2024-02-29")), ("moment", moment("2024-02-29 12:00:00.5".replace(".5", ".500000"))), ("time", {"$time": "12:00:00"}),
             ("duration", micro(1_500_000)), ("uuid", {"$uuid": "01234567-89ab-4def-8123-456789abcdef"}), ("bytes", {"$bytes": "00ff"}), ("nothing as number", as_(None, "IntegerField")), ("number as text", as_(5, "CharField"))]


def cases():
    for name, expr in ARITHMETIC:
        yield case("annotate " + name, q(PRODUCT, ann("x", expr)))
        yield case("order by " + name, q(PRODUCT, order=[{"by": expr, "desc": True}, "pk"]))
    for name, expr in MIXED:
        yield case("annotate " + name, q(SPECIMEN, flt(not_(is_("big__in", [9223372036854775807]))), ann("x", expr)))
    for name, expr in CONSTANTS:
        yield case("constant " + name, q("shop.Tag", ann("x", expr), vals("pk", "x")))
    yield from steps()
    yield from chosen()
    yield from subqueries()


def steps():
    """What later steps may use."""
    total = op(f("price"), "*", f("quantity"))
    yield case("filter by an annotation", q(PRODUCT, ann("t", total), flt(is_("t__gt", 100))))
    yield case("exclude by an annotation", q(PRODUCT, ann("t", total), exc(is_("t__gt", 100))))
    yield case("annotation of an annotation", q(PRODUCT, ann("t", total), ann("u", op(f("t"), "+", 1)), flt(is_("u__lt", 50))))
    yield case("alias is not given", q(PRODUCT, alias("t", total), flt(is_("t__gt", 100))))
    yield case("alias then annotate", q(PRODUCT, alias("t", total), ann("u", op(f("t"), "*", 2))))
    yield case("order by an annotation", q(PRODUCT, ann("t", total), order=["-t", "pk"]))
    yield case("order by an alias", q(PRODUCT, alias("t", total), order=["t", "-pk"]))
    yield case("values of an annotation", q(PRODUCT, ann("t", total), vals("t", "name")))
    yield case("values of an expression", q(PRODUCT, vals("name", ["low", fn("Lower", f("name"))])))
    yield case("values, then annotate", q(PRODUCT, vals("name"), ann("t", total)))
    yield case("annotation named as a field", q(PRODUCT, ann("name", fn("Lower", f("sku")))))
    yield case("annotation twice", q(PRODUCT, ann("t", f("price")), ann("t", op(f("t"), "+", 1))))
    yield case("annotation by a bad name", q(PRODUCT, ann("a b", f("price"))))
    yield case("annotation by a hostile name", q(PRODUCT, ann('x"; DROP TABLE t; --', f("price"))))
    yield case("a field along a key", q("api.Note", ann("who", f("author__username")), flt(is_("who__startswith", "a"))))
    yield case("a transform in a path", q("api.Note", ann("y", f("created_at__year"))))
    yield case("a field of many", q("shop.Category", ann("p", f("products__name")), order=["pk", "products__pk"]))
    yield case("nothing there", q(PRODUCT, ann("t", f("nothing"))))
    yield case("distinct", q(PRODUCT, vals("status", "quantity"), distinct=True, order=["status", "quantity"]))
    yield case("distinct without the order's column", q(PRODUCT, vals("status"), distinct=True, order=["status", "quantity"]))
    yield case("distinct on", q(PRODUCT, distinct=["status"], order=["status", "-price", "pk"]))
    yield case("distinct on a key", q(PRODUCT, distinct=["category__name", "status"], order=["category__name", "status", "pk"]))
    yield case("distinct on another order", q(PRODUCT, distinct=["status"], order=["price"]))
    yield case("a condition as a value", q(PRODUCT, ann("cheap", {"$condition": is_("price__lt", dec("10"))})))
    yield case("conditions as a value", q(PRODUCT, ann("x", {"$condition": any_(is_("price__lt", dec("10")), not_(is_("supplier__name", "Acme")))})))
    yield case("filter by a condition's value", q(PRODUCT, ann("x", {"$condition": is_("supplier__isnull", True)}), flt(is_("x", True))))
    yield case("filter by a condition's value, false", q(PRODUCT, ann("x", {"$condition": is_("supplier__name", "Acme")}), flt(is_("x", False))))
    yield case("compare values", q(PRODUCT, flt(["compare", fn("Lower", f("name")), "startswith", "a"])))
    yield case("compare behind a transform", q("api.Note", flt(["compare", f("created_at"), "year__gt", 2020])))
    yield case("compare two values", q(PRODUCT, flt(["compare", fn("Length", f("name")), "gt", op(f("quantity"), "+", 2)])))
    yield case("compare and not", q(PRODUCT, exc(["compare", fn("Length", f("description")), "in", [5, 9, 10]])))
    yield case("raw", q(PRODUCT, ann("x", {"$raw": ["(quantity + ?)", [5]]}), vals("pk", "x")))
    yield case("collate", q("shop.Tag", order=[{"by": {"$collate": [f("label"), "C"]}}, "pk"]))
    yield case("collate nocase", q("shop.Tag", order=[{"by": {"$collate": [f("label"), "NOCASE"]}}, "pk"]))
    yield case("collate by a bad name", q("shop.Tag", order=[{"by": {"$collate": [f("label"), 'x"; --']}}, "pk"]))


def chosen():
    """Cases."""
    bands = when([is_("price__lt", dec("10")), "cheap"], [is_("price__lt", dec("100")), "fair"], default="dear")
    yield case("case", q(PRODUCT, ann("band", bands)))
    yield case("case filtered", q(PRODUCT, ann("band", bands), flt(is_("band", "fair"))))
    yield case("case ordered", q(PRODUCT, order=[{"by": bands}, "pk"]))
    yield case("case of columns", q(PRODUCT, ann("x", when([is_("status", "live"), f("quantity")], default=op(f("quantity"), "*", -1)))))
    yield case("case without a default", q(PRODUCT, ann("x", when([is_("status", "live"), 1]))))
    yield case("case over relations", q(PRODUCT, ann("x", when([is_("supplier__name", "Acme"), "a"], [is_("supplier__isnull", True), "none"], default=f("supplier__email")))))
    yield case("case over many", q("shop.Category", ann("x", when([is_("products__tags__label", "new"), 1], default=0)), order=["pk", "x"]), unordered=True)
    yield case("case over nothing", q(PRODUCT, ann("x", when([is_("pk__in", []), 1], default=0))))
    yield case("case over everything", q(PRODUCT, ann("x", when([not_(is_("pk__in", [])), 1], default=0))))
    yield case("case in a case", q(PRODUCT, ann("x", when([is_("status", "live"), when([is_("quantity__gt", 5), 2], default=1)], default=0))))
    yield case("case of mixed kinds", q(PRODUCT, ann("x", when([is_("status", "live"), f("quantity")], default=f("price")))))
    yield case("case of an expression", q(PRODUCT, ann("n", fn("Length", f("name"))), ann("x", when([is_("n__gt", 5), "long"], default="short"))))


def subqueries():
    mine = q(PRODUCT, flt(is_("category", outer("pk"))), order=())
    dearest = q(PRODUCT, flt(is_("category", outer("pk"))), vals("name"), order=["-price", "pk"], slice=[0, 1])
    yield case("exists", q("shop.Category", ann("has", {"$exists": mine})))
    yield case("filter exists", q("shop.Category", flt(["expr", {"$exists": mine}])))
    yield case("filter not exists", q("shop.Category", flt(not_(["expr", {"$exists": mine}]))))
    yield case("exclude exists", q("shop.Category", exc(["expr", {"$exists": mine}])))
    yield case("exists or", q("shop.Category", flt(any_(["expr", {"$exists": mine}], is_("name", "Empty")))))
    yield case("exists of nothing", q("shop.Category", flt(["expr", {"$exists": q(PRODUCT, none=True)}])))
    yield case("not exists of nothing", q("shop.Category", flt(not_(["expr", {"$exists": q(PRODUCT, none=True)}]))))
    yield case("annotate exists of in nothing", q("shop.Category", ann("x", {"$exists": q(PRODUCT, flt(is_("pk__in", [])))})))
    yield case("subquery", q("shop.Category", ann("dearest", {"$subquery": dearest})))
    yield case("filter by a subquery", q("shop.Category", ann("dearest", {"$subquery": dearest}), flt(is_("dearest__startswith", "a"))))
    yield case("order by a subquery", q("shop.Category", order=[{"by": {"$subquery": dearest}, "nulls": "last"}, "pk"]))
    yield case("subquery of nothing", q("shop.Category", ann("x", {"$subquery": q(PRODUCT, vals("name"), none=True)})))
    yield case("in a subquery", q(PRODUCT, flt(is_("category__in", {"$subquery": q("shop.Category", flt(is_("name__startswith", "F")), order=())}))))
    yield case("exclude in a subquery", q(PRODUCT, exc(is_("supplier__in", {"$subquery": q("shop.Supplier", flt(is_("name__icontains", "acme")), order=())}))))
    yield case("in a subquery of values", q(PRODUCT, flt(is_("name__in", {"$subquery": q("api.Note", vals("title"), order=())}))))
    yield case("exclude in a subquery with nulls", q("census.Person", exc(is_("pk__in", {"$subquery": q("census.Person", vals("boss"), order=())}))))
    yield case("in a sliced subquery", q(PRODUCT, flt(is_("pk__in", {"$subquery": q(PRODUCT, order=["-price", "pk"], slice=[0, 5])}))))
    yield case("in a subquery of nothing", q(PRODUCT, flt(is_("pk__in", {"$subquery": q(PRODUCT, none=True)}))))
    yield case("exclude in a subquery of nothing", q(PRODUCT, exc(is_("pk__in", {"$subquery": q(PRODUCT, none=True)}))))
    yield case("in a subquery of two columns", q(PRODUCT, flt(is_("pk__in", {"$subquery": q(PRODUCT, vals("pk", "name"), order=())}))))
    yield case("equal to a subquery", q(PRODUCT, flt(is_("price", {"$subquery": q(PRODUCT, vals("price"), order=["-price", "pk"], slice=[0, 1])}))))
    yield case("greater than a subquery", q(PRODUCT, flt(is_("quantity__gt", {"$subquery": q("shop.OrderLine", vals("amount"), order=["pk"], slice=[0, 1])}))))
    count = q("shop.OrderLine", flt(is_("product", outer("pk"))), vals("product"), ann("n", agg("Count", f("pk"))), vals("n"), order=())
    yield case("subquery of a count", q(PRODUCT, ann("n", {"$subquery": count})))
    yield case("subquery of a count, or nothing", q(PRODUCT, ann("n", fn("Coalesce", {"$subquery": count}, 0)), flt(is_("n__gte", 1))))
    nested = q(PRODUCT, flt(is_("category", outer("pk"))), flt(["expr", {"$exists": q("shop.OrderLine", flt(is_("product", outer("pk"))), flt(is_("product__category", outer("category_id"))), order=())}]), order=())
    yield case("exists in exists", q("shop.Category", flt(["expr", {"$exists": nested}])))
    yield case("outer twice out", q("shop.Category", ann("x", {"$exists": q(PRODUCT, flt(["expr", {"$exists": q("shop.OrderLine", flt(is_("product__category", {"$outer": "category"})), order=())}]), flt(is_("category", outer("pk"))), order=())})))
    yield case("outer along a key", q("census.Visit", flt(["expr", {"$exists": q("census.Place", flt(is_("city", outer("place__city"))), flt(is_("restaurant__isnull", False)), order=())}]), order=["pk"]))
    yield case("outer along many", q(PRODUCT, flt(["expr", {"$exists": q("shop.Tag", flt(is_("pk", outer("tags"))), flt(is_("weight__gt", 2)), order=())}]), distinct=True))
    yield case("subquery in a case", q("shop.Category", ann("x", when([["expr", {"$exists": mine}], "some"], default="none"))))
    yield case("subquery plus a number", q(PRODUCT, ann("x", op({"$subquery": count}, "+", 1))))
    yield case("outer without an outside", q(PRODUCT, flt(is_("price", outer("price")))))
    yield case("subquery that excludes many", q("shop.Category", flt(["expr", {"$exists": q(PRODUCT, flt(is_("category", outer("pk"))), exc(is_("tags__label", "new")), order=())}])))
    yield case("subquery in an exclude of many", q("shop.Category", exc(is_("products__tags__in", {"$subquery": q("shop.Tag", flt(is_("weight__gt", 2)), order=())}))))
    yield case("in a subquery of a child", q("census.Visit", flt(is_("place__in", {"$subquery": q("census.Restaurant", flt(is_("stars__gte", 2)), order=())})), order=["pk"]))
    yield case("cast", q(PRODUCT, ann("x", cast(f("quantity"), "CharField")), flt(is_("x__startswith", "1"))))
    yield case("all of a condition", q(PRODUCT, flt(all_(is_("price__gte", dec("1")), is_("price__lte", dec("100")), any_(is_("status", "live"), is_("status", "gone"))))))
