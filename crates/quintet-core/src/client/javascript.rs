//! `client.js`, and its types in `client.d.ts`.

use super::operation::Function;
use super::{functions, head, runtime};
use crate::json::Json;

/// `client.js`.
pub(super) fn functions(document: &Json, operations: &[Function]) -> String {
    let mut out = head(document);
    out.push_str("\n/** The functions over an instance of axios, whose `baseURL` is where the API is. */\n");
    out.push_str("export function createClient(http) {\n  return {\n");
    for function in operations {
        let mut names: Vec<&str> = function.path_parameters.iter().map(|one| one.argument.as_str()).collect();
        names.extend(function.body.as_ref().map(|_| "body"));
        names.extend((!function.query.is_empty()).then_some("query"));
        names.push("config");
        let body = runtime::body_of(function, "");
        out.push_str(&format!("    async {}({}) {{\n{body}    }},\n", function.name, names.join(", ")));
    }
    out.push_str("  };\n}\n\n");
    out.push_str(&runtime::javascript(operations));
    out
}

/// `client.d.ts`.
pub(super) fn declarations(document: &Json, operations: &[Function]) -> String {
    let mut out = head(document);
    out.push_str("\nimport type { AxiosInstance, AxiosRequestConfig } from \"axios\";\n");
    out.push_str("import type { Operations } from \"./schema.js\";\n");
    out.push_str("export type * from \"./schema.js\";\n\n");
    out.push_str(&functions::declared(operations));
    out.push_str("\n/** The functions over an instance of axios, whose `baseURL` is where the API is. */\n");
    out.push_str("export function createClient(http: AxiosInstance): Client;\n\n");
    out.push_str(runtime::DECLARED);
    out
}
