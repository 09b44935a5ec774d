//! The fields of a serializer as the controls of a form, with the values and the errors that belong to them.
//!
//! Data for the templates: what is said here is text, and becomes HTML by them alone.

use minijinja::context;
use minijinja::value::{Value as Held, merge_maps};
use quintet_core::json::{FormValue, Json, Style, write};
use quintet_core::python;
use quintet_core::rest::{Choices, Data, Dates, Field, FormData, Format, Kind, Limits, TextForm, rules};
use quintet_core::schema::{self, Choice, Value};

use super::options::{Options, options};
use crate::http::{BoxFuture, Result};
use crate::rest::metadata::Taken;
use crate::rest::serializer::{Context, End, Member, Role, Shape};

/// Where the values of a form come from, and what is wrong with them.
#[derive(Clone, Copy, Default)]
pub(super) struct Sources<'a> {
    /// What was sent and refused.
    pub(super) given: Given<'a>,
    /// The row that is changed.
    pub(super) row: Option<&'a Json>,
    /// What is wrong, by field.
    pub(super) errors: Option<&'a Json>,
}

/// What was sent.
#[derive(Clone, Copy, Default)]
pub(super) enum Given<'a> {
    /// Nothing.
    #[default]
    Nothing,
    /// A form.
    Form(&'a FormData),
    /// JSON.
    Json(&'a Json),
}

impl<'a> From<&'a Data> for Given<'a> {
    fn from(data: &'a Data) -> Self {
        match data {
            Data::Json(json) => Self::Json(json),
            Data::Form(form) => Self::Form(form),
        }
    }
}

/// A form that is being made.
pub(super) struct Making<'a> {
    pub(super) context: &'a Context<'a>,
    /// What tells its ids from those of other forms.
    pub(super) form: &'static str,
    /// How many rows are offered to choose from.
    pub(super) cutoff: Option<usize>,
    pub(super) cutoff_text: &'a str,
}

/// A field with what is known of it.
#[derive(Clone, Copy)]
struct Part<'a> {
    field: &'a Field,
    member: Option<&'a Member>,
    shape: Option<&'a Shape>,
}

