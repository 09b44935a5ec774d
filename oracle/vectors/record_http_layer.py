"""Record what the middleware every site has does to a request: hosts, security headers, conditional GET, gzip, slashes.

    python vectors/record_http_layer.py [STEP...]
Writes hosts.json, security_headers.json, conditional_get.json, gzip.json and append_slash.json here.
"""
import gzip as gzip_module
import hashlib
import re
import sys

from stack import environ, exchange, header, ready, save, urls

# --- hosts ---------------------------------------------------------------------------------------------------------

A = ["example.com"]
SUB = [".example.com"]
V6 = ["[::1]"]
# id, Host (None: absent), ALLOWED_HOSTS, more
HOSTS = [
    ("the name itself", "example.com", A), ("name with port", "example.com:8000", A), ("name with port 80", "example.com:80", A),
    ("upper case host", "EXAMPLE.com", A), ("upper case host with port", "EXAMPLE.COM:8000", A), ("upper case pattern", "example.com", ["EXAMPLE.COM"]),
    ("mixed case both", "eXample.Com", ["ExamplE.com"]), ("trailing dot", "example.com.", A), ("trailing dot with port", "example.com.:8000", A),
    ("two trailing dots", "example.com..", A), ("only a dot", ".", ["*"]), ("trailing dot in the pattern", "example.com", ["example.com."]),
    ("trailing dot in both", "example.com.", ["example.com."]), ("another name", "other.com", A), ("subdomain of an exact pattern", "www.example.com", A),
    ("name that ends alike", "evilexample.com", A), ("name that goes on", "example.com.evil.org", A), ("empty list", "example.com", []),
    ("localhost with an empty list", "localhost", []), ("wildcard", "anything.test", ["*"]), ("wildcard with port", "anything.test:81", ["*"]),
    ("wildcard among others", "anything.test", ["example.com", "*"]), ("wildcard does not glob", "www.example.com", ["*.example.com"]),
    ("wildcard pattern as a literal host", "*.example.com", ["*.example.com"]), ("star as host", "*", ["*"]),
    ("dot pattern, the name itself", "example.com", SUB), ("dot pattern, subdomain", "www.example.com", SUB), ("dot pattern, two levels", "a.b.example.com", SUB),
    ("dot pattern, upper case", "WWW.EXAMPLE.COM", SUB), ("dot pattern, upper case pattern", "www.example.com", [".EXAMPLE.COM"]),
    ("dot pattern, port", "www.example.com:443", SUB), ("dot pattern, trailing dot", "www.example.com.", SUB), ("dot pattern, name that ends alike", "evilexample.com", SUB),
    ("dot pattern, leading dot host", ".example.com", SUB), ("dot pattern, two dots host", "a..example.com", SUB), ("lone dot pattern", "example.com", ["."]),
    ("empty pattern", "example.com", [""]), ("empty pattern, empty host", "", [""]), ("pattern with port does not match", "example.com:8000", ["example.com:8000"]),
    ("pattern with scheme does not match", "example.com", ["http://example.com"]), ("second pattern matches", "b.test", ["a.test", "b.test"]),
    ("IPv4", "127.0.0.1", ["127.0.0.1"]), ("IPv4 with port", "127.0.0.1:8000", ["127.0.0.1"]), ("IPv4 trailing dot", "127.0.0.1.", ["127.0.0.1"]),
    ("IPv4 short form", "127.1", ["127.0.0.1"]), ("IPv4 dot pattern", "10.0.0.7", [".0.0.7"]), ("IPv6", "[::1]", V6), ("IPv6 with port", "[::1]:8000", V6),
    ("IPv6 without brackets", "::1", V6), ("IPv6 pattern without brackets", "[::1]", ["::1"]), ("IPv6 upper case", "[2001:DB8::1]", ["[2001:db8::1]"]),
    ("IPv6 written differently", "[0:0:0:0:0:0:0:1]", V6), ("IPv6 mapped IPv4", "[::ffff:127.0.0.1]", ["*"]), ("IPv6 with zone", "[fe80::1%25eth0]", ["*"]),
    ("IPv6 unclosed", "[::1", ["*"]), ("IPv6 trailing dot", "[::1].", V6), ("IPv6 empty brackets", "[]", ["*"]), ("IPv6 text after the bracket", "[::1]x", ["*"]),
    ("IPv6 any hex and dots inside brackets", "[1.2.3:abc]", ["*"]), ("IPv6 not hex", "[::g]", ["*"]), ("two ports", "example.com:80:90", ["*"]),
    ("empty port", "example.com:", A), ("port that is no number", "example.com:http", ["*"]), ("port zero", "example.com:0", A), ("port too large", "example.com:99999", A),
    ("negative port", "example.com:-1", ["*"]), ("port with plus", "example.com:+80", ["*"]), ("only a port", ":80", ["*"]), ("empty host", "", ["*"]), ("empty host, a list", "", A),
    ("underscore", "a_b.example.com", SUB), ("underscore with wildcard", "my_host", ["*"]), ("hyphen first", "-a.example.com", SUB), ("hyphen last", "a-.example.com", SUB),
    ("space inside", "exa mple.com", ["*"]), ("space before", " example.com", A), ("space after", "example.com ", A), ("tab inside", "exam\tple.com", ["*"]), ("newline at the end", "example.com\n", A),
    ("slash", "example.com/path", ["*"]), ("question mark", "example.com?x", ["*"]), ("hash", "example.com#x", ["*"]), ("user name", "user@example.com", ["*"]),
    ("user name and password", "user:pw@example.com", ["*"]), ("comma", "example.com,evil.org", ["*"]), ("semicolon", "example.com;x", ["*"]), ("quote", "example.com'", ["*"]),
    ("angle bracket", "<b>.example.com", ["*"]), ("percent encoded", "ex%61mple.com", ["*"]), ("backslash", "example.com\\evil.org", ["*"]), ("not ASCII", "ex\u00e4mple.com", ["*"]), ("punycode", "xn--exmple-cua.com", ["xn--exmple-cua.com"]),
    ("long label", "a" * 64 + ".com", ["*"]), ("long name", ".".join(["a" * 60] * 5), ["*"]), ("scheme in the host", "http://example.com", ["*"]),
    ("full-width digit port", "example.com:\uff18\uff10", ["*"]),
]
DEBUG_HOSTS = [
    ("localhost", "localhost"), ("localhost with port", "localhost:8000"), ("subdomain of localhost", "api.localhost"), ("upper case localhost", "LOCALHOST"), ("localhost trailing dot", "localhost."),
    ("127.0.0.1", "127.0.0.1"), ("127.0.0.1 with port", "127.0.0.1:8000"), ("127.0.0.2", "127.0.0.2"), ("IPv6 loopback", "[::1]"), ("IPv6 loopback with port", "[::1]:8000"), ("0.0.0.0", "0.0.0.0"),
    ("another name", "example.com"), ("name that ends with localhost", "evillocalhost"), ("testserver", "testserver"), ("local network", "192.168.0.7"), ("empty host", ""),
]
FORWARDED = [
    ("forwarded host ignored by default", "example.com", "evil.org", A, False), ("forwarded host used", "internal", "example.com", A, True), ("forwarded host refused", "example.com", "evil.org", A, True),
    ("forwarded host absent", "example.com", None, A, True), ("forwarded host with port", "internal", "example.com:8443", A, True), ("forwarded host empty", "example.com", "", A, True),
    ("two forwarded hosts", "internal", "example.com, proxy.local", ["*"], True), ("forwarded host upper case", "internal", "Example.COM", A, True), ("forwarded host IPv6", "internal", "[::1]:8000", V6, True),
    ("forwarded host with space before", "internal", " example.com", A, True),
]
FALLBACK = [
    ("no Host, server name", "example.com", "80", "http", A), ("no Host, server port", "example.com", "8000", "http", A), ("no Host, https and port 443", "example.com", "443", "https", A),
    ("no Host, https and port 80", "example.com", "80", "https", A), ("no Host, http and port 443", "example.com", "443", "http", A), ("no Host, server name refused", "internal", "80", "http", A), ("no Host, IPv6 server name", "::1", "8000", "http", ["*"]),
]


