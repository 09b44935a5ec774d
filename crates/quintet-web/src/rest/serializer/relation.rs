//! Rows of other models by what names them in input: a key, another field, or a URL. One row is looked up together with what
//! other fields look up; all rows of a list are one query.

use std::borrow::Cow;
use std::collections::HashMap;

use quintet_core::json::Json;
use quintet_core::python;
use quintet_core::query::{Column, Condition, Expr, ModelInfo, Path, QueryErrorKind, Statement, Step};
use quintet_core::rest::{Datum, Field, Input, Kind, Problem, Problems, Related, RelatedTo};
use quintet_core::schema::{self, Value};
use quintet_db::query::Look;
use quintet_db::{Cell, Fetched};

use super::context::Context;
use super::link;
use super::load::key_text;
use super::looks::Looks;
use super::shape::Target;
use crate::http::{Error, Result};

/// The key of the row that an input names, or the keys of several.
pub(super) async fn read(
    field: &Field,
    target: &Target,
    input: Input<'_>,
    context: &Context<'_>,
    looks: &Looks,
) -> Result<Datum> {
    let Kind::Related(related) = &field.kind else { return Err(Error::internal("a field is no relation")) };
    let way = Way { field, related, target, info: context.registry().model(target.model), context };
    if related.many {
        // Boxed: most fields name one row.
        return Box::pin(several(way, input)).await;
    }
    let found = way.one(&json_of(input), looks).await?;
    found.map(Datum::Value).map_err(|problem| Error::validation(problem.into()))
}

async fn several(way: Way<'_>, input: Input<'_>) -> Result<Datum> {
    let field = way.field;
    let members = match input {
        Input::List(members) => members.into_iter().map(json_of).collect(),
        other => match json_of(other) {
            Json::List(members) => members,
            // The reference goes over whatever has members: of a dictionary those are its names.
            Json::Object(object) => object.iter().map(|(name, _)| Json::from(name)).collect(),
            other => {
                let kind = python::type_name(&other);
                return Err(Error::validation(field.problem("not_a_list", &[("input_type", kind)]).into()));
            }
        },
    };
    // Each of them is told of as one row is.
    let mut one = field.clone();
    if let Kind::Related(related) = &mut one.kind {
        related.many = false;
    }
    let way = Way { field: &one, ..way };
    if members.is_empty() && !way.related.allow_empty {
        return Err(Error::validation(field.problem("empty", &[]).into()));
    }
    let mut keys = vec![];
    for found in way.find(&members).await? {
        // The first that is wrong is what is told.
        keys.push(Datum::Value(found.map_err(|problem| Error::validation(Problems::from(problem)))?));
    }
    Ok(Datum::List(keys))
}

fn json_of(input: Input<'_>) -> Json {
    match input {
        Input::Json(json) | Input::Form(json) => json.into_owned(),
        _ => Json::Null,
    }
}

/// What a value of a column names.
enum Named {
    /// The row of this key.
    One(Value),
    /// Several rows.
    Several,
}

/// How rows are looked for.
struct Way<'r> {
    field: &'r Field,
    related: &'r Related,
    target: &'r Target,
    info: &'r ModelInfo,
    context: &'r Context<'r>,
}

