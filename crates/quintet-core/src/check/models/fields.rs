//! Fields by themselves: names, limits, and options that do not go together.

use super::{At, Found, Message, expressions};
use crate::schema::{Choice, Field, Initial, Kind, UploadTo, Value};
use crate::sql::Dialect;

pub(super) fn check(found: &mut Found<'_>, at: &At<'_>) {
    let dialect = found.facts.dialect;
    for message in name(at).into_iter().chain(of_itself(at.field, dialect)).collect::<Vec<_>>() {
        found.field(message, at);
    }
}

/// What is wrong with a field whatever its name is.
fn of_itself(field: &Field, dialect: Option<Dialect>) -> Vec<Message> {
    common(field).into_iter().chain(choices(field)).chain(kind(field, dialect)).chain(output(field, dialect)).collect()
}

/// A generated column is of a type, which is a field by itself.
fn output(field: &Field, dialect: Option<Dialect>) -> Vec<Message> {
    let Kind::Generated { output, .. } = &field.kind else { return vec![] };
    let found = of_itself(output, dialect);
    let (errors, warnings): (Vec<_>, Vec<_>) = found.into_iter().partition(Message::is_serious);
    let list = |found: &[Message]| found.iter().map(|one| format!("{} ({})", one.text, one.id)).collect::<Vec<_>>();
    let hint = "correct the type of the generated column";
    let mut messages = vec![];
    if !errors.is_empty() {
        let text = format!("the generated column's type is wrong: {}", list(&errors).join("; "));
        messages.push(Message::error("fields.E223", text, hint));
    }
    if !warnings.is_empty() {
        let text = format!("the generated column's type is doubtful: {}", list(&warnings).join("; "));
        messages.push(Message::warning("fields.W224", text, hint));
    }
    messages
}

fn name(at: &At<'_>) -> Option<Message> {
    let composite = matches!(at.field.kind, Kind::CompositePrimaryKey { .. });
    if at.name.ends_with('_') {
        return Some(Message::error("fields.E001", "the field's name ends with an underscore", "choose another name"));
    }
    if at.name.contains("__") {
        let hint = "queries separate names by two underscores: choose another name, with `db_column` for the old one";
        return Some(Message::error("fields.E002", "the field's name contains two underscores", hint));
    }
    if at.name == "pk" && !composite {
        let hint = "`pk` means the primary key, whatever its name: choose another name";
        return Some(Message::error("fields.E003", "`pk` cannot be a field's name", hint));
    }
    if at.name == "id" && !at.field.primary_key && !at.model.options.proxy {
        let hint = "write `#[field(primary_key)]`, or choose another name";
        return Some(Message::error("models.E004", "a field named `id` must be the primary key", hint));
    }
    None
}

fn common(field: &Field) -> Vec<Message> {
    let mut messages = vec![];
    if field.primary_key && field.null {
        messages.push(Message::error("fields.E007", "a primary key cannot be null", "take the `Option` away"));
    }
    if field.kind.is_auto() && !field.primary_key {
        let hint = "write `#[field(primary_key)]`, or use an integer type";
        messages.push(Message::error("fields.E100", "a field that counts up must be the primary key", hint));
    }
    if matches!(field.kind, Kind::GenericIpAddress { .. }) && field.blank && !field.null {
        let hint = "a blank address is stored as null: make the field an `Option`";
        messages.push(Message::error("fields.E150", "an address may be blank only where it may be null", hint));
    }
    if field.db_default.as_ref().is_some_and(|expr| !expressions::can_be_default(expr)) {
        let hint = "a default knows no row: use values and functions of them, without fields, order and collation";
        messages.push(Message::error("fields.E012", "the expression cannot be a `db_default`", hint));
    }
    messages
}

fn choices(field: &Field) -> Option<Message> {
    let most = max_length(field)?;
    let flat = field.choices.iter().flat_map(|choice| match choice {
        Choice::One(value, _) => vec![value],
        Choice::Group(_, inner) => inner.iter().map(|(value, _)| value).collect(),
    });
    let longest =
        flat.filter_map(|value| if let Value::Text(text) = value { Some(text.chars().count()) } else { None });
    let longest = longest.max().filter(|longest| *longest > most as usize)?;
    let text = format!("`max_length` is too small for the longest choice, of {longest} characters");
    Some(Message::error("fields.E009", text, format!("write `max_length = {longest}` or more")))
}

