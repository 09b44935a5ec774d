"""Relations: every way there is, one or two filters over many, `exclude`, joins that are kept or widened, order by relations."""
from .words import agg, all_, ann, any_, case, date, dec, exc, f, flt, is_, moment, not_, op, outer, q, vals, xor

# A model, and conditions along its ways.
WAYS = [
    ("api.Note", [("author__username", "ann"), ("author__username__icontains", "E"), ("author__groups__name", "staff"), ("author", 1), ("author_id", 2), ("author__id__in", [1, 5]), ("author__last_login__isnull", True), ("author__isnull", False), ("author__pk__gt", 2)]),
    ("auth.User", [("notes__title__contains", "a"), ("notes__isnull", True), ("notes__isnull", False), ("notes", 3), ("groups__name", "readers"), ("groups__isnull", True), ("groups", 2), ("orders__products__tags__label", "big"), ("orders__lines__amount__gt", 5), ("notes__author__username", "Bob"), ("notes__in", [1, 2, 30])]),
    ("shop.Category", [("parent__name", "Food"), ("parent__parent__name", "Food"), ("parent__isnull", True), ("parent__parent__isnull", True), ("children__name__startswith", "f"), ("children__isnull", True), ("children__children__isnull", False), ("products__price__gt", dec("100")), ("products__supplier__name", "Acme"), ("products__isnull", True), ("parent", 1), ("parent__in", [1, 4]), ("od_cascade__isnull", False)]),
    ("shop.Product", [("category__parent__name", "Food"), ("supplier__name", "Acme"), ("supplier__isnull", True), ("supplier__name__isnull", True), ("tags__label", "new"), ("tags__isnull", True), ("tags__weight__lt", 3), ("tags", 2), ("tags__in", [1, 3]), ("detail__pages__gt", 2), ("detail__isnull", True), ("detail__manual__contains", "a"), ("orders__customer__username", "ann"), ("orderline__amount", 3), ("orders__placed_at__year", 2024), ("category__products__tags__label", "cheap"), ("detail", 4), ("supplier__email__endswith", "e.com")]),
    ("census.Person", [("boss__name", "Ann"), ("boss__boss__isnull", True), ("team__name", "Dora"), ("team__team__isnull", False), ("friends__name", "Bob"), ("friends__friends__name", "Ann"), ("friends__isnull", True), ("follows__name", "Dora"), ("followers__name", "Ann"), ("followers__isnull", True), ("favourites__name", "Zoo"), ("visits__place__city__country__name", "Germany"), ("passport__country__code", "DE"), ("passport__country", "DE"), ("passport__isnull", True), ("passport__country__isnull", True), ("visits__at__isnull", True), ("bistros__stars__isnull", True), ("bistros__name", "Le Coin"), ("seats__label", "aisle"), ("seats__isnull", True), ("boss__passport__number__isnull", False)]),
    ("census.Place", [("restaurant__stars", 2), ("restaurant__isnull", True), ("restaurant__bistro__chef__name", "Ann"), ("restaurant__bistro__isnull", False), ("city__country__name", "France"), ("city__country", "FR"), ("city__country_id__in", ["DE", "JP"]), ("fans__name", "Ann"), ("visits__stay__gt", {"$duration": 0})]),
    ("census.Bistro", [("name", "Le Coin"), ("stars__isnull", False), ("city__name", "Berlin"), ("chef__name", "Ann"), ("restaurant_ptr__rating__isnull", True), ("place_ptr__name__contains", "o"), ("visits__person__name", "Bob"), ("chef__isnull", True), ("pk", 7)]),
    ("census.City", [("country__name", "Germany"), ("country", "DE"), ("country__code", "FR"), ("country_id", "JP"), ("places__name", "Zoo"), ("places__restaurant__rating__gte", dec("2.5")), ("country__in", ["DE", "XX"])]),
    ("census.Seat", [("row", 1), ("holder__name", "Ann"), ("holder__isnull", True), ("pk__in", [[1, 2], [10, 3]]), ("pk", [2, 1]), ("label__isnull", True)]),
    ("census.Elder", [("name", "Ann"), ("boss__name", "Ann"), ("visits__place__name", "Zoo")]),
]
# Two conditions over the same relation of many.
PAIRS = [
    ("shop.Product", ("tags__label", "new"), ("tags__weight__gt", 2)), ("shop.Product", ("tags__label", "new"), ("tags__label", "cheap")), ("shop.Category", ("products__status", "live"), ("products__quantity__gt", 5)),
    ("auth.User", ("notes__title__startswith", "a"), ("notes__content__contains", "e")), ("census.Person", ("visits__place__name", "Zoo"), ("visits__at__isnull", True)), ("census.Person", ("friends__name", "Bob"), ("friends__born__isnull", True)),
    ("shop.Category", ("children__name", "Fruit"), ("products__price__lt", dec("10"))), ("census.Person", ("team__name__gt", "D"), ("team__height__gt", 1.6)), ("census.Place", ("fans__name", "Ann"), ("fans__name", "Bob")),
    ("shop.Order", ("lines__amount", 3), ("lines__product__status", "live")), ("census.Person", ("boss__name", "Ann"), ("boss__born__isnull", False)),
]
ORDERS = [
    ("api.Note", ["author__username", "pk"]), ("api.Note", ["-author__username", "pk"]), ("api.Note", ["author", "pk"]), ("api.Note", ["author_id", "-pk"]), ("api.Note", ["-title", "pk"]), ("shop.Product", ["category", "pk"]), ("shop.Product", ["-category", "pk"]),
    ("shop.Product", ["category__parent", "pk"]), ("shop.Product", ["category__parent__name", "-pk"]), ("shop.Product", ["supplier", "pk"]), ("shop.Product", ["supplier__name", "pk"]), ("shop.Product", ["-supplier__name", "pk"]), ("shop.Product", ["category_id", "-price", "pk"]), ("shop.Product", ["detail__pages", "pk"]),
    ("shop.Product", ["tags__label", "pk"]), ("shop.Category", ["parent", "pk"]), ("shop.Category", ["parent__parent__name", "pk"]), ("shop.Category", ["children__name", "pk"]), ("census.Visit", ["place", "pk"]), ("census.Visit", ["place__city", "pk"]), ("census.Visit", ["-place__city__country__name", "pk"]), ("census.Visit", ["person__boss", "-pk"]),
    ("census.City", ["country", "pk"]), ("census.City", ["country__name", "-people", "pk"]), ("census.Bistro", ["name"]), ("census.Bistro", ["-place_ptr"]), ("census.Restaurant", ["city__name", "pk"]), ("census.Seat", ["-pk"]), ("census.Seat", ["holder__name", "pk"]), ("census.Person", ["boss__name", "pk"]), ("census.Person", ["name"]),
    ("shop.Specimen", ["integer", "pk"]), ("shop.Specimen", ["-integer", "pk"]), ("shop.Specimen", ["decimal", "-floating", "pk"]), ("shop.Specimen", ["datetime", "pk"]), ("shop.Specimen", ["boolean_null", "char_null", "pk"]), ("shop.Specimen", ["duration", "time", "pk"]), ("shop.Specimen", ["uuid", "pk"]), ("shop.Specimen", ["datetime__year", "pk"]), ("shop.Specimen", ["-date__month", "pk"]),
    ("shop.Product", ["nothing"]), ("shop.Product", ["category__nothing"]), ("shop.Product", ["name__nothing"]), ("shop.Product", ["price;DROP TABLE x"]), ("shop.Product", ["--price"]), ("shop.Product", ["shop_product.price"]), ("shop.Product", ["-"]), ("shop.Product", [""]),
]


