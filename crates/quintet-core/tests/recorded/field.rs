//! Fields: the class gives the kind, and each option is taken away as it is read, so that none is passed over.

use quintet_core::schema::words::{
    self, composite_primary_key, file_path, foreign_key, generated, many_to_many, one_to_one,
};
use quintet_core::schema::{
    Choice, Declared, Field, Initial, IpProtocol, Kind, OnDelete, Rule, Test, To, UploadTo, Validator, Value,
};
use serde_json::{Map, Value as Json};

use super::expression::{expression, limit};
use super::value::{
    content, flag, list, named_function, number, object, optional_number, optional_text, pair, tagged, text, texts,
    unknown, value,
};

/// Named fields in order.
pub(super) fn fields(json: &Json, at: &str) -> Vec<(String, Field)> {
    let named = list(json, at).iter().map(|entry| {
        let (name, it) = pair(entry, at);
        let name = text(name, at);
        let place = format!("{at}/{name}");
        (name, field(it, &place))
    });
    named.collect()
}

/// A field from its class and options.
pub(super) fn field(json: &Json, at: &str) -> Field {
    let mut options = object(&json["kwargs"], at).clone();
    // Ours are always declared, and their name is the usual one.
    let made = options.remove("auto_created").is_some();
    if made && options.get("verbose_name").is_some_and(|name| name == "ID") {
        options.remove("verbose_name");
    }
    options.remove("serialize");
    let mut field = kind(&text(&json["class"], at), &mut options, at);
    field.declared = Declared(field.kind.is_auto() && !made);
    for (key, it) in &options {
        set(&mut field, key, it, at);
    }
    field
}

/// A field of this class. Only what is needed to make it, and what belongs to its kind, is taken from the options.
fn kind(class: &str, options: &mut Map<String, Json>, at: &str) -> Field {
    let mut take = |key: &str| options.remove(key).unwrap_or(Json::Null);
    match class {
        "SmallAutoField" => words::small_auto(),
        "AutoField" => words::auto(),
        "BigAutoField" => words::big_auto(),
        "CharField" => Field::new(Kind::Char { max_length: optional_number(&take("max_length"), at) }),
        "TextField" => words::text(),
        "SlugField" => words::slug(),
        "EmailField" => words::email(),
        "URLField" => words::url(),
        "GenericIPAddressField" => words::generic_ip_address(),
        "SmallIntegerField" => words::small_integer(),
        "IntegerField" => words::integer(),
        "BigIntegerField" => words::big_integer(),
        "PositiveSmallIntegerField" => words::positive_small_integer(),
        "PositiveIntegerField" => words::positive_integer(),
        "PositiveBigIntegerField" => words::positive_big_integer(),
        "DecimalField" => Field::new(Kind::Decimal {
            max_digits: optional_number(&take("max_digits"), at),
            decimal_places: optional_number(&take("decimal_places"), at),
        }),
        "FloatField" => words::float(),
        "BooleanField" => words::boolean(),
        "DateField" => words::date(),
        "DateTimeField" => words::date_time(),
        "TimeField" => words::time(),
        "DurationField" => words::duration(),
        "UUIDField" => words::uuid(),
        "JSONField" => words::json(),
        "BinaryField" => words::binary(),
        "FileField" => words::file(),
        "ImageField" => words::image(),
        "FilePathField" => file_path(""),
        "GeneratedField" => generated(
            expression(&take("expression"), at),
            field(content(&take("output_field"), "$field", at), at),
            flag(&take("db_persist"), at),
        ),
        "CompositePrimaryKey" => {
            let names = texts(&take("fields"), at);
            composite_primary_key(&names.iter().map(String::as_str).collect::<Vec<_>>())
        }
        "ForeignKey" => foreign_key(to(&take("to"), at), on_delete(&take("on_delete"), at)),
        "OneToOneField" => one_to_one(to(&take("to"), at), on_delete(&take("on_delete"), at)),
        "ManyToManyField" => many_to_many(to(&take("to"), at)),
        "OrderWrt" => words::order_wrt(),
        _ => panic!("{at}: no counterpart for a field of the class `{class}`"),
    }
}

