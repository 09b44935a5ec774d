"""Permissions, versions, renderers, routers, generic views, lists, limits, replaced defaults, zones of the gallery."""
from ..core import Suite
from . import gallery_fields

G = "/api/gallery/"
WHO = [("anonymous", None), ("alice", "alice"), ("bob", "bob"), ("root", "root")]


def access():
    s = Suite("gallery_access", "gallery", "Permissions for objects and models, composed, with messages of their own.")
    doors = ["and", "and-turned", "or", "not", "not-ticket", "staff-or-reading", "nested", "not-nested", "readonly", "ticket", "both", "both-turned", "none"]
    gold = [["X-Ticket", "gold"]]
    for door in doors:
        url = G + "door/%s/" % door
        for who, auth in (WHO[0], WHO[1], WHO[3]):
            s.get("door.%s.%s" % (door, who), url, auth=auth)
        s.post("door.%s.post" % door, url, auth="alice", json_body={"a": 1})
        s.get("door.%s.gold" % door, url, headers=gold)
        s.get("door.%s.alice_gold" % door, url, auth="alice", headers=gold)
    s.options("door.options_refused", G + "door/ticket/")
    s.options("door.options_put", G + "door/readonly/")
    s.head("door.head", G + "door/staff-or-reading/")
    s.add("door.put_405", "PUT", G + "door/none/", json_body={})
    s.add("door.put_refused", "PUT", G + "door/ticket/", json_body={})
    s.get("door.bad_token", G + "door/none/", auth="expired")
    s.get("plain.anonymous", G + "plain/door/")
    s.get("plain.gold", G + "plain/door/", headers=gold)
    s.post("plain.alice", G + "plain/door/", auth="alice")
    d, one = G + "documents/", lambda n: G + "documents/%d/" % n
    for who, auth in WHO:
        s.get("doc.list." + who, d, auth=auth)
        for n in (1, 2, 3, 4):
            s.get("doc.%d.%s" % (n, who), one(n), auth=auth)
            s.patch("doc.%d.patch_%s" % (n, who), one(n), auth=auth, json_body={"title": "by %s" % who})
        s.options("doc.options." + who, one(2), auth=auth, note="`actions` holds PUT where this user may put")
        s.options("doc.options_list." + who, d, auth=auth)
    s.get("doc.missing", one(99), auth="alice")
    s.delete("doc.delete_other", one(5), auth="alice")
    s.delete("doc.delete_editor", one(3), auth="alice")
    s.post("doc.create", d, auth="bob", json_body={"title": "New", "state": "open", "owner": "alice"})
    s.post("doc.create_anonymous", d, json_body={"title": "New"})
    s.post("doc.create_bad", d, auth="bob", json_body={"state": "x"})
    s.post("doc.seal_other", one(2) + "seal/", auth="bob")
    s.post("doc.seal", one(2) + "seal/", auth="alice")
    s.post("doc.seal_anonymous", one(4) + "seal/")
    s.get("doc.count", d + "count/")
    s.put("doc.put_sealed", one(2), auth="alice", json_body={"title": "Put", "state": "draft"})
    o = G + "own-documents/"
    for who, auth in (WHO[1], WHO[2]):
        s.get("own.list." + who, o, auth=auth)
        s.get("own.other." + who, o + "5/", auth=auth)
        s.delete("own.delete." + who, o + "1/", auth=auth)
    s.get("own.anonymous", o)
    s.post("own.create", o, auth="alice", json_body={"title": "mine"})
    s.delete("own.delete_root", o + "5/", auth="root")
    s.options("own.options", o + "1/", auth="alice")
    for kind in ("model-permitted", "view-permitted", "object-permitted"):
        u = G + kind + "/"
        for who, auth in WHO:
            s.get("%s.list.%s" % (kind, who), u, auth=auth)
            s.get("%s.one.%s" % (kind, who), u + "4/", auth=auth)
            s.patch("%s.patch.%s" % (kind, who), u + "4/", auth=auth, json_body={"title": kind})
        s.patch("%s.patch_missing" % kind, u + "99/", auth="alice", json_body={})
        s.options("%s.options" % kind, u + "4/", auth="bob")
        s.head("%s.head" % kind, u + "4/", auth="alice")
        s.post("%s.create" % kind, u, auth="bob", json_body={"title": "no"})
        s.delete("%s.delete" % kind, u + "4/", auth="bob")
    l = G + "labels/"
    for who, auth in WHO[:3]:
        s.get("labels.list." + who, l, auth=auth)
        s.post("labels.create." + who, l, auth=auth, json_body={"code": "by-%s" % who, "name": "x"})
        s.patch("labels.patch." + who, l + "1/", auth=auth, json_body={"name": "x"})
    s.options("labels.options", l, auth="bob", note="bob may add")
    s.options("labels.options_one", l + "1/", auth="bob", note="yet not change")
    for rule in ("owner", "owner-or-open", "not-owner", "open-and-editor", "open", "owner-and-open", "loose-or"):
        for n in (1, 3, 5):
            s.get("ruled.%s.%d" % (rule, n), G + "ruled/%s/%d/" % (rule, n), auth="alice")
        s.get("ruled.%s.anonymous" % rule, G + "ruled/%s/1/" % rule)
        s.options("ruled.%s.options" % rule, G + "ruled/%s/1/" % rule, auth="alice")
    return s


