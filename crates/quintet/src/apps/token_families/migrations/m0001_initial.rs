//! The tables of sessions and of their tokens.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    let family = vec![
        ("id", big_auto().primary_key()),
        ("key", char(32).unique()),
        ("created_at", date_time()),
        ("last_used_at", date_time()),
        ("expires_at", date_time().null().blank()),
        ("ended_at", date_time().null().blank()),
        ("password_mark", char(64).blank()),
        ("user_agent", char(200).blank()),
        ("address", char(45).blank()),
        ("user", foreign_key(user_model(), OnDelete::Cascade)),
    ];
    let token = vec![
        ("id", big_auto().primary_key()),
        ("jti", char(255).unique()),
        ("expires_at", date_time().db_index()),
        ("replaced_at", date_time().null().blank()),
        ("successor", text().blank()),
        ("family", foreign_key("token_families.TokenFamily", OnDelete::Cascade).related_name("tokens")),
    ];
    Migration::new("0001_initial").initial().depends_on_user_model().operations(vec![
        create_model(
            "TokenFamily",
            family,
            options()
                .db_table("quintet_token_family")
                .verbose_name("token family")
                .verbose_name_plural("token families")
                .ordering(&["-last_used_at", "-id"]),
        ),
        create_model(
            "FamilyToken",
            token,
            options()
                .db_table("quintet_family_token")
                .verbose_name("family token")
                .verbose_name_plural("family tokens"),
        ),
    ])
}
