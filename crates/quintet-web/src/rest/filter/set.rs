//! Sets of filters that a project declares: parameters with names of their own, ranges, choices, rows, orders, and methods.
//!
//! What a parameter must look like is said by its filter, not by a field. All that is wrong is answered at once, by filter.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use quintet_core::forms::Input;
use quintet_core::openapi::Parameter;
use quintet_core::query::{Condition, Distinct, Expr, OrderBy, Ordering, Path, Step, Zone};
use quintet_core::schema::{Kind, Value};
use quintet_db::Db;
use quintet_db::model::Model;
use quintet_db::query::{QuerySet, Untyped};
use serde_json::{Map, json};

use super::control::{label, orders};
use super::fields::{self, NO_ROW, no_choice, no_value, rows_offered};
use super::pattern::{NO_PATTERN, is_by_pattern, is_pattern};
use super::{Control, ControlInput, FilterBackend};
use crate::http::{BoxFuture, Error, Query as Params, Request, Result, StatusCode};

/// Filters that are declared together; a view takes it as one of its filters.
///
/// ```ignore
/// struct AlbumFilter;
///
/// impl FilterSet for AlbumFilter {
///     fn filters(&self, _: &Request) -> Vec<Filter> {
///         vec![
///             Filter::char("title").lookup("istartswith"),
///             Filter::range("price"),
///             Filter::choice("state", ["draft", "open"]),
///             Filter::ordering("order", [("title", "name"), ("price", "price")]),
///         ]
///     }
/// }
/// ```
pub trait FilterSet: Send + Sync + 'static {
    /// The filters of this request, in the order in which they are asked.
    fn filters(&self, request: &Request) -> Vec<Filter>;
}

impl<S: FilterSet> FilterBackend for S {
    fn described(&self, request: &Request) -> Vec<Parameter> {
        self.filters(request).iter().flat_map(Filter::described).collect()
    }

    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        let filters = self.filters(request);
        Box::pin(async move { filtered(&filters, request, query).await })
    }

    fn controls<'a>(&'a self, request: &'a Request, _: &'a Untyped) -> BoxFuture<'a, Result<Vec<Control>>> {
        let filters = self.filters(request);
        Box::pin(async move {
            let mut controls = vec![];
            for filter in &filters {
                filter.offered(request, &mut controls).await?;
            }
            Ok(controls)
        })
    }
}

type Rows = Arc<dyn Fn(&Request) -> Untyped + Send + Sync>;
type Method = Arc<dyn Fn(Untyped, Value) -> Result<Untyped> + Send + Sync>;

/// One filter of a [`FilterSet`]: a parameter, and what it does.
#[derive(Clone)]
pub struct Filter {
    name: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    lookup: Cow<'static, str>,
    exclude: bool,
    distinct: bool,
    takes: Takes,
    method: Option<Method>,
}

