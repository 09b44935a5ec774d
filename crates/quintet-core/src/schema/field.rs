//! A field, as data: its kind and the options that all kinds have.

use super::{Expr, Function, Kind, Relation, Validator, Value};

/// A field of a model, without its name. Two are equal when no option differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its kind.
    pub kind: Kind,
    /// Whether the column may be null.
    pub null: bool,
    /// Whether forms and serializers take nothing.
    pub blank: bool,
    /// Whether it is the primary key.
    pub primary_key: bool,
    /// Whether no two rows have the same.
    pub unique: bool,
    /// Whether it has an index of its own.
    pub db_index: bool,
    /// What a new row has where nothing is said.
    pub default: Option<Initial>,
    /// The same, said by the database.
    pub db_default: Option<Expr>,
    /// The column's name, unless it follows from the field's.
    pub db_column: Option<String>,
    /// A comment in the database.
    pub db_comment: Option<String>,
    /// The column's collation.
    pub db_collation: Option<String>,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// Whether forms show it.
    pub editable: bool,
    /// What a value must be.
    pub validators: Vec<Validator>,
    /// What people call it, unless it follows from the name.
    pub verbose_name: Option<String>,
    /// A word to people.
    pub help_text: String,
    /// Messages by code.
    pub error_messages: Vec<(String, String)>,
    /// A date field: unique among the rows of the same date.
    pub unique_for_date: Option<String>,
    /// A date field: unique among the rows of the same month.
    pub unique_for_month: Option<String>,
    /// A date field: unique among the rows of the same year.
    pub unique_for_year: Option<String>,
    /// The name that it had before, which answers the autodetector's question. Not a part of the state: comparing and
    /// writing leave it out.
    pub renamed_from: Renamed,
    /// A key named `id` that counts up: whether the reference has it declared, or makes it by itself. Comparing leaves
    /// it out.
    pub declared: Declared,
}

/// A former name; equal to any other, as it says nothing about the state.
#[derive(Clone, Debug, Default)]
pub struct Renamed(pub Option<String>);

impl PartialEq for Renamed {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Whether the reference has a key declared where ours always are. It makes a table anew when that changes, and says
/// nothing else about the state: any two are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared(pub bool);

impl PartialEq for Declared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a new row has.
#[derive(Clone, Debug, PartialEq)]
pub enum Initial {
    /// Always this.
    Value(Value),
    /// What a function makes each time.
    Function(Function),
}

/// What may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// A value and what people read.
    One(Value, String),
    /// Several under a heading.
    Group(String, Vec<(Value, String)>),
}

impl Field {
    /// A field of a kind, with the options that the reference gives it.
    pub fn new(kind: Kind) -> Self {
        let (unique, db_index) = match &kind {
            Kind::OneToOne(_) => (true, true),
            Kind::ForeignKey(_) | Kind::Slug { .. } => (false, true),
            _ => (false, false),
        };
        let auto_time = matches!(
            kind,
            Kind::Date { auto_now, auto_now_add }
            | Kind::DateTime { auto_now, auto_now_add }
            | Kind::Time { auto_now, auto_now_add } if auto_now || auto_now_add
        );
        let editable = !auto_time && !matches!(kind, Kind::Binary { .. } | Kind::Generated { .. } | Kind::OrderWrt);
        Self {
            null: false,
            blank: auto_time || kind.is_auto(),
            primary_key: false,
            unique,
            db_index,
            default: None,
            db_default: None,
            db_column: None,
            db_comment: None,
            db_collation: None,
            choices: vec![],
            editable,
            validators: vec![],
            verbose_name: None,
            help_text: String::new(),
            error_messages: vec![],
            unique_for_date: None,
            unique_for_month: None,
            unique_for_year: None,
            renamed_from: Renamed(None),
            declared: Declared(false),
            kind,
        }
    }

    /// Whether no two rows have the same value, be it as the primary key.
    pub fn is_unique(&self) -> bool {
        self.unique || self.primary_key
    }

    /// Whether it has a column.
    pub fn has_column(&self) -> bool {
        !matches!(self.kind, Kind::ManyToMany(_) | Kind::CompositePrimaryKey { .. })
    }

    /// The name of the attribute that holds the column's value: `author_id` for the key `author`.
    pub fn attname(&self, name: &str) -> String {
        if self.kind.relation().is_some() { format!("{name}_id") } else { name.to_owned() }
    }

    /// The column's name.
    pub fn column(&self, name: &str) -> String {
        self.db_column.clone().unwrap_or_else(|| self.attname(name))
    }

    /// The foreign key or one-to-one relation that it is.
    pub fn relation(&self) -> Option<&Relation> {
        self.kind.relation()
    }
}