def cases():
    for model, conditions in WAYS:
        for at, (path, value) in enumerate(conditions):
            yield case("%s %s, %d" % (model, path, at), q(model, flt(is_(path, value))))
            yield case("%s exclude %s, %d" % (model, path, at), q(model, exc(is_(path, value))))
    for at, (model, one, other) in enumerate(PAIRS):
        a, b = is_(*one), is_(*other)
        ways = {
            "in one filter": [flt(all_(a, b))], "in two filters": [flt(a), flt(b)], "or": [flt(any_(a, b))], "in one exclude": [exc(all_(a, b))], "in two excludes": [exc(a), exc(b)],
            "filter, exclude": [flt(a), exc(b)], "or not": [flt(any_(a, not_(b)))], "xor": [flt(xor(a, b))], "not or": [exc(any_(a, b))], "and not": [flt(all_(a, not_(b)))],
        }
        for name, steps in ways.items():
            yield case("pair %d %s" % (at, name), q(model, *steps))
        yield case("pair %d distinct" % at, q(model, flt(any_(a, b)), distinct=True))
    for at, (model, order) in enumerate(ORDERS):
        yield case("order %d %s" % (at, " ".join(order)), q(model, order=order))
        if at % 4 == 0:
            yield case("order %d reversed" % at, q(model, order=order, reverse=True))
    for model in ["shop.Category", "census.City", "census.Visit", "census.Place", "census.Elder", "shop.Product", "census.Bistro"]:
        yield case("usual order of %s" % model, q(model, order=None), unordered=model == "census.Visit")
        yield case("usual order of %s, reversed" % model, q(model, order=None, reverse=True), unordered=model == "census.Visit")
    yield case("nulls first", q("shop.Specimen", order=[{"by": "integer", "nulls": "first"}, "pk"]))
    yield case("nulls last, largest first", q("shop.Specimen", order=[{"by": "integer", "desc": True, "nulls": "last"}, "pk"]))
    yield case("nulls last behind a relation", q("shop.Product", order=[{"by": "supplier__name", "nulls": "last"}, "pk"]))
    yield case("nulls reversed", q("shop.Specimen", order=[{"by": "integer", "nulls": "first"}, "pk"], reverse=True))
    yield case("no order, as a set", q("shop.Product", order=[]), unordered=True)
    yield from widened()
    yield from named()


