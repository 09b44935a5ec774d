//! What stands around the rows of a page: members in an order, one of which is the rows.

use quintet_core::json::{self, Json, Object, Style};

use crate::http::{Error, Result};

/// The members of a paginated answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope(Vec<(String, Option<Json>)>);

impl Envelope {
    /// Without members: add them in the order in which they are written.
    pub fn new() -> Self {
        Self::default()
    }

    /// A member with a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.0.push((name.into(), Some(value.into())));
        self
    }

    /// The member that is the rows.
    #[must_use]
    pub fn rows(mut self, name: impl Into<String>) -> Self {
        self.0.push((name.into(), None));
        self
    }

    /// The whole answer around the JSON text of the rows.
    ///
    /// # Errors
    /// A member that JSON cannot say.
    pub fn around(&self, rows: &[u8]) -> Result<Vec<u8>> {
        let mut text = Vec::with_capacity(rows.len() + 256);
        let style = Style::default();
        for (number, (name, value)) in self.0.iter().enumerate() {
            text.push(if number == 0 { b'{' } else { b',' });
            json::write_text(name, false, &mut text);
            text.push(b':');
            match value {
                Some(value) => json::write(value, &style, &mut text).map_err(Error::unexpected)?,
                None => text.extend_from_slice(rows),
            }
        }
        text.extend_from_slice(if self.0.is_empty() { b"{}" } else { b"}" });
        Ok(text)
    }

    /// The whole answer as a tree.
    pub fn around_tree(self, rows: Json) -> Json {
        let mut rows = Some(rows);
        let mut all = Object::new();
        for (name, value) in self.0 {
            all.insert(name, value.unwrap_or_else(|| rows.take().unwrap_or_default()));
        }
        Json::Object(all)
    }
}
