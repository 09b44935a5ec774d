//! Migration `0001_initial` of the app `notes`.

use quintet::migrations::*;

pub fn migration() -> Migration {
    Migration::new("0001_initial").initial().depends_on_user_model().operations(vec![create_model(
        "Note",
        vec![
            ("id", big_auto().primary_key()),
            ("title", char(100)),
            ("author", foreign_key(user_model(), OnDelete::Cascade).related_name("notes")),
        ],
        options().ordering(&["-id"]).index(Index::on([lower("title")]).name("by_title")),
    )])
}