def hosts():
    from django.http.request import split_domain_port, validate_host

    cases = [host_case(i, h, allowed) for i, h, allowed in HOSTS]
    cases += [host_case("DEBUG and an empty list: " + i, h, [], debug=True) for i, h in DEBUG_HOSTS]
    cases += [host_case("DEBUG and a list: localhost", "localhost", A, debug=True), host_case("DEBUG and a list: the name itself", "example.com", A, debug=True)]
    cases += [host_case(i, h, allowed, use_x_forwarded_host=use, x_forwarded_host=x) for i, h, x, allowed, use in FORWARDED]
    cases += [host_case(i, None, allowed, server=(name, port), scheme=scheme) for i, name, port, scheme, allowed in FALLBACK]
    matching = []
    for host in ("example.com", "www.example.com", "evilexample.com", "[::1]", "*", "", "example.com:80", "EXAMPLE.com"):
        for patterns in (["example.com"], [".example.com"], ["*"], ["[::1]"], [], ["Example.Com"]):
            matching.append({"id": "%r in %r" % (host, patterns), "host": host, "patterns": patterns, "match": validate_host(host, patterns)})
    splitting = [{"id": "split %r" % h, "host": h, "domain": split_domain_port(h)[0], "port": split_domain_port(h)[1]} for h in dict.fromkeys(h for _, h, _ in HOSTS)]
    save("hosts.json", {"accepted": "get_host() returns `host`; `domain` and `port` are the parts that were matched", "refused": "get_host() raises DisallowedHost (a 400)",
                        "host_header": "as the application gets it: a server has taken blanks off both ends before", "server": "name and port of the listening socket, used when there is no Host", "matching": "validate_host(host, patterns) alone, on a name without port"},
         cases=cases, matching=matching, splitting=splitting)


def host_case(id, host, allowed, debug=False, use_x_forwarded_host=False, x_forwarded_host=None, server=("testserver", "80"), scheme="http"):
    from django.core.exceptions import DisallowedHost
    from django.core.handlers.wsgi import WSGIRequest
    from django.test import override_settings

    headers = [(k, v) for k, v in (("Host", host), ("X-Forwarded-Host", x_forwarded_host)) if v is not None]
    case = {"id": id, "host_header": host, "allowed_hosts": allowed, "debug": debug, "use_x_forwarded_host": use_x_forwarded_host}
    if x_forwarded_host is not None:
        case["x_forwarded_host"] = x_forwarded_host
    if host is None:
        case["server"], case["scheme"] = list(server), scheme
    with override_settings(ALLOWED_HOSTS=allowed, DEBUG=debug, USE_X_FORWARDED_HOST=use_x_forwarded_host):
        try:
            return {**case, "accepted": True, "host": WSGIRequest(environ("GET", "/", headers, scheme=scheme, server=server)).get_host()}
        except DisallowedHost:
            return {**case, "accepted": False, "host": None}


# --- security headers ----------------------------------------------------------------------------------------------

SECURITY = "django.middleware.security.SecurityMiddleware"
XFRAME = "django.middleware.clickjacking.XFrameOptionsMiddleware"
PROXY = ["HTTP_X_FORWARDED_PROTO", "https"]
HSTS = {"SECURE_HSTS_SECONDS": 3600}
SSL = {"SECURE_SSL_REDIRECT": True}


def proto(value):
    return [["X-Forwarded-Proto", value]]


