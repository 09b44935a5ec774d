//! Fields of serializers as schemas: what each takes, and what it shows.

use super::components::Components;
use super::pattern;
use super::schema::{any_of, array, formatted, merged, nullable, typed};
use super::serializer::{Member, Serializer};
use crate::json::{Json, Object};
use crate::query::Registry;
use crate::rest::{
    self, Choices, Context, Dates, Datum, Decimals, DefaultValue, DurationFormat, Field, Format, Integers, Kind,
    Limits, Related, RelatedTo, Text, TextForm, UuidFormat, Validator,
};
use crate::schema::{IpProtocol, Rule, Value};
use crate::sql::Dialect;

/// Which way data go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Out of the program.
    Read,
    /// Into it.
    Write,
    /// Into it, in part.
    Patch,
}

impl Direction {
    fn is_read(self) -> bool {
        self == Self::Read
    }
}

/// What fields are described in.
struct Around<'a> {
    registry: &'a Registry,
    direction: Direction,
    /// The component that the field stands in.
    owner: &'a str,
    /// What warnings call the field: `NoteSerializer.title`.
    called: String,
}

impl Components {
    /// A field of a serializer.
    pub(super) fn member(
        &mut self,
        registry: &Registry,
        member: &Member,
        direction: Direction,
        owner: &str,
        serializer: &str,
    ) -> Json {
        let field = &member.field;
        let around = Around { registry, direction, owner, called: format!("{serializer}.{}", field.name) };
        let bare = match &member.inner {
            Some(inner) => self.nested(field, inner, &around),
            None => self.kind(field, &around),
        };
        let is_null = field.allow_null
            || (direction.is_read() && is_file(&field.kind) && !field.required)
            || matches!(&field.about, Some(about) if about.allow_null);
        let schema = if is_null { nullable(bare) } else { bare };
        Json::Object(self.with_words(schema, field, direction))
    }

    /// A field by itself: of a form, a parameter.
    pub fn field(&mut self, registry: &Registry, field: &Field, direction: Direction, owner: &str) -> Object {
        let around = Around { registry, direction, owner, called: format!("{owner}.{}", field.name) };
        let bare = self.kind(field, &around);
        if field.allow_null { nullable(bare) } else { bare }
    }

    /// The same with what is said of it.
    fn with_words(&self, mut schema: Object, field: &Field, direction: Direction) -> Object {
        let mut words = Object::new();
        if let Some(label) = &field.label {
            words.insert("title", label.as_str());
        }
        if let Some(text) = field.help_text.as_ref().filter(|text| !text.is_empty()) {
            words.insert("description", text.as_str());
        }
        if field.read_only {
            words.insert("readOnly", true);
        }
        if field.write_only {
            words.insert("writeOnly", true);
        }
        if let (false, Some(DefaultValue::Value(datum))) = (field.read_only || direction.is_read(), &field.default)
            && let Ok(shown) =
                field.represent(datum, &Context { settings: self.settings.clone(), ..Context::default() })
        {
            words.insert("default", shown);
        }
        schema = merged(schema, words);
        schema
    }

    fn nested(&mut self, field: &Field, inner: &Serializer, around: &Around<'_>) -> Object {
        // Members of a nested serializer are all there, also where the outer one is changed in part.
        let direction = if around.direction == Direction::Patch { Direction::Write } else { around.direction };
        let one = self.serializer(around.registry, inner, direction);
        let of_list = |allow_empty: bool, least: Option<u32>, most: Option<u32>| {
            lengths(array(one.clone()), around.direction, allow_empty, least, most)
        };
        match &field.kind {
            Kind::Nested(nested) if nested.many => of_list(nested.allow_empty, nested.min_length, nested.max_length),
            Kind::List(list) => of_list(list.allow_empty, list.min_length, list.max_length),
            Kind::Dict(_) => typed("object").with("additionalProperties", one),
            _ => one,
        }
    }

