//! Pages by the place of a row in an order: no counting, and no row twice when others come between.
//!
//! A cursor says after which value of the first field of the order the page begins, and how many rows with that same value
//! to leave out. It is the reference's, character by character, so that links made by one server go on at the other.

use quintet_core::json::{Json, Object};
use quintet_core::openapi::Parameter;
use quintet_core::python::base64;
use quintet_core::query::{Condition, Expr, OrderBy, Ordering, Path, QueryError, QueryErrorKind, Registry, Step};
use quintet_core::schema::Value;
use quintet_db::model::Instance;
use quintet_db::query::{Untyped, field_value};

use super::controls::before_and_after;
use super::links::encoded;
use super::numbers::sliced;
use super::sizes::Sizes;
use super::{Envelope, PageControls, PageRows, Paged, Paginator, position, replace_query_param, whole};
use crate::http::{BoxFuture, Error, Query, Request, Result, StatusCode};

/// `?cursor=cD00`: `{"next", "previous", "results"}`.
#[derive(Clone, Debug)]
pub struct CursorPagination {
    /// How many rows a page has; without it lists are not divided.
    pub page_size: Option<u64>,
    /// The order, unless the view's filters say one: fields of the model, `-` in front for largest first.
    pub ordering: Vec<&'static str>,
    /// The parameter that has the cursor.
    pub cursor_query_param: &'static str,
    /// The parameter by which a client chooses the size, where it may.
    pub page_size_query_param: Option<&'static str>,
    /// The largest size that a client may choose.
    pub max_page_size: Option<u64>,
    /// The most rows with the same value that a cursor leaves out.
    pub offset_cutoff: u64,
}

impl Default for CursorPagination {
    fn default() -> Self {
        Self {
            page_size: None,
            ordering: vec!["-created"],
            cursor_query_param: "cursor",
            page_size_query_param: None,
            max_page_size: None,
            offset_cutoff: 1000,
        }
    }
}

impl CursorPagination {
    /// Pages of this size in this order.
    pub fn new(page_size: u64, ordering: impl IntoIterator<Item = &'static str>) -> Self {
        Self { page_size: Some(page_size), ordering: ordering.into_iter().collect(), ..Self::default() }
    }

    fn sizes(&self) -> Sizes {
        Sizes { usual: self.page_size, param: self.page_size_query_param, most: self.max_page_size }
    }

    fn page(&self, request: &Request, query: Untyped, ordering: Option<Vec<String>>) -> Result<Paged> {
        let params = request.query()?;
        let Some(size) = self.sizes().asked(params) else { return Ok(Paged::All(query)) };
        let ordering = ordering
            .filter(|ordering| !ordering.is_empty())
            .unwrap_or_else(|| self.ordering.iter().map(|&name| name.to_owned()).collect());
        let Some(first) = ordering.first() else {
            return Err(QueryError::usage("a cursor needs an order\nhint: name a field in `ordering`").into());
        };
        let cursor = params.get(self.cursor_query_param).map(|text| self.decoded(text)).transpose()?;
        let reverse = cursor.as_ref().is_some_and(|cursor| cursor.reverse);
        let offset = cursor.as_ref().map_or(0, |cursor| cursor.offset);
        let order = ordering.iter().map(|name| if reverse { inverted(name) } else { name.clone() });
        let order: Vec<OrderBy> = order.map(|name| OrderBy::parse(&name)).collect();
        let position = cursor.as_ref().and_then(|cursor| cursor.position.clone());
        let query = query.with(|query| {
            (query.ordering, query.reversed) = (Ordering::By(order), false);
            if let Some(position) = position {
                let lookup = if reverse == first.starts_with('-') { "gt" } else { "lt" };
                let path = Path::parse(field_name(first)).then(lookup);
                query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(Value::Text(position)))));
            }
        });
        Ok(Paged::Seek(Seek {
            // One more row than the page has says whether another page follows.
            query: sliced(query, offset, size + 1),
            size,
            field: field_name(first).to_owned(),
            cursor,
            url: request.absolute_uri()?,
            param: self.cursor_query_param,
        }))
    }

    fn decoded(&self, text: &str) -> Result<Cursor> {
        let invalid = invalid_cursor;
        let text = base64::decode(text).filter(|text| text.is_ascii()).ok_or_else(invalid)?;
        let tokens = Query::parse(&text, None).map_err(|_| invalid())?;
        let first = |name: &str| tokens.pairs().iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let offset = whole(first("o").unwrap_or("0")).ok_or_else(invalid)?.min(self.offset_cutoff);
        let reverse = quintet_core::python::int(first("r").unwrap_or("0")).ok_or_else(invalid)?;
        Ok(Cursor { offset, reverse: reverse.to_i64() != Some(0), position: first("p").map(str::to_owned) })
    }
}

fn invalid_cursor() -> Error {
    Error::api(StatusCode::NOT_FOUND, "not_found", "Invalid cursor")
}

impl Paginator for CursorPagination {
    fn parameters(&self) -> Vec<Parameter> {
        let cursor = Parameter::query(self.cursor_query_param);
        self.sizes().parameters(cursor.described("The place of a page, out of `next` or `previous`."))
    }

    fn schema(&self, rows: Object) -> Option<Object> {
        if self.sizes().is_never() { Some(rows) } else { Some(super::numbers::described(rows, false)) }
    }

    fn controls(&self, _: &Request, answer: &Json) -> Option<PageControls> {
        Some(PageControls { param: Some(self.cursor_query_param.to_owned()), ..before_and_after(answer)? })
    }

