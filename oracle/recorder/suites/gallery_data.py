"""Uploads, nesting, links, validators, shapes of the gallery."""
from ..core import Suite

G = "/api/gallery/"
PNG = bytes([0x89]) + b"PNG\r\n\x1a\n\x00\xff"


def disposition(line, content=b"x", ctype="text/plain", name="any"):
    """A multipart body whose Content-Disposition is written by hand."""
    head = "Content-Disposition: %s\r\n" % line + ("Content-Type: %s\r\n" % ctype if ctype is not None else "")
    return b"--b\r\n" + head.encode() + b"\r\n" + content + b"\r\n--b--\r\n"


def uploads():
    s = Suite("gallery_uploads", "gallery", "Files in multipart bodies: kept by models, in plain serializers, in lists.")
    p, one = G + "photos/", lambda n: G + "photos/%d/" % n
    file = lambda name="a.png", body=PNG, ctype="image/png": (name, ctype, body)
    s.get("list", p)
    s.get("retrieve_names", one(2), note="names are escaped in addresses")
    s.options("options", p)
    s.post("create", p, multipart=[("title", "one"), ("image", file())])
    s.post("create_all", p, multipart=[("title", "all"), ("image", file("b.png")), ("thumb", file("t.png")), ("note", file("n.txt"))])
    s.post("create_taken", p, multipart=[("image", file())], volatile={"/image": "renamed"}, note="a name that is taken gets seven letters")
    s.post("create_missing", p, multipart=[("title", "x")])
    s.post("create_text", p, multipart=[("title", "x"), ("image", "not a file")])
    s.post("create_json", p, json_body={"title": "x", "image": "a.png"})
    s.post("create_json_null", p, json_body={"title": "x", "image": None, "thumb": None, "note": None})
    s.post("create_form", p, form={"title": "x", "image": "a.png", "note": ""})
    s.post("create_empty", p, multipart=[("image", file(body=b""))])
    s.post("create_long_title", p, multipart=[("title", "x" * 21), ("image", file("c.png"))])
    for n, name in enumerate(["x" * 28 + ".png", "x" * 33 + ".png", "x" * 36 + ".png", "x" * 37 + ".png", "x" * 300 + ".png", "../../etc/passwd", "/etc/passwd", "..\\..\\win.ini", "C:\\a\\win.png", "a/b/c.png", "..", ".", "/", "", ".hidden",
                              "sp ace.png", "caf\u00e9.png", "\u4e2d\u6587.png", "a&b<c>.png", "semi;colon.png", "per%20cent.png", "hash#q?.png", "plus+plus.png", "new\tline.png", "dots...png", "noext", "two.tar.gz", "UPPER.PNG", "&amp;.png", "cite'.png", "tail. ", "trail."]):
        s.post("name.%02d" % n, p, multipart=[("title", "n%d" % n), ("image", file(name))], note=repr(name)[:60], volatile={"/image": "renamed"} if n in (1, 2, 6) else {})
    for n, line in enumerate(['form-data; name="image"; filename="q\\"uote.png"', "form-data; name=image; filename=bare.png", 'form-data; name="image"; filename*=UTF-8\'\'n%C3%A4me.png', 'form-data; name="image"; filename="plain.png"; filename*=utf-8\'\'star.png',
                              'form-data; filename="first.png"; name="image"', 'FORM-DATA; NAME="image"; FILENAME="upper.png"', 'attachment; name="image"; filename="att.png"', 'form-data; name="image"; filename=""', 'form-data; name="image"; filename="unclosed.png', 'form-data; name="image";filename="tight.png"',
                              'form-data; name="image"; filename="enc%22oded.png"', "form-data; filename=\"noname.png\"", 'form-data; name=""; filename="blank.png"', 'form-data; name="image"; filename*=latin-1\'en\'%E9.png', 'form-data; name="image"; filename*=bad']):
        s.post("line.%02d" % n, p, raw=disposition(line), ctype="multipart/form-data; boundary=b", note=line)
    for n, ctype in enumerate(["text/plain; charset=latin-1", "image/svg+xml", "", None, "rubbish", "TEXT/HTML", "application/x; a=b; c=d"]):
        s.post("type.%02d" % n, G + "parcel/", raw=disposition('form-data; name="any"; filename="f.txt"', ctype=ctype), ctype="multipart/form-data; boundary=b", note=str(ctype))
    s.patch("patch_title", one(3), multipart=[("title", "new")], note="files stay")
    s.patch("patch_json_title", one(3), json_body={"title": "json"})
    s.patch("patch_file", one(3), multipart=[("note", file("late.txt"))])
    s.patch("patch_clear_null", one(3), json_body={"note": None})
    s.patch("patch_clear_blank", one(4), multipart=[("note", ""), ("thumb", "")], note="an empty text for a file is no file")
    s.patch("patch_clear_required", one(3), json_body={"image": None})
    s.put("put_without_file", one(3), multipart=[("title", "put")])
    s.put("put", one(3), multipart=[("title", "put"), ("image", file("put.png"))])
    s.get("after", one(3))
    s.delete("delete", one(3))
    b = G + "bare-photos/"
    s.post("bare.create", b, multipart=[("image", file("e.png")), ("note", file("secret.txt"))])
    s.post("bare.long", b, multipart=[("image", file("123456789.png"))])
    s.post("bare.json_415", b, json_body={})
    s.post("bare.form_415", b, form={"image": "x"})
    s.get("bare.list", b + "2/")
    s.options("bare.options", b)
    q = G + "parcel/"
    for field in ("any", "empty", "short", "null", "text", "told"):
        for name, part in {"good": file("a.txt", b"abc", "text/plain"), "blank": "", "word": "w", "hollow": file("a.txt", b""), "noname": file("", b"x"), "long": file("much-longer.txt", b"x" * 21), "other": file("a.exe", b"x"), "upper": file("A.TXT", b"")}.items():
            s.post("%s.%s" % (field, name), q, multipart=[(field, part)])
    for name, value in [("null", None), ("text", "x"), ("list", []), ("dict", {"name": "a"})]:
        s.post("json." + name, q, json_body={n: value for n in ("any", "empty", "null", "told", "files", "table")})
    f = lambda n: file("f%d.txt" % n, b"%d" % n, "text/plain")
    for name, parts in {
        "two": [("files", f(1)), ("files", f(2))], "three": [("files", f(1)), ("files", f(2)), ("files", f(3))], "indexed": [("files[1]", f(1)), ("files[0]", f(2))], "one_bad": [("files", f(1)), ("files", file("e.txt", b""))],
        "word": [("files", "w")], "mixed": [("files", f(1)), ("files", "w")], "long": [("files", file("long-long-name.txt"))], "blank": [("files", "")], "some_blank": [("some", "")], "table": [("table.a", f(1)), ("table.b", f(2))],
        "table_bad": [("table.a", "w"), ("table.b", file("b.txt", b""))], "same_key": [("any", f(1)), ("any", f(2))], "text_and_file": [("any", "w"), ("any", f(1))], "file_as_text": [("label", f(1))],
        "none": [], "order": [("label", "z"), ("any", f(1)), ("label", "y")],
    }.items():
        s.post("lists." + name, q, multipart=parts)
    x = G + "box/"
    for name, parts in {
        "good": [("name", "n"), ("card.title", "t"), ("card.file", f(1))], "bad": [("name", "n"), ("card.title", "toolong"), ("card.file", "w")], "cards": [("name", "n"), ("cards[0]title", "a"), ("cards[0]file", f(1)), ("cards[1]title", "b"), ("cards[1]file", f(2))],
        "cards_bad": [("name", "n"), ("cards[0]title", "a"), ("cards[1]file", f(2))], "no_name": [("card.title", "t"), ("card.file", f(1))], "only_name": [("name", "n")], "file_only": [("name", "n"), ("card.file", f(1))],
    }.items():
        s.post("box." + name, x, multipart=parts)
    mp = "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="any"; filename="a.txt"\r\n\r\nabc\r\n'
    for name, (body, ctype) in {
        "cut": (part, mp), "no_close": (part + b"--b", mp), "preamble": (b"hello\r\n" + part + b"--b--\r\nepilogue", mp), "lf_only": (part.replace(b"\r\n", b"\n") + b"--b--\n", mp), "quoted_boundary": (part + b"--b--", 'multipart/form-data; boundary="b"'),
        "wrong_boundary": (part + b"--b--", "multipart/form-data; boundary=c"), "empty_boundary": (part + b"--b--", "multipart/form-data; boundary="), "no_boundary": (part + b"--b--", "multipart/form-data"), "mixed_type": (part + b"--b--", "multipart/mixed; boundary=b"),
        "upper_type": (part + b"--b--", "Multipart/Form-Data; Boundary=b"), "base64": (b'--b\r\nContent-Disposition: form-data; name="any"; filename="a.txt"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJjZA==\r\n--b--\r\n', mp),
        "base64_bad": (b'--b\r\nContent-Disposition: form-data; name="any"; filename="a.txt"\r\nContent-Transfer-Encoding: base64\r\n\r\nY!\r\n--b--\r\n', mp), "base64_field": (b'--b\r\nContent-Disposition: form-data; name="label"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n', mp),
        "qp": (b'--b\r\nContent-Disposition: form-data; name="label"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db\r\n--b--\r\n', mp), "no_disposition": (b"--b\r\nContent-Type: text/plain\r\n\r\nabc\r\n--b--\r\n", mp), "binary_field": (b'--b\r\nContent-Disposition: form-data; name="label"\r\n\r\n\xff\xfe\r\n--b--\r\n', mp),
        "latin1": (b'--b\r\nContent-Disposition: form-data; name="label"\r\n\r\n\xe9\r\n--b--\r\n', mp + "; charset=latin-1"), "crlf_inside": (b'--b\r\nContent-Disposition: form-data; name="label"\r\n\r\n  a\r\nb  \r\n--b--\r\n', mp), "blank_name": (b'--b\r\nContent-Disposition: form-data; name="label"\r\n\r\n\r\n--b--\r\n', mp), "long_boundary": (part.replace(b"--b", b"--" + b"b" * 201) + b"--" + b"b" * 201 + b"--", "multipart/form-data; boundary=" + "b" * 201),
        "bad_boundary": (part + b"--b--", "multipart/form-data; boundary=b "), "unicode_boundary": (part, "multipart/form-data; boundary=\u00e9"), "empty": (b"--b--\r\n", mp), "nothing": (b"", mp),
    }.items():
        s.post("wire." + name, q, raw=body, ctype=ctype)
    r = G + "raw/"
    s.put("raw.disposition", r, raw=b"bytes", ctype="text/plain", headers=[["Content-Disposition", "attachment; filename=up.txt"]])
    s.put("raw.star", r, raw=b"bytes", ctype="text/plain", headers=[["Content-Disposition", "attachment; filename*=utf-8''n%C3%A4.txt"]])
    s.put("raw.none", r, raw=b"bytes", ctype="text/plain")
    s.put("raw.path", r + "in-path.bin", raw=b"\x00\x01", ctype="application/octet-stream")
    s.put("raw.path_unsafe", r + "..%5Cx.bin", raw=b"ab", ctype="image/*")
    s.put("raw.empty", r + "empty.bin", raw=b"", ctype="text/plain")
    s.put("raw.no_type", r + "t.bin", raw=b"ab")
    s.options("raw.options", r)
    return s


