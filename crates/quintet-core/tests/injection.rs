//! Hostile text through every door of a query: it is refused, or it is bound, or it is a name in quotes. The text of the
//! statement is one that harmless words have too.

#[allow(dead_code, reason = "other recordings are read by other tests")]
mod recorded;

use std::collections::BTreeSet;

use quintet_core::query::{
    Aggregate, Assign, Case, Compiled, Condition, Distinct, Explain, Expr, Extract, Func, Lock, Name, Order, OrderBy,
    Ordering, Outcome, Path, Query, Raw, Registry, Related, Select, Statement, Step, Truncate, Window, compile,
};
use quintet_core::schema::{Kind, Value};
use quintet_core::sql::Dialect;

const DIALECTS: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

/// What somebody may send.
fn hostile() -> Vec<String> {
    let words = [
        "'",
        "\"",
        "`",
        "''",
        "\"\"",
        "';",
        "\";",
        "' OR '1'='1",
        "\" OR \"1\"=\"1",
        "x' OR 1=1 --",
        "x\"; DROP TABLE auth_user; --",
        "1; SELECT 1",
        "--",
        "-- x",
        "/*",
        "*/",
        "/* x */",
        "#",
        ";",
        "\\",
        "\\'",
        "\\\"",
        "%",
        "%s",
        "%%",
        "%(a)s",
        "%1$s",
        "$1",
        "$2",
        "$$",
        "$a$",
        "?",
        "??",
        "?1",
        ":a",
        ":1",
        "@a",
        "{}",
        "{0}",
        "{",
        "}",
        "[",
        "]",
        "()",
        ")",
        "(",
        "a)",
        "a) OR (1=1",
        "__",
        "a__",
        "__a",
        "a__b",
        "a____b",
        "_",
        "-",
        "--a",
        "+a",
        "?-",
        "*",
        ".",
        "a.b",
        "a.\"b\"",
        "auth_user.password",
        "\"auth_user\".\"password\"",
        "password",
        "U0.id",
        "\0",
        "a\0b",
        "\u{1}",
        "a\u{1}b",
        "\u{1}\u{1}",
        "\u{2}",
        "\u{7f}",
        "\n",
        "\r\n",
        "\t",
        "a\nb",
        "a b",
        "\u{a0}",
        "\u{2028}",
        "\u{200b}",
        "\u{feff}",
        "\u{2019}",
        "\u{2018} OR 1=1",
        "\u{ff07}",
        "\u{ff02}",
        "\u{2033}",
        "\u{37e}",
        "\u{ff1b}",
        "\u{212a}ey",
        "\u{131}d",
        "\u{202e}abc",
        "e\u{301}",
        "\u{fffd}",
        "\u{10ffff}",
        "E'\\x27'",
        "U&'\\0027'",
        "0x27",
        "CHAR(39)",
        "chr(39)",
        "||pg_sleep(1)||",
        "pg_sleep(10)",
        "SELECT",
        "NULL",
        "null",
        "true",
        "DEFAULT",
        "CURRENT_USER",
        "rowid",
        "oid",
        "ctid",
        "sqlite_master",
        "year' FROM now()) --",
        "year', now()) OR 1=1 --",
        "$.a",
        "$[0]",
        "$.\"a\"",
        "a'\"$.[0]",
        "0",
        "-1",
        "00",
        "1e9",
        "99999999999999999999",
        "",
    ];
    let long = ["x'".repeat(20_000), "a".repeat(1000), "__".repeat(500), "(".repeat(1000), "\"".repeat(999)];
    words.iter().map(|word| (*word).to_owned()).chain(long).collect()
}

/// A place where text may stand.
struct Door {
    name: &'static str,
    /// Words that belong there, or that are refused: the texts of their statements are the only ones there may be.
    harmless: &'static [&'static str],
    /// What is asked with a text there.
    ask: fn(&str) -> (Query, Ask),
}

enum Ask {
    Select,
    Aggregate(Name),
    Update(Name),
}

