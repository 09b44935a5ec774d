//! The reference's answers, recorded by `oracle/vectors/record_routing.py`, and what the reference cannot tell.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dialect::Refusal;
use super::pattern::{Kind, Pattern, Problem};
use super::tree::Resolved;
use super::*;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracle/vectors/routing.json"));

#[test]
fn every_recorded_path_resolves_as_recorded() {
    let (vectors, trees) = (vectors(), trees());
    let mut wrong = Wrong::default();
    for case in list(&vectors["resolve"]) {
        let path = text(&case["path"]);
        let tree = &trees[text(&case["tree"])];
        wrong.unless_equal(case, &shown(tree.resolve(path).as_ref()), &case["match"]);
    }
    wrong.report(list(&vectors["resolve"]).len(), 150);
}

#[test]
fn every_recorded_path_tries_what_is_recorded() {
    let (vectors, trees) = (vectors(), trees());
    let mut wrong = Wrong::default();
    let cases: Vec<_> = list(&vectors["resolve"]).iter().filter(|case| case["tried"].is_array()).collect();
    for case in &cases {
        let tried = trees[text(&case["tree"])].tried(text(&case["path"]));
        let tried: Vec<_> =
            tried.iter().map(|line| serde_json::json!({"routes": line.routes, "name": line.name})).collect();
        wrong.unless_equal(case, &Value::Array(tried), &case["tried"]);
    }
    wrong.report(cases.len(), 100);
}

#[test]
fn every_recorded_name_reverses_as_recorded() {
    let (vectors, trees) = (vectors(), trees());
    let mut wrong = Wrong::default();
    for case in list(&vectors["reverse"]) {
        let url = trees[text(&case["tree"])].reverse(text(&case["name"]), &args(case)).ok();
        wrong.unless_equal(case, &Value::from(url), &case["url"]);
    }
    wrong.report(list(&vectors["reverse"]).len(), 100);
}

/// Most of these end in an internal error of the reference, not in its `NoReverseMatch`.
#[test]
fn routes_that_the_reference_fails_to_reverse_are_reversed_or_say_that_they_cannot_be() {
    let ours: [(&str, Option<&str>); 10] = [
        ("(?i)^x$", None),
        ("^(?i:x)$", None),
        ("^a{,3}$", None),
        ("^a{x}$", None),
        ("50%/", Some("/50%25/")),
        ("50%x/<int:a>/", Some("/50%25x/1/")),
        ("50%%/", Some("/50%25%25/")),
        ("<int:a>/", Some("/1/1/")),
        ("<int:a>/", Some("/1/1/")),
        ("^a(?#c)b$", None),
    ];
    let vectors = vectors();
    let cases = list(&vectors["reverse_alone"]);
    assert_eq!(cases.len(), ours.len());
    for (case, (written, url)) in cases.iter().zip(ours) {
        let entries = list(&case["entries"]);
        assert_eq!((route(&entries[0]).text(), &case["url"]), (written, &Value::Null));
        assert_eq!(tree(entries).reverse("n", &args(case)).ok().as_deref(), url, "{case}");
    }
}

#[test]
fn every_bad_route_of_the_reference_is_refused_and_no_other() {
    let vectors = vectors();
    let mut wrong = Wrong::default();
    for case in list(&vectors["bad_routes"]) {
        let refused = Pattern::compile(&route(case), Kind::End, &converters()).is_err();
        let expected = !case["error"].is_null() || NOT_AVAILABLE.contains(&route(case).text());
        wrong.unless_equal(case, &refused.into(), &expected.into());
    }
    wrong.report(list(&vectors["bad_routes"]).len(), 60);
}

/// Expressions that the reference takes and we refuse, besides look-around and back-references.
const NOT_AVAILABLE: [&str; 6] = ["^a++", "^(?>a)", "^(?:\\w\\d){5000}$", "^\\N{DIGIT ONE}", "^(?x)a b", "^(?a)\\w"];

