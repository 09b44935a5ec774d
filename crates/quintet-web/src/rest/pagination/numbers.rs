//! Pages by number, and by limit and offset.

use quintet_core::json::{Json, Object};
use quintet_core::openapi::{Parameter, nullable, typed};
use quintet_core::python;
use quintet_core::schema::Value;
use quintet_db::Db;
use quintet_db::query::Untyped;

use super::controls::{before_and_after, numbers};
use super::sizes::Sizes;
use super::{Envelope, PageControls, Paged, Paginator, positive, remove_query_param, replace_query_param, whole};
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};

/// `?page=2`: `{"count", "next", "previous", "results"}`.
#[derive(Clone, Debug)]
pub struct PageNumberPagination {
    /// How many rows a page has; without it lists are not divided.
    pub page_size: Option<u64>,
    /// The parameter that names the page.
    pub page_query_param: &'static str,
    /// The parameter by which a client chooses the size, where it may.
    pub page_size_query_param: Option<&'static str>,
    /// The largest size that a client may choose.
    pub max_page_size: Option<u64>,
    /// What the last page may be called.
    pub last_page_strings: &'static [&'static str],
    /// What is said where there is no such page; `{page_number}` and `{message}` are filled in.
    pub invalid_page_message: &'static str,
}

impl Default for PageNumberPagination {
    fn default() -> Self {
        Self {
            page_size: None,
            page_query_param: "page",
            page_size_query_param: None,
            max_page_size: None,
            last_page_strings: &["last"],
            invalid_page_message: "Invalid page.",
        }
    }
}

/// A page with its place among the others, for a paginator that says it in its own way.
#[derive(Clone, Debug)]
pub struct NumberedPage {
    /// The rows.
    pub rows: Untyped,
    /// How many rows there are on all pages.
    pub count: u64,
    /// The number of this page.
    pub number: u64,
    /// How many pages there are.
    pub num_pages: u64,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
}

impl PageNumberPagination {
    /// Pages of this size.
    pub fn new(page_size: u64) -> Self {
        Self { page_size: Some(page_size), ..Self::default() }
    }

    /// The page that a request asks for; nothing where there is no size, so that all rows are one.
    ///
    /// # Errors
    /// 404 where there is no such page.
    pub async fn page(&self, request: &Request, query: &Untyped) -> Result<Option<NumberedPage>> {
        let params = request.query()?;
        let Some(size) = self.sizes().asked(params) else { return Ok(None) };
        let count = query.count(Db::from(request)).await?;
        let pages = count.div_ceil(size).max(1);
        let number = match params.get(self.page_query_param).filter(|text| !text.is_empty()) {
            None => 1,
            Some(text) if self.last_page_strings.contains(&text) => pages,
            Some(text) => self.number(text, pages)?,
        };
        let url = request.absolute_uri()?;
        let link = |number: u64| match number {
            1 => remove_query_param(&url, self.page_query_param),
            _ => replace_query_param(&url, self.page_query_param, &number.to_string()),
        };
        // The first page is named where it is the next one: it never is.
        let next = (number < pages).then(|| link(number + 1));
        let previous = (number > 1).then(|| link(number - 1));
        let rows = sliced(query.clone(), (number - 1) * size, size);
        Ok(Some(NumberedPage { rows, count, number, num_pages: pages, next, previous }))
    }

    /// The number that a text is, among so many pages.
    fn number(&self, text: &str, pages: u64) -> Result<u64> {
        let message = match python::int(text) {
            None => "That page number is not an integer",
            Some(number) if number.is_negative() || number.to_i64() == Some(0) => "That page number is less than 1",
            Some(_) => "That page contains no results",
        };
        whole(text).filter(|number| (1..=pages).contains(number)).ok_or_else(|| {
            let words = self.invalid_page_message.replace("{page_number}", text).replace("{message}", message);
            Error::api(StatusCode::NOT_FOUND, "not_found", words)
        })
    }
}

impl PageNumberPagination {
    fn sizes(&self) -> Sizes {
        Sizes { usual: self.page_size, param: self.page_size_query_param, most: self.max_page_size }
    }

    fn shown(&self, request: &Request, answer: &Json) -> Option<PageControls> {
        let found = before_and_after(answer)?;
        let params = request.query().ok()?;
        let size = self.sizes().asked(params)?;
        let last = found.count?.div_ceil(size).max(1);
        let current = match params.get(self.page_query_param).filter(|text| !text.is_empty()) {
            None => 1,
            Some(text) if self.last_page_strings.contains(&text) => last,
            Some(text) => whole(text)?,
        };
        let url = request.absolute_uri().ok()?;
        let link = |number: u64| match number {
            1 => remove_query_param(&url, self.page_query_param),
            _ => replace_query_param(&url, self.page_query_param, &number.to_string()),
        };
        Some(PageControls {
            pages: numbers(current, last, link),
            param: Some(self.page_query_param.to_owned()),
            ..found
        })
    }
}

impl Paginator for PageNumberPagination {
    fn parameters(&self) -> Vec<Parameter> {
        let page = Parameter::query(self.page_query_param).integer();
        self.sizes().parameters(page.described("The number of a page."))
    }

    fn schema(&self, rows: Object) -> Option<Object> {
        if self.sizes().is_never() { Some(rows) } else { Some(described(rows, true)) }
    }

    fn controls(&self, request: &Request, answer: &Json) -> Option<PageControls> {
        self.shown(request, answer)
    }