# id, settings, and what differs from `GET /x/ over http, no headers, the view sets nothing`
SECURE = [
    ("defaults", {}, {}), ("defaults over https", {}, {"scheme": "https"}), ("defaults on a 404", {}, {"path": "/missing/"}), ("defaults on a 500", {}, {"path": "/boom/"}), ("defaults on a HEAD", {}, {"method": "HEAD"}),
    ("only the security middleware", {}, {"middleware": [SECURITY]}), ("only the frame middleware", {}, {"middleware": [XFRAME]}), ("neither middleware", {**HSTS, **SSL}, {"middleware": []}),
    ("HSTS over http", HSTS, {}), ("HSTS over https", HSTS, {"scheme": "https"}), ("HSTS zero over https", {"SECURE_HSTS_SECONDS": 0}, {"scheme": "https"}),
    ("HSTS with subdomains", {**HSTS, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True}, {"scheme": "https"}), ("HSTS with preload", {**HSTS, "SECURE_HSTS_PRELOAD": True}, {"scheme": "https"}),
    ("HSTS with subdomains and preload", {**HSTS, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}, {"scheme": "https"}),
    ("subdomains and preload without seconds", {"SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}, {"scheme": "https"}),
    ("HSTS set by the view", HSTS, {"scheme": "https", "view": [["Strict-Transport-Security", "max-age=1"]]}), ("HSTS through the proxy header", {**HSTS, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("https")}),
    ("HSTS on an https 404", HSTS, {"scheme": "https", "path": "/missing/"}),
    ("nosniff off", {"SECURE_CONTENT_TYPE_NOSNIFF": False}, {}), ("nosniff set by the view", {}, {"view": [["X-Content-Type-Options", "custom"]]}),
    ("referrer policy string", {"SECURE_REFERRER_POLICY": "no-referrer"}, {}), ("referrer policy string with commas and spaces", {"SECURE_REFERRER_POLICY": "no-referrer , strict-origin-when-cross-origin"}, {}),
    ("referrer policy list", {"SECURE_REFERRER_POLICY": ["no-referrer", "strict-origin-when-cross-origin"]}, {}), ("referrer policy list keeps spaces", {"SECURE_REFERRER_POLICY": ["no-referrer ", " origin"]}, {}),
    ("referrer policy list of one", {"SECURE_REFERRER_POLICY": ["same-origin"]}, {}), ("referrer policy none", {"SECURE_REFERRER_POLICY": None}, {}), ("referrer policy empty string", {"SECURE_REFERRER_POLICY": ""}, {}), ("referrer policy empty list", {"SECURE_REFERRER_POLICY": []}, {}),
    ("referrer policy unknown value is sent", {"SECURE_REFERRER_POLICY": "nonsense"}, {}), ("referrer policy set by the view", {}, {"view": [["Referrer-Policy", "unsafe-url"]]}),
    ("opener policy none", {"SECURE_CROSS_ORIGIN_OPENER_POLICY": None}, {}), ("opener policy empty", {"SECURE_CROSS_ORIGIN_OPENER_POLICY": ""}, {}), ("opener policy other", {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"}, {}), ("opener policy unknown value is sent", {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "nonsense"}, {}),
    ("opener policy set by the view", {}, {"view": [["Cross-Origin-Opener-Policy", "unsafe-none"]]}),
    ("frame options sameorigin", {"X_FRAME_OPTIONS": "SAMEORIGIN"}, {}), ("frame options lower case", {"X_FRAME_OPTIONS": "sameorigin"}, {}), ("frame options other text", {"X_FRAME_OPTIONS": "allow-from https://a.test"}, {}), ("frame options empty", {"X_FRAME_OPTIONS": ""}, {}),
    ("frame options set by the view", {}, {"view": [["X-Frame-Options", "SAMEORIGIN"]]}), ("frame options set by the view in lower case", {}, {"view": [["x-frame-options", "sameorigin"]]}), ("frame options empty by the view", {}, {"view": [["X-Frame-Options", ""]]}), ("exempt view", {}, {"path": "/exempt/"}), ("sameorigin view", {}, {"path": "/sameorigin/"}), ("deny view under sameorigin", {"X_FRAME_OPTIONS": "SAMEORIGIN"}, {"path": "/deny/"}),
    ("redirect", SSL, {}), ("redirect keeps path and query", SSL, {"path": "/x/y?a=1&b=%C3%A9"}), ("redirect keeps an encoded path", SSL, {"path": "/caf%C3%A9/a%20b/"}), ("redirect keeps an encoded slash as a slash", SSL, {"path": "/a%2Fb"}),
    ("redirect keeps the port", SSL, {"host": "testserver:8000"}), ("redirect of an unknown path", SSL, {"path": "/missing/"}), ("redirect of a POST", SSL, {"method": "POST"}), ("redirect of a HEAD", SSL, {"method": "HEAD"}), ("redirect of an OPTIONS", SSL, {"method": "OPTIONS"}), ("redirect of two slashes", SSL, {"path": "//evil.example/x"}), ("no redirect over https", SSL, {"scheme": "https"}),
    ("redirect of a refused host", {**SSL, "ALLOWED_HOSTS": ["example.com"]}, {}), ("redirect host and a refused host", {**SSL, "SECURE_SSL_HOST": "secure.example.com", "ALLOWED_HOSTS": ["example.com"]}, {}),
    ("redirect host", {**SSL, "SECURE_SSL_HOST": "secure.example.com"}, {}), ("redirect host with port", {**SSL, "SECURE_SSL_HOST": "secure.example.com:8443"}, {"path": "/x/?q"}),
    ("exempt path", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^x/"]}, {}), ("exempt path is searched, not matched", {**SSL, "SECURE_REDIRECT_EXEMPT": ["health"]}, {"path": "/a/health/"}), ("exempt pattern with a leading slash never matches", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^/x/"]}, {}), ("exempt pattern sees no query", {**SSL, "SECURE_REDIRECT_EXEMPT": ["q=1"]}, {"path": "/x/?q=1"}), ("exempt second pattern", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^a$", "^x/$"]}, {}), ("exempt sees the decoded path", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^caf\u00e9/"]}, {"path": "/caf%C3%A9/"}), ("exempt strips all leading slashes", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^x/"]}, {"path": "///x/"}), ("exempt root", {**SSL, "SECURE_REDIRECT_EXEMPT": ["^$"]}, {"path": "/"}),
    ("redirect carries the other headers", {**SSL, **HSTS}, {}), ("proxy header unset is not trusted", SSL, {"headers": proto("https")}), ("proxy header https", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("https")}), ("proxy header http", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("http")}), ("proxy header absent falls back to the connection", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"scheme": "https"}), ("proxy header http over a https connection", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"scheme": "https", "headers": proto("http")}),
    ("proxy header first of several", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("https,http")}), ("proxy header first of several with space", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto(" https , http")}), ("proxy header second of several", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("http,https")}), ("proxy header sent twice", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("https") + proto("http")}), ("proxy header upper case value", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("HTTPS")}), ("proxy header empty", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto("")}), ("proxy header empty over a https connection", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"scheme": "https", "headers": proto("")}), ("proxy header starts with a comma", {**SSL, "SECURE_PROXY_SSL_HEADER": PROXY}, {"headers": proto(",https")}), ("proxy header other name and value", {**SSL, "SECURE_PROXY_SSL_HEADER": ["HTTP_FRONT_END_HTTPS", "on"]}, {"headers": [["Front-End-Https", "on"]]}), ("proxy header other name, the usual one sent", {**SSL, "SECURE_PROXY_SSL_HEADER": ["HTTP_FRONT_END_HTTPS", "on"]}, {"headers": proto("https")}), ("proxy header of one part is a server error", {**SSL, "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO"]}, {"headers": proto("https")}),
]


