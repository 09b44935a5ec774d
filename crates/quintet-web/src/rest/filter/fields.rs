//! `?price__gte=10&category=3`: values of fields, as django-filter takes them.
//!
//! A view names fields with their lookups; what a parameter must look like follows from the field behind it. All that is
//! wrong is answered at once, by parameter.

use std::borrow::Cow;
use std::collections::HashSet;
use std::future::ready;

use quintet_core::forms::{Input, Refusal};
use quintet_core::openapi::Parameter;
use quintet_core::query::{
    Column, Condition, Distinct, Expr, Link, ModelInfo, Path, Query, Registry, Statement, Step, Way, Zone,
};
use quintet_core::schema::{Choice, Kind, Value};
use quintet_db::Db;
use quintet_db::query::Untyped;
use serde_json::{Map, json};

use super::control::label;
use super::pattern::{NO_PATTERN, is_by_pattern, is_pattern};
use super::{Control, ControlInput, FilterBackend};
use crate::http::{BoxFuture, Error, Query as Params, Request, Result, StatusCode};
use crate::rest::choose::choosable;

/// One parameter: a field, compared by a lookup.
#[derive(Clone, Debug)]
pub struct FieldFilter {
    /// The parameter: `price__gte`.
    pub param: Cow<'static, str>,
    /// The field, also along relations.
    pub field: Cow<'static, str>,
    /// The lookup, perhaps behind transforms: `gte`, `year`, `year__lt`.
    pub lookup: Cow<'static, str>,
    /// Leaves out what it finds.
    pub exclude: bool,
}

impl FieldFilter {
    /// A parameter of its own name: `FieldFilter::new("min_price", "price", "gte")`.
    pub fn new(
        param: impl Into<Cow<'static, str>>,
        field: impl Into<Cow<'static, str>>,
        lookup: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { param: param.into(), field: field.into(), lookup: lookup.into(), exclude: false }
    }

    /// Leaves out what it finds.
    #[must_use]
    pub fn exclude(self) -> Self {
        Self { exclude: true, ..self }
    }
}

/// Filters by values of fields.
#[derive(Clone, Debug, Default)]
pub struct FieldFilters(Vec<FieldFilter>);

impl FieldFilters {
    /// Fields with their lookups: `[("price", &["exact", "gte"][..]), ("category", &["exact"])]`. The parameter of a lookup
    /// has its name behind two underscores, that of `exact` has not.
    pub fn new(fields: impl IntoIterator<Item = (&'static str, &'static [&'static str])>) -> Self {
        let one = |field: &'static str, lookup: &'static str| {
            let param = match lookup {
                "exact" => Cow::Borrowed(field),
                lookup => format!("{field}__{}", lookup.strip_suffix("__exact").unwrap_or(lookup)).into(),
            };
            FieldFilter::new(param, field, lookup)
        };
        let all = fields.into_iter().flat_map(|(field, lookups)| lookups.iter().map(move |lookup| one(field, lookup)));
        Self(all.collect())
    }

    /// These fields, each by its value: `["status", "category"]`.
    pub fn exact(fields: impl IntoIterator<Item = &'static str>) -> Self {
        Self(fields.into_iter().map(|field| FieldFilter::new(field, field, "exact")).collect())
    }

    /// These, and one more.
    #[must_use]
    pub fn and(mut self, filter: FieldFilter) -> Self {
        self.0.push(filter);
        self
    }
}

impl FilterBackend for FieldFilters {
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        if !self.is_asked(request) {
            return Box::pin(ready(Ok(query)));
        }
        Box::pin(self.filtered(request, query))
    }

    fn parameters(&self) -> Vec<String> {
        self.0.iter().map(|filter| filter.param.to_string()).collect()
    }

    fn described(&self, request: &Request) -> Vec<Parameter> {
        let of_model = || {
            let registry = Db::from(request).registry().ok()?;
            let (app, name) = request.view()?.model?;
            Some((registry, registry.find(app, name)?))
        };
        let model = of_model();
        let one = |filter: &FieldFilter| {
            let bare = Parameter::query(&*filter.param);
            let resolved = model.and_then(|(registry, root)| Resolved::of(registry, root, filter).ok());
            let described = resolved.map_or(bare.clone(), |resolved| resolved.takes.described(bare));
            match filter.exclude {
                true => described.described("Leaves out what it finds."),
                false => described,
            }
        };
        self.0.iter().map(one).collect()
    }

    fn controls<'a>(&'a self, request: &'a Request, query: &'a Untyped) -> BoxFuture<'a, Result<Vec<Control>>> {
        Box::pin(self.offered(request, query))
    }
}

