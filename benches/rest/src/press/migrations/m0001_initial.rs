//! Creates `Category`, `Article` and `Comment`.

use quintet::migrations::*;

pub fn migration() -> Migration {
    Migration::new("0001_initial").initial().depends_on_user_model().operations(vec![
        create_model("Category", vec![("id", big_auto().primary_key()), ("name", char(50))], options()),
        create_model(
            "Article",
            vec![
                ("id", big_auto().primary_key()),
                ("title", char(100)),
                ("slug", slug().max_length(60).unique()),
                ("body", text()),
                ("views", integer().with_default(0)),
                ("published", boolean().with_default(true)),
                ("created_at", date_time().auto_now_add()),
                ("category", foreign_key("press.category", OnDelete::Cascade).related_name("articles")),
                ("author", foreign_key(user_model(), OnDelete::Cascade).related_name("articles")),
            ],
            options().index(index(&["author", "-created_at"]).name("press_article_latest")),
        ),
        create_model(
            "Comment",
            vec![
                ("id", big_auto().primary_key()),
                ("name", char(50)),
                ("text", char(200)),
                ("article", foreign_key("press.article", OnDelete::Cascade).related_name("comments")),
            ],
            options().ordering(&["id"]),
        ),
    ])
}