/// Sets one option: one that all fields have, else one of its kind.
fn set(field: &mut Field, key: &str, it: &Json, at: &str) {
    match key {
        "null" => field.null = flag(it, at),
        "blank" => field.blank = flag(it, at),
        "primary_key" => field.primary_key = flag(it, at),
        "unique" => field.unique = flag(it, at),
        "db_index" => field.db_index = flag(it, at),
        "editable" => field.editable = flag(it, at),
        "default" => field.default = Some(initial(&field.kind, it, at)),
        "db_default" => field.db_default = Some(expression(it, at)),
        "db_column" => field.db_column = Some(text(it, at)),
        "db_comment" => field.db_comment = Some(text(it, at)),
        "db_collation" => field.db_collation = Some(text(it, at)),
        "verbose_name" => field.verbose_name = Some(text(it, at)),
        "help_text" => field.help_text = text(it, at),
        "unique_for_date" => field.unique_for_date = Some(text(it, at)),
        "unique_for_month" => field.unique_for_month = Some(text(it, at)),
        "unique_for_year" => field.unique_for_year = Some(text(it, at)),
        "choices" => field.choices = list(it, at).iter().map(|one| choice(one, at)).collect(),
        "validators" => field.validators = list(it, at).iter().map(|one| validator(one, at)).collect(),
        "error_messages" => {
            let pairs = list(content(it, "$dict", at), at).iter().map(|one| pair(one, at));
            field.error_messages = pairs.map(|(code, message)| (text(code, at), text(message, at))).collect();
        }
        _ if set_of_kind(field, key, it, at) => {}
        _ => panic!("{at}: no counterpart for the option `{key}: {it}` of a {}", field.kind.class()),
    }
}

/// Sets an option that only this kind has; whether there is such a one.
fn set_of_kind(field: &mut Field, key: &str, it: &Json, at: &str) -> bool {
    match (&mut field.kind, key) {
        (
            Kind::Text { max_length }
            | Kind::Slug { max_length, .. }
            | Kind::Email { max_length }
            | Kind::Url { max_length }
            | Kind::Binary { max_length }
            | Kind::File { max_length, .. }
            | Kind::Image { max_length, .. }
            | Kind::FilePath { max_length, .. },
            "max_length",
        ) => *max_length = optional_number(it, at),
        (Kind::Slug { allow_unicode, .. }, "allow_unicode") => *allow_unicode = flag(it, at),
        (Kind::GenericIpAddress { protocol, .. }, "protocol") => {
            *protocol = match text(it, at).to_lowercase().as_str() {
                "both" => IpProtocol::Both,
                "ipv4" => IpProtocol::Ipv4,
                "ipv6" => IpProtocol::Ipv6,
                _ => unknown(it, at),
            }
        }
        (Kind::GenericIpAddress { unpack_ipv4, .. }, "unpack_ipv4") => *unpack_ipv4 = flag(it, at),
        (Kind::Date { .. } | Kind::DateTime { .. } | Kind::Time { .. }, "auto_now") => {
            *field = field.clone().auto_now();
        }
        (Kind::Date { .. } | Kind::DateTime { .. } | Kind::Time { .. }, "auto_now_add") => {
            *field = field.clone().auto_now_add();
        }
        (Kind::File { upload_to, .. } | Kind::Image { upload_to, .. }, "upload_to") => *upload_to = folder(it, at),
        (Kind::Image { width_field, .. }, "width_field") => *width_field = optional_text(it, at),
        (Kind::Image { height_field, .. }, "height_field") => *height_field = optional_text(it, at),
        (Kind::FilePath { path, .. }, "path") => *path = folder(it, at),
        (Kind::FilePath { matching, .. }, "match") => *matching = optional_text(it, at),
        (Kind::FilePath { recursive, .. }, "recursive") => *recursive = flag(it, at),
        (Kind::FilePath { allow_files, .. }, "allow_files") => *allow_files = flag(it, at),
        (Kind::FilePath { allow_folders, .. }, "allow_folders") => *allow_folders = flag(it, at),
        (Kind::ForeignKey(relation) | Kind::OneToOne(relation), _) => match key {
            "related_name" => relation.related_name = Some(text(it, at)),
            "related_query_name" => relation.related_query_name = Some(text(it, at)),
            "limit_choices_to" => relation.limit_choices_to = Some(limit(it, at)),
            "to_field" => relation.to_field = Some(text(it, at)),
            "db_constraint" => relation.db_constraint = flag(it, at),
            "parent_link" => relation.parent_link = flag(it, at),
            _ => return false,
        },
        (Kind::ManyToMany(many), _) => match key {
            "related_name" => many.related_name = Some(text(it, at)),
            "related_query_name" => many.related_query_name = Some(text(it, at)),
            "limit_choices_to" => many.limit_choices_to = Some(limit(it, at)),
            "symmetrical" => many.symmetrical = Some(flag(it, at)),
            "through" => many.through = Some(to(it, at)),
            "through_fields" => {
                let (here, there) = pair(it, at);
                many.through_fields = Some((text(here, at), text(there, at)));
            }
            "db_constraint" => many.db_constraint = flag(it, at),
            "db_table" => many.db_table = Some(text(it, at)),
            _ => return false,
        },
        _ => return false,
    }
    true
}

