"""Record what the reference's URL resolver makes of paths, names and bad routes.

    python vectors/record_routing.py
Writes routing.json here. Needs Django only: no project, no database.

A tree is a list of entries, which both this file and the Rust test turn into routes:
    {"path" or "re_path": route, "view": id, "name": .., "extra": {..}}
    {"path" or "re_path": route, "include": [entries], "app_name": .., "namespace": .., "extra": {..}}
"""
import json
import pathlib
import re
import warnings

import django
from django.conf import settings

warnings.simplefilter("ignore")
settings.configure(DEBUG=True, ROOT_URLCONF="none", LANGUAGE_CODE="en-us", USE_I18N=False)
django.setup()

from django.core.checks.urls import _load_all_namespaces, check_resolver  # noqa: E402
from django.urls import Resolver404, include, path, re_path, register_converter, reverse  # noqa: E402
from django.urls.resolvers import RegexPattern, URLResolver, _route_to_regex  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class YearConverter:
    regex = "[0-9]{4}"

    def to_python(self, value):
        if value < "1900":
            raise ValueError
        return value

    def to_url(self, value):
        return "%04d" % int(value)


class HexConverter:
    regex = "[0-9a-f]+"

    def to_python(self, value):
        return str(int(value, 16))

    def to_url(self, value):
        return "%x" % int(value)


class LangConverter:
    regex = "(en|de)(?:-[a-z]+)?"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class EmptyConverter:
    regex = "[a-z]*"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


for converter, name in ((YearConverter, "year"), (HexConverter, "hex"), (LangConverter, "lang"), (EmptyConverter, "maybe")):
    register_converter(converter, name)


def p(route, view, name=None, **extra):
    return {"path": route, "view": view, **({"name": name} if name else {}), **({"extra": extra} if extra else {})}


def r(route, view, name=None, **extra):
    return {"re_path": route, "view": view, **({"name": name} if name else {}), **({"extra": extra} if extra else {})}


def inc(route, entries, app=None, ns=None, kind="path", **extra):
    entry = {kind: route, "include": entries}
    entry.update({key: value for key, value in (("app_name", app), ("namespace", ns), ("extra", extra)) if value})
    return entry


POLLS = [
    p("", "polls.index", "index"),
    p("<int:pk>/", "polls.detail", "detail"),
    p("<int:pk>/vote/", "polls.vote", "vote"),
    inc("staff/", [p("", "staff.index", "index"), p("<slug:who>/", "staff.who", "who")], app="staff"),
]