def security_headers():
    from django.http import HttpResponse
    from django.urls import path, re_path
    from django.views.decorators.clickjacking import xframe_options_deny, xframe_options_exempt, xframe_options_sameorigin

    sends = []

    def view(request, **kwargs):
        response = HttpResponse("ok")
        for name, value in sends:
            response[name] = value
        return response

    def boom(request):
        raise ValueError

    urls([path("boom/", boom), path("exempt/", xframe_options_exempt(view)), path("sameorigin/", xframe_options_sameorigin(view)), path("deny/", xframe_options_deny(view)), re_path("^(?!missing).*$", view)])
    cases = []
    for id, settings, more in SECURE:
        sends[:] = more.get("view", [])
        request = {"method": more.get("method", "GET"), "target": more.get("path", "/x/"), "scheme": more.get("scheme", "http"), "host": more.get("host", "testserver"), "headers": more.get("headers", [])}
        middleware = more.get("middleware", [SECURITY, XFRAME])
        overrides = {**settings, "MIDDLEWARE": middleware}
        if "SECURE_PROXY_SSL_HEADER" in settings:
            overrides["SECURE_PROXY_SSL_HEADER"] = tuple(settings["SECURE_PROXY_SSL_HEADER"])
        got = exchange(request["method"], request["target"], request["headers"], scheme=request["scheme"], host=request["host"], overrides=overrides)
        cases.append({"id": id, "middleware": [m.rsplit(".", 1)[1] for m in middleware], "settings": settings, "request": request, "view_headers": more.get("view", []), "status": got["status"], "headers": got["headers"]})
    save("security_headers.json", {"routes": "`/boom/` raises, `/missing...` is unknown, `/exempt/` `/sameorigin/` `/deny/` carry the view decorators, every other path answers 200 with body `ok` and `view_headers`", "defaults": "DEBUG off, ALLOWED_HOSTS `*`; settings not named have the reference's defaults", "headers": "all headers in the order sent"}, cases=cases)


# --- conditional GET -----------------------------------------------------------------------------------------------

T0, T1, T2 = "Mon, 01 Jan 2024 00:00:00 GMT", "Tue, 02 Jan 2024 00:00:00 GMT", "Wed, 03 Jan 2024 00:00:00 GMT"
E = [["ETag", '"abc"']]
W = [["ETag", 'W/"abc"']]
L = [["Last-Modified", T1]]
ALL = [["Content-Type", "application/json"], ["Content-Length", "7"], ["Content-Language", "en"], ["Cache-Control", "max-age=60"], ["Content-Location", "/here"], ["Date", T2], ["ETag", '"abc"'], ["Expires", T2], ["Last-Modified", T1], ["Vary", "Origin"], ["X-Extra", "1"], ["X-Frame-Options", "DENY"]]


def inm(value):
    return [["If-None-Match", value]]


def ims(value):
    return [["If-Modified-Since", value]]


