//! A user as the database has it, whatever model it is a row of.
//!
//! Read by the registry, so that one compiled function serves every project; its own type is made of the same cells when
//! somebody asks for it.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use quintet_core::python::int;
use quintet_core::query::{Condition, Expr, ModelId, Path, Query, Registry, Statement, Step};
use quintet_core::schema::{Kind, Value};
use quintet_db::model::Model;
use quintet_db::query::{field_value, layout, row_of, rows_by};
use quintet_db::{Cell, Db, Fetched};
use tokio::sync::OnceCell;

use super::backends;
use super::permissions::permissions;
use super::settings::Accounts;
use crate::http::{BoxFuture, Error, Result};
use crate::rest::{AnyUser, Object};

/// A user.
pub struct Account {
    registry: Arc<Registry>,
    model: ModelId,
    cells: Vec<Cell>,
    /// The places of the model's columns among the cells.
    places: Vec<(usize, usize)>,
    username: String,
    /// The name of the backend that knew its credentials.
    backend: Option<String>,
    permissions: OnceCell<Arc<BTreeSet<String>>>,
    typed: OnceLock<Box<dyn Any + Send + Sync>>,
}

/// The user of whom a field has this value; nobody, where the value is none that the field could have.
///
/// # Errors
/// What the database refuses; a user model or a field that is not there.
pub async fn find(db: Db<'_>, field: &str, value: Value) -> Result<Option<Account>> {
    let accounts = Accounts::of(db);
    let (app, name) = &accounts.model;
    let registry = db.registry().map_err(Error::internal)?;
    let model = registry.find(app, name).ok_or_else(|| no_model(app, name))?;
    let info = registry.model(model);
    let column = info.place(field).ok_or_else(|| Error::internal(format!("`{app}.{name}` has no field `{field}`")))?;
    let Some(value) = fitting(&info.columns[column].kind, value) else { return Ok(None) };
    // Whom the manager of the users' model leaves out is nobody here.
    let fetched = rows_by(db, model, column, value, MOST).await.map_err(Error::internal)?;
    only(fetched, &accounts, (registry, model))
}

/// The user whom a row of another model leads to, by a path; the value is text. That row is believed, whatever the manager of
/// the users' model leaves out: the reference joins the user to it.
pub(crate) async fn find_by(db: Db<'_>, path: &str, value: Value) -> Result<Option<Account>> {
    let accounts = Accounts::of(db);
    let (app, name) = &accounts.model;
    let registry = db.registry().map_err(Error::internal)?;
    let model = registry.find(app, name).ok_or_else(|| no_model(app, name))?;
    if matches!(&value, Value::Text(text) if text.contains('\0')) {
        return Ok(None);
    }
    let mut query = Query::of(app.clone(), name.clone());
    query.steps.push(Step::Filter(Condition::Lookup(Path::parse(path), Expr::Value(value))));
    query.ordering = quintet_core::query::Ordering::By(vec![]);
    query.slice.limit = Some(Value::Int(MOST));
    let fetched = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    only(fetched, &accounts, (registry, model))
}

/// So many users are asked for where one is meant.
const MOST: i64 = 2;

/// Where several have the same value, it tells nobody's account.
fn only(
    fetched: Fetched,
    accounts: &Accounts,
    (registry, model): (&Arc<Registry>, ModelId),
) -> Result<Option<Account>> {
    if fetched.rows.len() != 1 {
        return Ok(None);
    }
    Account::read(registry, model, fetched, &accounts.auth.username_field).map(Some)
}

