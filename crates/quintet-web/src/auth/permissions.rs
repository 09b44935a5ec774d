//! What a user may do, by the rows of permissions and groups.

use std::collections::BTreeSet;

use quintet_core::query::{Condition, Expr, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

use super::settings::Accounts;
use crate::http::{Error, Result};

/// The permissions of a user, as `shop.add_product`; all of them where it is said.
pub(super) async fn permissions(db: Db<'_>, user: &Value, all: bool) -> Result<BTreeSet<String>> {
    let registry = db.registry().map_err(Error::internal)?;
    let (app, name) = &Accounts::of(db).model;
    let users = registry.find(app, name);
    // By the names in paths of the way back from permissions and from groups; a user model without them has none.
    let leads = |model: &str| {
        let info = registry.find("auth", model).map(|model| registry.model(model))?;
        info.links.values().find(|link| Some(link.target) == users && link.is_many).map(|link| link.name.clone())
    };
    let mut found = BTreeSet::new();
    if all {
        collect(db, None, &mut found).await?;
        return Ok(found);
    }
    if let Some(own) = leads("Permission") {
        collect(db, Some((Path::from_iter([own]), user)), &mut found).await?;
    }
    if let Some(group) = leads("Group") {
        collect(db, Some((Path::from_iter(["group".to_owned(), group]), user)), &mut found).await?;
    }
    Ok(found)
}

async fn collect(db: Db<'_>, of: Option<(Path, &Value)>, found: &mut BTreeSet<String>) -> Result<()> {
    let mut query = Query::of("auth", "Permission");
    if let Some((path, user)) = of {
        query.steps.push(Step::Filter(Condition::Lookup(path, Expr::Value(user.clone()))));
    }
    let value = |name: &'static str, path: &str| (name.into(), Expr::F(Path::parse(path)));
    query.steps.push(Step::Values(vec![value("app", "content_type__app_label"), value("code", "codename")]));
    query.ordering = quintet_core::query::Ordering::By(vec![]);
    let fetched = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    for row in fetched.rows.iter() {
        if let [Cell::Text(app), Cell::Text(code)] = row {
            found.insert(format!("{app}.{code}"));
        }
    }
    Ok(())
}