impl Making<'_> {
    /// The controls of all fields that are taken.
    pub(super) async fn controls(&self, taken: &Taken, from: Sources<'_>) -> Result<Vec<Held>> {
        match taken {
            Taken::Shape(shape) => self.of_shape(shape, "", from).await,
            Taken::Fields(fields) => self.of_fields(fields, "", from).await,
        }
    }

    fn of_shape<'f>(
        &'f self,
        shape: &'f Shape,
        prefix: &'f str,
        from: Sources<'f>,
    ) -> BoxFuture<'f, Result<Vec<Held>>> {
        Box::pin(async move {
            let mut all = vec![];
            for member in &shape.members {
                let part = Part { field: &member.field, member: Some(member), shape: Some(shape) };
                all.extend(self.control(part, prefix, from).await?);
            }
            Ok(all)
        })
    }

    fn of_fields<'f>(
        &'f self,
        fields: &'f [Field],
        prefix: &'f str,
        from: Sources<'f>,
    ) -> BoxFuture<'f, Result<Vec<Held>>> {
        Box::pin(async move {
            let mut all = vec![];
            for field in fields {
                all.extend(self.control(Part { field, member: None, shape: None }, prefix, from).await?);
            }
            Ok(all)
        })
    }

    /// The control of a field; nothing for one that is not taken.
    async fn control(&self, part: Part<'_>, prefix: &str, from: Sources<'_>) -> Result<Option<Held>> {
        let field = part.field;
        if field.read_only || matches!(field.kind, Kind::Hidden | Kind::ReadOnly | Kind::Method(_)) {
            return Ok(None);
        }
        let name = format!("{prefix}{}", field.name);
        let id = format!("{}-{}", self.form, name.replace('.', "-"));
        // What is wrong within a nested serializer is said at its own fields.
        let is_group = matches!(&field.kind, Kind::Nested(nested) if !nested.many);
        let wrong = from.errors.and_then(|errors| member(errors, &field.name));
        let errors = messages(wrong.filter(|wrong| !(is_group && matches!(wrong, Json::Object(_)))));
        let common = context! {
            name => name.as_str(), id => id, label => field.title(), help => field.help_text.clone(),
            required => field.required && !field.allow_null, errors => errors,
        };
        let text = from.text(field, &name);
        let own = match &field.kind {
            Kind::Boolean if field.allow_null => {
                let now = text.to_lowercase();
                let option = |value: &str, label: &str| option(value, label, now == value);
                let all = vec![option("", EMPTY), option("true", "true"), option("false", "false")];
                context! { kind => "select", options => all }
            }
            Kind::Boolean => {
                let is_checked = matches!(&*text.to_lowercase(), "true" | "1" | "on" | "t" | "y" | "yes");
                context! { kind => "checkbox", checked => is_checked }
            }
            Kind::Choice(choices) | Kind::FilePath(choices) => {
                let has_none = field.allow_null || choices.allow_blank || !field.required;
                context! { kind => "select", options => chosen(choices, &[text], has_none) }
            }
            Kind::MultipleChoice { choices, .. } => {
                let now = from.texts(field, &name);
                context! { kind => "select", multiple => true, options => chosen(choices, &now, false) }
            }
            Kind::Related(related) => {
                let Some(Role::Related(target)) = part.member.map(|member| &member.role) else { return Ok(None) };
                let now = if related.many { from.texts(field, &name) } else { vec![text] };
                let has_none = !related.many && (field.allow_null || !field.required);
                let asked = Options {
                    related,
                    target,
                    now: &now,
                    has_none,
                    cutoff: self.cutoff,
                    cutoff_text: self.cutoff_text,
                };
                context! { kind => "select", multiple => related.many, options => options(&asked, self.context).await? }
            }
            Kind::Nested(nested) if !nested.many => {
                let inner = from.below(&field.name);
                let prefix = format!("{name}.");
                let fields = match part.member.map(|member| &member.role) {
                    Some(Role::Nested(shape)) => self.of_shape(shape, &prefix, inner).await?,
                    _ => self.of_fields(&nested.fields, &prefix, inner).await?,
                };
                context! { kind => "fieldset", fields => fields }
            }
            Kind::Nested(_) | Kind::List(_) | Kind::Dict(_) | Kind::HStore(_) => {
                let words =
                    if matches!(field.kind, Kind::Dict(_) | Kind::HStore(_)) { "Dictionaries" } else { "Lists" };
                context! { kind => "note", note => format!("{words} are sent as raw data.") }
            }
            Kind::File(_) | Kind::Image(_) => {
                let now = from.row.and_then(|row| member(row, &field.name)).map(python::str);
                let accept = if matches!(field.kind, Kind::Image(_)) { "image/*" } else { "" };
                context! { kind => "file", accept => accept, current => now.filter(|now| now != "None") }
            }
            Kind::Json { .. } => context! { kind => "textarea", value => from.json(field, &name), code => true },
            _ if self.is_long(part) => context! { kind => "textarea", value => text },
            kind => self.input(field, kind, text),
        };
        Ok(Some(merge_maps([own, common])))
    }

    /// Whether it is text of any length: the model says so.
    fn is_long(&self, part: Part<'_>) -> bool {
        let (Kind::Char(text), Some(member), Some(shape)) = (&part.field.kind, part.member, part.shape) else {
            return false;
        };
        let (Some(model), Some(found)) = (shape.model, &member.found) else { return false };
        let column = match found.end {
            End::Column(place) if found.steps.is_empty() => self.context.registry().model(model).columns.get(place),
            _ => None,
        };
        let is_text = column.is_some_and(|column| matches!(column.kind, schema::Kind::Text { .. }));
        is_text && matches!(text.form, TextForm::Any)
    }

    fn input(&self, field: &Field, kind: &Kind, text: String) -> Held {
        let plain = |kind: &str, value: String| context! { kind => "input", type => kind, value => value };
        let number = |limits: &Limits, step: &str, value: String| {
            let (min, max) = (limit(limits.min.as_ref()), limit(limits.max.as_ref()));
            context! { kind => "input", type => "number", value => value, step => step, min => min, max => max }
        };
        let settings = &self.context.facts().settings;
        match kind {
            Kind::Integer(integers) => number(&integers.limits, "1", text),
            Kind::Float(limits) => number(limits, "any", text),
            Kind::Decimal(decimals) => number(&decimals.limits, "any", text),
            Kind::DateTime { .. } | Kind::Date(_) | Kind::Time(_) => {
                let (own, usual, kind) = match kind {
                    Kind::Date(own) => (own, &settings.date_input_formats, "date"),
                    Kind::Time(own) => (own, &settings.time_input_formats, "time"),
                    Kind::DateTime { dates, .. } => (dates, &settings.datetime_input_formats, "datetime-local"),
                    _ => return plain("text", text),
                };
                match local(own, usual, kind, &text) {
                    Some(value) => context! { kind => "input", type => kind, value => value, step => "any" },
                    None => plain("text", text),
                }
            }
            Kind::Duration { .. } => {
                context! { kind => "input", type => "text", value => text, placeholder => "[DD] [HH:[MM:]]ss[.uuuuuu]" }
            }
            Kind::Char(own) => match own.form {
                TextForm::Email => plain("email", text),
                TextForm::Url => plain("url", text),
                _ if field.name.contains("password") => plain("password", String::new()),
                _ => plain("text", text),
            },
            _ => plain("text", text),
        }
    }
}

impl<'a> Sources<'a> {
    /// The same for the fields of a nested serializer.
    fn below(self, name: &str) -> Self {
        let given = match self.given {
            Given::Json(json) => member(json, name).map_or(Given::Nothing, Given::Json),
            form => form,
        };
        let below = |json: Option<&'a Json>| json.and_then(|json| member(json, name));
        Self { given, row: below(self.row), errors: below(self.errors) }
    }

