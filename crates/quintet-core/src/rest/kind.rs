//! The kinds of fields, each with the options that only it has.

use chrono_tz::Tz;
use regex::Regex;

use super::{DurationFormat, Field, Format, Name};
use crate::python::Rounding;
use crate::schema::{self, IpProtocol, Value};

/// The kind of a field.
#[derive(Clone, Debug)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// Text, e-mail addresses, slugs, URLs, IP addresses and what else is text.
    Char(Text),
    /// A UUID.
    Uuid(UuidFormat),
    /// A whole number.
    Integer(Integers),
    /// A floating-point number.
    Float(Limits),
    /// A decimal number.
    Decimal(Decimals),
    /// A moment.
    DateTime {
        /// How it is given and written.
        dates: Dates,
        /// The zone; the current one unless said.
        default_timezone: Option<Tz>,
    },
    /// A date.
    Date(Dates),
    /// A time of day.
    Time(Dates),
    /// A span of time.
    Duration {
        /// How it is written; as the settings say where it is not said.
        format: Option<DurationFormat>,
        /// The least and the most, as durations.
        limits: Limits,
    },
    /// One of several values.
    Choice(Choices),
    /// Some of several values.
    MultipleChoice {
        /// The values.
        choices: Choices,
        /// Whether none may be chosen.
        allow_empty: bool,
    },
    /// The path of a file, out of those that were there when the field was made.
    FilePath(Choices),
    /// A file.
    File(Files),
    /// An image.
    Image(Files),
    /// Several values of one kind.
    List(Box<List>),
    /// Values of one kind by name.
    Dict(Box<Dict>),
    /// Texts by name.
    HStore(Box<Dict>),
    /// JSON.
    Json {
        /// Whether a value is a text that holds JSON.
        binary: bool,
    },
    /// Bytes, as base64.
    Binary {
        /// The most bytes.
        max_length: Option<u32>,
    },
    /// Anything, as it is.
    Any,
    /// Anything, and never taken.
    ReadOnly,
    /// A default that nobody gives or sees.
    Hidden,
    /// What a function of the serializer makes.
    Method(Name),
    /// A row of another model, or several. Done by whoever runs the serializer.
    Related(Related),
    /// Another serializer. Done by whoever runs the serializer.
    Nested(Nested),
}

/// The options of text.
#[derive(Clone, Debug)]
pub struct Text {
    /// Whether the empty text is taken.
    pub allow_blank: bool,
    /// Whether white space around it is cut off.
    pub trim_whitespace: bool,
    /// The most characters.
    pub max_length: Option<u32>,
    /// The least characters.
    pub min_length: Option<u32>,
    /// What the text is.
    pub form: TextForm,
}

/// What a text is.
#[derive(Clone, Debug)]
pub enum TextForm {
    /// Any text.
    Any,
    /// An e-mail address.
    Email,
    /// Letters, digits, hyphens and underscores.
    Slug {
        /// Letters of all scripts.
        allow_unicode: bool,
    },
    /// A URL.
    Url,
    /// A match of an expression.
    Regex(Pattern),
    /// An IP address.
    Ip(IpProtocol),
}

/// An expression of the project.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it was written.
    pub text: String,
    /// The same, ready to be used.
    pub regex: Regex,
}

/// The least and the most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The least.
    pub min: Option<Value>,
    /// The most.
    pub max: Option<Value>,
}

/// The options of whole numbers.
#[derive(Clone, Debug, Default)]
pub struct Integers {
    /// Whether it is the reference's class for large ones.
    pub big: bool,
    /// Whether it is written as text; as the settings say where it is not said. For large ones.
    pub coerce_to_string: Option<bool>,
    /// The least and the most.
    pub limits: Limits,
    /// The least and the most that the program's own type can hold: a limit that is not told, and that only a value meets
    /// which the others let pass.
    pub holds: Option<(i64, i64)>,
}

/// The options of decimal numbers.
#[derive(Clone, Debug, Default)]
pub struct Decimals {
    /// The most digits.
    pub max_digits: Option<u32>,
    /// The most digits behind the point; values are brought to so many.
    pub decimal_places: Option<u32>,
    /// Whether it is written as text; as the settings say where it is not said.
    pub coerce_to_string: Option<bool>,
    /// Whether zeros at the end are left out in writing.
    pub normalize_output: bool,
    /// How values are rounded.
    pub rounding: Rounding,
    /// The least and the most.
    pub limits: Limits,
}

/// How dates and times are given and written.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    /// How it is written; as the settings say where it is not said.
    pub format: Option<Format>,
    /// How it may be given; as the settings say where it is not said.
    pub input_formats: Option<Vec<Format>>,
}

/// What may be chosen.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The values, with what people read.
    pub choices: Vec<schema::Choice>,
    /// Whether the empty text is taken.
    pub allow_blank: bool,
}

/// The options of files.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The most characters of the name.
    pub max_length: Option<u32>,
    /// Whether a file without bytes is taken.
    pub allow_empty_file: bool,
    /// Whether it is written as a URL; as the settings say where it is not said.
    pub use_url: Option<bool>,
}

