"""The gallery's serializer fields with their options, in JSON and in forms."""
from ..core import Suite
from .shop_fields import BOOLS, DATES, DATETIMES, DURATIONS, EMAILS, FLOATS, IPS, SLUGS, TIMES, URLS, UUIDS, label

G = "/api/gallery/"


def probe(s, family, field, values, form=False, beside=None):
    """One exchange a value; a form has the texts as they are, and a list gives the key several times."""
    tag = "%s.form" % field if form else field
    for n, value in enumerate(values):
        body = {"form": {**(beside or {}), field: value}} if form else {"json_body": {field: value}}
        s.post("%s.%02d" % (tag, n), G + "fields/%s/" % family, note=label(value), **body)


def text():
    s = Suite("gallery_text", "gallery", "CharField and its children, each option in JSON and in forms.")
    for field, values in {
        "plain": ["a", "", " ", None, 0, -0.0, 1e20, True, ["a"], {"a": 1}, "\ta\u2003", "a\u0000", "\u00a0", "\ufeffa", "a\u2028b"],
        "short": ["a", " a ", "ab", "abcde", "abcdef", "a\u0301", "\U0001f600", "\U0001f600\U0001f600", 1, 12, 123456, 1.5, "", None],
        "blank": ["", "  ", "\u3000", None, "x"],
        "null": [None, "", "abc", "abcd", 1234],
        "both": [None, "", " ", "a", "ab"],
        "raw": ["    ", "     ", " a ", "", "\n", "a\r\n"],
        "told": ["", None, [], "abcd", " abc ", False],
        "regex": ["ab-1", "AB-1", "ab-12345", "ab-123456", " ab-1 ", "ab-1\n", "ab-\u0661", "", None, 5],
        "found": ["bed", "a bod y", "bd", "b\nd", "BED"],
        "email": ["a@b.co", "a@" + "b" * 15 + ".co", "a@" + "b" * 16 + ".co", "x", "", " A@B.co "] + EMAILS[3:9],
        "slug": ["a", "ab", "a b", "-_", "\u00e9\u00e9", ""],
        "wide_slug": ["\u00e9\u00e9", "\u4e2d-\u6587_1", "a b", "", "\u00e9.", "\u0301"],
        "url": ["http://a.co/" + "x" * 28, "http://a.co/" + "x" * 29, "ftp://a.co", "gopher://a.co", "", None] + URLS[9:18],
        "ip": ["10.0.0.1", "::FFFF:1.2.3.4", "::ffff:102:304", "1::", "1::2::3", "12345::", "0:0:0:0:0:0:0:1", 16909060, None] + IPS[5:10],
        "ip4": ["10.0.0.1", "::1", "010.0.0.1", "10.0.0.256", "10.0.0", "\u0661.0.0.1", " 10.0.0.1 ", ""],
        "ip6": ["10.0.0.1", "::1", "::ffff:10.0.0.1", "FE80::0001", "", None, "::1%lo"],
        "uuid": UUIDS[:5] + [0, 2**128 - 1, 2**128, -1, 1.0, "", None],
        "uuid_hex": [UUIDS[0], 255], "uuid_int": [UUIDS[0], 255, "255"], "uuid_urn": [UUIDS[0], "urn:uuid:" + UUIDS[1], 255],
    }.items():
        probe(s, "text", field, values)
    for field, values in {
        "plain": ["a", "", " ", ["a", "b"]], "short": ["a", "abc", ""], "blank": [""], "null": ["", "null", "abcd"], "both": ["", " "],
        "raw": [" a", ""], "told": ["", "abcd"], "regex": ["", "ab-1"], "email": ["", "x"], "wide_slug": ["", "\u00e9"],
        "url": ["", "http://a.co"], "ip4": ["", "1.2.3.4"], "ip6": ["", "::1"], "uuid": ["", UUIDS[0]],
    }.items():
        probe(s, "text", field, values, form=True)
    s.options("options", G + "fields/text/")
    s.post("all_wrong", G + "fields/text/", json_body={"uuid": 1.5, "plain": [], "short": "", "ip": "x", "email": None, "zzz": 1}, note="errors in the order of the fields")
    s.post("surrogate", G + "fields/text/", raw='{"plain": "a\\ud800", "short": "\\udfff\\udfff", "regex": "\\ud800"}', ctype="application/json")
    s.post("surrogate_pair", G + "fields/text/", raw='{"plain": "\\ud83d\\ude00"}', ctype="application/json")
    s.post("nothing", G + "fields/text/", json_body={})
    s.patch("patch_blank", G + "fields/text/", json_body={"plain": ""})
    return s


