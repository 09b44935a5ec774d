"""Sessions, CSRF, logging in and out, Basic and database tokens."""
import base64

from ..core import Suite

ACC = "/acc/"
PASSWORD = "S3cret-pass!"
FORM = "application/x-www-form-urlencoded"


def cookies(*names, **values):
    """A Cookie header of saved variables, and of values as they are."""
    kept = {"sid": "sessionid", "csrf": "csrftoken"}
    parts = ["%s={{%s}}" % (kept.get(name.split("_")[0], name), name) for name in names]
    return [["Cookie", "; ".join(parts + ["%s=%s" % item for item in values.items()])]]


def enter(s, id, name, sid="sid", csrf="csrf", headers=(), password=PASSWORD):
    s.get(id, ACC + "enter/?username=%s&password=%s" % (name, password.replace("!", "%21")), headers=headers,
          save={sid: "cookie:sessionid", csrf: "cookie:csrftoken"})


def sessions():
    s = Suite("accounts_sessions", "accounts", "What is remembered of a browser, and what it is told.")
    s.get("quiet", ACC + "quiet/")
    s.get("peek_nothing", ACC + "peek/", note="looking is enough to vary")
    s.get("visit", ACC + "visit/", save={"sid": "cookie:sessionid"})
    s.get("visit_again", ACC + "visit/", headers=cookies("sid"))
    s.get("peek", ACC + "peek/", headers=cookies("sid"))
    s.get("quiet_with_session", ACC + "quiet/", headers=cookies("sid"))
    s.get("unknown_key", ACC + "peek/", headers=cookies(sessionid="abcdefghijklmnopqrstuvwxyz012345"), note="the cookie is taken back")
    s.get("unknown_key_visit", ACC + "visit/", headers=cookies(sessionid="abcdefghijklmnopqrstuvwxyz012345"), note="the site chooses the key")
    s.get("short_key", ACC + "peek/", headers=cookies(sessionid="abc"))
    s.get("short_key_quiet", ACC + "quiet/", headers=cookies(sessionid="abc"), note="not looked at, and taken back")
    s.get("empty_key", ACC + "quiet/", headers=[["Cookie", "sessionid="]])
    s.get("two_cookies", ACC + "peek/", headers=[["Cookie", "sessionid=abcdefghij; sessionid={{sid}}"]], note="the last counts")
    s.get("fail", ACC + "fail/", headers=cookies("sid"))
    s.get("fail_nobody", ACC + "fail/")
    for what in ("close", "hour", "day", "usual"):
        s.get("expiry_" + what, ACC + "expiry/%s/" % what, headers=cookies("sid"), omit_body=False)
    s.get("cycle", ACC + "cycle/", headers=cookies("sid"), save={"sid_new": "cookie:sessionid"})
    s.get("cycle_old", ACC + "peek/", headers=cookies("sid"))
    s.get("cycle_new", ACC + "peek/", headers=cookies("sid_new"))
    s.get("flush", ACC + "flush/", headers=cookies("sid_new"))
    s.get("flushed", ACC + "peek/", headers=cookies("sid_new"))
    s.get("flush_nobody", ACC + "flush/")
    s.head("head", ACC + "visit/")
    s.get("not_found", ACC + "nope/", headers=cookies("sid"), omit_body=True)
    return s


