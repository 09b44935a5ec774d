//! What stands around the rows of a page: members in an order, one of which is the rows.

use quintet_core::json::{self, Json, Object, Style};

use crate::http::{Error, Response, Result};

/// The members of a paginated answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    members: Vec<(String, Option<Json>)>,
    headers: Vec<(&'static str, String)>,
}

impl Envelope {
    /// Without members: add them in the order in which they are written.
    pub fn new() -> Self {
        Self::default()
    }

    /// A member with a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.members.push((name.into(), Some(value.into())));
        self
    }

    /// The member that is the rows.
    #[must_use]
    pub fn rows(mut self, name: impl Into<String>) -> Self {
        self.members.push((name.into(), None));
        self
    }

    /// A header of the answer.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The whole answer, with its headers.
    pub(crate) fn response(self, rows: &[u8]) -> Result<Response> {
        let answer = Response::json_text(self.around(rows)?);
        Ok(self.headers.iter().fold(answer, |answer, (name, value)| answer.with_header(name, value)))
    }

    /// The whole answer around the JSON text of the rows.
    ///
    /// # Errors
    /// A member that JSON cannot say.
    pub fn around(&self, rows: &[u8]) -> Result<Vec<u8>> {
        let mut text = Vec::with_capacity(rows.len() + 256);
        let style = Style::default();
        for (number, (name, value)) in self.members.iter().enumerate() {
            text.push(if number == 0 { b'{' } else { b',' });
            json::write_text(name, false, &mut text);
            text.push(b':');
            match value {
                Some(value) => json::write(value, &style, &mut text).map_err(Error::unexpected)?,
                None => text.extend_from_slice(rows),
            }
        }
        text.extend_from_slice(if self.members.is_empty() { b"{}" } else { b"}" });
        Ok(text)
    }

    /// The whole answer as a tree.
    pub fn around_tree(self, rows: Json) -> Json {
        let mut rows = Some(rows);
        let mut all = Object::new();
        for (name, value) in self.members {
            all.insert(name, value.unwrap_or_else(|| rows.take().unwrap_or_default()));
        }
        Json::Object(all)
    }
}