fn initial(kind: &Kind, json: &Json, at: &str) -> Initial {
    match (named_function(json, at), kind) {
        (Some(function), _) => Initial::Function(function),
        (None, Kind::Json) if !json.is_object() => Initial::Value(Value::Json(json.to_string())),
        (None, _) => Initial::Value(value(json, at)),
    }
}

/// A value with its words, or a heading with several of them.
fn choice(json: &Json, at: &str) -> Choice {
    let (first, second) = pair(json, at);
    if !second.is_array() {
        return Choice::One(value(first, at), text(second, at));
    }
    let each = list(second, at).iter().map(|one| pair(one, at));
    Choice::Group(text(first, at), each.map(|(one, label)| (value(one, at), text(label, at))).collect())
}

fn to(json: &Json, at: &str) -> To {
    match json {
        Json::String(label) => To::named(label),
        _ if json["$setting"] == "AUTH_USER_MODEL" => To::user_model(),
        _ => unknown(json, at),
    }
}

fn on_delete(json: &Json, at: &str) -> OnDelete {
    match tagged(json, at) {
        ("$set_on_delete", it) => {
            named_function(it, at).map_or_else(|| OnDelete::Set(value(it, at)), OnDelete::SetWith)
        }
        ("$function", path) => match path.as_str().and_then(|path| path.strip_prefix("django.db.models.deletion.")) {
            Some("CASCADE") => OnDelete::Cascade,
            Some("PROTECT") => OnDelete::Protect,
            Some("RESTRICT") => OnDelete::Restrict,
            Some("SET_NULL") => OnDelete::SetNull,
            Some("SET_DEFAULT") => OnDelete::SetDefault,
            Some("DO_NOTHING") => OnDelete::DoNothing,
            _ => unknown(json, at),
        },
        _ => unknown(json, at),
    }
}

fn folder(json: &Json, at: &str) -> UploadTo {
    named_function(json, at).map_or_else(|| UploadTo::Path(text(json, at)), UploadTo::Function)
}

/// A validator from its class and what it was made with, by position or by name.
fn validator(json: &Json, at: &str) -> Validator {
    if let Some(function) = named_function(json, at) {
        return Validator::new(Rule::Function(Test::new(function.path, |_| Ok(()))));
    }
    let whole = content(json, "$validator", at);
    let (args, mut named) = (list(&whole["args"], at), object(&whole["kwargs"], at).clone());
    let class = text(&whole["class"], at);
    let names: &[&str] = match class.as_str() {
        "MinValueValidator" | "MaxValueValidator" | "MinLengthValidator" | "MaxLengthValidator" => {
            &["limit_value", "message"]
        }
        "StepValueValidator" => &["limit_value", "message", "offset"],
        "RegexValidator" => &["regex", "message", "code", "inverse_match", "flags"],
        "EmailValidator" => &["message", "code"],
        "DecimalValidator" => &["max_digits", "decimal_places"],
        "FileExtensionValidator" => &["allowed_extensions", "message", "code"],
        "ProhibitNullCharactersValidator" => &["message", "code"],
        "UnicodeUsernameValidator" | "ASCIIUsernameValidator" => &[],
        _ => unknown(json, at),
    };
    assert!(args.len() <= names.len(), "{at}: no counterpart for `{json}`");
    named.extend(names.iter().zip(args).map(|(name, arg)| ((*name).to_owned(), arg.clone())));
    let mut take = |key: &str| named.remove(key).unwrap_or(Json::Null);
    let rule = match class.as_str() {
        "MinValueValidator" => Rule::MinValue(value(&take("limit_value"), at)),
        "MaxValueValidator" => Rule::MaxValue(value(&take("limit_value"), at)),
        "MinLengthValidator" => Rule::MinLength(number(&take("limit_value"), at)),
        "MaxLengthValidator" => Rule::MaxLength(number(&take("limit_value"), at)),
        "StepValueValidator" => {
            let (step, offset) = (take("limit_value"), take("offset"));
            Rule::StepValue(value(&step, at), (!offset.is_null()).then(|| value(&offset, at)))
        }
        "RegexValidator" => Rule::Regex {
            pattern: text(&take("regex"), at),
            inverse: take("inverse_match").as_bool().unwrap_or(false),
            flags: optional_number(&take("flags"), at).unwrap_or(0),
        },
        "EmailValidator" => Rule::Email,
        "DecimalValidator" => Rule::Decimal(number(&take("max_digits"), at), number(&take("decimal_places"), at)),
        "FileExtensionValidator" => Rule::FileExtension(texts(&take("allowed_extensions"), at)),
        "ProhibitNullCharactersValidator" => Rule::NoNullCharacters,
        other => Rule::Username(other == "ASCIIUsernameValidator"),
    };
    let (message, code) = (optional_text(&take("message"), at), optional_text(&take("code"), at));
    assert!(named.is_empty(), "{at}: no counterpart for `{json}`");
    Validator { rule, message, code }
}
