//! What is asked of the database about values: rules about several fields together, and about one.

use quintet_core::query::Query;
use quintet_core::rest::{self, Unique, Validator};
use quintet_core::schema::Condition;
use quintet_db::model::Model;
use quintet_db::query::QuerySet;

/// A rule about several fields together: the reference's validators of a serializer.
#[derive(Clone, Debug)]
pub enum Rule {
    /// No two rows are equal in all of these.
    UniqueTogether {
        /// The serializer's fields.
        fields: Vec<String>,
        /// What is said where there is another row; the reference's words unless said.
        message: Option<String>,
        /// The code of that.
        code: Option<String>,
        /// Which rows are meant.
        condition: Option<Condition>,
        /// The fields that the condition names.
        condition_fields: Vec<String>,
        /// Whether two nulls are different; they are unless said.
        nulls_distinct: Option<bool>,
        /// The rows that are looked at; all of the model unless said.
        rows: Option<Query>,
    },
    /// No two rows of the same date are equal in this.
    UniqueFor {
        /// Which part of the date.
        part: rest::UniqueFor,
        /// The field.
        field: String,
        /// The field with the date.
        date_field: String,
        /// What is said where there is another row; the reference's words unless said.
        message: Option<String>,
        /// The rows that are looked at; all of the model unless said.
        rows: Option<Query>,
    },
}

impl Rule {
    /// No two rows are equal in all of these.
    pub fn unique_together(fields: &[&str]) -> Self {
        Self::UniqueTogether {
            fields: fields.iter().map(|name| (*name).to_owned()).collect(),
            message: None,
            code: None,
            condition: None,
            condition_fields: vec![],
            nulls_distinct: None,
            rows: None,
        }
    }

    /// No two rows of the same date, month or year are equal in this.
    pub fn unique_for(part: rest::UniqueFor, field: &str, date_field: &str) -> Self {
        Self::UniqueFor { part, field: field.to_owned(), date_field: date_field.to_owned(), message: None, rows: None }
    }

    /// With other words.
    #[must_use]
    pub fn message(mut self, text: &str) -> Self {
        let (Self::UniqueTogether { message, .. } | Self::UniqueFor { message, .. }) = &mut self;
        *message = Some(text.to_owned());
        self
    }

    /// Among these rows: of a condition, or of another model than the serializer's.
    #[must_use]
    pub fn rows<M: Model>(mut self, queryset: QuerySet<M>) -> Self {
        let (Self::UniqueTogether { rows, .. } | Self::UniqueFor { rows, .. }) = &mut self;
        *rows = Some(queryset.untyped().ast().clone());
        self
    }
}

/// That no other row has a field's value: `validators = [UniqueValidator::new(Artist::objects()).lookup("iexact")]`.
///
/// A field of the model that is unique has one by itself; this is for other rows, other words and another way to compare.
#[derive(Clone, Debug)]
pub struct UniqueValidator(Unique);

impl UniqueValidator {
    /// Among these rows.
    pub fn new<M: Model>(rows: QuerySet<M>) -> Self {
        Self(Unique { rows: Some(Box::new(rows.untyped().ast().clone())), ..Unique::default() })
    }

    /// With other words.
    #[must_use]
    pub fn message(mut self, text: &str) -> Self {
        self.0.message = Some(text.to_owned());
        self
    }

    /// Compared by another lookup than `exact`.
    #[must_use]
    pub fn lookup(mut self, name: &str) -> Self {
        self.0.lookup = Some(name.to_owned());
        self
    }
}

impl From<UniqueValidator> for Validator {
    fn from(validator: UniqueValidator) -> Self {
        validator.0.into()
    }
}