def nesting():
    s = Suite("gallery_nesting", "gallery", "Three and four levels, read and written; depth.")
    a, one = G + "albums/", lambda n: G + "albums/%d/" % n
    s.get("list", a)
    s.get("retrieve", one(1))
    s.options("options", a)
    s.options("options_detail", one(1))
    credit = {"person": "P", "role": "writer"}
    track = {"position": 1, "title": "t", "credits": [credit]}
    good = {"artist": 3, "title": "New", "tracks": [track, {"position": 2, "title": "u", "length": "3:05"}]}
    s.post("create", a, json_body=good)
    s.get("created", one(4))
    s.post("create_again", a, json_body=good)
    t = lambda *tracks, **kw: {"artist": 3, "title": "T", "tracks": list(tracks), **kw}
    for name, body in {
        "missing": {}, "no_tracks": t(), "tracks_null": {**good, "tracks": None}, "tracks_object": {**good, "tracks": track}, "tracks_text": {**good, "tracks": "x"}, "tracks_items": t(1, None, "x", []),
        "second_bad": t(track, {"title": "x"}), "third_level": t({**track, "credits": [credit, {"role": "singer"}, {"person": ""}]}), "third_level_object": t({**track, "credits": credit}), "third_level_null": t({**track, "credits": None}),
        "two_bad_far": t({"position": -1, "title": "", "credits": [{}]}, track, {"position": 40000, "title": "x" * 31, "length": "x", "credits": [1, {"person": "x" * 31}]}), "all_levels": {"artist": 99, "title": "", "price": "x", "tracks": [{"credits": [{"role": 1}]}]},
        "field_rule": t({**track, "title": "LOUD"}, {"position": 2, "title": "OK2"}), "list_rule": t(track, {**track, "title": "u"}), "object_rule": t(*[{"position": n, "title": "t"} for n in range(4)], price="1"), "object_rule_free": t(*[{"position": n, "title": "t"} for n in range(4)], price="0", title="Free"),
        "unknown_keys": t({**track, "id": 99, "zzz": 1, "credits": [{**credit, "id": 5}]}, title="Keys"), "empty_credits": t({**track, "credits": []}, title="None"), "coerced": t({"position": "7", "title": 5, "length": 90, "credits": [{"person": 1}]}, title="Coerced"),
    }.items():
        s.post("create." + name, a, json_body=body)
    for name, form in {
        "good": [("artist", "3"), ("title", "Form"), ("tracks[0]position", "1"), ("tracks[0]title", "t"), ("tracks[0]credits[0]person", "P"), ("tracks[0]credits[1]person", "Q"), ("tracks[0]credits[1]role", "writer"), ("tracks[1]position", "2"), ("tracks[1]title", "u")],
        "dotted": [("artist", "3"), ("title", "Dots"), ("tracks[0].position", "1"), ("tracks[0].title", "t"), ("tracks[0].credits[0].person", "P")], "bad": [("artist", "3"), ("title", "Bad"), ("tracks[0]position", "x"), ("tracks[0]credits[1]role", "zzz")],
        "none": [("artist", "3"), ("title", "None2")], "flat": [("artist", "3"), ("title", "Flat"), ("tracks", "x")],
    }.items():
        s.post("form." + name, a, form=form)
        s.post("multipart." + name, a, multipart=[(k, v + "m" if k == "title" else v) for k, v in form])
    s.patch("patch_title", one(1), json_body={"title": "Dawn II"}, note="the tracks stay")
    s.patch("patch_tracks", one(1), json_body={"tracks": [{"position": 9, "title": "only", "credits": [credit]}]})
    s.patch("patch_tracks_empty", one(1), json_body={"tracks": []})
    s.patch("patch_nested_part", one(1), json_body={"tracks": [{"position": 3}]}, note="nothing is required inside of a partial update")
    s.patch("patch_nested_bad", one(1), json_body={"tracks": [{"position": 3, "title": "x", "credits": [{"role": "x"}]}]})
    s.patch("patch_twin", one(2), json_body={"title": "Dawn II"})
    s.put("put", one(2), json_body={"artist": 1, "title": "Dusk II", "tracks": [{"position": 1, "title": "a"}]})
    s.put("put_missing_tracks", one(2), json_body={"artist": 1, "title": "Dusk III"})
    s.patch("patch_form_title", one(2), form={"title": "Dusk F"})
    s.patch("patch_form_tracks", one(2), form=[("tracks[0]position", "4"), ("tracks[0]title", "four")])
    s.get("after", one(2))
    s.delete("delete", one(2))
    s.get("deleted", one(2))
    r = G + "artists/"
    s.get("artist.list", r)
    s.options("artist.options", r)
    for name, body in {
        "plain": {"name": "Lu", "slug": "lu"}, "with_profile": {"name": "Mo", "slug": "mo", "profile": {"bio": "b"}}, "profile_null": {"name": "No", "slug": "no", "profile": None}, "profile_empty": {"name": "Oz", "slug": "oz", "profile": {}},
        "profile_bad": {"name": "Pa", "slug": "pa", "profile": {"website": "x"}}, "profile_list": {"name": "Qi", "slug": "qi", "profile": []}, "both_bad": {"name": "Lu", "slug": "a b", "country": "XX", "born": "x", "profile": "x"},
    }.items():
        s.post("artist.create." + name, r, json_body=body)
    s.post("artist.form", r, form={"name": "Ro", "slug": "ro", "profile.bio": "form"})
    s.post("artist.form_blank", r, form={"name": "Sa", "slug": "sa", "profile": "", "born": "", "country": ""})
    s.patch("artist.patch_profile", r + "1/", json_body={"profile": {"bio": "changed"}})
    s.patch("artist.patch_profile_null", r + "1/", json_body={"profile": None})
    s.patch("artist.patch_name", r + "1/", json_body={"name": "Ana B"})
    s.put("artist.put", r + "2/", json_body={"name": "Kei", "slug": "kei", "profile": {"website": "http://k.jp"}})
    s.get("tree", G + "tree/")
    s.get("tree_one", G + "tree/1/")
    s.get("tree_missing", G + "tree/99/")
    s.options("tree_options", G + "tree/")
    for level in (0, 1, 2):
        d = G + "depth/%d/" % level
        for name in ("album", "track", "credit", "profile"):
            s.get("depth.%d.%s" % (level, name), d + name + "/")
            s.options("depth.%d.%s.options" % (level, name), d + name + "/")
        if not level:
            s.post("depth.0.create", d + "credit/", json_body={"track": 3, "person": "D"})
        s.patch("depth.%d.patch" % level, d + "credit/4/", json_body={"person": "E%d" % level, "track": 4})
        s.put("depth.%d.put" % level, d + "album/3/", json_body={"title": "N%d" % level})
    return s


