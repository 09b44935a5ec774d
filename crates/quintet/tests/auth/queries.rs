//! What generic views over the built-in models ask the database: no more than is needed, and together what can be.

use std::time::Duration;

use quintet::apps::auth::models::{Group, Permission};
use quintet::apps::contenttypes::models::ContentType;
use quintet::prelude::*;
use quintet::rest::AllowAny;
use quintet::rest::filter::{FieldFilters, Filters};
use quintet::settings::Settings;
use quintet::testing::{Client, capture_queries};
use quintet_core::sql::Dialect;
use quintet_db::Connection as _;

use crate::harness::{Kit, each};

#[derive(Serializer)]
#[serializer(model = Permission, fields(id, codename))]
pub struct PermissionSerializer;

/// Permissions by their kind of rows, which is one, and by groups, which are many.
pub struct Permissions;

impl ListApiView for Permissions {
    type Serializer = PermissionSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Permission> {
        Permission::objects().order_by(|permission| permission.id())
    }

    fn filters(&self) -> Filters {
        Filters::new(FieldFilters::exact(["content_type", "group"]))
    }
}

/// A name that no other has, and rows of another model: two questions.
#[derive(Serializer)]
#[serializer(model = Group, fields(id, name, permissions))]
pub struct GroupSerializer;

pub struct Groups;

impl CreateApiView for Groups {
    type Serializer = GroupSerializer;
}

fn urls() -> Urls {
    urls![path("permissions/", Permissions), path("groups/", Groups)]
}

fn client(kit: &Kit) -> Client {
    let mut settings = Settings { urls, ..kit.settings.clone() };
    settings.rest_framework.default_permission_classes = AllowAny.into();
    Client::of(settings)
}

/// A permission, and two groups that have it.
async fn filled(kit: &Kit) -> Permission {
    let db = &kit.db;
    let kind = create!(db, ContentType { app_label: "shop", model: "product" }).await.expect("a kind");
    let made = create!(db, Permission { name: "Can add", content_type: &kind, codename: "add_product" }).await;
    let permission = made.expect("a permission");
    for name in ["staff", "editors"] {
        let group = create!(db, Group { name }).await.expect("a group");
        group.permissions.add(db, [&permission]).await.expect("added");
    }
    permission
}

#[quintet::test]
async fn rows_are_compared_with_each_other_only_where_a_filter_can_find_one_twice() {
    each(async |kit| {
        let permission = filled(kit).await;
        let client = client(kit);
        let url = format!("/permissions/?content_type={}", permission.content_type.id);
        let (answer, queries) = capture_queries(async || client.get(&url).await).await;
        assert_eq!(answer.json(), json!([{ "id": permission.id.0, "codename": "add_product" }]));
        assert!(queries.iter().all(|sql| !sql.contains("DISTINCT")), "{queries:?}");
        let both = Group::objects().all(&kit.db).await.expect("groups");
        let url = format!("/permissions/?group={}&group={}", both[0].id.0, both[1].id.0);
        let (answer, queries) = capture_queries(async || client.get(&url).await).await;
        assert_eq!(answer.json().as_array().map(Vec::len), Some(1), "{}", answer.text());
        assert!(queries.iter().any(|sql| sql.contains("DISTINCT")), "{queries:?}");
    })
    .await;
}

#[quintet::test]
async fn what_is_wrong_is_told_of_all_fields_that_ask_the_database() {
    each(async |kit| {
        filled(kit).await;
        let answer = client(kit).post("/groups/", json!({ "name": "staff", "permissions": [999_999] })).await;
        answer.assert_status(400);
        let wanted = json!({
            "name": ["group with this name already exists."],
            "permissions": ["Invalid pk \"999999\" - object does not exist."],
        });
        assert_eq!(answer.json(), wanted);
    })
    .await;
}

#[quintet::test]
async fn fields_do_not_wait_for_the_answers_of_others_to_ask() {
    each(async |kit| {
        if kit.db.dialect() != Dialect::Postgres {
            return;
        }
        let permission = filled(kit).await;
        let client = client(kit);
        let body = json!({ "name": "new", "permissions": [permission.id.0] });
        // The first question has no answer while the table is locked.
        let asked = kit.db.atomic(async |tx| {
            tx.script("LOCK TABLE auth_group IN ACCESS EXCLUSIVE MODE").await?;
            let ask = async || tokio::time::timeout(Duration::from_millis(500), client.post("/groups/", body)).await;
            Ok(capture_queries(ask).await)
        });
        let (answer, queries) = asked.await.expect("a lock");
        assert!(answer.is_err() && queries.len() == 2, "{queries:?}");
    })
    .await;
}