# `ETAG` stands for the tag that the middleware computes of the body `content`.
ETAG = '"%s"' % hashlib.md5(b"content").hexdigest()
# id, view headers, request headers, more
CONDITIONAL = [
    ("nothing asked, a tag is computed", [], [], {}), ("computed tag matches", [], inm(ETAG), {}), ("computed tag matches weakly", [], inm("W/" + ETAG), {}), ("computed tag differs", [], inm('"no"'), {}), ("computed tag without quotes", [], inm(ETAG.strip('"')), {}),
    ("star with a computed tag", [], inm("*"), {}), ("empty body, a tag is computed", [], [], {"body": ""}), ("streamed body has no tag", [], inm("*"), {"streaming": True}), ("streamed body with own tag", E, inm('"abc"'), {"streaming": True}), ("no-store means no tag", [["Cache-Control", "no-store"]], inm(ETAG), {}), ("no-store among others", [["Cache-Control", "private, No-Store"]], [], {}), ("no-store but own tag", [["Cache-Control", "no-store"], *E], inm('"abc"'), {}), ("no-cache still gets a tag", [["Cache-Control", "no-cache"]], [], {}),
    ("own tag is kept", E, [], {}), ("own tag matches", E, inm('"abc"'), {}), ("own tag, weak asked", E, inm('W/"abc"'), {}), ("own weak tag, strong asked", W, inm('"abc"'), {}), ("own weak tag, weak asked", W, inm('W/"abc"'), {}), ("own tag differs", E, inm('"abd"'), {}), ("own tag, other case", E, inm('"ABC"'), {}), ("own tag in a list", E, inm('"x", "abc", "y"'), {}), ("own tag in a list without spaces", E, inm('"x","abc"'), {}), ("own tag last in a mixed list", E, inm('W/"x", W/"abc"'), {}), ("own tag not in a list", E, inm('"x", "y"'), {}), ("header sent twice", E, inm('"x"') + inm('"abc"'), {}), ("star", E, inm("*"), {}), ("star in a list", E, inm('"x", *'), {}), ("star with spaces", E, inm(" * "), {}), ("tag without quotes asked", E, inm("abc"), {}), ("tag unquoted in a list with a good one", E, inm('abc, "abc"'), {}), ("tag with a comma inside", [["ETag", '"a,b"']], inm('"a,b"'), {}), ("tag with an escaped quote", [["ETag", '"a\\"b"']], inm('"a\\"b"'), {}), ("tag with a space inside", [["ETag", '"a b"']], inm('"a b"'), {}), ("empty tag", [["ETag", '""']], inm('""'), {}), ("empty header", E, inm(""), {}), ("unclosed tag", E, inm('"abc'), {}), ("lower case weak mark", E, inm('w/"abc"'), {}), ("own tag without quotes", [["ETag", "abc"]], inm("abc"), {}), ("own tag without quotes, quoted asked", [["ETag", "abc"]], inm('"abc"'), {}),
    ("modified since, same time", L, ims(T1), {}), ("modified since, later", L, ims(T2), {}), ("modified since, earlier", L, ims(T0), {}), ("modified since, own tag computed too", L, ims(T1) + inm('"no"'), {}), ("modified since without Last-Modified", [], ims(T2), {}), ("modified since, asctime form", L, ims("Tue Jan  2 00:00:00 2024"), {}), ("modified since, RFC 850 form", L, ims("Tuesday, 02-Jan-24 00:00:00 GMT"), {}), ("modified since, not a date", L, ims("yesterday"), {}), ("modified since, empty", L, ims(""), {}), ("modified since, ISO date", L, ims("2024-01-02T00:00:00Z"), {}), ("modified since, wrong weekday", L, ims("Fri, 02 Jan 2024 00:00:00 GMT"), {}), ("modified since, other zone name", L, ims("Tue, 02 Jan 2024 00:00:00 UTC"), {}), ("modified since, lower case", L, ims("tue, 02 jan 2024 00:00:00 gmt"), {}), ("modified since, with length suffix", L, ims(T1 + "; length=7"), {}), ("modified since, day of one digit", L, ims("Tue, 2 Jan 2024 00:00:00 GMT"), {}), ("modified since, impossible date", L, ims("Tue, 32 Jan 2024 00:00:00 GMT"), {}), ("Last-Modified not a date", [["Last-Modified", "never"]], ims(T1), {}),
    ("both match", E + L, inm('"abc"') + ims(T1), {}), ("tag matches, date says modified", E + L, inm('"abc"') + ims(T0), {}), ("tag differs, date says not modified", E + L, inm('"no"') + ims(T2), {}), ("malformed tag list, date says not modified", E + L, inm("abc") + ims(T2), {}), ("empty tag header, date says not modified", E + L, inm("") + ims(T2), {}),
    ("If-Match matches", E, [["If-Match", '"abc"']], {}), ("If-Match differs", E, [["If-Match", '"no"']], {}), ("If-Match weak asked", E, [["If-Match", 'W/"abc"']], {}), ("If-Match own weak tag", W, [["If-Match", 'W/"abc"']], {}), ("If-Match star", E, [["If-Match", "*"]], {}), ("If-Match in a list", E, [["If-Match", '"x", "abc"']], {}), ("If-Match malformed", E, [["If-Match", "abc"]], {}), ("If-Match computed tag differs", [], [["If-Match", '"no"']], {}), ("If-Match and If-None-Match both match", E, [["If-Match", '"abc"'], ["If-None-Match", '"abc"']], {}),
    ("If-Unmodified-Since later", L, [["If-Unmodified-Since", T2]], {}), ("If-Unmodified-Since same", L, [["If-Unmodified-Since", T1]], {}), ("If-Unmodified-Since earlier", L, [["If-Unmodified-Since", T0]], {}), ("If-Unmodified-Since not a date", L, [["If-Unmodified-Since", "x"]], {}), ("If-Unmodified-Since without Last-Modified", [], [["If-Unmodified-Since", T0]], {}), ("If-Match matches, If-Unmodified-Since earlier", E + L, [["If-Match", '"abc"'], ["If-Unmodified-Since", T0]], {}),
    ("all headers, 304", ALL, inm('"abc"'), {}), ("all headers, 304 by date", ALL, ims(T1), {}), ("all headers, 412", ALL, [["If-Match", '"no"']], {}), ("all headers, 200", ALL, inm('"no"'), {}), ("cookie on a 304", E, inm('"abc"'), {"cookie": True}), ("cookie on a 412", E, [["If-Match", '"no"']], {"cookie": True}),
    ("HEAD gets no tag", [], [], {"method": "HEAD"}), ("HEAD with own tag that matches", E, inm('"abc"'), {"method": "HEAD"}), ("HEAD with star", E, inm("*"), {"method": "HEAD"}), ("HEAD not modified since", L, ims(T2), {"method": "HEAD"}), ("POST gets no tag", [], [], {"method": "POST"}), ("POST with own tag that matches", E, inm('"abc"'), {"method": "POST"}), ("PUT with own tag, If-Match differs", E, [["If-Match", '"no"']], {"method": "PUT"}), ("DELETE with star", E, inm("*"), {"method": "DELETE"}), ("OPTIONS with own tag that matches", E, inm('"abc"'), {"method": "OPTIONS"}),
]
CONDITIONAL += [("status %d, tag matches" % s, E, inm('"abc"'), {"code": s}) for s in (200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 410, 500, 503)]
CONDITIONAL += [("status %d, nothing asked" % s, [], [], {"code": s}) for s in (201, 204, 302, 304, 404, 500)]
CONDITIONAL += [("status %d, If-Match differs" % s, E, [["If-Match", '"no"']], {"code": s}) for s in (201, 404, 500)]
CONDITIONAL += [("status %d, not modified since" % s, L, ims(T2), {"code": s}) for s in (201, 404, 500)]
CONDITIONAL += [("with CommonMiddleware inside: " + i, h, r, {**m, "common": True}) for i, h, r, m in CONDITIONAL if i in ("nothing asked, a tag is computed", "computed tag matches", "own tag matches", "streamed body has no tag", "all headers, 304", "HEAD gets no tag", "If-Match differs")]


def conditional_get():
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import re_path

    current = {}

    def view(request):
        body = current["more"].get("body", "content")
        kind = StreamingHttpResponse if current["more"].get("streaming") else HttpResponse
        response = kind([body.encode()] if kind is StreamingHttpResponse else body, status=current["more"].get("code", 200))
        for name, value in current["headers"]:
            response[name] = value
        if current["more"].get("cookie"):
            response.set_cookie("sid", "1")
        return response

    urls([re_path("", view)])
    cases = []
    for id, view_headers, request_headers, more in CONDITIONAL:
        current.update(headers=view_headers, more=more)
        middleware = ["django.middleware.http.ConditionalGetMiddleware"] + (["django.middleware.common.CommonMiddleware"] if more.get("common") else [])
        got = exchange(more.get("method", "GET"), "/", request_headers, overrides={"MIDDLEWARE": middleware})
        cases.append({"id": id, "middleware": [m.rsplit(".", 1)[1] for m in middleware], "method": more.get("method", "GET"), "request_headers": request_headers,
                      "view": {"status": more.get("code", 200), "headers": view_headers, "body": more.get("body", "content"), "streaming": more.get("streaming", False), "cookie": more.get("cookie", False)},
                      "status": got["status"], "headers": got["headers"], "body_empty": not got["body"]})
    save("conditional_get.json", {"computed tag": "MD5 of the body in hex, in quotes: `%s` for the body `content`" % ETAG, "view": "a view answers with this; the default content type comes first; `cookie` is `sid=1` on path /", "body_empty": "as the application hands it over; a server drops the body of every HEAD"}, cases=cases)