def csrf():
    s = Suite("accounts_csrf", "accounts", "Forms, and forged ones; the reason is the body.")
    s.get("token", ACC + "token/", save={"csrf": "cookie:csrftoken", "token": "/token"}, volatile={"/token": "any"})
    s.get("token_again", ACC + "token/", headers=cookies("csrf"), volatile={"/token": "any"}, note="the same secret, told again")
    s.get("token_bad_cookie", ACC + "token/", headers=cookies(csrftoken="bad"), volatile={"/token": "any"})
    s.get("quiet_bad_cookie", ACC + "quiet/", headers=cookies(csrftoken="bad"), note="a cookie that is none is replaced")
    s.get("quiet", ACC + "quiet/", headers=cookies("csrf"))
    for name, value in [("token", "{{token}}"), ("secret", "{{csrf}}"), ("wrong", "a" * 64), ("wrong_secret", "a" * 32), ("short", "abc"),
                        ("letters", "-" * 32), ("empty", ""), ("long", "a" * 65), ("spaced", "{{csrf}} ")]:
        body = "csrfmiddlewaretoken=" + value.replace(" ", "+")
        s.post("field." + name, ACC + "form/", raw=body, ctype=FORM, headers=cookies("csrf"))
        s.post("header." + name, ACC + "form/", headers=cookies("csrf") + [["X-CSRFToken", value]])
    s.post("none", ACC + "form/")
    s.post("no_token", ACC + "form/", headers=cookies("csrf"))
    s.post("no_cookie", ACC + "form/", headers=[["X-CSRFToken", "{{token}}"]])
    s.post("bad_cookie", ACC + "form/", headers=cookies(csrftoken="bad") + [["X-CSRFToken", "{{token}}"]])
    s.post("bad_letters", ACC + "form/", headers=cookies(csrftoken="-" * 32) + [["X-CSRFToken", "{{token}}"]])
    s.post("masked_cookie", ACC + "form/", headers=[["Cookie", "csrftoken={{token}}"], ["X-CSRFToken", "{{csrf}}"]])
    s.post("field_first", ACC + "form/", raw="csrfmiddlewaretoken=abc", ctype=FORM, headers=cookies("csrf") + [["X-CSRFToken", "{{csrf}}"]])
    s.post("multipart", ACC + "form/", multipart=[("csrfmiddlewaretoken", "a" * 32)], headers=cookies("csrf"))
    s.post("json", ACC + "form/", json_body={"csrfmiddlewaretoken": "x"}, headers=cookies("csrf"))
    for method in ("put", "patch", "delete"):
        getattr(s, method)(method, ACC + "form/", headers=cookies("csrf"))
        getattr(s, method)(method + ".good", ACC + "form/", headers=cookies("csrf") + [["X-CSRFToken", "{{token}}"]])
    s.put("put_field", ACC + "form/", raw="csrfmiddlewaretoken={{csrf}}", ctype=FORM, headers=cookies("csrf"), note="a form counts in POST alone")
    s.options("options", ACC + "form/")
    s.head("head", ACC + "form/")
    s.post("unknown", ACC + "nope/", omit_body=True, note="404 comes first")
    s.post("no_slash", ACC + "form", omit_body=True)
    s.post("exempt", ACC + "hook/")
    s.post("protected", ACC + "guarded/")
    s.get("ensured", ACC + "ensured/")
    s.post("ensured_post", ACC + "ensured/")
    good = cookies("csrf") + [["X-CSRFToken", "{{token}}"]]
    for n, origin in enumerate(["http://testserver", "https://testserver", "http://TESTSERVER", "http://testserver:80", "https://app.example.com", "http://app.example.com",
                                "https://app.example.com:443", "https://a.trusted.example", "https://a.b.trusted.example", "https://trusted.example",
                                "https://eviltrusted.example", "http://a.trusted.example", "null", "", "evil", "https://[bad", "https://app.example.com.evil.example"]):
        s.post("origin.%02d" % n, ACC + "form/", headers=good + [["Origin", origin]])
    secure = good + [["X-Forwarded-Proto", "https"]]
    s.post("https.none", ACC + "form/", headers=secure)
    s.post("https.origin", ACC + "form/", headers=secure + [["Origin", "https://testserver"]])
    for n, referer in enumerate(["https://testserver/", "https://testserver/a/?b#c", "http://testserver/", "https://testserver:443/", "https://evil.example/",
                                 "https://evil.example/a?b=c#d", "HTTPS://evil.example", "https://testserver.evil.example/", "https://testserver@evil.example/", "https:///x", "testserver", "",
                                 "https://[bad", "https://app.example.com/x", "https://a.trusted.example/", "https://trusted.example/", "//testserver/", "https://Testserver/"]):
        s.post("referer.%02d" % n, ACC + "form/", headers=secure + [["Referer", referer]])
    s.post("http_referer", ACC + "form/", headers=good + [["Referer", "https://evil.example/"]], note="not looked at over plain HTTP")
    return s