/// What a filter takes.
#[derive(Clone)]
enum Takes {
    /// One value.
    One(Input),
    /// Several, with commas between; two of them where it is a range.
    List(Input, bool),
    /// From and to, by two parameters.
    Between(Input, [&'static str; 2]),
    /// Of those that may be chosen.
    Choice { of: Vec<String>, null: bool, many: bool, conjoined: bool },
    /// Rows, by the value of a field.
    Rows { of: Rows, by: Cow<'static, str>, many: bool, conjoined: bool },
    /// Fields with what they are called.
    Order(Vec<(String, String)>),
}

/// What a request gave.
enum Given {
    One(Value),
    Between(Option<Value>, Option<Value>),
    Many(Vec<Value>),
    Null,
    Order(Vec<String>),
}

macro_rules! filters {
    ($($(#[$doc:meta])* $name:ident => $lookup:literal, $takes:expr;)*) => {
        impl Filter {
            $($(#[$doc])*
            pub fn $name(name: impl Into<Cow<'static, str>>) -> Self {
                Self::new(name.into(), $lookup, $takes)
            })*
        }
    };
}

filters! {
    /// A text.
    char => "exact", Takes::One(Input::Text);
    /// A number.
    number => "exact", Takes::One(Input::Number);
    /// `true` or `false`; anything else filters nothing.
    boolean => "exact", Takes::One(Input::Boolean);
    /// A date.
    date => "exact", Takes::One(Input::Date);
    /// A moment.
    date_time => "exact", Takes::One(Input::DateTime);
    /// A time of day.
    time => "exact", Takes::One(Input::Time);
    /// A span of time.
    duration => "exact", Takes::One(Input::Duration);
    /// A UUID.
    uuid => "exact", Takes::One(Input::Uuid);
    /// One of several texts: `?title=a,b`.
    char_in => "in", Takes::List(Input::Text, false);
    /// One of several numbers: `?artist=1,2`.
    number_in => "in", Takes::List(Input::Number, false);
    /// Between two numbers: `?price_min=5&price_max=10`, or one of them.
    range => "range", Takes::Between(Input::Number, ["min", "max"]);
    /// Between two days: `?day_after=2024-01-01&day_before=2024-12-31`, or one of them. Of moments, whole days.
    date_range => "range", Takes::Between(Input::Date, ["after", "before"]);
    /// Between two moments: `?at_after=..&at_before=..`, or one of them.
    date_time_range => "range", Takes::Between(Input::DateTime, ["after", "before"]);
    /// Between two times of day, or from or until one.
    time_range => "range", Takes::Between(Input::Time, ["after", "before"]);
}

impl Filter {
    /// Its parameters, with what they take.
    fn described(&self) -> Vec<Parameter> {
        let bare = Parameter::query(self.name.as_ref());
        vec![match &self.takes {
            Takes::One(input) => bare.schema(input.schema()),
            Takes::List(input, _) => bare.schema(input.schema()).with_commas().described("Values with commas between."),
            Takes::Between(input, suffixes) => {
                let one = |suffix: &&str| Parameter::query(format!("{}_{suffix}", self.name)).schema(input.schema());
                return suffixes.iter().map(one).collect();
            }
            Takes::Choice { of, null, many, .. } => {
                let values = of.iter().map(String::as_str).chain(null.then_some(NULL));
                let one = bare.one_of(values);
                if *many { one.several() } else { one }
            }
            Takes::Rows { many: true, .. } => bare.several(),
            Takes::Rows { .. } => bare,
            Takes::Order(fields) => {
                let both = fields.iter().flat_map(|(_, called)| [called.clone(), format!("-{called}")]);
                bare.one_of(both).with_commas().described("Fields to order by, with commas between.")
            }
        }]
    }

    fn new(name: Cow<'static, str>, lookup: &'static str, takes: Takes) -> Self {
        Self { name, field: None, lookup: lookup.into(), exclude: false, distinct: false, takes, method: None }
    }

    /// One of these values, and no other.
    pub fn choice(name: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let of = values.into_iter().map(Into::into).collect();
        Self::new(name.into(), "exact", Takes::Choice { of, null: false, many: false, conjoined: false })
    }

    /// Some of these values: `?state=draft&state=open`.
    pub fn multiple_choice(
        name: impl Into<Cow<'static, str>>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let of = values.into_iter().map(Into::into).collect();
        let takes = Takes::Choice { of, null: false, many: true, conjoined: false };
        Self { distinct: true, ..Self::new(name.into(), "exact", takes) }
    }

    /// One of these rows, by its key.
    pub fn model_choice<M: Model>(
        name: impl Into<Cow<'static, str>>,
        rows: impl Fn(&Request) -> QuerySet<M> + Send + Sync + 'static,
    ) -> Self {
        let of: Rows = Arc::new(move |request| rows(request).untyped());
        Self::new(name.into(), "exact", Takes::Rows { of, by: "pk".into(), many: false, conjoined: false })
    }

    /// Some of these rows, by their keys: `?label=1&label=2`.
    pub fn model_multiple_choice<M: Model>(
        name: impl Into<Cow<'static, str>>,
        rows: impl Fn(&Request) -> QuerySet<M> + Send + Sync + 'static,
    ) -> Self {
        let of: Rows = Arc::new(move |request| rows(request).untyped());
        let takes = Takes::Rows { of, by: "pk".into(), many: true, conjoined: false };
        Self { distinct: true, ..Self::new(name.into(), "exact", takes) }
    }

    /// An order: `?order=name,-price`, of fields by what they are called: `[("title", "name"), ("price", "price")]`.
    pub fn ordering(
        name: impl Into<Cow<'static, str>>,
        fields: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(field, called)| (field.into(), called.into())).collect();
        Self::new(name.into(), "", Takes::Order(fields))
    }

    /// The field, also along relations; the filter's name, unless said.
    #[must_use]
    pub fn field(self, field: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// How the field is compared: `icontains`, `gte`, `year`.
    #[must_use]
    pub fn lookup(self, lookup: impl Into<Cow<'static, str>>) -> Self {
        Self { lookup: lookup.into(), ..self }
    }

    /// Leaves out what it finds.
    #[must_use]
    pub fn exclude(self) -> Self {
        Self { exclude: true, ..self }
    }

    /// No row comes twice. Filters that take several values are so already.
    #[must_use]
    pub fn distinct(self) -> Self {
        Self { distinct: true, ..self }
    }

    /// What has all of several values, not one of them.
    #[must_use]
    pub fn conjoined(mut self) -> Self {
        if let Takes::Choice { conjoined, .. } | Takes::Rows { conjoined, .. } = &mut self.takes {
            *conjoined = true;
        }
        self
    }

    /// `null` may be chosen too, for what has no value.
    #[must_use]
    pub fn or_null(mut self) -> Self {
        if let Takes::Choice { null, .. } = &mut self.takes {
            *null = true;
        }
        self
    }

    /// Rows are named by this field, not by their key.
    #[must_use]
    pub fn to_field_name(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        if let Takes::Rows { by, .. } = &mut self.takes {
            *by = field.into();
        }
        self
    }

    /// What is done with the value, instead of a comparison. Of several values it is a list.
    #[must_use]
    pub fn method<M: Model>(self, method: impl Fn(QuerySet<M>, Value) -> QuerySet<M> + Send + Sync + 'static) -> Self {
        let method: Method = Arc::new(move |rows, value| {
            let rows = rows.typed::<M>().map_err(Error::internal)?;
            Ok(method(rows, value).untyped())
        });
        Self { method: Some(method), ..self }
    }
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filter({})", self.name)
    }
}

/// Whether a number is compared as a year.
fn is_by_year(lookup: &str) -> bool {
    lookup.split("__").any(|name| matches!(name, "year" | "iso_year"))
}

async fn filtered(filters: &[Filter], request: &Request, mut query: Untyped) -> Result<Untyped> {
    let params = request.query()?;
    let registry = Db::from(request).registry()?;
    let zone = Zone::parse(registry.zone()).ok_or_else(|| Error::unexpected("the time zone is unknown"))?;
    let (mut all, mut errors) = (vec![], Map::new());
    for filter in filters {
        match filter.given(request, &query, params, &zone).await? {
            Ok(Some(given)) => all.push((filter, given)),
            Ok(None) => {}
            Err(words) => {
                errors.insert(filter.name.to_string(), json!(words));
            }
        }
    }
    if !errors.is_empty() {
        return Err(Error::api(StatusCode::BAD_REQUEST, "invalid", serde_json::Value::Object(errors)));
    }
    for (filter, given) in all {
        query = filter.apply(query, given)?;
    }
    Ok(query)
}

impl Filter {
    /// What a page offers for it.
    async fn offered(&self, request: &Request, controls: &mut Vec<Control>) -> Result<()> {
        let label = label(self.field.as_deref().unwrap_or(&self.name), &self.lookup);
        let label = if self.exclude { format!("Not {label}") } else { label };
        let takes = match &self.takes {
            Takes::One(input) => (*input).into(),
            Takes::List(..) => ControlInput::Text,
            Takes::Between(input, suffixes) => {
                for suffix in suffixes {
                    let (param, label) = (format!("{}_{suffix}", self.name), format!("{}: {suffix}", self.name));
                    controls.push(Control::Field { param, label, takes: (*input).into() });
                }
                return Ok(());
            }
            Takes::Choice { of, null, many, .. } => {
                let all = of.iter().map(String::as_str).chain(null.then_some(NULL));
                let options = all.map(|value| (value.to_owned(), value.to_owned())).collect();
                ControlInput::Choices { options, many: *many }
            }
            Takes::Rows { of, by, many, .. } => {
                let rows = of(request);
                let model = rows.model(Db::from(request))?;
                let by = if by == "pk" { model.key.first().map(|key| &model.columns[*key]) } else { model.column(by) };
                let Some(by) = by else { return Ok(()) };
                let path = Path::from_iter([by.name.clone()]);
                rows_offered(request, model, rows.ast().clone(), &path, &by.kind, *many).await?
            }
            Takes::Order(fields) => {
                let options = orders(fields.iter().map(|(_, called)| (called.as_str(), called.as_str())));
                let current = request.query()?.get(&self.name).unwrap_or_default().to_owned();
                controls.push(Control::Ordering { param: self.name.to_string(), options, current });
                return Ok(());
            }
        };
        controls.push(Control::Field { param: self.name.to_string(), label, takes });
        Ok(())
    }
}

type Cleaned = Result<Option<Given>, Vec<String>>;

impl Filter {
    /// What the request gives, nothing, or what is wrong with it.
    async fn given(&self, request: &Request, query: &Untyped, params: &Params, zone: &Zone) -> Result<Cleaned> {
        let one = |text: &str, input: Input| input.clean(text, zone).map_err(|(_, words)| vec![words]);
        if let Takes::Between(input, suffixes) = &self.takes {
            return self.between(request, query, params, *input, suffixes, zone);
        }
        let Some(text) = params.get(&self.name) else { return Ok(Ok(None)) };
        Ok(match &self.takes {
            Takes::One(_) if self.method.is_none() && is_by_pattern(&self.lookup) && !text.contains('\0') => {
                match text.is_empty() || is_pattern(Db::from(request), text).await? {
                    true => one(text, Input::Text).map(|value| value.map(Given::One)),
                    false => Err(vec![NO_PATTERN.to_owned()]),
                }
            }
            // A year that no date has cannot be compared with.
            Takes::One(Input::Number) if self.method.is_none() && is_by_year(&self.lookup) => {
                one(text, Input::Year).map(|value| value.map(Given::One))
            }
            Takes::One(input) => one(text, *input).map(|value| value.map(Given::One)),
            Takes::List(input, is_range) => {
                fields::values(*input, *is_range, text, zone).map(|values| values.map(Given::Many))
            }
            Takes::Choice { of, null, many: false, .. } => match text {
                "" => Ok(None),
                NULL if *null => Ok(Some(Given::Null)),
                text => chosen(of, text).map(|value| Some(Given::One(value))),
            },
            Takes::Choice { of, null, .. } => {
                let may_be = |text| if *null && text == NULL { Ok(Value::Null) } else { chosen(of, text) };
                params.get_all(&self.name).map(may_be).collect::<Result<_, _>>().map(several)
            }
            Takes::Rows { many: false, .. } if text.is_empty() => Ok(None),
            Takes::Rows { of, by, many, .. } => {
                let rows = of(request);
                let texts = if *many { params.get_all(&self.name).collect() } else { vec![text] };
                return found(Db::from(request), &rows, by, texts, *many).await;
            }
            Takes::Order(fields) => ordered(fields, text),
            Takes::Between(..) => Ok(None),
        })
    }

    fn between(
        &self,
        request: &Request,
        query: &Untyped,
        params: &Params,
        input: Input,
        suffixes: &[&str; 2],
        zone: &Zone,
    ) -> Result<Cleaned> {
        let is_of_moments = input == Input::Date && self.is_of_moments(request, query)?;
        let mut words: Vec<String> = vec![];
        let mut ends = suffixes.iter().zip(["00:00:00", "23:59:59.999999"]).map(|(suffix, time)| {
            let text = params.get(&format!("{}_{suffix}", self.name)).unwrap_or_default();
            let read = input.clean(text, zone).and_then(|day| match day {
                Some(Value::Date(day)) if is_of_moments => Input::DateTime.clean(&format!("{day} {time}"), zone),
                other => Ok(other),
            });
            read.unwrap_or_else(|(_, wrong)| {
                if !words.contains(&wrong) {
                    words.push(wrong);
                }
                None
            })
        });
        let (from, to) = (ends.next().flatten(), ends.next().flatten());
        drop(ends);
        Ok(match words.is_empty() {
            false => Err(words),
            true if from.is_none() && to.is_none() => Ok(None),
            true => Ok(Some(Given::Between(from, to))),
        })
    }

    fn is_of_moments(&self, request: &Request, query: &Untyped) -> Result<bool> {
        let registry = Db::from(request).registry()?;
        let (app, name) = &query.ast().model;
        let Some(model) = registry.find(app, name) else { return Ok(false) };
        let path = self.path();
        let found = registry.follow(model, &path);
        Ok(found.column.is_some_and(|column| matches!(column.kind, Kind::DateTime { .. })))
    }

    fn path(&self) -> Path {
        Path::parse(self.field.as_deref().unwrap_or(&self.name))
    }

    /// The field with what it is compared by.
    fn compared(&self, lookup: &str) -> Path {
        lookup.split("__").fold(self.path(), |path, name| path.with(name.to_owned()))
    }

    fn apply(&self, query: Untyped, given: Given) -> Result<Untyped> {
        if let Some(method) = &self.method {
            return method(query, given.into_value());
        }
        let equal = |value: Value| self.is(value);
        let condition = match given {
            Given::Order(names) => {
                let order = names.iter().map(|name| OrderBy::parse(name)).collect();
                return Ok(query.with(|query| (query.ordering, query.reversed) = (Ordering::By(order), false)));
            }
            Given::One(value) => equal(value),
            Given::Null => equal(Value::Null),
            Given::Between(Some(from), Some(to)) => {
                Condition::Lookup(self.compared("range"), Expr::List([from, to].map(Expr::Value).to_vec()))
            }
            Given::Between(Some(from), None) => Condition::Lookup(self.compared("gte"), Expr::Value(from)),
            Given::Between(None, to) => Condition::Lookup(self.compared("lte"), Expr::Value(to.unwrap_or(Value::Null))),
            // Nothing lies between something and null.
            Given::Many(values) if matches!(self.takes, Takes::List(_, true)) && values.contains(&Value::Null) => {
                Condition::Lookup(Path::from_iter(["pk", "in"]), Expr::List(vec![]))
            }
            Given::Many(values) if matches!(self.takes, Takes::List(..)) => {
                let values = values.into_iter().map(Expr::Value).collect();
                Condition::Lookup(self.compared(&self.lookup), Expr::List(values))
            }
            Given::Many(values) if self.is_conjoined() => {
                let each = values.into_iter().map(equal).collect::<Vec<_>>();
                return Ok(self.kept(query, each));
            }
            Given::Many(values) => Condition::Or(values.into_iter().map(equal).collect()),
        };
        Ok(self.kept(query, vec![condition]))
    }

    /// The comparison with a value.
    fn is(&self, value: Value) -> Condition {
        if value == Value::Null {
            return Condition::Lookup(self.compared("isnull"), Expr::Value(Value::Bool(true)));
        }
        // One row that is named by another field than its key is meant by that field.
        let path = match &self.takes {
            Takes::Rows { by, many: false, .. } if by != "pk" => self.compared(by).with("exact".to_owned()),
            _ => self.compared(&self.lookup),
        };
        Condition::Lookup(path, Expr::Value(value))
    }

    fn is_conjoined(&self) -> bool {
        matches!(&self.takes, Takes::Choice { conjoined: true, .. } | Takes::Rows { conjoined: true, .. })
    }

    fn kept(&self, query: Untyped, conditions: Vec<Condition>) -> Untyped {
        let step = |condition| if self.exclude { Step::Exclude(condition) } else { Step::Filter(condition) };
        query.with(|query| {
            query.steps.extend(conditions.into_iter().map(step));
            if self.distinct && query.distinct == Distinct::No {
                query.distinct = Distinct::Yes;
            }
        })
    }
}

/// What stands for no value.
const NULL: &str = "null";

impl Given {
    fn into_value(self) -> Value {
        let end = |value: Option<Value>| value.unwrap_or(Value::Null);
        match self {
            Self::One(value) => value,
            Self::Null => Value::Null,
            Self::Between(from, to) => Value::List(vec![end(from), end(to)]),
            Self::Many(values) => Value::List(values),
            Self::Order(names) => Value::List(names.into_iter().map(Value::Text).collect()),
        }
    }
}

fn chosen(of: &[String], text: &str) -> Result<Value, Vec<String>> {
    match of.iter().any(|value| value == text) {
        true => Ok(Value::Text(text.to_owned())),
        false => Err(vec![no_choice(text)]),
    }
}

/// Each value once.
fn several(mut values: Vec<Value>) -> Option<Given> {
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(format!("{value:?}")));
    (!values.is_empty()).then_some(Given::Many(values))
}

/// The rows that texts name.
async fn found(db: Db<'_>, rows: &Untyped, by: &str, texts: Vec<&str>, many: bool) -> Result<Cleaned> {
    let model = rows.model(db)?;
    let column = model.column(by).ok_or_else(|| {
        Error::unexpected(format!("`{}` has no field `{by}`, by which a filter finds rows", model.label()))
    })?;
    let mut keys = vec![];
    for text in texts {
        let Some(key) = fields::key(column, text) else {
            return Ok(Err(vec![if many { no_value(text) } else { NO_ROW.to_owned() }]));
        };
        let path = Path::from_iter([column.name.clone(), "exact".to_owned()]);
        let step = Step::Filter(Condition::Lookup(path, Expr::Value(key.clone())));
        if !rows.clone().with(|query| query.steps.push(step)).exists(db).await? {
            return Ok(Err(vec![if many { no_choice(text) } else { NO_ROW.to_owned() }]));
        }
        keys.push(key);
    }
    Ok(Ok(if many { several(keys) } else { keys.pop().map(Given::One) }))
}

/// The order that a text asks for, as names of fields.
fn ordered(fields: &[(String, String)], text: &str) -> Cleaned {
    let mut names = vec![];
    for asked in text.split(',').filter(|asked| !asked.is_empty()) {
        let (sign, called) = asked.strip_prefix('-').map_or(("", asked), |called| ("-", called));
        let known = fields.iter().find(|(_, own)| own == called).ok_or_else(|| vec![no_choice(asked)])?;
        names.push(format!("{sign}{}", known.0));
    }
    Ok((!names.is_empty()).then_some(Given::Order(names)))
}