def widened():
    """Inner and outer joins under or, not and order."""
    yield case("or over an optional key", q("shop.Product", flt(any_(is_("supplier__name", "Acme"), is_("quantity", 5)))))
    yield case("or over two optional keys", q("census.Person", flt(any_(is_("boss__name", "Ann"), is_("passport__country__code", "FR")))))
    yield case("or then and", q("census.Person", flt(any_(is_("boss__name", "Ann"), is_("passport__country__code", "FR"))), flt(is_("boss__born__isnull", False))))
    yield case("is null or equal behind a key", q("shop.Product", flt(any_(is_("supplier__isnull", True), is_("supplier__name__startswith", "a")))))
    yield case("null behind two optional keys", q("shop.Category", flt(is_("parent__parent__name", None))))
    yield case("not null behind two optional keys", q("shop.Category", exc(is_("parent__parent__name", None))))
    yield case("exclude a value of an optional key", q("shop.Product", exc(is_("supplier__name", "Acme"))))
    yield case("exclude two of an optional key", q("shop.Product", exc(all_(is_("supplier__name", "Acme"), is_("category__name", "Food")))))
    yield case("exclude in of an optional key", q("shop.Product", exc(is_("supplier__in", [1, 2]))))
    yield case("exclude against a column behind", q("census.Person", exc(is_("name__lt", f("boss__name")))))
    yield case("exclude many against a column", q("census.Person", exc(is_("friends__name", f("name")))))
    yield case("filter many against a column", q("census.Person", flt(is_("visits__place__fans__name", f("name"))), distinct=True))
    yield case("exclude many of many", q("auth.User", exc(is_("orders__products__tags__label", "big"))))
    yield case("exclude behind a filter over the same many", q("census.Person", flt(is_("visits__place__name", "Zoo")), exc(is_("visits__at__isnull", True)), distinct=True))
    yield case("order by what is filtered", q("shop.Product", flt(is_("tags__weight__gt", 0)), order=["tags__weight", "pk"]))
    yield case("one key along another", q("census.Visit", flt(is_("place__city__country__name", "France")), order=["pk"]))
    yield case("to a row of the child by the parent's", q("census.Visit", flt(is_("place__restaurant__stars__gte", 2)), order=["pk"]))
    yield case("values across everything", q("census.Visit", vals("person__name", "person__boss__name", "place__city__country__name", "place__restaurant__rating"), order=["pk"]))
    yield case("values of many", q("census.Person", vals("name", "friends__name", "seats__label"), order=["pk", "friends__name", "seats__label"]), unordered=True)
    yield case("values of keys", q("shop.Product", vals("category", "category_id", "supplier__pk", "tags"), order=["pk", "tags__id"]))
    yield case("a key as such and behind", q("census.City", vals("country", "country_id", "country__pk", "country__name"), order=["pk"]))
    yield case("nothing is a relation's lookup", q("shop.Product", flt(is_("category__icontains", "x"))))
    yield case("a lookup of a key refused", q("shop.Product", flt(is_("supplier__startswith", "x"))))
    yield case("a relation that is none", q("shop.Product", flt(is_("name__category", 1))))
    yield case("no field behind a relation", q("shop.Product", flt(is_("category__nothing__x", 1))))
    yield case("a way back by the wrong name", q("shop.Category", flt(is_("product__name", "x"))))
    yield case("key as text", q("api.Note", flt(is_("author", "1"))))
    yield case("key as nonsense", q("api.Note", flt(is_("author", "x"))))
    yield case("key compared", q("api.Note", flt(is_("author__gt", 2))))
    yield case("moment behind", q("shop.Product", flt(is_("orders__placed_at__gt", moment("2024-01-01 00:00:00"))), distinct=True))
    yield case("date behind", q("census.Visit", flt(is_("person__born__lt", date("2020-01-01"))), order=["pk"]))


