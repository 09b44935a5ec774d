//! Permissions upon a proxy belong to the content type of the proxy, no longer to that of its base.

use quintet_core::migrate::permissions::{ContentType, usual};
use quintet_core::schema::ModelState;
use quintet_db::{Error, ErrorKind};

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0011_update_proxy_permissions")
        .depends_on("auth", "0010_alter_group_name_max_length")
        .depends_on("contenttypes", "0002_remove_content_type_name")
        .operations(vec![run(from_bases_to_proxies).reverse(from_proxies_to_bases)])
}

async fn from_bases_to_proxies(apps: &Apps, db: Db<'_>) -> Result<()> {
    for (proxy, base) in proxies(apps) {
        let (base, own) = (content_type(db, &base).await?, content_type(db, &proxy.key()).await?);
        move_permissions(db, proxy, base, own).await?;
    }
    Ok(())
}

async fn from_proxies_to_bases(apps: &Apps, db: Db<'_>) -> Result<()> {
    for (proxy, base) in proxies(apps) {
        let (base, own) = (content_type(db, &base).await?, content_type(db, &proxy.key()).await?);
        move_permissions(db, proxy, own, base).await?;
    }
    Ok(())
}

fn proxies(apps: &Apps) -> Vec<(&ModelState, ContentType)> {
    let state = apps.state();
    let proxies = state.models.values().filter(|model| model.options.proxy);
    proxies.map(|model| (model, state.concrete(model).key())).collect()
}

/// The number of a content type, which is made where there is none yet.
async fn content_type(db: Db<'_>, (app, model): &ContentType) -> Result<i64> {
    let key = [app.as_str().into(), model.as_str().into()];
    let find = "SELECT id FROM django_content_type WHERE app_label = $1 AND model = $2";
    if let Some(row) = db.query(find, &key).await?.first() {
        return row.int("id");
    }
    let make = "INSERT INTO django_content_type (app_label, model) VALUES ($1, $2) RETURNING id";
    match db.query(make, &key).await?.first() {
        Some(row) => row.int("id"),
        None => Err(Error::other(format!("the content type of `{app}.{model}` was written and is not there"))),
    }
}

/// Where one of them is at the new place already, all stay at the old one, and somebody should look.
async fn move_permissions(db: Db<'_>, proxy: &ModelState, old: i64, new: i64) -> Result<()> {
    let savepoint = db.transaction().await?;
    match update(Db::from(&savepoint), proxy, old, new).await {
        Ok(()) => savepoint.commit().await,
        Err(error) if error.kind() == ErrorKind::Unique => {
            savepoint.rollback().await?;
            tracing::warn!(
                "permissions upon `{}` exist twice, for the content types {old} and {new}; they stay as they are\n\
                 hint: look at them in `auth_permission`, and delete those that should not be",
                proxy.label()
            );
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn update(db: Db<'_>, proxy: &ModelState, old: i64, new: i64) -> Result<()> {
    const MOVE: &str = "UPDATE auth_permission SET content_type_id = $1 WHERE content_type_id = $2 AND codename = $3";
    for (codename, _) in usual(proxy) {
        db.execute(MOVE, &[new.into(), old.into(), codename.into()]).await?;
    }
    for (codename, name) in &proxy.options.permissions {
        let values = [new.into(), old.into(), codename.as_str().into(), name.as_str().into()];
        db.execute(&format!("{MOVE} AND name = $4"), &values).await?;
    }
    Ok(())
}
