//! Migration `0002_note_slug` of the app `notes`.

use quintet::migrations::*;

pub fn migration() -> Migration {
    Migration::new("0002_note_slug")
        .depends_on("notes", "0001_initial")
        .operations(vec![add_field("note", "slug", slug().with_default("")), run(fill_slugs).reverse(nothing)])
}

async fn fill_slugs(apps: &Apps, db: Db<'_>) -> Result<()> {
    let notes = apps.model("notes.Note")?;
    for mut note in notes.all(db).await? {
        let slug = note.text("title")?.to_lowercase().replace(' ', "-");
        note.set("slug", slug)?;
        notes.save(db, &note).await?;
    }
    Ok(())
}
