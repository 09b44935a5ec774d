"""Record the absolute addresses that a request builds.

    python vectors/record_absolute_uri.py
Writes absolute_uri.json here.
"""
from stack import environ, ready, save

LOCATIONS = [
    "", "/", "/a", "/a/", "/a/b?c=d", "/a?x=1#f", "/a//b", "//", "//other.example/a", "//other.example", "///a", "////a", "/./a", "/a/./b", "/a/../b", "/a/..", "/../a", "/a/.", "/a/b/../../c", "a", "a/", "a/b", "./a", "../a", "../../a", "../../../a", ".", "..", "./", "../", "a/../b", "?x=1", "?", "#f", "#", "a?x=1", "a#f", ";p", "a;p", "/a;p", "?x=1#f",
    "http://other.example/a", "https://other.example/a", "http://testserver/b", "HTTP://other.example/a", "http:a", "http:/a", "https:/a", "http:", "http:?x=1", "http:///a", "ftp://x/a", "mailto:a@b.test", "javascript:alert(1)", "data:text/html,x", "a:b", "1a:b", "/a:b", "./a:b", "http://user:pw@other.example/", "http://[::1]/a", "http://[::1", "//[::1]/a", "//[x]/a", "http://other.example", "http://other.example?x=1", "https://OTHER.example/A",
    "/caf\u00e9", "/caf%C3%A9", "/a b", "/a%20b", "/a%", "/a%zz", "/a?x=\u00e9", "/a?x=a b", "/\"<>\\^`{|}", "/!$&'()*+,;=:@~-._", "/[a]", " /a", "/a ", "\t/a", "/a\nb", "a\tb", "\\\\other.example", "/\\other.example", "/a/b/c/", "b c", "\u00e9", "caf\u00e9/..", "a//b", "a//../b", "x/./y/", "//?x", "//#f", "/..", "/.", "/a?../b", "/a#../b", "//other.example/../a", "//other.example/a/../b",
]
PAGES = ["/", "/api/notes/", "/api/notes", "/api//notes/", "/a%3Fb/c", "/caf%C3%A9/x", "/a/b/c/d?q=1", "/a;p/b;q", "//evil.example/x", "/a/../b/"]


def main():
    from django.core.handlers.wsgi import WSGIRequest

    ready()
    cases = []
    for page in PAGES:
        for location in LOCATIONS if page == "/api/notes/" else ["", "/a", "a", "../a", "..", "?x=1", "//", "//other.example/a", "./", ";p", "a//b", "http:a"]:
            cases.append(case(WSGIRequest, page, location))
        cases.append(case(WSGIRequest, page, None))
    for location in ("", "/a", "a", "//other.example/a", "http://other.example/a", "http:a", "https:a", None):
        cases.append(case(WSGIRequest, "/api/notes/", location, scheme="https", host="testserver:8443"))
    save("absolute_uri.json", {"page": "the target of the request", "location": "what is asked for; null is the request's own address", "uri": "null where the reference raises"}, cases=cases)


def case(kind, page, location, scheme="http", host="testserver"):
    request = kind(environ("GET", page, [("Host", host)], scheme=scheme))
    try:
        uri = request.build_absolute_uri(location)
    except ValueError:
        uri = None
    return {"id": "%r on %s://%s%s" % (location, scheme, host, page), "scheme": scheme, "host": host, "page": page, "location": location, "uri": uri}


if __name__ == "__main__":
    main()
