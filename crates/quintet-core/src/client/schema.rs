//! `schema.d.ts`: the types of components, and of operations by their names.

use super::operation::{Function, Parameter};
use super::{head, member, object, types};
use crate::json::Json;

/// The whole file.
pub(super) fn text(document: &Json, operations: &[Function]) -> String {
    let mut out = head(document);
    let components = member(document, "components").and_then(|all| member(all, "schemas"));
    for (name, schema) in object(components) {
        out.push('\n');
        if let Some(Json::Text(description)) = member(schema, "description") {
            out.push_str(&types::comment(description, ""));
        }
        let name = types::name(name);
        match is_interface(schema) {
            true => out.push_str(&format!("export interface {name} {}\n", types::of(schema, 0))),
            false => out.push_str(&format!("export type {name} = {};\n", types::of(schema, 0))),
        }
    }
    out.push_str(
        "\n/** What each operation takes, answers and refuses, by its name. */\nexport interface Operations {\n",
    );
    for function in operations {
        out.push_str(&types::comment(&format!("`{} {}`", function.method.to_uppercase(), function.path), "  "));
        out.push_str(&format!("  {}: {{\n", function.name));
        out.push_str(&format!("    path: {};\n", parameters(&function.path_parameters, true)));
        out.push_str(&format!("    query: {};\n", parameters(&function.query, false)));
        let body = function.body.as_ref().map_or("never", |body| &body.kind);
        out.push_str(&format!("    body: {};\n    answer: {};\n", indented(body), indented(&function.answer)));
        out.push_str("    refusals: {\n");
        for (status, kind) in &function.refusals {
            out.push_str(&format!("      {status}: {kind};\n"));
        }
        out.push_str("    };\n  };\n");
    }
    out.push_str("}\n");
    out
}

/// Whether it is an object that can be called by a name of its own.
fn is_interface(schema: &Json) -> bool {
    matches!(member(schema, "type"), Some(Json::Text(kind)) if kind == "object")
        && matches!(member(schema, "properties"), Some(Json::Object(properties)) if !properties.is_empty())
}

fn indented(kind: &str) -> String {
    kind.replace('\n', "\n  ")
}

/// Parameters as one type.
pub(super) fn parameters(all: &[Parameter], are_required: bool) -> String {
    if all.is_empty() {
        return "{ [name: string]: never }".to_owned();
    }
    let mut out = "{\n".to_owned();
    for parameter in all {
        out.push_str(&types::comment(&parameter.comment, "      "));
        let mark = if are_required || parameter.required { "" } else { "?" };
        out.push_str(&format!("      {}{mark}: {};\n", types::key(&parameter.name), parameter.kind));
    }
    out.push_str("    }");
    out
}