def versions():
    s = Suite("gallery_versions", "gallery", "The version in the path, the namespace, the host, the query, the Accept header.")
    v = G + "versions/"
    for name in ("v1", "v2", "v3", "V1", "1", "v1.0"):
        s.get("path." + name, v + "paths/%s/" % name)
        s.get("path.one." + name, v + "paths/%s/5/" % name)
    s.get("path.default", v + "paths-none/")
    s.post("path.post", v + "paths/v2/", json_body={})
    s.options("path.options", v + "paths/v2/")
    s.options("path.options_bad", v + "paths/v9/")
    s.add("path.put_405", "PUT", v + "paths/v9/", json_body={}, note="the version is looked at first")
    for name in ("v1", "v2", "v3"):
        s.get("space." + name, v + "spaces/%s/" % name)
        s.get("space.one." + name, v + "spaces/%s/3/" % name)
    s.get("space.unknown", v + "spaces/v4/", omit_body=True)
    for name, host in [("v1", "v1.example.com"), ("v2", "v2.example.com"), ("v3", "v3.example.com"), ("none", "testserver"), ("deep", "v1.api.example.com"), ("upper", "V1.example.com"), ("port", "v1.example.com:8080"), ("bare", "example.com"), ("foreign", "v1.evil.example")]:
        s.get("host." + name, v + "hosts/", host=host)
    for name, query in [("one", "?ver=1"), ("two", "?ver=2"), ("three", "?ver=3"), ("none", ""), ("blank", "?ver="), ("twice", "?ver=1&ver=2"), ("other", "?version=2"), ("more", "?ver=2&a=b&ver=2"), ("escaped", "?ver=%32"), ("space", "?ver=+2")]:
        s.get("query." + name, v + "queries/" + query)
        s.get("query.one." + name, v + "queries/7/" + query)
    for name, accept in [("one", "application/json; version=1.0"), ("two", "application/json; version=2.0"), ("three", "application/json; version=3.0"), ("none", "application/json"), ("any", "*/*; version=2.0"), ("blank", "application/json; version="), ("quoted", 'application/json; version="2.0"'), ("upper", "application/json; VERSION=2.0"), ("two_types", "text/html; version=1.0, application/json; version=2.0"), ("indent", "application/json; indent=2; version=2.0"), ("other_type", "text/csv; version=2.0"), ("no_space", "application/json;version=2.0"), ("tight", "application/json ;version = 2.0"), ("none_given", None)]:
        s.get("header." + name, v + "headers/", headers=[["Accept", accept]] if accept else [])
    s.get("header.html_first", v + "headers/", headers=[["Accept", "application/xml; version=2.0, application/json"]])
    for name in ("any-query", "any-header", "unversioned"):
        s.get(name + ".none", v + name + "/")
        s.get(name + ".given", v + name + "/?version=seven", headers=[["Accept", "application/json; version=8; level=9"]])
        s.get(name + ".one", v + name + "/4/?version=seven")
    for name in ("v1", "v2", "v3"):
        s.get("artists." + name, v + name + "/artists/")
        s.get("artist." + name, v + name + "/artists/1/")
    s.options("artists.options", v + "v2/artists/")
    s.get("artists.404", v + "v2/artists/99/")
    return s


