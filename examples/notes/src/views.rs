//! Views of the demo: a page for people, the same as JSON, and one with a parameter.

use quintet::prelude::*;

/// What is there, as name and description.
const THERE: &[(&str, &str)] = &[
    ("startproject, startapp", "a project and its apps, ready to run"),
    ("runserver", "the development server: rebuilds, reloads, never refuses a connection"),
    ("serve", "the production server: HTTP/1.1 and HTTP/2, TLS, Unix sockets, graceful shutdown"),
    ("check", "system checks, with --deploy for production; each message says how to put it right"),
    ("models", "structs are tables: every field, relation, index and constraint of the reference"),
    ("makemigrations, migrate", "what changed in the models, as files of plain data; the reference's schema, exactly"),
    ("settings", "one typed value; .env, environment and defaults, every mistake reported at once"),
    ("routes", "path, re_path, include, names and namespaces, as in the reference; axum routers beside them"),
    ("middleware", "hosts, security headers, HTTPS redirect, CORS, conditional GET, gzip"),
];

pub(crate) async fn index(request: &Request) -> Result<Response> {
    let rows: String = THERE.iter().map(|(name, what)| format!("<dt>{name}</dt><dd>{what}</dd>")).collect();
    let greet = request.reverse("greet", &[("name", &"you")])?;
    Ok(Response::html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>quintet</title>\n<style>{STYLE}</style></head>\n\
         <body>\n<h1>quintet {}</h1>\n<p>This site runs on quintet. What is there:</p>\n<dl>{rows}</dl>\n\
         <p>As JSON: <a href=\"{}\">the same list</a>, and <a href=\"{greet}\">a greeting</a>.</p>\n</body>\n</html>\n",
        quintet::VERSION,
        request.reverse("overview", &[])?,
    )))
}

pub(crate) async fn overview(_request: &Request) -> Result<Response> {
    let there: Vec<Value> = THERE.iter().map(|(name, what)| json!({ "name": name, "what": what })).collect();
    Ok(Response::json(&json!({ "version": quintet::VERSION, "there": there })))
}

pub(crate) async fn greet(request: &Request) -> Result<Response> {
    let name: String = request.param("name")?;
    Ok(Response::json(&json!({ "message": format!("Hello, {name}!") })))
}

const STYLE: &str = "body{font:18px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1d2330}\
    dt{font-weight:600}dd{margin:0 0 .6rem 1.2rem;color:#475066}";
