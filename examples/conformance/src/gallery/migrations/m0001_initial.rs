//! Made by quintet 0.1.0 on 2026-11-21 19:19.

use quintet::migrations::*;

pub fn migration() -> Migration {
    Migration::new("0001_initial")
        .initial()
        .depends_on_user_model()
        .operations(vec![
            create_model(
                "Artist",
                vec![
                    ("id", big_auto().primary_key()),
                    ("name", char(40).unique()),
                    ("slug", slug().unique()),
                    (
                        "country",
                        char(2).blank().choices(vec![
                            ("FR".into(), "France"),
                            ("JP".into(), "Japan"),
                            ("BR".into(), "Brazil"),
                        ]),
                    ),
                    ("born", date().null().blank()),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Event",
                vec![
                    ("id", big_auto().primary_key()),
                    ("name", char(20).unique_for_date("held_on")),
                    ("hall", char(20).unique_for_month("held_on")),
                    ("guest", char(20).blank().unique_for_year("held_on")),
                    ("held_on", date()),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Label",
                vec![
                    ("id", big_auto().primary_key()),
                    ("code", slug().max_length(12).unique()),
                    ("name", char(30)),
                ],
                options().ordering(&["code"]),
            ),
            create_model(
                "Moment",
                vec![
                    ("id", big_auto().primary_key()),
                    ("name", char(20)),
                    ("at", date_time().null().blank()),
                    ("day", date().null().blank()),
                    ("hour", time().null().blank()),
                    ("span", duration().null().blank()),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Photo",
                vec![
                    ("id", big_auto().primary_key()),
                    ("title", char(20).blank()),
                    ("image", file().upload_to("photos/").max_length(40)),
                    ("thumb", file().upload_to_fn(crate::gallery::models::thumb_path).blank()),
                    ("note", file().null().blank()),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Document",
                vec![
                    ("id", big_auto().primary_key()),
                    ("title", char(30)),
                    (
                        "state",
                        char(8).with_default("draft").choices(vec![
                            ("draft".into(), "Draft"),
                            ("open".into(), "Open"),
                            ("sealed".into(), "Sealed"),
                        ]),
                    ),
                    (
                        "editors",
                        many_to_many(user_model()).related_name("editable").blank(),
                    ),
                    (
                        "owner",
                        foreign_key(user_model(), OnDelete::Cascade).related_name("documents"),
                    ),
                ],
                options()
                    .ordering(&["id"])
                    .permission("seal_document", "Can seal document"),
            ),
            create_model(
                "Album",
                vec![
                    ("id", big_auto().primary_key()),
                    ("title", char(30)),
                    ("released", date().null().blank()),
                    ("price", decimal(6, 2).with_default(dec("0"))),
                    (
                        "artist",
                        foreign_key("gallery.Artist", OnDelete::Cascade).related_name("albums"),
                    ),
                    (
                        "labels",
                        many_to_many("gallery.Label").related_name("albums").blank(),
                    ),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Profile",
                vec![
                    ("id", big_auto().primary_key()),
                    ("bio", text().blank()),
                    ("website", url().blank()),
                    (
                        "artist",
                        one_to_one("gallery.Artist", OnDelete::Cascade).related_name("profile"),
                    ),
                ],
                options(),
            ),
            create_model(
                "Seat",
                vec![
                    ("id", big_auto().primary_key()),
                    ("row", char(2)),
                    ("number", integer()),
                    ("code", char(10).null().blank().unique()),
                    ("holder", char(10).null().blank()),
                    ("status", char(6).with_default("free")),
                    ("gate", integer().null().blank()),
                    ("lane", integer().null().blank()),
                ],
                options()
                    .ordering(&["id"])
                    .constraint(unique("seat_once", &["row", "number"]))
                    .constraint(
                        unique("seat_one_holder", &["holder"])
                            .condition(q("status", "held"))
                            .message("This holder has a seat.")
                            .code("held"),
                    )
                    .constraint(
                        unique("seat_kept", &["row", "holder"])
                            .condition(q("status", "kept"))
                            .message("Kept once for a row."),
                    )
                    .constraint(
                        unique("seat_gate", &["gate", "lane"]).message("The gate is taken."),
                    )
                    .constraint(unique_on("seat_code_ci", [lower("code")])),
            ),
            create_model(
                "Sheet",
                vec![
                    ("id", uuid().primary_key()),
                    ("key", char(20).unique()),
                    ("rank", integer().with_default(0)),
                    (
                        "parent",
                        foreign_key("gallery.Sheet", OnDelete::SetNull)
                            .related_name("children")
                            .null()
                            .blank(),
                    ),
                ],
                options().ordering(&["rank", "key"]),
            ),
            create_model(
                "Track",
                vec![
                    ("id", big_auto().primary_key()),
                    ("position", positive_small_integer()),
                    ("title", char(30)),
                    ("length", duration().null().blank()),
                    (
                        "album",
                        foreign_key("gallery.Album", OnDelete::Cascade).related_name("tracks"),
                    ),
                ],
                options().ordering(&["position", "id"]),
            ),
            create_model(
                "Credit",
                vec![
                    ("id", big_auto().primary_key()),
                    ("person", char(30)),
                    (
                        "role",
                        char(8).with_default("player").choices(vec![
                            ("writer".into(), "Writer"),
                            ("player".into(), "Player"),
                        ]),
                    ),
                    (
                        "track",
                        foreign_key("gallery.Track", OnDelete::Cascade).related_name("credits"),
                    ),
                ],
                options().ordering(&["id"]),
            ),
            create_model(
                "Vote",
                vec![
                    ("id", big_auto().primary_key()),
                    ("score", integer().with_default(0)),
                    (
                        "document",
                        foreign_key("gallery.Document", OnDelete::Cascade).related_name("votes"),
                    ),
                    ("user", foreign_key(user_model(), OnDelete::Cascade)),
                ],
                options().ordering(&["id"]),
            ),
            add_constraint("album", unique("album_once", &["artist", "title"])),
            alter_unique_together("track", vec![vec!["album", "position"]]),
            add_constraint(
                "vote",
                unique("one_vote", &["document", "user"])
                    .message("You have voted.")
                    .code("voted"),
            ),
        ])
}
