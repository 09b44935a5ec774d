//! One word for each option. An option that a kind does not have is a mistake of the program, and is said at its start.

use chrono_tz::Tz;

use crate::json::Json;
use crate::rest::{
    DefaultValue, DurationFormat, Field, Format, Kind, Limits, Name, RelatedTo, Rounding, TextForm, UuidFormat,
    Validator,
};
use crate::schema::{IpProtocol, Value};

/// The options that all fields have.
impl Field {
    /// Where its value is: `category.name`.
    #[must_use]
    pub fn source(mut self, path: &str) -> Self {
        self.source = Some(path.to_owned());
        self
    }

    /// Whether it must be given.
    #[must_use]
    pub fn required(mut self, yes: bool) -> Self {
        self.required = yes;
        self
    }

    /// Written only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        (self.read_only, self.required) = (true, false);
        self
    }

    /// Taken only.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// May be null.
    #[must_use]
    pub fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }

    /// What it has where nothing is given; so it need not be given.
    #[must_use]
    pub fn default(mut self, value: impl Into<DefaultValue>) -> Self {
        (self.default, self.required) = (Some(value.into()), false);
        self
    }

    /// What an empty form shows.
    #[must_use]
    pub fn initial(mut self, value: impl Into<Json>) -> Self {
        self.initial = Some(value.into());
        self
    }

    /// What people call it.
    #[must_use]
    pub fn label(mut self, text: &str) -> Self {
        self.label = Some(text.to_owned());
        self
    }

    /// A word to people.
    #[must_use]
    pub fn help_text(mut self, text: &str) -> Self {
        self.help_text = Some(text.to_owned());
        self
    }

    /// A message of its own for a code.
    #[must_use]
    pub fn error_message(mut self, code: impl Into<Name>, text: &str) -> Self {
        self.messages.push((code.into(), text.to_owned()));
        self
    }

    /// Something more that is asked of its values.
    #[must_use]
    pub fn validator(mut self, validator: impl Into<Validator>) -> Self {
        self.validators.push(validator.into());
        self
    }

    /// A field that was made of a model's, which is written only now: what was said of what it takes is gone.
    #[must_use]
    pub fn made_read_only(mut self) -> Self {
        self.default = None;
        self.validators = vec![];
        match &mut self.kind {
            Kind::Char(text) => {
                (text.allow_blank, text.min_length, text.max_length) = (false, None, None);
            }
            Kind::Choice(choices) | Kind::FilePath(choices) => choices.allow_blank = false,
            Kind::Integer(integers) => integers.limits = Limits::default(),
            Kind::Decimal(decimals) => decimals.limits = Limits::default(),
            Kind::Float(limits) | Kind::Duration { limits, .. } => *limits = Limits::default(),
            Kind::File(files) | Kind::Image(files) => files.max_length = None,
            _ => {}
        }
        self.read_only()
    }
}

/// Formats in which texts can be read.
#[track_caller]
fn readable(formats: Vec<Format>) -> Vec<Format> {
    match formats.iter().find(|format| !format.is_readable()) {
        Some(format) => panic!("the format {format:?} has a directive in which nothing can be read"),
        None => formats,
    }
}

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident($value:ident: $type:ty) { $($kind:pat $(if $guard:expr)? => $set:expr,)* })*) => {
        /// The options of some kinds.
        impl Field {
            $(
                $(#[$doc])*
                ///
                /// # Panics
                /// Where the kind does not have the option.
                #[must_use]
                #[track_caller]
                pub fn $name(mut self, $value: $type) -> Self {
                    match &mut self.kind {
                        $($kind $(if $guard)? => $set,)*
                        kind => panic!("a field of the kind `{}` has no option `{}`", kind.class(), stringify!($name)),
                    }
                    self
                }
            )*
        }
    };
}