def logins():
    s = Suite("accounts_logins", "accounts", "Who logs in is remembered; what becomes of the session.")
    s.get("nobody", ACC + "who/", omit_body=False)
    enter(s, "enter_wrong", "alice", password="wrong")
    enter(s, "enter_inactive", "carol")
    enter(s, "enter", "alice")
    s.get("who", ACC + "who/", headers=cookies("sid"))
    s.get("quiet", ACC + "quiet/", headers=cookies("sid", "csrf"))
    s.get("visit", ACC + "visit/", headers=cookies("sid"))
    enter(s, "enter_again", "alice", headers=cookies("sid"), sid="sid", csrf="csrf")
    s.get("kept", ACC + "peek/", headers=cookies("sid"))
    enter(s, "enter_other", "bob", headers=cookies("sid"), sid="sid_bob", csrf="csrf_bob")
    s.get("dropped", ACC + "peek/", headers=cookies("sid_bob"))
    s.get("who_other", ACC + "who/", headers=cookies("sid_bob"))
    s.get("who_before", ACC + "who/", headers=cookies("sid"), note="that session is gone")
    enter(s, "elsewhere", "bob", sid="sid_two", csrf="csrf_two")
    s.get("renew", ACC + "renew/", headers=cookies("sid_bob"), save={"sid_three": "cookie:sessionid"})
    s.get("renewed", ACC + "who/", headers=cookies("sid_three"))
    s.get("ended", ACC + "who/", headers=cookies("sid_two"), note="another password ends other sessions")
    s.get("leave", ACC + "leave/", headers=cookies("sid_three"))
    s.get("left", ACC + "who/", headers=cookies("sid_three"))
    s.get("leave_nobody", ACC + "leave/")
    s.get("page", "/api-auth/login/", omit_body=True, save={"csrf_page": "cookie:csrftoken"})
    s.get("page_next", "/api-auth/login/?next=/acc/quiet/", omit_body=True)
    s.put("page_delete", "/api-auth/logout/", headers=cookies("csrf_page") + [["X-CSRFToken", "{{csrf_page}}"]], omit_body=True)
    s.get("logout_get", "/api-auth/logout/", omit_body=True)
    s.post("page_forged", "/api-auth/login/", form={"username": "alice", "password": PASSWORD})

    def send(id, path="/api-auth/login/", headers=(), **fields):
        raw = "&".join(["csrfmiddlewaretoken={{csrf_page}}"] + ["%s=%s" % item for item in fields.items()])
        s.post("page." + id, path, raw=raw, ctype=FORM, headers=cookies("csrf_page") + list(headers), omit_body=True)

    alice = {"username": "alice", "password": "S3cret-pass%21"}
    send("wrong", username="alice", password="x")
    send("unknown", username="nobody", password="x")
    send("inactive", username="carol", password="S3cret-pass%21")
    send("empty")
    send("nul", username="a%00b", password="x")
    send("good", **alice)
    send("stripped", username="+alice+", password="S3cret-pass%21")
    for n, target in enumerate(["/acc/peek/", "https://evil.example/", "//evil.example/", "///evil.example/", "http:///evil.example", "http://testserver/acc/", "https://testserver/acc/",
                                "javascript:alert(1)", "%5C%5Cevil.example", "/%5Cevil.example", "evil.example", "%09//evil.example", "+/acc/peek/", "http://testserver@evil.example/",
                                "/a%0D%0ASet-Cookie:x=y", "/%C3%A9", "ftp://testserver/"]):
        send("next.%02d" % n, next=target, **alice)
        s.post("logout.%02d" % n, "/api-auth/logout/?next=" + target, headers=cookies("csrf_page") + [["X-CSRFToken", "{{csrf_page}}"]], omit_body=True)
    send("next_https", next="http://testserver/acc/", headers=[["X-Forwarded-Proto", "https"], ["Referer", "https://testserver/"]], **alice)
    return s


def basic(text):
    return [["Authorization", "Basic " + base64.b64encode(text.encode()).decode()]]


