//! Fields as Rust: the word of the kind, then only what differs from what the kind has by itself.

use super::text::Text;
use super::value::{condition, exact, expression, function, into_expr, validator, value};
use super::{Place, WriteError};
use crate::schema::{
    Choice, Condition, Field, Function, Initial, IpProtocol, Kind, ManyToMany, OnDelete, Relation, To, UploadTo, Value,
};

pub(super) fn field(field: &Field, place: &Place<'_>) -> Result<Text, WriteError> {
    let mut usual = Field::new(field.kind.clone());
    usual.primary_key = matches!(field.kind, Kind::CompositePrimaryKey { .. });
    let mut text = kind(&field.kind, place)?;
    let switches = [
        (usual.null, field.null, "null", ""),
        (usual.blank, field.blank, "blank", "not_blank"),
        (usual.primary_key, field.primary_key, "primary_key", "not_primary_key"),
        (usual.unique, field.unique, "unique", "not_unique"),
        (usual.db_index, field.db_index, "db_index", "no_db_index"),
        (usual.editable, field.editable, "editable", "not_editable"),
    ];
    for (usual, is, on, off) in switches {
        if usual != is {
            text = text.then(if is { on } else { off }, vec![]);
        }
    }
    if field.declared.0 {
        text = text.then("declared", vec![]);
    }
    text = match &field.default {
        None => text,
        Some(Initial::Value(one)) => text.then("with_default", vec![value(one)]),
        Some(Initial::Function(named)) => text.then("with_default_fn", vec![function(named, place)?]),
    };
    if let Some(expr) = &field.db_default {
        text = text.then("db_default", vec![into_expr(expr)]);
    }
    text = choices(text, &field.choices);
    for one in &field.validators {
        text = validator(text, one, place)?;
    }
    let help = Some(&field.help_text).filter(|help| !help.is_empty());
    let texts = [
        ("db_column", field.db_column.as_ref()),
        ("db_comment", field.db_comment.as_ref()),
        ("db_collation", field.db_collation.as_ref()),
        ("verbose_name", field.verbose_name.as_ref()),
        ("help_text", help),
        ("unique_for_date", field.unique_for_date.as_ref()),
        ("unique_for_month", field.unique_for_month.as_ref()),
        ("unique_for_year", field.unique_for_year.as_ref()),
    ];
    for (name, words) in texts {
        text = words.into_iter().fold(text, |text, words| text.then(name, vec![Text::string(words)]));
    }
    Ok(field.error_messages.iter().fold(text, |text, (code, message)| {
        text.then("error_message", vec![Text::string(code), Text::string(message)])
    }))
}

fn choices(mut text: Text, all: &[Choice]) -> Text {
    let pair = |value: &Value, label: &str| Text::Tuple(vec![exact(value), Text::string(label)]);
    let mut open = vec![];
    for choice in all {
        match choice {
            Choice::One(value, label) => open.push(pair(value, label)),
            Choice::Group(heading, group) => {
                if !open.is_empty() {
                    text = text.then("choices", vec![Text::Vec(std::mem::take(&mut open))]);
                }
                let group = group.iter().map(|(value, label)| pair(value, label)).collect();
                text = text.then("choice_group", vec![Text::string(heading), Text::Vec(group)]);
            }
        }
    }
    if open.is_empty() { text } else { text.then("choices", vec![Text::Vec(open)]) }
}

/// The kind in a cast: kinds that name functions do not occur there.
pub(super) fn kind_of_cast(one: &Kind) -> Text {
    let place = Place { crate_name: "", what: String::new() };
    kind(one, &place).unwrap_or_else(|_| Text::call("text", vec![]))
}

