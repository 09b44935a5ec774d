//! Values into PostgreSQL and out again, type by type.

use quintet_core::schema::Value;
use quintet_db::Connection as _;

use crate::harness::Scratch;

#[tokio::test]
async fn each_type_of_postgresql_comes_back_as_it_went() {
    let Some(scratch) = Scratch::postgres().await else { return };
    let text = |text: &str| text.to_owned();
    let rows = [
        ("smallint", Value::Int(-7)),
        ("integer", Value::Int(70_000)),
        ("bigint", Value::Int(i64::MAX)),
        ("boolean", Value::Bool(true)),
        ("real", Value::Float(0.5)),
        ("double precision", Value::Float(1.0e300)),
        ("numeric(12, 4)", Value::Decimal(text("-12345.6700"))),
        ("numeric(12, 4)", Value::Decimal(text("0.0001"))),
        ("numeric(20, 0)", Value::Decimal(text("100000000"))),
        ("numeric", Value::Decimal(format!("9{}.5", "0".repeat(131_071)))),
        ("text", Value::Text(text("ä\n'"))),
        ("varchar(10)", Value::Text(text("abc"))),
        ("bytea", Value::Bytes(vec![0, 255, 92])),
        ("date", Value::Date(text("1969-12-31"))),
        ("time", Value::Time(text("23:59:59.000001"))),
        ("timestamp with time zone", Value::DateTime(text("2024-02-29 12:00:00.000001"))),
        ("timestamp with time zone", Value::DateTime(text("1815-12-10 00:00:00"))),
        ("interval", Value::Duration(-90_061_000_001)),
        ("uuid", Value::Uuid(text("01234567-89ab-cdef-0123-456789abcdef"))),
        ("jsonb", Value::Json(text(r#"{"a": [1, null]}"#))),
        ("inet", Value::Text(text("::1"))),
        ("inet", Value::Text(text("192.0.2.1"))),
        ("text[]", Value::List(vec![Value::Text(text("a\"b\\c")), Value::Null])),
        ("bigint", Value::Null),
    ];
    for (kind, value) in rows {
        let found = scratch.db.query(&format!("SELECT $1::{kind} AS v"), std::slice::from_ref(&value)).await.unwrap();
        let found = found[0].value("v").unwrap();
        assert!(*found == value, "{kind}: {:.200} instead of {:.200}", format!("{found:?}"), format!("{value:?}"));
    }
}

#[tokio::test]
async fn sqlite_keeps_values_in_the_formats_of_the_reference() {
    let scratch = Scratch::sqlite();
    let kept = [
        (Value::Bool(true), "integer", "1"),
        (Value::Uuid("01234567-89ab-cdef-0123-456789abcdef".to_owned()), "text", "0123456789abcdef0123456789abcdef"),
        (Value::DateTime("2024-02-29 12:00:00".to_owned()), "text", "2024-02-29 12:00:00"),
        (Value::Duration(5), "integer", "5"),
        (Value::Bytes(vec![65]), "blob", "A"),
        (Value::Null, "null", ""),
    ];
    for (value, kind, text) in kept {
        let rows = scratch.db.query("SELECT typeof($1) AS kind, CAST($1 AS text) AS text", &[value]).await.unwrap();
        assert_eq!(rows[0].text("kind").unwrap(), kind);
        assert_eq!(rows[0].optional_text("text").unwrap().unwrap_or_default(), text);
    }
}

#[tokio::test]
async fn a_statement_that_was_kept_sees_the_columns_that_a_table_has_now() {
    for scratch in Scratch::each().await {
        let db = &scratch.db;
        db.script("CREATE TABLE t (a integer, b integer); INSERT INTO t VALUES (1, 2)").await.unwrap();
        let columns = async || db.query("SELECT * FROM t", &[]).await.unwrap()[0].columns().to_vec();
        assert_eq!(columns().await, ["a", "b"]);
        db.script("ALTER TABLE t DROP COLUMN b").await.unwrap();
        assert_eq!(columns().await, ["a"]);
        db.script("ALTER TABLE t ADD COLUMN c integer").await.unwrap();
        assert_eq!(columns().await, ["a", "c"]);
    }
}