TREES = {
    "basic": [
        p("", "home", "home"),
        p("about/", "about", "about"),
        p("notes/", "notes", "notes"),
        p("notes/<int:pk>/", "note", "note"),
        p("notes/<int:pk>/edit", "note_edit", "note_edit"),
        p("notes/<slug:slug>/", "note_slug", "note_slug"),
        p("users/<str:name>/", "user", "user"),
        p("users/<name>", "user_bare", "user_bare"),
        p("files/<path:rest>", "files", "files"),
        p("wiki/<path:page>/edit/", "wiki_edit", "wiki_edit"),
        p("wiki/<path:page>/", "wiki", "wiki"),
        p("u/<uuid:id>/", "uuid", "uuid"),
        p("pair/<int:a>-<int:b>/", "pair", "pair"),
        p("pair/<str:a>-<str:b>/", "pair_str", "pair_str"),
        p("dots/<slug:a>.<slug:b>", "dots", "dots"),
        p("glue/<int:a><slug:b>/", "glue", "glue"),
        p("glue3/<str:a><str:b><str:c>/", "glue3", "glue3"),
        p("a.b+c(d)[e]{f}|g^h$i*j?/", "meta", "meta"),
        p("\u00fcber/<str:ort>/", "umlaut", "umlaut"),
        p("space here/", "space", "space"),
        p("extra/<int:a>/", "extra", "extra", b="2", c="x y"),
        p("override/<int:a>/", "override", "override", a="9"),
        p("noslash", "noslash", "noslash"),
        p("y/<year:y>/", "year", "year"),
        p("h/<hex:h>/", "hex", "hex"),
        p("l/<lang:l>/x", "lang", "lang"),
        p("m/<maybe:w>/", "maybe", "maybe"),
        p("q\\d/", "backslash", "backslash"),
        p("t~a&b#c d-e/", "signs", "signs"),
        p("\u00e9t\u00e9/<int:\u00e5r>/", "unicode_name", "unicode_name"),
        p("//double//", "double", "double"),
        p("<>/x", "empty_brackets", "empty_brackets"),
        p("o<pen/", "open_bracket", "open_bracket"),
        p("c>lose/", "close_bracket", "close_bracket"),
    ],
    "regex": [
        r(r"^$", "root", "root"),
        r(r"^articles/(?P<year>[0-9]{4})/$", "year", "year"),
        r(r"^articles/(?P<year>[0-9]{4})/(?P<slug>[\w-]+)/$", "article", "article"),
        r(r"^unnamed/(\d+)/(\w+)/$", "unnamed", "unnamed"),
        r(r"^mixed/(\d+)/(?P<name>\w+)/$", "mixed", "mixed"),
        r(r"^optional/(?:page-(?P<page>\d+)/)?$", "optional", "optional"),
        r(r"^optional2/(page-(\d+)/)?$", "optional2", "optional2"),
        r(r"^opt3/(?P<a>a)?(?P<b>b)?$", "opt3", "opt3"),
        r(r"^users/$", "users", "user-list"),
        r(r"^users/(?P<pk>[^/.]+)/$", "user", "user-detail"),
        r(r"^users\.(?P<format>[a-z0-9]+)/?$", "users_format", "user-list"),
        r(r"^users/(?P<pk>[^/.]+)\.(?P<format>[a-z0-9]+)/?$", "user_format", "user-detail"),
        r(r"floating/", "floating", "floating"),
        r(r"^open/", "open", "open"),
        r(r"^zed/\Z", "zed", "zed"),
        r(r"^newline/(?:a$|b)", "newline", "newline"),
        r(r"^either/(a|b)/$", "either", "either"),
        r(r"^alt/a/$|^alt/b/$", "alt", "alt"),
        r(r"^cls/[abc]x[^d]y\w\d\s\W\D\S/$", "cls", "cls"),
        r(r"^rep/a{2}b{1,3}c*d+e?/$", "rep", "rep"),
        r(r"^grp/(?:ab){2}/(?:cd)+/(?:ef)*$", "grp", "grp"),
        r(r"^esc/\.\-\/\+\(\)/$", "esc", "esc"),
        r(r"^dot/./$", "dot", "dot"),
        r(r"^nested/((?P<a>\d+)-(?P<b>\d+))/$", "nested", "nested"),
        r(r"^nest2/(a(b)(c))/$", "nest2", "nest2"),
        r(r"^lazy/(?P<a>.+?)-(?P<b>.+)/$", "lazy", "lazy"),
        r(r"^word/(?P<w>\w+)$", "word", "word"),
        r(r"^digit/(?P<d>\d+)$", "digit", "digit"),
        r(r"^space/(?P<s>\s)$", "space", "space"),
        r(r"^oct/\101\x42\u0043/$", "oct", "oct"),
        r(r"^set/[[:alpha:]]/$", "set", "set"),
        r(r"^amp/[a&&b]+/$", "amp", "amp"),
        r(r"^lt/\<a\>/$", "lt", "lt"),
        r(r"^close/[]a]+/$", "close", "close"),
        r(r"^dollar/\$", "dollar", "dollar"),
        r(r"^dollar2/a\$$", "dollar2", "dollar2"),
        r(r"^bound/\bx\b/$", "bound", "bound"),
        r(r"^three/(?P<a>\d)(?:/(?P<b>\d)(?:/(?P<c>\d))?)?/$", "three", "three"),
        r(r"^end/(?P<a>a)$", "end_extra", "end_extra", b="1"),
    ],
    # The reference reverses nothing in a tree that holds one of these.
    "irreversible": [
        r(r"^brace/a{x}/$", "brace", "brace"),
        r(r"^brace2/a{,2}/$", "brace2", "brace2"),
        r(r"^(?i:case)/$", "case", "case"),
        r(r"^com(?#comment)ment/$", "comment", "comment"),
    ],
    "flag": [r(r"(?i)^flag/(?P<x>[a-z]+)/$", "flag"), r(r"(?s)^dotall/(?P<x>.+)/$", "dotall"), p("flag/", "plain")],
    "order": [
        p("x/<int:n>/", "first", "same"),
        p("x/<str:n>/", "second", "same"),
        p("x/<str:n>/<str:m>/", "third", "same"),
        p("x/", "fourth", "same"),
        p("z/<int:n>/", "extra_a", "with_extra", kind="a"),
        p("zz/<int:n>/", "extra_b", "with_extra", kind="b"),
        inc("x/", [p("new/", "never"), p("<str:n>/a/b/", "below")]),
        p("x/later/end/", "later"),
    ],
    "backtrack": [
        inc("api/", [p("a/", "a1"), inc("deep/", [p("x/", "x1")])]),
        inc("api/", [p("b/", "b2"), inc("deep/", [p("y/", "y2")])]),
        p("api/c/", "c3"),
        inc("", [p("d/", "d4"), inc("", [p("e/", "e5")])]),
        p("<path:any>", "fallback"),
    ],
    "includes": [
        inc("polls/", POLLS, app="polls"),
        inc("team/<slug:team>/polls/", POLLS, app="polls", ns="team-polls"),
        inc("plain/<int:a>/", [p("<int:b>/", "plain", "plain"), p("same/<str:c>/", "same", "same")], source="plain"),
        inc("", [p("loose/", "loose", "loose"), inc("in/", [p("<int:q>/", "inner", "inner")], app="inner", ns="lifted")]),
        inc(r"^re/(?P<section>[a-z]+)/", [r(r"^(?P<item>\d+)/$", "item", "item"), p("tail/", "tail", "tail")], kind="re_path"),
        inc(r"^unnamed/(\d+)/", [r(r"^(\w+)/$", "unnamed", "unnamed"), p("<int:n>/named/", "named", "named")], kind="re_path"),
        inc(r"^args/(\d+)/", [inc(r"^(\d+)/", [r(r"^(\d+)/$", "three"), r(r"^x/$", "two", extra="1")], kind="re_path")], kind="re_path"),
        inc(r"^half/(?P<n>\d)/", [r(r"^(\d)/$", "half", "half")], kind="re_path"),
        inc("greedy/<str:x>", [p("/tail/", "greedy_tail", "greedy_tail"), p("", "greedy_end", "greedy_end")]),
        inc("greedypath/<path:x>", [p("/tail/", "never"), p("", "greedypath_end", "greedypath_end")]),
        inc("num<int:x>", [p("0/", "never"), p("x/", "num_x", "num_x")]),
        inc("shadow/<int:v>/", [p("<str:v>/", "shadow")], w="outer"),
        inc("ext/<int:v>/", [p("a/", "ext", "ext", w="inner", z="3")], w="outer", v="7"),
        inc("empty/", []),
        inc("nsx/", [p("<int:k>/", "nsx", "nsx")], app="nsx", lang="de"),
        inc("wrap/", [inc("i/", [p("<int:k>/", "wrapped", "wrapped", own="1")], lang="de")], lang="fr"),
        p("last/", "last", "last"),
    ],
    "apps": [
        inc("one/", [p("<int:n>/", "one", "page"), inc("sub/", [p("", "one.sub", "sub")], app="sub", ns="s1")], app="site", ns="one"),
        inc("two/", [p("<int:n>/", "two", "page"), inc("sub/", [p("", "two.sub", "sub")], app="sub", ns="s2"),
                     inc("sub3/", [p("", "two.sub3", "sub")], app="sub", ns="s3")], app="site", ns="two"),
        inc("three/", [p("", "blog", "home")], app="blog", ns="b1"),
        inc("four/", [p("", "blog", "home")], app="blog"),
        inc("five/", [p("", "blog", "home")], app="blog", ns="b2"),
        inc("dup1/", [p("", "d1", "home"), p("only1/", "d1", "only1")], app="dup"),
        inc("dup2/", [p("", "d2", "home"), p("only2/", "d2", "only2")], app="dup"),
    ],
    "slashes": [p("/x/", "x", "x"), p("<path:p>", "p", "p"), inc("/", [p("y/", "y", "y")]), r(r"^(?P<a>.*)$", "any", "any")],
    "reverse_forms": [
        r(r"^(?P<a>\d+)(?:/(?P<b>\d+))?/$", "ab", "ab"),
        r(r"^one(?:two)?three$", "ott", "ott"),
        r(r"^x{3}$", "x3", "x3"),
        r(r"^(\d){2}$", "d2", "d2"),
        r(r"^a|b$", "alt", "alt"),
        r(r"^(?:a|b)/(?P<x>\d)$", "alt2", "alt2"),
        r(r"^[a-z]/$", "cls", "cls"),
        r(r"^[^a-z]/$", "neg", "neg"),
        r(r"^\w\d\s$", "esc", "esc"),
        r(r"^\W\D\S$", "esc2", "esc2"),
        r(r"^.$", "dot", "dot"),
        r(r"^a?\.b$", "quirk", "quirk"),
        r(r"^(?P<a>[(])x$", "paren", "paren"),
        r(r"^pre(?:(a)|(b))$", "alts", "alts"),
        r(r"^(a(b)?)?c$", "nest", "nest"),
        r(r"^(?:(?:(?P<a>\d)/)?(?P<b>\d)/)?c$", "nest2", "nest2"),
        r(r"^(?:(?P<a>\d)-)*e$", "star", "star"),
        r(r"^(?:(?P<a>\d)-)+e$", "plus", "plus"),
        r(r"^(?P<a>\d){0,1}e$", "brace0", "brace0"),
        r(r"^esc\$end$", "dollar", "dollar"),
        r(r"^end\Z", "bigz", "bigz"),
        r(r"^mid$dle", "mid", "mid"),
        r(r"^(?:)x$", "hollow", "hollow"),
        r(r"^()x$", "hollow_group", "hollow_group"),
        r(r"^[\]x]y$", "bracket", "bracket"),
        r(r"^[\d]y$", "class_escape", "class_escape"),
        r(r"^(?P<a>a|b)/(?P<b>c|d)$", "choice", "choice"),
        r(r"^plain/(?P<a>.+)$", "plain", "plain"),
        r(r"^many/(?P<a>a)?(?P<b>b)?(?P<c>c)?$", "many", "many"),
        r(r"", "nothing", "nothing"),
        r(r"^un/(\d+)/(?P<n>\d+)$", "unnamed_and_named", "unnamed_and_named"),
    ],
}