impl Way<'_> {
    /// The key of the row that an input names, or what is wrong with it.
    async fn one(&self, given: &Json, looks: &Looks) -> Result<Result<Value, Problem>> {
        let Some(by) = self.unique_column() else {
            // Boxed: most relations are by key.
            let mut found = Box::pin(self.find(std::slice::from_ref(given))).await?;
            return found.pop().ok_or_else(|| Error::internal("a relation was not looked for"));
        };
        let value = match self.value(given)? {
            Ok(value) => value,
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(value) = value else { return Ok(Err(self.not_there(given))) };
        let look = Look { model: self.target.model, by, value, shown: self.target.there };
        let key = match looks.find(self.context.db(), look).await {
            Ok(key) => key,
            // What the database cannot even compare is no row's.
            Err(error) if error.query() == Some(QueryErrorKind::Value) => None,
            Err(error) => return Err(Error::internal(error)),
        };
        Ok(key.map(|key| self.key_of(key)).ok_or_else(|| self.not_there(given)))
    }

    /// For each input the key of its row, or what is wrong with it.
    async fn find(&self, given: &[Json]) -> Result<Vec<Result<Value, Problem>>> {
        let values: Vec<_> = given.iter().map(|json| self.value(json)).collect::<Result<_>>()?;
        let keys = self.keys(&self.path()?, &values).await?;
        let found = values.into_iter().zip(given).map(|(value, given)| {
            let value = value?;
            match value.as_ref().and_then(|value| keys.get(&key_text(value))) {
                Some(Named::One(key)) => Ok(key.clone()),
                // The reference fails; to guess which is meant would be worse.
                Some(Named::Several) if matches!(self.related.to, RelatedTo::Slug(_)) => {
                    Err(self.field.problem("invalid", &[]))
                }
                _ => Err(self.not_there(given)),
            }
        });
        Ok(found.collect())
    }

    /// The path of the column that rows are looked for by.
    fn path(&self) -> Result<Path> {
        let of = |column: usize| Path::from_iter([self.info.columns[column].name.clone()]);
        match &self.related.to {
            RelatedTo::PrimaryKey => Ok(of(self.key_column())),
            RelatedTo::Slug(name) => Ok(slug(name, self.target, self.context)?.0),
            RelatedTo::Hyperlink { lookup_field, .. } => self.column_of_url(lookup_field).map(of),
            RelatedTo::Identity { .. } | RelatedTo::Text => Err(self.shown_only()),
        }
    }

    /// The same column where it is the model's own, no two rows have the same in it, and nothing else is asked of them.
    fn unique_column(&self) -> Option<usize> {
        if self.target.rows.is_some() || self.related.limit_choices_to.is_some() {
            return None;
        }
        let column = match &self.related.to {
            RelatedTo::PrimaryKey => self.key_column(),
            RelatedTo::Slug(name) => self.info.place(name)?,
            RelatedTo::Hyperlink { lookup_field, .. } => self.info.place(lookup_field)?,
            RelatedTo::Identity { .. } | RelatedTo::Text => return None,
        };
        (self.info.key == [column] || self.info.columns[column].field.unique).then_some(column)
    }

    /// The value of that column that an input means. `None` is one that no row can have.
    fn value(&self, given: &Json) -> Result<Result<Option<Value>, Problem>> {
        Ok(match &self.related.to {
            RelatedTo::PrimaryKey => self.key(given),
            RelatedTo::Slug(name) => {
                let (_, column) = slug(name, self.target, self.context)?;
                typed(&column.kind, given).map_err(|_| self.field.problem("invalid", &[]))
            }
            RelatedTo::Hyperlink { view_name, lookup_field, lookup_url_kwarg } => {
                self.by_url(given, view_name, lookup_url_kwarg, self.column_of_url(lookup_field)?)
            }
            RelatedTo::Identity { .. } | RelatedTo::Text => return Err(self.shown_only()),
        })
    }

    fn key_column(&self) -> usize {
        self.info.key.first().copied().unwrap_or(self.target.there)
    }

    fn column_of_url(&self, lookup_field: &str) -> Result<usize> {
        let lacks = || Error::internal(format!("`{}` has no field `{lookup_field}`", self.info.label()));
        self.info.place(lookup_field).ok_or_else(lacks)
    }

    fn shown_only(&self) -> Error {
        Error::internal(format!("`{}` is shown only", self.field.name))
    }

    /// A key as its own field reads it, where the relation has one.
    fn read_key<'g>(&self, given: &'g Json) -> Result<Cow<'g, Json>, Problem> {
        let Some(field) = &self.related.pk_field else { return Ok(Cow::Borrowed(given)) };
        let read = field.read(&Input::Json(Cow::Borrowed(given)), self.context.facts());
        let value = read.map_err(|problems| first(problems).unwrap_or_else(|| self.field.problem("invalid", &[])))?;
        Ok(Cow::Owned(match value {
            Datum::Value(Value::Int(number)) => Json::Int(number),
            Datum::Value(Value::Text(text) | Value::Uuid(text)) => Json::Text(text),
            _ => given.clone(),
        }))
    }

    /// A primary key. `None` is one that no row can have.
    fn key(&self, given: &Json) -> Result<Option<Value>, Problem> {
        let given = &*self.read_key(given)?;
        let wrong = || self.field.problem("incorrect_type", &[("data_type", python::type_name(given))]);
        match given {
            Json::Bool(_) => return Err(wrong()),
            // Among several, null is looked for as any other key is, and is no row's.
            Json::Null => return Ok(None),
            _ => {}
        }
        let kind = &self.info.columns[self.info.key.first().copied().unwrap_or_default()].kind;
        typed(kind, given).map_err(|why| match why {
            Unfit::Type => wrong(),
            Unfit::Words(problem) => problem,
        })
    }

    fn by_url(&self, given: &Json, view_name: &str, part: &str, column: usize) -> Result<Option<Value>, Problem> {
        let Json::Text(url) = given else {
            return Err(self.field.problem("incorrect_type", &[("data_type", python::type_name(given))]));
        };
        match link::resolve(self.context.request(), url, view_name, part) {
            Err(code) => Err(self.field.problem(code, &[])),
            Ok(text) => Ok(typed(&self.info.columns[column].kind, &Json::Text(text)).unwrap_or(None)),
        }
    }

    fn not_there(&self, given: &Json) -> Problem {
        let text = self.read_key(given).map_or_else(|_| python::str(given), |key| python::str(&key));
        match &self.related.to {
            RelatedTo::PrimaryKey => self.field.problem("does_not_exist", &[("pk_value", &text)]),
            RelatedTo::Slug(name) => {
                self.field.problem("does_not_exist", &[("slug_name", name.as_str()), ("value", &text)])
            }
            _ => self.field.problem("does_not_exist", &[]),
        }
    }

    /// The keys of the rows with these values of a column, by the values.
    async fn keys(&self, by: &Path, values: &[Result<Option<Value>, Problem>]) -> Result<HashMap<String, Named>> {
        let wanted: Vec<Value> = values.iter().filter_map(|value| value.as_ref().ok()?.clone()).collect();
        let mut keys: HashMap<String, Named> = HashMap::new();
        if wanted.is_empty() {
            return Ok(keys);
        }
        let answer = match self.rows_of(by, wanted).await {
            Ok(answer) => answer,
            // What the database cannot even compare is no row's.
            Err(error) if error.query() == Some(QueryErrorKind::Value) => return Ok(keys),
            Err(error) => return Err(Error::internal(error)),
        };
        for row in answer.rows.iter() {
            if let [by, key] = row {
                let key = self.key_of(key.clone());
                let named = keys.entry(key_text(&by.clone().into())).or_insert_with(|| Named::One(key.clone()));
                if matches!(named, Named::One(known) if *known != key) {
                    *named = Named::Several;
                }
            }
        }
        Ok(keys)
    }

    /// A key as the database gives it.
    fn key_of(&self, cell: Cell) -> Value {
        match cell.into() {
            // As SQLite keeps it.
            Value::Text(text) if matches!(self.info.columns[self.target.there].kind, schema::Kind::Uuid) => {
                uuid_of(&text).map_or(Value::Text(text), Value::Uuid)
            }
            key => key,
        }
    }

    /// The column that rows are looked for by, and their key.
    async fn rows_of(&self, by: &Path, wanted: Vec<Value>) -> quintet_db::Result<Fetched> {
        let (lookup, wanted) = match <[Value; 1]>::try_from(wanted) {
            Ok([one]) => ("exact", Expr::Value(one)),
            Err(many) => ("in", Expr::List(many.into_iter().map(Expr::Value).collect())),
        };
        let db = self.context.db();
        let mut query = match &self.target.rows {
            Some(rows) => rows(self.context),
            None => db.models()?.rows_of(self.target.model),
        };
        query.steps.push(Step::Filter(Condition::Lookup(by.clone().with(lookup.to_owned()), wanted)));
        if let Some(limit) = &self.related.limit_choices_to {
            query.steps.push(Step::Filter(limit.into()));
        }
        let key = Path::from_iter([self.info.columns[self.target.there].name.clone()]);
        let value = |name: &'static str, of: Path| (name.into(), Expr::F(of));
        query.steps.push(Step::Values(vec![value("quintet_by", by.clone()), value("quintet_key", key)]));
        query.ordering = quintet_core::query::Ordering::By(vec![]);
        db.select(&Statement::Select(&query)).await
    }
}