# --- gzip ----------------------------------------------------------------------------------------------------------

# id, request Accept-Encoding (None: absent), body kind and length, more
GZ = [("length %d of one letter" % n, "gzip", ("a", n), {}) for n in (0, 1, 150, 199, 200, 201, 500, 5000, 100000)]
GZ += [("length %d of noise" % n, "gzip", ("noise", n), {}) for n in (100, 200, 500, 5000)]
GZ += [("no Accept-Encoding", None, ("a", 500), {}), ("empty Accept-Encoding", "", ("a", 500), {})]
GZ += [("accepts `%s`" % ae, ae, ("a", 500), {}) for ae in ("gzip, deflate, br", "deflate, gzip", "br", "identity", "*", "*;q=0.5", "GZIP", "Gzip, deflate", "x-gzip", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.5, identity;q=1", "deflate,gzip;q=1.0,*;q=0", "gzipped", "xgzip", "x_gzip", "gzip2", "gzip-x", "foo=gzip", "identity;q=1, *;q=0", "  gzip  ", "gzip,", '"gzip"')]
GZ += [
    ("Accept-Encoding sent twice", None, ("a", 500), {"request": [["Accept-Encoding", "br"], ["Accept-Encoding", "gzip"]]}),
    ("already encoded", "gzip", ("a", 500), {"headers": [["Content-Encoding", "br"]]}), ("already encoded identity", "gzip", ("a", 500), {"headers": [["Content-Encoding", "identity"]]}), ("already encoded empty", "gzip", ("a", 500), {"headers": [["Content-Encoding", ""]]}),
    ("strong tag becomes weak", "gzip", ("a", 500), {"headers": [["ETag", '"abc"']]}), ("weak tag stays", "gzip", ("a", 500), {"headers": [["ETag", 'W/"abc"']]}), ("tag without quotes stays", "gzip", ("a", 500), {"headers": [["ETag", "abc"]]}), ("strong tag without gzip accepted", "br", ("a", 500), {"headers": [["ETag", '"abc"']]}), ("strong tag on noise", "gzip", ("noise", 500), {"headers": [["ETag", '"abc"']]}), ("strong tag on a short body", "gzip", ("a", 100), {"headers": [["ETag", '"abc"']]}),
    ("Vary present", "gzip", ("a", 500), {"headers": [["Vary", "Origin"]]}), ("Vary has it already", "gzip", ("a", 500), {"headers": [["Vary", "accept-encoding"]]}), ("Vary several without spaces", "gzip", ("a", 500), {"headers": [["Vary", "Cookie,Origin"]]}), ("Vary star", "gzip", ("a", 500), {"headers": [["Vary", "*"]]}), ("Vary star among others", "gzip", ("a", 500), {"headers": [["Vary", "Origin, *"]]}), ("Vary empty", "gzip", ("a", 500), {"headers": [["Vary", ""]]}), ("Vary without gzip accepted", "br", ("a", 500), {"headers": [["Vary", "Origin"]]}), ("Vary on a short body", "gzip", ("a", 100), {"headers": [["Vary", "Origin"]]}),
    ("Content-Length present", "gzip", ("a", 500), {"headers": [["Content-Length", "500"]]}), ("Content-Length present on noise", "gzip", ("noise", 500), {"headers": [["Content-Length", "500"]]}), ("JSON type", "gzip", ("a", 500), {"headers": [["Content-Type", "application/json"]]}), ("image type is compressed too", "gzip", ("a", 500), {"headers": [["Content-Type", "image/png"]]}), ("Cache-Control no-transform is not heeded", "gzip", ("a", 500), {"headers": [["Cache-Control", "no-transform"]]}),
    ("status 404", "gzip", ("a", 500), {"code": 404}), ("status 500", "gzip", ("a", 500), {"code": 500}), ("status 206", "gzip", ("a", 500), {"code": 206}), ("status 304", "gzip", ("a", 0), {"code": 304}), ("HEAD", "gzip", ("a", 500), {"method": "HEAD"}), ("POST", "gzip", ("a", 500), {"method": "POST"}),
    ("streaming", "gzip", ("a", 500), {"streaming": True}), ("streaming short", "gzip", ("a", 10), {"streaming": True}), ("streaming empty", "gzip", ("a", 0), {"streaming": True}), ("streaming noise", "gzip", ("noise", 500), {"streaming": True}), ("streaming with Content-Length", "gzip", ("a", 500), {"streaming": True, "headers": [["Content-Length", "500"]]}), ("streaming with a strong tag", "gzip", ("a", 500), {"streaming": True, "headers": [["ETag", '"abc"']]}), ("streaming without gzip accepted", "br", ("a", 500), {"streaming": True, "headers": [["Content-Length", "500"]]}), ("streaming already encoded", "gzip", ("a", 500), {"streaming": True, "headers": [["Content-Encoding", "br"]]}),
    ("before conditional GET, tag computed", "gzip", ("a", 500), {"middleware": ["gzip", "http"]}), ("after conditional GET, tag computed of the compressed body", "gzip", ("a", 500), {"middleware": ["http", "gzip"], "loose": ["etag"]}), ("before the common middleware", "gzip", ("a", 500), {"middleware": ["gzip", "common"]}), ("before the common middleware, noise", "gzip", ("noise", 500), {"middleware": ["gzip", "common"]}), ("after the common middleware", "gzip", ("a", 500), {"middleware": ["common", "gzip"]}), ("before conditional GET, weak tag asked", "gzip", ("a", 500), {"middleware": ["gzip", "http"], "request": [["If-None-Match", 'W/"%s"' % hashlib.md5(b"a" * 500).hexdigest()]]}),
]
MIDDLEWARE = {"gzip": "django.middleware.gzip.GZipMiddleware", "http": "django.middleware.http.ConditionalGetMiddleware", "common": "django.middleware.common.CommonMiddleware"}


def noise(length):
    return b"".join(hashlib.sha256(str(i).encode()).digest() for i in range(length // 32 + 1))[:length]


def gzip():
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import re_path

    current = {}

    def view(request):
        kind = StreamingHttpResponse if current["more"].get("streaming") else HttpResponse
        response = kind([current["body"]] if kind is StreamingHttpResponse else current["body"], status=current["more"].get("code", 200))
        for name, value in current["more"].get("headers", []):
            response[name] = value
        return response

    urls([re_path("", view)])
    cases = []
    for id, accept, (fill, length), more in GZ:
        body = noise(length) if fill == "noise" else fill.encode() * length
        current.update(more=more, body=body)
        request_headers = ([] if accept is None else [["Accept-Encoding", accept]]) + more.get("request", [])
        middleware = more.get("middleware", ["gzip"])
        got = exchange(more.get("method", "GET"), "/", request_headers, overrides={"MIDDLEWARE": [MIDDLEWARE[m] for m in middleware]})
        compressed = header(got, "Content-Encoding") == "gzip"
        assert got["status"] == 304 or (gzip_module.decompress(got["body"]) if compressed else got["body"]) == body, id
        loose = more.get("loose", []) + (["content-length"] if compressed else [])
        headers = [[k, "<varies>" if k.lower() in loose else v] for k, v in got["headers"]]
        cases.append({"id": id, "middleware": [MIDDLEWARE[m].rsplit(".", 1)[1] for m in middleware], "method": more.get("method", "GET"), "request_headers": request_headers,
                      "view": {"status": more.get("code", 200), "headers": more.get("headers", []), "fill": fill, "length": length, "streaming": more.get("streaming", False)},
                      "status": got["status"], "compressed": compressed, "headers": headers})
    save("gzip.json", {"fill": "`a` is that letter `length` times; `noise` is SHA-256 of `0`, `1`, `2`... (decimal text) joined and cut to `length`", "random length": "the gzip header carries a file name of 0 to 99 random letters, so the compressed length varies from run to run; every body here decompressed to what the view sent", "<varies>": "the header is there, its value differs from run to run"}, cases=cases)


# --- slashes -------------------------------------------------------------------------------------------------------

# id, method, target, settings, more
SLASH = [
    ("known with slash", "GET", "/known/", {}), ("known without slash", "GET", "/known", {}), ("known without slash and query", "GET", "/known?a=1&b=2", {}), ("known without slash and empty query", "GET", "/known?", {}), ("query with a slash at its end", "GET", "/known?next=/x/", {}), ("query is not decoded", "GET", "/known?q=%C3%A9%20+%2F", {}), ("query not ASCII", "GET", "/known?q=\u00e9", {}),
    ("unknown without slash", "GET", "/nope", {}), ("unknown with slash", "GET", "/nope/", {}), ("root", "GET", "/", {}), ("both exist", "GET", "/both", {}), ("both exist with slash", "GET", "/both/", {}), ("only without slash", "GET", "/bare", {}), ("only without slash, slash asked", "GET", "/bare/", {}), ("other case", "GET", "/Known", {}), ("two trailing slashes", "GET", "/known//", {}), ("deeper", "GET", "/deep/a/b", {}), ("converter", "GET", "/num/12", {}), ("converter refuses", "GET", "/num/x", {}),
    ("HEAD", "HEAD", "/known", {}), ("OPTIONS", "OPTIONS", "/known", {}), ("POST", "POST", "/known", {}), ("PUT", "PUT", "/known", {}), ("PATCH", "PATCH", "/known", {}), ("DELETE", "DELETE", "/known", {}), ("TRACE", "TRACE", "/known", {}),
    ("off", "GET", "/known", {"APPEND_SLASH": False}), ("off, POST under DEBUG", "POST", "/known", {"APPEND_SLASH": False, "DEBUG": True}), ("GET under DEBUG", "GET", "/known", {"DEBUG": True}), ("HEAD under DEBUG", "HEAD", "/known", {"DEBUG": True}), ("OPTIONS under DEBUG", "OPTIONS", "/known", {"DEBUG": True}), ("POST under DEBUG", "POST", "/known", {"DEBUG": True}), ("PUT under DEBUG", "PUT", "/known", {"DEBUG": True}), ("PATCH under DEBUG", "PATCH", "/known", {"DEBUG": True}), ("DELETE under DEBUG", "DELETE", "/known", {"DEBUG": True}), ("POST of an unknown path under DEBUG", "POST", "/nope", {"DEBUG": True}),
    ("two leading slashes", "GET", "//evil.example/x", {}), ("two leading slashes, catch-all matches", "GET", "//evil.example/any", {}), ("three leading slashes", "GET", "///evil.example/any", {}), ("encoded leading slash", "GET", "/%2Fevil.example/any", {}), ("leading backslash", "GET", "/%5Cevil.example/any", {}),
    ("not ASCII percent-encoded", "GET", "/caf%C3%A9", {}), ("not ASCII raw bytes", "GET", "/caf\u00e9", {}), ("lower case percent-encoding", "GET", "/caf%c3%a9", {}), ("invalid UTF-8", "GET", "/any/%FF", {}), ("encoded slash inside", "GET", "/deep%2Fa%2Fb", {}), ("encoded slash at the end", "GET", "/known%2F", {}), ("encoded letter", "GET", "/%6Bnown", {}), ("encoded space", "GET", "/any/a%20b", {}), ("plus sign", "GET", "/any/a+b", {}), ("encoded question mark", "GET", "/any/a%3Fb", {}), ("encoded hash", "GET", "/any/a%23b", {}), ("encoded percent", "GET", "/any/a%25b", {}), ("encoded newline", "GET", "/any/a%0Ab", {}), ("encoded NUL", "GET", "/any/a%00b", {}), ("reserved characters stay", "GET", "/any/!$&'()*,;=:@~", {}), ("quote and angle brackets", "GET", "/any/%22%3Cb%3E", {}), ("dot segments", "GET", "/any/../known", {}), ("colon in the first segment", "GET", "/any/a:b", {}),
    ("view answers 404 itself", "GET", "/gone/", {}), ("view answers 404 itself without slash", "GET", "/gone", {}), ("view raises 404 itself without slash", "GET", "/raises", {}), ("view opts out", "GET", "/optout", {}), ("view opts out with slash", "GET", "/optout/", {}),
    ("www", "GET", "/known/", {"PREPEND_WWW": True}), ("www and slash at once", "GET", "/known?x=1", {"PREPEND_WWW": True}), ("www and unknown path", "GET", "/nope", {"PREPEND_WWW": True}), ("www already there", "GET", "/known/", {"PREPEND_WWW": True}, {"host": "www.testserver"}), ("www already there, slash", "GET", "/known", {"PREPEND_WWW": True}, {"host": "www.testserver"}), ("www keeps the port", "GET", "/known/", {"PREPEND_WWW": True}, {"host": "testserver:8000"}), ("www over https", "GET", "/known/", {"PREPEND_WWW": True}, {"scheme": "https"}), ("www on POST", "POST", "/known/", {"PREPEND_WWW": True}), ("www on POST without slash under DEBUG", "POST", "/known", {"PREPEND_WWW": True, "DEBUG": True}), ("www without slash appending", "GET", "/known", {"PREPEND_WWW": True, "APPEND_SLASH": False}), ("www with two leading slashes", "GET", "//evil.example/any", {"PREPEND_WWW": True, "APPEND_SLASH": False}), ("www with a name that starts alike", "GET", "/known/", {"PREPEND_WWW": True}, {"host": "wwwtestserver"}), ("www upper case", "GET", "/known/", {"PREPEND_WWW": True}, {"host": "WWW.testserver"}),
    ("refused host", "GET", "/known/", {"ALLOWED_HOSTS": ["example.com"]}), ("refused host on an unknown path", "GET", "/nope", {"ALLOWED_HOSTS": ["example.com"]}),
    ("agent refused", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["^BadBot"]}, {"headers": [["User-Agent", "BadBot/1.0"]]}), ("agent refused is searched", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["bot"]}, {"headers": [["User-Agent", "my bot 2"]]}), ("agent other case", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["^BadBot"]}, {"headers": [["User-Agent", "badbot"]]}), ("agent absent", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["^$"]}), ("agent empty", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["^$"]}, {"headers": [["User-Agent", ""]]}), ("agent refused before the slash", "GET", "/known", {"DISALLOWED_USER_AGENTS": ["Bad"]}, {"headers": [["User-Agent", "Bad"]]}), ("agent refused before the host", "GET", "/known", {"DISALLOWED_USER_AGENTS": ["Bad"], "ALLOWED_HOSTS": ["example.com"]}, {"headers": [["User-Agent", "Bad"]]}), ("agent refused under DEBUG", "GET", "/known/", {"DISALLOWED_USER_AGENTS": ["Bad"], "DEBUG": True}, {"headers": [["User-Agent", "Bad"]]}),
    ("length of a streamed body", "GET", "/stream/", {}), ("length set by the view is kept", "GET", "/length/", {}), ("length of an empty body", "GET", "/empty/", {}), ("length of a 204", "GET", "/204/", {}), ("length of a 304", "GET", "/304/", {}), ("length of an error", "GET", "/boom/", {}), ("length of a HEAD", "HEAD", "/known/", {}),
]