fn product() -> Query {
    Query::of("shop", "Product")
}

fn with(steps: Vec<Step>) -> (Query, Ask) {
    let mut query = product();
    query.steps = steps;
    (query, Ask::Select)
}

fn on_specimen(step: Step) -> (Query, Ask) {
    let mut query = Query::of("shop", "Specimen");
    query.steps = vec![step];
    (query, Ask::Select)
}

fn ordered(by: OrderBy) -> (Query, Ask) {
    let mut query = product();
    query.ordering = Ordering::By(vec![by]);
    (query, Ask::Select)
}

fn f(path: &str) -> Expr {
    Expr::F(Path::from(path))
}

fn owned(text: &str) -> Name {
    text.to_owned().into()
}

fn value(text: &str) -> Expr {
    Expr::Value(Value::Text(text.to_owned()))
}

fn annotate(expr: Expr) -> (Query, Ask) {
    with(vec![Step::Annotate("x".into(), expr)])
}

fn count() -> Expr {
    Expr::Aggregate(Box::new(Aggregate { name: "Count".into(), args: vec![f("pk")], ..Aggregate::default() }))
}

fn cheap() -> Condition {
    Condition::Lookup(Path::from("products__quantity__lt"), Expr::Value(Value::Int(5)))
}

fn named(relation: &str) -> Step {
    Step::FilteredRelation(owned(relation), Path::from("products"), cheap())
}

