//! Kinds of text, each a `String` with a name: so that `content: Text` says what `title: String` does not.

use std::fmt;

use quintet_core::rest::ValueRef;
use quintet_core::schema::{Field, Value, words};

use super::aspects::{
    ALLOW_UNICODE, Aspects, DB_COLLATION, DIMENSIONS, FILE_CHOICE, FLAT, MAX_LENGTH, NULL, PATH, PRIMARY_KEY, UPLOAD_TO,
};
use super::{FieldType, Fits, cells};
use crate::error::Result;
use crate::query::Column;
use crate::rows::Cell;

/// What every text takes.
const TEXT: Aspects = MAX_LENGTH | NULL | PRIMARY_KEY | FLAT;

impl FieldType for String {
    type Base = Self;
    type Compared = Self;
    type Column = Column<Self>;
    type NullColumn = Column<Option<Self>>;

    const TAKES: Aspects = TEXT | DB_COLLATION;
    const NEEDS: Aspects = MAX_LENGTH;
    const MAY_BE_EMPTY: bool = true;

    fn field() -> Field {
        words::unlimited_char()
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        cells::text(cell)
    }

    #[inline]
    fn at_once(cell: &mut Cell) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(std::mem::take(text).into_string()),
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn lent(&self) -> Option<ValueRef<'_>> {
        Some(ValueRef::Text(self))
    }

    fn base(&self) -> Self {
        self.clone()
    }
}

macro_rules! texts {
    ($($name:ident: $takes:expr, $needs:expr, $field:expr, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl FieldType for $name {
            type Base = String;
            type Compared = String;
            type Column = Column<Self>;
            type NullColumn = Column<Option<Self>>;

            const TAKES: Aspects = $takes;
            const NEEDS: Aspects = $needs;
            const MAY_BE_EMPTY: bool = true;

            fn field() -> Field {
                $field
            }

            fn from_cell(cell: Cell) -> Result<Self> {
                cells::text(cell).map(Self)
            }

            #[inline]
            fn at_once(cell: &mut Cell) -> Option<Self> {
                String::at_once(cell).map(Self)
            }

            fn to_value(&self) -> Value {
                self.0.as_str().into()
            }

            fn lent(&self) -> Option<ValueRef<'_>> {
                Some(ValueRef::Text(&self.0))
            }

            fn base(&self) -> String {
                self.0.clone()
            }
        }

        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl Fits<String> for $name {}

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }

        impl std::ops::Deref for $name {
            type Target = String;

            fn deref(&self) -> &String {
                &self.0
            }
        }

        impl std::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut String {
                &mut self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        })*
    };
}

texts! {
    Text: TEXT | DB_COLLATION, 0, words::text(), "Text of any length.";
    Slug: TEXT | DB_COLLATION | ALLOW_UNICODE, 0, words::slug(), "Letters, digits, hyphens and underscores: 50 at most, unless said.";
    Email: TEXT | DB_COLLATION, 0, words::email(), "An e-mail address: 254 characters at most, unless said.";
    Url: TEXT | DB_COLLATION, 0, words::url(), "A URL: 200 characters at most, unless said.";
    File: TEXT & !PRIMARY_KEY | UPLOAD_TO, 0, words::file(), "A file in the storage: its path there.";
    Image: TEXT & !PRIMARY_KEY | UPLOAD_TO | DIMENSIONS, 0, words::image(), "An image in the storage: its path there.";
    FilePath: TEXT | PATH | FILE_CHOICE, PATH, words::file_path(""), "The path of a file below a folder of the server.";
}