def rendering():
    s = Suite("gallery_rendering", "gallery", "Renderers and parsers of its own; negotiation; raised exceptions.")
    r = G + "rows/"
    for n, accept in enumerate([
        None, "*/*", "text/plain", "text/csv", "application/vnd.gallery+json", "text/*", "application/*", "text/html", "text/csv, application/json", "text/plain;q=0.1, text/csv;q=0.9", "text/csv;q=0", "TEXT/CSV", "text/csv; header=present",
        "application/json; indent=4", "application/json;indent=4;q=1", "application/json; indent=99", "application/json; indent=-1", "application/json; indent=x", "application/json; indent=0", "application/vnd.gallery+json; indent=1", "*/*; indent=3", "application/*; indent=2", "text/plain, */*", ",", "text", "/", "text/", "*", ", text/csv",
        "text/csv,text/plain,application/json", "application/json; charset=utf-8", "application/json; charset=latin-1", "image/png, text/csv", "text/csv text/plain", "application/json;", "a/b;" * 3 + "c/d", "application/xml, text/html, */*;q=0.8", '"text/csv"', "text/csv; a=\"b,c\"",
    ]):
        s.get("accept.%02d" % n, r, headers=[["Accept", accept]] if accept else [], note=str(accept))
    for n, (path, accept) in enumerate([
        ("?format=txt", None), ("?format=csv", None), ("?format=json", "text/csv"), ("?format=csv", "text/plain"), ("?format=csv", "text/csv; a=b"), ("?format=vendor", None), ("?format=xml", None), ("?format=", None), ("?format=JSON", None), ("?format=txt&format=csv", None), ("?format=json", "application/json; indent=2"), ("?format=json", "*/*"), ("?format=txt ".strip() + "%20", None),
    ]):
        s.get("format.%02d" % n, r + path, headers=[["Accept", accept]] if accept else [], note="%s %s" % (path, accept))
    for n, path in enumerate(["rows.json", "rows.csv", "rows.txt", "rows.xml", "rows.vendor", "rows.json/", "rows.JSON", "rows.json?format=csv", "rows-some.json", "rows-some.txt", "rows-some.csv", "rows-some/", "rows-some", "rows."]):
        s.get("suffix.%02d" % n, G + path, note=path)
    s.get("suffix.accept", G + "rows.csv", headers=[["Accept", "text/plain"]])
    for name, accept in [("json", "application/json"), ("text", "text/plain"), ("vendor", "application/vnd.gallery+json")]:
        h = [["Accept", accept]]
        s.post("post." + name, r, json_body={"a": 1}, headers=h)
        s.delete("denied." + name, r, headers=h)
        s.post("unread." + name, r, raw="{", ctype="application/json", headers=h)
        s.add("put_405." + name, "PUT", r, json_body={}, headers=h)
        s.head("head." + name, r, headers=h)
    s.post("post.406", r, json_body={"a": 1}, headers=[["Accept", "text/html"]])
    s.options("options", r)
    s.options("options.text", r, headers=[["Accept", "text/plain"]])
    s.options("options.suffix", G + "rows.json")
    for name in ("bare", "wide", "vendor"):
        for n, accept in enumerate([None, "application/json", "application/json; version=2", "application/json; version=3", "application/vnd.gallery+json", "text/plain", "*/*; version=2", "application/json; version=2; indent=2"]):
            s.get("%s.%d" % (name, n), G + "rows-%s/" % name, headers=[["Accept", accept]] if accept else [], note=str(accept))
    s.get("wide.format", G + "rows-wide/?format=wide")
    p = G + "parsed/"
    for n, (ctype, body) in enumerate([
        ("text/plain", "caf\u00e9"), ("text/plain; charset=latin-1", b"\xe9"), ("TEXT/Plain", "x"), ("image/png", b"\x89PNG"), ("image/*", "x"), ("image", "x"), ("application/json", "{}"), ("application/json;charset=utf-8", '"\u00e9"'), ("application/json; charset=utf-16", "\ufeff{}".encode("utf-16-le")), ("application/json; charset=nope", "{}"), ("application/json; a=b", "[]"), ("application/*", "{}"), ("*/*", "{}"),
        ("application/x-www-form-urlencoded", "a=1"), ("multipart/form-data; boundary=b", "--b--"), ("text/html", "x"), ("", "x"), (None, "x"), ("application/json", ""), ("text/plain", ""), ("application/json, text/plain", "{}"), ("application/json;", "{}"), (" application/json ", "{}"), ("application/ld+json", "{}"), ("image/png; q=1", b"xx"),
    ]):
        s.post("parse.%02d" % n, p, raw=body, ctype=ctype, note=str(ctype))
    b = G + "stubborn/"
    s.get("stubborn.html", b, headers=[["Accept", "text/html"]])
    s.get("stubborn.format", b + "?format=zzz")
    s.post("stubborn.type", b, raw="{}", ctype="text/html")
    s.post("stubborn.bad", b, raw="x", ctype="text/html")
    s.options("stubborn.options", b)
    for name, url in [("named", "named/"), ("thing", "thing/")]:
        s.options(name, G + url)
    s.get("page", G + "plain/page/")
    s.get("page.fail", G + "plain/page/?fail")
    s.get("page.json", G + "plain/page/", headers=[["Accept", "application/json"]])
    s.post("page.405", G + "plain/page/", json_body={})
    t = G + "plain/text/"
    s.get("text", t)
    s.post("text.post", t, raw="body", ctype="text/plain")
    s.post("text.json_415", t, json_body={})
    s.get("text.binary", t, headers=[["Accept", "application/octet-stream"]])
    s.get("text.format_bin", t + "?format=bin")
    s.get("text.json_406", t, headers=[["Accept", "application/json"]])
    s.options("text.options", t, headers=[["Accept", "text/plain"]], omit_body=True)
    s.get("headers", G + "plain/headers/")
    for name in ["validation", "validation-list", "validation-dict", "validation-default", "parse", "parse-text", "failed", "anonymous", "denied", "denied-text", "missing", "missing-dict", "method", "acceptable", "media", "throttled", "throttled-wait", "throttled-one", "plain", "plain-text", "teapot", "http404", "forbidden"]:
        s.get("raised." + name, G + "plain/raise/%s/" % name)
    return s


