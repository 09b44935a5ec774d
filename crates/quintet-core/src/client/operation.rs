//! Operations as functions have them: in what order arguments come, and which types they are.

use super::{list, member, object, text, types};
use crate::json::Json;
use crate::openapi::camel;

/// A function of the client.
pub(super) struct Function {
    /// `notesPartialUpdate`.
    pub(super) name: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) comment: String,
    /// The parameters of the path in order, each with its type.
    pub(super) path_parameters: Vec<Parameter>,
    pub(super) query: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// The type of what it answers.
    pub(super) answer: String,
    /// Whether that is a file.
    pub(super) is_file: bool,
    /// Statuses of refusals, each with the type of its body.
    pub(super) refusals: Vec<(String, String)>,
}

/// A parameter.
pub(super) struct Parameter {
    pub(super) name: String,
    /// What its argument is called.
    pub(super) argument: String,
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) comment: String,
    /// Whether several values stand in one with commas between.
    pub(super) is_joined: bool,
}

/// What it takes.
pub(super) struct Body {
    pub(super) kind: String,
    pub(super) required: bool,
    /// Whether it is sent as a form, whatever is in it.
    pub(super) is_form: bool,
    /// Whether it is sent as it is, by this type.
    pub(super) raw: Option<String>,
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The functions, in the order of the description.
pub(super) fn all(document: &Json) -> Vec<Function> {
    let mut functions: Vec<Function> = vec![];
    for (path, item) in object(member(document, "paths")) {
        for (method, operation) in object(Some(item)).filter(|(method, _)| METHODS.contains(method)) {
            let mut function = function(path, method, operation);
            let base = function.name.clone();
            let mut number = 2;
            while functions.iter().any(|known| known.name == function.name) {
                function.name = format!("{base}{number}");
                number += 1;
            }
            functions.push(function);
        }
    }
    functions
}

fn function(path: &str, method: &str, operation: &Json) -> Function {
    let id = match text(member(operation, "operationId")) {
        "" => format!("{method} {path}"),
        id => id.to_owned(),
    };
    let of_place = |place: &'static str| {
        let all = list(member(operation, "parameters")).iter();
        all.filter(move |parameter| text(member(parameter, "in")) == place).map(parameter).collect::<Vec<_>>()
    };
    let mut path_parameters = of_place("path");
    path_parameters.sort_by_key(|parameter| path.find(&format!("{{{}}}", parameter.name)));
    let (answer, is_file) = answer(operation);
    let comment = [text(member(operation, "summary")), text(member(operation, "description"))];
    let deprecated = if member(operation, "deprecated") == Some(&Json::Bool(true)) { "@deprecated" } else { "" };
    let comment = comment.into_iter().chain([deprecated]).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    Function {
        name: lower_camel(&id),
        method: method.to_owned(),
        path: path.to_owned(),
        comment: comment.join("\n\n"),
        path_parameters,
        query: of_place("query"),
        body: body(operation),
        answer,
        is_file,
        refusals: refusals(operation),
    }
}

fn parameter(told: &Json) -> Parameter {
    let name = text(member(told, "name")).to_owned();
    Parameter {
        argument: argument(&name),
        kind: member(told, "schema").map_or_else(|| "unknown".to_owned(), |schema| types::of(schema, 2)),
        required: member(told, "required") == Some(&Json::Bool(true)),
        comment: text(member(told, "description")).to_owned(),
        is_joined: member(told, "explode") == Some(&Json::Bool(false)),
        name,
    }
}

/// `notes_partial_update` as `notesPartialUpdate`.
fn lower_camel(id: &str) -> String {
    let upper = camel(id);
    let mut letters = upper.chars();
    let lower: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    unreserved(lower)
}

fn argument(name: &str) -> String {
    lower_camel(name)
}

/// The other words, and what the functions of a client call.
fn is_taken(name: &str) -> bool {
    matches!(name, "void" | "while" | "with" | "yield" | "part" | "search" | "sent" | "form")
}

/// Words that no function and no argument can be called.
fn unreserved(name: String) -> String {
    const RESERVED: [&str; 52] = [
        "arguments",
        "await",
        "body",
        "break",
        "case",
        "catch",
        "class",
        "config",
        "const",
        "constructor",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "headers",
        "http",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "query",
        "return",
        "static",
        "super",
        "switch",
        "then",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
    ];
    if RESERVED.contains(&name.as_str()) || is_taken(&name) {
        return format!("{name}_");
    }
    name
}

fn body(operation: &Json) -> Option<Body> {
    let told = member(operation, "requestBody")?;
    let required = member(told, "required") == Some(&Json::Bool(true));
    let content = member(told, "content");
    let types: Vec<(&str, &Json)> = object(content).collect();
    let schema = |wanted: &str| types.iter().find(|(media_type, _)| *media_type == wanted).map(|(_, told)| *told);
    let kind = |told: &Json| member(told, "schema").map_or_else(|| "unknown".to_owned(), |schema| types::of(schema, 1));
    if let Some(told) = types.iter().find(|(media_type, _)| media_type.ends_with("json")).map(|(_, told)| *told) {
        return Some(Body { kind: kind(told), required, is_form: false, raw: None });
    }
    if let Some(told) = schema("multipart/form-data").or_else(|| schema("application/x-www-form-urlencoded")) {
        return Some(Body { kind: kind(told), required, is_form: true, raw: None });
    }
    let (media_type, _) = types.first()?;
    let raw = if media_type.contains('*') { "application/octet-stream" } else { media_type };
    Some(Body { kind: "Blob | string".to_owned(), required, is_form: false, raw: Some(raw.to_owned()) })
}

/// The type of what is answered where all is well, and whether it is a file.
fn answer(operation: &Json) -> (String, bool) {
    let good = object(member(operation, "responses")).filter(|(status, _)| status.starts_with('2'));
    let mut kinds: Vec<String> = vec![];
    let mut is_file = false;
    for (_, told) in good {
        let mut content = object(member(told, "content"));
        let kind = match content.find(|(media_type, _)| media_type.contains("json")) {
            Some((_, told)) => {
                member(told, "schema").map_or_else(|| "unknown".to_owned(), |schema| types::of(schema, 1))
            }
            None => match object(member(told, "content")).next() {
                Some((media_type, _)) if media_type.starts_with("text/") => "string".to_owned(),
                Some(_) => {
                    is_file = true;
                    "Blob".to_owned()
                }
                None => "void".to_owned(),
            },
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    match kinds.is_empty() {
        true => ("void".to_owned(), false),
        false => (kinds.join(" | "), is_file),
    }
}

fn refusals(operation: &Json) -> Vec<(String, String)> {
    let bad = object(member(operation, "responses")).filter(|(status, _)| status.starts_with(['4', '5']));
    let one = |(status, told): (&str, &Json)| {
        let schema = object(member(told, "content")).next().and_then(|(_, told)| member(told, "schema"));
        (status.to_owned(), schema.map_or_else(|| "unknown".to_owned(), |schema| types::of(schema, 3)))
    };
    bad.map(one).collect()
}