#[test]
fn a_bad_route_is_refused_for_the_reason_of_the_reference() {
    let vectors = vectors();
    for case in list(&vectors["bad_routes"]).iter().filter(|case| case["path"].is_string() && !case["error"].is_null())
    {
        let bad = Pattern::compile(&route(case), Kind::End, &converters()).unwrap_err();
        let says = |what| text(&case["text"]).contains(what);
        let same = match bad.problem {
            Problem::UnknownConverter { .. } => says("invalid converter"),
            Problem::InvalidName { .. } => says("valid Python identifier"),
            Problem::DuplicateName { .. } => says("redefinition of group name"),
            Problem::Whitespace { .. } => says("whitespace"),
            _ => false,
        };
        assert!(same, "{case}: {bad}");
    }
}

#[test]
fn look_around_and_back_references_are_refused_when_the_routes_are_built() {
    let vectors = vectors();
    let cases = list(&vectors["deviations"]);
    assert!(cases.len() >= 10);
    for case in cases {
        assert_eq!((&case["deviation"], &case["error"]), (&"re-lookaround".into(), &Value::Null));
        let bad = Tree::new(vec![Entry::route(route(case), ())], &converters()).unwrap_err();
        assert!(matches!(bad[0].problem, Problem::Regex(Refusal::LookAround | Refusal::BackReference)), "{case}");
        assert_eq!(bad[0].route, route(case).text());
    }
}

#[test]
fn the_expression_of_a_path_is_the_recorded_one() {
    let vectors = vectors();
    for case in list(&vectors["expressions"]) {
        let pattern = Pattern::compile(&route(case), Kind::End, &converters()).unwrap();
        assert_eq!(pattern.python(), text(&case["python"]));
    }
}

#[test]
fn findings_are_the_recorded_ones() {
    let vectors = vectors();
    for case in list(&vectors["findings"]) {
        let found: Vec<_> = tree(list(&case["entries"]))
            .findings(true)
            .into_iter()
            .filter(|finding| !finding.id.starts_with("quintet."))
            .map(|finding| vec![finding.id.to_owned(), finding.route])
            .collect();
        assert_eq!(Value::from(found), case["findings"], "{}", case["tree"]);
    }
}

#[test]
fn a_prefix_without_a_slash_is_found_where_it_ends_in_a_word() {
    let found = |prefix: &str| {
        let below = vec![Entry::route(Route::path("all/"), ())];
        let tree = Tree::new(vec![Entry::include(Route::path(prefix.to_owned()), below)], &converters()).unwrap();
        tree.findings(true).iter().map(|finding| finding.id).collect::<Vec<_>>()
    };
    assert_eq!(found("blog"), ["quintet.W007"]);
    for fine in ["", "blog/", "blog-", "<str:lang>"] {
        assert_eq!(found(fine), [""; 0], "{fine}");
    }
}

#[test]
fn without_the_slash_redirect_a_route_may_begin_with_a_slash() {
    let tree = Tree::new(vec![Entry::route(Route::path("/a"), ())], &converters()).unwrap();
    assert_eq!(tree.findings(true)[0].id, "urls.W002");
    assert_eq!(tree.findings(false), []);
}

#[test]
fn every_finding_names_its_route_and_a_fix() {
    let vectors = vectors();
    for case in list(&vectors["findings"]) {
        for finding in tree(list(&case["entries"])).findings(true) {
            assert!(finding.message.contains(&format!("`{}`", finding.route)), "{finding:?}");
            assert!(!finding.hint.is_empty() && !finding.hint.ends_with('.'), "{finding:?}");
        }
    }
}

