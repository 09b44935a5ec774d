//! The description of an API: that of the reference's tool for the oracle's applications, but for what is listed; valid by
//! somebody else's rules; the same bytes each time; served, kept and guarded.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quintet::json::Json;
use quintet::prelude::{AllowAny, Request, Response, Result, TokenObtainPairView, Urls, get, urls};
use quintet::rest::openapi::{Describe, SchemaDocsView, SchemaView};
use quintet::settings::OpenApi;
use quintet_core::openapi::{
    Answer, Body, Components, Direction, Document, Member, Operation, Parameter, Serializer, operation_ids, yaml,
};
use quintet_core::query::Registry;
use quintet_core::rest::Field;
use quintet_core::schema::{self, ProjectState};
use quintet_tests::django;
use quintet_tests::guides::rest::{NoteSerializer, by, site, site_with};
use quintet_tests::support::{Folder, checkout, command, program, run};

/// A description that a program writes.
fn described(name: &str, profile: &str, words: &[&str], file: &Path) {
    let mut command = command(program(name));
    command.env("PROFILE", profile).env("DATABASE_URL", "sqlite::memory:").args(words).arg("--file").arg(file);
    let said = run(&mut command);
    assert_eq!(said.code, 0, "{}", said.err);
}

fn python(words: &[&str], files: &[PathBuf]) {
    let mut python = command(checkout().join("oracle/venv/bin/python"));
    python.current_dir(checkout().join("oracle")).env("PYTHONDONTWRITEBYTECODE", "1").arg("-m").args(words).args(files);
    let said = run(&mut python);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

const JSON: [&str; 3] = ["spectacular", "--format", "openapi-json"];

fn compared(profile: &str) {
    if !django::is_here() {
        return;
    }
    let folder = Folder::new("openapi");
    let ours = folder.path().join("ours.json");
    described("conformance", profile, &JSON, &ours);
    let recorded = checkout().join(format!("oracle/vectors/openapi/{profile}.json"));
    python(&["recorder.schemas"], &[ours, recorded, checkout().join("oracle/vectors/openapi/differences.txt")]);
}

#[test]
fn the_shop_is_described_as_the_reference_describes_it_but_for_what_is_listed() {
    compared("full");
}

#[test]
fn the_gallery_is_described_as_the_reference_describes_it_but_for_what_is_listed() {
    compared("gallery");
}

#[test]
fn sessions_and_passwords_are_described_as_the_reference_describes_them_but_for_what_is_listed() {
    compared("accounts");
}

/// A difference that is listed for the comparison has a reason for people, and the other way round.
#[test]
fn each_difference_of_the_description_has_its_row_in_the_list_for_people() {
    let read = |path: &str| std::fs::read_to_string(checkout().join(path)).expect("a file of the checkout");
    let listed = read("oracle/vectors/openapi/differences.txt");
    let ids = listed.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" | "));
    let mut listed: Vec<&str> = ids.map(|(id, _)| id).collect();
    let page = read("COMPATIBILITY.md");
    let (_, section) = page.split_once("<!-- description:begin -->").expect("a beginning");
    let (section, _) = section.split_once("<!-- description:end -->").expect("an end");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ")).skip(1);
    let mut told: Vec<&str> = rows.map(|(id, _)| id).collect();
    listed.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, listed);
}

#[test]
fn somebody_elses_rules_find_nothing_wrong_with_any_example() {
    if !django::is_here() {
        return;
    }
    let folder = Folder::new("openapi-valid");
    let (json, yaml) = (folder.path().join("a.json"), folder.path().join("a.yaml"));
    for (name, profile) in
        [("notes", ""), ("conformance", "full"), ("conformance", "accounts"), ("conformance", "gallery")]
    {
        described(name, profile, &["spectacular", "--format", "openapi-json", "--validate"], &json);
        described(name, profile, &["generateschema"], &yaml);
        python(&["recorder.schema_validator"], &[json.clone(), yaml.clone()]);
    }
}

#[test]
fn the_same_api_has_the_same_bytes_and_a_stale_file_is_told() {
    let folder = Folder::new("openapi-same");
    let (one, other) = (folder.path().join("one.yaml"), folder.path().join("other.yaml"));
    described("conformance", "gallery", &["generateschema"], &one);
    described("conformance", "gallery", &["generateschema"], &other);
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&other).unwrap());
    let checked = |file: &Path| {
        let mut command = command(program("notes"));
        command.env("DATABASE_URL", "sqlite::memory:").args(["generateschema", "--check", "--file"]).arg(file);
        run(&mut command)
    };
    let stale = checked(&one);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.err.contains("is not what the API is now"), "{}", stale.err);
    described("notes", "", &["generateschema"], &one);
    assert_eq!(checked(&one).code, 0);
}