UUID = "0123abcd-89ab-4def-8123-456789abcdef"
RESOLVE = {
    "basic": [
        "", "/", "about/", "about", "About/", "about//", "/about/", "about/ ", " about/", "about/\n", "about/\0", "about/?x", "notes/",
        "notes/1/", "notes/007/", "notes/000/", "notes/-1/", "notes/+1/", "notes/1.5/", "notes/1", "notes/1/edit", "notes/1/edit/",
        "notes/1/edit\n", "notes/\u0661\u0662/", "notes/\uff11/", "notes/\u00b2/", "notes/1\n/", "notes/ 1/", "notes/1_000/",
        "notes/" + "9" * 40 + "/", "notes/" + "9" * 4300 + "/", "notes/" + "9" * 4301 + "/", "notes/" + "0" * 4301 + "/",
        "notes/a-b_c/", "notes/A1/", "notes/\u00e9/", "notes/a b/", "notes//", "notes/a/b/", "NOTES/1/", "notes/0x1/", "notes/1e3/",
        "users/ann/", "users/ann", "users/a/b/", "users/a/b", "users//", "users/", "users/a\nb/", "users/a\0b/", "users/\n/", "users/a\n",
        "users/%2F/", "users/a%20b/", "users/\u00e4\u00f6 \u4e2d/", "users/\U0001f600/", "users/<b>/", "users/a?b=c/", "users/./", "users/../",
        "users/" + "x" * 3000 + "/",
        "files/", "files/a", "files/a/b/c.txt", "files//", "files//a", "files/a\n", "files/a\nb", "files/\n", "files/\r", "files/\u2028", "files/../x",
        "wiki/a/edit/", "wiki/a/b/edit/", "wiki/edit/", "wiki//edit/", "wiki/edit/edit/", "wiki/a/edit/edit/", "wiki/a/edit", "wiki/a/", "wiki/a", "wiki/a\n/edit/",
        "u/%s/" % UUID, "u/%s/" % UUID.upper(), "u/%s/" % UUID.replace("-", ""), "u/{%s}/" % UUID, "u/%s" % UUID, "u/%s0/" % UUID, "u/%s/" % UUID[:-1],
        "pair/1-2/", "pair/1-2-3/", "pair/a-b/", "pair/a-b-c/", "pair/--/", "pair/---/", "pair/-b/", "pair/1-/", "pair/a/b-c/",
        "dots/a.b", "dots/a.b.c", "dots/.b", "dots/a.b\n", "glue/12ab/", "glue/12/", "glue/1/", "glue/a1/", "glue/123-/", "glue3/abc/", "glue3/abcdef/", "glue3/ab/",
        "a.b+c(d)[e]{f}|g^h$i*j?/", "axb+c(d)[e]{f}|g^h$i*j?/", "\u00fcber/k\u00f6ln/", "u\u0308ber/x/", "\u00dcBER/x/", "space here/", "space%20here/",
        "extra/1/", "override/1/", "noslash", "noslash/", "noslas", "noslashx", "y/1999/", "y/1899/", "y/99/", "h/ff/", "h/FF/", "h/0/", "l/en/x", "l/de-at/x", "l/fr/x",
        "l/en-/x", "m//", "m/abc/", "m/A/", "q\\d/", "q5/", "t~a&b#c d-e/", "\u00e9t\u00e9/5/", "//double//", "/double//", "<>/x", "o<pen/", "c>lose/", "\0", "\n", "a" * 5000,
    ],
    "regex": [
        "", "\n", "articles/2024/", "articles/20245/", "articles/2024", "articles/2024/\n", "articles/2024/a-b_c/", "articles/2024/\u00e9\u00df/", "articles/2024/a\u0301/",
        "articles/\u0662\u0660\u0662\u0664/", "unnamed/1/a/", "unnamed/\u0661/a/", "unnamed/1//", "mixed/1/x/", "optional/", "optional/page-3/", "optional/page-/", "optional2/",
        "optional2/page-3/", "opt3/", "opt3/a", "opt3/b", "opt3/ab", "opt3/ba", "users/", "users/1/", "users/a.b/", "users/1.json", "users/1.json/", "users.json", "users.json/",
        "users.json\n", "users.JSON", "users/1.json\n", "users/1/2/", "users//", "floating/", "a/floating/b", "xfloating/", "float", "open/", "open/anything/else", "xopen/", "zed/",
        "zed/\n", "zed/x", "newline/a", "newline/a\n", "newline/a\n\n", "newline/ax", "newline/bx", "newline/b\n", "either/a/", "either/c/", "either/a/\n", "alt/a/", "alt/b/", "alt/a/x",
        "xalt/b/", "cls/ax yw1 !xS/", "cls/axzyw1 !xS/", "cls/bxzy\u00e95\u00a0-xx/", "cls/axdyw1 !xS/", "rep/aabcde/", "rep/aabbbbd/", "rep/aabd/", "rep/abd/", "grp/abab/cd/",
        "grp/abab/cdcd/efef", "grp/ab/cd/", "esc/.-/+()/", "dot/x/", "dot/\n/", "dot/\r/", "dot/\u4e2d/", "nested/1-2/", "nest2/abc/", "lazy/a-b-c/", "lazy/a/b-c/", "lazy/-b/",
        "word/a_1", "word/\u00b2", "word/\u2167", "word/a\u0301", "word/\u203f", "word/\u200d", "word/\u0903", "word/\u4e00\u4e8c", "word/a-b", "word/\u24d0", "digit/12",
        "digit/\u0664", "digit/\u00b2", "space/ ", "space/\x1c", "space/\x1f", "space/\x85", "space/\u00a0", "space/\u2003", "space/\u180e", "space/\u200b", "space/\n", "oct/ABC/",
        "set/a:]/", "set/:]/", "set/a/", "set/z]/", "set/[]/", "amp/a&b/", "amp/ab/", "lt/<a>/", "close/a]/", "dollar/$", "dollar/$x",
        "dollar2/a$", "dollar2/a$\n", "bound/x/", "bound/xx/", "three/1/", "three/1/2/", "three/1/2/3/", "three/1/2/3/4/", "end/a",
        "articles/2024/" + "a" * 2000 + "/", "none/",
    ],
    "irreversible": ["brace/a{x}/", "brace/ax/", "brace2//", "brace2/aa/", "brace2/aaa/", "case/", "CASE/", "CaSe/", "ca\u017fe/", "comment/"],
    "flag": ["flag/abc/", "FLAG/ABC/", "Flag/\u017f/", "flag/\u212a/", "flag/", "FLAG/", "dotall/a\nb/", "dotall/\n/", "dotall//"],
    "order": ["x/1/", "x/a/", "x/new/", "x/1/2/", "x/later/end/", "x/", "x/q/a/b/", "x/q/a/c/", "z/1/", "zz/1/"],
    "backtrack": ["api/a/", "api/b/", "api/c/", "api/deep/x/", "api/deep/y/", "api/deep/z/", "d/", "e/", "f/", "", "api/", "\n"],
    "includes": [
        "polls/", "polls", "polls/1/", "polls/1/vote/", "polls/staff/", "polls/staff/ann-b/", "polls/x/", "team/red/polls/", "team/red/polls/5/", "team/red/polls/staff/z/", "team/r d/polls/",
        "plain/1/2/", "plain/1/same/x/", "plain/a/2/", "loose/", "in/4/", "in/x/", "re/abc/12/", "re/abc/tail/", "re/ABC/12/", "unnamed/1/b/", "unnamed/1/5/named/", "args/1/2/3/", "args/1/2/x/",
        "half/1/2/", "greedy/abc/tail/", "greedy/abc", "greedy//tail/", "greedypath/a/tail/", "greedypath/a", "num10/", "num10x/", "num1x/", "shadow/1/abc/", "ext/1/a/", "empty/", "empty/x", "nsx/3/",
        "wrap/i/3/", "last/", "lasts/",
    ],
    "apps": ["one/1/", "two/2/", "one/sub/", "two/sub/", "two/sub3/", "three/", "four/", "dup1/", "dup2/", "dup2/only2/"],
    "slashes": ["/x/", "x/", "/y/", "//", "a\n", "a\nb", ""],
    "reverse_forms": ["1/", "1/2/", "a", "b", "xb", "bx", "ax", "middle", "mid", "mid\n", "nothing"],
}