def ways():
    s = Suite("accounts_ways", "accounts", "Session, Basic and token authentication of API views.")
    me = ACC + "api/me/"
    s.get("session.nobody", me)
    s.post("session.nobody_post", me)
    s.get("session.open", ACC + "api/open/")
    s.post("session.open_post", ACC + "api/open/")
    enter(s, "enter", "alice")
    s.get("session.get", me, headers=cookies("sid"))
    s.get("session.open_get", ACC + "api/open/", headers=cookies("sid"))
    s.head("session.head", me, headers=cookies("sid"))
    s.options("session.options", me, headers=cookies("sid"))
    both = cookies("sid", "csrf")
    for method in ("post", "put", "patch", "delete"):
        send = getattr(s, method)
        send("session.%s.none" % method, me, headers=cookies("sid"))
        send("session.%s.no_token" % method, me, headers=both)
        send("session.%s.good" % method, me, headers=both + [["X-CSRFToken", "{{csrf}}"]])
    s.post("session.wrong", me, headers=both + [["X-CSRFToken", "a" * 32]])
    s.post("session.short", me, headers=both + [["X-CSRFToken", "a"]])
    s.post("session.letters", me, headers=both + [["X-CSRFToken", "?" * 64]])
    s.post("session.bad_cookie", me, headers=[["Cookie", "sessionid={{sid}}; csrftoken=x"]])
    s.post("session.form", me, raw="csrfmiddlewaretoken={{csrf}}", ctype=FORM, headers=both)
    s.post("session.form_wrong", me, raw="csrfmiddlewaretoken=x", ctype=FORM, headers=both)
    s.post("session.json", me, json_body={"a": 1}, headers=both + [["X-CSRFToken", "{{csrf}}"]])
    s.post("session.origin", me, headers=both + [["X-CSRFToken", "{{csrf}}"], ["Origin", "https://evil.example"]])
    s.post("session.origin_good", me, headers=both + [["X-CSRFToken", "{{csrf}}"], ["Origin", "https://app.example.com"]])
    s.post("session.https", me, headers=both + [["X-CSRFToken", "{{csrf}}"], ["X-Forwarded-Proto", "https"]])
    s.post("session.open_forged", ACC + "api/open/", headers=both, note="open to all, and still not to a forged form")
    s.post("session.gone", me, headers=cookies(sessionid="abcdefghijklmnopqrstuvwxyz012345"))
    name = ACC + "api/name/"
    s.get("basic.none", name)
    s.get("basic.good", name, headers=basic("alice:" + PASSWORD))
    s.post("basic.post", name, headers=basic("alice:" + PASSWORD), note="no cookie, no secret")
    for id, value in [("bare", "Basic"), ("two", "Basic a b"), ("garbage", "Basic ?"), ("padding", "Basic YQ"), ("other", "Bearer x"), ("lower", "basic " + base64.b64encode(b"alice:S3cret-pass!").decode())]:
        s.get("basic." + id, name, headers=[["Authorization", value]])
    for id, text in [("no_colon", "alice"), ("wrong", "alice:x"), ("unknown", "nobody:x"), ("inactive", "carol:" + PASSWORD), ("empty", ":"), ("colons", "alice:a:b"), ("unicode", "\u00e9:\u20ac")]:
        s.get("basic." + id, name, headers=basic(text))
    s.get("basic.latin1", name, headers=[["Authorization", "Basic " + base64.b64encode("\u00e9:x".encode("latin-1")).decode()]])
    key = ACC + "api/key/"
    s.get("token.none", key)
    for id, value in [("good", "Token " + "a" * 40), ("lower", "token " + "a" * 40), ("bare", "Token"), ("two", "Token a b"), ("unknown", "Token " + "b" * 40), ("upper", "Token " + "A" * 40),
                      ("inactive", "Token " + "c" * 40), ("other", "Bearer " + "a" * 40), ("bytes", "Token \u00ff"), ("utf8", "Token \u00c3\u00a9"), ("long", "Token " + "a" * 4000)]:
        s.get("token." + id, key, headers=[["Authorization", value]])
    s.post("token.post", key, headers=[["Authorization", "Token " + "a" * 40]])
    anyone = ACC + "api/any/"
    s.get("any.none", anyone)
    s.get("any.session", anyone, headers=cookies("sid"))
    s.get("any.token", anyone, headers=[["Authorization", "Token " + "a" * 40]])
    s.post("any.basic_with_session", anyone, headers=cookies("sid") + basic("bob:" + PASSWORD), note="the first way that takes the credentials decides")
    s.post("any.session_post", anyone, headers=both)
    obtain = ACC + "api/obtain/"
    s.get("obtain.get", obtain)
    s.options("obtain.options", obtain)
    for id, body in [("good", {"username": "alice", "password": PASSWORD}), ("wrong", {"username": "alice", "password": "x"}), ("unknown", {"username": "nobody", "password": "x"}),
                     ("inactive", {"username": "carol", "password": PASSWORD}), ("empty", {}), ("blank", {"username": "", "password": ""}), ("null", {"username": None, "password": 1}),
                     ("spaces", {"username": " alice ", "password": " " + PASSWORD}), ("list", [])]:
        s.post("obtain." + id, obtain, json_body=body)
    s.post("obtain.form", obtain, form={"username": "alice", "password": PASSWORD})
    s.post("obtain.multipart", obtain, multipart=[("username", "alice"), ("password", PASSWORD)])
    s.post("obtain.text", obtain, raw="x", ctype="text/plain")
    s.post("obtain.new", obtain, json_body={"username": "bob", "password": PASSWORD}, volatile={"/token": "any"})
    s.post("obtain.with_session", obtain, json_body={"username": "alice", "password": PASSWORD}, headers=both)
    return s


