"""Which rows come and with what: slices, chosen fields, rows that come along, sets of queries, locks."""
from .words import agg, ann, any_, case, dec, exc, f, flt, fn, is_, op, q, vals

PRODUCT, CATEGORY = "shop.Product", "shop.Category"
SLICES = [[0, 5], [5, 10], [30, 40], [40, 50], [0, 0], [5, 5], [None, 3], [28, None], [3, 4]]


def cases():
    for at, one in enumerate(SLICES):
        yield case("slice %d" % at, q(PRODUCT, slice=one))
        yield case("slice %d counted" % at, q(PRODUCT, slice=one), statement="count")
        yield case("slice %d exists" % at, q(PRODUCT, slice=one), statement="exists")
    yield case("slice reversed", q(PRODUCT, reverse=True, slice=[0, 3]))
    yield case("slice of distinct", q(PRODUCT, vals("status"), distinct=True, order=["status"], slice=[1, 3]))
    yield case("none", q(PRODUCT, none=True))
    for statement in ["count", "exists"]:
        yield case("none %s" % statement, q(PRODUCT, none=True), statement=statement)
        for name, query in {
            "all": q(PRODUCT), "filtered": q(PRODUCT, flt(is_("status", "live"))), "nothing": q(PRODUCT, flt(is_("pk", 0))), "many": q(CATEGORY, flt(is_("products__tags__weight__gt", 0))), "distinct": q(CATEGORY, flt(is_("products__tags__weight__gt", 0)), distinct=True),
            "values": q(PRODUCT, vals("status"), distinct=True, order=()), "in nothing": q(PRODUCT, flt(is_("pk__in", []))), "annotated": q(PRODUCT, ann("x", op(f("price"), "*", 2)), flt(is_("x__gt", 20))), "annotated for nothing": q(CATEGORY, ann("n", agg("Count", f("products")))), "related": q(PRODUCT, related=["supplier"]),
            "union": {"combined": {"op": "union", "queries": [q(PRODUCT, flt(is_("pk__lt", 5)), order=()), q(PRODUCT, flt(is_("pk__gt", 28)), order=())]}}, "child": q("census.Bistro", flt(is_("name__gt", "D"))), "composite": q("census.Seat"),
        }.items():
            yield case("%s %s" % (statement, name), query, statement=statement)
    chosen = [
        ("all fields", PRODUCT, {}), ("only", PRODUCT, {"only": ["name", "price"]}), ("only the key", PRODUCT, {"only": ["pk"]}), ("defer", PRODUCT, {"defer": ["description", "created_at"]}), ("only, along", PRODUCT, {"related": ["category"], "only": ["name", "category__name"]}), ("defer, along", PRODUCT, {"related": ["category"], "defer": ["name", "category__slug"]}),
        ("only a key along", PRODUCT, {"related": ["category"], "only": ["name", "category"]}), ("only without the key along", PRODUCT, {"related": ["category"], "only": ["name"]}), ("related", PRODUCT, {"related": ["category", "supplier"]}), ("related deep", PRODUCT, {"related": ["category__parent__parent"]}), ("related all", PRODUCT, {"related": True}),
        ("related one to one back", PRODUCT, {"related": ["detail"]}), ("related back and on", "shop.ProductDetail", {"related": ["product__category"]}), ("related of many refused", PRODUCT, {"related": ["tags"]}), ("related of a field refused", PRODUCT, {"related": ["name"]}), ("related nothing", PRODUCT, {"related": ["nothing"]}), ("related hostile", PRODUCT, {"related": ['x";--']}),
        ("only nothing", PRODUCT, {"only": ["nothing"]}), ("defer nothing", PRODUCT, {"defer": ["nothing"]}), ("child", "census.Bistro", {}), ("child only of the parent", "census.Bistro", {"only": ["name", "stars"]}), ("child deferred", "census.Bistro", {"defer": ["opened", "rating"]}), ("child related", "census.Bistro", {"related": ["city__country", "chef__boss"]}),
        ("parent", "census.Place", {}), ("parent with the child", "census.Place", {"related": ["restaurant__bistro"]}), ("to itself", "census.Person", {"related": ["boss__boss"]}), ("key by a code", "census.City", {"related": ["country"]}), ("back one to one, on by a code", "census.Person", {"related": ["passport__country"]}), ("composite", "census.Seat", {"related": ["holder"]}),
        ("proxy", "census.Elder", {"related": ["boss"]}), ("users", "auth.User", {}), ("lines", "shop.OrderLine", {"related": ["order__customer", "product__supplier"]}), ("generated", "shop.Specimen", {"only": ["double", "json", "uuid"]}), ("visits", "census.Visit", {"related": ["place__city", "person"]}),
    ]
    for name, model, more in chosen:
        yield case("rows of " + name, q(model, **more, slice=[0, 12]), full=True)
    yield case("rows with an annotation and a relation", q(PRODUCT, ann("n", agg("Count", f("tags"))), related=["category", "supplier"], slice=[0, 12]), full=True)
    yield case("rows of all kinds", q("shop.Specimen"), full=True)
    yield case("values of all fields", q("shop.Tag", vals()))
    yield case("values with a relation that comes along", q(PRODUCT, vals("pk", "category__name"), related=["category"]))
    yield case("values, only refused", q(PRODUCT, vals("pk"), only=["name"]))
    yield from sets()
    yield from locks()