    fn kind(&mut self, field: &Field, around: &Around<'_>) -> Object {
        let is_read = around.direction.is_read();
        match &field.kind {
            Kind::Boolean => typed("boolean"),
            Kind::Char(text) => self.text(field, text, is_read),
            Kind::Uuid(format) => match (is_read, format) {
                (true, UuidFormat::Int) => typed("integer"),
                (true, UuidFormat::Hex | UuidFormat::Urn) => typed("string"),
                _ => formatted("string", "uuid"),
            },
            Kind::Integer(integers) => self.integer(field, integers, is_read),
            Kind::Float(limits) => limited(formatted("number", "double"), limits, field),
            Kind::Decimal(decimals) => self.decimal(field, decimals),
            Kind::DateTime { dates, .. } => self.moment(dates, "date-time", is_read),
            Kind::Date(dates) => self.moment(dates, "date", is_read),
            Kind::Time(dates) => self.moment(dates, "time", is_read),
            Kind::Duration { format, .. } => match format.unwrap_or(self.settings.duration_format) {
                DurationFormat::Iso8601 if is_read => formatted("string", "duration"),
                DurationFormat::Native if is_read => typed("number"),
                _ => typed("string"),
            },
            Kind::Choice(choices) => self.choice(field, choices, around),
            Kind::FilePath(choices) if choices.choices.is_empty() => typed("string"),
            Kind::FilePath(choices) => self.choice(field, choices, around),
            Kind::MultipleChoice { choices, allow_empty } => {
                let of = self.choice(field, &Choices { allow_blank: false, ..choices.clone() }, around);
                lengths(array(of), around.direction, *allow_empty, None, None)
            }
            Kind::File(files) | Kind::Image(files) => match (is_read, files.use_url) {
                (true, use_url) if use_url.unwrap_or(self.settings.uploaded_files_use_url) => {
                    formatted("string", "uri")
                }
                (true, _) => typed("string"),
                (false, _) => formatted("string", "binary"),
            },
            Kind::List(list) => {
                let child = self.child(&list.child, field, around);
                lengths(array(child), around.direction, list.allow_empty, list.min_length, list.max_length)
            }
            Kind::Dict(dict) | Kind::HStore(dict) => {
                let child = self.child(&dict.child, field, around);
                let mut schema = typed("object").with("additionalProperties", child);
                if !is_read && !dict.allow_empty {
                    schema.insert("minProperties", 1);
                }
                schema
            }
            Kind::Json { .. } | Kind::Any => Object::new(),
            Kind::Binary { .. } => typed("string").with("contentEncoding", "base64"),
            Kind::ReadOnly | Kind::Method(_) => self.made(field, around),
            Kind::Hidden => Object::new(),
            Kind::Related(related) => {
                let one = self.related(field, related, around);
                match related.many {
                    true => lengths(array(one), around.direction, related.allow_empty, None, None),
                    false => one,
                }
            }
            Kind::Nested(nested) => match nested.many {
                true => array(typed("object")),
                false => typed("object"),
            },
        }
    }

    fn child(&mut self, child: &Field, outer: &Field, around: &Around<'_>) -> Object {
        let named = Field { name: outer.name.clone(), ..child.clone() };
        let bare = self.kind(&named, around);
        if child.allow_null { nullable(bare) } else { bare }
    }

    fn text(&self, field: &Field, text: &Text, is_read: bool) -> Object {
        let mut schema = match &text.form {
            TextForm::Email => formatted("string", "email"),
            TextForm::Url => formatted("string", "uri"),
            TextForm::Ip(IpProtocol::Ipv4) => formatted("string", "ipv4"),
            TextForm::Ip(IpProtocol::Ipv6) => formatted("string", "ipv6"),
            TextForm::Any | TextForm::Slug { .. } | TextForm::Regex(_) | TextForm::Ip(IpProtocol::Both) => {
                typed("string")
            }
        };
        if let Some(most) = text.max_length {
            schema.insert("maxLength", most);
        }
        let least = text.min_length.or((!is_read && !text.allow_blank && !field.read_only).then_some(1));
        if let Some(least) = least.filter(|_| !is_read || text.min_length.is_some()) {
            schema.insert("minLength", least);
        }
        if let Some(pattern) = pattern_of(field, text) {
            schema.insert("pattern", pattern);
        }
        // Nothing else than a text of no length escapes what is asked of texts.
        let is_narrow = ["minLength", "pattern", "format"].iter().any(|word| schema.get(word).is_some());
        if text.allow_blank && is_narrow {
            return any_of(vec![schema, typed("string").with("maxLength", 0)]);
        }
        schema
    }

    fn integer(&self, field: &Field, integers: &Integers, is_read: bool) -> Object {
        if integers.big && is_read && integers.coerce_to_string.unwrap_or(self.settings.coerce_bigint_to_string) {
            return typed("string").with("pattern", "^-?[0-9]+$");
        }
        let mut schema = limited(typed("integer"), &integers.limits, field);
        if let Some((least, most)) = integers.holds.filter(|_| !field.read_only) {
            let of = |name: &str| match schema.get(name) {
                Some(Json::Int(limit)) => Some(*limit),
                _ => None,
            };
            let (low, high) =
                (of("minimum").map_or(least, |own| own.max(least)), of("maximum").map_or(most, |own| own.min(most)));
            schema.insert("minimum", low);
            schema.insert("maximum", high);
        }
        let is_wide = |limit: Option<&Json>| matches!(limit, Some(Json::Int(limit)) if i32::try_from(*limit).is_err());
        if integers.big || is_wide(schema.get("minimum")) || is_wide(schema.get("maximum")) {
            schema.insert("format", "int64");
        }
        schema
    }

