//! `client.ts`: a function for each operation.

use super::operation::Function;
use super::{head, runtime, types};
use crate::json::Json;

/// The whole file.
pub(super) fn typescript(document: &Json, operations: &[Function]) -> String {
    let mut out = head(document);
    out.push_str("\nimport type { AxiosInstance, AxiosRequestConfig } from \"axios\";\n");
    out.push_str("import type { Operations } from \"./schema.js\";\n");
    out.push_str("export type * from \"./schema.js\";\n\n");
    out.push_str(&declared(operations));
    out.push_str("\n/** The functions over an instance of axios, whose `baseURL` is where the API is. */\n");
    out.push_str("export function createClient(http: AxiosInstance): Client {\n  return {\n");
    for function in operations {
        out.push_str(&format!(
            "    async {}({}): Promise<{}> {{\n{}    }},\n",
            function.name,
            arguments(function),
            answer(function),
            runtime::body_of(function, &format!("<{}>", answer(function)))
        ));
    }
    out.push_str("  };\n}\n\n");
    out.push_str(&runtime::typescript(operations));
    out
}

/// The interface of the functions, and of what is refused.
pub(super) fn declared(operations: &[Function]) -> String {
    let mut out = "/** A function for each operation. */\nexport interface Client {\n".to_owned();
    for function in operations {
        let place = format!("`{} {}`", function.method.to_uppercase(), function.path);
        let comment = if function.comment.is_empty() { place } else { format!("{}\n\n{place}", function.comment) };
        out.push_str(&types::comment(&comment, "  "));
        out.push_str(&format!("  {}({}): Promise<{}>;\n", function.name, arguments(function), answer(function)));
    }
    out.push_str("}\n\n");
    out.push_str("/** What an operation refuses: a status, and the body that comes with it. */\n");
    out.push_str("export type Refusal<Name extends keyof Operations> = {\n");
    out.push_str("  [Status in keyof Operations[Name][\"refusals\"]]: {\n");
    out.push_str("    readonly status: Status;\n    readonly data: Operations[Name][\"refusals\"][Status];\n  };\n");
    out.push_str("}[keyof Operations[Name][\"refusals\"]];\n\n");
    out.push_str("/** What is wrong with the fields that an operation takes: texts by field. */\n");
    out.push_str("export type FieldErrors<Name extends keyof Operations> = {\n");
    out.push_str("  [Field in keyof Operations[Name][\"body\"] | \"non_field_errors\"]?: string[];\n};\n");
    out
}

/// The arguments: what the path holds, the body, the query, and whatever axios shall be told.
fn arguments(function: &Function) -> String {
    let mut all: Vec<String> = vec![];
    let of = |member: &str| format!("Operations[\"{}\"][\"{member}\"]", function.name);
    for parameter in &function.path_parameters {
        all.push(format!("{}: {}[{}]", parameter.argument, of("path"), types::quoted(&parameter.name)));
    }
    let needs_query = function.query.iter().any(|parameter| parameter.required);
    if let Some(body) = &function.body {
        // What must be given does not stand behind what need not be.
        match body.required || needs_query {
            true => all.push(format!("body: {}", of("body"))),
            false => all.push(format!("body?: {}", of("body"))),
        }
    }
    if !function.query.is_empty() {
        all.push(format!("query{}: {}", if needs_query { "" } else { "?" }, of("query")));
    }
    all.push("config?: AxiosRequestConfig".to_owned());
    all.join(", ")
}

pub(super) fn answer(function: &Function) -> String {
    format!("Operations[\"{}\"][\"answer\"]", function.name)
}
