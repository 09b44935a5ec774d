//! Content types have no name of their own any more: it is their model's.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0002_remove_content_type_name").depends_on("contenttypes", "0001_initial").operations(vec![
        alter_model_options("contenttype", options().verbose_name("content type").verbose_name_plural("content types")),
        alter_field("contenttype", "name", char(100).null()),
        run(nothing).reverse(add_legacy_names),
        remove_field("contenttype", "name"),
    ])
}

/// A content type is named as its model is, or by what it says of the model where that is gone.
async fn add_legacy_names(apps: &Apps, db: Db<'_>) -> Result<()> {
    for row in db.query("SELECT id, app_label, model FROM django_content_type", &[]).await? {
        let (app, model) = (row.text("app_label")?, row.text("model")?);
        let name = apps.state().model(app, model).map_or(model, |model| &model.name);
        let values = [name.into(), row.int("id")?.into()];
        db.execute("UPDATE django_content_type SET name = $1 WHERE id = $2", &values).await?;
    }
    Ok(())
}