def routes():
    s = Suite("gallery_routes", "gallery", "Routers with their options; actions of many methods, with parameters.")
    r = G + "routes/"
    s.get("default.root", r + "default/", auth="alice")
    s.get("default.root_json", r + "default/.json", auth="alice")
    s.options("default.root_options", r + "default/", auth="alice")
    s.get("slashless.root", r + "slashless", auth="alice")
    s.get("slashless.root_slash", r + "slashless/", auth="alice")
    s.get("rootless.root", r + "rootless/", auth="alice")
    for n, path in enumerate([
        "default/sheets/", "default/sheets", "default/sheets.json", "default/sheets/one.a/", "default/sheets/one.a", "default/sheets/one.a.json", "default/sheets/three.json", "default/sheets/THREE/", "default/sheets/no/", "default/sheets/one.a/extra/", "default/sheets/five.e.f/", "simple/sheets/", "simple/sheets.json", "simple/sheets/three/", "simple/sheets/three",
        "simple/by-id/", "simple/by-id/00000000-0000-4000-8000-000000000001/", "simple/by-id/00000000000040008000000000000001/", "simple/by-id/x/", "slashless/sheets", "slashless/sheets/", "slashless/sheets/three", "slashless/sheets/three/", "slashless/sheets.json", "slashless/sheets/three.json", "slashless/sheets/three/rank", "slashless/sheets/three/rank/", "slashless/bare", "slashless/bare/7",
        "rootless/bare/", "rootless/bare.json", "rootless/bare/1/", "rootless/bare/1.json", "converted/sheets/", "converted/sheets/00000000-0000-4000-8000-000000000001/", "converted/sheets/three/", "converted/sheets/00000000-0000-4000-8000-0000000000FF/", "reading/sheets", "reading/sheets/", "reading/sheets-three", "reading/sheets-three!notes", "reading/sheets-three!rank", "reading/sheets-none", "empty-prefix/", "empty-prefix/3/", "empty-prefix/swap/",
        "default/bare/", "default/bare/5/", "default/bare/a%2Fb/", "default/bare/a.b/", "default/bare/%20/", "default/over/red/bare/", "default/over/red/bare/2/", "default/over/a-b/bare/", "default/over/%C3%A9/bare/", "default/choosing/", "default/choosing/1/", "default/choosing/99/", "default/some-labels/", "default/some-labels/blue/",
        "default/sheets/three/rank/", "default/sheets/no/rank/", "default/sheets/three/notes/", "default/sheets/three/parts/12/", "default/sheets/three/parts/x/", "simple/sheets/three/parts/5/", "default/sheets/of/1/upto/2/", "default/sheets/of/a/upto/2/", "default/sheets/of/1/upto/", "default/sheets/links/", "simple/sheets/links/", "slashless/sheets/links", "default/sheets/tally/", "default/nope/", "default",
    ]):
        s.get("get.%02d" % n, r + path, note=path)
    sheets = r + "default/sheets/"
    for n, (method, path) in enumerate([
        ("PUT", "three/notes/"), ("DELETE", "three/notes/"), ("POST", "three/notes/"), ("PATCH", "three/notes/"), ("HEAD", "three/notes/"), ("OPTIONS", "three/notes/"), ("POST", "three/rank/"), ("PUT", "three/rank/"), ("DELETE", "three/rank/"), ("HEAD", "three/rank/"), ("OPTIONS", "three/rank/"), ("POST", "tally/"), ("PATCH", "tally/"), ("PUT", "tally/"), ("GET", "tally/"), ("OPTIONS", "tally/"),
        ("OPTIONS", "three/parts/1/"), ("POST", "three/parts/1/"), ("OPTIONS", "of/1/upto/2/"), ("OPTIONS", "links/"), ("OPTIONS", ""), ("OPTIONS", "three/"), ("HEAD", ""), ("HEAD", "three/"), ("POST", "three/"), ("DELETE", ""), ("PATCH", ""), ("PUT", ""), ("BREW", ""), ("TRACE", ""),
    ]):
        s.add("call.%02d" % n, method, sheets + path, note="%s %s" % (method, path), **({"json_body": {"by": 2, "b": 1}} if method in ("PUT", "POST", "PATCH") else {}))
    s.post("rank.form", sheets + "three/rank/", form={"by": "3"})
    s.get("rank.after", sheets + "three/rank/")
    L, C, B = r + "default/some-labels/", r + "default/choosing/", r + "default/bare/"
    for n, (method, url) in enumerate([("POST", L), ("POST", L), ("PUT", L), ("GET", L + "blue/"), ("PATCH", L + "blue/"), ("OPTIONS", L), ("OPTIONS", L + "blue/"), ("DELETE", L + "made/"), ("DELETE", L + "made/"), ("POST", C), ("PUT", C + "1/"), ("DELETE", C + "1/"), ("OPTIONS", C), ("HEAD", C), ("HEAD", C + "1/"),
                                       ("POST", B), ("PUT", B), ("PUT", B + "swap/"), ("POST", B + "swap/"), ("OPTIONS", B), ("OPTIONS", B + "1/"), ("DELETE", B + "1/"), ("OPTIONS", B + "swap/")]):
        s.add("more.%02d" % n, method, url, note="%s %s" % (method, url[len(r):]), **({"json_body": {"code": "made" if url == L else "chosen", "name": "m"}} if method in ("PUT", "POST", "PATCH") else {}))
    i = r + "converted/sheets/"
    s.post("converted.create", i, json_body={"id": "20000000-0000-4000-8000-000000000001", "key": "conv", "rank": 1})
    s.delete("converted.delete", i + "20000000-0000-4000-8000-000000000001/")
    s.put("reading.put", r + "reading/sheets-three", json_body={"key": "three"})
    s.post("reading.rank", r + "reading/sheets-three!rank", json_body={})
    s.options("reading.options", r + "reading/sheets")
    s.options("reading.options_one", r + "reading/sheets-three")
    s.post("slashless.create", r + "slashless/sheets", json_body={"id": "20000000-0000-4000-8000-000000000002", "key": "slashless"})
    s.post("slashless.create_slash", r + "slashless/sheets/", json_body={})
    s.put("simple.put", r + "simple/sheets/three/", json_body={"id": "00000000-0000-4000-8000-000000000003", "key": "three", "rank": 9})
    return s