/// Texts that are names of something: what is not among the names is refused.
const NAMES: &[Door] = &[
    Door {
        name: "a path of a filter",
        harmless: &["name"],
        ask: |text| with(vec![Step::Filter(Condition::Lookup(Path::from(text), value("x")))]),
    },
    Door {
        name: "one name of a path",
        harmless: &["name"],
        ask: |text| {
            with(vec![Step::Filter(Condition::Lookup(
                [owned("category"), owned(text)].into_iter().collect(),
                value("x"),
            ))])
        },
    },
    Door {
        name: "a lookup",
        harmless: &["exact", "gt"],
        ask: |text| {
            with(vec![Step::Filter(Condition::Lookup([owned("name"), owned(text)].into_iter().collect(), value("x")))])
        },
    },
    Door {
        name: "a path of an exclude",
        harmless: &["name"],
        ask: |text| with(vec![Step::Exclude(Condition::Lookup(Path::from(text), value("x")))]),
    },
    Door {
        name: "a lookup of a value",
        harmless: &["exact"],
        ask: |text| with(vec![Step::Filter(Condition::Compare(f("name"), Path::from(text), value("x")))]),
    },
    Door { name: "a column", harmless: &["name"], ask: |text| annotate(f(text)) },
    Door {
        name: "a column behind",
        harmless: &["name"],
        ask: |text| annotate(Expr::F([owned("category"), owned(text)].into_iter().collect())),
    },
    Door { name: "an order", harmless: &["name", "-name", "?"], ask: |text| ordered(OrderBy::parse(text)) },
    Door {
        name: "an order by one name",
        harmless: &["name", "?"],
        ask: |text| {
            ordered(OrderBy { by: Order::Path([owned(text)].into_iter().collect()), descending: false, nulls: None })
        },
    },
    Door {
        name: "distinct on",
        harmless: &["name"],
        ask: |text| {
            let mut query = product();
            query.distinct = Distinct::On(vec![Path::from(text)]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "only",
        harmless: &["name", "pk"],
        ask: |text| {
            let mut query = product();
            query.select = Select::Only(vec![Path::from(text)]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "defer",
        harmless: &["name", "pk"],
        ask: |text| {
            let mut query = product();
            query.select = Select::Defer(vec![Path::from(text)]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "related",
        harmless: &["category"],
        ask: |text| {
            let mut query = product();
            query.related = Related::Paths(vec![Path::from(text)]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "a lock's rows",
        harmless: &["self"],
        ask: |text| {
            let mut query = product();
            query.lock = Some(Lock { of: vec![Path::from(text)], ..Lock::default() });
            (query, Ask::Select)
        },
    },
    Door { name: "a model", harmless: &["Product"], ask: |text| (Query::of("shop", text.to_owned()), Ask::Select) },
    Door { name: "an app", harmless: &["shop"], ask: |text| (Query::of(text.to_owned(), "Product"), Ask::Select) },
    Door {
        name: "a function",
        harmless: &["Lower"],
        ask: |text| annotate(Expr::Func(Func { name: owned(text), args: vec![f("name")] })),
    },
    Door {
        name: "an aggregate",
        harmless: &["Count", "Max"],
        ask: |text| {
            annotate(Expr::Aggregate(Box::new(Aggregate {
                name: owned(text),
                args: vec![f("tags")],
                ..Aggregate::default()
            })))
        },
    },
    Door {
        name: "a window's function",
        harmless: &["Rank"],
        ask: |text| {
            annotate(Expr::Window(Box::new(Window {
                of: Expr::Func(Func { name: owned(text), args: vec![] }),
                partition_by: vec![],
                order_by: vec![OrderBy::parse("name")],
                frame: None,
            })))
        },
    },
    Door {
        name: "a part to extract",
        harmless: &["year"],
        ask: |text| annotate(Expr::Extract(Box::new(Extract { part: owned(text), of: f("created_at"), zone: None }))),
    },
    Door {
        name: "a part to truncate to",
        harmless: &["year"],
        ask: |text| {
            annotate(Expr::Truncate(Box::new(Truncate {
                part: owned(text),
                of: f("created_at"),
                zone: None,
                kind: None,
            })))
        },
    },
    Door { name: "a changed field", harmless: &["name"], ask: |text| (product(), Ask::Update(owned(text))) },
    Door {
        name: "the relation of a filtered relation",
        harmless: &["products"],
        ask: |text| {
            let mut query = Query::of("shop", "Category");
            query.steps = vec![
                Step::FilteredRelation("x".into(), Path::from(text), Condition::And(vec![])),
                Step::Filter(Condition::Lookup(Path::from("x__isnull"), Expr::Value(Value::Bool(true)))),
            ];
            (query, Ask::Select)
        },
    },
    Door {
        name: "a path out of a subquery",
        harmless: &["pk"],
        ask: |text| {
            let mut inner = product();
            inner.steps = vec![Step::Filter(Condition::Lookup(Path::from("pk"), Expr::Outer(Path::from(text))))];
            annotate(Expr::Exists(Box::new(inner)))
        },
    },
];

/// Texts that become a name of the statement's own: refused, or a name in quotes.
const OWN_NAMES: &[Door] = &[
    Door { name: "an annotation", harmless: &["xyz"], ask: |text| with(vec![Step::Annotate(owned(text), f("price"))]) },
    Door {
        name: "an annotation that is ordered by",
        harmless: &["xyz", "?"],
        ask: |text| {
            let (mut query, ask) = with(vec![Step::Annotate(owned(text), f("price"))]);
            query.ordering = Ordering::By(vec![OrderBy {
                by: Order::Path([owned(text)].into_iter().collect()),
                descending: true,
                nulls: None,
            }]);
            (query, ask)
        },
    },
    Door {
        name: "an alias",
        harmless: &["xyz"],
        ask: |text| {
            with(vec![
                Step::Alias(owned(text), f("price")),
                Step::Filter(Condition::Lookup([owned(text)].into_iter().collect(), Expr::Value(Value::Int(1)))),
            ])
        },
    },
    Door {
        name: "a value's name",
        harmless: &["xyz"],
        ask: |text| with(vec![Step::Values(vec![(owned(text), f("price"))])]),
    },
    Door {
        name: "a group's name",
        harmless: &["xyz"],
        ask: |text| {
            with(vec![Step::Values(vec![("status".into(), f("status"))]), Step::Annotate(owned(text), count())])
        },
    },
    Door { name: "an aggregate's name", harmless: &["xyz"], ask: |text| (product(), Ask::Aggregate(owned(text))) },
    Door {
        name: "a filtered relation",
        harmless: &["xyz"],
        ask: |text| {
            let mut query = Query::of("shop", "Category");
            query.steps = vec![
                named(text),
                Step::Filter(Condition::Lookup(
                    [owned(text), owned("isnull")].into_iter().collect(),
                    Expr::Value(Value::Bool(false)),
                )),
            ];
            (query, Ask::Select)
        },
    },
    Door {
        name: "a filtered relation that is ordered by",
        harmless: &["xyz"],
        ask: |text| {
            let mut query = Query::of("shop", "Category");
            query.steps = vec![named(text)];
            query.ordering = Ordering::By(vec![OrderBy {
                by: Order::Path([owned(text), owned("name")].into_iter().collect()),
                descending: false,
                nulls: None,
            }]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "a collation",
        harmless: &["xyz"],
        ask: |text| annotate(Expr::Collate(Box::new(f("name")), owned(text))),
    },
];

/// Texts that are values, and keys of documents: bound, so that the statement is always the same.
const VALUES: &[Door] = &[
    Door {
        name: "a value",
        harmless: &["xyz"],
        ask: |text| with(vec![Step::Filter(Condition::Lookup(Path::from("name"), value(text)))]),
    },
    Door {
        name: "a pattern",
        harmless: &["xyz"],
        ask: |text| with(vec![Step::Filter(Condition::Lookup(Path::from("name__icontains"), value(text)))]),
    },
    Door {
        name: "a regular expression",
        harmless: &["xyz"],
        ask: |text| with(vec![Step::Filter(Condition::Lookup(Path::from("name__regex"), value(text)))]),
    },
    Door {
        name: "one of a list",
        harmless: &["xyz"],
        ask: |text| {
            with(vec![Step::Filter(Condition::Lookup(
                Path::from("name__in"),
                Expr::Value(Value::List(vec![Value::Text(text.to_owned())])),
            ))])
        },
    },
    Door { name: "a constant", harmless: &["xyz"], ask: |text| annotate(value(text)) },
    Door {
        name: "a case's value",
        harmless: &["xyz"],
        ask: |text| {
            annotate(Expr::Case(Box::new(Case {
                cases: vec![(Condition::Lookup(Path::from("name"), value(text)), value(text))],
                default: Some(value(text)),
            })))
        },
    },
    Door {
        name: "a function's argument",
        harmless: &["xyz"],
        ask: |text| {
            annotate(Expr::Func(Func { name: "Replace".into(), args: vec![f("name"), value(text), value(text)] }))
        },
    },
    Door {
        name: "a delimiter of strings",
        harmless: &["xyz"],
        ask: |text| {
            annotate(Expr::Aggregate(Box::new(Aggregate {
                name: "StringAgg".into(),
                args: vec![f("tags__label"), value(text)],
                ..Aggregate::default()
            })))
        },
    },
    Door {
        name: "a key of a document",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            on_specimen(Step::Filter(Condition::Lookup(
                [owned("json"), owned(text), owned("exact")].into_iter().collect(),
                value("x"),
            )))
        },
    },
    Door {
        name: "a key of a document that is given",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            on_specimen(Step::Annotate("x".into(), Expr::F([owned("json"), owned(text)].into_iter().collect())))
        },
    },
    Door {
        name: "a key of a document, compared",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            on_specimen(Step::Filter(Condition::Lookup(
                [owned("json"), owned(text), owned("icontains")].into_iter().collect(),
                value("x"),
            )))
        },
    },
    Door {
        name: "a key of a document, as a value's name",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            let (query, ask) = on_specimen(Step::Values(vec![(
                "x".into(),
                Expr::F([owned("json"), owned(text)].into_iter().collect()),
            )]));
            (query, ask)
        },
    },
    Door {
        name: "an order by a key of a document",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            let mut query = Query::of("shop", "Specimen");
            query.ordering = Ordering::By(vec![OrderBy {
                by: Order::Path([owned("json"), owned(text)].into_iter().collect()),
                descending: false,
                nulls: None,
            }]);
            (query, Ask::Select)
        },
    },
    Door {
        name: "a key that is asked for",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| on_specimen(Step::Filter(Condition::Lookup(Path::from("json__has_key"), value(text)))),
    },
    Door {
        name: "keys that are asked for",
        harmless: &["xyz", "0", "7", "-1"],
        ask: |text| {
            on_specimen(Step::Filter(Condition::Lookup(
                Path::from("json__has_any_keys"),
                Expr::Value(Value::List(vec![Value::Text(text.to_owned())])),
            )))
        },
    },
    Door {
        name: "a value of raw SQL",
        harmless: &["xyz"],
        ask: |text| annotate(Expr::Raw(Raw { sql: "upper(?)".into(), values: vec![Value::Text(text.to_owned())] })),
    },
    Door {
        name: "a text as another kind",
        harmless: &["xyz"],
        ask: |text| annotate(Expr::Cast(Box::new(value(text)), Box::new(Kind::Integer))),
    },
    Door {
        name: "a time zone",
        harmless: &["Europe/Berlin", "UTC"],
        ask: |text| {
            annotate(Expr::Extract(Box::new(Extract {
                part: "year".into(),
                of: f("created_at"),
                zone: Some(owned(text)),
            })))
        },
    },
    Door {
        name: "a time zone of a truncation",
        harmless: &["Europe/Berlin", "UTC"],
        ask: |text| {
            annotate(Expr::Truncate(Box::new(Truncate {
                part: "day".into(),
                of: f("created_at"),
                zone: Some(owned(text)),
                kind: None,
            })))
        },
    },
];

/// The statement, or nothing where it is refused.
fn sql(registry: &Registry, dialect: Dialect, door: &Door, text: &str) -> Option<String> {
    let (query, ask) = (door.ask)(text);
    let one = count();
    let outcome = match ask {
        Ask::Select => compile(registry, dialect, &Statement::Select(&query)),
        Ask::Aggregate(name) => compile(registry, dialect, &Statement::Aggregate(&query, &[(name, one)])),
        Ask::Update(field) => {
            compile(registry, dialect, &Statement::Update(&query, &[Assign { field, value: value("x") }]))
        }
    };
    match outcome {
        Ok(Outcome::Sql(Compiled { sql, .. })) => Some(sql),
        Ok(Outcome::Split(split)) => Some(split.keys.sql),
        Ok(Outcome::Nothing) => Some("nothing".to_owned()),
        Err(_) => None,
    }
}

#[test]
fn words_of_explain_come_out_of_a_table_or_not_at_all() {
    let known: BTreeSet<&str> =
        ["EXPLAIN (FORMAT json) ", "EXPLAIN (ANALYZE true) ", "EXPLAIN (SERIALIZE text) ", "EXPLAIN (COSTS false) "]
            .into();
    let harmless = ["json", "true", "text", "false"];
    let ways: [fn(&str) -> Explain; 6] = [
        |text| Explain::new().format(text.to_owned()),
        |text| Explain::new().option(text.to_owned(), "true"),
        |text| Explain::new().option(text.to_owned(), text.to_owned()),
        |text| Explain::new().option("analyze", text.to_owned()),
        |text| Explain::new().option("serialize", text.to_owned()),
        |text| Explain::new().option("costs", text.to_owned()),
    ];
    for dialect in DIALECTS {
        for text in hostile() {
            for (number, way) in ways.iter().enumerate() {
                let prefix = way(&text).prefix(dialect);
                // `true` is among what may be sent, and a value.
                let is_value = text == "true" && number > 2 && dialect == Dialect::Postgres;
                assert!(prefix.is_err() || is_value, "{text:?} ({number}): {prefix:?}");
            }
        }
    }
    for (word, way) in harmless.iter().zip([ways[0], ways[3], ways[4], ways[5]]) {
        assert!(known.contains(way(word).prefix(Dialect::Postgres).expect("a word of the table").as_str()), "{word}");
    }
}

fn registry() -> Registry {
    Registry::new(&recorded::models_of_queries(), "UTC").expect("good models")
}

/// Puts every hostile text through a door; tells what came out that harmless words do not give.
fn strange(registry: &Registry, door: &Door, written: fn(&str, &str) -> String) -> Vec<String> {
    let mut strange = vec![];
    for dialect in DIALECTS {
        let texts = |word: &&str| sql(registry, dialect, door, word).map(|sql| written(&sql, word));
        let known: BTreeSet<String> = door.harmless.iter().filter_map(texts).collect();
        for text in hostile() {
            let Some(sql) = sql(registry, dialect, door, &text) else { continue };
            if !known.contains(&written(&sql, &text)) {
                strange.push(format!("{dialect:?}, {}: {:.80}\n    {sql:.600}", door.name, format!("{text:?}")));
            }
        }
    }
    strange
}

fn as_it_is(sql: &str, _: &str) -> String {
    sql.to_owned()
}

/// The same statement with the name, in quotes, taken out.
fn without_the_name(sql: &str, name: &str) -> String {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    // Where a name may stand: not in the middle of `"table"."column"`.
    let sql = sql.replace(&format!(" {quoted}"), " <name>");
    sql.replace(&format!("({quoted}"), "(<name>")
}

#[test]
fn what_is_no_name_is_refused() {
    let registry = registry();
    // Some hostile words are names after all: keys of what is there.
    let strange: Vec<String> = NAMES.iter().flat_map(|door| strange(&registry, door, as_it_is)).collect();
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

#[test]
fn a_name_of_its_own_is_refused_or_stays_in_quotes() {
    let registry = registry();
    let strange: Vec<String> = OWN_NAMES.iter().flat_map(|door| strange(&registry, door, without_the_name)).collect();
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

#[test]
fn values_and_keys_of_documents_are_bound() {
    let registry = registry();
    let strange: Vec<String> = VALUES.iter().flat_map(|door| strange(&registry, door, as_it_is)).collect();
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

#[test]
fn harmless_words_are_taken_at_every_door() {
    let registry = registry();
    for door in NAMES.iter().chain(OWN_NAMES).chain(VALUES) {
        let taken = DIALECTS.iter().any(|dialect| sql(&registry, *dialect, door, door.harmless[0]).is_some());
        assert!(taken, "{}: `{}` is refused", door.name, door.harmless[0]);
    }
}

/// No statement of this query, on either database, however it is asked.
fn is_refused((query, _): &(Query, Ask)) -> bool {
    let registry = registry();
    DIALECTS.iter().all(|dialect| compile(&registry, *dialect, &Statement::Select(query)).is_err())
}

fn door(name: &str) -> &'static Door {
    NAMES.iter().chain(OWN_NAMES).chain(VALUES).find(|door| door.name == name).expect("a door of this name")
}

/// What a hostile and a harmless text give at a door is one statement.
fn is_bound(name: &str, text: &str) -> bool {
    let registry = registry();
    let sql = |text: &str| DIALECTS.map(|dialect| sql(&registry, dialect, door(name), text));
    sql(text) == sql("xyz")
}

#[test]
fn cve_2019_14234_a_key_of_a_document_is_a_value() {
    assert!(is_bound("a key of a document", "a' = '1' OR 1=1 OR '"));
    assert!(is_bound("a key of a document that is given", "a') OR 1=1 --"));
}

#[test]
fn cve_2020_7471_a_delimiter_of_strings_is_a_value() {
    assert!(is_bound("a delimiter of strings", "-') AS x FROM auth_user; DROP TABLE auth_user; --"));
}

#[test]
fn cve_2021_35042_an_order_is_looked_up() {
    for text in [
        "shop_product.price",
        "shop_product.price; DROP TABLE auth_user",
        "\"shop_product\".\"price\"",
        "(SELECT 1)",
        "-auth_user.password",
    ] {
        assert!(is_refused(&(door("an order").ask)(text)), "{text}");
    }
}

#[test]
fn cve_2022_28346_an_annotation_has_a_plain_name() {
    for text in ["x\"; DROP TABLE auth_user; --", "x y", "x;", "x'", "x/*", "x--", "x#", "x`", "x\n", "x]"] {
        for name in ["an annotation", "an alias", "a value's name", "a group's name"] {
            assert!(is_refused(&(door(name).ask)(text)), "{name}: {text}");
        }
        let registry = registry();
        let refused =
            DIALECTS.iter().all(|dialect| sql(&registry, *dialect, door("an aggregate's name"), text).is_none());
        assert!(refused, "an aggregate's name: {text}");
    }
}

#[test]
fn cve_2022_34265_a_part_of_a_date_is_one_of_a_list() {
    for text in ["year' FROM now())) OR 1=1 --", "year', now())) OR 1=1 --", "YEAR;", "epoch'"] {
        assert!(is_refused(&(door("a part to extract").ask)(text)), "{text}");
        assert!(is_refused(&(door("a part to truncate to").ask)(text)), "{text}");
    }
}

#[test]
fn cve_2024_42005_a_key_of_a_document_names_no_column() {
    // Whoever chooses fields by path chooses the column's name with it.
    for text in ["json__a\"; DROP TABLE auth_user; --", "json__a\" FROM auth_user --", "json__'"] {
        let step = Step::Values(vec![(owned(text), f(text))]);
        let (query, _) = on_specimen(step);
        for dialect in DIALECTS {
            let Ok(Outcome::Sql(Compiled { sql, .. })) = compile(&registry(), dialect, &Statement::Select(&query))
            else {
                continue;
            };
            assert!(!sql.contains("DROP") && !sql.contains("FROM auth_user --") && !sql.contains("__'"), "{sql}");
        }
    }
}

#[test]
fn cve_2024_53908_a_key_that_is_asked_for_is_a_value() {
    assert!(is_bound("a key that is asked for", "a') OR 1=1 --"));
    assert!(is_bound("a key that is asked for", "a\"]') OR 1=1 --"));
}

#[test]
fn cve_2025_57833_a_filtered_relation_has_a_plain_name() {
    for text in ["x\"; DROP TABLE auth_user; --", "x y", "x\"", "x;"] {
        assert!(is_refused(&(door("a filtered relation").ask)(text)), "{text}");
    }
}

#[test]
fn cve_2025_13372_a_filtered_relation_has_a_plain_name_in_every_dialect() {
    for text in ["x$", "x$1", "x\u{1}", "x%", "x?", "x\\"] {
        let known = strange(&registry(), door("a filtered relation"), without_the_name);
        assert!(known.is_empty(), "{text}: {known:?}");
    }
}

#[test]
fn cve_2025_59681_an_alias_has_no_quotes_of_other_databases() {
    for text in ["x` FROM auth_user --", "`", "x`y"] {
        assert!(is_refused(&(door("an annotation").ask)(text)), "{text}");
        assert!(is_refused(&(door("an alias").ask)(text)), "{text}");
    }
}

#[test]
fn cve_2025_64459_a_connector_is_no_name_of_a_filter() {
    for text in ["_connector", "_negated", "connector"] {
        assert!(is_refused(&(door("a path of a filter").ask)(text)), "{text}");
        assert!(is_refused(&(door("a path of an exclude").ask)(text)), "{text}");
    }
}

#[test]
fn cve_2026_1287_an_alias_has_no_control_characters() {
    for text in ["x\0", "x\u{1}", "x\u{7f}", "x\u{85}", "x\u{9f}", "x\u{1b}"] {
        for name in ["an annotation", "an alias", "a filtered relation"] {
            assert!(is_refused(&(door(name).ask)(text)), "{name}: {text:?}");
        }
    }
}

#[test]
fn cve_2026_1312_a_filtered_relation_has_no_dot() {
    for name in ["a filtered relation", "a filtered relation that is ordered by"] {
        assert!(is_refused(&(door(name).ask)("shop_product.price")), "{name}");
    }
}