# (tree, name, arguments: list by position, dict by name, and the current app)
REVERSE = [
    *(("basic", name, args) for name, args in [
        ("home", []), ("about", []), ("about", [1]), ("about", {"x": 1}), ("note", [1]), ("note", ["1"]), ("note", {"pk": 1}), ("note", {"pk": "007"}), ("note", {"pk": "x"}), ("note", {"pk": -1}),
        ("note", {"pk": ""}), ("note", {"id": 1}), ("note", {"pk": 1, "x": 2}), ("note", []), ("note", [1, 2]), ("note", {"pk": "\u0661"}), ("note", {"pk": "1\n"}), ("note", {"pk": "9" * 50}),
        ("note_edit", [5]), ("note_slug", ["a-b"]), ("note_slug", ["a b"]), ("note_slug", ["\u00e9"]), ("user", ["ann"]), ("user", ["a b"]), ("user", ["a/b"]), ("user", ["\u00e4\u4e2d\U0001f600"]),
        ("user", ["a%b"]), ("user", ["%2F"]), ("user", ["a?b#c"]), ("user", ["!$&'()*+,;=:@~-._"]), ("user", ["<>\"`{}|\\^[]"]), ("user", ["a\nb"]), ("user", ["a\0"]), ("user", [""]), ("user", ["%(name)s"]),
        ("user", ["\n"]), ("user_bare", ["x"]), ("user_bare", ["x\n"]), ("files", ["a/b c/d"]), ("files", ["/abs"]), ("files", ["a\n"]), ("files", ["//x"]), ("wiki", ["a/b"]), ("wiki_edit", ["a"]), ("uuid", [UUID]),
        ("uuid", [UUID.upper()]), ("uuid", ["x"]), ("pair", [1, 2]), ("pair", {"b": 1, "a": 2}), ("pair", [1]), ("pair_str", ["a-b", "c"]), ("dots", ["a", "b"]), ("dots", ["a.b", "c"]), ("glue", [12, "ab"]),
        ("glue3", ["a", "b", "c"]), ("meta", []), ("umlaut", ["k\u00f6ln"]), ("space", []), ("extra", [1]), ("extra", {"a": 1}), ("extra", {"a": 1, "b": "2"}), ("extra", {"a": 1, "b": "3"}),
        ("extra", {"a": 1, "b": "2", "c": "x y"}), ("extra", {"b": "2"}), ("extra", [1, 2]), ("override", [1]), ("override", {"a": "9"}), ("override", {"a": 1}), ("override", []), ("year", [1999]), ("year", ["1899"]), ("year", [20]),
        ("year", ["x"]), ("hex", [255]), ("hex", ["q"]), ("lang", ["de-at"]), ("lang", ["fr"]), ("maybe", [""]), ("maybe", ["ab"]), ("backslash", []), ("signs", []), ("unicode_name", {"\u00e5r": 5}), ("unicode_name", [5]),
        ("double", []), ("empty_brackets", []), ("open_bracket", []), ("close_bracket", []), ("Note", [1]), ("nope", []), ("basic:note", [1]), ("", []), (":note", [1]), ("note:", [1]), ("noslash", []),
    ]),
    *(("regex", name, args) for name, args in [
        ("root", []), ("year", [2024]), ("year", {"year": 24}), ("article", {"year": 2024, "slug": "a-b"}), ("article", [2024, "\u00e9"]), ("article", {"year": 2024}), ("unnamed", [1, "a"]), ("unnamed", [1]),
        ("unnamed", {"_0": 1, "_1": "a"}), ("mixed", [1, "a"]), ("mixed", {"name": "a"}), ("optional", []), ("optional", {"page": 3}), ("optional", [3]), ("optional2", []), ("optional2", ["page-3/"]), ("opt3", []),
        ("opt3", {"a": "a"}), ("opt3", {"b": "b"}), ("opt3", ["a"]), ("opt3", ["b"]), ("opt3", ["a", "b"]), ("user-list", []), ("user-list", {"format": "json"}), ("user-list", ["json"]), ("user-detail", [1]),
        ("user-detail", {"pk": "a.b"}), ("user-detail", {"pk": 1, "format": "json"}), ("floating", []), ("open", []), ("zed", []), ("newline", []), ("either", ["a"]), ("either", ["c"]), ("alt", []), ("cls", []), ("rep", []),
        ("grp", []), ("esc", []), ("dot", []), ("nested", []), ("nested", ["1-2"]), ("nested", {"a": 1, "b": 2}), ("nest2", ["abc"]), ("lazy", ["a", "b"]), ("lazy", ["a-b", "c d"]), ("word", ["\u00b2"]), ("word", ["a\u0301"]),
        ("digit", ["\u0664"]), ("space", [" "]), ("oct", []), ("set", []), ("amp", []), ("lt", []), ("close", []), ("dollar", []), ("dollar2", []), ("bound", []), ("three", []), ("three", [1]), ("three", [1, 2]),
        ("three", [1, 2, 3]), ("three", {"a": 1, "c": 3}), ("three", {"a": 1, "b": 2}), ("end_extra", ["a"]), ("end_extra", {"a": "a", "b": "1"}), ("end_extra", {"a": "a", "b": "2"}), ("word", ["a\n"]),
    ]),
    *(("order", name, args) for name, args in [
        ("same", []), ("same", [1]), ("same", ["a"]), ("same", ["a", "b"]), ("same", ["a", "b", "c"]), ("same", {"n": 1}), ("same", {"n": 1, "m": 2}), ("with_extra", [1]), ("with_extra", {"n": 1}),
        ("with_extra", {"n": 1, "kind": "a"}), ("with_extra", {"n": 1, "kind": "b"}), ("with_extra", {"n": 1, "kind": "c"}),
    ]),
    *(("includes", name, args) for name, args in [
        ("polls:index", []), ("polls:detail", [1]), ("polls:detail", {"pk": 1}), ("index", []), ("polls:vote", [3]), ("polls:staff:index", []), ("polls:staff:who", ["ann"]), ("staff:index", []), ("team-polls:index", ["red"]),
        ("team-polls:index", {"team": "red"}), ("team-polls:index", {"team": "r d"}), ("team-polls:detail", {"team": "red", "pk": 2}), ("team-polls:detail", ["red", 2]), ("team-polls:staff:who", ["red", "ann"]), ("plain", [1, 2]),
        ("plain", {"a": 1, "b": 2}), ("plain", {"a": 1, "b": 2, "source": "plain"}), ("plain", {"a": 1, "b": 2, "source": "x"}), ("same", {"a": 1, "c": "x"}), ("loose", []), ("lifted:inner", [5]), ("inner:inner", [5]),
        ("item", ["abc", 5]), ("item", {"section": "abc", "item": 5}), ("item", {"section": "ABC", "item": 5}), ("tail", ["abc"]), ("unnamed", [1, "b"]), ("unnamed", [1]), ("named", [1, 2]), ("named", {"n": 2}), ("half", [1, 2]),
        ("half", {"n": 1}), ("greedy_tail", ["a"]), ("greedy_end", ["a"]), ("greedypath_end", ["a/b"]), ("num_x", [5]), ("ext", {"v": 1}), ("ext", {"v": 1, "w": "outer"}), ("ext", {"v": 1, "w": "inner"}), ("ext", {}), ("ext", [1]),
        ("nsx:nsx", [1]), ("nsx:nsx", {"k": 1, "lang": "de"}), ("nsx:nsx", {"k": 1}), ("wrapped", {"k": 1, "lang": "fr"}), ("wrapped", {"k": 1, "lang": "de"}), ("wrapped", {"k": 1, "own": "1"}), ("wrapped", {"k": 1, "own": "2"}),
        ("last", []), ("polls:nope", []), ("nope:index", []), ("polls:staff:nope:x", []), ("polls:polls:index", []),
    ]),
    *(("apps", name, args, app) for name, args, app in [
        ("site:page", [1], None), ("site:page", [1], "one"), ("site:page", [1], "two"), ("site:page", [1], "nope"), ("one:page", [1], "two"), ("two:page", [1], None), ("site:sub:sub", [], None), ("site:sub:sub", [], "one"),
        ("site:sub:sub", [], "two"), ("site:sub:sub", [], "two:s2"), ("site:sub:sub", [], "two:s3"), ("site:sub:sub", [], "one:s1"), ("site:sub:sub", [], "one:s2"), ("two:sub:sub", [], "two:s2"), ("two:sub:sub", [], "one:s2"),
        ("two:s2:sub", [], "two:s3"), ("blog:home", [], None), ("blog:home", [], "b1"), ("blog:home", [], "b2"), ("blog:home", [], "blog"), ("b1:home", [], None), ("dup:home", [], None), ("dup:only1", [], None), ("dup:only2", [], None),
        ("site:page", [1], ""), ("one:sub:sub", [], None),
    ]),
    *(("slashes", name, args) for name, args in [("x", []), ("p", ["/a"]), ("p", ["//a"]), ("p", ["a"]), ("y", []), ("any", [""]), ("any", ["/evil.example/"]), ("any", ["a\n"]), ("any", ["a\nb"])]),
    *(("reverse_forms", name, args) for name, args in [
        ("ab", [1]), ("ab", [1, 2]), ("ab", {"a": 1, "b": 2}), ("ab", {"b": 2}), ("ott", []), ("x3", []), ("d2", [1]), ("d2", [1, 2]), ("d2", [1, 1]), ("alt", []), ("alt2", [1]), ("alt2", []), ("cls", []), ("neg", []), ("esc", []),
        ("esc2", []), ("dot", []), ("quirk", []), ("paren", ["("]), ("paren", []), ("alts", []), ("alts", ["a"]), ("nest", []), ("nest", ["a"]), ("nest", ["ab"]), ("nest2", []), ("nest2", {"b": 1}), ("nest2", {"a": 1, "b": 2}),
        ("nest2", {"a": 1}), ("star", []), ("star", {"a": 1}), ("plus", []), ("plus", [1]), ("brace0", []), ("brace0", [1]), ("dollar", []), ("bigz", []), ("mid", []), ("hollow", []), ("hollow_group", []),
        ("hollow_group", [""]), ("bracket", []), ("class_escape", []), ("choice", ["a", "d"]), ("choice", ["d", "a"]), ("plain", ["a b/c\u00e9"]), ("plain", ["a\nb"]), ("many", []), ("many", ["a"]), ("many", ["c"]), ("many", ["a", "c"]),
        ("many", {"a": "a", "c": "c"}), ("many", {"b": "b"}), ("many", ["a", "b", "c"]), ("nothing", []), ("unnamed_and_named", [1, 2]), ("unnamed_and_named", {"n": 2}),
    ]),
]

