//! Recorded fields and inputs, as ours.

use chrono_tz::Tz;
use quintet_core::json::{self, Form, FormValue, Json};
use quintet_core::rest::{
    Context, Data, DurationFormat, Field, FormData, Format, Kind, Outcome, Problems, Rounding, UuidFormat,
};
use quintet_core::schema::{Choice, IpProtocol, Value};

/// A recorded field.
pub(crate) struct Recorded {
    /// Its class with the arguments, for messages.
    pub(crate) title: String,
    /// The field.
    pub(crate) field: Field,
    /// The zone that was the current one.
    pub(crate) zone: Tz,
    /// What metadata say of it.
    pub(crate) info: Json,
    /// The inputs: how each comes, the input, and the answer.
    pub(crate) cases: Vec<(String, Json, Json)>,
}

/// All fields of a recording.
pub(crate) fn fields(text: &str) -> Vec<Recorded> {
    let recording = json::parse_text(text).expect("a recording");
    let texts = list(member(&recording, "texts"));
    let one = |entry: &Json| {
        let case = |case: &Json| {
            let [mode, input, Json::Int(number)] = list(case) else { panic!("{case:?}") };
            (word(mode).to_owned(), input.clone(), texts[usize::try_from(*number).expect("a number")].clone())
        };
        Recorded {
            title: format!("{} {}", word(member(entry, "class")), written(member(entry, "kwargs"))),
            field: field(entry).named("f"),
            info: member(entry, "info").clone(),
            zone: word(member(entry, "zone")).parse().expect("a zone"),
            cases: list(member(entry, "cases")).iter().map(case).collect(),
        }
    };
    list(member(&recording, "fields")).iter().map(one).collect()
}

/// What the recording says a field answers.
pub(crate) fn answer(recorded: &Recorded, mode: &str, input: &Json) -> Json {
    let context = Context { zone: recorded.zone, partial: mode.ends_with('?'), ..Context::default() };
    let data = match mode.starts_with("form") {
        true => Data::Form(FormData { form: form(input), ..FormData::default() }),
        false => Data::Json(input.clone()),
    };
    let field = &recorded.field;
    match field.run(field.input(&data, &context), &context) {
        Ok(Outcome::Skip) => Json::List(vec![Json::from("skip")]),
        Ok(Outcome::Valid(datum)) => {
            let mut out = vec![];
            match field.write_datum(&datum, &context, &mut out) {
                Ok(()) => Json::from(vec!["valid".to_owned(), String::from_utf8(out).expect("text")]),
                Err(error) => Json::from(vec!["raised".to_owned(), error.reason]),
            }
        }
        Err(problems) => Json::List(vec![Json::from("errors"), details(&problems)]),
    }
}

/// What differs on purpose.
pub(crate) fn is_known(recorded: &Recorded, input: &Json, said: &Json, ours: &Json) -> bool {
    let [theirs, ours] = [said, ours].map(list);
    match (word(&theirs[0]), word(&ours[0])) {
        // Where the reference has an error of the server, we refuse.
        ("raised", kind) => kind != "valid",
        // True is a number there, and stays what it is where a number is written.
        ("valid", "valid") if matches!(recorded.field.kind, Kind::Uuid(UuidFormat::Int)) => {
            matches!(member(input, "f"), Json::Bool(_)) && matches!(word(&theirs[1]), "true" | "false")
        }
        // A time that clocks leave out is kept as it was given there, until it has been in a database.
        ("valid", "valid") if matches!(recorded.field.kind, Kind::DateTime { .. }) => {
            ["2:30", "1:30", "0:10"].iter().any(|time| written(input).contains(time))
        }
        // A number is written out here with ten thousand zeros at most.
        ("valid", "errors") if written(&theirs[1]).len() > 10_000 => true,
        (_, "errors") if matches!(&theirs[1], Json::Object(_)) => is_excused(recorded, &ours[1], Some(&theirs[1])),
        (_, "errors") => is_excused(recorded, &ours[1], None),
        _ => false,
    }
}

