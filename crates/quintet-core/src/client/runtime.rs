//! What the functions of a client have in common, and the body of each.

use super::operation::Function;
use super::types::quoted;

/// What stands behind the functions of `client.ts`: what they use, and no more, as strict compilers want it.
pub(super) fn typescript(operations: &[Function]) -> String {
    let mut out = TYPESCRIPT.to_owned();
    let any = |has: fn(&Function) -> bool| operations.iter().any(has);
    let has_body = any(|one| one.body.as_ref().is_some_and(|body| !body.is_form && body.raw.is_none()));
    let has_form = has_body || any(|one| one.body.as_ref().is_some_and(|body| body.is_form));
    let wanted = [
        (any(|one| !one.path_parameters.is_empty()), PART),
        (any(|one| !one.query.is_empty()), PARAMETERS),
        (has_body, SENT),
        (has_form, FORM),
    ];
    for (is_wanted, text) in wanted {
        if is_wanted {
            out.push_str(text);
        }
    }
    out
}

/// What a function does.
pub(super) fn body_of(function: &Function, kind: &str) -> String {
    let mut fields = vec![format!("method: \"{}\"", function.method), format!("url: {}", url(function))];
    let mut begin = "...config".to_owned();
    if let Some(body) = &function.body {
        match (&body.raw, body.is_form) {
            (Some(media_type), _) => {
                begin =
                    format!("...config, headers: {{ \"Content-Type\": {}, ...config?.headers }}", quoted(media_type));
                fields.push("data: body".to_owned());
            }
            (None, true) => fields.push("data: form(body)".to_owned()),
            (None, false) => fields.push("data: sent(body)".to_owned()),
        }
    }
    if function.is_file {
        fields.push("responseType: \"blob\"".to_owned());
    }
    let result = if function.answer == "void" { "" } else { "return " };
    let end = if function.answer == "void" { "" } else { ".data" };
    match result {
        "" => format!("      await http.request({{ {begin}, {} }});\n", fields.join(", ")),
        _ => format!("      {result}(await http.request{kind}({{ {begin}, {} }})){end};\n", fields.join(", ")),
    }
}

/// The path with its arguments in it, and the query.
fn url(function: &Function) -> String {
    let mut text = String::new();
    let mut rest = function.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        text.push_str(&plain(before));
        let argument = function.path_parameters.iter().find(|one| one.name == name).map(|one| one.argument.as_str());
        text.push_str(&format!("${{part({})}}", argument.unwrap_or("\"\"")));
        rest = behind;
    }
    text.push_str(&plain(rest));
    if !function.query.is_empty() {
        let joined: Vec<String> =
            function.query.iter().filter(|one| one.is_joined).map(|one| quoted(&one.name)).collect();
        text.push_str(&format!("${{search(query, [{}])}}", joined.join(", ")));
    }
    format!("`{text}`")
}

/// Text within a template.
fn plain(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "\\`").replace('$', "\\$")
}

/// Behind the functions of `client.ts`.
const TYPESCRIPT: &str = r#"/** What an operation refused, where that is why an error came; nothing for other errors. */
export function refusal<Name extends keyof Operations>(_name: Name, error: unknown): Refusal<Name> | undefined {
  const response = responseOf(error);
  return response === undefined || response.status < 400 ? undefined : (response as unknown as Refusal<Name>);
}

/** What is wrong with the fields that an operation took; nothing where that is not why an error came. */
export function fieldErrors<Name extends keyof Operations>(name: Name, error: unknown): FieldErrors<Name> | undefined {
  void name;
  const response = responseOf(error);
  if (response === undefined || response.status !== 400 || !isObject(response.data)) return undefined;
  const fields: { [field: string]: string[] } = {};
  for (const [field, wrong] of Object.entries(response.data)) fields[field] = texts(wrong);
  return fields as FieldErrors<Name>;
}

function responseOf(error: unknown): { status: number; data: unknown } | undefined {
  const response = isObject(error) ? error["response"] : undefined;
  if (!isObject(response) || typeof response["status"] !== "number") return undefined;
  return { status: response["status"], data: response["data"] };
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All texts within, whatever they are within. */
function texts(wrong: unknown): string[] {
  if (typeof wrong === "string") return [wrong];
  if (Array.isArray(wrong)) return wrong.flatMap(texts);
  return isObject(wrong) ? Object.values(wrong).flatMap(texts) : [];
}
"#;

/// Behind those, where a path has parameters.
const PART: &str = r#"
/** A part of a path. */
function part(value: unknown): string {
  return encodeURIComponent(String(value));
}
"#;

/// Where there are queries.
const PARAMETERS: &str = r#"
/** A query string: what is not there is left out, of several values each comes, or all with commas between. */
function search(query: object | undefined, joined: readonly string[]): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) all.append(name, String(value));
    else if (joined.includes(name)) all.append(name, value.map(String).join(","));
    else for (const one of value) all.append(name, String(one));
  }
  const text = all.toString();
  return text === "" ? "" : `?${text}`;
}
"#;

/// Where there are bodies.
const SENT: &str = r#"
/** A body: JSON, or a form where a file is in it. */
function sent(body: unknown): unknown {
  return isObject(body) && Object.values(body).some(hasFile) ? form(body) : body;
}

function hasFile(value: unknown): boolean {
  return value instanceof Blob || (Array.isArray(value) && value.some(hasFile));
}
"#;

/// Where there are forms, or bodies that may become one.
const FORM: &str = r#"
/** A form: lists member by member, nothing as the empty text. */
function form(body: unknown): FormData {
  const all = new FormData();
  for (const [name, value] of Object.entries(isObject(body) ? body : {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one instanceof Blob) all.append(name, one);
      else if (one === null) all.append(name, "");
      else all.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  return all;
}
"#;

/// Behind the functions of `client.d.ts`.
pub(super) const DECLARED: &str = r#"/** What an operation refused, where that is why an error came; nothing for other errors. */
export function refusal<Name extends keyof Operations>(name: Name, error: unknown): Refusal<Name> | undefined;

/** What is wrong with the fields that an operation took; nothing where that is not why an error came. */
export function fieldErrors<Name extends keyof Operations>(name: Name, error: unknown): FieldErrors<Name> | undefined;
"#;

/// The same as [`TYPESCRIPT`], without its types.
const PLAIN: &[(&str, &str)] = &[
    ("<Name extends keyof Operations>(_name: Name, error: unknown): Refusal<Name> | undefined", "(_name, error)"),
    ("<Name extends keyof Operations>(name: Name, error: unknown): FieldErrors<Name> | undefined", "(name, error)"),
    ("(response as unknown as Refusal<Name>)", "response"),
    ("const fields: { [field: string]: string[] } = {};", "const fields = {};"),
    ("fields as FieldErrors<Name>", "fields"),
    ("(error: unknown): { status: number; data: unknown } | undefined", "(error)"),
    ("(value: unknown): value is { [name: string]: unknown }", "(value)"),
    ("(wrong: unknown): string[]", "(wrong)"),
    ("(value: unknown): string", "(value)"),
    ("(query: object | undefined, joined: readonly string[]): string", "(query, joined)"),
    ("(body: unknown): unknown", "(body)"),
    ("(value: unknown): boolean", "(value)"),
    ("(body: unknown): FormData", "(body)"),
];

/// Behind the functions of `client.js`.
pub(super) fn javascript(operations: &[Function]) -> String {
    PLAIN.iter().fold(typescript(operations), |text, (typed, plain)| text.replace(typed, plain))
}