#[test]
fn a_bad_route_says_what_to_do() {
    let bad = |route| Pattern::compile(&route, Kind::End, &Converters::default()).unwrap_err().to_string();
    assert_eq!(
        bad(Route::path("<foo:pk>/")),
        "route `<foo:pk>/`: unknown converter `foo`\n\
         hint: use one of `int`, `path`, `slug`, `str`, `uuid`, or register a converter of that name"
    );
    assert_eq!(
        bad(Route::path("<int: pk>/")),
        "route `<int: pk>/`: white space in `<int: pk>`\nhint: write `<int:pk>`"
    );
    assert_eq!(
        bad(Route::regex("^(?!admin)")),
        "route `^(?!admin)`: look-around is not supported in a route's regular expression\n\
         hint: match more and let the view answer 404, or put a route for the exception before this one"
    );
    assert_eq!(
        bad(Route::regex("^(")),
        "route `^(`: not a valid regular expression: a `(` is never closed\n\
         hint: correct the expression, or use `path` with a converter"
    );
}

#[test]
fn all_bad_routes_are_reported_at_once() {
    let below = vec![Entry::route(Route::regex("^("), ())];
    let entries = vec![
        Entry::route(Route::path("<foo:a>"), ()),
        Entry::route(Route::path("good/"), ()),
        Entry::include(Route::path("in/"), below).namespace("lonely"),
    ];
    let bad = Tree::new(entries, &converters()).unwrap_err();
    assert_eq!(bad.iter().map(|bad| bad.route.as_str()).collect::<Vec<_>>(), ["<foo:a>", "in/", "^("]);
    assert!(matches!(&bad[1].problem, Problem::NamespaceWithoutAppName { namespace } if namespace == "lonely"));
}

#[test]
fn a_converter_may_not_name_groups() {
    let mut converters = Converters::default();
    converters.register("odd", Converter::new("(?P<x>a)"));
    let bad = Pattern::compile(&Route::path("<odd:y>"), Kind::End, &converters).unwrap_err();
    assert_eq!(bad.problem, Problem::NameInConverter { name: "x".to_owned() });
}

#[test]
fn a_registered_converter_replaces_a_built_in_one() {
    let mut converters = Converters::default();
    converters.register("int", Converter::new("[a-z]"));
    let pattern = Pattern::compile(&Route::path("<int:x>"), Kind::End, &converters).unwrap();
    assert!(pattern.matches("a").is_some() && pattern.matches("1").is_none());
}

#[test]
fn a_mount_takes_all_paths_below_its_prefix() {
    let entries = vec![
        Entry::mount(Route::path("static/"), "files"),
        Entry::include(Route::path("<slug:tenant>/"), vec![Entry::mount(Route::path("box/"), "box").name("box")]),
        Entry::route(Route::path("static/x"), "never"),
    ];
    let tree = Tree::new(entries, &converters()).unwrap();
    let rest = |path| tree.resolve(path).map(|found| (*found.view, found.rest));
    assert_eq!(rest("static/"), Some(("files", Some(""))));
    assert_eq!(rest("static/x"), Some(("files", Some("x"))));
    assert_eq!(rest("static"), None);
    assert_eq!(rest("acme/box/a/b"), Some(("box", Some("a/b"))));
    assert_eq!(tree.reverse("box", &Args::positional(["acme"])).unwrap(), "/acme/box/");
    assert_eq!(tree.resolve("acme/box/").unwrap().route, "<slug:tenant>/box/");
}

#[test]
fn a_route_has_no_rest() {
    let tree = Tree::new(vec![Entry::route(Route::path("a/"), ())], &converters()).unwrap();
    assert_eq!(tree.resolve("a/").unwrap().rest, None);
}

#[test]
fn parameters_are_the_text_that_their_converter_makes() {
    let tree = Tree::new(vec![Entry::route(Route::path("<int:a>/<str:b>/"), ())], &converters()).unwrap();
    let params = tree.resolve("0042/x/").unwrap().params;
    assert_eq!(params.text("a"), Some("42"));
    assert_eq!(params.text("c"), None);
    assert_eq!((params.iter().count(), params.is_empty(), params.positional()), (2, false, &[][..]));
}

