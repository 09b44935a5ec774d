//! Pages: which rows of a query are answered, and what stands around them.
//!
//! A paginator sees a query without its type and slices it, or seeks in it by the values of an order. What it says about
//! the page is an [`Envelope`], whose place for the rows is filled with their JSON text.

mod controls;
mod cursor;
mod envelope;
mod links;
mod numbers;
mod position;
mod sizes;

use std::fmt;
use std::sync::Arc;

use quintet_core::json::{Json, Object};
use quintet_core::openapi::Parameter;
use quintet_db::model::Instance;
use quintet_db::query::Untyped;

use crate::http::{BoxFuture, Request, Result};

pub use controls::{PageControls, PageLink};
pub use cursor::{CursorPagination, Seek};
pub use envelope::Envelope;
pub use links::{remove_query_param, replace_query_param};
pub use numbers::{LimitOffsetPagination, NumberedPage, PageNumberPagination};

/// How a view's lists are divided.
#[derive(Clone, Default)]
pub enum Pagination {
    /// As the setting `default_pagination_class` says.
    #[default]
    AsSettings,
    /// All rows at once.
    None,
    /// By a paginator.
    By(Arc<dyn Paginator>),
}

impl<P: Paginator> From<P> for Pagination {
    fn from(paginator: P) -> Self {
        Self::By(Arc::new(paginator))
    }
}

impl fmt::Debug for Pagination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsSettings => "AsSettings",
            Self::None => "None",
            Self::By(_) => "By(..)",
        })
    }
}

/// Divides lists into pages. The three of the reference are here; a project's own implements this.
pub trait Paginator: Send + Sync + 'static {
    /// The page that a request asks for. `ordering` is what the view's filters say about the order, as names with `-`.
    fn paginate<'a>(
        &'a self,
        request: &'a Request,
        query: Untyped,
        ordering: Option<Vec<String>>,
    ) -> BoxFuture<'a, Result<Paged>>;

    /// The parameters that it reads, for who describes the view.
    fn parameters(&self) -> Vec<Parameter> {
        vec![]
    }

    /// What stands around rows, as a JSON schema with that of the rows in it; nothing where that is not known, and the rows
    /// themselves where it divides no list.
    fn schema(&self, rows: Object) -> Option<Object> {
        let _ = rows;
        None
    }

    /// What a page offers to get to other pages, out of what was answered; nothing where that is no list of this
    /// paginator's.
    fn controls(&self, request: &Request, answer: &Json) -> Option<PageControls> {
        let _ = request;
        controls::before_and_after(answer)
    }
}

/// What is to be answered.
pub enum Paged {
    /// All rows of the query, with nothing around them: the paginator has no size of pages.
    All(Untyped),
    /// The rows of this query, within an envelope.
    Rows(Untyped, Envelope),
    /// Rows after or before others: the envelope is known when they are there.
    Seek(Seek),
}

/// The rows of a page, as who writes the envelope sees them.
pub trait PageRows {
    /// How many.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row.
    fn row(&self, number: usize) -> &dyn Instance;

    /// Leaves only the first of them.
    fn keep(&mut self, count: usize);

    /// Turns them around.
    fn turn(&mut self);
}

impl<M: Instance> PageRows for Vec<M> {
    fn len(&self) -> usize {
        self.len()
    }

    fn row(&self, number: usize) -> &dyn Instance {
        &self[number]
    }

    fn keep(&mut self, count: usize) {
        self.truncate(count);
    }

    fn turn(&mut self) {
        self.reverse();
    }
}

/// A whole number above 0 as the reference reads one from a query, at most `most`; nothing for anything else.
fn positive(text: &str, most: Option<u64>) -> Option<u64> {
    whole(text).filter(|number| *number > 0).map(|number| most.map_or(number, |most| number.min(most)))
}

/// A whole number that is not negative; too large a one is the largest that a database can count to.
fn whole(text: &str) -> Option<u64> {
    /// What fits into 64 bits with a sign.
    const MOST: u64 = i64::MAX as u64;
    let number = quintet_core::python::int(text)?;
    number.to_i64().map_or_else(|| (!number.is_negative()).then_some(MOST), |number| u64::try_from(number).ok())
}