def numbers():
    s = Suite("gallery_numbers", "gallery", "Numbers and booleans with their options.")
    decimals = ["1", "1.5", "1.55", "1.555", "-1.505", "999.99", "1000", "1e2", "1e3", "0.001", "-0", "NaN", "inf", "", " 2 ", "1_0", 1, 1.5, 0.1, 1e-3, None, True, []]
    for field, values in {
        "integer": [-11, -10, 10, 11, "11", "1_0", "1.0", "1.00", 1.0, 1.5, "-10 ", "", None, True, [], {}],
        "told": [4, 3, "x", 1.5, "4.0"],
        "null": [None, "", " ", 0, "0", "null"],
        "big": [0, 2**53, 2**63, -(10**25), "12", "x", 1.0, None],
        "big_plain": [2**70, -1, "1e3", "7.0"],
        "floating": [-1.5, -1.6, 2, 2.0001, "2", "1e0", "nan", "inf", None, "", True, "x", 1e400] + FLOATS[7:10],
        "decimal": decimals,
        "between": ["-1.5", "-1.6", "10", "10.0", "10.1", "9.99", "1000", -2, 10.5, "abc"],
        "number": ["1.50", 1, 1.5, "-0.00", "100"],
        "half_up": ["1.25", "1.05", "-1.25", "1.249", "9999.95", "12345.6", 1.15, "1"],
        "down": ["1.29", "-1.29", "0.09", "9999.99"],
        "half_even": ["1.125", "1.135", "2.675", "0.005", "1"],
        "free": ["1.23456789012345678901234567890", "1e5", "1E-10", "-0.0", "1e30", None, "", "nan"],
        "normal": ["1.5000", "100", "1000.0", "0.0", "-0", "0.0001", "12.3400"],
        "boolean": BOOLS[:6] + ["", None, 1, 0, 1.0, 2, [], {}, "\u0131"],
        "boolean_null": [None, "", "null", "Null", "None", "n", "t", 1, 3],
        "boolean_told": ["maybe", None, [], 1],
    }.items():
        probe(s, "numbers", field, [v for v in values if v != float("inf")])
    for field, values in {
        "integer": ["5", "", "5.5", "11"], "null": ["", "5", "null"], "floating": ["", "1.5", "x"], "decimal": ["", "1.50", "x"],
        "free": ["", "2"], "half_up": ["1.25"], "boolean": ["on", "off", "", "x", "true", "false"],
        "boolean_null": ["", "on", "null", "x", "false"], "big": ["", "9" * 20], "normal": ["1.500"],
    }.items():
        probe(s, "numbers", field, values, form=True)
    s.options("options", G + "fields/numbers/")
    s.post("form_nothing", G + "fields/numbers/", form={"zzz": "1"}, note="absent boxes are false")
    s.patch("form_nothing_patch", G + "fields/numbers/", form={"zzz": "1"}, note="a partial update leaves absent boxes alone")
    s.post("json_nothing", G + "fields/numbers/", json_body={})
    s.post("exact", G + "fields/numbers/", raw='{"decimal": 1.10, "number": 1.10, "free": 0.1000, "normal": 2.5000, "floating": 1.10}', ctype="application/json")
    s.post("long_text", G + "fields/numbers/", json_body={"integer": "1" * 1001, "decimal": "1" * 1001, "floating": "1" * 1001, "big": "1" * 1001})
    s.post("all_wrong", G + "fields/numbers/", json_body={"boolean": "x", "normal": "x", "integer": "x", "big": "x", "floating": "x"})
    return s