# Reversing one of these makes the reference fail in all of its tree, so each has a tree of its own.
REVERSE_ALONE = [
    (r("(?i)^x$", "v", "n"), []), (r("^(?i:x)$", "v", "n"), []), (r("^a{,3}$", "v", "n"), []), (r("^a{x}$", "v", "n"), []), (p("50%/", "v", "n"), []), (p("50%x/<int:a>/", "v", "n"), [1]), (p("50%%/", "v", "n"), []),
    (inc("<int:a>/", [p("<int:a>/", "v", "n")]), [1, 1]), (inc("<int:a>/", [p("<int:a>/", "v", "n")]), {"a": 1}), (r("^a(?#c)b$", "v", "n"), []),
]

BAD = [
    *({"path": route} for route in [
        "<foo:pk>/", "<int:1pk>/", "<int:p-k>/", "<int:pk>/<int:pk>/", "<pk>/<str:pk>/", "<int: pk>/", "< int:pk>/", "<int :pk>/", "<int:pk >/", "<int:\tpk>/", "<int:pk\n>/", "<int:>/", "<:pk>/", "<int:a:b>/", "<<int:pk>>/", "< >/",
        "<Int:pk>/", "<int:p k>/", "<int:\u00b2>/", "<int:class>/", "<int:_>/", "<int:\u00e9>/", "<int:a\u0301>/", "<int:\u0301a>/", "<int:\u2118>/", "<int:a\u00b7>/", "<a.b>/", "<a b>/", "<int:pk\u00a0>/", "<str:a><foo:b>/", "<int:pk/", "int:pk>/", "<>/", "a<b/", "a>b<c/",
        "<str:\uff41>/",
    ]),
    *({"re_path": route} for route in [
        "^(", "^)", "^[a", "^a**", "^*", "^(?P<1a>x)", "^(?P<a>x)(?P<a>y)", "^(?P<a-b>x)", "^(?P<a", "^(?<a>x)", "^a(?i)", "^\\q", "^\\z", "^[z-a]", "^[\\w-z]", "^x{2,1}", "^a{2}{3}", "^\\", "^(?P>a)", "^[]", "^(?#a", "^(?y)a",
        "^\\x1", "^\\u12", "^\\400", "^[\\8]", "^\\b*", "^(|*)", "^(?:a", "^a++", "^(?>a)", "^a{65537}", "^(?:\\w\\d){5000}$",
        "^a{,}", "^a{", "^{", "^a}", "^a]", "^[[a]", "^(?P<\u00e9>a)", "^(?u:a)", "^(?-i:a)", "^a*{2", "^()*", "^(?:)*", "^[a-]", "^[-a]", "^[^]a]", "^\\N{DIGIT ONE}", "^(?x)a b", "^(?a)\\w", "^a#b c",
    ]),
]