fn kind(kind: &Kind, place: &Place<'_>) -> Result<Text, WriteError> {
    let plain = |word: &str| Text::call(word, vec![]);
    Ok(match kind {
        Kind::SmallAuto => plain("small_auto"),
        Kind::Auto => plain("auto"),
        Kind::BigAuto => plain("big_auto"),
        Kind::Char { max_length: None } => plain("unlimited_char"),
        Kind::Char { max_length: Some(most) } => Text::call("char", vec![number(*most)]),
        Kind::Text { max_length } => limited(plain("text"), *max_length, None),
        Kind::Slug { max_length, allow_unicode } => {
            let text = limited(plain("slug"), *max_length, Some(50));
            if *allow_unicode { text.then("allow_unicode", vec![]) } else { text }
        }
        Kind::Email { max_length } => limited(plain("email"), *max_length, Some(254)),
        Kind::Url { max_length } => limited(plain("url"), *max_length, Some(200)),
        Kind::GenericIpAddress { protocol, unpack_ipv4 } => {
            let text = plain("generic_ip_address");
            let text = match protocol {
                IpProtocol::Both => text,
                IpProtocol::Ipv4 => text.then("protocol", vec![Text::word("IpProtocol::Ipv4")]),
                IpProtocol::Ipv6 => text.then("protocol", vec![Text::word("IpProtocol::Ipv6")]),
            };
            if *unpack_ipv4 { text.then("unpack_ipv4", vec![]) } else { text }
        }
        Kind::SmallInteger => plain("small_integer"),
        Kind::Integer => plain("integer"),
        Kind::BigInteger => plain("big_integer"),
        Kind::PositiveSmallInteger => plain("positive_small_integer"),
        Kind::PositiveInteger => plain("positive_integer"),
        Kind::PositiveBigInteger => plain("positive_big_integer"),
        Kind::Decimal { max_digits: Some(digits), decimal_places: Some(places) } => {
            Text::call("decimal", vec![number(*digits), number(*places)])
        }
        Kind::Decimal { max_digits, decimal_places } => {
            let some = |of: &Option<u32>| of.map_or(Text::word("None"), |of| Text::call("Some", vec![number(of)]));
            Text::call("open_decimal", vec![some(max_digits), some(decimal_places)])
        }
        Kind::Float => plain("float"),
        Kind::Boolean => plain("boolean"),
        Kind::Date { auto_now, auto_now_add } => timed(plain("date"), *auto_now, *auto_now_add),
        Kind::DateTime { auto_now, auto_now_add } => timed(plain("date_time"), *auto_now, *auto_now_add),
        Kind::Time { auto_now, auto_now_add } => timed(plain("time"), *auto_now, *auto_now_add),
        Kind::Duration => plain("duration"),
        Kind::Uuid => plain("uuid"),
        Kind::Json => plain("json"),
        Kind::Binary { max_length } => limited(plain("binary"), *max_length, None),
        Kind::File { upload_to, max_length } => {
            limited(uploaded(plain("file"), upload_to, place)?, *max_length, Some(100))
        }
        Kind::Image { upload_to, max_length, width_field, height_field } => {
            let text = limited(uploaded(plain("image"), upload_to, place)?, *max_length, Some(100));
            match (width_field, height_field) {
                (None, None) => text,
                (width, height) => text.then("dimensions", vec![optional(width), optional(height)]),
            }
        }
        Kind::FilePath { path, matching, recursive, allow_files, allow_folders, max_length } => {
            let text = match path {
                UploadTo::Path(path) => Text::call("file_path", vec![Text::string(path)]),
                UploadTo::Function(named) => Text::call("file_path_fn", vec![function(named, place)?]),
            };
            let text = limited(text, *max_length, Some(100));
            if matching.is_none() && !recursive && *allow_files && !allow_folders {
                text
            } else {
                let flag = |yes: &bool| Text::Literal(yes.to_string());
                text.then("choosing", vec![optional(matching), flag(recursive), flag(allow_files), flag(allow_folders)])
            }
        }
        Kind::Generated { expression: computed, output, db_persist } => {
            let stored = Text::Literal(db_persist.to_string());
            Text::call("generated", vec![expression(computed), field(output, place)?, stored])
        }
        Kind::CompositePrimaryKey { fields } => {
            Text::call("composite_primary_key", vec![Text::Slice(Text::strings(fields))])
        }
        Kind::ForeignKey(one) => relation("foreign_key", one, place)?,
        Kind::OneToOne(one) => relation("one_to_one", one, place)?,
        Kind::ManyToMany(many) => many_to_many(many),
        Kind::OrderWrt => plain("order_wrt"),
    })
}