def generic():
    s = Suite("gallery_generic", "gallery", "Each generic view with each method; hooks of views.")
    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    for name in ("create", "list", "list-create"):
        for method in methods:
            body = {"json_body": {"code": "g-" + name, "name": name}} if method in ("POST", "PUT", "PATCH") else {}
            s.add("%s.%s" % (name, method.lower()), method, G + "generic/%s/" % name, **body)
    for n, name in enumerate(("retrieve", "update", "retrieve-update", "retrieve-destroy", "destroy", "retrieve-update-destroy")):
        pk = {"retrieve-destroy": 4, "destroy": 5}.get(name, 1)
        for method in methods:
            body = {"json_body": {"code": "blue", "name": name}} if method in ("POST", "PUT", "PATCH") else {}
            if not (name == "retrieve-update-destroy" and method == "DELETE"):
                s.add("%s.%s" % (name, method.lower()), method, G + "generic/%s/%d/" % (name, pk), **body)
        for pk in ("99", "x", "1.0", "-1", "%20", "true", "99999999999999999999"):
            s.get("%s.pk.%s" % (name, pk), G + "generic/%s/%s/" % (name, pk)) if n in (0, 5) else None
        s.patch(name + ".bad", G + "generic/%s/1/" % name, json_body={"code": "a b", "name": None})
        s.put(name + ".put_part", G + "generic/%s/1/" % name, json_body={"name": "only"})
        s.delete(name + ".delete_404", G + "generic/%s/99/" % name)
        s.options(name + ".options_404", G + "generic/%s/99/" % name)
    c = G + "generic/by-code/"
    s.get("code", c + "deep/")
    s.get("code.404", c + "nope/")
    s.patch("code.patch", c + "deep/", json_body={"name": "Deeper", "code": "deeper"})
    s.get("code.gone", c + "deep/")
    s.get("two", G + "generic/by-two/1/2/")
    s.get("two.404", G + "generic/by-two/1/9/")
    s.options("two.options", G + "generic/by-two/1/2/")
    h = G + "generic/hooked/"
    s.get("hooked.list", h)
    s.get("hooked.begin", h + "?begin=b")
    s.get("hooked.stop", h + "?stop")
    s.get("hooked.divide", h + "?divide", note="an exception that only this view knows")
    s.options("hooked.stop_options", h + "?stop")
    s.post("hooked.create", h, json_body={"code": "hook", "name": "h"})
    s.post("hooked.create_stop", h, json_body={"code": "hook2", "name": "stop"})
    s.post("hooked.create_bad", h, json_body={})
    s.delete("hooked.delete_used", h + "1/")
    s.delete("hooked.delete_404", h + "99/")
    s.delete("hooked.delete", h + "3/")
    m = G + "generic/methods/"
    for method in methods + ["TRACE", "PROPFIND"]:
        s.add("methods." + method, method, m, **({"json_body": {}} if method in ("POST", "PUT", "PATCH") else {}))
    for name in ("no-options", "own-options", "only-write"):
        if name != "only-write":
            s.options(name, G + "generic/%s/" % name)
        s.post(name + ".post", G + "generic/%s/" % name, json_body={})
    s.options("only_write.one", G + "generic/only-write/1/")
    s.put("only_write.put", G + "generic/only-write/1/", json_body={})
    s.get("only_write.get", G + "generic/only-write/1/")
    return s