#[test]
fn flags_of_the_reference_that_mean_nothing_here_are_refused() {
    for words in [["generateschema", "--urlconf", "x"], ["spectacular", "--lang", "de"]] {
        let said = run(command(program("notes")).env("DATABASE_URL", "sqlite::memory:").args(words));
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains("means nothing here"), "{}", said.err);
    }
}

#[test]
fn what_is_not_described_is_told_and_fails_where_that_is_asked() {
    let mut command = command(program("conformance"));
    command.env("PROFILE", "gallery").env("DATABASE_URL", "sqlite::memory:").args(["spectacular", "--fail-on-warn"]);
    let said = run(&mut command);
    assert_eq!((said.code, said.out.as_str()), (1, ""), "{said:?}");
    assert!(said.err.contains("what it answers is not known"), "{}", said.err);
}

fn urls() -> Urls {
    urls![
        path("token/", TokenObtainPairView, name = "token"),
        path("schema/", SchemaView::new(), name = "schema"),
        path("open/", SchemaView::new().permissions(AllowAny), name = "open"),
        path("docs/", SchemaDocsView::of("open").token("token"), name = "docs"),
        path("page/", get(page).permissions(AllowAny)),
        path("told/", get(page).describe(told())),
    ]
}

fn told() -> Describe {
    Describe::new().answers::<NoteSerializer>(200).parameter(Parameter::query("size").integer())
}

async fn page(_: &Request) -> Result<Response> {
    Ok(Response::html("<p>a page</p>"))
}

#[test]
fn the_description_is_for_whom_the_settings_let_in_unless_it_says_otherwise() {
    site(urls, async |client| {
        assert_eq!(client.get("/schema/").await.status(), 401);
        assert_eq!(by(client, "ann").await.get("/schema/").await.status(), 200);
        assert_eq!(client.get("/open/").await.status(), 200);
        Ok(())
    });
}

#[test]
fn the_description_is_yaml_or_json_as_the_client_asks() {
    site(urls, async |client| {
        for (query, accept, wanted, begin) in [
            ("", "*/*", "application/vnd.oai.openapi; charset=utf-8", "openapi: "),
            ("", "application/json", "application/json", "{\n    \"openapi\": "),
            ("", "application/yaml", "application/yaml; charset=utf-8", "openapi: "),
            ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json", "{\n    \"openapi\": "),
            ("?format=json", "*/*", "application/vnd.oai.openapi+json", "{\n    \"openapi\": "),
            ("?format=yaml", "*/*", "application/vnd.oai.openapi; charset=utf-8", "openapi: "),
        ] {
            let answer = client.get(&format!("/open/{query}")).header("accept", accept).await;
            let found =
                answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
            assert_eq!((answer.status(), found.as_str()), (200, wanted.split(';').next().unwrap()), "{query} {accept}");
            assert!(answer.text().starts_with(begin), "{query} {accept}: {}", answer.text());
        }
        assert_eq!(client.get("/open/").header("accept", "text/html").await.status(), 406);
        assert_eq!(client.get("/open/?format=xml").await.status(), 404);
        Ok(())
    });
}

#[test]
fn a_query_that_only_says_what_kind_of_answer_is_wanted_is_never_described_as_wrong() {
    site(urls, async |client| {
        let schema = client.get("/open/?format=json").await.json();
        let has = |path: &str, status: &str| schema["paths"][path]["get"]["responses"].get(status).is_some();
        assert_eq!((has("/open/", "404"), has("/open/", "400")), (true, false));
        assert_eq!((has("/told/", "404"), has("/told/", "400")), (true, true));
        Ok(())
    });
}

#[test]
fn who_has_the_description_already_is_told_so() {
    site(urls, async |client| {
        let first = client.get("/open/").await;
        let tag = first.header("etag").expect("an etag").to_owned();
        let again = client.get("/open/").header("if-none-match", &tag).await;
        assert_eq!((again.status(), again.text().as_str()), (304, ""));
        let json = client.get("/open/?format=json").header("if-none-match", &tag).await;
        assert_eq!(json.status(), 200);
        Ok(())
    });
}

