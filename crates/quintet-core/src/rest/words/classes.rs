//! One word for each class of field.

use std::borrow::Cow;

use regex::Regex;

use crate::rest::{
    Choices, Dates, Decimals, DefaultValue, Dict, Field, Files, Integers, Kind, Limits, List, Name, Nested, Pattern,
    Related, RelatedTo, Text, TextForm, UuidFormat,
};
use crate::schema::{Choice, IpProtocol};

impl Field {
    /// True or false.
    pub fn boolean() -> Self {
        Self::new(Kind::Boolean)
    }

    /// Text.
    pub fn char() -> Self {
        Self::text(TextForm::Any)
    }

    /// An e-mail address.
    pub fn email() -> Self {
        Self::text(TextForm::Email)
    }

    /// Letters, digits, hyphens and underscores.
    pub fn slug() -> Self {
        Self::text(TextForm::Slug { allow_unicode: false })
    }

    /// A URL.
    pub fn url() -> Self {
        Self::text(TextForm::Url)
    }

    /// Text that an expression matches.
    ///
    /// # Panics
    /// Where the expression is none that can be used.
    #[track_caller]
    pub fn regex(pattern: &str) -> Self {
        match Pattern::new(pattern) {
            Ok(pattern) => Self::text(TextForm::Regex(pattern)),
            Err(error) => panic!("the expression `{pattern}` cannot be used: {error}"),
        }
    }

    /// An IP address.
    pub fn ip_address() -> Self {
        Self::text(TextForm::Ip(IpProtocol::Both))
    }

    fn text(form: TextForm) -> Self {
        Self::new(Kind::Char(Text { form, ..Text::default() }))
    }

    /// A UUID.
    pub fn uuid() -> Self {
        Self::new(Kind::Uuid(UuidFormat::HexVerbose))
    }

    /// A whole number.
    pub fn integer() -> Self {
        Self::new(Kind::Integer(Integers::default()))
    }

    /// The same, of a program's type that holds no more than these.
    #[must_use]
    pub fn holding(mut self, least: impl Into<i64>, most: impl Into<i64>) -> Self {
        if let Kind::Integer(integers) = &mut self.kind {
            integers.holds = Some((least.into(), most.into()));
        }
        self
    }

    /// A whole number that may be large.
    pub fn big_integer() -> Self {
        Self::new(Kind::Integer(Integers { big: true, ..Integers::default() }))
    }

    /// A floating-point number.
    pub fn float() -> Self {
        Self::new(Kind::Float(Limits::default()))
    }

    /// A decimal number of so many digits, so many of them behind the point.
    pub fn decimal(max_digits: impl Into<Option<u32>>, decimal_places: impl Into<Option<u32>>) -> Self {
        Self::new(Kind::Decimal(Decimals {
            max_digits: max_digits.into(),
            decimal_places: decimal_places.into(),
            ..Decimals::default()
        }))
    }

    /// A moment.
    pub fn datetime() -> Self {
        Self::new(Kind::DateTime { dates: Dates::default(), default_timezone: None })
    }

    /// A date.
    pub fn date() -> Self {
        Self::new(Kind::Date(Dates::default()))
    }

    /// A time of day.
    pub fn time() -> Self {
        Self::new(Kind::Time(Dates::default()))
    }

    /// A span of time.
    pub fn duration() -> Self {
        Self::new(Kind::Duration { format: None, limits: Limits::default() })
    }

    /// One of several values.
    pub fn choice(choices: impl Into<Vec<Choice>>) -> Self {
        Self::new(Kind::Choice(Choices { choices: choices.into(), allow_blank: false }))
    }

    /// Some of several values.
    pub fn multiple_choice(choices: impl Into<Vec<Choice>>) -> Self {
        let choices = Choices { choices: choices.into(), allow_blank: false };
        Self::new(Kind::MultipleChoice { choices, allow_empty: true })
    }

    /// One of these paths of files, each with the name that people read.
    pub fn file_path(paths: impl Into<Vec<Choice>>) -> Self {
        Self::new(Kind::FilePath(Choices { choices: paths.into(), allow_blank: false }))
    }

    /// A file.
    pub fn file() -> Self {
        Self::new(Kind::File(Files::default()))
    }

    /// An image.
    pub fn image() -> Self {
        Self::new(Kind::Image(Files::default()))
    }

    /// Several values.
    pub fn list(child: Self) -> Self {
        let (min_length, max_length) = (None, None);
        Self::new(Kind::List(Box::new(List { child, allow_empty: true, min_length, max_length })))
    }

    /// Values by name.
    pub fn dict(child: Self) -> Self {
        Self::new(Kind::Dict(Box::new(Dict { child, allow_empty: true })))
    }

    /// Texts by name, each of which may be null or empty.
    pub fn hstore() -> Self {
        let child = Self::char().allow_blank(true).allow_null();
        Self::new(Kind::HStore(Box::new(Dict { child, allow_empty: true })))
    }

    /// JSON.
    pub fn json() -> Self {
        Self::new(Kind::Json { binary: false })
    }

    /// Anything, as it is.
    pub fn any() -> Self {
        Self::new(Kind::Any)
    }

    /// What is written as it is, and never taken.
    pub fn read_only_field() -> Self {
        Self::new(Kind::ReadOnly)
    }

    /// A default that nobody gives or sees.
    pub fn hidden(default: impl Into<DefaultValue>) -> Self {
        Self::new(Kind::Hidden).default(default)
    }

    /// What a function of the serializer makes.
    pub fn method(name: impl Into<Name>) -> Self {
        Self::new(Kind::Method(name.into()))
    }

    /// A row of a model, named by its primary key.
    pub fn primary_key_related(model: &str) -> Self {
        Self::related(model, RelatedTo::PrimaryKey)
    }

    /// A row of a model, named by one of its fields.
    pub fn slug_related(model: &str, slug_field: &str) -> Self {
        Self::related(model, RelatedTo::Slug(slug_field.to_owned()))
    }

    /// A row of a model, named by the URL of a view.
    pub fn hyperlinked_related(model: &str, view_name: &str) -> Self {
        let [lookup_field, lookup_url_kwarg] = ["pk", "pk"].map(str::to_owned);
        Self::related(model, RelatedTo::Hyperlink { view_name: view_name.to_owned(), lookup_field, lookup_url_kwarg })
    }

    /// The URL of the row itself; never taken.
    pub fn hyperlinked_identity(view_name: &str) -> Self {
        let [lookup_field, lookup_url_kwarg] = ["pk", "pk"].map(str::to_owned);
        let to = RelatedTo::Identity { view_name: view_name.to_owned(), lookup_field, lookup_url_kwarg };
        Self { source: Some("*".to_owned()), ..Self::related("", to) }.read_only()
    }

    /// The words for a row of a model; never taken.
    pub fn string_related(model: &str) -> Self {
        Self::related(model, RelatedTo::Text).read_only()
    }

    fn related(model: &str, to: RelatedTo) -> Self {
        Self::new(Kind::Related(Related {
            model: model.to_owned(),
            to,
            many: false,
            allow_empty: true,
            limit_choices_to: None,
            pk_field: None,
        }))
    }

    /// Another serializer.
    pub fn nested(nested: Nested) -> Self {
        Self::new(Kind::Nested(nested))
    }

    /// The same under a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }
}

impl Pattern {
    /// An expression, which may match anywhere in a text.
    ///
    /// # Errors
    /// Where it is no expression, or asks for what linear time cannot do.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        Ok(Self { text: text.to_owned(), regex: Regex::new(&crate::rest::rules::expression(text, false))? })
    }
}