    fn decimal(&self, field: &Field, decimals: &Decimals) -> Object {
        if !decimals.coerce_to_string.unwrap_or(self.settings.coerce_decimal_to_string) {
            let mut schema = formatted("number", "double");
            if let (Some(digits), Some(places)) = (decimals.max_digits, decimals.decimal_places)
                && let Ok(most) = format!("1e{}", digits.saturating_sub(places)).parse::<f64>()
            {
                schema.insert("exclusiveMaximum", most);
                schema.insert("exclusiveMinimum", -most);
            }
            return limited(schema, &decimals.limits, field);
        }
        let mut schema = formatted("string", "decimal");
        if let Some(digits) = decimals.max_digits {
            let places = decimals.decimal_places.unwrap_or(digits).min(digits);
            let fraction = if places == 0 { String::new() } else { format!(r"(?:\.\d{{0,{places}}})?") };
            schema.insert("pattern", format!(r"^-?\d{{0,{}}}{fraction}$", digits - places));
        }
        schema
    }

    fn moment(&self, dates: &Dates, format: &str, is_read: bool) -> Object {
        let settings = &self.settings;
        let (shown, taken) = match format {
            "date-time" => (&settings.datetime_format, &settings.datetime_input_formats),
            "date" => (&settings.date_format, &settings.date_input_formats),
            _ => (&settings.time_format, &settings.time_input_formats),
        };
        let is_iso = match is_read {
            true => !matches!(dates.format.as_ref().unwrap_or(shown), Format::Pattern(_)),
            false => dates.input_formats.as_ref().unwrap_or(taken).contains(&Format::Iso8601),
        };
        if is_iso { formatted("string", format) } else { typed("string") }
    }