def links():
    s = Suite("gallery_links", "gallery", "Addresses as identities and relations; slugs, keys, texts.")
    base = G + "links/"
    s.get("root", base, auth="alice")
    s.get("root_host", base, auth="alice", host="a.example.com:8443")
    for name in ("artists", "albums", "tracks", "sheets"):
        s.get(name, base + name + "/")
        s.options(name + ".options", base + name + "/")
    s.get("artist", base + "artists/ana/")
    s.get("artist_json", base + "artists/ana.json", note="the format goes into the addresses")
    s.get("albums_json", base + "albums.json")
    s.get("album_host", base + "albums/1/", host="www.example.com")
    s.get("album_query_format", base + "albums/1/?format=json")
    s.get("sheet", base + "sheets/one.a/")
    s.get("sheet_no_match", base + "sheets/ONE/")
    s.get("artist_404", base + "artists/nobody/")
    A, B, C = base + "artists/", base + "albums/", base + "tracks/"
    s.post("artist_create", A, json_body={"name": "Li", "slug": "li"}, note="the address goes into Location")
    s.post("artist_create_url", A, json_body={"name": "Mi", "slug": "mi", "url": "http://x/", "albums": [B + "1/"]})
    s.post("album_create", B, json_body={"title": "L", "artist": A + "ana/", "labels": ["loud", "blue"]})
    s.post("album_create_json", base + "albums.json", json_body={"title": "M", "artist": A + "ana/"})
    for name, value in [("absolute", "http://testserver" + A + "kei/"), ("other_host", "https://elsewhere.example" + A + "kei/"), ("suffix", A + "kei.json"), ("missing", A + "nobody/"), ("other_view", B + "1/"), ("no_slash", A + "kei"), ("relative", "artists/kei/"), ("empty", ""), ("null", None), ("int", 1), ("list", [A + "kei/"]),
                        ("bool", True), ("dict", {"url": A}), ("query", A + "kei/?a=1"), ("fragment", A + "kei/#x"), ("encoded", A + "%6Bei/"), ("spaces", " " + A + "kei/ "), ("list_route", A), ("prefix", "http://"), ("unicode", A + "\u00e9lo/"), ("double", "//x" + A + "kei/")]:
        s.post("to." + name, B, json_body={"title": "T" + name, "artist": value})
    for name, value in [("one", ["blue"]), ("none", []), ("twice", ["blue", "blue"]), ("missing", ["blue", "nope", "nix"]), ("int", [5]), ("null_item", [None]), ("bool_item", [True]), ("text", "blue"), ("null", None), ("dict", {"a": 1}), ("list_item", [["blue"]]), ("blank", [""])]:
        s.patch("slugs." + name, B + "1/", json_body={"labels": value})
    s.patch("slugs.form", B + "1/", form=[("labels", "deep"), ("labels", "loud")])
    s.patch("slugs.form_blank", B + "1/", form=[("labels", "")])
    s.patch("slugs.form_absent", B + "1/", form=[("title", "Dawn")])
    s.post("track_create", C, json_body={"album": B + "3/", "position": 5, "title": "five"})
    s.post("track_twin", C, json_body={"album": B + "3/", "position": 5, "title": "five"})
    s.post("track_missing", C, json_body={})
    s.put("track_put", C + "1/", json_body={"album": B + "1/", "position": 1, "title": "one"})
    S = base + "sheets/"
    s.post("sheet_create", S, json_body={"id": "10000000-0000-4000-8000-000000000001", "key": "six.f", "parent": S + "two.b/"})
    s.post("sheet_child", S, json_body={"id": "10000000-0000-4000-8000-000000000002", "key": "seven", "parent": None, "children": [S + "one.a/"]})
    s.patch("sheet_parent", S + "seven/", json_body={"parent": S + "six.f/"})
    s.patch("sheet_parent_bad", S + "seven/", json_body={"parent": S + "SIX/"})
    s.get("sheet_tree", S + "two.b/")
    s.delete("sheet_delete", S + "two.b/")
    s.get("sheet_orphan", S + "six.f/")
    R = G + "relations/"
    keys = [1, "1", " 1 ", 99, "x", 1.0, 1.5, True, None, "", [], {}, 10**20, -1]
    for field, values in {
        "pk": keys, "pk_null": [None, "", 1, 0], "pk_many": [[1, 2], [2, 1, 2], [], None, "1", ["x", 9, 1], [None], {"a": 1}], "pk_some": [[], [1], [1, 2, 3]],
        "pk_text": ["1", 1, "1234", "x", ""], "pk_uuid": ["00000000-0000-4000-8000-000000000001", "00000000000040008000000000000002", "00000000-0000-4000-8000-00000000000f", "x", 5], "pk_live": [1, 3, 9],
        "slug": ["blue", "BLUE", "nope", "", None, 5, True, [], {}, " blue "], "slug_many": [["blue", "deep"], ["x", "y"], []], "slug_date": ["1970-02-28", "1971-01-01"], "slug_far": ["Sings.", "Shouts."],
        "link": [A + "ana/", A + "x/", 5, "", None], "link_null": [None, "", B + "1/"], "link_many": [[B + "1/", B + "2/"], [B + "99/", "x", 1], []], "told": [99, "x", [], 1.5],
    }.items():
        for n, value in enumerate(values):
            s.post("rel.%s.%02d" % (field, n), R, json_body={field: value}, note=repr(value)[:60])
    for name, form in {"pk": [("pk", "1")], "pk_blank": [("pk", "")], "pk_null_blank": [("pk_null", "")], "pk_many": [("pk_many", "1"), ("pk_many", "2")], "pk_many_blank": [("pk_many", "")], "pk_some": [("zzz", "1")], "slug_blank": [("slug", "")], "link_blank": [("link_null", "")], "link": [("link", A + "ana/")]}.items():
        s.post("rel.form." + name, R, form=form)
    s.options("rel.options", R)
    return s