impl FieldFilters {
    async fn offered(&self, request: &Request, query: &Untyped) -> Result<Vec<Control>> {
        let db = Db::from(request);
        let registry = db.registry()?;
        let model = query.model(db)?;
        let root = registry.find(&model.state.app, &model.state.name).unwrap_or(model.concrete);
        let mut controls = vec![];
        for filter in &self.0 {
            let takes = Resolved::of(registry, root, filter)?.takes.offered(request).await?;
            let mut label = label(&filter.field, &filter.lookup);
            if filter.exclude {
                label = format!("Not {label}");
            }
            controls.push(Control::Field { param: filter.param.to_string(), label, takes });
        }
        Ok(controls)
    }

    /// Most requests ask for nothing. A filter that cannot be is told of for every request where somebody develops.
    fn is_asked(&self, request: &Request) -> bool {
        let is_there = |params: &Params| self.0.iter().any(|filter| params.get(&filter.param).is_some());
        request.site().options().debug || request.query().map_or(true, is_there)
    }

    async fn filtered(&self, request: &Request, query: Untyped) -> Result<Untyped> {
        let (db, params) = (Db::from(request), request.query()?);
        let registry = db.registry()?;
        let model = query.model(db)?;
        let root = registry.find(&model.state.app, &model.state.name).unwrap_or(model.concrete);
        let zone = Zone::parse(registry.zone()).ok_or_else(|| Error::unexpected("the time zone is unknown"))?;
        let (mut steps, mut errors, mut is_distinct) = (vec![], Map::new(), false);
        for filter in &self.0 {
            let resolved = Resolved::of(registry, root, filter)?;
            if is_by_pattern(&filter.lookup)
                && let Some(text) = params.get(&filter.param).filter(|text| !text.is_empty() && !text.contains('\0'))
                && !is_pattern(db, text).await?
            {
                errors.insert(filter.param.to_string(), json!([NO_PATTERN]));
                continue;
            }
            match resolved.condition(db, params, &zone).await? {
                Ok(None) => {}
                Ok(Some(condition)) => {
                    is_distinct |= matches!(resolved.takes, Takes::Rows { many: true, .. });
                    steps.push(if filter.exclude { Step::Exclude(condition) } else { Step::Filter(condition) });
                }
                Err(words) => {
                    errors.insert(filter.param.to_string(), json!(words));
                }
            }
        }
        if !errors.is_empty() {
            return Err(Error::api(StatusCode::BAD_REQUEST, "invalid", serde_json::Value::Object(errors)));
        }
        Ok(query.with(|query| {
            query.steps.extend(steps);
            if is_distinct && query.distinct == Distinct::No {
                query.distinct = Distinct::Yes;
            }
        }))
    }
}

/// A filter with the field behind it.
struct Resolved<'f> {
    filter: &'f FieldFilter,
    path: Path,
    takes: Takes<'f>,
}

/// What a parameter must be.
enum Takes<'r> {
    /// One value.
    One(Input),
    /// One of those that may be chosen.
    Choice(&'r [Choice]),
    /// Several, with commas between; two of them where it is a range.
    List(Input, bool),
    /// A row of a model, by a column; several may be named where there are several.
    Rows { target: &'r ModelInfo, column: &'r Column, many: bool },
}

impl Takes<'_> {
    /// A parameter with what it takes.
    fn described(&self, parameter: Parameter) -> Parameter {
        match self {
            Self::One(input) => parameter.schema(input.schema()),
            Self::List(input, _) => {
                parameter.schema(input.schema()).with_commas().described("Values with commas between.")
            }
            Self::Choice(choices) => {
                let flat = choices.iter().flat_map(|choice| match choice {
                    Choice::One(value, _) => vec![shown(value)],
                    Choice::Group(_, members) => members.iter().map(|(value, _)| shown(value)).collect(),
                });
                parameter.one_of(flat)
            }
            Self::Rows { column, many, .. } => {
                let input = Input::of(&column.kind).unwrap_or(Input::Text);
                let is_whole =
                    matches!(input, Input::Number) && !matches!(column.kind, Kind::Decimal { .. } | Kind::Float);
                let parameter = if is_whole { parameter.integer() } else { parameter.schema(input.schema()) };
                if *many { parameter.several() } else { parameter }
            }
        }
    }

    /// What a page offers for it: a list of rows where that is not too long.
    async fn offered(&self, request: &Request) -> Result<ControlInput> {
        Ok(match self {
            Self::One(input) => (*input).into(),
            Self::List(..) => ControlInput::Text,
            Self::Choice(choices) => {
                let flat = choices.iter().flat_map(|choice| match choice {
                    Choice::One(value, label) => vec![(shown(value), label.clone())],
                    Choice::Group(_, members) => {
                        members.iter().map(|(value, label)| (shown(value), label.clone())).collect()
                    }
                });
                ControlInput::Choices { options: flat.collect(), many: false }
            }
            Self::Rows { target, column, many } => {
                let query = rows_of(Db::from(request), target)?;
                let by = Path::from_iter([column.name.clone()]);
                rows_offered(request, target, query, &by, &column.kind, *many).await?
            }
        })
    }
}