def named():
    """A relation under another name, with a condition of its own."""
    cheap = {"filtered_relation": ["cheap", "products", is_("products__price__lt", dec("10"))]}
    yield case("filtered relation", q("shop.Category", cheap, flt(is_("cheap__isnull", False)), distinct=True))
    yield case("filtered relation, none", q("shop.Category", cheap, flt(is_("cheap__isnull", True))))
    yield case("filtered relation counted", q("shop.Category", cheap, ann("n", agg("Count", f("cheap")))))
    yield case("filtered relation twice", q("shop.Category", cheap, {"filtered_relation": ["live", "products", is_("products__status", "live")]}, ann("a", agg("Count", f("cheap"), distinct=True)), ann("b", agg("Count", f("live"), distinct=True))))
    yield case("filtered relation by or", q("shop.Category", {"filtered_relation": ["odd", "products", any_(is_("products__quantity", 5), not_(is_("products__status", "live")))]}, ann("n", agg("Count", f("odd")))))
    yield case("filtered relation behind", q("shop.Category", cheap, vals("name", "cheap__name", "cheap__supplier__name"), order=["pk", "cheap__id"]))
    yield case("filtered relation of many to many", q("shop.Product", {"filtered_relation": ["heavy", "tags", is_("tags__weight__gt", 2)]}, flt(is_("heavy__label__startswith", "c"))))
    yield case("filtered relation by a column", q("census.Person", {"filtered_relation": ["same", "visits", is_("visits__place", f("pk"))]}, ann("n", agg("Count", f("same")))))
    yield case("filtered relation in an order", q("shop.Category", cheap, order=["cheap__price", "pk", "cheap__pk"]))
    yield case("filtered relation of an optional key", q("shop.Product", {"filtered_relation": ["acme", "supplier", is_("supplier__name__istartswith", "a")]}, vals("pk", "acme__name")))
    yield case("filtered relation that crosses", q("shop.Category", {"filtered_relation": ["x", "products", is_("supplier__name", "Acme")]}, flt(is_("x__isnull", False))))
    yield case("filtered relation by a bad name", q("shop.Category", {"filtered_relation": ["a;b", "products", is_("products__quantity", 5)]}, flt(is_("a;b__isnull", False))))
    yield case("filtered relation with a dot", q("shop.Category", {"filtered_relation": ["a.b", "products", is_("products__quantity", 5)]}, flt(is_("a.b__isnull", False))))
    yield case("a subquery behind a relation", q("shop.Category", flt(["expr", {"$exists": q("shop.Product", flt(is_("category", outer("pk"))), flt(is_("tags__label", "new")), order=())}])))
    yield case("sum of a relation's column and one of its own", q("shop.OrderLine", ann("t", op(f("amount"), "*", f("product__price"))), flt(is_("t__gt", 50))))
