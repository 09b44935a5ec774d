//! New users: what becomes of a name, an address and a password before they are written.

use std::collections::BTreeMap;

use quintet_core::python::strip;
use quintet_core::query::Expr;
use quintet_core::schema::Value;
use quintet_db::Db;
use quintet_db::query::Assignment;
use unicode_normalization::UnicodeNormalization;

use super::login::hashed;
use super::settings::Accounts;
use crate::http::{Error, Result};

/// A name as it is kept: letters that look the same are the same (NFKC).
pub fn normalize_username(name: &str) -> String {
    name.nfkc().collect()
}

/// An address as it is kept: the part behind the last `@` in lower case.
pub fn normalize_email(address: &str) -> String {
    match strip(address).rsplit_once('@') {
        Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
        None => address.to_owned(),
    }
}

/// The values of a new user, made ready to be written: name and address normalised, the password hashed; without one, no
/// password fits. For a project's own user model; the built-in one has `User::create_user`.
///
/// # Errors
/// There is no name; 503 where too many passwords wait to be hashed.
pub async fn new_user(db: Db<'_>, values: Vec<Assignment>) -> Result<Vec<Assignment>> {
    let username_field = Accounts::of(db).auth.username_field.clone();
    let mut fields = BTreeMap::new();
    let mut order = vec![];
    for value in values {
        let (name, expr) = value.into_parts().map_err(Error::internal)?;
        if fields.insert(name.to_string(), expr).is_none() {
            order.push(name.to_string());
        }
    }
    match fields.get_mut(&username_field) {
        Some(Expr::Value(Value::Text(name))) if !name.is_empty() => *name = normalize_username(name),
        // A number, or the key of another row.
        Some(Expr::Value(value)) if !matches!(value, Value::Text(_) | Value::Null) => {}
        _ => return Err(Error::internal(format!("a new user needs a `{username_field}`"))),
    }
    if let Some(Expr::Value(Value::Text(address))) = fields.get_mut("email") {
        *address = normalize_email(address);
    }
    let password = match fields.get("password") {
        Some(Expr::Value(Value::Text(password))) => Some(password.clone()),
        _ => None,
    };
    let encoded = Expr::Value(Value::Text(hashed(db, password.as_deref()).await?));
    if fields.insert("password".to_owned(), encoded).is_none() {
        order.push("password".to_owned());
    }
    let made = order.into_iter().filter_map(|name| {
        let value = fields.remove(&name)?;
        Some(Assignment::computed(name, value))
    });
    Ok(made.collect())
}

/// The same of a superuser: who may do everything and use the admin, as far as the user model has a field for it.
///
/// # Errors
/// The same.
pub async fn new_superuser(db: Db<'_>, mut values: Vec<Assignment>) -> Result<Vec<Assignment>> {
    let (app, name) = Accounts::of(db).model.clone();
    let model = db.registry().ok().and_then(|registry| Some(registry.model(registry.find(&app, &name)?)));
    for flag in ["is_staff", "is_superuser"] {
        if model.is_none_or(|model| model.column(flag).is_some()) {
            values.push(Assignment::named(flag, true));
        }
    }
    new_user(db, values).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        assert_eq!(normalize_username("ａｂ"), "ab");
        assert_eq!(normalize_username("ﬁ Å"), "fi Å");
    }

    #[test]
    fn the_domain_of_an_address_is_in_lower_case() {
        for (given, kept) in [
            ("Ann@Example.COM", "Ann@example.com"),
            (" a@B@C ", "a@B@c"),
            ("no address", "no address"),
            (" none ", " none "),
            ("", ""),
        ] {
            assert_eq!(normalize_email(given), kept);
        }
    }
}