/// Rows to choose from; a box to type in where there are too many for a list.
pub(super) async fn rows_offered(
    request: &Request,
    target: &ModelInfo,
    query: Query,
    by: &Path,
    kind: &Kind,
    many: bool,
) -> Result<ControlInput> {
    let most = request.site().options().rest_framework.html_select_cutoff.unwrap_or(usize::MAX);
    let found = choosable(Db::from(request), target, query, by, kind, most).await?;
    Ok(match found.is_cut {
        true => ControlInput::Text,
        false => ControlInput::Choices { options: found.rows, many },
    })
}

impl<'f> Resolved<'f> {
    fn of(registry: &'f Registry, root: usize, filter: &'f FieldFilter) -> Result<Self> {
        let wrong = |why: String| Error::unexpected(format!("the filter `{}` cannot be: {why}", filter.param));
        let path = Path::parse(&filter.field);
        let full = filter.lookup.split("__").fold(path.clone(), |path, name| path.with(name.to_owned()));
        let found = registry.follow(root, &path);
        if !found.rest.is_empty() {
            return Err(wrong(format!("`{}` is no field", filter.field)));
        }
        let lookup = filter.lookup.rsplit("__").next().unwrap_or_default();
        let is_transformed = filter.lookup.contains("__") || !registry.is_lookup(found.column, lookup);
        let takes = match (found.link, lookup) {
            (_, "isnull") => Takes::One(Input::Boolean),
            _ if is_transformed => transformed(&filter.lookup),
            (Some(link), "exact") => {
                rows(registry, link).ok_or_else(|| wrong("its key has several fields".to_owned()))?
            }
            (link, lookup) => {
                let target = link.and_then(|link| registry.model(link.target).column("pk"));
                let column = target.or(found.column).ok_or_else(|| wrong("it leads to no column".to_owned()))?;
                let input =
                    Input::of(&column.kind).ok_or_else(|| wrong("values of its kind have no filter".to_owned()))?;
                match lookup {
                    "exact" if !column.field.choices.is_empty() => Takes::Choice(&column.field.choices),
                    "in" => Takes::List(input, false),
                    "range" => Takes::List(input, true),
                    _ => Takes::One(input),
                }
            }
        };
        Ok(Self { filter, path: full, takes })
    }

    /// The condition that the request asks for, or what is wrong.
    async fn condition(
        &self,
        db: Db<'_>,
        params: &Params,
        zone: &Zone,
    ) -> Result<Result<Option<Condition>, Vec<String>>> {
        let equal = |value: Expr| Condition::Lookup(self.path.clone(), value);
        let words = |(_, words): Refusal| vec![words];
        let Some(text) = params.get(&self.filter.param) else { return Ok(Ok(None)) };
        Ok(match &self.takes {
            Takes::One(input) => {
                input.clean(text, zone).map_err(words).map(|value| value.map(|value| equal(Expr::Value(value))))
            }
            Takes::Choice(choices) if text.is_empty() || may_be_chosen(choices, text) => {
                Ok((!text.is_empty()).then(|| equal(Expr::Value(Value::Text(text.to_owned())))))
            }
            Takes::Choice(_) => Err(vec![no_choice(text)]),
            Takes::List(input, is_range) => values(*input, *is_range, text, zone).map(|values| {
                let values = values?;
                // Nothing lies between something and null.
                let is_empty = *is_range && values.contains(&Value::Null);
                let values = Expr::List(values.into_iter().map(Expr::Value).collect());
                let nothing = || Condition::Lookup(Path::from_iter(["pk", "in"]), Expr::List(vec![]));
                Some(if is_empty { nothing() } else { equal(values) })
            }),
            Takes::Rows { target, column, many } => {
                let texts: Vec<&str> = match many {
                    true => params.get_all(&self.filter.param).collect(),
                    false => vec![text],
                };
                if texts.iter().all(|text| text.is_empty()) {
                    return Ok(Ok(None));
                }
                let mut found = vec![];
                for text in texts {
                    match row(db, target, column, text).await? {
                        // Of several, each is compared with what was found, as it is written.
                        Some(key) if !many || shown(&key) == text => found.push(key),
                        None if *many && key(column, text).is_none() => {
                            return Ok(Err(vec![no_value(text)]));
                        }
                        _ if *many => return Ok(Err(vec![no_choice(text)])),
                        _ => return Ok(Err(vec![NO_ROW.to_owned()])),
                    }
                }
                let mut seen = HashSet::new();
                found.retain(|key| seen.insert(format!("{key:?}")));
                Ok(Some(Condition::Or(found.into_iter().map(|key| equal(Expr::Value(key))).collect())))
            }
        })
    }
}

