//! Words of attributes that depend on what kind of field it is.

use quintet_core::rest::{Choices, DurationFormat, Field, Format, Kind, Nested, Pattern, Related, RelatedTo, TextForm};
use quintet_core::schema::Choice;

/// Words of attributes that change what kind of field it is.
pub trait Words: Sized {
    /// The field to change.
    fn own(&mut self) -> &mut Field;

    /// The most digits of a decimal number.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn max_digits(mut self, most: u32) -> Self {
        match &mut self.own().kind {
            Kind::Decimal(decimals) => decimals.max_digits = Some(most),
            kind => lacks(kind, "max_digits"),
        }
        self
    }

    /// The digits of a decimal number behind its point.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn decimal_places(mut self, places: u32) -> Self {
        match &mut self.own().kind {
            Kind::Decimal(decimals) => decimals.decimal_places = Some(places),
            kind => lacks(kind, "decimal_places"),
        }
        self
    }

    /// What may be chosen.
    #[must_use]
    fn choices(mut self, choices: Vec<Choice>) -> Self {
        match &mut self.own().kind {
            Kind::MultipleChoice { choices: own, .. } => own.choices = choices,
            kind => *kind = Kind::Choice(Choices { choices, allow_blank: false }),
        }
        self
    }

    /// The expression that a text matches.
    ///
    /// # Panics
    /// Where the expression is none that can be used, or the field is no text.
    #[must_use]
    #[track_caller]
    fn regex(mut self, pattern: &str) -> Self {
        match (&mut self.own().kind, Pattern::new(pattern)) {
            (Kind::Char(text), Ok(pattern)) => text.form = TextForm::Regex(pattern),
            (Kind::Char(_), Err(error)) => panic!("the expression `{pattern}` cannot be used: {error}"),
            (kind, _) => lacks(kind, "regex"),
        }
        self
    }

    /// The rows of a relation are named by this field of theirs.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn slug_field(mut self, name: &str) -> Self {
        match &mut self.own().kind {
            Kind::Related(Related { to, .. }) => *to = RelatedTo::Slug(name.to_owned()),
            kind => lacks(kind, "slug_field"),
        }
        self
    }

    /// The keys of a relation are read and written by this field: `pk_field = Field::uuid()`.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn pk_field(mut self, field: Field) -> Self {
        match &mut self.own().kind {
            Kind::Related(Related { to: RelatedTo::PrimaryKey, pk_field, .. }) => *pk_field = Some(Box::new(field)),
            kind => lacks(kind, "pk_field"),
        }
        self
    }

    /// The rows of a relation are named by the URL of a view.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn view_name(mut self, name: &str) -> Self {
        let Kind::Related(Related { to, .. }) = &mut self.own().kind else { lacks(&self.own().kind, "view_name") };
        {
            let name = name.to_owned();
            *to = match to {
                RelatedTo::Identity { lookup_field, lookup_url_kwarg, .. } => RelatedTo::Identity {
                    view_name: name,
                    lookup_field: std::mem::take(lookup_field),
                    lookup_url_kwarg: std::mem::take(lookup_url_kwarg),
                },
                _ => RelatedTo::Hyperlink {
                    view_name: name,
                    lookup_field: "pk".to_owned(),
                    lookup_url_kwarg: "pk".to_owned(),
                },
            };
        }
        self
    }

    /// How a date, a time or a span of time is written: directives, or `iso-8601`.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn written_as(mut self, text: &str) -> Self {
        match &mut self.own().kind {
            Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => dates.format = Some(format(text)),
            Kind::Duration { format, .. } => {
                *format = Some(if text == ISO { DurationFormat::Iso8601 } else { DurationFormat::Plain });
            }
            kind => lacks(kind, "format"),
        }
        self
    }

    /// How a date or a time may be given.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn given_as(mut self, texts: &[&str]) -> Self {
        match &mut self.own().kind {
            Kind::DateTime { dates, .. } | Kind::Date(dates) | Kind::Time(dates) => {
                dates.input_formats = Some(texts.iter().map(|text| format(text)).collect());
            }
            kind => lacks(kind, "input_formats"),
        }
        self
    }

    /// Several of a serializer's data as a field for lists has them: what is wrong with all of them stands by itself, not
    /// among errors of no field.
    ///
    /// # Panics
    /// Where the field is no list of serializers.
    #[must_use]
    #[track_caller]
    fn list_field(mut self) -> Self {
        let own = self.own();
        match &own.kind {
            Kind::Nested(nested) if nested.many => {
                let child = Field::nested(Nested { many: false, ..nested.clone() });
                own.kind = Field::list(child).kind;
            }
            kind => lacks(kind, "list_field"),
        }
        self
    }

    /// A default that nobody gives or sees.
    #[must_use]
    fn hidden(mut self) -> Self {
        let own = self.own();
        own.kind = Kind::Hidden;
        (own.write_only, own.required) = (true, false);
        self
    }

    /// More about each of several values.
    ///
    /// # Panics
    /// Where the kind does not have the option.
    #[must_use]
    #[track_caller]
    fn child(mut self, words: fn(Field) -> Field) -> Self {
        match &mut self.own().kind {
            Kind::List(list) => list.child = words(list.child.clone()),
            Kind::Dict(dict) | Kind::HStore(dict) => dict.child = words(dict.child.clone()),
            kind => lacks(kind, "child"),
        }
        self
    }
}

impl Words for Field {
    fn own(&mut self) -> &mut Field {
        self
    }
}

#[track_caller]
fn lacks(kind: &Kind, option: &str) -> ! {
    panic!("a field of the kind `{}` has no option `{option}`", kind.class())
}

const ISO: &str = "iso-8601";

fn format(text: &str) -> Format {
    if text == ISO { Format::Iso8601 } else { Format::Pattern(text.to_owned()) }
}
