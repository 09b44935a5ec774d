"""The rows that queries are run over: made by fixed chance, the same on every run."""
import datetime
import json
import random

from django.apps import apps
from django.db import models

from .values import decode

TEXTS = ["Apple", "apple pie", "Äpfel", "äpfel", "ÉCLAIR", "straße", "STRASSE", "100% sure", "under_score", "back\\slash", "it's", 'say "hi"',
         "naïve café", "日本語", "emoji 😀", "İstanbul", "tab\there", "  spaces  ", "x" * 30, "a.b*c", "[set]", "zebra", "Zebra", ""]
DECIMALS = ["0.00", "0.01", "1.10", "9.99", "10.00", "12.50", "99.95", "100.00", "1234.56", "999999.99"]
MOMENTS = ["2024-03-31 00:59:59.999999", "2024-03-31 01:00:00", "2024-10-27 00:30:00", "2024-10-27 01:30:00", "2023-12-31 23:30:00",
           "2024-01-01 00:00:00", "2024-02-29 12:00:00.000001", "1999-12-31 22:59:59", "2024-12-30 10:15:30.5", "2020-01-01 05:45:00",
           "1969-12-31 23:59:59.999999", "2038-01-19 03:14:08"]
DATES = ["2024-02-29", "2023-12-31", "2024-01-01", "2021-01-03", "2021-01-04", "1999-12-31", "2024-12-30", "1968-05-17"]
JSONS = [{"a": 1}, {"a": None}, {"a": {"b": [1, 2, {"c": "deep"}]}, "n": 1.5}, [1, 2, 3], [], {}, "text", 5, 1.5, True, False, {"a": "1"},
         {"ä": "ö", "a'b": 1, 'q"q': 2, "a b": 3, "%s": 4, "0": "zero"}, {"a": [None, True, {"x": "Äpfel"}]}, {"a": True}, {"a": "Äpfel pie"},
         [{"a": 1}, {"a": 2}], {"a": 10, "b": 2}, {"a": {"b": None}}, {"a": 2.0}, {"list": [1, [2, 3]], "t": "it's 100%"}]