/// Whether errors of ours are the reference's but for what is refused here alone, at whatever depth.
fn is_excused(recorded: &Recorded, ours: &Json, theirs: Option<&Json>) -> bool {
    match (ours, theirs) {
        (ours, Some(theirs)) if ours == theirs => true,
        (Json::Object(members), Some(Json::Object(said))) => {
            said.iter().all(|(name, _)| members.get(name).is_some())
                && members.iter().all(|(name, problems)| is_excused(recorded, problems, said.get(name)))
        }
        (Json::Object(members), None) => members.iter().all(|(_, problems)| is_excused(recorded, problems, None)),
        // Durations have 64 bits; a number that is too large for a float is no JSON, nor is half a character.
        (problems @ Json::List(_), None) => {
            let text = written(problems);
            let of_json = ["Value must be valid JSON.", "surrogate_characters_not_allowed"];
            text.contains("-106751991 and 106751991")
                || (recorded.title.contains("JSONField") && of_json.iter().any(|words| text.contains(words)))
        }
        _ => false,
    }
}

fn details(problems: &Problems) -> Json {
    problems.to_full_details()
}

fn form(pairs: &Json) -> Form {
    let pair = |pair: &Json| {
        let [name, value] = list(pair) else { panic!("{pair:?}") };
        (word(name).to_owned(), FormValue::Text(word(value).to_owned()))
    };
    Form(list(pairs).iter().map(pair).collect())
}

/// A field by its class and arguments. What is not known here is a panic: nothing is left out.
fn field(entry: &Json) -> Field {
    let kwargs = member(entry, "kwargs");
    let of = |name| member(kwargs, name);
    let child = || match of("child") {
        Json::Null => Field::any(),
        child => field(child),
    };
    let mut used = vec!["child", "choices", "regex"];
    let mut made = match word(member(entry, "class")) {
        "BooleanField" => Field::boolean(),
        "CharField" => Field::char(),
        "EmailField" => Field::email(),
        "RegexField" => Field::regex(word(of("regex"))),
        "SlugField" => Field::slug(),
        "URLField" => Field::url(),
        "IPAddressField" => Field::ip_address(),
        "UUIDField" => Field::uuid(),
        "IntegerField" => Field::integer(),
        "BigIntegerField" => Field::big_integer(),
        "FloatField" => Field::float(),
        "DecimalField" => {
            used.extend(["max_digits", "decimal_places"]);
            Field::decimal(size(of("max_digits")), size(of("decimal_places")))
        }
        "DateTimeField" => Field::datetime(),
        "DateField" => Field::date(),
        "TimeField" => Field::time(),
        "DurationField" => Field::duration(),
        "ChoiceField" => Field::choice(choices(of("choices"))),
        "MultipleChoiceField" => Field::multiple_choice(choices(of("choices"))),
        "ListField" => Field::list(child()),
        "DictField" => Field::dict(child()),
        "HStoreField" => Field::hstore(),
        "JSONField" => Field::json(),
        "FileField" => Field::file(),
        other => panic!("the class `{other}`"),
    };
    let Json::Object(arguments) = kwargs else { panic!("{kwargs:?}") };
    for (name, argument) in arguments.iter().filter(|(name, _)| !used.contains(name)) {
        made = option(made, name, argument);
    }
    made
}