/// A value as a column of this kind could have it: text of a number, as tokens have it, for a column of numbers.
fn fitting(kind: &Kind, value: Value) -> Option<Value> {
    let is_number = matches!(
        kind,
        Kind::Auto
            | Kind::BigAuto
            | Kind::SmallAuto
            | Kind::Integer
            | Kind::BigInteger
            | Kind::SmallInteger
            | Kind::PositiveInteger
            | Kind::PositiveBigInteger
            | Kind::PositiveSmallInteger
    );
    match value {
        Value::Null => None,
        Value::Text(text) if text.contains('\0') => None,
        Value::Text(text) if is_number => number(&text).map(Value::Int),
        #[allow(clippy::cast_possible_truncation, reason = "the reference cuts it as well, and the range is looked at")]
        Value::Float(number) if is_number => (number.abs() < 9e15).then_some(Value::Int(number as i64)),
        Value::Bool(yes) if is_number => Some(Value::Int(yes.into())),
        Value::Text(text) if matches!(kind, Kind::Uuid) => uuid(&text).map(Value::Uuid),
        Value::Int(number) if !is_number => Some(Value::Text(number.to_string())),
        other => Some(other),
    }
}

/// A whole number out of text, as the reference's language reads it. Most are a few digits.
fn number(text: &str) -> Option<i64> {
    let is_plain = (1..=18).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit());
    if is_plain { text.parse().ok() } else { int(text).and_then(|number| number.to_i64()) }
}

/// A UUID as it is written, out of 32 digits with or without hyphens.
fn uuid(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_uuid = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_uuid.then(|| {
        let digits = digits.to_lowercase();
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
    })
}

fn no_model(app: &str, name: &str) -> Error {
    Error::internal(format!("`{app}.{name}` is no model of this project; name its app in `installed_apps`"))
}

impl Account {
    fn read(registry: &Arc<Registry>, model: ModelId, fetched: Fetched, username_field: &str) -> Result<Self> {
        let places = fetched.compiled.as_ref().and_then(|plan| plan.rows.first()).map(|row| row.columns.clone());
        let mut account = Self {
            registry: registry.clone(),
            model,
            cells: fetched.rows.into_cells(),
            places: places.unwrap_or_default(),
            username: String::new(),
            backend: None,
            permissions: OnceCell::new(),
            typed: OnceLock::new(),
        };
        account.username = match account.value(username_field) {
            Some(Value::Text(text)) => text,
            Some(Value::Null) | None => String::new(),
            Some(Value::Int(number)) => number.to_string(),
            Some(_) => return Err(Error::internal(format!("`{username_field}` of a user is no text"))),
        };
        Ok(account)
    }

    /// The account of a row that is there already; nothing where its model is none of the project's.
    pub fn of_row<M: Model>(registry: &Arc<Registry>, row: &M, username_field: &str) -> Option<Self> {
        let model = registry.find(M::APP_LABEL, M::DEF.name)?;
        let columns = registry.model(model).columns.iter();
        let cells: Vec<Cell> =
            columns.map(|column| field_value(registry, row, &column.attname).map_or(Cell::Null, Cell::from)).collect();
        let mut account = Self {
            registry: registry.clone(),
            model,
            places: (0..cells.len()).map(|place| (place, place)).collect(),
            cells,
            username: String::new(),
            backend: None,
            permissions: OnceCell::new(),
            typed: OnceLock::new(),
        };
        account.username = account.text(username_field).to_owned();
        Some(account)
    }

    fn cell(&self, field: &str) -> Option<&Cell> {
        let info = self.registry.model(self.model);
        let named = |name: &str| info.columns.iter().position(|column| column.name == name || column.attname == name);
        let column = if field == "pk" { info.key.first().copied() } else { named(field) }?;
        let (_, cell) = self.places.iter().find(|(place, _)| *place == column)?;
        self.cells.get(*cell)
    }

    /// The value of a field, by its name, or of the primary key by `pk`; nothing where there is no such field.
    pub fn value(&self, field: &str) -> Option<Value> {
        self.cell(field).cloned().map(Value::from)
    }

    /// All fields that have text, each with what people call it and its value.
    pub(super) fn texts(&self) -> impl Iterator<Item = (String, String, String)> {
        let columns = &self.registry.model(self.model).columns;
        columns.iter().filter(|column| column.name != "password").filter_map(|column| {
            let label = column.field.verbose_name.clone().unwrap_or_else(|| column.name.replace('_', " "));
            match self.cell(&column.name)? {
                Cell::Text(text) => Some((column.name.clone(), label, text.to_string())),
                _ => None,
            }
        })
    }

