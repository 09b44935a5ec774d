//! The tokens.

use quintet_core::query::{Conflict, Expr, Insert, Path, Query, Statement, Step};
use quintet_core::schema::{Field, OnDelete, Value, words};
use quintet_db::Db;

use crate::models::derive::{Aspects, Cell, Column, FLAT, NULL, ON_DELETE, PRIMARY_KEY, RELATED, Result, TO_FIELD};
use crate::models::*;

/// A user's token.
#[derive(Model, Clone, Debug)]
#[model(verbose_name = "Token", verbose_name_plural = "Tokens")]
pub struct Token {
    /// The token: 40 hexadecimal digits.
    #[field(max_length = 40, primary_key, verbose_name = "Key")]
    pub key: String,
    /// Whose it is.
    #[field(on_delete = cascade, verbose_name = "User")]
    pub user: UserKey,
    /// Since when.
    #[field(auto_now_add, verbose_name = "Created")]
    pub created: DateTime,
}

/// The same, as the reference's admin shows it.
#[derive(Model, Clone, Debug)]
#[model(proxy, verbose_name = "Token", verbose_name_plural = "Tokens")]
pub struct TokenProxy(pub Token);

impl Token {
    /// The token of a user; a new one, where there is none.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn of(db: Db<'_>, user: &Value) -> crate::http::Result<String> {
        let insert = Insert {
            model: ("authtoken".into(), "Token".into()),
            fields: ["key", "user", "created"].map(Into::into).to_vec(),
            rows: vec![[Value::Text(new_key()?), user.clone(), now()].map(Expr::Value).to_vec()],
            conflict: Some(Conflict::Ignore),
            returning: vec![],
        };
        // Looked for first: the usual case makes none.
        if let Some(key) = found(db, user).await? {
            return Ok(key);
        }
        db.run(&Statement::Insert(&insert)).await?;
        let made = found(db, user).await?;
        made.ok_or_else(|| crate::http::Error::unexpected("the token of a user was deleted while it was made"))
    }

    /// Takes the token of a user back.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn take_back(db: Db<'_>, user: &Value) -> crate::http::Result<()> {
        db.run(&Statement::Delete(&of_user(user))).await?;
        Ok(())
    }
}

async fn found(db: Db<'_>, user: &Value) -> crate::http::Result<Option<String>> {
    let mut query = of_user(user);
    query.steps.push(Step::Values(vec![("key".into(), Expr::F(Path::parse("key")))]));
    let rows = db.select(&Statement::Select(&query)).await?.rows;
    Ok(match rows.into_first() {
        Some(Cell::Text(key)) => Some(key.into_string()),
        _ => None,
    })
}

fn of_user(user: &Value) -> Query {
    let mut query = Query::of("authtoken", "Token");
    query.steps.push(Step::lookup("user", user.clone()));
    query
}

fn now() -> Value {
    let since = quintet_db::time().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_micros();
    Value::from(Cell::DateTime(i64::try_from(since).unwrap_or(i64::MAX)))
}

/// 160 bits by chance.
fn new_key() -> crate::http::Result<String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|error| crate::http::Error::unexpected(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The key of a user who has one token, whichever the project's user model is. Not that of `auth`: of one user there is one row.
#[derive(Clone, Debug, PartialEq)]
pub struct UserKey {
    /// The user's primary key.
    pub id: Value,
}

impl FieldType for UserKey {
    type Base = Value;
    type Compared = Value;
    type Column = Column<Self>;
    type NullColumn = Column<Option<Self>>;

    const TAKES: Aspects = ON_DELETE | RELATED | TO_FIELD | PRIMARY_KEY | NULL | FLAT;
    const NEEDS: Aspects = ON_DELETE;

    fn field() -> Field {
        words::one_to_one(words::user_model(), OnDelete::Cascade).related_name("auth_token")
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        Ok(Self { id: cell.into() })
    }

    fn to_value(&self) -> Value {
        self.id.clone()
    }

    fn base(&self) -> Value {
        self.id.clone()
    }
}