    /// The values that may be chosen, by name; what is blank stands beside them.
    fn choice(&mut self, field: &Field, choices: &Choices, around: &Around<'_>) -> Object {
        let pairs: Vec<(Json, &str)> = choices.flat().map(|(value, text)| (plain(value), text)).collect();
        if pairs.is_empty() {
            return typed("string");
        }
        let has_blank = pairs.iter().any(|(value, _)| *value == Json::Text(String::new()));
        let mut values: Vec<Json> = vec![];
        for (value, _) in &pairs {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let mut schema = Object::new();
        if let Some(name) = one_type(&values) {
            schema.insert("type", name);
        }
        schema.insert("enum", Json::List(values));
        let lines: Vec<String> = pairs.iter().map(|(value, text)| format!("* `{}` - {text}", shown(value))).collect();
        schema.insert("description", lines.join("\n"));
        let named = self.enums.reference(around.owner, &field.name, schema);
        match choices.allow_blank && !has_blank {
            true => any_of(vec![named, typed("string").with("maxLength", 0)]),
            false => named,
        }
    }

    /// What a function makes, or what the model says of a value that no field is known of.
    fn made(&mut self, field: &Field, around: &Around<'_>) -> Object {
        if let Some(about) = &field.about {
            let named = Field { name: field.name.clone(), ..(**about).clone() };
            return self.kind(&named, around);
        }
        let hint = match &field.kind {
            Kind::Method(_) => "let the function return a type that says it, instead of JSON",
            _ => "declare the field with a type",
        };
        self.warn(format!(
            "`{}`: what it shows is not known, so that it is described as anything\nhint: {hint}",
            around.called
        ));
        Object::new()
    }

    /// A row of another model, by what names it.
    fn related(&mut self, field: &Field, related: &Related, around: &Around<'_>) -> Object {
        let by = match &related.to {
            RelatedTo::Hyperlink { .. } | RelatedTo::Identity { .. } => return formatted("string", "uri"),
            RelatedTo::Text => return typed("string"),
            RelatedTo::Slug(name) => Some(name.as_str()),
            RelatedTo::PrimaryKey => None,
        };
        if let (None, Some(key)) = (by, &related.pk_field) {
            let named = Field { name: field.name.clone(), ..(**key).clone() };
            return self.kind(&named, around);
        }
        match self.of_model(around.registry, &related.model, by) {
            Some(schema) => schema,
            None => {
                self.warn(format!(
                    "`{}`: by what it names rows is not known, so that it is described as a text",
                    around.called
                ));
                typed("string")
            }
        }
    }

    /// What names a row of a model (`app.Model`): its key, or one of its fields, perhaps along relations.
    pub fn of_model(&mut self, registry: &Registry, model: &str, by: Option<&str>) -> Option<Object> {
        let (app, name) = model.split_once('.')?;
        let mut info = registry.model(registry.find(app, name)?);
        let path = by.unwrap_or("pk");
        let mut parts = path.split("__").peekable();
        for _ in 0..32 {
            let part = parts.next()?;
            let column = match part {
                "pk" => info.columns.get(*info.key.first().filter(|_| info.key.len() == 1)?)?,
                name => info.column(name)?,
            };
            let link = info.links.get(&column.name);
            match (link, parts.peek()) {
                // A key is what it refers to.
                (Some(link), None) => {
                    let to = column.field.relation().and_then(|relation| relation.to_field.as_deref());
                    let label = registry.model(link.target).label();
                    return self.of_model(registry, &label, to);
                }
                (Some(link), Some(_)) => info = registry.model(link.target),
                (None, Some(_)) => return None,
                (None, None) => {
                    let field = rest::of_model(registry, info, &column.name, Dialect::Sqlite)?;
                    let around = Around { registry, direction: Direction::Read, owner: "", called: model.to_owned() };
                    let bare = Field { read_only: true, validators: vec![], ..field };
                    let schema = match &bare.kind {
                        Kind::Choice(_) => typed("string"),
                        _ => self.kind(&bare, &around),
                    };
                    return Some(without_limits(schema));
                }
            }
        }
        None
    }
}

/// What tells what a value is, without what is asked of new ones.
fn without_limits(schema: Object) -> Object {
    schema.into_iter().filter(|(name, _)| matches!(name.as_str(), "type" | "format" | "anyOf")).collect()
}

fn is_file(kind: &Kind) -> bool {
    matches!(kind, Kind::File(_) | Kind::Image(_))
}

/// The expression that a text must match.
fn pattern_of(field: &Field, text: &Text) -> Option<String> {
    let of_form = match &text.form {
        TextForm::Slug { allow_unicode: false } => Some(r"^[-a-zA-Z0-9_]+$".to_owned()),
        TextForm::Regex(expression) => pattern::ecma(&expression.text),
        _ => None,
    };
    of_form.or_else(|| {
        field.validators.iter().find_map(|validator| match validator {
            Validator::Rule(rule) => match &rule.rule {
                Rule::Regex { pattern, inverse: false, flags: 0 } => pattern::ecma(pattern),
                Rule::Slug => Some(r"^[-a-zA-Z0-9_]+$".to_owned()),
                Rule::Username(_) if !field.read_only => None,
                _ => None,
            },
            _ => None,
        })
    })
}

/// How many there may be.
fn lengths(
    mut schema: Object,
    direction: Direction,
    allow_empty: bool,
    least: Option<u32>,
    most: Option<u32>,
) -> Object {
    if direction.is_read() {
        return schema;
    }
    if let Some(least) = least.or((!allow_empty).then_some(1)) {
        schema.insert("minItems", least);
    }
    if let Some(most) = most {
        schema.insert("maxItems", most);
    }
    schema
}

/// The least and the most, the field's own and those of its validators.
fn limited(mut schema: Object, limits: &Limits, field: &Field) -> Object {
    let of_rules = field.validators.iter().filter_map(|validator| match validator {
        Validator::Rule(rule) => match &rule.rule {
            Rule::MinValue(value) => Some(("minimum", value)),
            Rule::MaxValue(value) => Some(("maximum", value)),
            _ => None,
        },
        _ => None,
    });
    let own = [("minimum", &limits.min), ("maximum", &limits.max)];
    let own = own.into_iter().filter_map(|(name, limit)| Some((name, limit.as_ref()?)));
    for (name, limit) in own.chain(of_rules) {
        let value = match limit {
            Value::Decimal(text) => text.parse::<f64>().map_or(Json::Null, Json::Float),
            other => plain(other),
        };
        if matches!(value, Json::Int(_) | Json::Float(_)) && schema.get(name).is_none() {
            schema.insert(name, value);
        }
    }
    schema
}

/// A value as it is shown.
fn plain(value: &Value) -> Json {
    Field::any().represent(&Datum::Value(value.clone()), &Context::default()).unwrap_or_default()
}

fn shown(value: &Json) -> String {
    match value {
        Json::Text(text) => text.clone(),
        other => crate::python::str(other),
    }
}

/// The type of values that are all of one.
fn one_type(values: &[Json]) -> Option<&'static str> {
    let of = |value: &Json| match value {
        Json::Bool(_) => Some("boolean"),
        Json::Int(_) | Json::Big(_) => Some("integer"),
        Json::Float(_) => Some("number"),
        Json::Text(_) => Some("string"),
        _ => None,
    };
    let first = of(values.first()?)?;
    values.iter().all(|value| of(value) == Some(first)).then_some(first)
}
