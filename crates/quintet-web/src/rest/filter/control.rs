//! What a page offers of a list's filters: a box to search in, an order, fields.

use quintet_core::forms::Input;

/// One thing that a page offers to ask of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Words to search for.
    Search {
        /// The parameter.
        param: String,
    },
    /// An order, one of these.
    Ordering {
        /// The parameter.
        param: String,
        /// What it is set to, each with what people read.
        options: Vec<(String, String)>,
        /// What it is set to now.
        current: String,
    },
    /// A value.
    Field {
        /// The parameter.
        param: String,
        /// What people read.
        label: String,
        /// What it takes.
        takes: ControlInput,
    },
}

/// What a [`Control`] takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlInput {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A moment.
    DateTime,
    /// A time of day.
    Time,
    /// Yes or no.
    Boolean,
    /// One of these, or several: each with what people read.
    Choices {
        /// The values.
        options: Vec<(String, String)>,
        /// Whether several may be chosen.
        many: bool,
    },
}

impl From<Input> for ControlInput {
    fn from(input: Input) -> Self {
        match input {
            Input::Text | Input::Uuid | Input::Duration => Self::Text,
            Input::Number | Input::Year => Self::Number,
            Input::Boolean => Self::Boolean,
            Input::Date => Self::Date,
            Input::DateTime => Self::DateTime,
            Input::Time => Self::Time,
        }
    }
}

/// An order of these fields, up and down.
pub(super) fn orders<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>) -> Vec<(String, String)> {
    let both = |(name, label): (&str, &str)| {
        let label = words(label);
        [(name.to_owned(), format!("{label} - ascending")), (format!("-{name}"), format!("{label} - descending"))]
    };
    fields.flat_map(both).collect()
}

/// What people read for a field and how it is compared: `category__slug` is `Category slug`.
pub(super) fn label(field: &str, lookup: &str) -> String {
    let compared = match lookup {
        "exact" => return words(field),
        "iexact" => "is",
        "contains" | "icontains" => "contains",
        "startswith" | "istartswith" => "begins with",
        "endswith" | "iendswith" => "ends with",
        "gt" => "is greater than",
        "gte" => "is at least",
        "lt" => "is less than",
        "lte" => "is at most",
        "in" => "is one of (with commas)",
        "range" => "is between (two, with a comma)",
        "isnull" => "is empty",
        other => &other.replace("__", " "),
    };
    format!("{} {compared}", words(field))
}

fn words(name: &str) -> String {
    let spaced = name.replace("__", " ").replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
