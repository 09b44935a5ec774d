//! Targets that only read: no site, no request.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use quintet::jwt::{Algorithm, Validation, VerifyingKey, decode, unverified_claims, unverified_header};
use quintet_core::json::{self, Form, Json, Style, WriteError};
use quintet_core::rest::{Context, Data, Field, FormData, Outcome};
use quintet_core::schema::{Choice, Value};

/// JSON text in several charsets: what is read can be written, and reads as the same again; a bound of memory refuses or
/// changes nothing.
pub fn json(data: &[u8]) {
    const CHARSETS: [&str; 5] = ["utf-8", "utf-16", "utf-32", "latin-1", "ascii"];
    let Some((first, text)) = data.split_first() else { return };
    let charset = CHARSETS[usize::from(*first) % CHARSETS.len()];
    let read = json::parse(text, charset);
    let bounded = json::parse_within(text, charset, 4096);
    match (&read, bounded) {
        (_, Err(error)) if error.is_too_much() => {}
        (read, bounded) => assert_eq!(*read, bounded),
    }
    let Ok(value) = read else { return };
    let mut out = vec![];
    match json::write(&value, &Style::default(), &mut out) {
        Ok(()) => assert_eq!(json::parse(&out, "utf-8").as_ref(), Ok(&value)),
        // Text may say `1e999`, and half a pair; neither is written.
        Err(WriteError::NotFinite | WriteError::Surrogate) => {}
    }
}

/// Fields, each given a value of JSON or a text: what a field takes, it can write.
pub fn fields(data: &[u8]) {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(all_fields);
    let Some((first, text)) = data.split_first() else { return };
    let field = &FIELDS[usize::from(*first) % FIELDS.len()];
    let value = json::parse(text, "utf-8").unwrap_or_else(|_| Json::from(String::from_utf8_lossy(text).into_owned()));
    let object = json::Object::new().with("f", value);
    taken(field, &Data::Json(Json::Object(object)), &Context::default());
}

/// A form, read by fields that look for lists, dictionaries and values in it.
pub fn forms(data: &[u8]) {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(all_fields);
    let Ok(form) = Form::parse_urlencoded(data, "utf-8", Some(1000)) else { return };
    for prefix in ["f", ""] {
        let listed = form.list(prefix).unwrap_or_default().len();
        assert!(listed <= form.0.len() && form.dict(prefix).0.len() <= form.0.len());
    }
    let data = Data::Form(FormData { form, ..FormData::default() });
    for partial in [false, true] {
        let context = Context { partial, ..Context::default() };
        FIELDS.iter().for_each(|field| taken(field, &data, &context));
    }
}

fn taken(field: &Field, data: &Data, context: &Context) {
    match field.run(field.input(data, context), context) {
        Ok(Outcome::Skip) => {}
        Ok(Outcome::Valid(datum)) => {
            let mut out = vec![];
            if let Err(error) = field.write_datum(&datum, context, &mut out) {
                panic!("{} took what it cannot write: {error}: {datum:?}", field.kind.class());
            }
            assert!(json::parse(&out, "utf-8").is_ok(), "{} wrote what is no JSON", field.kind.class());
        }
        Err(problems) => drop(problems.to_full_details()),
    }
}

fn all_fields() -> Vec<Field> {
    let choices = || vec![Choice::One(Value::Int(1), "One".to_owned()), Choice::One("a".into(), "A".to_owned())];
    let fields = [
        Field::boolean(),
        Field::boolean().allow_null(),
        Field::char().max_length(10).min_length(2),
        Field::email(),
        Field::regex("^[a-z]+$"),
        Field::slug(),
        Field::url(),
        Field::ip_address(),
        Field::uuid(),
        Field::integer().min_value(-5).max_value(1_000_000),
        Field::big_integer(),
        Field::float(),
        Field::decimal(5, 2),
        Field::decimal(None, None),
        Field::decimal(12, 4).normalize_output(true),
        Field::datetime(),
        Field::date(),
        Field::time(),
        Field::duration(),
        Field::choice(choices()),
        Field::multiple_choice(choices()),
        Field::list(Field::integer()),
        Field::list(Field::list(Field::char())),
        Field::dict(Field::float()),
        Field::hstore(),
        Field::json(),
        Field::any(),
    ];
    fields.into_iter().map(|field| field.named("f")).collect()
}

/// A token: whatever is taken was signed, and says the same to who does not check.
pub fn token(data: &[u8]) {
    static KEY: LazyLock<VerifyingKey> = LazyLock::new(|| {
        VerifyingKey::secret(Algorithm::HS256, b"0123456789abcdefghijklmnopqrstuvwxyz").expect("a key")
    });
    let text = String::from_utf8_lossy(data);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let (header, claims) = (unverified_header(&text), unverified_claims(&text));
    match decode(&text, &KEY, &Validation::at(now)) {
        Ok(decoded) => assert_eq!((header, claims), (Ok(decoded.header), Ok(decoded.claims))),
        Err(error) => drop(error.to_string()),
    }
}
