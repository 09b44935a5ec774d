//! `?ordering=-price,name`: an order among fields that the view allows.

use quintet_core::openapi::Parameter;
use std::sync::Arc;

use quintet_core::query::{OrderBy, Ordering};
use quintet_db::Db;
use quintet_db::query::Untyped;

use super::control::orders;
use super::{Control, FilterBackend, ViewFilters};
use crate::http::{BoxFuture, Error, Request, Result};

/// Which fields a list may be ordered by.
#[derive(Clone, Debug)]
pub enum OrderingFields {
    /// Every field of the model.
    All,
    /// Those that the view's serializer shows.
    Shown,
    /// These: names, also along relations (`category__name`).
    Only(Vec<String>),
}

/// Orders a list as a client asks. Names that are not allowed are left out in silence, as the reference does.
#[derive(Clone, Debug)]
pub struct OrderingFilter {
    /// Which fields.
    pub fields: OrderingFields,
    /// The order where a client asks for none; without it the query keeps its own.
    pub default: Vec<String>,
    /// The parameter; the setting `ordering_param`, unless said.
    pub param: Option<&'static str>,
}

/// By the fields that the view's serializer shows.
impl Default for OrderingFilter {
    fn default() -> Self {
        Self { fields: OrderingFields::Shown, default: vec![], param: None }
    }
}

impl OrderingFilter {
    /// By these fields.
    pub fn new(fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let fields = OrderingFields::Only(fields.into_iter().map(Into::into).collect());
        Self { fields, ..Self::default() }
    }

    /// By every field of the model.
    pub fn all() -> Self {
        Self { fields: OrderingFields::All, ..Self::default() }
    }

    /// The same, with an order where a client asks for none: `["-created_at", "id"]`.
    #[must_use]
    pub fn default_order(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.default = names.into_iter().map(Into::into).collect();
        self
    }

    fn allows(&self, request: &Request, query: &Untyped, name: &str) -> Result<bool> {
        Ok(match &self.fields {
            OrderingFields::Only(names) => names.iter().any(|known| known == name),
            OrderingFields::All => query.model(Db::from(request))?.columns.iter().any(|column| column.name == name),
            OrderingFields::Shown => shown(request)?.iter().any(|known| known == name),
        })
    }

    fn param<'a>(&self, request: &'a Request) -> &'a str {
        self.param.unwrap_or(&request.site().options().rest_framework.ordering_param)
    }
}

impl FilterBackend for OrderingFilter {
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        Box::pin(async move {
            let Some(names) = self.ordering(request, &query)? else { return Ok(query) };
            let order = names.iter().map(|name| OrderBy::parse(name)).collect();
            Ok(query.with(|query| (query.ordering, query.reversed) = (Ordering::By(order), false)))
        })
    }

    fn ordering(&self, request: &Request, query: &Untyped) -> Result<Option<Vec<String>>> {
        let mut names = vec![];
        for name in request.query()?.get(self.param(request)).unwrap_or_default().split(',') {
            let name = quintet_core::python::strip(name);
            if self.allows(request, query, name.strip_prefix('-').unwrap_or(name))? {
                names.push(name.to_owned());
            }
        }
        let names = if names.is_empty() { self.default.clone() } else { names };
        Ok((!names.is_empty()).then_some(names))
    }

    fn of_view(&self, said: &ViewFilters) -> Option<Arc<dyn FilterBackend>> {
        if said.ordering_fields.is_none() && said.default_order.is_empty() {
            return None;
        }
        let mut own = self.clone();
        if let Some(fields) = &said.ordering_fields {
            own.fields = fields.clone();
        }
        if !said.default_order.is_empty() {
            own.default.clone_from(&said.default_order);
        }
        Some(Arc::new(own))
    }

    fn parameters(&self) -> Vec<String> {
        vec![self.param.unwrap_or("ordering").to_owned()]
    }

    fn described(&self, request: &Request) -> Vec<Parameter> {
        let names = match &self.fields {
            OrderingFields::Only(names) if !names.is_empty() => format!(": `{}`", names.join("`, `")),
            _ => String::new(),
        };
        let words = format!("Fields to order by, with commas between{names}; `-` in front turns one around.");
        vec![Parameter::query(self.param(request)).described(words)]
    }

    fn controls<'a>(&'a self, request: &'a Request, query: &'a Untyped) -> BoxFuture<'a, Result<Vec<Control>>> {
        Box::pin(async move {
            let names = match &self.fields {
                OrderingFields::Only(names) => names.clone(),
                OrderingFields::All => {
                    query.model(Db::from(request))?.columns.iter().map(|column| column.name.clone()).collect()
                }
                OrderingFields::Shown => shown(request)?,
            };
            let options = orders(names.iter().map(|name| (name.as_str(), name.as_str())));
            let current = self.ordering(request, query)?.and_then(|names| names.into_iter().next());
            let param = self.param(request).to_owned();
            Ok(vec![Control::Ordering { param, options, current: current.unwrap_or_default() }])
        })
    }
}

/// The sources of the fields that the view shows.
fn shown(request: &Request) -> Result<Vec<String>> {
    let facts = request.view();
    let Some(fields) = facts.and_then(|facts| facts.shown) else {
        return Err(Error::unexpected(
            "a list without a serializer has no fields to be ordered by\nhint: name them: `OrderingFilter::new([\"title\"])`",
        ));
    };
    let fields = fields(request)?;
    let shown = fields.iter().filter(|field| !field.write_only && field.source.as_deref() != Some("*"));
    Ok(shown.map(|field| field.source.as_deref().unwrap_or(&field.name).replace('.', "__")).collect())
}