def make():
    """Rows by model, in the order in which they are inserted: `[model, fields, rows]`."""
    chance = random.Random(20240229)
    maybe = lambda it, share=0.25: None if chance.random() < share else it()  # noqa: E731
    of = chance.choice
    moment = lambda: {"$datetime": stamp(of(MOMENTS))}  # noqa: E731
    date = lambda: {"$date": of(DATES)}  # noqa: E731
    decimal = lambda most=10: {"$decimal": of(DECIMALS[:most])}  # noqa: E731
    document = lambda: {"$json": text(of(JSONS))}  # noqa: E731
    duration = lambda: {"$duration": of([0, 1, 1_000_000, 90_061_000_001, -5_000_000, 86_400_000_000, 3_600_000_000])}  # noqa: E731
    uuid = lambda: {"$uuid": "%08x-0000-4000-8000-%012x" % (chance.getrandbits(32), chance.getrandbits(20))}  # noqa: E731
    out = []

    def add(model, fields, rows):
        out.append([model, fields.split(), rows])

    users = ["ann", "Bob", "carol", "dörte", "eve_1", "EVE", "frank%", "grace"]
    add("auth.Group", "id name", [[1, "staff"], [2, "readers"], [3, "empty"]])
    add("auth.User", "id username first_name last_name email is_active is_staff is_superuser date_joined last_login password", [
        [at, name, of(["", "Ann", "Bo"]), of(["", "Ö"]), "%s@example.com" % name if at % 3 else "", at % 4 != 0, at == 1, at == 1, moment(), maybe(moment), "!"]
        for at, name in enumerate(users, 1)])
    add("auth.User_groups", "id user_id group_id", [[1, 1, 1], [2, 1, 2], [3, 2, 2], [4, 3, 2], [5, 5, 1]])
    add("api.Note", "id title content created_at author_id", [
        [at, TEXTS[at % len(TEXTS)], of(TEXTS) + "\n" + of(TEXTS), moment(), of([1, 1, 2, 3, 5, 6])] for at in range(1, 31)])
    add("shop.Category", "id name slug parent_id", [
        [1, "Food", "food", None], [2, "Fruit", "fruit", 1], [3, "Äpfel", "apfel", 2], [4, "Tools", "tools", None], [5, "Saws", "saws", 4],
        [6, "Empty", "empty", None], [7, "fruit juice", "juice", 2]])
    add("shop.Tag", "id label weight", [
        [1, "new", 1], [2, "Old", -1], [3, "cheap", 5], [4, "big", 0], [5, "unused", 10], [6, "größe", 3]])
    add("shop.Supplier", "id name email website", [
        [1, "Acme", "acme@example.com", ""], [2, "acme", "a2@example.com", "https://example.com/"], [3, "Müller & Söhne", "m@example.com", ""], [4, "Nobody", "n@example.com", ""]])
    products = [[at, TEXTS[at % len(TEXTS)] or "blank", "sku-%02d" % at, of(TEXTS), decimal(), of([0, 1, 5, 5, 10, 999]), of(["draft", "live", "live"]) if at > 3 else "gone",
                 maybe(date), 1 + at % 5, at if at < 4 else maybe(lambda: of([1, 2, 3])), moment(), moment()] for at in range(1, 33)]
    add("shop.Product", "id name sku description price quantity status released_on category_id supplier_id created_at updated_at", products)
    pairs = sorted({(of(range(1, 29)), of([1, 2, 3, 4, 6])) for _ in range(50)})
    add("shop.Product_tags", "id product_id tag_id", [[at, *pair] for at, pair in enumerate(pairs, 1)])
    add("shop.ProductDetail", "product_id manual pages", [[at, of(TEXTS), of([1, 2, 10, 300])] for at in range(1, 33, 3)])
    add("shop.Order", "id number customer_id placed_at", [[at, "O-%03d" % at, of([1, 1, 2, 3, 7]), moment()] for at in range(1, 15)])
    lines = sorted({(of(range(1, 13)), of(range(1, 33))) for _ in range(36)})
    add("shop.OrderLine", "id order_id product_id amount unit_price", [[at, *pair, of([1, 2, 3, 10]), decimal(8)] for at, pair in enumerate(lines, 1)])
    add("shop.OnDelete", "id cascade_id set_null_id do_nothing_id", [[1, 1, None, 2], [2, 2, 3, None], [3, None, None, None]])
    add("shop.Specimen", SPECIMEN, [specimen(at, of, maybe, moment, date, document, duration, uuid, chance) for at in range(1, 41)])
    add("shop.Booking", "id room day seat holder", [
        [at, of(["A", "B", "c"]), date(), None if at % 4 == 0 else at, of(["", "ann", "Bob"])] for at in range(1, 13)])
    add("census.Country", "id code name", [[1, "DE", "Germany"], [2, "FR", "France"], [3, "JP", "日本"], [4, "XX", "Nowhere"]])
    add("census.City", "id name country_id people", [
        [1, "Berlin", "DE", 3600000], [2, "Hamburg", "DE", 1900000], [3, "Paris", "FR", 2100000], [4, "Lyon", "FR", None], [5, "Tōkyō", "JP", 14000000], [6, "Köln", "DE", None]])
    add("census.Person", "id name born height boss_id", [
        [at, name, maybe(date, 0.3), maybe(lambda: of([1.5, 1.75, 1.8, 2.0]), 0.3), maybe(lambda: of(range(1, at)), 0.3) if at > 1 else None]  # noqa: B023
        for at, name in enumerate(["Ann", "Bob", "Çelik", "Dora", "Emil", "ann", "Grete", "Hugo", "Ida", "Jan", "Ömer", "Zoë"], 1)])
    friends = sorted({(a, b) for a, b in [(1, 2), (1, 3), (2, 3), (4, 5), (6, 1), (7, 8)] for a, b in [(a, b), (b, a)]})
    add("census.Person_friends", "id from_person_id to_person_id", [[at, *pair] for at, pair in enumerate(friends, 1)])
    add("census.Person_follows", "id from_person_id to_person_id", [[at, *pair] for at, pair in enumerate([(1, 2), (1, 4), (2, 4), (3, 4), (4, 1), (5, 5), (9, 1)], 1)])
    add("census.Place", "id name city_id opened", [
        [at, name, maybe(lambda: of(range(1, 7))), maybe(date)] for at, name in enumerate(["Park", "Zoo", "Da Gino", "Chez Ann", "Sushi", "Imbiß", "Le Coin", "Bar", "Café", "Noodle"], 1)])
    add("census.Restaurant", "place_ptr_id stars rating", [[at, of([None, 1, 2, 3]), maybe(lambda: {"$decimal": of(["1.00", "2.50", "4.75", "10.00"])})] for at in range(3, 11)])
    add("census.Bistro", "restaurant_ptr_id chef_id", [[7, 1], [9, None], [10, 4]])
    add("census.Visit", "id person_id place_id at mood stay", [
        [at, of(range(1, 11)), of(range(1, 10)), maybe(moment), maybe(document), maybe(duration)] for at in range(1, 41)])
    add("census.Passport", "id holder_id number country_id", [[at, holder, uuid(), of(["DE", "FR", None])] for at, holder in enumerate([1, 2, 4, 6, 9], 1)])
    add("census.Seat", "row number holder_id label", [
        [row, number, maybe(lambda: of(range(1, 6)), 0.4), of(["window", "aisle", None])] for row in (1, 2, 10) for number in (1, 2, 3)])
    return out