options! {
    /// Whether the empty text is taken.
    allow_blank(yes: bool) {
        Kind::Char(text) => text.allow_blank = yes,
        Kind::Choice(choices) | Kind::FilePath(choices) | Kind::MultipleChoice { choices, .. } => choices.allow_blank = yes,
    }
    /// Whether white space around a text is cut off.
    trim_whitespace(yes: bool) {
        Kind::Char(text) => text.trim_whitespace = yes,
    }
    /// The most characters, values or bytes.
    max_length(most: u32) {
        Kind::Char(text) => text.max_length = Some(most),
        Kind::List(list) => list.max_length = Some(most),
        Kind::File(files) | Kind::Image(files) => files.max_length = Some(most),
        Kind::Nested(nested) => nested.max_length = Some(most),
        Kind::Binary { max_length } => *max_length = Some(most),
    }
    /// The least characters or values.
    min_length(least: u32) {
        Kind::Char(text) => text.min_length = Some(least),
        Kind::List(list) => list.min_length = Some(least),
        Kind::Nested(nested) => nested.min_length = Some(least),
    }
    /// The least.
    min_value(least: impl Into<Value>) {
        Kind::Integer(integers) => integers.limits.min = Some(least.into()),
        Kind::Float(limits) | Kind::Duration { limits, .. } => limits.min = Some(least.into()),
        Kind::Decimal(decimals) => decimals.limits.min = Some(least.into()),
    }
    /// The most.
    max_value(most: impl Into<Value>) {
        Kind::Integer(integers) => integers.limits.max = Some(most.into()),
        Kind::Float(limits) | Kind::Duration { limits, .. } => limits.max = Some(most.into()),
        Kind::Decimal(decimals) => decimals.limits.max = Some(most.into()),
    }
    /// Whether a number is written as text.
    coerce_to_string(yes: bool) {
        Kind::Integer(integers) if integers.big => integers.coerce_to_string = Some(yes),
        Kind::Decimal(decimals) => decimals.coerce_to_string = Some(yes),
    }
    /// Whether zeros at the end of a decimal number are left out in writing.
    normalize_output(yes: bool) {
        Kind::Decimal(decimals) => decimals.normalize_output = yes,
    }
    /// How decimal numbers are rounded.
    rounding(rounding: Rounding) {
        Kind::Decimal(decimals) => decimals.rounding = rounding,
    }
    /// How a date or a time is written.
    format(format: Format) {
        Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => dates.format = Some(format),
    }
    /// How a date or a time may be given.
    input_formats(formats: Vec<Format>) {
        Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => dates.input_formats = Some(readable(formats)),
    }
    /// The zone of moments.
    default_timezone(zone: Tz) {
        Kind::DateTime { default_timezone, .. } => *default_timezone = Some(zone),
    }
    /// How a duration is written.
    duration_format(written: DurationFormat) {
        Kind::Duration { format, .. } => *format = Some(written),
    }
    /// How a UUID is written.
    uuid_format(written: UuidFormat) {
        Kind::Uuid(format) => *format = written,
    }
    /// Letters of all scripts in a slug.
    allow_unicode(yes: bool) {
        Kind::Char(crate::rest::Text { form: TextForm::Slug { allow_unicode }, .. }) => *allow_unicode = yes,
    }
    /// Which addresses are taken.
    protocol(only: IpProtocol) {
        Kind::Char(crate::rest::Text { form: TextForm::Ip(protocol), .. }) => *protocol = only,
    }
    /// Whether none is taken, where there may be several.
    allow_empty(yes: bool) {
        Kind::List(list) => list.allow_empty = yes,
        Kind::Dict(dict) | Kind::HStore(dict) => dict.allow_empty = yes,
        Kind::MultipleChoice { allow_empty, .. } => *allow_empty = yes,
        Kind::Related(related) => related.allow_empty = yes,
        Kind::Nested(nested) => nested.allow_empty = yes,
    }
    /// Whether a file without bytes is taken.
    allow_empty_file(yes: bool) {
        Kind::File(files) | Kind::Image(files) => files.allow_empty_file = yes,
    }
    /// Whether a file is written as a URL.
    use_url(yes: bool) {
        Kind::File(files) | Kind::Image(files) => files.use_url = Some(yes),
    }
    /// Whether a JSON value is a text that holds JSON.
    binary(yes: bool) {
        Kind::Json { binary } => *binary = yes,
    }
    /// Whether there are several.
    many(yes: bool) {
        Kind::Related(related) => related.many = yes,
        Kind::Nested(nested) => nested.many = yes,
    }
    /// The field that a URL holds.
    lookup_field(name: &str) {
        Kind::Related(crate::rest::Related { to: RelatedTo::Hyperlink { lookup_field, lookup_url_kwarg, .. } | RelatedTo::Identity { lookup_field, lookup_url_kwarg, .. }, .. }) => {
            name.clone_into(lookup_field);
            name.clone_into(lookup_url_kwarg);
        },
    }
    /// The name of the part of a URL, where it is not the field's.
    lookup_url_kwarg(name: &str) {
        Kind::Related(crate::rest::Related { to: RelatedTo::Hyperlink { lookup_url_kwarg, .. } | RelatedTo::Identity { lookup_url_kwarg, .. }, .. }) => {
            name.clone_into(lookup_url_kwarg);
        },
    }
}
