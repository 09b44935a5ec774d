//! What users may do: by themselves, by their groups, and by being superusers.

use quintet::apps::auth::models::{Group, Permission, User};
use quintet::apps::contenttypes::models::ContentType;
use quintet::auth::{Account, find};
use quintet::prelude::*;
use quintet::rest::AnyUser as _;

use crate::harness::each;

async fn account(db: &Database, name: &str) -> Account {
    find(db.into(), "username", name.into()).await.expect("asked").expect("somebody")
}

#[quintet::test]
async fn permissions_come_from_the_user_the_groups_and_rank() {
    each(async |kit| {
        let db = &kit.db;
        let kind = create!(db, ContentType { app_label: "shop", model: "product" }).await.expect("a kind");
        let add = create!(db, Permission { name: "Can add", content_type: &kind, codename: "add_product" }).await;
        let view = create!(db, Permission { name: "Can view", content_type: &kind, codename: "view_product" }).await;
        let (add, view) = (add.expect("a permission"), view.expect("a permission"));
        let staff = create!(db, Group { name: "staff" }).await.expect("a group");
        staff.permissions.add(db, [&view]).await.expect("added");
        for name in ["alice", "carol"] {
            let user = User::objects().filter(|u| u.username().eq(name)).get(db).await.expect("a user");
            user.user.permissions.user_permissions.add(db, [&add]).await.expect("added");
            user.user.permissions.groups.add(db, [&staff]).await.expect("added");
        }
        let may = async |name: &str, permission: &str| {
            account(db, name).await.has_perm(db.into(), permission).await.expect("asked")
        };
        assert!(may("alice", "shop.add_product").await && may("alice", "shop.view_product").await);
        assert!(!may("alice", "shop.delete_product").await && !may("alice", "add_product").await);
        assert!(!may("bob", "shop.add_product").await);
        assert!(!may("carol", "shop.add_product").await, "who is not active has none");
        assert!(may("root", "shop.anything").await, "superusers have all, those too that there are not");
        let all = account(db, "root").await.permissions(db.into()).await.expect("asked");
        assert_eq!(all.len(), 2);
    })
    .await;
}

#[quintet::test]
async fn permissions_are_asked_for_once() {
    each(async |kit| {
        let alice = account(&kit.db, "alice").await;
        let (_, queries) = quintet::testing::capture_queries(async || {
            for _ in 0..3 {
                assert!(!alice.has_perm((&kit.db).into(), "shop.add_product").await.expect("asked"));
            }
        })
        .await;
        assert_eq!(queries.len(), 2, "{queries:?}");
    })
    .await;
}

#[quintet::test]
async fn a_user_is_found_by_whatever_a_token_says() {
    each(async |kit| {
        let alice = account(&kit.db, "alice").await;
        let id = alice.id();
        let quintet_core::schema::Value::Int(number) = id else { panic!("{id:?}") };
        let found = async |value: quintet_core::schema::Value| {
            find((&kit.db).into(), "id", value).await.expect("asked").map(|user| user.username().to_owned())
        };
        for value in [number.to_string().into(), number.into(), format!(" {number} ").into()] {
            assert_eq!(found(value).await.as_deref(), Some("alice"));
        }
        for value in ["abc", "", "1.5", "1\0", "99999999999999999999", "1 OR 1=1"] {
            assert_eq!(found(value.into()).await, None, "{value:?}");
        }
        assert_eq!(found(quintet_core::schema::Value::Null).await, None);
        let user: &User = alice.get().expect("the row");
        assert_eq!((user.id.0, user.username.as_str()), (number as i32, "alice"));
        assert!(alice.get::<Group>().is_err());
    })
    .await;
}
