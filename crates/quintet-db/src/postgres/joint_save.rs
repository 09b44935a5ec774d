//! One statement that saves a row for each of several, each with parameters of its own.

use quintet_core::schema::Value;
use tokio_postgres::types::Type;

use super::joint::{all, lists, of_all};
use crate::rows::{Cell, Rows};
use crate::save::{Gives, Saved};

/// Types whose values mean the same in a list.
const TYPES: [Type; 20] = [
    Type::BOOL,
    Type::INT2,
    Type::INT4,
    Type::INT8,
    Type::FLOAT4,
    Type::FLOAT8,
    Type::NUMERIC,
    Type::TEXT,
    Type::VARCHAR,
    Type::DATE,
    Type::TIME,
    Type::TIMESTAMP,
    Type::TIMESTAMPTZ,
    Type::INTERVAL,
    Type::UUID,
    Type::JSON,
    Type::JSONB,
    Type::BYTEA,
    Type::INET,
    Type::OID,
];

/// A row that somebody else has locked is not waited for longer than this: a transaction may hold it that ends only when
/// another of these is answered, which the server could not know. It is said by the statement itself, before it begins.
const LIMIT: &str = "(SELECT pg_catalog.set_config('lock_timeout', '20ms', true)) <> ''";

/// How much text of one row shares a statement.
const LARGE: usize = 64 * 1024;

/// What a statement that writes one row becomes where several ask it.
#[derive(Debug)]
pub(super) struct JointSave {
    pub(super) sql: String,
    /// The table, as it stands in the statement.
    pub(super) table: String,
    types: Box<[Type]>,
    kind: Kind,
}

#[derive(Debug, PartialEq)]
enum Kind {
    /// New rows.
    Insert,
    /// New rows, where none is in their way.
    InsertUnless,
    /// Rows that are found by columns which have the values of these parameters.
    Update(Box<[usize]>),
}

impl JointSave {
    /// Of a statement that makes a row of nothing but parameters, or changes the row of a key, and of the types that the
    /// server found for its parameters. Nothing where it is another.
    pub(super) fn of(sql: &str, types: &[Type]) -> Option<Self> {
        if !types.iter().all(|ty| TYPES.contains(ty)) {
            return None;
        }
        let all = all(types)?;
        let (sql, table, kind) = match sql.strip_prefix("INSERT INTO ") {
            Some(rest) => {
                let (table, rest) = rest.split_once(" (")?;
                let (columns, values) = rest.split_once(") VALUES (")?;
                let (values, rest) = values.split_once(')')?;
                let kind = match rest {
                    " ON CONFLICT DO NOTHING" => Kind::InsertUnless,
                    rest if rest.is_empty() || rest.starts_with(" RETURNING ") && !rest.contains('$') => Kind::Insert,
                    _ => return None,
                };
                if values.split(", ").any(|value| parameter(value).is_none()) {
                    return None;
                }
                let values = of_all(values)?;
                // In the order of those who ask, in which the rows are given back.
                let sql = format!(
                    "INSERT INTO {table} ({columns}) SELECT {values} FROM {all} WHERE {LIMIT} ORDER BY quintet_all.n{rest}"
                );
                (sql, table, kind)
            }
            None => {
                let (table, rest) = sql.strip_prefix("UPDATE ")?.split_once(" SET ")?;
                let (set, condition) = rest.split_once(" WHERE ")?;
                let keys: Box<[usize]> =
                    condition.split(" AND ").map(|part| key(table, part)).collect::<Option<_>>()?;
                if set.contains(" RETURNING ") {
                    return None;
                }
                let (set, condition) = (of_all(set)?, of_all(condition)?);
                let sql = format!(
                    "UPDATE {table} SET {set} FROM {all} WHERE {condition} AND {LIMIT} RETURNING quintet_all.n"
                );
                (sql, table, Kind::Update(keys))
            }
        };
        is_name(table).then(|| Self { sql, table: table.to_owned(), types: types.into(), kind })
    }

    /// Whether it gives this.
    pub(super) fn gives(&self, gives: Gives) -> bool {
        matches!((&self.kind, gives), (Kind::Insert, Gives::Rows) | (Kind::Update(_), Gives::Count))
    }

    /// Whether it makes new rows.
    pub(super) fn makes_rows(&self) -> bool {
        matches!(self.kind, Kind::Insert | Kind::InsertUnless)
    }

    /// Whether these parameters are small, and such as the server can read them: one that it has to refuse must not be
    /// among others'.
    pub(super) fn takes(&self, params: &[Value]) -> bool {
        let mut size = 0;
        let mut is_taken = |(value, ty): (&Value, &Type)| match value {
            Value::Int(number) => match *ty {
                Type::INT2 => i16::try_from(*number).is_ok(),
                Type::INT4 => i32::try_from(*number).is_ok(),
                _ => true,
            },
            Value::Text(text) | Value::Json(text) => {
                size += text.len();
                !text.contains('\0')
            }
            Value::Bytes(bytes) => {
                size += bytes.len();
                true
            }
            Value::List(_) => false,
            _ => true,
        };
        params.len() == self.types.len() && params.iter().zip(&self.types).all(&mut is_taken) && size <= LARGE
    }