fn limited(text: Text, most: Option<u32>, usual: Option<u32>) -> Text {
    match most {
        same if same == usual => text,
        Some(most) => text.then("max_length", vec![number(most)]),
        None => text.then("no_max_length", vec![]),
    }
}

fn timed(text: Text, auto_now: bool, auto_now_add: bool) -> Text {
    let text = if auto_now { text.then("auto_now", vec![]) } else { text };
    if auto_now_add { text.then("auto_now_add", vec![]) } else { text }
}

fn uploaded(text: Text, to: &UploadTo, place: &Place<'_>) -> Result<Text, WriteError> {
    Ok(match to {
        UploadTo::Path(path) if path.is_empty() => text,
        UploadTo::Path(path) => text.then("upload_to", vec![Text::string(path)]),
        UploadTo::Function(named) => text.then("upload_to_fn", vec![function(named, place)?]),
    })
}

fn relation(word: &str, one: &Relation, place: &Place<'_>) -> Result<Text, WriteError> {
    let mut text = Text::call(word, vec![to(&one.to), on_delete(&one.on_delete, place)?]);
    text = named(text, "to_field", &one.to_field);
    text = backwards(text, &one.related_name, &one.related_query_name, &one.limit_choices_to);
    if !one.db_constraint {
        text = text.then("no_db_constraint", vec![]);
    }
    Ok(if one.parent_link { text.then("parent_link", vec![]) } else { text })
}

fn many_to_many(many: &ManyToMany) -> Text {
    let mut text = Text::call("many_to_many", vec![to(&many.to)]);
    if let Some(through) = &many.through {
        text = text.then("through", vec![to(through)]);
    }
    if let Some((here, there)) = &many.through_fields {
        text = text.then("through_fields", vec![Text::string(here), Text::string(there)]);
    }
    text = backwards(text, &many.related_name, &many.related_query_name, &many.limit_choices_to);
    if let Some(yes) = many.symmetrical {
        text = text.then("symmetrical", vec![Text::Literal(yes.to_string())]);
    }
    if !many.db_constraint {
        text = text.then("no_db_constraint", vec![]);
    }
    named(text, "db_table", &many.db_table)
}

fn backwards(text: Text, name: &Option<String>, query: &Option<String>, limit: &Option<Condition>) -> Text {
    let text = named(named(text, "related_name", name), "related_query_name", query);
    limit.iter().fold(text, |text, limit| text.then("limit_choices_to", vec![condition(limit)]))
}

fn named(text: Text, method: &str, words: &Option<String>) -> Text {
    words.iter().fold(text, |text, words| text.then(method, vec![Text::string(words)]))
}

fn to(to: &To) -> Text {
    if to.is_user_model {
        Text::call("user_model", vec![])
    } else if to.app.is_empty() {
        Text::string(&to.model)
    } else {
        Text::string(&format!("{}.{}", to.app, to.model))
    }
}

fn on_delete(on_delete: &OnDelete, place: &Place<'_>) -> Result<Text, WriteError> {
    let with = |named: &Function| Ok(Text::call("set_with", vec![function(named, place)?]));
    Ok(match on_delete {
        OnDelete::Cascade => Text::word("OnDelete::Cascade"),
        OnDelete::Protect => Text::word("OnDelete::Protect"),
        OnDelete::Restrict => Text::word("OnDelete::Restrict"),
        OnDelete::SetNull => Text::word("OnDelete::SetNull"),
        OnDelete::SetDefault => Text::word("OnDelete::SetDefault"),
        OnDelete::Set(one) => Text::call("set", vec![value(one)]),
        OnDelete::SetWith(named) => return with(named),
        OnDelete::DoNothing => Text::word("OnDelete::DoNothing"),
    })
}

fn number(number: u32) -> Text {
    Text::Literal(number.to_string())
}

pub(super) fn optional(words: &Option<String>) -> Text {
    words.as_ref().map_or(Text::word("None"), |words| Text::call("Some", vec![Text::string(words)]))
}