def lists():
    s = Suite("gallery_lists", "gallery", "Pages, windows, cursors; searches, orders, filters and all of them together.")
    for name, queries in {
        "two": ["", "p=2", "p=3", "p=4", "p=last", "p=end", "p=LAST", "p=0", "p=x", "n=1", "n=3&p=2", "n=99", "n=0", "n=", "n=x&p=2", "n=-1", "p=2&n=1&z=%C3%A9+a&a=", "page=2", "p=2&p=1", "p=%32", "p=1&z=/"],
        "unbound": ["page_size=99", "page_size=2&page=2", "page=2"], "no-size": ["", "page_size=2", "page_size=0", "page=2", "page_size=2&page=9"], "own": ["", "page=2", "page=3", "page=4"],
        "windows": ["", "take=1", "take=9", "take=0", "take=-1", "take=x", "skip=1", "skip=4", "skip=5", "skip=99", "skip=-1", "skip=x", "take=2&skip=3", "take=4&skip=1", "limit=1", "skip=2&take=2&b=1&a=2", "take=1.0", "skip=+1"],
        "no-window": ["", "limit=2", "limit=2&offset=1", "offset=2", "limit=0"], "cursors": ["", "at=x", "at=", "at=cD0x", "at=bz0x", "at=cj0x", "at=bz1hYmM%3D", "size=1"], "none": ["", "page=2", "limit=1"],
        "ordered": ["", "ordering=-rank,key", "ordering=rank,-key", "ordering=zzz", "n=3", "n=9", "ordering=-key&n=1"],
    }.items():
        for n, query in enumerate(queries):
            s.get("page.%s.%02d" % (name, n), G + "pages/%s/%s" % (name, query and "?" + query), note=query)
    for name, first, cursors in [
        ("rank", "cursors/?at=", ["cD0y", "cD0x", "cj0xJnA9MA%3D%3D", "cj0xJnA9MQ%3D%3D", "cj0xJnA9Mg%3D%3D"]),
        ("ties", "ordered/?n=1&ordering=-rank%2Ckey&cursor=", ["", "bz0xJnA9Mg%3D%3D", "cD0y", "bz0xJnA9MQ%3D%3D", "cD0x", "cj0xJnA9MA%3D%3D", "bz0xJnI9MSZwPTE%3D", "cj0xJnA9MQ%3D%3D", "bz0xJnI9MSZwPTI%3D", "bz05OSZwPTE%3D", "bz0xMDAxJnA9MQ%3D%3D"]),
        ("key", "ordered/?ordering=key&cursor=", ["", "cD1mb3VyLWQ%3D", "cD10aHJlZQ%3D%3D", "cj0xJnA9dHdvLmI%3D", "cj0xJnA9b25lLmE%3D", "cj0xJnA9YQ%3D%3D", "cD16eg%3D%3D", "cD0%3D"]),
    ]:
        for n, cursor in enumerate(cursors):
            s.get("walk.%s.%02d" % (name, n), G + "pages/" + first + cursor, note="as the links of the pages before have it" if cursor else "")
    s.options("page.options", G + "pages/two/")
    s.head("page.head", G + "pages/two/?p=2")
    words = ["", "e", "D", "dew", "E", "li,he", "li he", "%22e%22", "a%25", "_", "zzz", "a%00", "%C3%89lo", "ANA", "dawn", "br", "[", "^D", "h.a", "t e", ",,", "'"]
    for name, chosen in {"contains": words, "starts": words[1:5] + ["li,", "ht"], "equals": ["dew", "Dew", "de", "light,dew"], "regex": ["^D", "h.a", "e$", "d|e", "zz"], "related": ["dawn", "ana", "cy", "dawn ana", "dawn kei", "%C3%A9lo", "bo,light", "a"], "lookup": ["t", "br", "T", "BR", "jp"], "mixed": ["dawn", "player", "li", "l daw", "writer,li"], "own": ["e"]}.items():
        for n, word in enumerate(chosen):
            key = "find" if name == "own" else "search"
            s.get("search.%s.%02d" % (name, n), G + "search/%s/?%s=%s" % (name, key, word.replace(" ", "+")), note=word)
    s.get("search.own.in", G + "search/own/?find=e&in=title")
    s.get("search.twice", G + "search/contains/?search=e&search=d")
    s.get("search.order", G + "search/related/?search=a&ordering=-title")
    for name, chosen in {"all": ["", "title", "-title", "album,position", "album__title", "album,-position", "-pk", "id", "zzz,title", "credits"], "default": ["title", "-position,title", "album,id", "album__title", "id", "length"], "related": ["album__title,title", "-album__artist__name,title", "position", "title,album__title"], "pairs": ["", "position,album__released", "-album__released,position", "album__released,-position", "title", "Where"], "text": ["", "title", "-title", "x"]}.items():
        for n, order in enumerate(chosen):
            s.get("order.%s.%02d" % (name, n), G + "order/%s/%s" % (name, order and "?ordering=" + order), note=order)
    for n, query in enumerate([
        "", "title=d", "title=D", "title=", "cheap=10", "cheap=9.9", "cheap=x", "cheap=1e1", "price_min=5", "price_max=10", "price_min=5&price_max=10", "price_min=x", "price_max=x&price_min=1", "year=2021", "year=x", "year=2021.5", "since=2022-01-01", "since=01/01/2022", "since=x", "between_after=2021-01-01&between_before=2021-12-31", "between_after=x", "between_before=2021-01-05",
        "undated=true", "undated=false", "undated=True", "undated=1", "undated=x", "undated=", "label=blue", "label=nope", "labels=blue", "labels=blue&labels=deep", "labels=nope", "labels=", "artists=1", "artists=1,2", "artists=", "artists=1,x", "artists=,", "country=BR", "country=XX", "country=null", "country=none", "country=", "countries=BR", "countries=BR&countries=JP", "countries=XX&countries=BR",
        "long=true", "long=false", "long=x", "not_title=Dawn", "order=name", "order=-price", "order=price,-name", "order=zzz", "order=", "order=name,zzz", "cheap=x&since=y&order=z&country=q", "title=d&order=-name&cheap=12", "unknown=1", "cheap=%00", "title=%25", "title=a&title=d",
    ]):
        s.get("filter.%02d" % n, G + "filter/albums/" + (query and "?" + query), note=query)
    for n, query in enumerate(["artist=1", "artist=x", "title=Dawn", "title=dawn", "released=2021-01-05", "released=x", "price=12", "price=12.001", "price=x", "labels=1", "labels=1&labels=2", "labels=9", "artist=1&search=du", "search=ana&ordering=-price", "search=ana&ordering=price&page_size=1&page=2", "artist=1&page=9", "artist=x&page=9", "artist=1&ordering=title&search=dawn&labels=2&page_size=1"]):
        s.get("listed.%02d" % n, G + "filter/listed/?" + query, note=query)
    for n, query in enumerate(["", "least=1", "least=2&take=1", "least=x", "least=1&skip=2"]):
        s.get("own.%d" % n, G + "filter/own/" + (query and "?" + query), note=query)
    return s


