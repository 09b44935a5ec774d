//! Users are made, and log in.

use quintet::apps::auth::models::User;
use quintet::auth::{Accounts, Auth, PasswordHasher, authenticate, hashers};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::testing::capture_queries;
use quintet_db::Models;

use crate::harness::{PASSWORD, each};

fn values(pairs: &[(&'static str, &str)]) -> Vec<Assignment> {
    pairs.iter().map(|(name, value)| Assignment::named(*name, *value)).collect()
}

/// The same database, with these hashers.
fn hashing(db: &Database, hashers: Vec<PasswordHasher>) -> Database {
    let registry = Db::from(db).registry().expect("models").clone();
    let auth = Auth { password_hashers: hashers, ..Auth::default() };
    db.clone().with(Models::new(registry).with_extra(std::sync::Arc::new(Accounts::new("auth.User", auth))))
}

#[quintet::test]
async fn a_new_user_has_a_normalised_name_and_a_hashed_password() {
    each(async |kit| {
        let db = &hashing(&kit.db, vec![PasswordHasher::Pbkdf2 { iterations: 1000 }]);
        let given = values(&[("username", "ａｂ"), ("email", "A@B.Example"), ("password", "pw")]);
        let user = User::create_user(db.into(), given).await.expect("a user");
        assert_eq!((user.username.as_str(), user.email.to_string().as_str()), ("ab", "A@b.example"));
        assert!(user.password.starts_with("pbkdf2_sha256$1000$"), "{}", user.password);
        assert!(user.is_active && !user.is_staff && !user.user.permissions.is_superuser);
        assert!(user.check_password(db.into(), "pw").expect("checked"));
        assert!(!user.check_password(db.into(), "PW").expect("checked"));
        let root = User::create_superuser(db.into(), values(&[("username", "admin")])).await.expect("a user");
        assert!(root.is_staff && root.user.permissions.is_superuser && !root.has_usable_password());
        assert!(User::create_user(db.into(), values(&[("password", "pw")])).await.is_err(), "somebody has a name");
        assert!(User::create_user(db.into(), values(&[("username", "")])).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn credentials_are_somebodys_or_nobodys() {
    each(async |kit| {
        let db = &hashing(&kit.db, vec![PasswordHasher::Md5]);
        let who =
            async |name: &str, password: &str| authenticate(db.into(), name, password).await.expect("asked").is_some();
        assert!(who("alice", PASSWORD).await);
        assert!(!who("alice", "wrong").await && !who("Alice", PASSWORD).await);
        assert!(!who("nobody", PASSWORD).await && !who("ali\0ce", PASSWORD).await);
        assert!(!who("carol", PASSWORD).await, "who is not active does not log in");
    })
    .await;
}

#[quintet::test]
async fn a_login_makes_a_hash_of_today() {
    each(async |kit| {
        let today = PasswordHasher::Pbkdf2 { iterations: 1000 };
        let db = &hashing(&kit.db, vec![today.clone(), PasswordHasher::Md5]);
        let password = async || {
            User::objects().filter(|u| u.username().eq("alice")).get(db).await.expect("alice").user.base.password
        };
        assert!(authenticate(db.into(), "alice", "wrong").await.expect("asked").is_none());
        assert!(password().await.starts_with("md5$"), "a wrong password changes nothing");
        assert!(authenticate(db.into(), "alice", PASSWORD).await.expect("asked").is_some());
        let made = password().await;
        assert!(made.starts_with("pbkdf2_sha256$1000$"), "{made}");
        assert!(hashers::check_password(&[today], PASSWORD, &made).expect("checked"));
        assert!(authenticate(db.into(), "alice", PASSWORD).await.expect("asked").is_some());
        assert_eq!(password().await, made, "today's is kept");
    })
    .await;
}

#[quintet::test]
async fn where_the_queue_is_full_nobody_is_looked_for() {
    each(async |kit| {
        let registry = Db::from(&kit.db).registry().expect("models").clone();
        let auth = Auth {
            password_hashers: vec![PasswordHasher::Scrypt { work_factor: 1 << 12, block_size: 8, parallelism: 5 }],
            hashing_queue: 0,
            ..Auth::default()
        };
        let db = kit
            .db
            .clone()
            .with(Models::new(registry).with_extra(std::sync::Arc::new(Accounts::new("auth.User", auth))));
        // The threads are the process's: while another test has them, nobody gets through, and it is asked again.
        let mut refused = 50;
        while refused == 50 {
            let many = (0..50).map(|_| {
                let db = db.clone();
                tokio::spawn(capture_queries(async move || authenticate((&db).into(), "alice", "x").await.map(|_| ())))
            });
            refused = 0;
            for one in many.collect::<Vec<_>>() {
                let (answer, queries) = one.await.expect("an answer");
                assert_eq!(queries.is_empty(), answer.is_err(), "{queries:?}");
                if let Err(error) = answer {
                    assert_eq!(error.status(), 503);
                    assert_eq!(error.headers()["retry-after"], "5");
                    refused += 1;
                }
            }
        }
        assert!(refused > 0, "there is no room for fifty");
    })
    .await;
}