fn option(field: Field, name: &str, argument: &Json) -> Field {
    let yes = *argument == Json::Bool(true);
    let number = || size(argument).expect("a number");
    match name {
        "allow_null" => field.allow_null(),
        "required" => field.required(yes),
        "allow_blank" => field.allow_blank(yes),
        "allow_empty" => field.allow_empty(yes),
        "trim_whitespace" => field.trim_whitespace(yes),
        "allow_unicode" => field.allow_unicode(yes),
        "coerce_to_string" => field.coerce_to_string(yes),
        "normalize_output" => field.normalize_output(yes),
        "binary" => field.binary(yes),
        "max_length" => field.max_length(number()),
        "min_length" => field.min_length(number()),
        "max_value" => field.max_value(value(argument)),
        "min_value" => field.min_value(value(argument)),
        "default" => field.default(value(argument)),
        "rounding" => field.rounding(rounding(word(argument))),
        "default_timezone" => field.default_timezone(word(argument).parse().expect("a zone")),
        "protocol" => field.protocol(if word(argument) == "ipv4" { IpProtocol::Ipv4 } else { IpProtocol::Ipv6 }),
        "input_formats" => field.input_formats(list(argument).iter().map(|one| format(word(one))).collect()),
        "format" => match &field.kind {
            Kind::Uuid(_) => field.uuid_format(match word(argument) {
                "hex" => UuidFormat::Hex,
                "int" => UuidFormat::Int,
                "urn" => UuidFormat::Urn,
                _ => UuidFormat::HexVerbose,
            }),
            Kind::Duration { .. } => field.duration_format(DurationFormat::Iso8601),
            _ => field.format(format(word(argument))),
        },
        "error_messages" => {
            let Json::Object(messages) = argument else { panic!("{argument:?}") };
            messages.iter().fold(field, |field, (code, text)| field.error_message(code.to_owned(), word(text)))
        }
        other => panic!("the argument `{other}`"),
    }
}

fn rounding(name: &str) -> Rounding {
    match name {
        "ROUND_HALF_UP" => Rounding::HalfUp,
        "ROUND_HALF_DOWN" => Rounding::HalfDown,
        "ROUND_UP" => Rounding::Up,
        "ROUND_DOWN" => Rounding::Down,
        "ROUND_CEILING" => Rounding::Ceiling,
        "ROUND_FLOOR" => Rounding::Floor,
        "ROUND_05UP" => Rounding::ZeroFiveUp,
        _ => Rounding::HalfEven,
    }
}

fn format(text: &str) -> Format {
    if text == "iso-8601" { Format::Iso8601 } else { Format::Pattern(text.to_owned()) }
}

fn choices(list_of: &Json) -> Vec<Choice> {
    let pair = |pair: &Json| {
        let [key, text] = list(pair) else { panic!("{pair:?}") };
        (value(key), word(text).to_owned())
    };
    let one = |entry: &Json| match list(entry) {
        [heading, members @ Json::List(_)] => {
            Choice::Group(word(heading).to_owned(), list(members).iter().map(pair).collect())
        }
        _ => {
            let (value, text) = pair(entry);
            Choice::One(value, text)
        }
    };
    list(list_of).iter().map(one).collect()
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Int(number) => Value::Int(*number),
        Json::Float(number) => Value::Float(*number),
        Json::Text(text) => Value::Text(text.clone()),
        Json::Object(members) => match (members.get("$decimal"), members.get("$microseconds")) {
            (Some(text), _) => Value::Decimal(word(text).to_owned()),
            (_, Some(Json::Int(number))) => Value::Duration(*number),
            _ => panic!("{json:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn size(json: &Json) -> Option<u32> {
    match json {
        Json::Int(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

/// A member of an object; null where there is none.
pub(crate) fn member<'a>(json: &'a Json, name: &str) -> &'a Json {
    match json {
        Json::Object(members) => members.get(name).unwrap_or(&Json::Null),
        other => panic!("{other:?} has no `{name}`"),
    }
}

/// The items of a list.
pub(crate) fn list(json: &Json) -> &[Json] {
    match json {
        Json::List(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

/// A text.
pub(crate) fn word(json: &Json) -> &str {
    match json {
        Json::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

/// As JSON text, for messages.
pub(crate) fn written(json: &Json) -> String {
    let mut out = vec![];
    let style = json::Style { ascii: true, ..json::Style::default() };
    json::write(json, &style, &mut out).expect("JSON");
    String::from_utf8(out).expect("text")
}

/// A file of the oracle.
#[allow(clippy::disallowed_methods, reason = "a test reads recordings; the core itself has no file system")]
pub(crate) fn read(path: &str) -> String {
    let path = format!("{}/../../oracle/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