    /// Whether both say the same row, which one statement can change only once. A row that is said in two ways is changed for
    /// one of them, and the other is given nothing.
    pub(super) fn meet(&self, one: &[Value], other: &[Value]) -> bool {
        match &self.kind {
            Kind::Insert | Kind::InsertUnless => false,
            Kind::Update(keys) => keys.iter().all(|at| one.get(*at) == other.get(*at)),
        }
    }

    /// The parameters of all, by their places.
    pub(super) fn params(&self, all: &[&[Value]]) -> Vec<Value> {
        lists(self.types.len(), all)
    }

    /// What each of so many is given; nothing for one whose row was not there. Nothing at all where the server did not say
    /// it of each.
    pub(super) fn each(&self, rows: Rows, count: usize) -> Option<Vec<Option<Saved>>> {
        let width = rows.width();
        match self.kind {
            Kind::InsertUnless => None,
            Kind::Insert if width == 0 => Some((0..count).map(|_| Some(Saved::Rows(Rows::default()))).collect()),
            Kind::Insert => {
                let cells = rows.into_cells();
                if cells.len() != width * count {
                    return None;
                }
                let mut cells = cells.into_iter();
                let row = |_| Some(Saved::Rows(Rows::new(width, cells.by_ref().take(width).collect())));
                Some((0..count).map(row).collect())
            }
            Kind::Update(_) => {
                let mut counts = vec![0; count];
                for cell in rows.into_cells() {
                    let Cell::Int(asker) = cell else { return None };
                    *counts.get_mut(usize::try_from(asker - 1).ok()?)? += 1;
                }
                Some(counts.into_iter().map(|count| (count > 0).then_some(Saved::Count(count))).collect())
            }
        }
    }
}

/// `$1`, `$1::jsonb`, of which the number from 0.
fn parameter(text: &str) -> Option<usize> {
    let text = text.strip_prefix('$')?;
    let (number, cast) = text.split_once("::").unwrap_or((text, "x"));
    let is_word = !cast.is_empty() && cast.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    number.parse::<usize>().ok().filter(|_| is_word)?.checked_sub(1)
}

/// `"shop_product"."id" = $1`, of which the number from 0.
fn key(table: &str, condition: &str) -> Option<usize> {
    let (column, value) = condition.strip_prefix(table)?.strip_prefix('.')?.split_once(" = ")?;
    parameter(value).filter(|_| is_name(column))
}