def append_slash():
    from django.http import Http404, HttpResponse, StreamingHttpResponse
    from django.urls import path
    from django.views.decorators.common import no_append_slash

    def ok(request, **kwargs):
        return HttpResponse("ok")

    def gone(request):
        return HttpResponse("gone", status=404)

    def raises(request):
        raise Http404

    def boom(request):
        raise ValueError

    def length(request):
        return HttpResponse("ok", headers={"Content-Length": "99"})

    urls([
        path("", ok), path("known/", ok), path("both", ok), path("both/", ok), path("bare", ok), path("deep/a/b/", ok), path("num/<int:n>/", ok), path("caf\u00e9/", ok), path("any/<path:rest>/", ok), path("/evil.example/any/", ok), path("//evil.example/any/", ok), path("\\evil.example/any/", ok), path("gone/", gone), path("gone", gone), path("raises", raises), path("raises/", ok), path("optout/", no_append_slash(ok)),
        path("stream/", lambda r: StreamingHttpResponse([b"ok"])), path("length/", length), path("empty/", lambda r: HttpResponse("")), path("204/", lambda r: HttpResponse(status=204)), path("304/", lambda r: HttpResponse(status=304)), path("boom/", boom),
    ])
    cases = []
    for id, method, target, settings, *rest in SLASH:
        more = rest[0] if rest else {}
        overrides = {**settings, "MIDDLEWARE": [MIDDLEWARE["common"]]}
        if "DISALLOWED_USER_AGENTS" in settings:
            overrides["DISALLOWED_USER_AGENTS"] = [re.compile(p) for p in settings["DISALLOWED_USER_AGENTS"]]
        got = exchange(method, target, more.get("headers", []), scheme=more.get("scheme", "http"), host=more.get("host", "testserver"), overrides=overrides)
        cases.append({"id": id, "method": method, "target": target, "scheme": more.get("scheme", "http"), "host": more.get("host", "testserver"), "request_headers": more.get("headers", []), "settings": settings,
                      "status": got["status"], "location": header(got, "Location"), "content_type": header(got, "Content-Type"), "content_length": header(got, "Content-Length") if not (settings.get("DEBUG") and got["status"] >= 400) else "<page>", "exception": got["exception"]})
    save("append_slash.json", {"routes": "`` known/ both both/ bare deep/a/b/ num/<int>/ caf\u00e9/ any/<path>/ /evil.example/any/ //evil.example/any/ \\\\evil.example/any/ answer 200 `ok` (written as routes, without the leading slash); gone and gone/ answer 404; raises raises Http404, raises/ answers 200; optout/ is marked never to be redirected to; stream/ length/ empty/ 204/ 304/ boom/ as named", "middleware": "CommonMiddleware alone", "defaults": "DEBUG off, APPEND_SLASH on, PREPEND_WWW off, ALLOWED_HOSTS `*`", "exception": "the class that reached the handler as a server error, or null", "content_length": "`<page>` where a DEBUG page of any length follows"}, cases=cases)


def main():
    ready()
    for step in (hosts, security_headers, conditional_get, gzip, append_slash):
        if not sys.argv[1:] or step.__name__ in sys.argv[1:]:
            step()


if __name__ == "__main__":
    main()