def validators():
    s = Suite("gallery_validators", "gallery", "Uniqueness of every kind; own rules for fields and objects.")
    e = G + "events/"
    ev = lambda name="N", hall="H", guest="G", day="2024-03-15": {"name": name, "hall": hall, "guest": guest, "held_on": day}
    s.options("event.options", e)
    for name, body in {
        "same_date": ev("Opening"), "other_date": ev("Opening", day="2024-03-16"), "same_month": ev("B1", "A", "g1", "2024-03-31"), "other_month": ev("B2", "A", "g2", "2024-04-15"), "other_year_month": ev("B3", "A", "g3", "2025-03-15"),
        "same_year": ev("C1", "C", "Zed", "2024-12-31"), "other_year": ev("C2", "C2", "Zed", "2025-01-01"), "all_three": ev("Opening", "A", "Zed"), "case": ev("opening", "a", "zed"), "leap": ev("Closing", "B", "q", "2024-02-29"), "blank_guest": ev("D", "D", "", "2024-05-01"), "blank_guest_again": ev("E", "E", "", "2024-05-02"),
        "missing": {}, "no_day": {"name": "Opening", "hall": "A"}, "no_guest": {"name": "F", "hall": "F", "held_on": "2024-06-01"}, "bad_day": ev("Opening", day="x"), "null_day": ev(day=None),
    }.items():
        s.post("event." + name, e, json_body=body)
    s.patch("event.patch_same", e + "1/", json_body={"name": "Opening"})
    s.patch("event.patch_day", e + "2/", json_body={"held_on": "2024-03-15"})
    s.patch("event.patch_twin", e + "2/", json_body={"name": "Opening", "held_on": "2024-03-15"})
    s.put("event.put", e + "2/", json_body=ev("Closing", "B", "z"))
    d = G + "event-days/"
    s.post("day.twin", d, json_body={"name": "Opening", "hall": "Z"})
    s.post("day.hall", d, json_body={"name": "New", "hall": "A"})
    s.options("day.options", d)
    r = G + "event-rules/"
    for name, body in {"date": {"name": "Opening", "when": "2024-03-15"}, "month": {"name": "Q", "hall": "A", "when": "2024-03-01"}, "year": {"name": "Opening", "when": "2024-01-01"}, "free": {"name": "Free", "hall": "F", "when": "2030-01-01"}, "no_hall": {"name": "Q", "when": "2024-03-01"}, "missing": {}}.items():
        s.post("rules." + name, r, json_body=body)
    s.patch("rules.patch", r, json_body={"name": "Opening"})
    t = G + "seats/"
    seat = lambda **kw: {"row": "Z", "number": 1, **kw}
    s.options("seat.options", t)
    for name, body in {
        "good": seat(), "twin": seat(), "missing": {}, "row_only": {"row": "A"}, "code_taken": seat(number=2, code="A1"), "code_blank": seat(number=3, code=""), "code_null": seat(number=4, code=None), "held_twice": seat(number=5, holder="ann", status="held"), "held_free": seat(number=6, holder="ann", status="free"),
        "held_null": seat(number=7, holder=None, status="held"), "held_null_again": seat(number=8, holder=None, status="held"), "kept_other_row": seat(number=9, holder="bea", status="kept"), "kept_twice": {"row": "B", "number": 9, "holder": "bea", "status": "kept"}, "gate": seat(number=10, gate=1, lane=1), "gate_null": seat(number=11, gate=1, lane=None), "gate_half": seat(number=12, gate=1),
        "two_at_once": {"row": "A", "number": 1, "gate": 1, "lane": 1, "holder": "ann", "status": "held"}, "row_long": seat(row="ABC", number=13), "status_long": seat(number=14, status="toolong"),
    }.items():
        s.post("seat." + name, t, json_body=body)
    s.patch("seat.patch_number", t + "2/", json_body={"number": 1})
    s.patch("seat.patch_status", t + "2/", json_body={"status": "held"})
    s.patch("seat.patch_self", t + "1/", json_body={"row": "A", "number": 1, "holder": "ann", "gate": 1})
    s.patch("seat.patch_lane", t + "2/", json_body={"lane": 1})
    s.put("seat.put", t + "2/", json_body={"row": "A", "number": 2})
    s.post("seat.form", t, form={"row": "A", "number": "1", "holder": "", "gate": "", "lane": "", "code": ""})
    u = G + "seat-parts/"
    s.options("part.options", u)
    s.post("part.held", u, json_body={"row": "A", "holder": "ann", "status": "held"})
    s.patch("part.patch_held", u + "3/", json_body={"holder": "ann", "status": "held"})
    s.patch("part.patch_row", u + "3/", json_body={"row": "C"})
    s.options("free.options", G + "seat-free/")
    s.post("free.missing", G + "seat-free/", json_body={})
    s.post("free.good", G + "seat-free/", json_body={"row": "Y", "number": 1})
    v = G + "seat-sourced/"
    s.options("sourced.options", v)
    s.post("sourced.twin", v, json_body={"line": "A", "number": 1})
    s.post("sourced.good", v, json_body={"line": "X", "number": 1})
    s.post("sourced.missing", v, json_body={"number": 1})
    s.post("sourced.kept", v, json_body={"line": "B", "number": 77, "holder": "bea", "status": "kept"})
    w = G + "votes/"
    s.options("vote.options", w, auth="alice")
    s.get("vote.list", w, auth="alice")
    s.post("vote.first", w, auth="alice", json_body={"document": 2, "score": 1})
    s.post("vote.again", w, auth="alice", json_body={"document": 2, "score": 2})
    s.post("vote.other_user", w, auth="root", json_body={"document": 2})
    s.post("vote.user_given", w, auth="alice", json_body={"document": 3, "user": 2})
    s.post("vote.missing", w, auth="alice", json_body={})
    s.patch("vote.patch_score", w + "1/", auth="bob", json_body={"score": 9})
    s.patch("vote.patch_by_other", w + "1/", auth="alice", json_body={"score": 8}, note="the hidden user is put anew")
    s.put("vote.put", w + "1/", auth="bob", json_body={"document": 4})
    o = G + "vote-once/"
    s.post("once.create", o, auth="bob", json_body={"document": 5})
    s.put("once.put", o + "1/", auth="alice", json_body={"document": 1})
    s.patch("once.patch", o + "1/", auth="alice", json_body={"score": 3})
    s.post("once.again", o, auth="bob", json_body={"document": 5})
    s.options("once.options", o, auth="alice")
    h = G + "vote-shown/"
    s.post("shown.create", h, auth="alice", json_body={"document": 5, "user": 2})
    s.post("shown.again", h, auth="alice", json_body={"document": 5})
    s.put("shown.put", h + "1/", auth="root", json_body={"document": 3})
    s.options("shown.options", h, auth="alice")
    a = G + "artist-rules/"
    for name, body in {"case": {"name": "ANA", "handle": "q"}, "handle": {"name": "Q", "handle": "ana"}, "handle_elsewhere": {"name": "Q", "handle": "nobody"}, "both": {"name": "kei", "handle": "ana"}, "spaces": {"name": " ana ", "handle": "z"}}.items():
        s.post("artist." + name, a, json_body=body)
    s.patch("artist.patch_own", a + "1/", json_body={"name": "ana", "handle": "ana"})
    s.patch("artist.patch_other", a + "2/", json_body={"name": "ana"})
    s.options("artist.options", a)
    b = G + "album-rules/"
    for name, body in {"artist_title": {"artist": 1, "title": "Dawn"}, "title_date": {"artist": 2, "title": "Dawn", "released": "2021-01-05"}, "both": {"artist": 1, "title": "Dawn", "released": "2021-01-05"}, "null_date": {"artist": 3, "title": "Noon", "released": None}, "absent_date": {"artist": 3, "title": "Dawn"}, "missing": {}, "good": {"artist": 3, "title": "Dawn", "released": "2030-01-01"}}.items():
        s.post("album." + name, b, json_body=body)
    s.patch("album.patch", b + "2/", json_body={"title": "Dawn"})
    s.options("album.options", b)
    f = G + "ruled-fields/"
    for field, values in {
        "even": [2, 0, 1, -1, "3"], "many": [6, 4, 9, 7, 21, 25, 24], "text": ["list", "dict", "model", "models", "models!", "fine"], "upper": ["AB", "ab", "A\n"], "not_digits": ["abc", "a1"], "step": [1, 6, 5, 11], "commas": ["1,2", "1,,2", "a", "1, 2"],
        "address": ["1.2.3.4", "::1", "x"], "no_nul": ["a", "a\u0000b"], "list": [[2, 4], [1, 2, 3]], "first": [-1, 5, "x"], "last": [13, 99, 98, 97, 5],
    }.items():
        for n, value in enumerate(values):
            s.post("ruled.%s.%02d" % (field, n), f, json_body={field: value}, note=repr(value))
    s.post("ruled.pair", f, json_body={"first": 5, "last": 6}, note="the rule of the object sees what the rule of the field made")
    s.post("ruled.pair_good", f, json_body={"first": 1, "last": 12})
    s.post("ruled.field_first", f, json_body={"first": "x", "last": 99}, note="the object's rules wait until the fields are good")
    s.post("ruled.two_fields", f, json_body={"even": 1, "last": 13, "text": "list"})
    s.options("ruled.options", f)
    return s


