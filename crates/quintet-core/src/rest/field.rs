//! A field of a serializer, without what it does.

use std::borrow::Cow;

use super::{DefaultValue, Kind, OwnClass, Style, Validator};
use crate::json::Json;

/// A name that is mostly written in the program.
pub type Name = Cow<'static, str>;

/// A field of a serializer.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in JSON; empty for the child of a list.
    pub name: Name,
    /// The path of its value, with dots; the name where it is not said, `*` for the whole row.
    pub source: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is written only.
    pub read_only: bool,
    /// Whether it is taken only.
    pub write_only: bool,
    /// Whether it may be null.
    pub allow_null: bool,
    /// What it has where nothing is given.
    pub default: Option<DefaultValue>,
    /// What an empty form shows.
    pub initial: Option<Json>,
    /// What people call it, unless it follows from the name.
    pub label: Option<String>,
    /// A word to people.
    pub help_text: Option<String>,
    /// How it looks in a form for people.
    pub style: Option<Box<Style>>,
    /// Messages of its own, by code.
    pub messages: Vec<(Name, String)>,
    /// What is asked of its values before what its kind asks.
    pub validators: Vec<Validator>,
    /// The project's own class, where it stands upon this kind.
    pub own: Option<OwnClass>,
    /// What a function makes of rows, for who describes the field.
    pub about: Option<Box<Field>>,
}

impl Field {
    /// A field of a kind, required.
    pub fn new(kind: Kind) -> Self {
        let (read_only, write_only) = (matches!(kind, Kind::ReadOnly | Kind::Method(_)), matches!(kind, Kind::Hidden));
        Self {
            name: Cow::Borrowed(""),
            source: matches!(kind, Kind::Method(_)).then(|| "*".to_owned()),
            required: !read_only,
            read_only,
            write_only,
            allow_null: matches!(kind, Kind::Any),
            default: None,
            initial: None,
            label: None,
            help_text: None,
            style: None,
            messages: vec![],
            validators: vec![],
            own: None,
            about: None,
            kind,
        }
    }

    /// The path of its value: the source, or else the name.
    pub fn path(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.name)
    }

    /// What people call it: `Unit price`.
    pub fn title(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        let words = self.name.replace('_', " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    }
}