pub(super) const NO_ROW: &str = "Select a valid choice. That choice is not one of the available choices.";

pub(super) fn no_value(text: &str) -> String {
    format!("\u{201c}{text}\u{201d} is not a valid value.")
}

pub(super) fn no_choice(text: &str) -> String {
    format!("Select a valid choice. {text} is not one of the available choices.")
}

/// The rows of a model, as its manager gives them.
fn rows_of(db: Db<'_>, target: &ModelInfo) -> Result<Query> {
    let models = db.models().map_err(Error::internal)?;
    let (app, name) = (&target.state.app, &target.state.name);
    let known = models.registry().find(app, name);
    Ok(known.map_or_else(|| Query::of(app.clone(), name.clone()), |model| models.rows_of(model)))
}

/// The row that a text names by a column, as that column's value.
async fn row(db: Db<'_>, target: &ModelInfo, column: &Column, text: &str) -> Result<Option<Value>> {
    let Some(value) = key(column, text) else { return Ok(None) };
    let mut query = rows_of(db, target)?;
    let path = Path::from_iter([column.name.clone(), "exact".to_owned()]);
    query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(value.clone()))));
    let found = db.find(&Statement::Exists(&query)).await?;
    Ok((!found.rows.is_empty()).then_some(value))
}

pub(super) fn key(column: &Column, text: &str) -> Option<Value> {
    match Input::of(&column.kind)? {
        Input::Number if !matches!(column.kind, Kind::Decimal { .. } | Kind::Float) => {
            quintet_core::python::int(text)?.to_i64().map(Value::Int)
        }
        Input::Text => (!text.contains('\0')).then(|| Value::Text(text.to_owned())),
        input => input.clean(text, &Zone::parse("UTC")?).ok().flatten(),
    }
}

/// What comes out of a transform: parts are numbers, dates and times what they are called.
fn transformed(lookup: &str) -> Takes<'static> {
    let mut input = Input::Number;
    let mut names = lookup.split("__").peekable();
    while let Some(name) = names.next() {
        match name {
            "date" => input = Input::Date,
            "time" => input = Input::Time,
            "year" | "iso_year" => input = Input::Year,
            "in" if names.peek().is_none() => return Takes::List(input, false),
            "range" if names.peek().is_none() => return Takes::List(input, true),
            "gt" | "gte" | "lt" | "lte" | "exact" => {}
            _ => input = Input::Number,
        }
    }
    Takes::One(input)
}

/// The rows at the end of a relation, and the column by which the relation means them.
fn rows<'r>(registry: &'r Registry, link: &Link) -> Option<Takes<'r>> {
    let target = registry.model(link.target);
    let column = match link.way {
        Way::Key { there, .. } => Some(&target.columns[there]),
        _ => target.column("pk"),
    };
    Some(Takes::Rows { target, column: column?, many: link.is_many })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) | Value::Uuid(text) | Value::Date(text) | Value::Decimal(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn may_be_chosen(choices: &[Choice], text: &str) -> bool {
    let is = |value: &Value| match value {
        Value::Text(own) => own == text,
        Value::Int(own) => own.to_string() == text,
        Value::Bool(own) => (if *own { "True" } else { "False" }) == text,
        _ => false,
    };
    choices.iter().any(|choice| match choice {
        Choice::One(value, _) => is(value),
        Choice::Group(_, members) => members.iter().any(|(value, _)| is(value)),
    })
}

/// Values with commas between.
pub(super) fn values(input: Input, is_range: bool, text: &str, zone: &Zone) -> Result<Option<Vec<Value>>, Vec<String>> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut values = vec![];
    for part in text.split(',') {
        values.push(input.clean(part, zone).map_err(|(_, words)| vec![words])?.unwrap_or(Value::Null));
    }
    if is_range && values.len() != 2 {
        return Err(vec!["Range query expects two values.".to_owned()]);
    }
    Ok(Some(values))
}
