"""Record which addresses a redirect takes and how its Location is written, of Django's redirect responses.

    python vectors/record_redirects.py
Writes redirects.json here.
"""
from stack import exchange, header, ready, save, urls

LOCATIONS = [
    ("path", "/x/"), ("relative path", "x/?a=b#c"), ("empty", ""), ("query alone", "?a=1"), ("two slashes", "//other.test/x"), ("three slashes", "///other.test/x"),
    ("http", "http://other.test/"), ("https", "https://other.test/"), ("ftp", "ftp://other.test/"), ("HTTPS in capitals", "HTTPS://other.test/"), ("mixed case", "hTtP://other.test/"), ("http without slashes", "http:x"),
    ("javascript", "javascript:alert(1)"), ("JavaScript in mixed case", "JavaScript:alert(1)"), ("javascript with a leading space", " javascript:alert(1)"), ("javascript with a control character before", "\x01javascript:alert(1)"), ("javascript with a tab in it", "java\tscript:alert(1)"), ("javascript with a newline in it", "java\nscript:alert(1)"), ("javascript with a NUL in it", "java\x00script:alert(1)"), ("javascript with a no-break space before", "\u00a0javascript:alert(1)"),
    ("javascript percent-encoded", "javascript%3Aalert(1)"), ("data", "data:text/html,x"), ("mailto", "mailto:a@b.test"), ("file", "file:///etc/passwd"), ("ws", "ws://other.test/"), ("tel", "tel:+1"), ("an app's own scheme", "com.example.app:/done"), ("scheme with digits and signs", "a1+-.:x"), ("ssh", "ssh://other.test/"),
    ("a colon in a relative path", "a_b:c"), ("a colon behind a digit", "1a:b"), ("a colon first", ":x"), ("a colon in the path", "/x:y"), ("a scheme that is not ASCII", "\u00e9:x"), ("host and port", "localhost:8000/x"), ("blank then http", "  http://other.test/"),
    ("Latin letters", "/caf\u00e9/"), ("a space", "/a b/"), ("a newline", "/a\nSet-Cookie: b=1"), ("carriage return and newline", "/a\r\nX: y"), ("a quote", '/a"b'), ("percent", "/a%20b%zz"), ("host that is not ASCII", "https://\u00e9.test/"),
    ("IPv6", "http://[::1]/"), ("open bracket alone", "http://[::1/"), ("close bracket alone", "http://::1]/"), ("IPv4 in brackets", "http://[1.2.3.4]/"), ("future address", "http://[v1.x]/"), ("bad future address", "http://[v.x]/"), ("brackets in the path", "/[x"), ("name in brackets", "//[x]/"),
    ("account-of sign in the host", "http://a\u2100b.test/"), ("full-width colon in the host", "http://a\uff1ab.test/"), ("full-width at sign in the host", "http://a\uff20b.test/"), ("full-width letter in the host", "http://\uff41.test/"), ("full-width colon in the path", "/\uff1a"), ("vertical colon in the host", "http://a\ufe13b.test/"),
]
# id, begin, count of letters `a` behind it
LONG = [("2048 characters", "/", 2047), ("2049 characters", "/", 2048), ("16384 characters", "/", 16383), ("16385 characters", "/", 16384), ("16384 characters of two bytes", "/" + "\u00e9" * 100, 16283), ("16385 with a host", "https://other.test/", 16366), ("too long and javascript", "javascript:", 16384)]


def main():
    ready()
    from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
    from django.urls import path

    wanted = {}
    urls([path("found/", lambda request: HttpResponseRedirect(wanted["location"])), path("moved/", lambda request: HttpResponsePermanentRedirect(wanted["location"]))])
    cases = []
    for id, location, fill in [(id, location, 0) for id, location in LOCATIONS] + LONG:
        for target in ("found", "moved"):
            wanted["location"] = location + "a" * fill
            got = exchange("GET", "/%s/" % target)
            answer = header(got, "Location")
            cases.append({"id": "%s, %s" % (target, id), "target": target, "location": location, "fill": fill, "status": got["status"], "answer": answer if fill == 0 else None, "exception": got["exception"]})
    save("redirects.json", {"target": "`found` is HttpResponseRedirect, `moved` HttpResponsePermanentRedirect", "location": "the address that is redirected to", "fill": "so many letters `a` stand behind it", "answer": "the Location header; null where there is none, and for the long ones", "exception": "what the handler met, if anything"}, cases=cases)


if __name__ == "__main__":
    main()