    /// A field's text; empty where there is none.
    pub fn text(&self, field: &str) -> &str {
        match self.cell(field) {
            Some(Cell::Text(text)) => text,
            _ => "",
        }
    }

    fn flag(&self, field: &str, otherwise: bool) -> bool {
        match self.cell(field) {
            Some(Cell::Bool(yes)) => *yes,
            Some(Cell::Int(number)) => *number != 0,
            _ => otherwise,
        }
    }

    /// The hash of the password.
    pub fn password(&self) -> &str {
        self.text("password")
    }

    /// The name of the backend that knew its credentials; nothing where it was found in another way.
    pub fn backend(&self) -> Option<&str> {
        self.backend.as_deref()
    }

    /// The same as if the backend of this name had given it, which is then asked about its session.
    #[must_use]
    pub fn with_backend(self, path: &str) -> Self {
        Self { backend: Some(path.to_owned()), ..self }
    }

    /// The names of the permissions that it has, by all backends together.
    ///
    /// # Errors
    /// What the database or a backend refuses.
    pub async fn permissions(&self, db: Db<'_>) -> Result<Arc<BTreeSet<String>>> {
        backends::all_permissions(&Accounts::of(db).auth, db, self, None).await
    }

    /// Those that it has in the database: by itself, or by its groups. All there are for a superuser, none for who is not
    /// active. Asked once.
    pub(super) async fn stored_permissions(&self, db: Db<'_>) -> Result<Arc<BTreeSet<String>>> {
        if !self.is_active() {
            return Ok(Arc::default());
        }
        let asked = async { permissions(db, &self.id(), self.is_superuser()).await.map(Arc::new) };
        self.permissions.get_or_try_init(|| asked).await.cloned()
    }

    async fn may(&self, db: Db<'_>, permission: &str, object: Option<Object<'_>>) -> Result<bool> {
        if self.is_active() && self.is_superuser() {
            return Ok(true);
        }
        backends::has_perm(&Accounts::of(db).auth, db, self, permission, object).await
    }

    /// The row as a struct of the user model's.
    ///
    /// # Errors
    /// The user model is another.
    pub fn get<M: Model>(&self) -> Result<&M> {
        if self.typed.get().is_none() {
            let _ = self.typed.set(Box::new(self.row::<M>()?));
        }
        let typed = self.typed.get().and_then(|row| row.downcast_ref());
        typed.ok_or_else(|| Error::internal("the row of the user is of another type"))
    }

    /// The same as a value of one's own, to be changed or deleted.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn row<M: Model>(&self) -> Result<M> {
        let find = |column: usize| self.places.iter().find(|(place, _)| *place == column).map(|(_, cell)| *cell);
        let info = self.registry.model(self.model);
        if self.registry.find(M::APP_LABEL, M::DEF.name) != Some(self.model) {
            let message = format!("users are of `{}`, not of `{}.{}`", info.label(), M::APP_LABEL, M::DEF.name);
            return Err(Error::internal(message));
        }
        let layout = layout::<M>(&self.registry, &find).map_err(Error::internal)?;
        row_of(&mut self.cells.clone(), &layout).map_err(Error::internal)
    }
}

impl AnyUser for Account {
    fn id(&self) -> Value {
        self.value("pk").unwrap_or(Value::Null)
    }

    fn username(&self) -> &str {
        &self.username
    }

    fn is_active(&self) -> bool {
        self.flag("is_active", true)
    }

    fn is_staff(&self) -> bool {
        self.flag("is_staff", false)
    }

    fn is_superuser(&self) -> bool {
        self.flag("is_superuser", false)
    }

    fn has_perm<'a>(&'a self, db: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(self.may(db, permission, None))
    }

    fn has_object_perm<'a>(
        &'a self,
        db: Db<'a>,
        permission: &'a str,
        object: Object<'a>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(self.may(db, permission, Some(object)))
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}

/// Nothing of it but who it is: a hash does not belong into logs.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.username)
    }
}