/// The field that a slug names, also along relations: `profile__bio`.
pub(crate) fn slug<'c>(name: &str, target: &Target, context: &'c Context<'_>) -> Result<(Path, &'c Column)> {
    let path = Path::parse(name);
    let found = context.registry().follow(target.model, &path);
    match (found.rest.is_empty(), found.column) {
        (true, Some(column)) => Ok((path, column)),
        _ => {
            let label = context.registry().model(target.model).label();
            Err(Error::internal(format!("`{label}` has no field `{name}`")))
        }
    }
}

/// The first of what is wrong.
fn first(problems: Problems) -> Option<Problem> {
    match problems {
        Problems::List(all) => all.into_iter().next(),
        Problems::Map(all) => all.into_iter().find_map(|(_, inner)| first(inner)),
        Problems::Each(all) => all.into_iter().find_map(first),
        Problems::Alone(problem) => Some(problem),
    }
}

/// Why a value cannot be one of a column.
enum Unfit {
    /// Its type, or its words, are not those of the column.
    Type,
    /// The reference's field of the model says so in its own words.
    Words(Problem),
}

/// A value as a column's kind takes it in a query. `None` is one that no row can have.
fn typed(kind: &schema::Kind, given: &Json) -> Result<Option<Value>, Unfit> {
    use schema::Kind;
    match kind {
        Kind::SmallAuto
        | Kind::Auto
        | Kind::BigAuto
        | Kind::SmallInteger
        | Kind::Integer
        | Kind::BigInteger
        | Kind::PositiveSmallInteger
        | Kind::PositiveInteger
        | Kind::PositiveBigInteger => whole(given),
        Kind::Uuid => match given {
            Json::Text(text) => match uuid_of(text) {
                Some(uuid) => Ok(Some(Value::Uuid(uuid))),
                None => Err(Unfit::Words(Problem::new("invalid", format!("“{text}” is not a valid UUID.")))),
            },
            other => {
                let text = python::str(other);
                Err(Unfit::Words(Problem::new("invalid", format!("“{text}” is not a valid UUID."))))
            }
        },
        Kind::Float => match given {
            Json::Float(number) => Ok(Some(Value::Float(*number))),
            Json::Int(number) => Ok(Some(Value::Int(*number))),
            Json::Text(text) => python::float(text).map(|number| Some(Value::Float(number))).ok_or(Unfit::Type),
            _ => Err(Unfit::Type),
        },
        _ => Ok(Some(Value::Text(python::str(given)))),
    }
}

/// As the reference's `int`: fractions are cut off.
fn whole(given: &Json) -> Result<Option<Value>, Unfit> {
    match given {
        Json::Int(number) => Ok(Some(Value::Int(*number))),
        Json::Bool(yes) => Ok(Some(Value::Int((*yes).into()))),
        Json::Big(_) => Ok(None),
        #[allow(
            clippy::cast_possible_truncation,
            reason = "cut off as the reference does; what does not fit is no row's"
        )]
        Json::Float(number) => Ok((number.abs() < 9.2e18).then(|| Value::Int(number.trunc() as i64))),
        Json::Text(text) => match python::int(text) {
            Some(number) => Ok(number.to_i64().map(Value::Int)),
            None => Err(Unfit::Type),
        },
        _ => Err(Unfit::Type),
    }
}

/// A UUID in any of the ways that the reference's language takes.
fn uuid_of(text: &str) -> Option<String> {
    let plain = text.replace("urn:", "").replace("uuid:", "");
    let digits: String = plain.trim_matches(['{', '}']).replace('-', "");
    let is_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| {
        let digits = digits.to_lowercase();
        format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
    })
}