fn max_length(field: &Field) -> Option<u32> {
    match field.kind {
        Kind::Char { max_length } | Kind::Slug { max_length, .. } => max_length,
        _ => None,
    }
}

fn kind(field: &Field, dialect: Option<Dialect>) -> Vec<Message> {
    match &field.kind {
        Kind::Char { max_length } => limit(*max_length, dialect).into_iter().collect(),
        Kind::Slug { max_length, .. } | Kind::Email { max_length } | Kind::Url { max_length } => {
            limit(*max_length, dialect).into_iter().collect()
        }
        Kind::Decimal { max_digits, decimal_places } => decimal(*max_digits, *decimal_places),
        Kind::Date { auto_now, auto_now_add }
        | Kind::DateTime { auto_now, auto_now_add }
        | Kind::Time { auto_now, auto_now_add } => times(field, *auto_now, *auto_now_add),
        Kind::Binary { .. } if matches!(&field.default, Some(Initial::Value(Value::Text(text))) if !text.is_empty()) => {
            vec![Message::error("fields.E170", "the default of bytes is a text", "write `default = b\"..\"`")]
        }
        Kind::FilePath { allow_files: false, allow_folders: false, .. } => {
            let hint = "set `allow_files` or `allow_folders`";
            vec![Message::error("fields.E140", "a path must be allowed to be a file or a folder", hint)]
        }
        Kind::File { upload_to, .. } | Kind::Image { upload_to, .. } => upload(field, upload_to),
        Kind::Generated { db_persist: false, .. } if dialect == Some(Dialect::Postgres) => {
            let hint = "write `db_persist = true`";
            vec![Message::error("fields.E221", "PostgreSQL only has generated columns that are stored", hint)]
        }
        _ => vec![],
    }
}

fn limit(max_length: Option<u32>, dialect: Option<Dialect>) -> Option<Message> {
    match max_length {
        // PostgreSQL has text in a line without a limit; the reference allows it there.
        None if dialect == Some(Dialect::Postgres) => None,
        None => {
            let hint = "write `#[field(max_length = 100)]`, or make it a `Text`";
            Some(Message::error("fields.E120", "text in a line needs a `max_length`", hint))
        }
        Some(0) => Some(Message::error("fields.E121", "`max_length` must be positive", "write 1 or more")),
        Some(_) => None,
    }
}

fn decimal(max_digits: Option<u32>, decimal_places: Option<u32>) -> Vec<Message> {
    let mut messages = vec![];
    if decimal_places.is_none() {
        let hint = "write `#[field(max_digits = 8, decimal_places = 2)]`";
        messages.push(Message::error("fields.E130", "a decimal number needs `decimal_places`", hint));
    }
    match max_digits {
        None => {
            let hint = "write `#[field(max_digits = 8, decimal_places = 2)]`";
            messages.push(Message::error("fields.E132", "a decimal number needs `max_digits`", hint));
        }
        Some(0) => messages.push(Message::error("fields.E133", "`max_digits` must be positive", "write 1 or more")),
        Some(digits) if decimal_places.is_some_and(|places| places > digits) => {
            let hint = format!("write `max_digits = {}` or more", decimal_places.unwrap_or_default());
            messages.push(Message::error("fields.E134", "`max_digits` is smaller than `decimal_places`", hint));
        }
        Some(_) => {}
    }
    messages
}

fn times(field: &Field, auto_now: bool, auto_now_add: bool) -> Vec<Message> {
    if [auto_now, auto_now_add, field.default.is_some()].into_iter().filter(|set| *set).count() > 1 {
        let hint = "keep one of them";
        return vec![Message::error(
            "fields.E160",
            "`auto_now`, `auto_now_add` and `default` exclude each other",
            hint,
        )];
    }
    let fixed = matches!(&field.default, Some(Initial::Value(Value::Date(_) | Value::DateTime(_) | Value::Time(_))));
    if fixed {
        let hint = "for the time at which a row is made, name a function: `default = now`";
        return vec![Message::warning("fields.W161", "the default is a fixed time", hint)];
    }
    vec![]
}

fn upload(field: &Field, upload_to: &UploadTo) -> Vec<Message> {
    let mut messages = vec![];
    if field.primary_key {
        messages.push(Message::error("fields.E201", "a file cannot be the primary key", "use another field"));
    }
    if matches!(upload_to, UploadTo::Path(path) if path.starts_with('/')) {
        let hint = "write it without the first slash: it is a folder below the storage";
        messages.push(Message::error("fields.E202", "`upload_to` must be a relative path", hint));
    }
    messages
}
