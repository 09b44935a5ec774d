//! A client of an API in TypeScript, as text: the types of its description, and a function for each operation over axios.
//!
//! Reads the description alone, so that what a project's hooks say of it is in the client too. The same description gives
//! the same files. Knows no file and no site.

mod functions;
mod javascript;
mod operation;
mod runtime;
mod schema;
mod types;

use crate::json::{Json, Object};

/// In which language the functions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `client.ts`.
    TypeScript,
    /// `client.js`, with its types in `client.d.ts`.
    JavaScript,
}

/// The files of a client, each with its name.
pub fn files(document: &Json, language: Language) -> Vec<(&'static str, String)> {
    let operations = operation::all(document);
    let mut files = vec![("schema.d.ts", schema::text(document, &operations))];
    match language {
        Language::TypeScript => files.push(("client.ts", functions::typescript(document, &operations))),
        Language::JavaScript => {
            files.push(("client.js", javascript::functions(document, &operations)));
            files.push(("client.d.ts", javascript::declarations(document, &operations)));
        }
    }
    files
}

/// What each file begins with.
fn head(document: &Json) -> String {
    let info = member(document, "info");
    let text = |name: &str| match info.and_then(|info| member(info, name)) {
        Some(Json::Text(text)) => text.replace(['\n', '\r', '\u{2028}', '\u{2029}'], " "),
        _ => String::new(),
    };
    let title = [text("title"), text("version")].join(" ");
    format!("// {}\n// Written by `manage generateclient`: what is changed here is lost.\n", title.trim())
}

fn member<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    match value {
        Json::Object(object) => object.get(name),
        _ => None,
    }
}

fn object(value: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    let members: Option<&Object> = match value {
        Some(Json::Object(object)) => Some(object),
        _ => None,
    };
    members.into_iter().flat_map(Object::iter)
}

fn list(value: Option<&Json>) -> &[Json] {
    match value {
        Some(Json::List(members)) => members,
        _ => &[],
    }
}

fn text(value: Option<&Json>) -> &str {
    match value {
        Some(Json::Text(text)) => text,
        _ => "",
    }
}