def strict():
    s = Suite("accounts_strict", "accounts_strict", "Other cookies, the secret in the session, saved with every request.")
    jar = lambda *names: [["Cookie", "; ".join("sid={{%s}}" % name for name in names)]]
    s.get("quiet", ACC + "quiet/")
    s.get("visit", ACC + "visit/", save={"sid": "cookie:sid"})
    s.get("quiet_again", ACC + "quiet/", headers=jar("sid"), note="saved with every request")
    s.get("unknown", ACC + "quiet/", headers=[["Cookie", "sid=abcdefghijklmnopqrstuvwxyz012345"]], note="and made, where there was none")
    for what in ("hour", "usual", "close"):
        s.get("expiry_" + what, ACC + "expiry/%s/" % what, headers=jar("sid"))
    s.get("token", ACC + "token/", headers=jar("sid"), save={"token": "/token"}, volatile={"/token": "any"})
    s.post("form", ACC + "form/", headers=jar("sid") + [["X-My-Token", "{{token}}"]])
    s.post("form_other_header", ACC + "form/", headers=jar("sid") + [["X-CSRFToken", "{{token}}"]])
    s.post("form_wrong", ACC + "form/", headers=jar("sid") + [["X-My-Token", "x"]])
    s.post("form_nobody", ACC + "form/", headers=[["X-My-Token", "{{token}}"]])
    s.post("form_cookie", ACC + "form/", headers=[["Cookie", "csrftoken={{token}}"], ["X-My-Token", "{{token}}"]], note="a cookie says nothing here")
    secure = [["X-Forwarded-Proto", "https"], ["X-My-Token", "{{token}}"]]
    for n, referer in enumerate(["https://www.example.com/", "https://example.com/", "https://testserver/", "https://badexample.com/"]):
        s.post("referer.%d" % n, ACC + "form/", headers=jar("sid") + secure + [["Referer", referer]])
    s.get("ensured", ACC + "ensured/")
    s.get("enter", ACC + "enter/?username=carol&password=S3cret-pass%21", save={"sid_carol": "cookie:sid"}, note="who is not active may log in here")
    s.get("who", ACC + "who/", headers=jar("sid_carol"))
    s.get("api", ACC + "api/me/", headers=jar("sid_carol"), note="and is nobody to an API")
    s.get("flush", ACC + "flush/", headers=jar("sid"))
    s.post("logout", "/api-auth/logout/", headers=jar("sid_carol"), omit_body=True)
    return s


def signed():
    s = Suite("accounts_cookies", "accounts_cookies", "Sessions in signed cookies, another CSRF cookie.")
    sent = lambda *names: [["Cookie", "; ".join("%s={{%s}}" % ("secret" if name == "csrf" else "sessionid", name) for name in names)]]
    s.get("quiet", ACC + "quiet/")
    s.get("visit", ACC + "visit/", save={"sid": "cookie:sessionid"})
    s.get("visit_again", ACC + "visit/", headers=sent("sid"), save={"sid_two": "cookie:sessionid"})
    s.get("peek", ACC + "peek/", headers=sent("sid_two"))
    s.get("peek_old", ACC + "peek/", headers=sent("sid"), note="an older copy is as good")
    s.get("forged", ACC + "peek/", headers=[["Cookie", "sessionid=eyJ2aXNpdHMiOjl9:1abcde:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]])
    s.get("garbage", ACC + "peek/", headers=[["Cookie", "sessionid=garbage-garbage"]])
    s.get("cycle", ACC + "cycle/", headers=sent("sid"))
    s.get("flush", ACC + "flush/", headers=sent("sid"))
    s.get("enter", ACC + "enter/?username=alice&password=S3cret-pass%21", save={"sid_in": "cookie:sessionid", "csrf": "cookie:secret"})
    s.get("who", ACC + "who/", headers=sent("sid_in"))
    s.post("api", ACC + "api/me/", headers=sent("sid_in", "csrf") + [["X-CSRFToken", "{{csrf}}"]])
    s.get("token", ACC + "token/", volatile={"/token": "any"}, save={"csrf": "cookie:secret"})
    secure = sent("csrf") + [["X-Forwarded-Proto", "https"], ["X-CSRFToken", "{{csrf}}"]]
    for n, referer in enumerate(["https://www.example.com/", "https://example.com/", "https://testserver/", "https://badexample.com/"]):
        s.post("referer.%d" % n, ACC + "form/", headers=secure + [["Referer", referer]])
    s.get("leave", ACC + "leave/", headers=sent("sid_in"))
    return s


def suites():
    return [sessions(), csrf(), logins(), ways(), strict(), signed()]