def moments(name, profile, doc):
    s = Suite(name, profile, doc)
    edges = [
        "2024-03-10T01:59:59", "2024-03-10T02:00:00", "2024-03-10T02:30:00", "2024-03-10T03:00:00", "2024-11-03T00:59:59", "2024-11-03T01:00:00", "2024-11-03T01:30:00",
        "2024-11-03T01:30:00-04:00", "2024-11-03T01:30:00-05:00", "2024-11-03T02:00:00", "2024-07-01T12:00:00Z", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999999", "1883-11-18T12:03:57",
        "1900-01-01T00:00:00", "2038-01-19T03:14:08Z", "2100-07-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T12:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1945-08-14T19:00:00",
    ]
    for field, values in {
        "at": edges + ["2024-02-29", "2023-02-29T00:00", "2024-07-01T12:00:00+14:00", "2024-07-01T12:00:00+05:30", "", None, 0, [], "x"],
        "at_written": ["2024-07-01T12:00:00Z", "2024-01-02T03:04:05.678+02:00", "2024-03-10T02:30:00", "2024-02-29"],
        "at_read": ["29/02/2024 13:30", "30/02/2024 13:30", "1/2/2024 1:2", "2024-01-02T03:04:05+0100", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05", "2024-01-02", " 29/02/2024 13:30", "10/03/2024 02:30"],
        "at_raw": ["2024-07-01T12:00:00Z", "2024-07-01T12:00:00.120000+02:00", "2024-07-01"],
        "at_howe": ["2024-04-07T01:30:00", "2024-04-07T01:45:00", "2024-04-07T02:00:00", "2024-10-06T02:00:00", "2024-10-06T02:15:00", "2024-10-06T02:30:00", "2024-07-01T12:00:00Z", "2024-01-01T00:00:00+11:00"],
        "at_berlin": ["2024-03-31T02:30:00", "2024-03-31T01:59:59", "2024-03-31T03:00:00", "2024-10-27T02:30:00", "2024-10-27T02:30:00+01:00", "2024-10-27T00:30:00Z", "1893-04-01T00:00:00"],
        "at_naive": ["2024-07-01T12:00:00", "2024-07-01T12:00:00Z", "2024-07-01T12:00:00+05:00"],
    }.items():
        probe(s, "moments", field, values)
    return s


def days():
    s = Suite("gallery_days", "gallery", "Days, hours and spans with their formats.")
    for field, values in {
        "at": DATETIMES[:10] + ["2024-01-02T03:04:05.000001Z"],
        "day": DATES[:8] + [None, "", 5, "2024-12-31", "2024-W53-1", "2020-W53-7", "0001-01-01", "9999-12-31", []],
        "day_written": ["2024-02-29", "2024-01-01", "0999-12-31", "2024-2-5"],
        "day_read": ["29.02.24", "1.2.69", "1.2.68", "Feb 29, 2024", "feb 3, 2023", "2024-02-29", "31.04.24", "1.2.2024"],
        "day_both": ["2024-02-29", "02/29/2024", "2/9/2024", "20240229", "29/02/2024"],
        "hour": TIMES[:10] + [None, "", 5, "23:59:59.999999", "00:00"],
        "hour_written": ["00:00", "12:00", "13:05:09", "01:02:03.4"],
        "hour_read": ["01:30 PM", "12:00 am", "13.45", "9.5", "13:45", "13:30 PM"],
        "span": ["59", "60", "00:01:00", "01:00:00", "01:00:01", "1 0", "PT1H", "PT61M", 60, 59.999999, 3601, "-60"] + DURATIONS[:6],
        "span_iso": ["1", "1:02:03.4", "3 4:05:06", "-1", "-1 23:59:59.5", "P1DT2H", "0", 0.000001, 86400.5, "P2W"],
        "span_null": [None, "", " ", "0", "-0", "5 days", "1.5", [], "P1M"],
    }.items():
        probe(s, "moments", field, values)
    for field, values in {"at": ["", "2024-01-02T03:04"], "day": ["", "2024-01-02"], "hour": ["", "3:04"], "span_null": ["", "5"], "span": ["", "90"], "day_read": [""]}.items():
        probe(s, "moments", field, values, form=True)
    s.options("options", G + "fields/moments/")
    return s


def choices():
    s = Suite("gallery_choices", "gallery", "Choices, one and many.")
    for field, values in {
        "letters": ["a", "A", "c", "", " a", None, 0, True, ["a"], {"a": 1}, "<b>'\""],
        "grouped": ["r", "b", "x", "Warm", "Red", ""],
        "numbers": [1, "1", "-1", -1, 1.0, "1.0", True, 3, "01", None],
        "truths": [True, "True", "true", 1, "1", False, "False", 0],
        "blank": ["", "a", " ", None], "null": [None, "", "a"], "told": ["b", 1.50, [], None],
        "many": [["a"], ["b", "a", "b"], [], "abc", None, {"a": 1}, ["a", "z", "y"], [1], [["a"]], ["c", "b", "a"]],
        "many_one": [[], ["r"], ["Warm"], ["r", ""], "r"],
        "many_numbers": [[1, 2], ["1"], [1, "1"], None, [3], [True], [2, 1]],
    }.items():
        probe(s, "choices", field, [v for v in values if v != [["a"]]])
    for field, values in {
        "letters": ["a", "c", "", ["a", "b"]], "numbers": ["1", "", "x"], "blank": [""], "null": [""], "truths": ["True", "on"],
        "many": ["a", ["a", "b"], ["a", "z"], ""], "many_one": ["r", ""], "many_numbers": [["1", "2"], "3"],
    }.items():
        probe(s, "choices", field, values, form=True, beside={"many_one": "r"})
    s.post("form_nothing", G + "fields/choices/", form={"zzz": "1"}, note="an absent selection is an empty one, and one must not be")
    s.patch("form_nothing_patch", G + "fields/choices/", form={"zzz": "1"})
    s.options("options", G + "fields/choices/")
    return s


def composites():
    s = Suite("gallery_composites", "gallery", "Lists, dictionaries, documents, serializers in serializers.")
    pair = {"left": 1, "right": "ab"}
    for field, values in {
        "words": [[], ["a", 1, None, {"b": [2]}], "ab", {"a": 1}, None, 5, [[[]]]],
        "ints": [[], [1], ["2", 3.0], [1, 2, 3, 4], [-1], [1, "x", -1, None], "1,2", {"0": 1}, None, [True]],
        "some": [[], None, ["a", None], ["abc", "", "de"], [" a "]],
        "matrix": [[[1, 2], [3]], [], [[1, 2, 3], ["x"], 5], [[]], [[1, "x"], [2], ["y", "z"]]],
        "days": [["2024-02-29", "2024-1-2"], ["x", "2023-02-29"]],
        "pairs": [[pair], [], [{"left": 10, "right": "abc"}, pair, {}], [1, None], pair],
        "table": [{}, {"a": 1, "b": "2"}, {"a": 6, "b": "x", "c": None}, [], None, "a", {"": 0, "\u00e9": 5}],
        "any_table": [{}, {"a": [None, {"b": 1.5}]}, None],
        "lists": [{"a": [True, "no"]}, {"a": ["x", True], "b": [], "c": 1}],
        "store": [{}, {"a": "b", "n": None}, {"a": 1, "b": True}, {"a": [1]}, [], "x"],
        "json": [None, 0, "", "text", [], {"b": {"a": [1.0, 1e30, None, True]}}, 12345678901234567890],
        "json_null": [None, {"a": None}, "null"],
        "json_text": ['{"b": 1, "a": [1.50]}', "5", "{bad", "", 5, None, '"\\u00e9"', "NaN", "[1, 2"],
        "pair": [pair, {}, {"left": 10, "right": "abc"}, None, [], "x", 5, {"left": None, "right": None}, {"left": 1, "more": 2}, [pair]],
        "pair_null": [None, pair, {}],
        "pair_list": [[], [pair], [pair, {"left": 2}], [pair] * 3, [pair, {}, {"left": "x"}], None, pair, "x", [1, "a", None, []]],
        "pair_some": [[], None, [pair], [{}]],
    }.items():
        probe(s, "composites", field, values)
    url = G + "fields/composites/"
    for name, form in {
        "list_repeated": [("ints", "1"), ("ints", "2")], "list_indexed": [("ints[1]", "2"), ("ints[0]", "1")], "list_gap": [("ints[5]", "5"), ("ints[2]", "2")],
        "list_one": [("ints", "")], "list_bad": [("ints", "1"), ("ints", "x")], "list_bad_index": [("ints[x]", "1")], "list_huge_index": [("ints[99999999999]", "1")], "list_zero": [("ints[00]", "1")],
        "list_mixed": [("ints", "1"), ("ints[0]", "2")], "words_blank": [("words", "")], "matrix": [("matrix[0][0]", "1"), ("matrix[0][1]", "2"), ("matrix[1][0]", "3")], "matrix_flat": [("matrix", "1")],
        "some_blank": [("some", "")], "table": [("table.a", "1"), ("table.b", "2")], "table_bad": [("table.a", "9"), ("table.b.c", "2")], "table_dots": [("table..a", "1"), ("table.", "2")],
        "lists": [("lists.a", "true"), ("lists.a", "false")], "store": [("store.k", "v"), ("store.l", "")], "json": [("json", '{"a": [1]}')], "json_bad": [("json", "{")], "json_blank": [("json", "")], "json_null_blank": [("json_null", "")],
        "json_word": [("json", "word")], "json_text": [("json_text", '[1]')], "pair": [("pair.left", "1"), ("pair.right", "x")], "pair_bad": [("pair.left", "x"), ("pair.right", "abc")], "pair_part": [("pair.right", "x")],
        "pair_null": [("pair_null", "")], "pair_list": [("pair_list[0]left", "1"), ("pair_list[1]left", "2"), ("pair_list[1]right", "b")], "pair_list_dot": [("pair_list[0].left", "1")],
        "pair_list_bad": [("pair_list[0]left", "x"), ("pair_list[2]right", "abc")], "pair_list_many": [("pair_list[%d]left" % n, "1") for n in range(3)], "pairs": [("pairs[0].left", "1"), ("pairs[1]left", "2")],
        "nothing": [("zzz", "1")], "days": [("days", "2024-01-02"), ("days", "x")],
    }.items():
        s.post("form." + name, url, form=form)
        if name in ("list_repeated", "list_indexed", "table", "pair", "pair_list", "matrix", "json"):
            s.post("multipart." + name, url, multipart=form)
    s.patch("patch_nothing", url, form={"zzz": "1"})
    s.patch("patch_list_one", url, form={"ints": "1"})
    s.patch("patch_pair_part", url, json_body={"pair": {"right": "x"}, "pair_list": [{"right": "y"}]}, note="partial reaches the nested serializers")
    s.options("options", url)
    p = G + "fields/pairs/"
    for name, body in {"good": [pair, {"left": "3"}], "empty": [], "bad": [pair, {}, {"left": 10}], "object": pair, "null": None, "text": "x", "items": [1, None, [], pair]}.items():
        s.post("many." + name, p, json_body=body)
    s.post("many.form", p, form=[("[0]left", "1"), ("[1]left", "2")], note="keys without a name in front")
    s.post("many.form_bad", p, form=[("[0]left", "x")])
    s.post("many.form_plain", p, form=[("left", "1")])
    s.patch("many.patch", p, json_body=[{"right": "a"}])
    s.options("many.options", p)
    return s


def required():
    s = Suite("gallery_required", "gallery", "Required fields of every class without, and with unfit, input; defaults.")
    url, names = G + "fields/calm/", ["text", "number", "real", "money", "flag", "at", "day", "hour", "span", "uuid", "ip", "letter", "letters", "ints", "table", "json", "pair", "pairs", "upload"]
    for name, value in [("null", None), ("blank", ""), ("space", " "), ("true", True), ("zero", 0), ("float", 0.5), ("list", []), ("dict", {}), ("word", "w"), ("list_null", [None]), ("dict_null", {"a": None}), ("nested", [[1]]), ("big", 10**40), ("minus", -1), ("digits", "12"), ("nul", "\u0000"), ("accent", "\u00e9")]:
        s.post("all." + name, url, json_body={n: value for n in names if not (n == "letters" and name == "nested")})
    s.post("missing", url, json_body={})
    s.post("form_missing", url, form={"zzz": ""})
    s.post("form_blank", url, form={n: "" for n in names})
    s.post("form_word", url, form={n: "w" for n in names})
    s.post("multipart_blank", url, multipart=[(n, "") for n in names])
    s.post("multipart_file_everywhere", url, multipart=[(n, ("f.txt", "text/plain", b"1")) for n in names])
    s.patch("patch_nothing", url, json_body={})
    s.patch("patch_form_nothing", url, form={"zzz": ""})
    s.options("options", url)
    d = G + "fields/defaults/"
    for name, body in {"least": {"needed": "n"}, "nothing": {}, "given": {"text": "t", "null": 5, "called": [1], "flag": False, "hidden": "mine", "needed": "x", "secret": "s", "fixed": "z", "shown": "y", "method": 1},
                       "null_default": {"needed": "n", "null": None, "text": None}, "bad": {"needed": "n", "called": ["x"], "flag": "x"}}.items():
        s.post("defaults." + name, d, json_body=body)
    s.post("defaults.form", d, form={"needed": "n"}, note="an absent box is false, though its default is true")
    s.options("defaults.options", d)
    return s


def suites():
    return [
        text(), numbers(), days(), choices(), composites(), required(),
        moments("gallery_moments", "gallery", "Moments with their options; the zone is UTC."),
    ]