/// `"shop_product"`
fn is_name(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSERT: &str = r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2::jsonb) RETURNING "t"."id", "t"."c""#;
    const UPDATE: &str = r#"UPDATE "t" SET "a" = $1, "b" = ("t"."b" + $2) WHERE "t"."id" = $3"#;

    fn insert() -> JointSave {
        JointSave::of(INSERT, &[Type::TEXT, Type::JSONB]).expect("a statement")
    }

    fn update() -> JointSave {
        JointSave::of(UPDATE, &[Type::VARCHAR, Type::INT4, Type::INT8]).expect("a statement")
    }

    #[test]
    fn parameters_become_rows() {
        assert_eq!(
            insert().sql,
            "INSERT INTO \"t\" (\"a\", \"b\") SELECT quintet_all.p1, quintet_all.p2::jsonb FROM unnest((SELECT $1::text[]), \
             (SELECT $2::jsonb[])) WITH ORDINALITY AS quintet_all(p1, p2, n) WHERE (SELECT \
             pg_catalog.set_config('lock_timeout', '20ms', true)) <> '' ORDER BY quintet_all.n RETURNING \"t\".\"id\", \
             \"t\".\"c\""
        );
        assert_eq!(
            update().sql,
            "UPDATE \"t\" SET \"a\" = quintet_all.p1, \"b\" = (\"t\".\"b\" + quintet_all.p2) FROM unnest((SELECT \
             $1::varchar[]), (SELECT $2::int4[]), (SELECT $3::int8[])) WITH ORDINALITY AS quintet_all(p1, p2, p3, n) WHERE \
             \"t\".\"id\" = quintet_all.p3 AND (SELECT pg_catalog.set_config('lock_timeout', '20ms', true)) <> '' \
             RETURNING quintet_all.n"
        );
        let silent = JointSave::of(r#"INSERT INTO "t" ("a") VALUES ($1)"#, &[Type::TEXT]).expect("a statement");
        assert!(silent.sql.ends_with(" ORDER BY quintet_all.n"));
        let unless = JointSave::of(r#"INSERT INTO "t" ("a") VALUES ($1) ON CONFLICT DO NOTHING"#, &[Type::TEXT]);
        let unless = unless.expect("a statement");
        assert!(unless.sql.ends_with(" ORDER BY quintet_all.n ON CONFLICT DO NOTHING"));
        assert!(!unless.gives(Gives::Rows) && !unless.gives(Gives::Count));
    }

    #[test]
    fn other_statements_stay_alone() {
        for sql in [
            r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING "t"."id""#,
            r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2) ON CONFLICT ("a") DO UPDATE SET "b" = $2"#,
            r#"INSERT INTO "t" ("a", "b") VALUES ($1, (SELECT "b" FROM "u" WHERE "c" = $2))"#,
            r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2), ($1, $2)"#,
            r#"INSERT INTO "t" ("a", "b") VALUES ($1, now() + $2)"#,
            r#"INSERT INTO "t" ("a", "b") SELECT $1, $2"#,
            r#"INSERT INTO "s"."t" ("a", "b") VALUES ($1, $2)"#,
            r#"INSERT INTO t ("a", "b") VALUES ($1, $2)"#,
            r#"INSERT INTO "quintet_all" ("a", "quintet_all") VALUES ($1, $2) RETURNING $1"#,
            r#"INSERT INTO "t" DEFAULT VALUES"#,
            r#"UPDATE "t" SET "a" = $1, "b" = $2"#,
            r#"UPDATE "t" SET "a" = $1 WHERE "a" = $2 RETURNING "b""#,
            r#"UPDATE "t" SET "a" = $1 WHERE "t"."id" = $2 RETURNING "b""#,
            r#"UPDATE "t" SET "a" = $1 WHERE "t"."id" > $2"#,
            r#"UPDATE "t" SET "a" = $1 WHERE "t"."id" = $2 OR 1 = 1"#,
            r#"UPDATE "t" SET "a" = $1 WHERE "t"."id" = $2 AND "t"."b" IS NULL"#,
            r#"UPDATE "t" SET "a" = $1 WHERE "u"."id" = $2"#,
            r#"UPDATE "t" SET "a WHERE b" = $1 WHERE "t"."id" = $2"#,
            r#"UPDATE "t" SET "a$b" = $1 WHERE "t"."id" = $2"#,
            r#"DELETE FROM "t" WHERE "t"."id" = $1 AND "a" = $2"#,
        ] {
            assert!(JointSave::of(sql, &[Type::INT8, Type::INT8]).is_none(), "{sql}");
        }
        assert!(JointSave::of(INSERT, &[Type::TEXT, Type::BPCHAR]).is_none());
        assert!(JointSave::of(r#"INSERT INTO "t" ("a") VALUES (DEFAULT)"#, &[]).is_none());
    }

    #[test]
    fn what_the_server_would_refuse_and_what_is_large_is_not_saved_with_others() {
        let takes = |ty, value| {
            let sql = r#"INSERT INTO "t" ("a") VALUES ($1)"#;
            JointSave::of(sql, &[ty]).expect("a statement").takes(&[value])
        };
        assert!(takes(Type::INT2, Value::Int(i16::MAX.into())) && !takes(Type::INT2, Value::Int(1 << 15)));
        assert!(takes(Type::INT4, Value::Int(i32::MIN.into())) && !takes(Type::INT4, Value::Int(1 << 31)));
        assert!(takes(Type::TEXT, Value::from("a")) && !takes(Type::TEXT, Value::from("a\0")));
        assert!(takes(Type::TEXT, Value::Null) && !takes(Type::TEXT, Value::List(vec![])));
        let text = |size| Value::Text("x".repeat(size));
        assert!(takes(Type::TEXT, text(LARGE)) && !takes(Type::TEXT, text(LARGE + 1)));
        assert!(!takes(Type::BYTEA, Value::Bytes(vec![0; LARGE + 1])));
        assert!(!insert().takes(&[Value::from("a")]));
    }

    #[test]
    fn each_gets_its_own() {
        let rows = Rows::new(2, (1..=6).map(Cell::Int).collect());
        let each = insert().each(rows, 3).expect("rows").into_iter().flatten().map(|saved| saved.rows().into_cells());
        assert_eq!(each.collect::<Vec<_>>(), [1, 3, 5].map(|first| vec![Cell::Int(first), Cell::Int(first + 1)]));
        assert!(insert().each(Rows::new(2, vec![Cell::Int(1), Cell::Int(2)]), 2).is_none());
        let touched = Rows::new(1, vec![Cell::Int(3), Cell::Int(1)]);
        let each = update().each(touched, 3).expect("counts");
        let counts: Vec<_> = each.iter().map(|saved| saved.as_ref().map(Saved::count)).collect();
        assert_eq!(counts, [Some(1), None, Some(1)]);
        assert!(update().each(Rows::new(1, vec![Cell::Int(4)]), 3).is_none());
    }

    #[test]
    fn changes_of_one_row_meet() {
        let row = |name: &str, id: i64| [Value::from(name), Value::Int(1), Value::Int(id)];
        assert!(update().meet(&row("a", 1), &row("b", 1)));
        assert!(!update().meet(&row("a", 1), &row("a", 2)));
        assert!(!insert().meet(&row("a", 1), &row("a", 1)));
    }
}
