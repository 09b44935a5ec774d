//! Query strings that strangers make up, put to every list of the conformance application that can be filtered, searched,
//! ordered or divided into pages, on both databases: whatever is asked, no answer is a 5xx.

use std::net::SocketAddr;

use quintet_tests::databases::{Scratch, each};
use quintet_tests::support::{Client, Random, Server, checkout, scale};

/// Paths below `/api/`, with the parameters that they read.
const LISTS: [(&str, &[&str]); 14] = [
    (
        "shop/products/",
        &[
            "status",
            "status__in",
            "price",
            "price__gte",
            "price__lte",
            "price__range",
            "name__icontains",
            "category",
            "category__slug",
            "tags",
            "released_on",
            "released_on__year",
            "released_on__isnull",
            "quantity__gt",
            "search",
            "ordering",
            "page",
            "page_size",
            "format",
        ],
    ),
    (
        "gallery/filter/moments/",
        &[
            "at",
            "at__lt",
            "at__gte",
            "at__date",
            "at__year",
            "at__month",
            "at__day",
            "at__hour",
            "at__range",
            "at__isnull",
            "day",
            "day__week_day",
            "day__in",
            "hour",
            "hour__gt",
            "span",
            "span__lte",
            "name",
            "name__in",
            "name__iexact",
            "name__endswith",
            "name__regex",
        ],
    ),
    (
        "gallery/filter/albums/",
        &[
            "title",
            "cheap",
            "price_min",
            "price_max",
            "year",
            "since",
            "between_after",
            "between_before",
            "undated",
            "label",
            "labels",
            "artists",
            "country",
            "countries",
            "long",
            "not_title",
            "order",
        ],
    ),
    (
        "gallery/filter/listed/",
        &["artist", "title", "released", "price", "labels", "search", "ordering", "limit", "offset"],
    ),
    ("gallery/filter/own/", &["least", "limit", "offset"]),
    ("gallery/search/contains/", &["search", "ordering"]),
    ("gallery/search/regex/", &["search"]),
    ("gallery/search/related/", &["search"]),
    ("gallery/search/lookup/", &["search"]),
    ("gallery/search/mixed/", &["search"]),
    ("gallery/order/related/", &["search", "ordering"]),
    ("gallery/pages/two/", &["page"]),
    ("gallery/pages/windows/", &["limit", "offset"]),
    ("gallery/pages/cursors/", &["at"]),
];

/// Values at the edges of what columns and languages hold.
fn values() -> Vec<String> {
    let told = [
        "",
        " ",
        "1",
        "0",
        "-1",
        "1,",
        ",1",
        ",",
        ",,",
        "1,2",
        "1,2,3",
        "null",
        "None",
        "true",
        "False",
        "unknown",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1e400",
        "1e999999999",
        "-1e-999999999",
        "NaN",
        "Infinity",
        "-inf",
        "1.5",
        "0x10",
        "1_0",
        "١٢",
        "2024-02-30",
        "2024-02-29",
        "0000-01-01",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "-0001-01-01",
        "2024-01-01T24:00:00",
        "2024-03-31T02:30:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2024-01-01T00:00:00.123456789Z",
        "2024-01-01 00:00,2024-01-02 00:00",
        "2024-01-01,",
        ",2024-01-01",
        "23:59:60",
        "24:00",
        "12:00:00+01:00",
        "00:00",
        "P1D",
        "-P1000000000D",
        "999999999 23:59:59",
        "106751992 00:00:00",
        "00000000-0000-0000-0000-000000000000",
        "%00",
        "a%00b",
        "%00,%00",
        "%FF",
        "%C3",
        "%ED%A0%80",
        "%F4%90%80%80",
        "%E2%80%AE",
        "'",
        "\"",
        "\\",
        "%25",
        "_",
        "%25_%5C",
        "a'--",
        "'; DROP TABLE x",
        "(",
        "[",
        "*",
        "a{99999}",
        "(a*)*b",
        "(?i)a",
        "(?=a)",
        "\\1",
        "%5Cu0000",
        "\\x",
        "[[:alpha:]]",
        "$",
        "^",
        "-",
        "--id",
        "-pk",
        "pk",
        "id",
        "-id,-id",
        "password",
        "author__password",
        "id__in",
        "?",
        "*,id",
        "last",
        "first",
        "cD0=",
        "cD0lMDA=",
        "cj0xJnA9MQ==",
        "bz0tMQ==",
        "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
        "====",
        "json",
        "csv",
    ];
    let mut all: Vec<String> =
        told.map(|value| value.replace(' ', "%20").replace('"', "%22").replace('\\', "%5C")).to_vec();
    all.extend([
        "9".repeat(400),
        "9".repeat(5000),
        "x".repeat(10_000),
        "%C3%A9".repeat(3000),
        "1,".repeat(5000),
        "a ".repeat(4000).replace(' ', "+"),
        "(".repeat(10_000),
        format!("0.{}1", "0".repeat(9000)),
        "\u{661}".repeat(20),
    ]);
    all
}