def filtered_moments(s):
    """Filters by moments and parts of them, which follow the zone."""
    for n, query in enumerate([
        "", "at=2024-01-15T17:00:00Z", "at=2024-01-15+17:00", "at=2024-01-15+12:00:00", "at=01/15/2024+17:00", "at=2024-01-15", "at=x", "at__lt=2024-03-10T07:00:00Z", "at__gte=2024-03-10+03:00", "at__gte=2024-03-10+02:30", "at__gte=2024-11-03+01:30", "at__date=2024-06-30", "at__date=2024-07-01", "at__date=2024-03-10", "at__date=x", "at__year=2024", "at__year=1883", "at__month=11", "at__month=6", "at__day=30", "at__day=3", "at__hour=1", "at__hour=22", "at__hour=2", "at__hour=x",
        "at__range=2024-03-10,2024-07-01", "at__range=2024-03-10", "at__range=x,y", "at__isnull=true", "at__isnull=False", "day=2024-01-15", "day__week_day=1", "day__week_day=2", "day__week_day=x", "day__in=2024-01-15,2024-07-01", "day__in=x", "hour=17:00", "hour__gt=06:00", "hour=25:00", "span=60", "span__lte=00:02:00", "span=PT3M", "span=x", "name__in=old,late", "name__iexact=OLD", "name__endswith=fold", "name__regex=^b", "name=late&at__year=2023",
    ]):
        s.get("filter.%02d" % n, G + "filter/moments/" + (query and "?" + query), note=query)


def moments_kept(s):
    """Moments that are written to the database and read again."""
    url = G + "moments/"
    s.get("list", url)
    s.get("one", url + "6/")
    s.options("options", url)
    for n, at in enumerate(["2024-03-10T02:30:00", "2024-11-03T01:30:00", "2024-11-03T01:30:00-05:00", "2024-07-01T00:00:00", "2024-01-01T00:00:00Z", "2024-01-01", None, "1883-11-18T12:00:00", "2024-07-01T12:00:00.123456+05:30", "x", "9999-12-31T23:59:59Z", "2050-07-01T00:00:00"]):
        s.post("create.%02d" % n, url, json_body={"name": "m%d" % n, "at": at, "day": "2024-02-29", "hour": "01:02:03.5", "span": "1 02:03:04"}, note=str(at))
    s.patch("patch", url + "1/", json_body={"at": "2024-07-04T09:30:00"})
    s.patch("patch_form", url + "2/", form={"at": "2024-07-04T09:30", "hour": ""})
    s.get("after", url + "1/")


def zone():
    s = gallery_fields.moments("gallery_zone", "gallery_zone", "Clocks that change: the zone is America/New_York.")
    moments_kept(s)
    filtered_moments(s)
    return s


def utc():
    s = Suite("gallery_utc", "gallery", "The same rows and filters where the zone is UTC.")
    moments_kept(s)
    filtered_moments(s)
    return s


def limits():
    s = Suite("gallery_limits", "gallery", "Throttles by scope, several at once, of its own.")
    wait = {"volatile": {"/detail": "wait"}, "volatile_headers": ["retry-after"]}
    l = G + "limits/"
    for n in range(1, 3):
        s.get("uploads.%d" % n, l + "uploads/")
    s.get("uploads.3", l + "uploads/", **wait)
    s.get("uploads_too", l + "uploads-too/", note="the scope is shared by the views", **wait)
    s.get("uploads.alice", l + "uploads/", auth="alice")
    s.get("uploads.other_address", l + "uploads/", headers=[["X-Forwarded-For", "9.9.9.9, 8.8.8.8"]])
    s.options("uploads.options", l + "uploads/", **wait)
    s.add("uploads.put", "PUT", l + "uploads/", json_body={}, note="the limit comes before the method", **wait)
    for n in range(1, 5):
        s.get("scopeless.%d" % n, l + "scopeless/")
    for n in range(1, 4):
        s.get("reads.%d" % n, l + "reads/", auth="bob")
    s.get("reads.4", l + "reads/", auth="bob", **wait)
    s.get("reads.anonymous", l + "reads/")
    s.get("two.bob", l + "two/", auth="bob", note="the shorter limit is spent already", **wait)
    for n in range(1, 4):
        s.get("two.root.%d" % n, l + "two/", auth="root")
    s.get("two.root.4", l + "two/", auth="root", **wait)
    s.get("two.root.5", l + "two/", auth="root", note="both limits are asked, the longer wait is told", **wait)
    s.get("fixed.1", l + "fixed/")
    s.get("fixed.2", l + "fixed/", **wait)
    for n in range(1, 4):
        s.get("fixed.alice.%d" % n, l + "fixed/", auth="alice")
        s.get("never.%d" % n, l + "never/")
    moody = [["X-Moody", "yes"]]
    for name in ("moody", "sulking", "moods"):
        s.get(name, l + name + "/")
        s.get(name + ".no", l + name + "/", headers=moody)
        s.post(name + ".post", l + name + "/", headers=moody, json_body={})
        s.head(name + ".head", l + name + "/", headers=moody)
    for n in range(1, 3):
        s.get("method.get.%d" % n, l + "by-method/", auth="root")
        s.post("method.post.%d" % n, l + "by-method/", auth="root", json_body={"n": n})
    s.post("method.post.3", l + "by-method/", auth="root", json_body={}, **wait)
    s.get("method.get.3", l + "by-method/", auth="root")
    return s


