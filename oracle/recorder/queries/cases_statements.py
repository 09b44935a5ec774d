"""Changes of many rows at once: what is done, and the rows behind it. Each is taken back."""
from .words import agg, ann, any_, as_, case, date, dec, exc, f, flt, fn, is_, js, micro, moment, op, outer, q, vals, when

PRODUCT, SPECIMEN = "shop.Product", "shop.Specimen"


def cases():
    few = flt(is_("pk__range", [4, 9]))
    for name, field, value in [
        ("a number", "quantity", 7), ("a text", "description", "it's %s"), ("a column", "quantity", op(f("quantity"), "+", 1)), ("another column", "description", f("name")), ("nothing", "supplier", None), ("a key", "supplier", 2), ("a key by its value", "supplier_id", 3), ("a function", "name", fn("Concat", fn("Upper", f("sku")), "!")),
        ("a case", "quantity", when([is_("status", "gone"), 0], default=op(f("quantity"), "*", 2))), ("a case over a relation", "quantity", when([is_("supplier__name", "Acme"), 1], default=2)), ("a subquery", "quantity", {"$subquery": q("shop.OrderLine", flt(is_("product", outer("pk"))), vals("product"), ann("s", agg("Sum", f("amount"))), vals("s"), order=())}),
        ("a decimal", "price", dec("3.14")), ("a decimal out of an expression", "price", op(f("price"), "*", dec("0.50"))), ("a date", "released_on", date("2030-01-01")), ("a moment", "created_at", moment("2030-01-01 00:00:00.000001")), ("a column behind", "description", f("category__name")), ("no field", "nothing", 1), ("a relation of many", "tags", 1), ("a way back", "orders", 1), ("a wrong number", "quantity", "x"), ("an aggregate", "quantity", agg("Count", f("tags"))),
        ("a hostile field", 'name"=1;--', 1), ("an attribute of a relation", "category__name", "x"),
    ]:
        yield change("update with " + name, q(PRODUCT, few, order=()), [[field, value]], ["pk", "name", "description", "quantity", "price", "supplier", "released_on", "created_at"])
    for name, column, value in [("json", "json", js({"a": [1, "ö"]})), ("json null", "json", as_(None, "JSONField")), ("no json", "json", None), ("a duration", "duration", micro(1_500_000)), ("a uuid", "uuid", {"$uuid": "ffffffff-89ab-4def-8123-456789abcdef"}), ("bytes", "binary", {"$bytes": "00ff"}), ("a time", "time", {"$time": "01:02:03.000004"}),
                                ("a boolean", "boolean_null", True), ("a float", "floating", 2.5), ("an address", "ip", "2001:DB8::2"), ("a large number", "big", -9223372036854775808), ("a generated column", "double", 1)]:
        yield change("update with " + name, q(SPECIMEN, flt(is_("pk__in", [1, 2, 3])), order=()), [[column, value]], ["pk", "json", "duration", "uuid", "binary", "time", "boolean_null", "floating", "ip", "big", "double"])
    seen = ["pk", "quantity", "description"]
    yield change("update several", q(PRODUCT, few, order=()), [["quantity", 0], ["description", f("sku")]], seen)
    yield change("update a swap", q("census.Seat", order=()), [["row", f("row")], ["label", fn("Upper", f("label"))]], ["row", "number", "label"])
    yield change("update all", q(PRODUCT, order=()), [["quantity", 1]], seen)
    yield change("update by a relation", q(PRODUCT, flt(is_("category__parent__name", "Food")), order=()), [["quantity", 1]], seen)
    yield change("update by many", q(PRODUCT, flt(is_("tags__weight__gt", 2)), order=()), [["quantity", 1]], seen)
    yield change("update by an exclude of many", q(PRODUCT, exc(is_("tags__label", "new")), order=()), [["quantity", 1]], seen)
    yield change("update by an annotation", q(PRODUCT, ann("t", op(f("price"), "*", f("quantity"))), flt(is_("t__gt", 100)), order=()), [["quantity", 1]], seen)
    yield change("update from an annotation", q(PRODUCT, ann("t", op(f("quantity"), "+", 2)), few, order=()), [["quantity", f("t")]], seen)
    yield change("update by a count", q("shop.Category", ann("n", agg("Count", f("products"))), flt(is_("n__gt", 6)), order=()), [["slug", fn("Concat", "s", f("slug"))]], ["pk", "slug"])
    yield change("update nothing", q(PRODUCT, flt(is_("pk__in", [])), order=()), [["quantity", 1]], seen)
    yield change("update none", q(PRODUCT, none=True, order=()), [["quantity", 1]], seen)
    yield change("update by an exists", q("shop.Category", flt(["expr", {"$exists": q(PRODUCT, flt(is_("category", outer("pk"))), flt(is_("status", "gone")), order=())}]), order=()), [["slug", fn("Concat", "g", f("slug"))]], ["pk", "slug"])
    yield change("update a slice", q(PRODUCT, slice=[0, 3]), [["quantity", 1]], seen)
    yield change("update a distinct", q(PRODUCT, few, distinct=True, order=()), [["quantity", 1]], seen)
    yield change("update in an order", q(PRODUCT, few, order=["-pk"]), [["quantity", 1]], seen)
    yield change("update of a child", q("census.Bistro", order=()), [["chef", 2]], ["pk", "name", "stars", "chef"])
    yield change("update of a child's parent", q("census.Bistro", flt(is_("chef__isnull", False)), order=()), [["name", "New"], ["stars", 3]], ["pk", "name", "stars", "chef"])
    yield change("update of all three", q("census.Bistro", order=()), [["name", fn("Upper", f("name"))], ["stars", 1], ["chef", 5]], ["pk", "name", "stars", "chef"])
    yield change("update of a proxy", q("census.Elder", flt(is_("born__isnull", True)), order=()), [["height", 1.0]], ["pk", "height"])
    yield change("update of a key to a code", q("census.City", flt(is_("country__name", "France")), order=()), [["country", "JP"]], ["pk", "country"])
    yield change("update of a composite key's rows", q("census.Seat", flt(is_("pk__in", [[1, 1], [2, 3]])), order=()), [["label", "x"]], ["row", "number", "label"])
    for name, query in {
        "some": q("shop.OrderLine", flt(is_("amount__gt", 2)), order=()), "all": q("shop.OrderLine", order=()), "by a relation": q("shop.OrderLine", flt(is_("product__status", "live")), order=()), "by two": q("shop.OrderLine", flt(any_(is_("product__tags__label", "new"), is_("order__customer__username", "ann"))), order=()),
        "by an exclude of many": q("shop.OrderLine", exc(is_("product__tags__label", "big")), order=()), "by an annotation": q("shop.OrderLine", ann("t", op(f("amount"), "*", f("unit_price"))), flt(is_("t__gt", 10)), order=()), "in nothing": q("shop.OrderLine", flt(is_("pk__in", [])), order=()), "by a subquery": q("shop.OrderLine", flt(is_("order__in", {"$subquery": q("shop.Order", flt(is_("customer", 1)), order=())})), order=()),
    }.items():
        yield case("delete " + name, query, statement="delete", then=q("shop.OrderLine", vals("pk")))
    yield case("delete rows of a composite key", q("census.Seat", flt(is_("holder__name", "Ann")), order=()), statement="delete", then=q("census.Seat", vals("row", "number"), order=["row", "number"]))


def change(id_, query, values, seen):
    then = q(query["model"], vals(*seen), order=["pk"])
    return case(id_, query, statement="update", values=values, then=then)
