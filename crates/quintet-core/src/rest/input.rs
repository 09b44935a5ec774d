//! What a request brought, and what of it a field is given.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use super::{Context, Field, Kind};
use crate::json::{Form, FormItem, FormValue, Json, Object};
use crate::python;

/// The parsed body of a request.
#[derive(Clone, Debug)]
pub enum Data {
    /// JSON.
    Json(Json),
    /// A form, or a part of one whose names say that it belongs together.
    Form(FormData),
}

/// A form and the files that it refers to.
#[derive(Clone, Debug, Default)]
pub struct FormData {
    /// The fields.
    pub form: Form,
    /// The files, by the numbers that the fields have.
    pub files: Arc<[Arc<dyn UploadedFile>]>,
}

/// A file that came with a request. Where its bytes are is the concern of who took them.
pub trait UploadedFile: Debug + Send + Sync {
    /// Its name, without folders.
    fn name(&self) -> &str;
    /// How many bytes it has.
    fn size(&self) -> u64;
    /// The media type that the client said.
    fn content_type(&self) -> Option<&str>;
    /// The first bytes, which tell what kind of file it is; the whole file where it is small.
    fn head(&self) -> &[u8];
    /// Itself, for who knows its type.
    fn as_any(&self) -> &dyn Any;
    /// The character set that the client said beside the media type.
    fn charset(&self) -> Option<&str> {
        None
    }
}

/// What a field is given.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// Nothing.
    Absent,
    /// A value out of JSON.
    Json(Cow<'a, Json>),
    /// A value out of a form: text, or what stands for an absent one.
    Form(Cow<'a, Json>),
    /// Several out of a form.
    List(Vec<Input<'a>>),
    /// The part of a form that belongs to a nested serializer or a dictionary.
    Part(FormData),
    /// A file.
    File(Arc<dyn UploadedFile>),
}

impl From<Json> for Data {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}

impl<'a> From<&'a Json> for Input<'a> {
    fn from(json: &'a Json) -> Self {
        Self::Json(Cow::Borrowed(json))
    }
}

impl FormData {
    /// A value as a field is given it.
    fn input(&self, value: &FormValue) -> Input<'static> {
        match value {
            FormValue::Text(text) => Input::Form(Cow::Owned(Json::from(text.as_str()))),
            FormValue::File(number) => {
                self.files.get(*number).map_or(Input::Absent, |file| Input::File(Arc::clone(file)))
            }
        }
    }

    /// The same of an item of a list, which is no longer read as a form's.
    fn item(&self, value: &FormValue) -> Input<'static> {
        match self.input(value) {
            Input::Form(json) => Input::Json(json),
            other => other,
        }
    }

    /// Several that are numbered by their names: `prefix[0]`.
    fn list(&self, prefix: &str) -> Option<Input<'static>> {
        let item = |item: FormItem| match item {
            FormItem::Value(value) => self.item(&value),
            FormItem::Form(form) => Input::Part(self.part(form)),
        };
        Some(Input::List(self.form.list(prefix)?.into_iter().map(item).collect()))
    }

    /// All of its items, where its names are only numbers.
    pub(super) fn items(&self) -> Input<'static> {
        self.list("").unwrap_or(Input::List(vec![]))
    }

    /// Each name with its last value.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, Input<'static>)> {
        self.form.keys().map(|name| (name, self.form.get_last(name).map_or(Input::Absent, |value| self.item(value))))
    }

    /// As messages show a part of a form.
    pub(super) fn shown(&self) -> String {
        let text = |value: &FormValue| match self.input(value) {
            Input::Form(text) => text.into_owned(),
            Input::File(file) => Json::from(file.name()),
            _ => Json::Null,
        };
        let all = |name| Json::List(self.form.get_all(name).map(text).collect());
        let members: Json = self.form.keys().map(|name| (name, all(name))).collect::<Object>().into();
        format!("<MultiValueDict: {}>", python::repr(&members))
    }

    fn part(&self, form: Form) -> Self {
        Self { form, files: Arc::clone(&self.files) }
    }
}

impl Field {
    /// What of the data is this field's. Forms have no null and no false, and an empty text may stand for nothing.
    pub fn input<'a>(&self, data: &'a Data, context: &Context) -> Input<'a> {
        match (data, &self.kind) {
            (_, Kind::Hidden) => Input::Absent,
            (Data::Json(Json::Object(members)), _) => members.get(&self.name).map_or(Input::Absent, Input::from),
            (Data::Json(_), _) => Input::Absent,
            (Data::Form(data), _) => self.form_input(data, context),
        }
    }

    fn form_input(&self, data: &FormData, context: &Context) -> Input<'static> {
        let last = data.form.get_last(&self.name);
        let all = || data.form.get_all(&self.name).map(|value| data.item(value)).collect::<Vec<_>>();
        match &self.kind {
            Kind::Nested(nested) if nested.many => data.list(&self.name).unwrap_or(Input::Absent),
            Kind::Nested(_) | Kind::Dict(_) | Kind::HStore(_) => {
                let form = data.form.dict(&self.name);
                match form.is_empty() {
                    false => Input::Part(data.part(form)),
                    // Its own name without a member says that it is empty.
                    true if last.is_some() && !matches!(self.kind, Kind::Nested(_)) => Input::Part(FormData::default()),
                    true => Input::Absent,
                }
            }
            Kind::List(_) if last.is_some() => Input::List(all()),
            Kind::List(_) => data.list(&self.name).unwrap_or(Input::Absent),
            Kind::MultipleChoice { .. } if last.is_some() || !context.partial => Input::List(all()),
            Kind::Related(related) if related.many && (last.is_some() || !context.partial) => Input::List(all()),
            Kind::Json { .. } => last.map_or(Input::Absent, |value| data.input(value)),
            _ => match last.map(|value| data.input(value)) {
                Some(Input::Form(text)) if *text == Json::from("") => self.blank_input(text),
                Some(input) => input,
                None if context.partial => Input::Absent,
                None => self.absent_input(),
            },
        }
    }

    /// What the empty text of a form stands for.
    fn blank_input(&self, text: Cow<'static, Json>) -> Input<'static> {
        let allow_blank = match &self.kind {
            Kind::Char(text) => text.allow_blank,
            Kind::Choice(choices) | Kind::FilePath(choices) | Kind::MultipleChoice { choices, .. } => {
                choices.allow_blank
            }
            Kind::Any => self.own.is_none(),
            _ => false,
        };
        match () {
            () if allow_blank && (self.allow_null || !self.required) => Input::Form(text),
            () if self.allow_null => Input::Form(Cow::Owned(Json::Null)),
            () if !self.required => Input::Absent,
            () => Input::Form(text),
        }
    }

    /// What an absent name stands for: a box that is not ticked is not sent.
    fn absent_input(&self) -> Input<'static> {
        let ticked = match (&self.kind, &self.default) {
            (Kind::Boolean, None) if self.allow_null => Json::Null,
            (Kind::Boolean, None) => Json::Bool(false),
            _ => return Input::Absent,
        };
        Input::Form(Cow::Owned(ticked))
    }
}

impl From<Json> for Input<'_> {
    fn from(json: Json) -> Self {
        Self::Json(Cow::Owned(json))
    }
}