def house():
    s = Suite("gallery_house", "gallery_house", "Most defaults replaced, among them the exception handler.")
    m = G + "moments/"
    for n, query in enumerate(["", "?page=2", "?page=9", "?q=fold", "?search=fold", "?sort=-name", "?ordering=name", "?sort=at&page=3", "?fmt=json", "?fmt=xml", "?format=xml", "?q=%00"]):
        s.get("list.%02d" % n, m + query, note=query)
    s.get("one", m + "6/")
    s.get("one.404", m + "99/")
    s.get("one.406", m + "1/", headers=[["Accept", "text/html"]])
    s.options("options", m)
    for n, body in enumerate([
        {"name": "a", "at": "29.02.2024 13:30", "day": "29.02.2024", "hour": "13:30", "span": "PT90S"}, {"name": "b", "at": "2024-02-29T13:30:00Z", "day": "2024-02-29", "hour": "1 PM", "span": "90"}, {"name": "c", "at": "x", "day": "x", "hour": "13:30:05", "span": "x"}, {"name": "d", "at": "29/02/2024"},
        {}, [], None, "x", {"name": ""}, {"name": "e", "at": None, "hour": "01 am"},
    ]):
        s.post("create.%02d" % n, m, json_body=body)
    s.post("create.parse", m, raw="{", ctype="application/json")
    s.post("create.415", m, raw="x", ctype="text/plain")
    s.put("list.405", m, json_body={})
    s.post("bulk.bad", G + "bulk/", json_body=[{"code": "a", "name": "n"}, {}, {"code": "a b", "name": ""}], note="errors of a list are a list")
    s.post("bulk.empty", G + "bulk-some/", json_body=[])
    s.post("nested.bad", G + "albums/", json_body={"artist": 3, "title": "T", "tracks": [{"position": 1, "title": "t", "credits": [{"person": "x"}, {}]}, {"position": "x"}, {"position": 2, "title": "u"}]})
    s.post("ints.bad", G + "fields/composites/", json_body={"ints": [1, "x", 2], "table": {"a": "x"}, "pair_list": [{"left": 1}, {}]})
    s.get("artists", G + "house-artists/")
    s.get("artist", G + "house-artists/1/")
    s.get("missing", G + "house-missing/", auth="alice", note="an exception that only the handler knows")
    s.get("missing.anonymous", G + "house-missing/")
    s.get("missing.bad_token", G + "house-missing/", auth="garbage")
    s.get("door", G + "door/ticket/", auth="alice")
    s.get("photo", G + "photos/2/", note="a name, not an address")
    s.post("photo.create", G + "photos/", multipart=[("title", "h"), ("image", ("h.png", "image/png", b"x"))])
    s.post("number", G + "fields/numbers/", json_body={"decimal": "1.50", "half_up": "1.25", "normal": "2.5000", "free": "1e3", "big": 5})
    s.post("moments", G + "fields/moments/", json_body={"at": "2024-07-01T12:00:00Z", "day": "2024-07-01", "hour": "10:00", "span": 90, "at_written": "2024-07-01T12:00:00Z", "span_iso": 90})
    s.post("rule", G + "ruled-fields/", json_body={"last": 97})
    s.post("rule.dict", G + "ruled-fields/", json_body={"last": 98})
    s.post("rule.deep", G + "ruled-fields/", json_body={"last": 13, "even": 1})
    for name in ("validation", "validation-list", "validation-dict", "failed", "denied", "missing-dict", "throttled-wait", "teapot", "http404", "forbidden", "plain"):
        s.get("raised." + name, G + "plain/raise/%s/" % name)
    for n, version in enumerate(["1.0", "2.0", "3.0", ""]):
        s.get("version.%d" % n, G + "versions/unversioned/", headers=[["Accept", "application/json; v=%s" % version]], note=version)
        s.get("version.list.%d" % n, m + "1/", headers=[["Accept", "application/json; v=%s" % version]], note=version)
    for name, forwarded in [("a", "1.1.1.1"), ("b", "2.2.2.2, 1.1.1.1"), ("c", "1.1.1.1, 3.3.3.3")]:
        s.get("proxy." + name, G + "limits/fixed/", headers=[["X-Forwarded-For", forwarded]], note="one proxy is trusted: the last address counts", **({"volatile": {"/errors/detail": "wait"}, "volatile_headers": ["retry-after"]} if name == "b" else {}))
    return s


def suites():
    return [access(), versions(), rendering(), routes(), generic(), lists(), utc(), zone(), limits(), house()]