    /// What was sent as JSON, or the row has: what a change leaves out stays.
    fn own(self, name: &str) -> Option<&'a Json> {
        let sent = if let Given::Json(json) = self.given { member(json, name) } else { None };
        sent.or_else(|| self.row.and_then(|row| member(row, name)))
    }

    /// The value as text: what was sent, or the row's, or what an empty form shows.
    fn text(self, field: &Field, name: &str) -> String {
        if let Given::Form(data) = self.given {
            return match data.form.get_last(name) {
                Some(FormValue::Text(text)) => text.clone(),
                _ => String::new(),
            };
        }
        let is_empty = matches!(self.given, Given::Nothing) && self.row.is_none();
        self.own(&field.name).or(field.initial.as_ref().filter(|_| is_empty)).map(words).unwrap_or_default()
    }

    /// Several values.
    fn texts(self, field: &Field, name: &str) -> Vec<String> {
        if let Given::Form(data) = self.given {
            let text = |value: &FormValue| if let FormValue::Text(text) = value { Some(text.clone()) } else { None };
            return data.form.get_all(name).filter_map(text).collect();
        }
        match self.own(&field.name) {
            None | Some(Json::Null) => vec![],
            Some(Json::List(members)) => members.iter().map(words).collect(),
            Some(other) => vec![words(other)],
        }
    }

    /// A value as JSON text.
    fn json(self, field: &Field, name: &str) -> String {
        match self.given {
            Given::Form(_) => self.text(field, name),
            _ => self.own(&field.name).map(|json| pretty(json, 2)).unwrap_or_default(),
        }
    }
}

/// What stands for no choice.
pub(super) const EMPTY: &str = "--------";

pub(super) fn option(value: &str, label: &str, selected: bool) -> Held {
    context! { value => value, label => label, selected => selected }
}

/// What may be chosen, with what is chosen.
fn chosen(choices: &Choices, now: &[String], has_none: bool) -> Vec<Held> {
    let shown = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        other => rules::shown(other),
    };
    let one = |value: &Value, label: &str| {
        let value = shown(value);
        let is_now = now.contains(&value);
        option(&value, label, is_now)
    };
    let none = has_none.then(|| option("", EMPTY, now.iter().all(String::is_empty)));
    let all = choices.choices.iter().map(|choice| match choice {
        Choice::One(value, label) => one(value, label),
        Choice::Group(name, members) => {
            let inner: Vec<Held> = members.iter().map(|(value, label)| one(value, label)).collect();
            context! { group => name.as_str(), options => inner }
        }
    });
    none.into_iter().chain(all).collect()
}

/// A value as the browser's own control takes it; nothing where the field wants another format, or has a value in one.
fn local(own: &Dates, usual: &[Format], kind: &str, text: &str) -> Option<String> {
    let formats = own.input_formats.as_deref().unwrap_or(usual);
    if !formats.contains(&Format::Iso8601) {
        return None;
    }
    if text.is_empty() {
        return Some(String::new());
    }
    if kind == "date" {
        return is_date(text).then(|| text.to_owned());
    }
    let (day, time) = match kind {
        "time" => (None, text),
        _ => text.split_once(['T', ' ']).map(|(day, time)| (Some(day), time))?,
    };
    // What is behind the seconds' third digit, and the zone, the control does not know.
    let end = time.find(|next: char| !next.is_ascii_digit() && !matches!(next, ':' | '.')).unwrap_or(time.len());
    let time = time[..end]
        .split_once('.')
        .map_or(time[..end].to_owned(), |(whole, part)| format!("{whole}.{}", part.get(..3).unwrap_or(part)));
    let is_time = time.len() >= 5 && time.as_bytes()[2] == b':';
    match day {
        None => is_time.then_some(time),
        Some(day) => (is_time && is_date(day)).then(|| format!("{day}T{time}")),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn limit(value: Option<&Value>) -> Option<String> {
    value.map(rules::shown)
}

/// A member of an object.
pub(super) fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members.get(name),
        _ => None,
    }
}

/// A value as a form has it.
fn words(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::Object(_) | Json::List(_) => pretty(json, 2),
        other => python::str(other),
    }
}

/// JSON that is easy to read.
pub(super) fn pretty(json: &Json, indent: u8) -> String {
    let mut text = vec![];
    match write(json, &Style { indent: Some(indent), strict: false, ..Style::default() }, &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => String::new(),
    }
}

/// What is wrong, as lines.
pub(super) fn messages(errors: Option<&Json>) -> Vec<String> {
    fn collect(json: &Json, before: &str, to: &mut Vec<String>) {
        match json {
            Json::Null => {}
            Json::List(members) => members.iter().for_each(|member| collect(member, before, to)),
            Json::Object(members) => {
                for (name, value) in members.iter() {
                    collect(value, &format!("{before}{name}: "), to);
                }
            }
            other => to.push(format!("{before}{}", python::str(other))),
        }
    }
    let mut all = vec![];
    if let Some(errors) = errors {
        collect(errors, "", &mut all);
    }
    all
}