LOOKAROUND = [
    "^(?!admin/).*$", "^(?=a)a$", "^a(?<=a)$", "^(?<!x)a$", "^(a)\\1$", "^(?P<a>x)(?P=a)$", "^(a)?(?(1)b|c)$", "^(?:(?!-)[a-z])+$", "^x(?P<y>(?!z).)$", "^(?P<a>(?P<b>x)(?P=b))$",
]

FINDINGS = {
    "clean": [p("a/", "v", "n"), inc("b/", [r("^c$", "v")])],
    "dollar": [inc("^a/$", [], kind="re_path"), inc(r"^a/\$", [], kind="re_path"), inc("^a/$", [r("^b$", "v")], kind="re_path")],
    "slash": [p("/a/", "v", "n"), p("/a", "v"), inc("/a/", []), inc("/a", []), r("^/a/$", "v"), r("/a/", "v"), r(r"^\/a", "v"), inc("^/a/", [], kind="re_path"), inc("/", [p("/b", "v")])],
    "colon": [p("a/", "v", "x:y"), r("^/a$", "v", "x:y"), p("b/", "v", ":")],
    "old": [p("(?P<a>x)/", "v"), p("^a/", "v"), p("a$", "v"), p("a$b", "v"), inc("^a/", []), inc("a$", []), p("^(?P<x>a)$", "v", "a:b")],
    "brackets": [p("<int:pk/", "v"), p("a>b", "v"), p("a>b<c", "v"), p("<int:a>>", "v"), p("<<b", "v"), inc("a<", []), p("a>>b<<", "v")],
    "shadowed": [inc("^a$", [p("/x", "v")], kind="re_path"), inc("/a", [p("ok/", "v")])],
    "namespaces": [
        inc("a/", [], app="x"), inc("b/", [inc("c/", [], app="y"), inc("d/", [], app="y", ns="z")], app="x", ns="w"), inc("e/", [], app="x"),
        inc("f/", [inc("g/", [], app="x"), inc("h/", [], app="v", ns="w")]), inc("i/", [inc("j/", [], app="y"), inc("k/", [], app="y")], app="w"),
    ],
}