#[test]
fn an_unknown_name_gets_names_that_are_near() {
    let tree = &trees()["includes"];
    let error = |name: &str| tree.reverse(name, &Args::none()).unwrap_err().to_string();
    assert_eq!(
        error("polls:detial"),
        "no url for `polls:detial`: no route has this name\nhint: did you mean `polls:detail`?"
    );
    assert_eq!(
        error("vote"),
        "no url for `vote`: no route has this name\nhint: did you mean `polls:vote` or `team-polls:vote`?"
    );
    assert_eq!(
        error("poll:detail"),
        "no url for `poll:detail`: there is no namespace `poll`\nhint: did you mean `polls:detail` or `team-polls:detail`?"
    );
    assert_eq!(
        error("polls:stuff:who"),
        "no url for `polls:stuff:who`: there is no namespace `stuff` inside `polls`\n\
         hint: did you mean `polls:staff:who` or `team-polls:staff:who`?"
    );
    assert_eq!(
        error("zzzzzz"),
        "no url for `zzzzzz`: no route has this name\nhint: give a route this name with `name = \"..\"`, or correct it"
    );
}

#[test]
fn arguments_that_fit_no_route_are_shown_with_the_routes() {
    let tree = &trees()["order"];
    let error = |args: Args| tree.reverse("same", &args).unwrap_err().to_string();
    assert_eq!(
        error(Args::named([("n", "1"), ("q", "2")])),
        "no url for `same` with the named arguments `n=1`, `q=2`; \
         tried: `x/`, `x/<str:n>/<str:m>/`, `x/<str:n>/`, `x/<int:n>/`\n\
         hint: give one argument for each parameter, with a value that it matches"
    );
    assert!(error(Args::positional([1, 2, 3])).contains("with the arguments `1`, `2`, `3`; tried"));
}

#[test]
fn an_expression_that_cannot_be_reversed_says_so() {
    let tree = Tree::new(vec![Entry::route(Route::regex("(?i)^x$"), ()).name("n")], &converters()).unwrap();
    let error = tree.reverse("n", &Args::none()).unwrap_err().to_string();
    assert!(error.contains("tried: `(?i)^x$` (cannot be reversed: `(?i` cannot be turned back into text)"), "{error}");
}

#[test]
fn a_view_is_found_under_the_name_that_it_resolved_to() {
    let tree = &trees()["includes"];
    let found = tree.resolve("team/red/polls/staff/ann/").unwrap();
    let args = Args::named(found.params.iter());
    assert_eq!(view_name(&found).as_deref(), Some("team-polls:staff:who"));
    assert_eq!(tree.reverse(&view_name(&found).unwrap(), &args).unwrap(), "/team/red/polls/staff/ann/");
}

/// A matcher that takes back choices needs minutes for one of these; all of them together take milliseconds.
#[test]
#[expect(clippy::disallowed_methods, reason = "measures time that passes, needs no date")]
fn hostile_paths_are_answered_in_linear_time() {
    let size = 64 * 1024;
    let fill = |text: &str| text.repeat(size / text.len());
    let paths = ["a/", "a", "/", "1", "-", "a-", "1a", "ab", ".", "\n", "\u{e9}", "edit/", "a/edit/"].map(fill);
    let hostile = vec![
        Entry::route(Route::regex(r"^(?:a+)+$"), "a"),
        Entry::route(Route::regex(r"^(?:(?:[a-z]+/)+)+!$"), "b"),
        Entry::route(Route::regex(r"(?:a|a)*b$"), "c"),
        Entry::route(Route::path("<path:a>/<path:b>/<path:c>/x"), "d"),
        Entry::route(Route::path("<str:a><str:b><str:c>!"), "e"),
        Entry::route(Route::path("<slug:a>-<slug:b>-<slug:c>!"), "f"),
        Entry::include(Route::path("<path:p>"), vec![Entry::route(Route::path("!"), "g")]),
    ];
    let hostile = Tree::new(hostile, &converters()).unwrap();
    let trees = trees();
    let before = std::time::Instant::now();
    for path in &paths {
        let found = hostile.resolve(path).map(|found| *found.view);
        assert_eq!(found.is_some(), path.trim_matches('a').is_empty());
        for (name, tree) in &trees {
            let prefixes: &[&str] = if name == "basic" { &["", "notes/", "files/", "wiki/", "glue3/"] } else { &[""] };
            for prefix in prefixes {
                tree.resolve(&format!("{prefix}{path}"));
            }
        }
    }
    assert!(before.elapsed().as_secs() < 60, "{:?}", before.elapsed());
}

