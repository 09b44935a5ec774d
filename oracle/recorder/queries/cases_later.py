"""What was added to the language later: fields in part, bits, values of combined queries, lists, dates."""
from .words import agg, ann, case, date, dec, exc, f, flt, fn, is_, moment, op, q, vals

PRODUCT, CATEGORY, TAG, SPECIMEN, BISTRO = "shop.Product", "shop.Category", "shop.Tag", "shop.Specimen", "census.Bistro"


def cases():
    yield from parts()
    yield from bits()
    yield from together()
    yield from lists()
    yield from searches()
    yield from days()


def parts():
    """`only` and `defer`, one behind the other."""
    only, defer = (lambda *names: ["only", list(names)]), (lambda *names: ["defer", list(names)])
    for name, load, more in [
        ("only twice", [only("name"), only("price")], {}), ("defer twice", [defer("name"), defer("price")], {}), ("defer, then only", [defer("name"), only("name", "price")], {}), ("defer, then only the same", [defer("name"), only("name")], {}),
        ("only, then defer one", [only("name", "price"), defer("price")], {}), ("only, then defer all", [only("name"), defer("name", "price")], {}), ("only, then defer others", [only("name"), defer("price")], {}), ("only nothing said", [only()], {}), ("only, then nothing said", [only("name"), only()], {}),
        ("defer nothing said", [defer()], {}), ("defer the key", [defer("pk", "name")], {}), ("defer the key by its name", [defer("id", "name")], {}), ("only the key and one", [only("pk", "name")], {}), ("only a key by its value", [only("category_id")], {}), ("defer a key by its value", [defer("supplier_id")], {}),
        ("only of many", [only("name", "tags")], {}), ("defer of many", [defer("name", "tags")], {}), ("only behind a key that does not come along", [only("name", "category__name")], {}), ("only behind another key", [only("name", "supplier__name", "category")], {"related": ["category"]}), ("defer behind a key that does not come along", [defer("name", "category__name")], {}),
        ("only two deep", [only("name", "category__parent__name")], {"related": ["category__parent"]}), ("defer two deep", [defer("name", "category__parent__slug", "category__slug")], {"related": ["category__parent"]}), ("only one to one back", [only("name", "detail__pages")], {"related": ["detail"]}),
        ("defer one to one back", [defer("name", "detail__manual")], {"related": ["detail"]}), ("only without what comes along", [only("name", "detail__pages")], {"related": ["supplier"]}), ("defer what comes along", [defer("supplier")], {"related": ["supplier"]}), ("only with all that comes along", [only("name", "category__name")], {"related": True}),
        ("only behind nothing", [only("category__nothing")], {}), ("only behind no key", [only("name__nothing")], {}), ("defer behind nothing", [defer("category__nothing")], {}), ("only a lookup", [only("name__exact")], {}), ("only hostile", [only('name" FROM x --')], {}), ("only a generated way", [only("orders")], {}),
    ]:
        yield case("part: " + name, q(PRODUCT, load=load, slice=[0, 8], **more), full=True)
    yield case("part: only with an annotation", q(PRODUCT, ann("n", agg("Count", f("tags"))), load=[only("name")], slice=[0, 8]), full=True)
    yield case("part: only before a filter of another", q(PRODUCT, flt(is_("category__name__startswith", "F")), load=[only("name")]), full=True)
    yield case("part: only and an order of another", q(PRODUCT, load=[only("name")], order=["category__name", "-price", "pk"], slice=[0, 8]), full=True)
    yield case("part: defer distinct", q(PRODUCT, flt(is_("tags__weight__gt", 0)), load=[defer("description")], distinct=True), full=True)
    yield case("part: values behind only", q(PRODUCT, vals("name", "price"), slice=[0, 8]))
    yield case("part: a child, its own alone", q(BISTRO, load=[only("chef")]), full=True)
    yield case("part: a child, without the parent's", q(BISTRO, load=[defer("name", "stars")]), full=True)
    yield case("part: a child, the key by its name", q(BISTRO, load=[only("restaurant_ptr")]), full=True)
    yield case("part: parents, and on", q(BISTRO, load=[only("name", "city__name", "chef__name")], related=["city", "chef"]), full=True)
    yield case("part: a composite key", q("census.Seat", load=[only("label")]), full=True)
    yield case("part: a proxy", q("census.Elder", load=[defer("born")]), full=True)
    yield case("part: to itself", q("census.Person", load=[only("name", "boss__name")], related=["boss"]), full=True)
    yield case("part: counted", q(PRODUCT, load=[only("name")]), statement="count")
    low, high = q(PRODUCT, flt(is_("pk__lte", 4)), load=[only("name", "price")], order=()), q(PRODUCT, flt(is_("pk__gte", 3)), flt(is_("pk__lte", 6)), load=[only("name", "price")], order=())
    yield case("part: united", {"combined": {"op": "union", "queries": [low, high]}, "order": ["pk"]}, full=True)
    yield case("part: behind a union", {"combined": {"op": "union", "queries": [low, high]}, "load": [only("name")], "order": ["pk"]}, full=True)
    yield case("part: in a subquery", q(PRODUCT, flt(is_("category__in", {"$subquery": q(CATEGORY, flt(is_("name__startswith", "F")), load=[only("name")], order=())}))))