SPECIMEN = ("id char char_min char_null char_unique char_regex text slug slug_unicode email url ip integer small big pos pos_small pos_big bounded decimal "
            "decimal_wide floating boolean boolean_null date datetime time duration uuid json choice choice_int binary file auto_uuid db_defaulted")


def specimen(at, of, maybe, moment, date, document, duration, uuid, chance):
    texts = [it[:10] for it in TEXTS]
    # The first documents are one of each; a JSON null is not SQL's.
    json_ = {"$json": text(JSONS[at - 1])} if at <= len(JSONS) else {"$json": "null"} if at == 22 else maybe(document)
    return [
        at, of(texts), of(["abc", "abcd"]), maybe(lambda: of(texts)), "u%d" % at if at % 3 else None, of(["", "AB1"]), of(TEXTS), of(["", "a-b", "c_d"]),
        of(["", "straße"]), of(["", "a@b.example"]), "", maybe(lambda: of(["192.0.2.1", "::1", "2001:db8::1", "10.0.0.1"])), maybe(lambda: of([-7, -1, 0, 1, 2, 5, 7, 2147483647])),
        maybe(lambda: of([-32768, 0, 3, 32767])), maybe(lambda: of([-9223372036854775808, 0, 9223372036854775807, 42])), maybe(lambda: of([0, 1, 2147483647])),
        maybe(lambda: of([0, 9])), maybe(lambda: of([0, 9223372036854775807])), maybe(lambda: of([-5, 0, 5])),
        maybe(lambda: {"$decimal": of(["-1.50", "0.00", "0.10", "0.20", "0.30", "10.00", "9999.99"])}),
        maybe(lambda: {"$decimal": of(["0.0000000001", "123456789.1234567891", "-1.5000000000"])}),
        maybe(lambda: of([-1.5, 0.0, 0.1, 0.2, 0.30000000000000004, 1e300, 1e-300, 3.0])), chance.random() < 0.5, maybe(lambda: chance.random() < 0.5),
        maybe(date), maybe(moment), maybe(lambda: {"$time": of(["00:00:00", "12:30:45", "23:59:59.999999", "06:00:00.5".replace(".5", ".500000")])}), maybe(duration),
        maybe(uuid) if at > 3 else {"$uuid": "0123456%d-89ab-4def-8123-456789abcdef" % at}, json_, of(["", "red", "green"]), maybe(lambda: of([1, 2, 3])),
        maybe(lambda: {"$bytes": of(["", "00ff27", "41"])}), "", {"$uuid": "00000000-0000-4000-8000-000000000001"}, of([7, 8, -1]),
    ]


def stamp(text_):
    """As a moment is encoded."""
    return datetime.datetime.fromisoformat(text_.ljust(26, "0") if "." in text_ else text_).isoformat(sep=" ")


def text(document):
    """As a field keeps it."""
    return json.dumps(document)


def load(rows):
    """Inserts them into an empty database, each into its own table only."""
    for label, fields, values in rows:
        model = apps.get_model(label)
        kinds = {field.attname: field for field in model._meta.local_fields}
        for row in values:
            it = model()
            for name, value in zip(fields, row):
                made = decode(value)
                if isinstance(kinds[name], models.JSONField) and value is not None and made is None:
                    made = models.Value(None, models.JSONField())
                setattr(it, name, made)
            if model._meta.parents:
                it.pk = row[0]
            it.save_base(raw=True, force_insert=True)


def dump(rows):
    """The same with tables and columns, for who has no models."""
    out = []
    for label, fields, values in rows:
        model = apps.get_model(label)
        columns = {field.attname: field.column for field in model._meta.local_fields}
        out.append({"model": label, "table": model._meta.db_table, "columns": [columns[name] for name in fields], "rows": values})
    return out
