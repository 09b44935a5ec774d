//! The page for who has just started this program, and one with a parameter.

use quintet::prelude::*;

/// What is there, as name and description.
const THERE: &[(&str, &str)] = &[
    ("startproject, startapp", "a project and its apps, ready to run"),
    ("runserver", "the development server: rebuilds, reloads, never refuses a connection"),
    ("serve", "the production server: HTTP/1.1 and HTTP/2, TLS, Unix sockets, graceful shutdown"),
    ("check", "system checks, with --deploy for production; each message says how to put it right"),
    ("models", "structs are tables: every field, relation, index and constraint of the reference"),
    ("makemigrations, migrate", "what changed in the models, as files of plain data; the reference's schema, exactly"),
    ("queries", "typed and lazy, along relations, with aggregates, subqueries and windows"),
    ("serializers", "what clients may give and how rows are shown, in the reference's words"),
    ("view sets, routers", "lists and rows with permissions, throttles, pages, filters, versions"),
    ("users, tokens", "password hashes of every format, JWT with rotation and a blacklist"),
    ("settings", "one typed value; .env, environment and defaults, every mistake reported at once"),
    ("middleware", "hosts, security headers, HTTPS redirect, CORS, conditional GET, gzip"),
];

pub async fn index(request: &Request) -> Result<Response> {
    let rows = THERE.iter().map(|(name, what)| format!("<dt>{name}</dt><dd>{what}</dd>"));
    let rows: String = rows.collect();
    let greet = request.reverse("greet", &[("name", &"you")])?;
    let notes = request.reverse("api:note-list", &[])?;
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>quintet</title>\n\
         <style>{STYLE}</style></head>\n<body>\n<h1>quintet {}</h1>\n\
         <p>This site runs on quintet. What is there:</p>\n<dl>{rows}</dl>\n\
         <p>Open to all: <a href=\"{greet}\">a greeting</a>. With a token: \
         <a href=\"{notes}\">the notes of who asks</a>.</p>\n</body>\n</html>\n",
        quintet::VERSION,
    );
    Ok(Response::html(page))
}

pub async fn greet(request: &Request) -> Result<Response> {
    let name: String = request.param("name")?;
    Ok(Response::json(&json!({ "message": format!("Hello, {name}!") })))
}

const STYLE: &str = "body{font:18px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1d2330}\
    dt{font-weight:600}dd{margin:0 0 .6rem 1.2rem;color:#475066}";

#[cfg(test)]
mod tests {
    use quintet::settings::{Env, Settings};
    use quintet::testing::{Client, call_command};

    fn client() -> Client {
        Client::new(crate::settings::settings)
    }

    #[quintet::test]
    async fn the_page_lists_what_is_there_and_links_to_it() {
        let page = client().get("/about/").await.text();
        assert!(page.contains("<dt>runserver</dt>"), "{page}");
        assert!(page.contains("href=\"/greet/you/\""), "{page}");
        assert!(page.contains("href=\"/api/notes/\""), "{page}");
    }

    #[quintet::test]
    async fn a_greeting_names_who_was_named() {
        let greeting = client().get("/greet/Zo%C3%AB/").await;
        assert_eq!(greeting.json()["message"], "Hello, Zoë!");
    }

    #[quintet::test]
    async fn a_method_that_a_view_lacks_is_refused_with_the_ones_it_has() {
        let refused = client().delete("/greet/you/").await;
        assert_eq!(refused.status(), 405);
        assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
    }

    #[quintet::test]
    async fn a_front_end_on_another_origin_may_call() {
        let client = client().with_header("origin", "http://localhost:5173");
        let answer = client.get("/api/notes/").await;
        assert_eq!(answer.status(), 401);
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, Some("http://localhost:5173"));
    }

    /// The settings, with a database that is gone with the test.
    fn in_memory(env: &Env) -> Settings {
        Settings { database: Settings::default().database, ..crate::settings::settings(env) }
    }

    #[test]
    fn the_migrations_lead_to_the_models() {
        let (code, said) = call_command(in_memory, &["makemigrations", "--check"]);
        let told = said.out();
        assert_eq!((code, told.as_str()), (0, "No changes detected\n"));
    }
}