    fn paginate<'a>(
        &'a self,
        request: &'a Request,
        query: Untyped,
        _ordering: Option<Vec<String>>,
    ) -> BoxFuture<'a, Result<Paged>> {
        Box::pin(async move {
            Ok(match self.page(request, &query).await? {
                None => Paged::All(query),
                Some(page) => Paged::Rows(page.rows, envelope(page.count, page.next, page.previous)),
            })
        })
    }
}

/// `?limit=10&offset=20`: `{"count", "next", "previous", "results"}`.
#[derive(Clone, Debug)]
pub struct LimitOffsetPagination {
    /// How many rows there are where a client says nothing; without it lists are not divided then.
    pub default_limit: Option<u64>,
    /// The parameter that says how many rows.
    pub limit_query_param: &'static str,
    /// The parameter that says after how many rows.
    pub offset_query_param: &'static str,
    /// The most that a client may ask for.
    pub max_limit: Option<u64>,
}

impl Default for LimitOffsetPagination {
    fn default() -> Self {
        Self { default_limit: None, limit_query_param: "limit", offset_query_param: "offset", max_limit: None }
    }
}

impl LimitOffsetPagination {
    /// So many rows where a client says nothing.
    pub fn new(default_limit: u64) -> Self {
        Self { default_limit: Some(default_limit), ..Self::default() }
    }

    async fn page(&self, request: &Request, query: Untyped) -> Result<Paged> {
        let params = request.query()?;
        let chosen = params.get(self.limit_query_param).and_then(|text| positive(text, self.max_limit));
        let Some(limit) = chosen.or(self.default_limit) else { return Ok(Paged::All(query)) };
        let count = query.count(Db::from(request)).await?;
        let offset = params.get(self.offset_query_param).and_then(whole).unwrap_or(0);
        let url = request.absolute_uri()?;
        let limited = replace_query_param(&url, self.limit_query_param, &limit.to_string());
        let at = |offset: u64| replace_query_param(&limited, self.offset_query_param, &offset.to_string());
        let next = offset.saturating_add(limit);
        let next = (next < count).then(|| at(next));
        let previous = (offset > 0).then(|| match offset.saturating_sub(limit) {
            0 => remove_query_param(&limited, self.offset_query_param),
            offset => at(offset),
        });
        let envelope = envelope(count, next, previous);
        if count == 0 || offset > count {
            return Ok(Paged::Rows(query.with(|query| query.is_none = true), envelope));
        }
        Ok(Paged::Rows(sliced(query, offset, limit), envelope))
    }
}

impl LimitOffsetPagination {
    fn shown(&self, request: &Request, answer: &Json) -> Option<PageControls> {
        let found = before_and_after(answer)?;
        let params = request.query().ok()?;
        let chosen = params.get(self.limit_query_param).and_then(|text| positive(text, self.max_limit));
        let limit = chosen.or(self.default_limit)?;
        let offset = params.get(self.offset_query_param).and_then(whole).unwrap_or(0);
        let url = request.absolute_uri().ok()?;
        let limited = replace_query_param(&url, self.limit_query_param, &limit.to_string());
        let link = |number: u64| match (number - 1).saturating_mul(limit) {
            0 => remove_query_param(&limited, self.offset_query_param),
            offset => replace_query_param(&limited, self.offset_query_param, &offset.to_string()),
        };
        let last = found.count?.div_ceil(limit).max(1);
        // Where the offset is no page's beginning, the page that it is on.
        let current = (offset / limit + 1).min(last);
        Some(PageControls {
            pages: numbers(current, last, link),
            param: Some(self.offset_query_param.to_owned()),
            ..found
        })
    }
}

impl Paginator for LimitOffsetPagination {
    fn parameters(&self) -> Vec<Parameter> {
        let limit = Parameter::query(self.limit_query_param).integer();
        let offset = Parameter::query(self.offset_query_param).integer();
        vec![limit.described("How many rows are answered."), offset.described("After how many rows they begin.")]
    }

    fn schema(&self, rows: Object) -> Option<Object> {
        Some(described(rows, true))
    }

    fn controls(&self, request: &Request, answer: &Json) -> Option<PageControls> {
        self.shown(request, answer)
    }

    fn paginate<'a>(
        &'a self,
        request: &'a Request,
        query: Untyped,
        _ordering: Option<Vec<String>>,
    ) -> BoxFuture<'a, Result<Paged>> {
        Box::pin(self.page(request, query))
    }
}

/// The usual envelope as a schema; some have no count.
pub(super) fn described(rows: Object, has_count: bool) -> Object {
    let link = || nullable(typed("string").with("format", "uri"));
    let mut members = Object::new();
    let mut required = vec!["next", "previous", "results"];
    if has_count {
        members.insert("count", typed("integer"));
        required.insert(0, "count");
    }
    members.insert("next", link());
    members.insert("previous", link());
    members.insert("results", rows);
    typed("object").with("properties", members).with("required", required)
}

fn envelope(count: u64, next: Option<String>, previous: Option<String>) -> Envelope {
    Envelope::new().with("count", Json::from(count)).with("next", next).with("previous", previous).rows("results")
}

/// So many rows of a query after others; of rows that were counted out before, some of those.
pub(super) fn sliced(query: Untyped, offset: u64, limit: u64) -> Untyped {
    let number = |value: Option<&Value>| match value {
        Some(Value::Int(number)) => u64::try_from(*number).ok(),
        _ => None,
    };
    query.with(|query| {
        let start = number(query.slice.offset.as_ref()).unwrap_or(0);
        let left = number(query.slice.limit.as_ref()).map(|own| own.saturating_sub(offset));
        let value = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let start = start.saturating_add(offset);
        query.slice.offset = (start > 0).then(|| value(start));
        query.slice.limit = Some(value(left.map_or(limit, |left| left.min(limit))));
    })
}
