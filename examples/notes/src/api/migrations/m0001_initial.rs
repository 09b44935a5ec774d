//! Made by quintet 0.1.0 on 2026-11-21 12:00.

use quintet::migrations::*;

pub fn migration() -> Migration {
    Migration::new("0001_initial")
        .initial()
        .depends_on_user_model()
        .operations(vec![create_model(
            "Note",
            vec![
                ("id", big_auto().primary_key()),
                ("title", char(100)),
                ("content", text()),
                ("created_at", date_time().auto_now_add()),
                (
                    "author",
                    foreign_key(user_model(), OnDelete::Cascade).related_name("notes"),
                ),
            ],
            options().ordering(&["-created_at"]),
        )])
}