#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless_equal(&mut self, case: &Value, ours: &Value, theirs: &Value) {
        if ours != theirs {
            self.0.push(format!("{case:.300}\n  ours   {ours}\n  theirs {theirs}"));
        }
    }

    fn report(&self, cases: usize, at_least: usize) {
        assert!(cases >= at_least, "only {cases} cases");
        assert!(self.0.is_empty(), "{} of {cases} differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn trees() -> BTreeMap<String, Tree<String>> {
    let vectors = vectors();
    vectors["trees"].as_object().unwrap().iter().map(|(name, entries)| (name.clone(), tree(list(entries)))).collect()
}

fn tree(entries: &[Value]) -> Tree<String> {
    Tree::new(entries.iter().map(entry).collect(), &converters()).unwrap()
}

fn entry(case: &Value) -> Entry<String> {
    let mut entry = match case.get("include") {
        Some(below) => Entry::include(route(case), list(below).iter().map(entry).collect()),
        None => Entry::route(route(case), text(&case["view"]).to_owned()),
    };
    if let Some(name) = case["name"].as_str() {
        entry = entry.name(name);
    }
    if let Some(name) = case["app_name"].as_str() {
        entry = entry.app_name(name);
    }
    if let Some(name) = case["namespace"].as_str() {
        entry = entry.namespace(name);
    }
    let extra = case["extra"].as_object();
    extra.into_iter().flatten().fold(entry, |entry, (name, value)| entry.extra(name, text(value)))
}

fn route(case: &Value) -> Route {
    match case["path"].as_str() {
        Some(route) => Route::path(route),
        None => Route::regex(text(&case["re_path"])),
    }
}

/// The converters that the recorder registers.
fn converters() -> Converters {
    let mut converters = Converters::default();
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let year = |year: &str| (year >= "1900").then(|| year.to_owned());
    let hex = |digits: &str| u64::from_str_radix(digits, 16).ok().map(|number| number.to_string());
    let padded = move |year: &str| number(year).map(|year| format!("{year:04}"));
    converters.register("year", Converter::new("[0-9]{4}").accept(year).to_url(padded));
    let to_hex = move |value: &str| number(value).map(|value| format!("{value:x}"));
    converters.register("hex", Converter::new("[0-9a-f]+").accept(hex).to_url(to_hex));
    converters.register("lang", Converter::new("(en|de)(?:-[a-z]+)?"));
    converters.register("maybe", Converter::new("[a-z]*"));
    converters
}

/// The name with its namespaces, as a tree reverses it.
fn view_name(found: &Resolved<'_, impl Sized>) -> Option<String> {
    let name = found.name?;
    Some(found.namespaces.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(":"))
}

fn args(case: &Value) -> Args {
    let args = match &case["args"] {
        Value::Array(values) => Args::positional(values.iter().map(text)),
        values => Args::named(values.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), text(value)))),
    };
    match case["current_app"].as_str() {
        Some(app) => args.current_app(app),
        None => args,
    }
}

/// Parameters are compared in their order.
fn shown(found: Option<&Resolved<'_, String>>) -> Value {
    found.map_or(Value::Null, |found| {
        serde_json::json!({
            "view": found.view,
            "args": found.params.positional(),
            "kwargs": found.params.iter().collect::<Vec<_>>(),
            "route": found.route,
            "url_name": found.name,
            "namespaces": found.namespaces,
            "app_names": found.app_names,
            "view_name": view_name(found),
        })
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}