def view(name):
    def callback(*args, **kwargs):
        raise AssertionError

    callback.id = name
    return callback


def build(entries):
    out = []
    for entry in entries:
        make, route = (path, entry["path"]) if "path" in entry else (re_path, entry["re_path"])
        if "include" in entry:
            children = build(entry["include"])
            target = include((children, entry["app_name"]), namespace=entry.get("namespace")) if "app_name" in entry else include(children)
        else:
            target = view(entry["view"])
        out.append(make(route, target, entry.get("extra"), name=entry.get("name")))
    return out


def root(entries):
    return URLResolver(RegexPattern(r"^/"), build(entries))


def tried(lines):
    return [{"routes": [str(pattern.pattern) for pattern in line], "name": getattr(line[-1], "name", None)} for line in lines or []]


def resolve_case(tree, resolver, text):
    case = {"tree": tree, "path": text}
    try:
        match = resolver.resolve("/" + text)
    except Resolver404 as error:
        return {**case, "match": None, "tried": tried(error.args[0]["tried"])}
    return {**case, "match": {
        "view": match.func.id, "args": list(match.args), "kwargs": [[k, str(v)] for k, v in match.kwargs.items()], "route": match.route,
        "url_name": match.url_name, "namespaces": match.namespaces, "app_names": match.app_names, "view_name": match.view_name if match.url_name else None,
    }, "tried": tried(match.tried)}


