"""Documents: keys, indexes, their lookups and transforms, nulls of both kinds, and hostile keys."""
from .words import all_, ann, any_, as_, case, cast, exc, f, flt, fn, is_, js, not_, op, q, vals

SPECIMEN = "shop.Specimen"
NULL = {"$as": [None, {"class": "JSONField", "kwargs": {}}]}
VALUES = [("json", js({"a": 1})), ("json", js([1, 2, 3])), ("json", "text"), ("json", 5), ("json", 1.5), ("json", True), ("json", js([])), ("json", js({})),
          ("json__a", 1), ("json__a", "1"), ("json__a", True), ("json__a", None), ("json__a", 2), ("json__a", js({"b": [1, 2, {"c": "deep"}]})), ("json__a__b__2__c", "deep"), ("json__a__b__0", 1),
          ("json__0", 1), ("json__0__a", 1), ("json__1", 2), ("json__n", 1.5), ("json__ä", "ö"), ("json__a'b", 1), ('json__q"q', 2), ("json__a b", 3), ("json__%s", 4), ("json__t", "it's 100%"),
          ("json__list__1__0", 2), ("json__nothing", 1), ("json__a__nothing__deeper", 1), ("json__a__2__x", "Äpfel"), ("json__0__0", 1)]
KEYED = [("iexact", "ÄPFEL PIE"), ("iexact", "1"), ("contains", "pf"), ("icontains", "PIE"), ("startswith", "Ä"), ("istartswith", "äp"), ("endswith", "pie"), ("iendswith", "PIE"),
         ("regex", "^.p"), ("iregex", "PIE$"), ("gt", 1), ("gte", 2), ("lt", 3), ("lte", 1), ("in", [1, 2]), ("in", ["1", 10]), ("in", [None, True]), ("isnull", True), ("isnull", False)]


def cases():
    for at, (path, value) in enumerate(VALUES):
        yield case("json %d %s" % (at, path), q(SPECIMEN, flt(is_(path, value))))
        yield case("json exclude %d %s" % (at, path), q(SPECIMEN, exc(is_(path, value))))
    for at, (lookup, value) in enumerate(KEYED):
        yield case("json key %d %s" % (at, lookup), q(SPECIMEN, flt(is_("json__a__" + lookup, value))))
        yield case("json key exclude %d %s" % (at, lookup), q(SPECIMEN, exc(is_("json__a__" + lookup, value))))
    for lookup, value in [("has_key", "a"), ("has_key", "0"), ("has_key", "a'b"), ("has_key", 'q"q'), ("has_key", "%s"), ("has_keys", ["a", "b"]), ("has_keys", ["a", "ä"]), ("has_any_keys", ["n", "ä", "t"]),
                          ("has_any_keys", []), ("a__has_key", "b"), ("a__has_key", "0"), ("a__has_any_keys", ["b", "x"])]:
        yield case("json %s %s" % (lookup, value), q(SPECIMEN, flt(is_("json__" + lookup, value))))
        yield case("json exclude %s %s" % (lookup, value), q(SPECIMEN, exc(is_("json__" + lookup, value))))
    for at, (lookup, value) in enumerate([("contains", js({"a": 1})), ("contains", js([1, 3])), ("contains", js({"a": {"b": [2]}})), ("contained_by", js({"a": 1, "b": 2, "n": 3})), ("contains", "text"), ("a__contains", js({"b": [1]}))]):
        yield case("json %s %d" % (lookup, at), q(SPECIMEN, flt(is_("json__" + lookup, value))))
    yield case("json is the null of json", q(SPECIMEN, flt(is_("json", NULL))))
    yield case("json is nothing at all", q(SPECIMEN, flt(is_("json__isnull", True))))
    yield case("json in documents", q(SPECIMEN, flt(is_("json__in", [js({"a": 1}), js([1, 2, 3]), js([])]))))
    yield case("json values of keys", q(SPECIMEN, vals("pk", "json__a", "json__a__b", "json__0", "json__nothing")))
    yield case("json annotated by a key", q(SPECIMEN, ann("k", f("json__a")), flt(is_("k__isnull", False))))
    yield case("json key as text", q(SPECIMEN, ann("k", fn("Lower", cast(f("json__t"), "TextField"))), flt(is_("k__contains", "100%"))))
    yield case("json ordered by a key", q("census.Visit", flt(is_("mood__a__isnull", False)), vals("pk"), order=["pk"]))
    yield case("json key and key", q(SPECIMEN, flt(all_(is_("json__a", 10), is_("json__b", 2)))))
    yield case("json key or key", q(SPECIMEN, flt(any_(is_("json__a", 10), not_(is_("json__b", 2))))))
    yield case("json behind a relation", q("census.Person", flt(is_("visits__mood__a__b__0", 1)), distinct=True))
    yield case("json excluded behind a relation", q("census.Person", exc(is_("visits__mood__a", 1))))
    yield case("json key is a column", q(SPECIMEN, flt(is_("json__a", f("choice_int")))))
    yield case("json key is a key", q(SPECIMEN, flt(is_("json__a", f("json__b")))))
    yield case("json object made", q("shop.Tag", ann("o", fn("JSONObject", "label", f("label"), "w", op(f("weight"), "*", 2), "t", True)), vals("pk", "o")))
    yield case("json array made", q("shop.Tag", ann("o", fn("JSONArray", f("label"), f("weight"), None)), vals("pk", "o")))
    yield case("json constant", q("shop.Tag", ann("o", as_(js({"a": [1, None]}), "JSONField")), vals("pk", "o")))
