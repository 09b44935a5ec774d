//! What a database refuses, by kind and by the name of the rule.

use quintet_core::query::{QueryError, QueryErrorKind};
use quintet_db::{Connection as _, Db, Error, ErrorKind};

use crate::scratch::Scratch;

#[tokio::test]
async fn the_rule_that_does_not_hold_is_named() {
    for scratch in Scratch::each().await {
        let sql = "CREATE TABLE c (a integer, b integer, n integer NOT NULL, \
                   CONSTRAINT pair UNIQUE (a, b), CONSTRAINT positive CHECK (n > 0), \
                   CONSTRAINT parent FOREIGN KEY (a) REFERENCES t (id)); \
                   INSERT INTO t (id, name) VALUES (1, 'a'); INSERT INTO c VALUES (1, 1, 1); \
                   CREATE UNIQUE INDEX lower_name ON t (lower(name))";
        scratch.db.script(sql).await.unwrap();
        let is_sqlite = scratch.is_sqlite();
        let by = |sqlite: Option<&'static str>, postgres| if is_sqlite { sqlite } else { Some(postgres) };
        for (sql, kind, name) in [
            ("INSERT INTO c VALUES (1, 1, 2)", ErrorKind::Unique, by(Some("c.a, c.b"), "pair")),
            ("INSERT INTO t VALUES (2, 'A')", ErrorKind::Unique, Some("lower_name")),
            ("INSERT INTO c VALUES (1, 2, 0)", ErrorKind::Check, Some("positive")),
            ("INSERT INTO c VALUES (1, 2, NULL)", ErrorKind::NotNull, Some("c.n")),
            ("INSERT INTO c VALUES (7, 2, 1)", ErrorKind::ForeignKey, by(None, "parent")),
        ] {
            let error = scratch.db.execute(sql, &[]).await.unwrap_err();
            assert_eq!((error.kind(), error.constraint()), (kind, name), "{error}");
        }
    }
}

#[tokio::test]
async fn a_database_without_models_says_so() {
    let scratch = Scratch::sqlite();
    let error = Db::from(&scratch.db).registry().err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.hint().unwrap().contains("with_models"));
}

#[test]
fn a_mistake_in_a_query_keeps_its_kind_and_its_way_out() {
    let error = Error::from(QueryError::name("`titel` is no field\nhint: did you mean `title`?"));
    assert_eq!((error.kind(), error.query()), (ErrorKind::Query, Some(QueryErrorKind::Name)));
    assert_eq!((error.message(), error.hint()), ("`titel` is no field", Some("did you mean `title`?")));
}