    fn paginate<'a>(
        &'a self,
        request: &'a Request,
        query: Untyped,
        ordering: Option<Vec<String>>,
    ) -> BoxFuture<'a, Result<Paged>> {
        Box::pin(std::future::ready(self.page(request, query, ordering)))
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default)]
struct Cursor {
    offset: u64,
    reverse: bool,
    position: Option<String>,
}

/// A page whose envelope is known when its rows are there.
pub struct Seek {
    query: Untyped,
    size: u64,
    field: String,
    cursor: Option<Cursor>,
    url: String,
    param: &'static str,
}

impl Seek {
    /// The rows to ask for.
    pub fn query(&self) -> &Untyped {
        &self.query
    }

    /// What is answered where the rows could not be had: a cursor may hold what is no value of its field.
    pub(crate) fn refusal(&self, error: quintet_db::Error) -> Error {
        let is_ours = self.cursor.as_ref().is_some_and(|cursor| cursor.position.is_some());
        if is_ours && error.query() == Some(QueryErrorKind::Value) { invalid_cursor() } else { Error::internal(error) }
    }

    /// Leaves the rows of the page, in their order, and says what stands around them.
    ///
    /// # Errors
    /// The order is by something that the rows do not have.
    pub fn finish(self, registry: &Registry, rows: &mut dyn PageRows) -> Result<Envelope> {
        let position = |row: &dyn Instance| match field_value(registry, row, &self.field) {
            Some(value) => Ok(position::shown(&value)),
            None => {
                Err(QueryError::name(format!("a cursor cannot go by `{}`: the rows have no such field", self.field)))
            }
        };
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let following = match rows.len() > size {
            true => Some(position(rows.row(size))?),
            false => None,
        };
        rows.keep(size);
        let cursor = self.cursor.clone().unwrap_or_default();
        let came = cursor.position.is_some() || cursor.offset > 0;
        let (has_next, has_previous, next, previous) = if cursor.reverse {
            rows.turn();
            (came, following.is_some(), cursor.position.clone(), following)
        } else {
            (following.is_some(), came, following, cursor.position.clone())
        };
        let positions = (0..rows.len()).map(|at| position(rows.row(at))).collect::<Result<Vec<_>, _>>()?;
        let page = Page { positions, has_next, has_previous, next, previous, cursor };
        let link = |cursor: Cursor| replace_query_param(&self.url, self.param, &cursor.encoded());
        let next = has_next.then(|| link(page.next_cursor(self.cursor.is_some(), self.size)));
        let previous = has_previous.then(|| link(page.previous_cursor(self.cursor.is_some(), self.size)));
        Ok(Envelope::new().with("next", Json::from(next)).with("previous", Json::from(previous)).rows("results"))
    }
}

/// What the links of a page are computed from.
struct Page {
    positions: Vec<String>,
    has_next: bool,
    has_previous: bool,
    next: Option<String>,
    previous: Option<String>,
    cursor: Cursor,
}

impl Page {
    fn next_cursor(&self, had_cursor: bool, size: u64) -> Cursor {
        let turned = had_cursor && self.cursor.reverse && self.cursor.offset != 0;
        let last = self.positions.last().filter(|_| turned);
        let compare = last.cloned().or_else(|| self.next.clone());
        let (offset, position) = match marker(self.positions.iter().rev(), compare) {
            _ if self.positions.is_empty() => (0, self.next.clone()),
            (offset, Some(position)) => (offset, Some(position)),
            // No value of the page is its own: the way on is by counting.
            _ if !self.has_previous => (size, None),
            _ if self.cursor.reverse => (0, self.previous.clone()),
            _ => (self.cursor.offset.saturating_add(size), self.previous.clone()),
        };
        Cursor { offset, reverse: false, position }
    }

    fn previous_cursor(&self, had_cursor: bool, size: u64) -> Cursor {
        let turned = had_cursor && !self.cursor.reverse && self.cursor.offset != 0;
        let first = self.positions.first().filter(|_| turned);
        let compare = first.cloned().or_else(|| self.previous.clone());
        let (offset, position) = match marker(self.positions.iter(), compare) {
            _ if self.positions.is_empty() => (0, self.previous.clone()),
            (offset, Some(position)) => (offset, Some(position)),
            _ if !self.has_next => (size, None),
            _ if self.cursor.reverse => (self.cursor.offset.saturating_add(size), self.next.clone()),
            _ => (0, self.next.clone()),
        };
        Cursor { offset, reverse: true, position }
    }
}

/// The first position that differs from the one before it, and how many came before.
fn marker<'p>(positions: impl Iterator<Item = &'p String>, mut compare: Option<String>) -> (u64, Option<String>) {
    let mut offset = 0;
    for position in positions {
        if compare.as_ref() != Some(position) {
            return (offset, Some(position.clone()));
        }
        compare = Some(position.clone());
        offset += 1;
    }
    (offset, None)
}

impl Cursor {
    fn encoded(&self) -> String {
        let mut tokens = vec![];
        if self.offset != 0 {
            tokens.push(format!("o={}", self.offset));
        }
        if self.reverse {
            tokens.push("r=1".to_owned());
        }
        if let Some(position) = &self.position {
            tokens.push(format!("p={}", encoded(position)));
        }
        base64::encode(tokens.join("&").as_bytes())
    }
}

/// The field's name without what says the direction.
fn field_name(name: &str) -> &str {
    name.trim_start_matches('-')
}

/// The other way around: `-created` for `created`.
fn inverted(name: &str) -> String {
    name.strip_prefix('-').map_or_else(|| format!("-{name}"), str::to_owned)
}