def sets():
    low, high, tagged = q(PRODUCT, flt(is_("pk__lte", 6)), order=()), q(PRODUCT, flt(is_("pk__gte", 4)), flt(is_("pk__lte", 9)), order=()), q(PRODUCT, flt(is_("tags__label", "new")), order=())
    names, titles = q(PRODUCT, vals("name"), order=()), q("api.Note", vals("title"), order=())

    def both(op_, *queries, **more):
        return {"combined": {"op": op_, "queries": list(queries), **({"all": True} if more.pop("all", False) else {})}, **more}

    for op_ in ["union", "intersection", "difference"]:
        yield case(op_, both(op_, low, high, order=["pk"]))
        yield case(op_ + " ordered and sliced", both(op_, low, high, order=["-pk"], slice=[1, 3]))
        yield case(op_ + " of values", both(op_, names, titles, order=["name"]))
        yield case(op_ + " with nothing", both(op_, low, q(PRODUCT, none=True), order=["pk"]))
        yield case(op_ + " of nothing with", both(op_, q(PRODUCT, flt(is_("pk__in", [])), order=()), low, order=["pk"]))
        yield case(op_ + " counted", both(op_, low, high), statement="count")
        yield case(op_ + " exists", both(op_, low, high), statement="exists")
    yield case("union of three", both("union", low, high, tagged, order=["pk"]))
    yield case("union of all", both("union", low, high, all=True, order=["pk"]))
    yield case("union of sliced", both("union", q(PRODUCT, order=["price", "pk"], slice=[0, 2]), q(PRODUCT, order=["-price", "pk"], slice=[0, 2]), order=["pk"]))
    yield case("union of unions", both("union", both("union", low, high), tagged, order=["pk"]))
    yield case("union of other values", both("union", q(PRODUCT, vals("pk", "name"), order=()), q("shop.Tag", vals("pk", "label"), order=()), order=["pk", "name"]))
    yield case("union with a constant", both("union", q(PRODUCT, vals("name", ["kind", "p"]), order=()), q("shop.Tag", vals("label", ["kind", "t"]), order=()), order=["name"]), unordered=True)
    yield case("union with annotations", both("union", q(CATEGORY, ann("n", agg("Count", f("products"))), vals("name", "n"), order=()), q("shop.Supplier", ann("n", agg("Count", f("products"))), vals("name", "n"), order=()), order=["name", "n"]))
    yield case("union reversed", both("union", low, high, order=["pk"], reverse=True))
    yield case("union, ordered by what is not there", both("union", names, titles, order=["price"]))
    yield case("union, ordered by a relation", both("union", low, high, order=["category__name"]))
    yield case("union, filtered", both("union", low, high, steps=[flt(is_("pk", 1))]))
    yield case("union, excluded", both("union", low, high, steps=[exc(is_("pk", 1))]))
    yield case("union, annotated", both("union", low, high, steps=[ann("x", f("price"))]))
    yield case("union, distinct", both("union", low, high, distinct=True))
    yield case("union of different widths", both("union", q(PRODUCT, vals("pk", "name"), order=()), q("shop.Tag", vals("pk"), order=())))
    yield case("in a union", q(PRODUCT, flt(is_("pk__in", {"$subquery": both("union", q(PRODUCT, flt(is_("pk__lt", 4)), vals("pk"), order=()), q(PRODUCT, flt(is_("pk__gt", 30)), vals("pk"), order=()))}))))
    yield case("union of rows", both("union", low, high, order=["pk"]), full=True)


def locks():
    for name, lock in {"plain": {}, "nowait": {"nowait": True}, "skip locked": {"skip_locked": True}, "no key": {"no_key": True}, "of itself": {"of": ["self"]}, "of nothing": {"of": ["nothing"]}, "of a relation": {"of": ["self", "category"]}}.items():
        related = {"related": ["category"]} if "relation" in name else {}
        yield case("lock " + name, q(PRODUCT, flt(is_("pk__lt", 4)), lock=lock, **related))
    yield case("lock optional", q(PRODUCT, lock={}, related=["supplier"]))
    yield case("lock of what is required", q(PRODUCT, lock={"of": ["self"]}, related=["supplier"]))
    yield case("lock distinct", q(PRODUCT, lock={}, distinct=True))
    yield case("lock values", q(PRODUCT, vals("name"), lock={}))
    yield case("lock a child", q("census.Bistro", lock={"of": ["self"]}))
    yield case("lock a parent of a child", q("census.Bistro", lock={"of": ["self", "restaurant_ptr"]}))
    yield case("exists under a lock", q(PRODUCT, flt(any_(is_("name__startswith", "a"), is_("price__lt", dec("1")))), lock={}), statement="exists")
    yield case("first letter", q(PRODUCT, vals(["x", fn("Left", f("name"), 1)]), distinct=True, order=["x"]))
