//! Identifiers are copied into the column for text.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0003_auto_20171017_2007")
        .depends_on("token_blacklist", "0002_outstandingtoken_jti_hex")
        .operations(vec![run(write_as_text).reverse(read_from_text)])
}

/// Text of 32 digits, without hyphens.
async fn write_as_text(_: &Apps, db: Db<'_>) -> Result<()> {
    for row in db.query("SELECT id, jti FROM token_blacklist_outstandingtoken", &[]).await? {
        let values = [row.text("jti")?.replace('-', "").into(), row.int("id")?.into()];
        db.execute("UPDATE token_blacklist_outstandingtoken SET jti_hex = $1 WHERE id = $2", &values).await?;
    }
    Ok(())
}

async fn read_from_text(_: &Apps, db: Db<'_>) -> Result<()> {
    for row in db.query("SELECT id, jti_hex FROM token_blacklist_outstandingtoken", &[]).await? {
        let values = [Value::Uuid(row.text("jti_hex")?.to_owned()), row.int("id")?.into()];
        db.execute("UPDATE token_blacklist_outstandingtoken SET jti = $1 WHERE id = $2", &values).await?;
    }
    Ok(())
}
