//! The table of content types.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").operations(vec![
        create_model(
            "ContentType",
            vec![
                ("id", auto().primary_key()),
                ("name", char(100)),
                ("app_label", char(100)),
                ("model", char(100).verbose_name("python model class name")),
            ],
            options()
                .ordering(&["name"])
                .db_table("django_content_type")
                .verbose_name("content type")
                .verbose_name_plural("content types"),
        ),
        alter_unique_together("contenttype", vec![vec!["app_label", "model"]]),
    ])
}