def shapes():
    s = Suite("gallery_shapes", "gallery", "Sources, overrides, read-only and write-only, many at once.")
    a = G + "sourced/"
    for name, body in {
        "all": {"name": "n", "city": "c", "zip": 5, "place": {"x": 1, "y": 2}, "far": {"x": 3}}, "name": {"name": "n"}, "nothing": {}, "city": {"name": "n", "city": "c"}, "star": {"name": "n", "place": {"x": 1}}, "star_bad": {"name": "n", "place": {"x": -1, "y": "z"}}, "star_null": {"name": "n", "place": None}, "star_text": {"name": "n", "place": "x"},
        "far_bad": {"name": "n", "far": {"y": 1}}, "by_source": {"title": "n"}, "long": {"name": "abcde"}, "shown": {"name": "n", "shown": "z", "whole": 1},
    }.items():
        s.post("sourced." + name, a, json_body=body)
    s.post("sourced.form", a, form=[("name", "n"), ("city", "c"), ("place.x", "4"), ("far.x", "5")])
    s.options("sourced.options", a)
    o = G + "own/"
    for name, body in {
        "colour": {"colour": "#FF8000"}, "colour_short": {"colour": "#fff"}, "colour_int": {"colour": 5}, "colour_dark": {"colour": "#000000"}, "colour_null": {"colour": None}, "colour_blank": {"colour": ""}, "colours": {"colours": ["#010203", "#fefefe"]}, "colours_bad": {"colours": ["#010203", "x", None, "#000000"]}, "shout": {"shout": "abc"}, "shout_long": {"shout": "abcd"},
        "span_text": {"span": "1-5"}, "span_object": {"span": {"low": 1, "high": "2"}}, "span_bad": {"span": "1"}, "span_list": {"span": []}, "spans": {"spans": ["1-2", {"low": 3, "high": 4}]}, "spans_bad": {"spans": ["1-2", "x-y"]}, "refused": {"refuse": ["a", "b"], "colour": 5}, "refused_dict": {"refuse": {"x": ["y"]}}, "nothing": {}, "list": [], "all": {"colour": "#010203", "shout": "x", "span": "3-4"},
    }.items():
        s.post("own." + name, o, json_body=body)
    s.post("own.form", o, form={"colour": "#010203", "span": "1-2"})
    s.post("own.form_blank", o, form={"colour": ""})
    s.options("own.options", o)
    l = G + "own-list/"
    s.post("own_list.good", l, json_body=[{"colour": "#010203"}, {}])
    s.post("own_list.bad", l, json_body=[{"colour": "x"}, {}, {"refuse": "r"}, 5])
    r = G + "artist-shapes/"
    s.get("artist.list", r)
    s.get("artist.one", r + "1/")
    s.options("artist.options", r)
    for name, body in {"good": {"title": "Tom", "slug": "tom", "secret": "!"}, "no_slug": {"title": "Una"}, "taken": {"title": "Ana", "slug": "ana"}, "long": {"title": "x" * 11, "slug": "w"}, "read_only": {"title": "Wim", "slug": "wim", "country": "FR", "bio": "b", "albums": 9, "first": "f", "text": "t", "id": 99}, "born": {"title": "Xi", "slug": "xi", "born": "2001-02-03"}, "by_model_name": {"name": "Yo", "slug": "yo"}}.items():
        s.post("artist." + name, r, json_body=body)
    s.patch("artist.patch", r + "1/", json_body={"title": "Ann", "born": None})
    s.patch("artist.patch_empty", r + "1/", json_body={})
    s.put("artist.put", r + "1/", json_body={"title": "Anna", "slug": "anna"})
    for name in ("excluded", "all", "profile-shapes"):
        s.get(name + ".list", G + name + "/")
        s.options(name + ".options", G + name + "/")
    s.post("excluded.create", G + "excluded/", json_body={"artist": 1, "title": "Ex"})
    s.post("excluded.twin", G + "excluded/", json_body={"artist": 1, "title": "Ex"})
    s.post("all.create", G + "all/", json_body={"artist": 2, "title": "All", "released": "2024-01-01", "labels": [1], "price": "1.5"})
    s.patch("all.patch", G + "all/1/", json_body={"labels": [3, 1], "released": None})
    s.patch("profile.patch", G + "profile-shapes/1/", json_body={"name": "Neu", "bio": "new"})
    s.patch("profile.patch_long", G + "profile-shapes/1/", json_body={"name": "toolong"})
    s.put("profile.put", G + "profile-shapes/1/", json_body={"name": "Put"})
    b = G + "bulk/"
    row = lambda code, name="n": {"code": code, "name": name}
    for name, body in {"two": [row("c1"), row("c2")], "empty": [], "twins": [row("c3"), row("c3")], "bad": [row("c4"), {}, row("c5", ""), row("x y", "bad")], "object": row("c6"), "null": None, "items": [1, row("c7"), None]}.items():
        s.post("bulk." + name, b, json_body=body)
        s.post("plain." + name, G + "bulk-plain/", json_body=[{**r, "code": "p" + r["code"]} if isinstance(r, dict) and "code" in r else r for r in body] if isinstance(body, list) else body) if name != "twins" else None
        s.post("some." + name, G + "bulk-some/", json_body=[{**r, "code": "s" + r["code"]} if isinstance(r, dict) and "code" in r else r for r in body] if isinstance(body, list) else body) if name != "twins" else None
    s.post("some.three", G + "bulk-some/", json_body=[row("s7"), row("s8"), row("s9")])
    s.post("plain.taken", G + "bulk-plain/", json_body=[row("new1"), row("blue")], note="each is looked at alone")
    s.put("bulk.put", b, json_body=[row("blue", "Blue!"), row("c9", "new")])
    s.put("bulk.put_bad", b, json_body=[row("blue", ""), {}])
    s.post("bulk.form", b, form=[("[0]code", "f0"), ("[0]name", "F")])
    i = G + "either/"
    s.post("either.one", i, json_body=row("e1"))
    s.post("either.many", i, json_body=[row("e2"), row("e3")])
    s.post("either.many_bad", i, json_body=[row("e4"), row("e1", "bad")])
    s.post("either.none", i, json_body=[])
    s.post("either.form", i, form=row("e5"))
    s.options("either.options", i)
    return s