def without_tried(number, case):
    """In a large tree the list of what was tried is long and always much the same."""
    if len(TREES[case["tree"]]) > 20 and number % 12:
        del case["tried"]
    return case


class Module:
    def __init__(self, entries):
        self.urlpatterns = build(entries)


def reverse_case(tree, module, name, args, current_app=None):
    case = {"tree": tree, "name": name, "args": [str(a) for a in args] if isinstance(args, list) else {k: str(v) for k, v in args.items()}}
    if current_app is not None:
        case["current_app"] = current_app
    # The arguments are text on both sides: the converters' own types are not what is compared.
    values = {"args": case["args"]} if isinstance(args, list) else {"kwargs": case["args"]}
    try:
        return {**case, "url": reverse(name, module, current_app=current_app, **values)}
    except Exception as error:
        return {**case, "url": None, "error": type(error).__name__}


def bad_case(entry):
    """Building a route and matching it once: the reference compiles late."""
    kind, route = next(iter(entry.items()))
    try:
        pattern = build([{**entry, "view": "v"}])[0]
        pattern.resolve("x")
    except Exception as error:
        return {**entry, "error": type(error).__name__, "text": str(error)}
    found = [message.id for message in check_resolver(pattern)]
    return {**entry, "error": None, "id": found[0] if found else None}


def findings_case(name, entries):
    resolver = root(entries)
    found = [[message.id, re.search(r"URL pattern '(.*?)'(?: \[name=| | has)", message.msg).group(1)] for message in check_resolver(resolver)]
    namespaces = _load_all_namespaces(resolver)
    twice = [["urls.W005", namespace] for namespace in dict.fromkeys(namespaces) if namespaces.count(namespace) > 1]
    return {"tree": name, "entries": entries, "findings": found + twice}


def main():
    resolvers = {name: root(entries) for name, entries in TREES.items()}
    modules = {name: Module(entries) for name, entries in TREES.items()}
    data = {
        "django": django.__version__,
        "trees": TREES,
        "resolve": [without_tried(number, resolve_case(tree, resolvers[tree], text)) for tree, texts in RESOLVE.items() for number, text in enumerate(texts)],
        "reverse": [reverse_case(case[0], modules[case[0]], *case[1:]) for case in REVERSE],
        "reverse_alone": [{"entries": [entry], **reverse_case(None, Module([entry]), "n", args)} for entry, args in REVERSE_ALONE],
        "bad_routes": [bad_case(entry) for entry in BAD],
        "expressions": [{**entry, "python": _route_to_regex(entry["path"], True)[0]} for entry in TREES["basic"]],
        "findings": [findings_case(name, entries) for name, entries in FINDINGS.items()],
        "deviations": [{**bad_case({"re_path": route}), "deviation": "re-lookaround"} for route in LOOKAROUND],
    }
    (HERE / "routing.json").write_text("{\n%s\n}\n" % ",\n".join(map(section, data, data.values())), encoding="utf-8")
    for key, cases in data.items():
        if isinstance(cases, list):
            print(key, len(cases))
    print("internal errors:", [(case["tree"], case["name"], case["args"], case["error"]) for case in data["reverse"] if case.get("error") not in (None, "NoReverseMatch")])


def section(key, value):
    """One case a line."""
    if isinstance(value, list):
        return "%s: [\n %s\n]" % (json.dumps(key), ",\n ".join(json.dumps(case) for case in value))
    return "%s: %s" % (json.dumps(key), json.dumps(value))


if __name__ == "__main__":
    main()