/// The options of lists.
#[derive(Clone, Debug)]
pub struct List {
    /// What each of the values is.
    pub child: Field,
    /// Whether it may be empty.
    pub allow_empty: bool,
    /// The least values.
    pub min_length: Option<u32>,
    /// The most values.
    pub max_length: Option<u32>,
}

/// The options of dictionaries.
#[derive(Clone, Debug)]
pub struct Dict {
    /// What each of the values is.
    pub child: Field,
    /// Whether it may be empty.
    pub allow_empty: bool,
}

/// How a UUID is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UuidFormat {
    /// `00000000-0000-0000-0000-000000000001`
    #[default]
    HexVerbose,
    /// `00000000000000000000000000000001`
    Hex,
    /// `1`
    Int,
    /// `urn:uuid:00000000-0000-0000-0000-000000000001`
    Urn,
}

/// The options of relations.
#[derive(Clone, Debug)]
pub struct Related {
    /// The other model, as `app.model`.
    pub model: String,
    /// How rows of it are named.
    pub to: RelatedTo,
    /// Whether there are several.
    pub many: bool,
    /// Whether several may be none.
    pub allow_empty: bool,
    /// Which rows may be chosen.
    pub limit_choices_to: Option<schema::Condition>,
    /// How the key of a row is read and written, where that is not as its kind.
    pub pk_field: Option<Box<Field>>,
}

/// How a row of another model is named.
#[derive(Clone, Debug, PartialEq)]
pub enum RelatedTo {
    /// By its primary key.
    PrimaryKey,
    /// By one of its fields.
    Slug(String),
    /// By the URL of a view.
    Hyperlink {
        /// The view's name.
        view_name: String,
        /// The field that the URL holds.
        lookup_field: String,
        /// The name of the URL's part.
        lookup_url_kwarg: String,
    },
    /// By the URL of a view, of the row itself; never taken.
    Identity {
        /// The view's name.
        view_name: String,
        /// The field that the URL holds.
        lookup_field: String,
        /// The name of the URL's part.
        lookup_url_kwarg: String,
    },
    /// By the words for it; never taken.
    Text,
}

/// The options of nested serializers.
#[derive(Clone, Debug, Default)]
pub struct Nested {
    /// The serializer's name.
    pub serializer: String,
    /// Its fields, as far as metadata need them.
    pub fields: Vec<Field>,
    /// Whether there are several.
    pub many: bool,
    /// Whether several may be none.
    pub allow_empty: bool,
    /// The least.
    pub min_length: Option<u32>,
    /// The most.
    pub max_length: Option<u32>,
}

impl Kind {
    /// Whether a field does it all by itself, without a database or another serializer.
    pub fn is_pure(&self) -> bool {
        match self {
            Self::Method(_) | Self::Related(_) | Self::Nested(_) => false,
            Self::List(list) => list.child.kind.is_pure(),
            Self::Dict(dict) | Self::HStore(dict) => dict.child.kind.is_pure(),
            _ => true,
        }
    }
}

impl Kind {
    /// The name of the reference's class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Boolean => "BooleanField",
            Self::Char(text) => match text.form {
                TextForm::Any => "CharField",
                TextForm::Email => "EmailField",
                TextForm::Slug { .. } => "SlugField",
                TextForm::Url => "URLField",
                TextForm::Regex(_) => "RegexField",
                TextForm::Ip(_) => "IPAddressField",
            },
            Self::Uuid(_) => "UUIDField",
            Self::Integer(integers) => {
                if integers.big {
                    "BigIntegerField"
                } else {
                    "IntegerField"
                }
            }
            Self::Float(_) => "FloatField",
            Self::Decimal(_) => "DecimalField",
            Self::DateTime { .. } => "DateTimeField",
            Self::Date(_) => "DateField",
            Self::Time(_) => "TimeField",
            Self::Duration { .. } => "DurationField",
            Self::Choice(_) => "ChoiceField",
            Self::MultipleChoice { .. } => "MultipleChoiceField",
            Self::FilePath(_) => "FilePathField",
            Self::File(_) => "FileField",
            Self::Image(_) => "ImageField",
            Self::List(_) => "ListField",
            Self::Dict(_) => "DictField",
            Self::HStore(_) => "HStoreField",
            Self::Json { .. } => "JSONField",
            Self::Binary { .. } => "ModelField",
            Self::Any => "Field",
            Self::ReadOnly => "ReadOnlyField",
            Self::Hidden => "HiddenField",
            Self::Method(_) => "SerializerMethodField",
            Self::Related(related) if related.many => "ManyRelatedField",
            Self::Related(related) => match related.to {
                RelatedTo::PrimaryKey => "PrimaryKeyRelatedField",
                RelatedTo::Slug(_) => "SlugRelatedField",
                RelatedTo::Hyperlink { .. } => "HyperlinkedRelatedField",
                RelatedTo::Identity { .. } => "HyperlinkedIdentityField",
                RelatedTo::Text => "StringRelatedField",
            },
            Self::Nested(nested) => {
                if nested.many {
                    "ListSerializer"
                } else {
                    "Serializer"
                }
            }
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self { allow_blank: false, trim_whitespace: true, max_length: None, min_length: None, form: TextForm::Any }
    }
}
