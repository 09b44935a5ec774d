//! A front end: files and their variants, pages for addresses, and what it leaves to the server.

use std::sync::Arc;

use bytes::Bytes;

use super::harness::{Answer, Ask, ask, get, options, site};
use crate::assets::{Assets, FrontEnd, STRICT_POLICY, pack, unpack};
use crate::http::{Request, Response, Result};
use crate::middleware::CommonMiddleware;
use crate::urls::Urls;
use crate::{SiteOptions, view};

fn routes() -> Urls {
    crate::urls![
        include("api/", crate::urls![path("notes/", view::get(own)), path("<int:id>/", view::get(own))]),
        path("feeds/atom.xml", view::get(own)),
        re_path(r"^old/(?P<name>\w+)/$", view::get(own)),
    ]
}

async fn own(_: &Request) -> Result<Response> {
    Ok(Response::text("a view"))
}

fn with_frontend() -> SiteOptions {
    let files = [
        ("index.html", "<p>page"),
        ("index.html.gz", "page, gzipped"),
        ("icon.svg", "<svg/>"),
        ("assets/app-1a2b.js", "script"),
        ("assets/app-1a2b.js.br", "script, by brotli"),
        ("assets/app-1a2b.js.gz", "script, gzipped"),
    ];
    let files = files.map(|(name, content)| (name.to_owned(), Bytes::from_static(content.as_bytes())));
    let mut options = options(routes);
    options.frontend = Some(FrontEnd::Built(Arc::new(Assets::new(files, STRICT_POLICY))));
    options
}

fn answered(ask: &Ask) -> Answer {
    ask.to(&site(with_frontend()))
}

/// A browser that goes to an address.
fn visit(path: &str) -> Ask {
    get(path).header("sec-fetch-mode", "navigate").header("accept", "text/html,*/*;q=0.8")
}

#[test]
fn every_address_that_no_route_takes_is_a_page() {
    for path in ["/", "/login", "/notes/7/edit", "/reset-password/MQ/abc-def", "/index.html", "/apis"] {
        let answer = answered(&visit(path));
        assert_eq!((answer.code(), answer.text().as_str()), (200, "<p>page"), "{path}");
        let types: Vec<_> = answer.headers.get_all("content-type").iter().collect();
        assert_eq!(types, ["text/html; charset=utf-8"]);
        assert_eq!(answer.header("content-security-policy"), Some(STRICT_POLICY));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
    }
}

#[test]
fn a_front_end_that_is_not_built_says_so_at_the_root_and_nowhere_else() {
    let unbuilt = |ask: &Ask| {
        let mut options = options(routes);
        options.frontend = Some(FrontEnd::Unbuilt);
        ask.to(&site(options))
    };
    let page = unbuilt(&visit("/"));
    assert_eq!(page.code(), 404);
    assert!(page.text().contains("<h1>The front end is not built</h1>"), "{}", page.text());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for other in [visit("/login"), get("/").header("accept", "*/*"), get("/").header("sec-fetch-mode", "cors")] {
        assert!(!unbuilt(&other).text().contains("front end"));
    }
    assert_eq!(unbuilt(&visit("/api/notes/")).text(), "a view");
}

#[test]
fn views_are_never_hidden() {
    for path in ["/api/notes/", "/api/7/", "/feeds/atom.xml", "/old/x/"] {
        assert_eq!(answered(&visit(path)).text(), "a view", "{path}");
    }
}

#[test]
fn an_address_below_the_servers_is_never_a_page() {
    for path in ["/api", "/api/", "/api/typo/", "/api/index.html", "/feeds/", "/old/"] {
        assert_eq!(answered(&visit(path)).code(), 404, "{path}");
    }
}

#[test]
fn a_script_that_asks_for_what_is_not_there_is_told_so() {
    for path in ["/assets/gone.js", "/data.json", "/login"] {
        assert_eq!(answered(&get(path).header("accept", "*/*")).code(), 404, "{path}");
        let fetched = get(path).header("sec-fetch-mode", "cors").header("accept", "text/html");
        assert_eq!(answered(&fetched).code(), 404, "{path}");
    }
}

#[test]
fn a_page_is_only_read() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(answered(&ask(method, "/login").header("accept", "text/html")).code(), 404, "{method}");
    }
    let head = answered(&ask("HEAD", "/login").header("accept", "text/html"));
    assert_eq!((head.code(), head.header("content-length"), head.text().as_str()), (200, Some("7"), ""));
}

#[test]
fn a_file_whose_name_tells_its_content_is_kept_for_good() {
    let answer = answered(&get("/assets/app-1a2b.js"));
    assert_eq!((answer.code(), answer.text().as_str()), (200, "script"));
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answered(&get("/icon.svg")).header("cache-control"), Some("no-cache"));
}

#[test]
fn a_browser_gets_the_smallest_variant_that_it_takes() {
    for (accepted, coding, text) in [
        ("gzip, deflate, br, zstd", Some("br"), "script, by brotli"),
        ("gzip, br;q=0", Some("gzip"), "script, gzipped"),
        ("GZIP;q=0.5", Some("gzip"), "script, gzipped"),
        ("identity", None, "script"),
    ] {
        let answer = answered(&get("/assets/app-1a2b.js").header("accept-encoding", accepted));
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (coding, text), "{accepted}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    }
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    for accepted in ["br", "gzip", ""] {
        let asked = get("/assets/app-1a2b.js").header("accept-encoding", accepted);
        let etag = answered(&asked).header("etag").unwrap().to_owned();
        for tag in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}")] {
            let again = answered(&asked.clone().header("if-none-match", &tag));
            assert_eq!((again.code(), again.text().as_str()), (304, ""), "{tag}");
        }
        assert_eq!(answered(&asked.header("if-none-match", "\"other\"")).code(), 200);
    }
}

#[test]
fn the_variants_of_a_file_are_no_files_of_their_own() {
    assert_eq!(answered(&get("/assets/app-1a2b.js.gz")).code(), 404);
}

#[test]
fn names_lead_to_files_of_the_front_end_and_nowhere_else() {
    for path in
        ["/../etc/passwd", "/%2e%2e/etc/passwd", "/assets/../icon.svg", "/assets%2fapp-1a2b.js%00", "//icon.svg/"]
    {
        assert_eq!(answered(&get(path)).code(), 404, "{path}");
    }
}

#[test]
fn a_missing_slash_of_a_view_is_still_put_right() {
    let mut options = with_frontend();
    options.middleware = vec![CommonMiddleware.into()];
    let answer = visit("/api/notes").to(&site(options));
    assert_eq!((answer.code(), answer.header("location")), (301, Some("/api/notes/")));
}

#[test]
fn a_pack_gives_back_what_was_put_in() {
    let files = vec![("a/b.js".to_owned(), vec![0, 1, 255]), ("é".to_owned(), Vec::new())];
    let packed: &'static [u8] = pack(&files).leak();
    let read = unpack(packed).unwrap();
    let read: Vec<_> = read.into_iter().map(|(name, content)| (name, content.to_vec())).collect();
    assert_eq!(read, files);
    for end in 1..packed.len() {
        let whole = unpack(&packed[..end]);
        assert!(whole.is_err() || whole.unwrap().len() < files.len(), "{end}");
    }
}