def slugs():
    s = Suite("gallery_slugs", "gallery", "Rows named by what is behind further relations.")
    base = G + "slugs/"
    T, A, L, P = base + "tracks/", base + "albums/", base + "labels/", base + "sheets/"
    s.get("tracks", T)
    s.get("track", T + "4/", note="a relation, then a field; null at its end")
    s.get("labels", L, note="several rows, each named by what is behind it")
    s.get("label", L + "1/")
    s.get("album", A + "1/")
    s.get("album_nowhere", A + "3/", note="the artist has no profile")
    s.get("albums", A)
    s.get("sheet", P + "00000000-0000-4000-8000-000000000001/", note="no parent at all")
    s.get("sheet_nowhere", P + "00000000-0000-4000-8000-000000000002/", note="the parent has none")
    s.get("sheets", P)
    for name, value in [("one", "kei"), ("several", "ana"), ("nobody", "x"), ("empty", ""), ("null", None), ("int", 5), ("list", ["kei"]), ("dict", {"a": 1}), ("bool", True), ("nul", "a\x00b"), ("long", "k" * 300)]:
        s.post("track.%s" % name, T, json_body={"album": value, "position": 9, "title": "T" + name})
    s.patch("track_patch", T + "4/", json_body={"album": "kei", "position": 8})
    s.patch("track_title", T + "4/", json_body={"title": "Warm"})
    s.post("album_create", A, json_body={"title": "New", "artist": "Sings."})
    s.post("album_nobody", A, json_body={"title": "New", "artist": "Shouts."})
    S = {"id": "00000000-0000-4000-8000-00000000000a", "key": "six"}
    s.post("sheet_null", P, json_body={**S, "parent": None})
    s.post("sheet_create", P, json_body={"id": "00000000-0000-4000-8000-00000000000b", "key": "seven", "parent": "nobody"})
    s.post("label_create", L, json_body={"code": "new", "name": "New", "albums": ["Ana"]})
    s.options("track.options", T)
    s.delete("track_delete", T + "1/")
    return s


def suites():
    return [uploads(), nesting(), links(), validators(), shapes(), slugs()]