#[test]
fn a_page_is_no_part_of_the_api_until_something_is_said_of_it() {
    site(urls, async |client| {
        let schema = client.get("/open/?format=json").await.json();
        let paths: Vec<String> = schema["paths"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(paths, ["/open/", "/schema/", "/token/", "/told/"]);
        assert_eq!(schema["paths"]["/told/"]["get"]["operationId"], "told_retrieve");
        Ok(())
    });
}

#[test]
fn the_page_of_the_description_loads_nothing_from_elsewhere_and_runs_no_script_but_its_own() {
    let hostile = "</title><script>alert(1)</script>\"'";
    let change = |settings: &mut quintet::Settings| {
        settings.openapi = OpenApi {
            title: hostile.to_owned(),
            servers: vec!["https://api.example.com/v1".to_owned(), "https://x; script-src *".to_owned()],
            ..OpenApi::default()
        };
        settings.csrf.cookie_name = "other\"token".to_owned();
        settings.csrf.header_name = "HTTP_X_OTHER_TOKEN".to_owned();
    };
    site_with(urls, change, async |client| {
        let page = client.get("/docs/").await;
        let policy = page.header("content-security-policy").expect("a policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("connect-src 'self' https://api.example.com;"), "{policy}");
        let text = page.text();
        assert!(!text.contains("<script>") && !text.contains("https://"), "{text}");
        assert!(text.contains("data-schema=\"/open/\"") && text.contains("data-token=\"/token/\""), "{text}");
        assert!(text.contains("data-csrf-cookie=\"other&quot;token\" data-csrf-header=\"X-Other-Token\""), "{text}");
        for (file, media_type) in [("docs.js", "text/javascript"), ("docs.css", "text/css")] {
            let answer = client.get(&format!("/docs/?file={file}")).header("accept", "*/*").await;
            assert!(answer.header("content-type").unwrap_or_default().starts_with(media_type), "{file}");
            assert!(!answer.text().contains("https://cdn") && !answer.text().contains("innerHTML"), "{file}");
        }
        assert_eq!(client.get("/docs/?file=other").await.status(), 404);
        Ok(())
    });
}

/// A serializer of twelve fields, and the six operations of a view set of it.
fn described_model(number: usize, registry: &Registry, document: &mut Document) {
    let fields = (0..12).map(|at| match at % 4 {
        0 => Field::integer(),
        1 => Field::char().max_length(50),
        2 => Field::datetime().allow_null(),
        _ => Field::choice(vec![schema::Choice::One("a".into(), "A".to_owned())]),
    });
    let members = fields.enumerate().map(|(at, field)| Member {
        field: field.named(format!("field_{at}")),
        inner: None,
        may_lack: false,
    });
    let name = format!("Model{number}Serializer");
    let serializer = Serializer { name, members: members.collect(), ..Serializer::default() };
    let components = &mut document.components;
    let read = Json::Object(components.serializer(registry, &serializer, Direction::Read));
    let write = Json::Object(components.serializer(registry, &serializer, Direction::Write));
    let refused = components.refused_data(&serializer, false);
    for (method, path) in
        [("get", ""), ("post", ""), ("get", "{id}/"), ("put", "{id}/"), ("patch", "{id}/"), ("delete", "{id}/")]
    {
        let content = |schema: &Json| vec![("application/json".to_owned(), schema.clone())];
        let answer = |status, schema| Answer { status, content: content(schema), ..Answer::default() };
        document.operations.push(Operation {
            method: method.to_owned(),
            path: format!("/api/models{number}/{path}"),
            id: format!("models{number}_{method}"),
            parameters: vec![Parameter::path("id").integer(), Parameter::query("search")],
            body: Some(Body { content: content(&write), required: true, examples: vec![] }),
            answers: vec![answer(200, &read), answer(400, &refused)],
            ..Operation::default()
        });
    }
}

#[test]
fn three_hundred_models_are_described_in_a_moment() {
    let registry = Registry::new(&ProjectState::new("auth.User"), "UTC").expect("a registry without models");
    let started = Instant::now();
    let mut document = Document { components: Components::new(Arc::default()), ..Document::default() };
    (0..300).for_each(|number| described_model(number, &registry, &mut document));
    operation_ids(&mut document.operations);
    let text = yaml(&document.json());
    let took = started.elapsed();
    assert!(text.len() > 1_000_000);
    // The budget is a tenth of this, with optimisation.
    assert!(took < Duration::from_secs(3), "{took:?}");
}
