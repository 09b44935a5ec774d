//! The fields of a serializer as the controls of a form, with the values and the errors that belong to them.
//!
//! Data for the templates: what is said here is text, and becomes HTML by them alone.

use minijinja::context;
use minijinja::value::{Value as Held, merge_maps};
use quintet_core::json::{FormValue, Json, Style, write};
use quintet_core::python;
use quintet_core::rest::{Control, Data, Field, FormData, Kind, Limits, TextForm, rules};
use quintet_core::schema::{self, Value};

use super::choosing::{Cut, EMPTY, choosing, chosen, option};
use super::moment::local;
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
            required => field.required && !field.allow_null, errors => errors, style => looks(field),
        };
        let text = from.text(field, &name);
        let control = field.style.as_ref().and_then(|style| style.control);
        let own = match &field.kind {
            Kind::Json { .. } if control != Some(Control::Input) => {
                context! { kind => "textarea", value => from.json(field, &name), code => true }
            }
            _ if control == Some(Control::Textarea) => context! { kind => "textarea", value => text },
            Kind::Choice(_) | Kind::Related(_) | Kind::Json { .. } if control == Some(Control::Input) => {
                self.input(field, &Kind::Any, text)
            }
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
                choosing(field, false, chosen(choices, &[text], has_none, &self.cut(field)))
            }
            Kind::MultipleChoice { choices, .. } => {
                let now = from.texts(field, &name);
                choosing(field, true, chosen(choices, &now, false, &self.cut(field)))
            }
            Kind::Related(related) => {
                let Some(Role::Related(target)) = part.member.map(|member| &member.role) else { return Ok(None) };
                let now = if related.many { from.texts(field, &name) } else { vec![text] };
                let has_none = !related.many && (field.allow_null || !field.required);
                // The settings are about rows; what a field says itself is about whatever is chosen.
                let own = self.cut(field);
                let cut = Cut { most: own.most.or(self.cutoff), words: own.words };
                let asked = Options { related, target, now: &now, has_none, cut: &cut };
                choosing(field, related.many, options(&asked, self.context).await?)
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
            _ if control.is_none() && self.is_long(part) => context! { kind => "textarea", value => text },
            kind => self.input(field, kind, text),
        };
        Ok(Some(merge_maps([own, common])))
    }

    /// How many choices the field itself wants to be offered.
    fn cut<'c>(&'c self, field: &'c Field) -> Cut<'c> {
        let style = field.style.as_deref();
        let words = style.and_then(|style| style.cutoff_text.as_deref()).unwrap_or(self.cutoff_text);
        Cut { most: style.and_then(|style| style.cutoff), words }
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
        let style = field.style.as_deref();
        // What the style says of it, or else what the kind does. What is secret is never written into a page.
        let wanted = style.and_then(|style| style.input_type.as_deref());
        let text = if wanted == Some("password") { String::new() } else { text };
        let plain = |kind: &str, value: String| {
            context! { kind => "input", type => wanted.unwrap_or(kind), value => value }
        };
        let number = |limits: &Limits, step: &str, value: String| {
            let (min, max) = (limit(limits.min.as_ref()), limit(limits.max.as_ref()));
            let kind = wanted.unwrap_or("number");
            context! { kind => "input", type => kind, value => value, step => step, min => min, max => max }
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
                match local(own, usual, kind, &text).filter(|_| wanted.is_none_or(|wanted| wanted == kind)) {
                    Some(value) => context! { kind => "input", type => kind, value => value, step => "any" },
                    None => plain("text", text),
                }
            }
            Kind::Duration { .. } => {
                let kind = wanted.unwrap_or("text");
                context! { kind => "input", type => kind, value => text, placeholder => "[DD] [HH:[MM:]]ss[.uuuuuu]" }
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

/// What a field says of its looks.
fn looks(field: &Field) -> Held {
    let Some(style) = field.style.as_deref() else { return context! {} };
    context! {
        rows => style.rows, placeholder => style.placeholder.as_deref(), hide_label => style.hide_label,
        autofocus => style.autofocus, inline => style.inline,
    }
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
