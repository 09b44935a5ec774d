//! What a field looks at besides its input: the database's kind, the zone, and the settings.

use std::fmt;
use std::sync::Arc;

use chrono_tz::Tz;

use crate::schema::Value;
use crate::sql::Dialect;

/// What a field is run in.
#[derive(Clone, Debug)]
pub struct Context {
    /// The kind of database that values go to.
    pub dialect: Dialect,
    /// The current time zone.
    pub zone: Tz,
    /// Whether absent values are left as they are.
    pub partial: bool,
    /// Whether there is an instance that is changed.
    pub is_update: bool,
    /// The key of the user who asks; null for nobody.
    pub user: Value,
    /// Where files are reached; their names are written where nothing is said.
    pub file_url: Option<FileUrl>,
    /// The settings.
    pub settings: Arc<Settings>,
}

/// What makes the URL of a file out of its name in the storage.
#[derive(Clone)]
pub struct FileUrl(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl FileUrl {
    /// A function.
    pub fn new(url: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(url))
    }

    /// The URL of a file.
    pub fn of(&self, name: &str) -> String {
        (self.0)(name)
    }
}

impl fmt::Debug for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function")
    }
}

impl Default for Context {
    fn default() -> Self {
        Self {
            dialect: Dialect::Sqlite,
            zone: Tz::UTC,
            partial: false,
            is_update: false,
            user: Value::Null,
            file_url: None,
            settings: Arc::default(),
        }
    }
}

/// How a date or a time is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// As ISO 8601 has it.
    Iso8601,
    /// With the directives of `strftime`: `%d.%m.%Y`.
    Pattern(String),
    /// As it is: the renderer writes it.
    Native,
}

impl Format {
    /// Whether texts can be read in it: whether all of its directives are known.
    pub fn is_readable(&self) -> bool {
        match self {
            Self::Pattern(pattern) => super::strptime::is_readable(pattern),
            Self::Iso8601 | Self::Native => true,
        }
    }
}

/// How a duration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationFormat {
    /// `1 02:03:04.500000`
    Plain,
    /// `P1DT02H03M04.500000S`
    Iso8601,
    /// As it is: the renderer writes the seconds.
    Native,
}

/// The settings that fields look at, under the reference's names.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How moments are written.
    pub datetime_format: Format,
    /// How moments may be given.
    pub datetime_input_formats: Vec<Format>,
    /// How dates are written.
    pub date_format: Format,
    /// How dates may be given.
    pub date_input_formats: Vec<Format>,
    /// How times are written.
    pub time_format: Format,
    /// How times may be given.
    pub time_input_formats: Vec<Format>,
    /// How durations are written.
    pub duration_format: DurationFormat,
    /// Whether decimal numbers are written as text.
    pub coerce_decimal_to_string: bool,
    /// Whether large whole numbers are written as text.
    pub coerce_bigint_to_string: bool,
    /// Whether files are written as URLs.
    pub uploaded_files_use_url: bool,
    /// The name of errors that belong to no field.
    pub non_field_errors_key: String,
    /// Whether what is wrong with members of a list stands under their numbers; else in a list with a place for each.
    pub list_serializer_errors_as_dict: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            datetime_format: Format::Iso8601,
            datetime_input_formats: vec![Format::Iso8601],
            date_format: Format::Iso8601,
            date_input_formats: vec![Format::Iso8601],
            time_format: Format::Iso8601,
            time_input_formats: vec![Format::Iso8601],
            duration_format: DurationFormat::Plain,
            coerce_decimal_to_string: true,
            coerce_bigint_to_string: false,
            uploaded_files_use_url: true,
            non_field_errors_key: "non_field_errors".to_owned(),
            list_serializer_errors_as_dict: true,
        }
    }
}