def bits():
    for sign in ["&", "|", "#", "<<", ">>"]:
        yield case("bits: %s a number" % sign, q(PRODUCT, ann("x", op(f("quantity"), sign, 3))))
        yield case("bits: %s a column" % sign, q(PRODUCT, ann("x", op(f("quantity"), sign, f("id")))))
        yield case("bits: %s below zero" % sign, q(SPECIMEN, flt(is_("integer__range", [-1000000, 1000000])), ann("x", op(f("integer"), sign, 5))))
        yield case("bits: %s of a null" % sign, q("shop.OrderLine", ann("x", op(f("amount"), sign, f("order__customer__last_login__year"))), slice=[0, 3]))
        yield case("bits: filtered by %s" % sign, q(PRODUCT, ann("x", op(f("quantity"), sign, 2)), flt(is_("x__gt", 1))))
        yield case("bits: ordered by %s" % sign, q(PRODUCT, order=[{"by": op(f("quantity"), sign, 2)}, "pk"]))
    yield case("bits: nested", q(PRODUCT, ann("x", op(op(f("quantity"), "&", 6), "|", op(f("id"), "#", 3)))))
    yield case("bits: filtered where they are", q(PRODUCT, flt(["compare", op(f("quantity"), "&", 1), "exact", 1])))
    yield case("bits: of a text", q(PRODUCT, ann("x", op(f("name"), "&", f("quantity")))))
    yield case("bits: of a decimal", q(PRODUCT, ann("x", op(f("price"), "&", f("quantity")))))
    yield case("bits: updated", q(PRODUCT, flt(is_("pk__range", [4, 9])), order=()), statement="update", values=[["quantity", op(op(f("quantity"), "#", 5), "&", 7)]], then=q(PRODUCT, vals("pk", "quantity"), order=["pk"]))


def together():
    """Values of all rows of several queries."""
    def both(how, *queries, **more):
        return {"combined": {"op": how, "queries": list(queries), **({"all": True} if more.pop("all", False) else {})}, **more}

    low, high = q(PRODUCT, flt(is_("pk__lte", 6)), order=()), q(PRODUCT, flt(is_("pk__gte", 4)), flt(is_("pk__lte", 9)), order=())
    values = [["s", agg("Sum", f("quantity"))], ["n", agg("Count")], ["m", agg("Max", f("price"))]]
    for how in ["union", "intersection", "difference"]:
        yield case("together: %s" % how, both(how, low, high), statement="aggregate", values=values)
    yield case("together: all of a union", both("union", low, high, all=True), statement="aggregate", values=values)
    yield case("together: a slice of a union", both("union", low, high, order=["pk"], slice=[1, 4]), statement="aggregate", values=values)
    yield case("together: an annotation of a union", both("union", q(PRODUCT, ann("t", op(f("price"), "*", 2)), flt(is_("pk__lte", 6)), order=()), q(PRODUCT, ann("t", op(f("price"), "*", 3)), flt(is_("pk__gte", 30)), order=())), statement="aggregate", values=[["x", agg("Sum", f("t"))]])
    yield case("together: values of a union", both("union", q(PRODUCT, vals("quantity"), order=()), q("shop.Tag", vals("weight"), order=())), statement="aggregate", values=[["x", agg("Sum", f("quantity"))]])
    yield case("together: expressions over a union", both("union", low, high), statement="aggregate", values=[["x", agg("Sum", op(f("price"), "*", f("quantity")))]])
    yield case("together: filtered over a union", both("union", low, high), statement="aggregate", values=[["x", agg("Count", f("pk"), filter=is_("status", "live"))]])
    yield case("together: with a default", both("union", q(PRODUCT, flt(is_("pk", 0)), order=()), q(PRODUCT, flt(is_("pk", -1)), order=())), statement="aggregate", values=[["x", agg("Sum", f("quantity"), default=7)]])
    yield case("together: behind a key", both("union", low, high), statement="aggregate", values=[["x", agg("Max", f("category__name"))]])
    yield case("together: nothing there", both("union", low, high), statement="aggregate", values=[["x", agg("Sum", f("nothing"))]])