/// The application on a database that has the oracle's rows.
fn started(database: &Scratch) -> Server {
    let mut start = database.conformance();
    start.args(["serve", "127.0.0.1:0"]).env("PROFILE", "gallery");
    Server::start(&mut start)
}

fn filled(database: &Scratch) {
    let said = quintet_tests::support::run(database.conformance().arg("migrate").env("PROFILE", "gallery"));
    assert_eq!(said.code, 0, "{said:?}");
    // Only inserts of the applications' own rows: the tables are there, and what a migration writes too.
    let fixture = std::fs::read_to_string(checkout().join("oracle/fixtures/gallery.sql")).expect("the oracle's rows");
    let mine = |statement: &&str| {
        ["INSERT INTO \"gallery_", "INSERT INTO \"shop_", "INSERT INTO \"auth_user\""]
            .iter()
            .any(|begin| statement.starts_with(begin))
    };
    if database.is_sqlite() {
        // By statements: a text may have several lines.
        let rows: String = fixture.split_inclusive(";\n").filter(mine).collect();
        database.script(&format!("PRAGMA foreign_keys = OFF; {rows}"));
    }
}

/// Asks, again on a new connection where the server closed the old one; gives the status.
fn status(client: &mut Option<Client>, address: SocketAddr, target: &str) -> (u16, String) {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for _ in 0..2 {
        let mut open = client.take().unwrap_or_else(|| Client::new(address).expect("a connection"));
        if let Ok(answer) = open.ask(&request) {
            *client = Some(open);
            return (answer.status, answer.body);
        }
    }
    panic!("no answer to {target:.300}");
}

/// In a URL everything beyond ASCII is escaped.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn no_query_string_of_a_list_is_the_servers_fault() {
    let (values, mut random) = (values(), Random::of("no_query_string_of_a_list_is_the_servers_fault"));
    for database in each() {
        filled(&database);
        let server = started(&database);
        let (mut client, mut faults) = (None, vec![]);
        let mut ask = |target: String| {
            let (status, body) = status(&mut client, server.address(), &target);
            if status >= 500 {
                faults.push(format!("{status} {target:.200} {body:.200}"));
            }
            status
        };
        for (path, names) in LISTS {
            assert_eq!(ask(format!("/api/{path}")), 200, "{path}");
            for name in names {
                for value in &values {
                    ask(format!("/api/{path}?{name}={}", escaped(value)));
                }
            }
            for _ in 0..60 * scale() {
                let some: Vec<String> = (0..=random.below(4))
                    .map(|_| format!("{}={}", random.one_of(names), escaped(random.one_of::<String>(&values))))
                    .filter(|pair| pair.len() < 3000)
                    .collect();
                ask(format!("/api/{path}?{}", some.join("&")));
            }
        }
        assert!(faults.is_empty(), "{}:\n{}", database.url, faults.join("\n"));
    }
}