def lists():
    """Aggregates that PostgreSQL alone has."""
    for name, model, aggregate in [
        ("names", CATEGORY, agg("ArrayAgg", f("products__name"), order=["products__name"])), ("numbers", CATEGORY, agg("ArrayAgg", f("products__quantity"), order=["-products__quantity", "products__pk"])), ("distinct", CATEGORY, agg("ArrayAgg", f("products__status"), distinct=True, order=["products__status"])),
        ("filtered", CATEGORY, agg("ArrayAgg", f("products__pk"), filter=is_("products__status", "live"), order=["products__pk"])), ("bool and", CATEGORY, agg("BoolAnd", {"$condition": is_("products__quantity__gt", 2)})), ("bool or", CATEGORY, agg("BoolOr", {"$condition": is_("products__quantity__gt", 8)})),
        ("json", CATEGORY, agg("JSONBAgg", f("products__name"), order=["products__name"])), ("json numbers", CATEGORY, agg("JSONBAgg", f("products__quantity"), order=["products__pk"])), ("text", CATEGORY, agg("StringAgg", f("products__name"), "; ", order=["products__name"])),
        ("bits and", CATEGORY, agg("BitAnd", f("products__quantity"))), ("bits or", CATEGORY, agg("BitOr", f("products__quantity"))), ("bits xor", CATEGORY, agg("BitXor", f("products__quantity"))),
    ]:
        yield case("list of " + name, q(model, ann("x", aggregate)))
    yield case("list of all", q(TAG, order=()), statement="aggregate", values=[["x", agg("ArrayAgg", f("label"), order=["label"])]])
    yield case("list of none", q(TAG, flt(is_("pk", 0)), order=()), statement="aggregate", values=[["x", agg("ArrayAgg", f("label"))]])
    yield case("bool of none", q(TAG, flt(is_("pk", 0)), order=()), statement="aggregate", values=[["x", agg("BoolAnd", {"$condition": is_("weight__gt", 0)})], ["y", agg("BoolOr", {"$condition": is_("weight__gt", 0)}, default=False)]])


def searches():
    """Full text, of PostgreSQL alone."""
    note = "api.Note"
    for words in ["apple", "the zebra", "nothing like it", "it's", "a & b | !c", ""]:
        yield case("search: rank of %r" % words, q(note, ann("x", fn("SearchRank", f("content"), words))))
        yield case("search: headline of %r" % words, q(note, ann("x", fn("SearchHeadline", f("title"), words))))
    yield case("search: best first", q(PRODUCT, ann("x", fn("SearchRank", f("name"), "apple pie")), flt(is_("x__gt", 0)), order=["-x", "pk"]))
    yield case("search: a number's rank", q(PRODUCT, ann("x", fn("SearchRank", f("quantity"), "5"))))


def days():
    """`dates` and `datetimes`."""
    for each in ["year", "month", "week", "day"]:
        for order in ["ASC", "DESC"]:
            yield case("dates: %s %s" % (each, order), q(PRODUCT, {"dates": ["released_on", each, order]}, order=None))
        yield case("dates: %s of moments" % each, q("api.Note", {"dates": ["created_at", each, "ASC"]}, order=None), zone="Europe/Berlin")
    for each in ["year", "month", "week", "day", "hour", "minute", "second"]:
        yield case("datetimes: %s" % each, q("api.Note", {"datetimes": ["created_at", each, "ASC"]}, order=None))
    yield case("datetimes: down", q("api.Note", {"datetimes": ["created_at", "day", "DESC"]}, order=None))
    yield case("datetimes: in a zone", q("api.Note", {"datetimes": ["created_at", "day", "ASC", "America/New_York"]}, order=None))
    yield case("dates: filtered", q(PRODUCT, flt(is_("status", "live")), {"dates": ["released_on", "month", "ASC"]}, order=None))
    yield case("dates: behind a key", q("shop.OrderLine", {"dates": ["product__released_on", "year", "ASC"]}, order=None))
    yield case("dates: sliced", q(PRODUCT, {"dates": ["released_on", "day", "ASC"]}, order=None, slice=[1, 3]))
    yield case("dates: counted", q(PRODUCT, {"dates": ["released_on", "month", "ASC"]}, order=None), statement="count")
